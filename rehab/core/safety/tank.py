"""The energy tank: what the robot may spend beyond what the limb gave it.

    T ← min(T_max, T + σ·given + P_refill·dt)        T ← T − granted,   granted ≤ T − T_min

T J · given J was dissipated by the robot or absorbed by the reference · σ < 1 · P_refill W is what therapy costs on
average; the therapist may lower it. Ferraguti, Secchi, Fantuzzi 2013, IEEE ICRA (a tank-based approach to impedance
control with variable stiffness).
"""

from __future__ import annotations

KEPT = 0.9  # σ: share of what is given back that may be spent again


class Tank:
    """`level` J never leaves floor … capacity, whatever is asked of it."""

    __slots__ = ("capacity", "floor", "level")

    def __init__(self, capacity: float, floor: float = 0.05) -> None:
        self.capacity, self.floor = capacity, floor
        self.empty()

    def empty(self) -> None:
        """Begin again with a third: enough to start moving, too little to hurt."""
        self.level = self.floor + (self.capacity - self.floor) / 3.0

    @property
    def available(self) -> float:
        """J that can still be spent."""
        return self.level - self.floor

    def draw(self, wanted: float) -> float:
        """J that are granted of what is wanted; nothing for what is not a positive number."""
        if not wanted > 0.0:
            return 0.0
        spare = self.level - self.floor
        granted = wanted if wanted < spare else spare
        left = self.level - granted
        self.level = left if left > self.floor else self.floor  # rounding may not take the last bit of it
        return granted

    def put(self, given: float) -> None:
        """Give J back; nothing for what is not a positive number."""
        level = self.level + KEPT * given if given > 0.0 else self.level
        self.level = level if level < self.capacity else self.capacity

    def refill(self, energy: float) -> None:
        """P_refill·dt J."""
        level = self.level + energy
        self.level = level if level < self.capacity else self.capacity
