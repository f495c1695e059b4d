"""The columns of one tick: one table for the ring, the snapshot, the recording and its manifest.

Every column is a float64 in the ring. What the host's clock measured is named `host_*` and alone may differ between
two sessions of equal seed.
"""

from __future__ import annotations

from msgspec import Struct

WIDTH = 64  # float64 words of a row; unused ones stay zero


class Channel(Struct, frozen=True):
    """One column: its name, SI unit ("" for none), what it is; whole numbers are kept as int64 in files."""

    name: str
    unit: str
    says: str
    integer: bool = False


def channels(n: int, d: int) -> tuple[Channel, ...]:
    """The columns for n joints and d task dimensions, in the order of `row`. Vectors are name_0, name_1, ..."""

    def vector(name: str, unit: str, says: str, count: int) -> list[Channel]:
        return [Channel(f"{name}_{k}", unit, says) for k in range(count)]

    table = [
        Channel("tick", "", "number of the tick since the session began", integer=True),
        Channel("t", "s", "time of the tick since the session began"),
        Channel("dt", "s", "time since the tick before, as given to the controller"),
        Channel("sample_time", "s", "when the device measured, on the host's clock, since the session began"),
        Channel("sample_age", "s", "age of the sample when it was read"),
        Channel("sample_sequence", "", "the device's sample counter", integer=True),
        Channel("status", "", "device status bits (rehab.core.values.Status)", integer=True),
        Channel("inputs", "", "digital input bits (rehab.core.values.Inputs)", integer=True),
        Channel("damaged", "", "frames that came damaged so far", integer=True),
        *vector("q", "rad", "joint position, measured", n),
        *vector("qd", "rad/s", "joint velocity, measured", n),
        *vector("tau", "N*m", "joint torque, measured by the device", n),
        *vector("x", "m", "hand position", d),
        *vector("v", "m/s", "hand velocity", d),
        *vector("force", "N", "interaction force at the hand, limb on robot, from a force sensor", d),
        *vector("intent", "", "what the user asks for by joystick, switch or muscle, -1 to 1, as it counted", d),
        *vector("offer", "", "direction that a scanning switch offers", d),
        *vector("x_ref", "m", "reference of the hand after the leash", d),
        *vector("v_ref", "m/s", "reference velocity of the hand", d),
        *vector("wish", "N*m", "torque the controller wished", n),
        *vector("sent", "N*m", "torque really sent", n),
        Channel("enable", "", "1 if the power stage was asked to follow", integer=True),
        Channel("action", "", "stop ladder (rehab.core.values.Action)", integer=True),
        Channel("fault", "", "id of the deciding fault, 0 for none", integer=True),
        Channel("acted", "", "filters that acted, bits (rehab.core.values.Acted)", integer=True),
        Channel("scale", "", "s of the torque really sent"),
        Channel("tank", "J", "energy that assistance may still spend"),
        Channel("passivity", "J", "energy that the controller's spring stores; negative: it created some"),
        Channel("state", "", "session state (rehab.realtime.layout.SESSION_STATES)", integer=True),
        Channel("block", "", "number of the block, from 1; 0 outside", integer=True),
        Channel("trial", "", "number of the trial, from 1; 0 between trials", integer=True),
        Channel("skipped", "", "ticks skipped before this one", integer=True),
        Channel("host_intent_age", "s", "age of the newest word of the inputs, -1 without any"),
        Channel("host_late", "s", "how late the tick began"),
        Channel("host_busy", "s", "how long the tick before took"),
    ]
    if len(table) > WIDTH:
        raise ValueError(f"{n} joints and {d} task dimensions need {len(table)} columns; a row has {WIDTH}")
    return tuple(table)


SESSION_STATES = ("idle", "prepared", "armed", "running", "paused", "faulted", "ended")
