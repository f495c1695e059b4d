"""Faults: what can go wrong, what is then done, and what a person is told. The ids are those of docs/hazards.md.

Where an action is STOP the device's own safe stop is meant, raised to RAMP_OFF when the joint angles cannot be trusted.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from rehab.core.values import Action


class Fault(IntEnum):
    """Ids of the faults that this version detects; 0 is none."""

    NONE = 0
    SAMPLE_NOT_FINITE = 1
    TORQUE_NOT_FINITE = 2
    ENCODER_JUMP = 4
    LINK_STALE = 6
    DEVICE_LOST = 9
    DEVICE_FAULT = 11
    CONTROL_LOST = 12
    CONTROL_HUNG = 13
    ESTOP = 16
    POSITION_LIMIT = 18
    VELOCITY_LIMIT = 19
    LOOP_OVERRUN = 27
    RECORDER_LOST = 30
    SCRIPT_FAILED = 38
    PLUGIN_FAILED = 39
    START_TOO_FAR = 43

    @property
    def label(self) -> str:
        """For people: "F06 link stale"."""
        return f"F{self.value:02d} {FACTS[self].words}" if self else "none"


class FaultFacts(NamedTuple):
    words: str
    action: Action  # RAMP_OFF stands for STOP: the device's own safe stop, at least
    trusts_position: bool
    help: str  # what to do about it


S = Action.RAMP_OFF
FACTS: dict[Fault, FaultFacts] = {
    Fault.NONE: FaultFacts("none", Action.NONE, True, ""),
    Fault.SAMPLE_NOT_FINITE: FaultFacts("measurement not finite", S, False, "check the device's sensors and firmware"),
    Fault.TORQUE_NOT_FINITE: FaultFacts("controller output not finite", S, True, "correct the controller"),
    Fault.ENCODER_JUMP: FaultFacts("encoder jump", S, False, "check encoder and cable; home the device again"),
    Fault.LINK_STALE: FaultFacts(
        "no fresh samples", S, False, "check the cable; other programs must leave the port alone"
    ),
    Fault.DEVICE_LOST: FaultFacts("device unplugged", S, False, "plug the device in, then reset and arm again"),
    Fault.DEVICE_FAULT: FaultFacts(
        "the device reports a fault", S, True, "read the device's status, remove the cause, reset"
    ),
    Fault.CONTROL_LOST: FaultFacts(
        "the control process died", S, False, "the device stopped by its own watchdog; start again"
    ),
    Fault.CONTROL_HUNG: FaultFacts(
        "the control process hung", S, False, "the device stopped by its own watchdog; start again"
    ),
    Fault.ESTOP: FaultFacts("emergency stop pressed", Action.TORQUE_OFF, True, "release the button, then reset"),
    Fault.POSITION_LIMIT: FaultFacts(
        "position limit passed", Action.YIELD, True, "move the limb back by hand, then reset"
    ),
    Fault.VELOCITY_LIMIT: FaultFacts("velocity limit passed", Action.YIELD, True, "let the limb rest, then reset"),
    Fault.LOOP_OVERRUN: FaultFacts(
        "the loop was late", S, True, 'close other programs; measure with "rehab bench loop"'
    ),
    Fault.RECORDER_LOST: FaultFacts(
        "the recorder died", S, True, "check the disk; the recording is complete up to here"
    ),
    Fault.SCRIPT_FAILED: FaultFacts("the exercise failed", S, True, "correct the exercise"),
    Fault.PLUGIN_FAILED: FaultFacts("the controller failed", S, True, "correct the controller"),
    Fault.START_TOO_FAR: FaultFacts(
        "start far from the reference", Action.WARN, True, "bring the limb nearer to the start"
    ),
}
