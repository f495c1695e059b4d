"""Where a reach that is under way would go on to: a prediction from one moment, without any memory of earlier ones.

    s = 10 ρ³ − 15 ρ⁴ + 6 ρ⁵        ṡ = 30 ρ² (1 − ρ)² / T        ρ = τ/T

s share of the way from start to target that the hand has come, ṡ its rate 1/s. From s follows the stage ρ, with ṡ the
duration T; the rest is the minimum jerk from the hand's present motion to the target in (1 − ρ) T. A hand that does not
move, or is nearly there, is predicted to stay. Flash & Hogan 1985, J. Neurosci. 5(7); that a reach is predicted before
it is disturbed: Burdet et al. 2000, J. Biomech. 33(12).
"""

from __future__ import annotations

from math import hypot

from rehab.core.minimum_jerk import MinimumJerk
from rehab.core.values import Floats

FIRST, LAST = 0.02, 0.95  # share of the way: outside, the stage is not told from the speed
SLOW = 0.03  # m/s: below sway and tremor nothing is under way
LONGEST = 5.0  # s


def onward(x: Floats, v: Floats, start: Floats, target: Floats) -> MinimumJerk:
    """The predicted movement, its time from now: hand x m, v m/s, of a reach from start to target m."""
    way = tuple(b - a for a, b in zip(start, target, strict=True))
    length = hypot(*way)
    stay = MinimumJerk(x, x, begin=0.0, duration=1.0)
    if length < 1e-6:
        return stay
    u = tuple(c / length for c in way)
    share = sum((a - b) * c for a, b, c in zip(x, start, u, strict=True)) / length
    speed = sum(a * c for a, c in zip(v, u, strict=True))
    if not FIRST <= share <= LAST or speed < SLOW:
        return stay
    stage = _stage(share)
    duration = min(LONGEST, 30.0 * stage**2 * (1.0 - stage) ** 2 * length / speed)
    gain = length * (60.0 * stage - 180.0 * stage**2 + 120.0 * stage**3) / duration**2
    return MinimumJerk(
        x, target, begin=0.0, duration=(1.0 - stage) * duration, velocity=v, acceleration=tuple(gain * c for c in u)
    )


def _stage(share: float) -> float:
    """ρ of s, to 1e-9; s grows with ρ, so that halving always finds it."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        if middle**3 * (10.0 - 15.0 * middle + 6.0 * middle**2) < share:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
