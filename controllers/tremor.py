"""Where a tremor is: its frequency, from the velocity of the hand.

    p = u − √2 h₁ − h₂        ḣ₁ = ω_c p,  ḣ₂ = ω_c h₁                  what is faster than voluntary movement:
                                                                         twice, u → p → s
    ẋ₁ = ω (k e − x₂),  ẋ₂ = ω x₁        e = s − x₁                      oscillator that follows s, x₂ a quarter behind
    ω̇ = −Γ k ω Σ e x₂ / Σ (x₁² + x₂²)                                    while Σ (x₁² + x₂²) > (r² Σ h² + v₀²)

u velocity m/s, one sum over the axes of the hand: they shake together · ω_c = 2π 2.5 Hz · ω = 2π f
Γ = 5 1/s: a new frequency is found in about a second · k = 1 · r = 0.3: a hand that merely moves, at up to 2 Hz,
changes nothing · v₀ = 3 mm/s: nor does one that stands
Second-order generalised integrator with frequency-locked loop: Rodríguez, Luna, Candela, Mujal, Teodorescu & Blaabjerg
2011, IEEE Trans. Ind. Electron. 58(1): 127–138; of the family of adaptive notches of Hsu, Ortega & Damm 1999, IEEE
Trans. Autom. Control 44(4): 698–713. The high-pass in front of it is what Riviere, Rader & Thakor 1998, IEEE Trans.
Biomed. Eng. 45(7): 839–846 ask of a canceller of tremor: voluntary movement must not draw the frequency. Frequencies
of tremor: Deuschl, Bain & Brin 1998, Mov. Disord. 13 Suppl. 3: 2–23.

Both filters, and the one that makes the force, are solved by the implicit midpoint rule, which keeps their energy.
"""

from __future__ import annotations

from math import pi, sqrt

from rehab.core.values import Floats

LOWEST, HIGHEST = 3.0, 12.0  # Hz: tremor of Parkinson's disease 4–6, essential 4–12 (Deuschl et al. 1998)
SLOW = 2.0 * pi * 2.5  # ω_c in rad/s
GAIN = 5.0  # Γ in 1/s
FOLLOWS = 1.0  # k
SHARE, STILL = 0.3, 0.003  # r; v₀ in m/s
ROOT = sqrt(2.0)


class Resonator:
    """ẋ₁ = β (u − x₁) − ω x₂,  ẋ₂ = ω x₁: lets through what is within β/2π Hz of ω/2π, without delay there.

    With S = (x₁² + x₂²)/2β, u x₁ = x₁² + Ṡ whatever ω does: what follows u by x₁ can only take energy (in the midpoint
    rule the same holds of a tick, of x₁ in its middle).
    """

    __slots__ = ("first", "second")

    def __init__(self) -> None:
        self.first = self.second = 0.0

    def step(self, u: float, omega: float, beta: float, dt: float) -> tuple[float, float]:
        """x₁ and x₂ in the middle of a tick of dt s at u; ω and β in rad/s."""
        turn = 0.5 * omega * dt
        first = (self.first + 0.5 * beta * dt * u - turn * self.second) / (1.0 + 0.5 * beta * dt + turn * turn)
        second = self.second + turn * first
        self.first, self.second = 2.0 * first - self.first, 2.0 * second - self.second
        return first, second


class Frequency:
    """`omega` in rad/s, as it is known now; it begins at `start` (Hz)."""

    def __init__(self, start: float, axes: int) -> None:
        self.omega = 2.0 * pi * start
        self._slow = [(Resonator(), Resonator()) for _ in range(axes)]
        self._band = [Resonator() for _ in range(axes)]

    @property
    def hertz(self) -> float:
        return self.omega / (2.0 * pi)

    def step(self, velocity: Floats, dt: float) -> float:
        """ω after dt seconds at that velocity (m/s)."""
        error = power = moving = 0.0
        for u, (slow, again), band in zip(velocity, self._slow, self._band, strict=True):
            # h₁ is a band-pass of width √2 ω_c
            h1, h2 = slow.step(u / ROOT, SLOW, ROOT * SLOW, dt)
            p = u - ROOT * h1 - h2
            g1, g2 = again.step(p / ROOT, SLOW, ROOT * SLOW, dt)
            s = p - ROOT * g1 - g2
            x1, x2 = band.step(s, self.omega, FOLLOWS * self.omega, dt)
            error += (s - x1) * x2
            power += x1 * x1 + x2 * x2
            moving += h1 * h1 + h2 * h2
        if power > SHARE * SHARE * moving + STILL * STILL:
            omega = self.omega * (1.0 - GAIN * FOLLOWS * error / power * dt)
            self.omega = min(max(omega, 2.0 * pi * LOWEST), 2.0 * pi * HIGHEST)
        return self.omega
