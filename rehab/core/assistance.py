"""The therapist's one slider: how much of its help an assisting controller gives.

    τ = g(q) + a · τ_help        0 ≤ a ≤ 1

a is the parameter `assistance`, 0 to 100 %; τ_help what the law wishes by itself, N·m; g(q) the arm's own weight, which
is no help. At every state the help grows in proportion to a and never changes its direction; at 0 % there is none. A
new value is reached in 200 ms, in even steps (rehab.core.ramp). What a controller declares (stiffness, damping, spring,
feed_forward) is scaled with it.
"""

from __future__ import annotations

from rehab.core.parameters import quantity
from rehab.core.ramp import Ramps

ASSISTANCE = quantity(
    "100 %", unit="%", least="0 %", most="100 %", says="how much of its help the robot gives", live=True
)


def share(live: Ramps) -> float:
    """a, 0 … 1, as it acts now, of the live parameters of a controller that has an `assistance`."""
    return live["assistance"] / 100.0
