"""Which places a hand can be brought to: reachable, and inside the joints' limits with a margin."""

from __future__ import annotations

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import Kinematics, OutOfReach
from rehab.core.values import Floats

MARGIN = 0.05  # rad (3°): what a limb may overshoot before a position limit acts


def fits(info: DeviceInfo, kinematics: Kinematics, x: Floats, *, margin: float = MARGIN) -> bool:
    """Whether the hand can be at x (m), in the arm's posture at home, every joint `margin` (rad) inside its limits."""
    try:
        q = kinematics.inverse(x, info.home)
    except OutOfReach:
        return False
    return all(j.q_min + margin <= angle <= j.q_max - margin for j, angle in zip(info.joints, q, strict=True))


def free_length(
    info: DeviceInfo, kinematics: Kinematics, x: Floats, direction: Floats, most: float, *, step: float = 0.001
) -> float:
    """How far (m, in whole steps, at most `most`) the hand gets from x along a unit direction, fitting all the way."""
    steps = 0
    while steps * step < most:
        reach = min((steps + 1) * step, most)
        if not fits(info, kinematics, tuple(c + reach * u for c, u in zip(x, direction, strict=True))):
            return steps * step
        steps += 1
    return most
