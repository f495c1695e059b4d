"""The smoothest way from one state of motion to another: position, velocity and acceleration without a step.

    x(τ) = c₀ + c₁τ + c₂τ² + c₃τ³ + c₄τ⁴ + c₅τ⁵,  τ = t − begin, 0 ≤ τ ≤ T

Minimising ∫ jerk² dt under given position, velocity and acceleration at both ends gives a polynomial of degree five.
From rest to rest it is x₀ + (x₁ − x₀)(10s³ − 15s⁴ + 6s⁵) with s = τ/T, whose peak speed is 1.875 D/T.
Flash & Hogan 1985, The coordination of arm movements, J. Neurosci. 5(7), appendix A.

Plain floats: about 1.5 µs a call in two dimensions.
"""

from __future__ import annotations

from rehab.core.values import Floats

PEAK_SPEED = 1.875  # peak over mean speed, from rest to rest
SPEED_SHARE = 0.8  # of the speed limit: what a reference may use, so that a hand that follows it stays below
APPROACH_SPEED = 0.15  # m/s, peak: nobody has said go, so the hand is led gently
APPROACH_LEAST = 0.5  # s, also when the hand is there already


def shortest(distance: float, speed_limit: float) -> float:
    """The least time (s) in which a reference may be led over a distance (m) under a speed limit of the hand (m/s)."""
    return PEAK_SPEED * distance / (SPEED_SHARE * speed_limit)


def approach_time(distance: float, speed_limit: float) -> float:
    """How long (s) a hand is led from where it is to where an exercise begins."""
    return max(APPROACH_LEAST, PEAK_SPEED * distance / APPROACH_SPEED, shortest(distance, speed_limit))


class MinimumJerk:
    """One movement from `start` to `end` (m), beginning at `begin` (s) and lasting `duration` (s, above 0).

    velocity, acceleration  m/s and m/s² at the start; zeros if left out
    end_velocity            m/s at the end; zeros if left out. The acceleration at the end is zero
    Before its beginning it is at the start, afterwards at the end, moving with the velocity there.
    """

    __slots__ = ("_coefficients", "begin", "duration", "end", "end_velocity")

    def __init__(
        self,
        start: Floats,
        end: Floats,
        *,
        begin: float,
        duration: float,
        velocity: Floats = (),
        acceleration: Floats = (),
        end_velocity: Floats = (),
    ) -> None:
        if not duration > 0.0:
            raise ValueError(f"a movement takes more than {duration} s")
        rest = (0.0,) * len(start)
        self.begin, self.duration, self.end, self.end_velocity = begin, duration, end, end_velocity or rest
        self._coefficients = tuple(
            _quintic(*ends, duration)
            for ends in zip(start, velocity or rest, acceleration or rest, end, self.end_velocity, strict=True)
        )

    @property
    def over_at(self) -> float:
        """When it is over, s."""
        return self.begin + self.duration

    def at(self, t: float) -> tuple[Floats, Floats]:
        """Position m and velocity m/s at time t."""
        s = t - self.begin
        if s >= self.duration:
            return self.end, self.end_velocity
        s = max(0.0, s)
        position = tuple(
            c0 + s * (c1 + s * (c2 + s * (c3 + s * (c4 + s * c5)))) for c0, c1, c2, c3, c4, c5 in self._coefficients
        )
        velocity = tuple(
            c1 + s * (2.0 * c2 + s * (3.0 * c3 + s * (4.0 * c4 + s * 5.0 * c5)))
            for _, c1, c2, c3, c4, c5 in self._coefficients
        )
        return position, velocity

    def acceleration(self, t: float) -> Floats:
        """Acceleration m/s² at time t; zero before and after."""
        s = t - self.begin
        if not 0.0 <= s < self.duration:
            return (0.0,) * len(self.end)
        return tuple(
            2.0 * c2 + s * (6.0 * c3 + s * (12.0 * c4 + s * 20.0 * c5)) for _, _, c2, c3, c4, c5 in self._coefficients
        )


def _quintic(x0: float, v0: float, a0: float, x1: float, v1: float, T: float) -> Floats:
    """c₀ … c₅ of one coordinate that ends with zero acceleration."""
    h = x1 - x0
    return (
        x0,
        v0,
        0.5 * a0,
        (20.0 * h - (8.0 * v1 + 12.0 * v0) * T - 3.0 * a0 * T**2) / (2.0 * T**3),
        (-30.0 * h + (14.0 * v1 + 16.0 * v0) * T + 3.0 * a0 * T**2) / (2.0 * T**4),
        (12.0 * h - 6.0 * (v1 + v0) * T - a0 * T**2) / (2.0 * T**5),
    )
