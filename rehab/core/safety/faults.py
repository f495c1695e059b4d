"""Faults: what can go wrong, who notices, what is then done, what a person is told. Ids are those of docs/hazards.md.

Where an action is STOP the device's own safe stop is meant, raised to RAMP_OFF when the joint angles cannot be trusted.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from rehab.core.values import Action


class Fault(IntEnum):
    """Every fault of the table; 0 is none."""

    NONE = 0
    SAMPLE_NOT_FINITE = 1
    TORQUE_NOT_FINITE = 2
    ENCODER_FROZEN = 3
    ENCODER_JUMP = 4
    FRAME_CRC = 5
    LINK_STALE = 6
    FRAMES_DELAYED = 7
    FRAMES_REPLAYED = 8
    DEVICE_LOST = 9
    WRONG_DEVICE = 10
    DEVICE_FAULT = 11
    CONTROL_LOST = 12
    CONTROL_HUNG = 13
    GUI_LOST = 14
    GUI_HUNG = 15
    ESTOP = 16
    ESTOP_CHANNELS = 17
    POSITION_LIMIT = 18
    VELOCITY_LIMIT = 19
    FORCE_LIMIT = 20
    POWER_LIMIT = 21
    TORQUE_GROWTH = 22
    OSCILLATION = 23
    SPASM = 24
    LIMB_LIMP = 25
    SENSOR_DISAGREEMENT = 26
    LOOP_OVERRUN = 27
    NO_REAL_TIME = 28
    CLOCK_JUMP = 29
    DISK_FULL = 30
    POWER_LOSS = 31
    RECORD_TAMPERED = 32
    CONFIG_INVALID = 33
    UNITS_SWAPPED = 34
    WRONG_PATIENT = 35
    FOREIGN_LIMITS = 36
    UNAUTHORISED = 37
    SCRIPT_FAILED = 38
    PLUGIN_FAILED = 39
    PORT_SHARED = 40
    CODE_ALTERED = 41
    ALARM_FAILED = 42
    START_TOO_FAR = 43
    RECORDER_BEHIND = 44
    INPUT_LOST = 45
    PEDAL_LOST = 46

    @property
    def label(self) -> str:
        """For people: "F06 no fresh samples"."""
        return f"F{self.value:02d} {FACTS[self].words}" if self else "none"


class FaultFacts(NamedTuple):
    """What belongs to a fault.

    action    the least that is done; RAMP_OFF stands for STOP: the device's own safe stop, at least
    detector  what is compared with what · clear  what must be true before a reset is accepted
    priority  of the alarm (IEC 60601-1-8): high, medium, low · key  of the message in other languages
    where     who notices: monitor, loop, supervisor, recorder, connect, load, desktop, hardware
    """

    words: str
    action: Action
    trusts_position: bool
    help: str  # what to do about it
    detector: str
    clear: str
    priority: str
    key: str
    where: str


NONE, WARN, LIMIT, FREEZE, YIELD = Action.NONE, Action.WARN, Action.LIMIT, Action.FREEZE, Action.YIELD
STOP, OFF = Action.RAMP_OFF, Action.TORQUE_OFF
RESET, ITSELF, RETRY = "cause gone and a reset", "by itself", "another try"
HIGH, MEDIUM, LOW = "high", "medium", "low"
F = Fault
#    fault, words, action, trusts the position?, where, priority, clear, detector, help
_ROWS: tuple[tuple[Fault, str, Action, bool, str, str, str, str, str], ...] = (
    (F.NONE, "none", NONE, True, "monitor", LOW, ITSELF, "", ""),
    (F.SAMPLE_NOT_FINITE, "measurement not finite", STOP, False, "monitor", HIGH, RESET,
     "any number of a sample is NaN or infinite, or one is missing", "check the device's sensors and firmware"),
    (F.TORQUE_NOT_FINITE, "controller output not finite", STOP, True, "monitor", HIGH, RESET,
     "any number of the wish is NaN or infinite, or one is missing", "correct the controller"),
    (F.ENCODER_FROZEN, "encoder frozen", STOP, False, "monitor", HIGH, RESET,
     "a joint's angle does not change at all for 35 ms though torque, its speed or its last motion say it moves",
     "check encoder and cable; see whether the joint is blocked"),
    (F.ENCODER_JUMP, "encoder jump", STOP, False, "monitor", HIGH, RESET,
     "three samples in 50 ms farther from the last good one than the joint can have moved",
     "check encoder and cable; home the device again"),
    (F.FRAME_CRC, "damaged frames", FREEZE, True, "monitor", MEDIUM, RESET,
     "checksum of each frame; a damaged one is dropped; freezes at 5 in a row or more than 1 % of a second",
     "check the cable and its shield"),
    (F.LINK_STALE, "no fresh samples", STOP, False, "monitor", HIGH, RESET,
     "age of the newest sample: yields above stale_fade, stops above stale_stop",
     "check the cable; other programs must leave the port alone"),
    (F.FRAMES_DELAYED, "delayed samples", STOP, False, "monitor", MEDIUM, ITSELF,
     "as F06: by age, whatever the cause", "check the cable and the computer's load"),
    (F.FRAMES_REPLAYED, "samples out of order", STOP, False, "monitor", MEDIUM, ITSELF,
     "a sample older than the last one is dropped; when nothing newer comes, F06", "check the device's firmware"),
    (F.DEVICE_LOST, "device unplugged", STOP, False, "loop", HIGH, "a new session",
     "the line is gone, or the device's driver says so", "plug it in; a new session goes on with the next trial"),
    (F.WRONG_DEVICE, "wrong device", STOP, True, "connect", MEDIUM, RETRY,
     "model, protocol and facts at connecting", "connect the device that the protocol names"),
    (F.DEVICE_FAULT, "the device reports a fault", STOP, True, "monitor", HIGH, RESET,
     "status bits of each sample; power stage off though armed", "read the device's status, remove the cause, reset"),
    (F.CONTROL_LOST, "the control process died", STOP, False, "supervisor", HIGH, "a new session",
     "pidfd", "the device stopped by its own watchdog; start again"),
    (F.CONTROL_HUNG, "the control process hung", STOP, False, "supervisor", HIGH, "a new session",
     "heartbeat", "the device stopped by its own watchdog; start again"),
    (F.GUI_LOST, "the window died", FREEZE, True, "supervisor", MEDIUM, RESET,
     "pidfd and heartbeat: frozen after 500 ms, stopped after 2 s", "open the window again; the recording is complete"),
    (F.GUI_HUNG, "the window hung", FREEZE, True, "supervisor", MEDIUM, RESET,
     "heartbeat: frozen after 500 ms, stopped after 2 s", "close the window and open it again"),
    (F.ESTOP, "emergency stop pressed", OFF, True, "monitor", HIGH, RESET,
     "either channel of the emergency stop", "release the button, then reset"),
    (F.ESTOP_CHANNELS, "emergency-stop channels disagree", OFF, True, "monitor", HIGH, RESET,
     "one channel is open and the other is not, for more than 10 ms", "have the emergency stop's wiring repaired"),
    (F.POSITION_LIMIT, "position limit passed", YIELD, True, "monitor", MEDIUM, RESET,
     "a joint 2 degrees beyond its limit yields, 6 degrees stops", "move the limb back by hand, then reset"),
    (F.VELOCITY_LIMIT, "velocity limit passed", YIELD, True, "monitor", MEDIUM, RESET,
     "joint or hand above 120 % of its speed limit for 10 ms", "let the limb rest, then reset"),
    (F.FORCE_LIMIT, "force limit passed", YIELD, True, "monitor", MEDIUM, RESET,
     "force between hand and robot above its limit for 20 ms yields, above 150 % stops",
     "let the limb rest, then reset"),
    (F.POWER_LIMIT, "power limit reached", LIMIT, True, "monitor", LOW, ITSELF,
     "robot's power into the limb", "nothing to do: the torque was scaled"),
    (F.TORQUE_GROWTH, "torque grew too fast", LIMIT, True, "monitor", LOW, ITSELF,
     "growth of |torque| in a tick", "nothing to do: the growth was limited"),
    (F.OSCILLATION, "oscillation", YIELD, True, "monitor", HIGH, RESET,
     "energy created by the controller beyond what damping removes, or power that changes sign faster than a limb can",
     "use less stiffness, or more damping; check the link's delay"),
    (F.SPASM, "spasm", YIELD, True, "monitor", HIGH, RESET,
     "torque of the limb on the robot rises away from its recent course",
     "let the spasm pass, then reset; go on gently"),
    (F.LIMB_LIMP, "sudden loss of effort", LIMIT, True, "monitor", LOW, ITSELF,
     "torque of the limb on the robot falls away from its recent course", "nothing to do: the motion was damped"),
    (F.SENSOR_DISAGREEMENT, "sensors disagree", YIELD, True, "monitor", HIGH, RESET,
     "speed against the change of angle; measured against sent torque, for 20 ms", "have the device's sensors checked"),
    (F.LOOP_OVERRUN, "the loop was late", STOP, True, "monitor", HIGH, RESET,
     "one tick later than overrun_stop; ticks of the last second below rate_stop",
     'close other programs; measure with "rehab bench loop"'),
    (F.NO_REAL_TIME, "real-time scheduling not available", WARN, True, "loop", LOW, RETRY,
     "answer of the system at arming", "give the program the right to real-time scheduling"),
    (F.CLOCK_JUMP, "the computer was asleep", STOP, True, "loop", MEDIUM, RESET,
     "time since boot against monotonic time", "arm again; switch suspend off"),
    (F.DISK_FULL, "nothing can be recorded", STOP, True, "recorder", MEDIUM, RESET,
     "the recorder's writes fail, or it died", "check the disk; the recording is complete up to here"),
    (F.POWER_LOSS, "power lost while recording", WARN, True, "recorder", LOW, ITSELF,
     "a recording without its end, at the next start", "the recording is complete up to its last chunk"),
    (F.RECORD_TAMPERED, "the recording was altered", WARN, True, "recorder", MEDIUM, "never",
     "chain of codes over all chunks", 'see "rehab verify"; keep the file as it is'),
    (F.CONFIG_INVALID, "the settings are not valid", WARN, True, "load", LOW, RETRY,
     "each key's type, unit and range", "correct what the message names"),
    (F.UNITS_SWAPPED, "a unit is missing or wrong", WARN, True, "load", LOW, RETRY,
     "each quantity carries its unit", "write the unit with the number"),
    (F.WRONG_PATIENT, "wrong patient or side", STOP, True, "desktop", HIGH, RETRY,
     "two identifiers and the side, confirmed by a person", "choose the patient again"),
    (F.FOREIGN_LIMITS, "limits of another patient or device", STOP, True, "load", HIGH, RETRY,
     "identity inside the limits", "load the limits of this patient and device"),
    (F.UNAUTHORISED, "not allowed for this user", WARN, True, "desktop", LOW, RETRY,
     "role of the user", "ask somebody who may"),
    (F.SCRIPT_FAILED, "the exercise failed", STOP, True, "loop", HIGH, RESET,
     "the exercise raises, gives what is no reference, or alone makes the loop late", "correct the exercise"),
    (F.PLUGIN_FAILED, "the controller failed", STOP, True, "loop", HIGH, RESET,
     "the controller raises, gives what is no torque, or alone makes the loop late", "correct the controller"),
    (F.PORT_SHARED, "the port is in use", STOP, True, "connect", LOW, RETRY,
     "exclusive lock on the port", "close the other program"),
    (F.CODE_ALTERED, "the program was altered", STOP, True, "load", HIGH, "a new installation",
     "hashes of the installed files", "install the program again"),
    (F.ALARM_FAILED, "the alarm does not sound", WARN, True, "desktop", MEDIUM, RETRY,
     "self-test, confirmed by a person", "check the loudspeaker"),
    (F.START_TOO_FAR, "start far from the reference", WARN, True, "loop", LOW, RESET,
     "largest joint angle between pose and reference at the start", "bring the limb nearer to the start"),
    (F.RECORDER_BEHIND, "the recorder is behind", WARN, True, "recorder", LOW, ITSELF,
     "fill of the ring", "check the disk; a gap is marked with its exact length"),
    (F.INPUT_LOST, "an input does not answer", WARN, True, "supervisor", MEDIUM, ITSELF,
     "an error of a source, the death of the inputs process, or the age of its newest word above 200 ms",
     "plug the joystick, switch or electrodes in again; what they ask for counts once they have been at rest"),
    (F.PEDAL_LOST, "the pedal does not answer", STOP, True, "supervisor", HIGH, RESET,
     "as F45, of a stop pedal or a hold-to-run pedal", "plug the pedal in, or leave it out of the inputs, then reset"),
)  # fmt: skip
FACTS: dict[Fault, FaultFacts] = {
    fault: FaultFacts(words, action, trusts, help_, detector, clear, priority, f"fault.{fault.name.lower()}", where)
    for fault, words, action, trusts, where, priority, clear, detector, help_ in _ROWS
}
