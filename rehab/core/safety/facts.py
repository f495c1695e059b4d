"""What the monitor needs to know of a device."""

from __future__ import annotations

from typing import NamedTuple

from rehab.core.values import Action, Floats


class DeviceFacts(NamedTuple):
    """damping  declared viscous friction of each joint; () is none
    inertia  of each joint in the home pose, without a limb; () if unknown: then what the limb does cannot be seen
    mass     of the bare robot at the hand, kg: for the limit of kinetic energy; 0 if unknown
    """

    period: float  # s
    safe_stop: Action  # YIELD, RAMP_OFF or TORQUE_OFF
    yield_damping: Floats  # N·m·s/rad
    damping: Floats = ()  # N·m·s/rad
    inertia: Floats = ()  # kg·m²
    mass: float = 0.0  # kg
