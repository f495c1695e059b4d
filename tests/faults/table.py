"""The fault matrix: one row a way in which a fault is shown, and what becomes of every fault of the table.

A row runs on each of its bodies. `within` is the most ticks until detection; 0 is the first tick that can know of it.
"""

from __future__ import annotations

from typing import NamedTuple

from rehab.core.safety import faults
from rehab.core.values import Acted, Action
from rehab.session.integrity import Installation
from tests.faults import scenes as on
from tests.faults.shows import (
    Show,
    latches,
    passes,
    raises,
    refused,
    reset_is_refused,
    stalls,
    stays_stopped,
    told,
    worsens,
)

F = faults.Fault
BOTH = ("simulated", "emulator")
LINE = ("emulator",)  # there is no line inside one process
FILES = ("files",)
SENSOR = ("simulated",)  # our link carries no force
RECORD = ("recording",)
START = ("start-up",)


class Row(NamedTuple):
    fault: F
    case: str  # how it is injected, in words
    show: Show
    action: str  # step of the stop ladder, or REFUSED
    within: int  # ticks
    words: str  # part of the message
    bodies: tuple[str, ...] = BOTH
    shown_as: F | None = None  # the fault that is named when another stands for this one

    @property
    def test(self) -> str:
        """The id of its test, without the body."""
        return f"F{self.fault:02d} {self.case}"


