"""What a virtual patient means to do with the hand: a goal in the scene, and movements of minimum jerk towards it."""

from __future__ import annotations

from math import hypot

from rehab.core.types import Scene, Target


def goal_of(scene: Scene) -> Target | None:
    """Where the scene asks the hand to be: the goal, else home, else nowhere."""
    for role in ("goal", "home"):
        for target in scene.targets:
            if target.role == role and len(target.x) == 2:
                return target
    return None


class Movement:
    """The movement of least jerk from any state of motion to rest at `end`, beginning at time t0 (s) and lasting T s.

        x(s) = x₀ + v₀T s + ½a₀T² s² + c₃s³ + c₄s⁴ + c₅s⁵,   s = (t − t₀)/T,   D = x₁ − x₀
        c₃ = 10D − 6v₀T − 1.5a₀T²     c₄ = −15D + 8v₀T + 1.5a₀T²     c₅ = 6D − 3v₀T − 0.5a₀T²

    From rest it is the 10–15–6 of Flash & Hogan 1985 (J. Neurosci. 5:1688); from motion that of Hoff & Arbib 1993
    (J. Mot. Behav. 25:175): a new goal bends the movement and does not interrupt it.
    """

    __slots__ = ("_x", "_y", "duration", "end", "start_time")

    def __init__(
        self,
        t0: float,
        duration: float,
        end: tuple[float, float],
        position: tuple[float, float],
        velocity: tuple[float, float] = (0.0, 0.0),
        acceleration: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        self.start_time, self.duration, self.end = t0, duration, end
        self._x, self._y = (
            _quintic(x0, x1 - x0, v0 * duration, a0 * duration**2)
            for x0, x1, v0, a0 in zip(position, end, velocity, acceleration, strict=True)
        )

    def position(self, t: float) -> tuple[float, float]:
        """m at time t (s); at rest at the end afterwards."""
        s = (t - self.start_time) / self.duration
        if s >= 1.0:
            return self.end
        a, b, c, d, e, f = self._x
        g, h, i, j, k, m = self._y
        return (
            a + s * (b + s * (c + s * (d + s * (e + s * f)))),
            g + s * (h + s * (i + s * (j + s * (k + s * m)))),
        )

    def motion(self, t: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """Velocity m/s and acceleration m/s² at time t."""
        T = self.duration
        s = (t - self.start_time) / T
        if s >= 1.0:
            return (0.0, 0.0), (0.0, 0.0)
        rates = [
            (
                (b + s * (2.0 * c + s * (3.0 * d + s * (4.0 * e + s * 5.0 * f)))) / T,
                (2.0 * c + s * (6.0 * d + s * (12.0 * e + s * 20.0 * f))) / T**2,
            )
            for _, b, c, d, e, f in (self._x, self._y)
        ]
        return (rates[0][0], rates[1][0]), (rates[0][1], rates[1][1])


def _quintic(x0: float, D: float, vT: float, aTT: float) -> tuple[float, float, float, float, float, float]:
    return (
        x0,
        vT,
        0.5 * aTT,
        10.0 * D - 6.0 * vT - 1.5 * aTT,
        -15.0 * D + 8.0 * vT + 1.5 * aTT,
        6.0 * D - 3.0 * vT - 0.5 * aTT,
    )


def distance(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """m between two points."""
    return hypot(a[0] - b[0], a[1] - b[1])
