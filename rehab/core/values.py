"""The values of one tick in plain floats: what the safety package may see.

NamedTuples, because one is made every millisecond: 0.26 µs, where a frozen slotted dataclass costs 1.28 µs.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import NamedTuple

Floats = tuple[float, ...]


class Status(IntFlag):
    """What a device says of itself with each sample."""

    NONE = 0
    ARMED = 1 << 0  # power stage on: torque commands are followed
    FAULTED = 1 << 1  # latched; needs CLEAR, then ARM
    WATCHDOG_ON = 1 << 2  # the device's own watchdog runs
    WATCHDOG_TRIPPED = 1 << 3  # no valid command within its valid-for time
    OVER_TEMPERATURE = 1 << 4
    BROWN_OUT = 1 << 5
    ENCODER_ERROR = 1 << 6
    INTERNAL_ERROR = 1 << 7


class Inputs(IntFlag):
    """Digital inputs that travel with each sample. The e-stop has two channels; a set bit means pressed or open."""

    NONE = 0
    ESTOP_A = 1 << 0
    ESTOP_B = 1 << 1
    SWITCH_1 = 1 << 2
    SWITCH_2 = 1 << 3
    TTL_1 = 1 << 4
    TTL_2 = 1 << 5


class Sample(NamedTuple):
    """What a device measured.

    time      s, when it was measured, on the host's monotonic clock
    sequence  the device's own counter, unwrapped; equal to the last one when nothing new has come
    age       s, how old it was when it was read
    q, qd, tau  joint position rad, velocity rad/s, torque N·m at the output, one value a joint
    force     N, interaction force at the hand from a sensor (limb on robot); empty without a sensor
    damaged   frames that came damaged so far, as the driver counts them; they were dropped
    """

    time: float
    sequence: int
    age: float
    q: Floats
    qd: Floats
    tau: Floats
    force: Floats = ()
    status: int = 0
    inputs: int = 0
    damaged: int = 0


class Command(NamedTuple):
    """What is sent: torque N·m a joint, whether the power stage may follow it, for how long (s) it is valid."""

    torque: Floats
    enable: bool
    valid_for: float


class Action(IntEnum):
    """The stop ladder; the worst active one wins."""

    NONE = 0
    WARN = 1  # shown and recorded; motion goes on
    LIMIT = 2  # the command was clamped or scaled
    FREEZE = 3  # the monitor's own hold impedance, soft
    YIELD = 4  # stiffness fades within 50 ms; damping and gravity stay: the limb can be moved by hand
    RAMP_OFF = 5  # all torque to zero over the ramp, then disable
    TORQUE_OFF = 6  # disable now


class Acted(IntFlag):
    """Which filters changed the wish in this tick."""

    NONE = 0
    FINITE = 1 << 0
    LEASH = 1 << 1
    GROWTH = 1 << 2
    SATURATION = 1 << 3
    POWER = 1 << 4
    POSITION = 1 << 5
    VELOCITY = 1 << 6
    PASSIVITY = 1 << 7
    SOFT_START = 1 << 8
    BLEND = 1 << 9


class Health(NamedTuple):
    """What the monitor found in the inputs of this tick: the worst action they ask for, and the fault that asks."""

    action: Action
    fault: int  # Fault id, 0 for none
    usable: bool  # the sample may be used for control


class Decision(NamedTuple):
    """What is really sent, and why."""

    command: Command
    action: Action
    fault: int  # id of the fault that decides, 0 for none
    acted: int  # bits of Acted
    scale: float  # s of τ = s·τ_wish + (1 − s)·(g − B_y·q̇)