STOP, YIELD, OFF, LIMIT, NONE, WARN = "RAMP_OFF", "YIELD", "TORQUE_OFF", "LIMIT", "NONE", "WARN"
FREEZE = "FREEZE"
REFUSED = "REFUSED"
BITS = ("over_temperature", "brown_out", "encoder_error", "internal_error", "faulted")
BAD = "not finite"
BIG = {"controller": "obedient"}
ROWS: tuple[Row, ...] = (
    *(
        Row(F.SAMPLE_NOT_FINITE, f"{field} is {value}", latches(f"field: {field}, how: garbage, value: {value}"),
            STOP, 0, BAD)
        for field in ("q_0", "q_1", "qd_0", "qd_1", "tau_0", "tau_1") for value in ("nan", "inf")
    ),
    Row(F.TORQUE_NOT_FINITE, "the wish is nan", latches(do=on.wishes(float("nan"), 0.0), **BIG), STOP, 0, BAD),
    Row(F.TORQUE_NOT_FINITE, "the wish is -inf", latches(do=on.wishes(0.0, float("-inf")), **BIG), STOP, 0, BAD),
    Row(F.ENCODER_FROZEN, "one joint stuck in motion",
        latches("field: q_0, how: stuck; field: qd_0, how: off"), STOP, 50, "whatever happens"),
    Row(F.ENCODER_JUMP, "90 degrees for 5 samples", latches("for: 5 ms, field: q_0, how: wrong, value: 90 deg"),
        STOP, 2, "jumped by"),
    Row(F.ENCODER_JUMP, "90 degrees for 1 sample",
        passes(Action.NONE, "for: 1 ms, field: q_0, how: wrong, value: 90 deg"), NONE, 0, "nothing is latched"),
    Row(F.FRAME_CRC, "4 frames in a row damaged",
        passes(Action.NONE, "for: 4 ms, field: link_up, how: corrupt, value: 3", check=on.honest), NONE, 0,
        "nothing is latched"),
    Row(F.FRAME_CRC, "5 frames in a row damaged", latches("for: 5 ms, field: link_up, how: corrupt, value: 3"),
        FREEZE, 5, "5 frames in a row"),
    Row(F.FRAME_CRC, "every frame damaged for 40 ms", worsens("for: 40 ms, field: link_up, how: corrupt, value: 3"),
        STOP, 21, "ms old", shown_as=F.LINK_STALE),
    Row(F.FRAME_CRC, "one frame in 300 damaged",
        passes(Action.NONE, "field: link_up, how: corrupt, value: 2, chance: 0.3 %", most=1500, check=on.honest),
        NONE, 0, "nothing is latched"),
    Row(F.FRAME_CRC, "one frame in ten damaged",
        latches("field: link_up, how: corrupt, value: 2, chance: 10 %", most=300), FREEZE, 250, "of a second"),
    Row(F.LINK_STALE, "4 frames lost", passes(Action.NONE, "for: 4 ms, field: link_up, how: drop"),
        NONE, 0, "nothing is latched"),
    Row(F.LINK_STALE, "12 frames lost", passes(Action.YIELD, "for: 12 ms, field: link_up, how: drop"),
        YIELD, 6, ""),
    Row(F.LINK_STALE, "40 frames lost", latches("for: 40 ms, field: link_up, how: drop", then=stays_stopped),
        STOP, 21, "ms old"),
    Row(F.FRAMES_DELAYED, "delayed by 2 ms", passes(Action.NONE, "field: link_up, how: delay, value: 2 ms"),
        NONE, 0, "nothing is latched"),
    Row(F.FRAMES_DELAYED, "delayed by 10 ms",
        passes(Action.YIELD, "field: link_up, how: delay, value: 10 ms"), YIELD, 6, "",
        shown_as=F.LINK_STALE),
    Row(F.FRAMES_DELAYED, "delayed by 30 ms", latches("field: link_up, how: delay, value: 30 ms"), STOP, 21, "ms old",
        shown_as=F.LINK_STALE),
    Row(F.FRAMES_REPLAYED, "every frame twice",
        passes(Action.NONE, "field: link_up, how: duplicate", check=on.honest), NONE, 0, "nothing is latched"),
    Row(F.FRAMES_REPLAYED, "frames change places",
        passes(Action.NONE, "field: link_up, how: reorder", check=on.honest), NONE, 0, "nothing is latched"),
    Row(F.FRAMES_REPLAYED, "nothing but an old one for 60 ms", latches("for: 60 ms, field: time, how: stuck"),
        STOP, 22, "ms old", shown_as=F.LINK_STALE),
    Row(F.DEVICE_LOST, "unplugged", latches("field: link, how: unplug", then=reset_is_refused("plug it in")),
        STOP, 1, "unplugged"),
    Row(F.WRONG_DEVICE, "a protocol for another model", refused(on.another_model), REFUSED, 0, "is for other_arm"),
    Row(F.WRONG_DEVICE, "another version of the link", on.another_protocol, REFUSED, 0, "2.0", LINE),
    *(
        Row(F.DEVICE_FAULT, bit.replace("_", " "), latches(f"field: status, how: wrong, value: {bit}"), STOP, 0,
            bit.replace("_", " "))
        for bit in BITS
    ),
    Row(F.DEVICE_FAULT, "the supply fails", latches("for: 10 ms, field: power, how: off"), STOP, 0, "device"),
    Row(F.ESTOP, "pressed for one sample",
        latches("for: 1 ms, field: inputs, how: wrong, value: estop", then=stays_stopped), OFF, 0, "emergency"),
    Row(F.ESTOP, "pressed and held",
        latches("field: inputs, how: wrong, value: estop", then=reset_is_refused("still pressed")), OFF, 0,
        "emergency"),
    Row(F.ESTOP_CHANNELS, "one channel for 30 ms", on.channels_disagree, OFF, 12, "the other is not"),
    Row(F.POSITION_LIMIT, "3 degrees beyond", latches(do=on.range_ends_before(0.052)), YIELD, 0, "beyond its limit"),
    Row(F.POSITION_LIMIT, "8 degrees beyond", latches(do=on.range_ends_before(0.14)), STOP, 0, "beyond its limit"),
    Row(F.VELOCITY_LIMIT, "the hand at 250 %", latches(do=on.slower_than_it_moves), YIELD, 10, "m/s"),
    Row(F.POSITION_LIMIT, "pushed outward", passes(Action.LIMIT, do=on.near_its_limit, acted=Acted.POSITION, **BIG),
        LIMIT, 2, ""),
    Row(F.VELOCITY_LIMIT, "the hand at 105 %",
        passes(Action.LIMIT, do=on.a_little_too_fast, acted=Acted.VELOCITY, most=500), LIMIT, 500, ""),
    Row(F.FORCE_LIMIT, "the robot would push too hard",
        passes(Action.LIMIT, do=on.wishes(20.0, -20.0), acted=Acted.SATURATION, **BIG), LIMIT, 30, ""),
    Row(F.FORCE_LIMIT, "the limb at 110 %", latches(do=on.strong_limb(4.0, 10.5), patient="passive", most=400, **BIG),
        YIELD, 120, "N between hand and robot"),
    Row(F.FORCE_LIMIT, "the limb far above, by a sensor",
        latches(do=on.far_more_force_than_allowed, patient="passive"), STOP, 5, "N between hand and robot", SENSOR),
    Row(F.POWER_LIMIT, "more power than allowed",
        passes(Action.LIMIT, do=on.little_power_is_allowed, acted=Acted.POWER, most=400, **BIG), LIMIT, 400, ""),
    Row(F.TORQUE_GROWTH, "a step of torque",
        passes(Action.LIMIT, do=on.wishes(15.0, 0.0), acted=Acted.GROWTH, check=on.no_step_of_torque, **BIG),
        LIMIT, 0, ""),
    Row(F.OSCILLATION, "shaking at 35 Hz", latches(do=on.shakes, most=500, **BIG), YIELD, 150, "changes sign"),
    *(
        Row(F.SPASM, f"{value} N m at the elbow in 60 ms",
            latches(f"field: patient, how: spasm, value: {value} N*m", patient="passive"), YIELD, 61, "rose by")
        for value in (12, -12)
    ),
    Row(F.SPASM, "20 N m at the elbow in 60 ms",
        latches("field: patient, how: spasm, value: 20 N*m", patient="passive"), YIELD, 61, "rose by"),
    Row(F.LIMB_LIMP, "9 N m vanish",
        passes(Action.LIMIT, do=on.limb_goes_limp, acted=Acted.PASSIVITY, patient="passive", most=100,
            parameters={"stiffness": 600.0}), LIMIT, 50, ""),
    Row(F.SENSOR_DISAGREEMENT, "speed 20 % too high",
        latches("field: qd_0, how: wrong, value: 20 %", most=400, circle={"radius": 0.08, "turn": 1.2}), YIELD, 60,
        "speed measured"),
    Row(F.SENSOR_DISAGREEMENT, "torque 5 N m too high", latches("field: tau_0, how: wrong, value: 5 N*m"), YIELD, 30,
        "torque measured"),
    Row(F.LOOP_OVERRUN, "one stall of 25 ms", latches(do=stalls(0.025)), STOP, 0, "ms late"),
    Row(F.LOOP_OVERRUN, "one tick of ten lost", passes(Action.WARN, do=on.a_tick_of_ten_is_lost, most=1000),
        WARN, 800, ""),
    Row(F.LOOP_OVERRUN, "a stall of 5 ms", passes(Action.NONE, do=stalls(0.005)), NONE, 0, "nothing is latched"),
    Row(F.LOOP_OVERRUN, "two ticks of three lost", latches(do=on.every_other_tick_is_lost, most=1000), STOP, 1000,
        "of the ticks"),
    *(
        Row(fault, f"the supervisor says {action or 'stop'}", latches(do=told(fault, action)), action or STOP, 0,
            "the test says")
        for fault, action in ((F.GUI_LOST, "FREEZE"), (F.GUI_LOST, "RAMP_OFF"), (F.GUI_HUNG, "FREEZE"),
                              (F.GUI_HUNG, "RAMP_OFF"), (F.DISK_FULL, ""), (F.PEDAL_LOST, ""))
    ),
    Row(F.NO_REAL_TIME, "real time is not permitted", on.on_hardware(False, Installation("wheel")), REFUSED, 0, "F28",
        START),
    Row(F.CLOCK_JUMP, "asleep for 3 s", latches(do=on.machine_slept), OFF, 0, "slept for 3 s"),
    Row(F.POWER_LOSS, "a recording that was cut", on.cut_short, WARN, 0, "are good before the first problem", RECORD),
    Row(F.RECORD_TAMPERED, "one bit of a recording", on.altered, WARN, 0, "chunk 1", RECORD),
    *(
        Row(F.CONFIG_INVALID, case, raises(on.protocol(**changes)), REFUSED, 0, words, FILES)
        for case, changes, words in (
            ("above its range", {"limits": "{force: 900 N}"}, "too large"),
            ("below its range", {"limits": "{force: 0 N}"}, "too small"),
            ("not a number", {"limits": "{force: .nan N}"}, "force"),
            ("an unknown limit", {"limits": "{farce: 30 N}"}, "farce"),
            ("an unknown parameter", {"exercise": "{radios: 10 cm}"}, "radios"),
            ("a wrong type", {"trials": "many"}, "trials"),
        )
    ),
    *(
        Row(F.UNITS_SWAPPED, case, raises(on.protocol(**changes)), REFUSED, 0, words, FILES)
        for case, changes, words in (
            ("no unit", {"limits": "{force: 30}"}, "has no unit"),
            ("kg for N", {"limits": "{force: 3 kg}"}, "is not a force"),
            ("m for ms", {"limits": "{stale_stop: 20 m}"}, "is not a time"),
            ("deg for cm/s", {"limits": "{speed: 50 deg}"}, "is not a speed"),
            ("rad taken for deg", {"limits": "{start_distance: 10 rad}"}, "too large"),
            ("mm taken for cm", {"exercise": "{radius: 10 mm, distance: 10 N}"}, "radius"),
        )
    ),
    Row(F.FOREIGN_LIMITS, "of another device", refused(on.prepared_for("SIM-9999")), REFUSED, 0, "F36"),
    Row(F.FOREIGN_LIMITS, "of another patient", refused(on.prepared_for("SIM-0001", "P-17")), REFUSED, 0, "F36"),
    Row(F.SCRIPT_FAILED, "the exercise raises", latches(do=on.exercise_raises), STOP, 0, "exercise Circling"),
    Row(F.PLUGIN_FAILED, "the controller raises", latches(do=on.controller_raises, **BIG), STOP, 0,
        "controller Obedient"),
    Row(F.PLUGIN_FAILED, "the controller takes 30 ms", latches(do=on.controller_is_slow(0.030), **BIG), STOP, 1,
        "ms late", shown_as=F.LOOP_OVERRUN),
    Row(F.PORT_SHARED, "a second program", raises(on.two_programs), REFUSED, 0, "F40", LINE),
    Row(F.CODE_ALTERED, "a file was changed", on.on_hardware(True, Installation("wheel", ("sim/body.py was changed",))),
        REFUSED, 0, "F41", START),
    Row(F.CODE_ALTERED, "no wheel to compare with", on.on_hardware(True, Installation("editable")), REFUSED, 0, "F41",
        START),
    Row(F.START_TOO_FAR, "25 cm away", refused(on.far_away), REFUSED, 0, "rad away"),
    Row(F.RECORDER_BEHIND, "asleep for 69 s", on.falls_behind, WARN, 0, "marked as lost", RECORD),
)  # fmt: skip
