"""Who pays for what the robot does: the reference's leash, the spring's account, the tank, and damping out of both."""

from __future__ import annotations

from math import sqrt
from operator import add, mul

from rehab.core.limits import Limits
from rehab.core.safety import filters, passivity
from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.filters import dot, minus
from rehab.core.safety.passivity import Account
from rehab.core.safety.sent import Sent
from rehab.core.safety.tank import Tank
from rehab.core.values import Floats, Sample

PLENTY = 0.1  # J: more than a tick can cost; with less in the tank the cost is looked at before it is spent


class Energy:
    """In every tick, in this order: `leash`, `aside`, `keep`, `damped`, `affordable`, `let_through`. `leashed`: the
    reference was pulled back in this tick."""

    def __init__(self, device: DeviceFacts, limits: Limits, sent: Sent) -> None:
        self._period, self._sent = device.period, sent
        self.tank = Tank(limits.values["tank"])
        self.account = Account(self.tank, device.damping or sent.zero)
        least = min(device.inertia, default=0.0)
        self._most_damping = 0.25 * least / self._period if least else min(device.yield_damping)
        self._before: Floats = ()  # q of the tick before
        self._aim: tuple[Floats, float, float] | None = None  # reference, stiffness, squared stretch
        self._share = 1.0  # of the last wish that was let through
        self.leashed = False

    def follow(self, limits: Limits) -> None:
        self._most_force, self._leash = limits.values["force"], limits.values["leash"]
        self._refill = limits.values["refill"] * self._period
        self.tank.capacity = limits.values["tank"]
        self.tank.refill(0.0)

    def begin(self) -> None:
        """Armed: a third of the tank, and nothing owed."""
        self.tank.empty()
        self.account.energy = 0.0

    def forget_motion(self) -> None:
        self._before = ()

    def leash(self, reference: Floats, hand: Floats, stiffness: float) -> Floats:
        stretch = minus(reference, hand)
        squares = dot(stretch, stretch)
        most = self._most_force / stiffness if stiffness > 0.0 else self._leash
        self.leashed = squares > most * most
        if self.leashed:
            share = most / sqrt(squares)
            reference, squares = tuple(map(add, hand, filters.scaled(stretch, share))), most * most
        self._aim = (reference, stiffness, squares) if stiffness > 0.0 else None
        return reference

    def aside(self, feed_forward: Floats, gravity: Floats, scale: float, force_map: tuple[Floats, ...]) -> None:
        """What of this tick's wish is no spring: `feed_forward` N·m as far as it is faded in, which the tank pays, and
        the arm's own weight (N·m), which gives back all that it takes."""
        self._scale = scale
        self._ahead = filters.scaled(feed_forward, scale) if any(feed_forward) else ()
        self._weight = gravity if any(gravity) else ()
        self._ahead_force = filters.hand_force(self._ahead, force_map) if self._ahead else ()
        self._weight_force = filters.hand_force(self._weight, force_map) if self._weight else ()

    def let_through(self, torque: Floats, wish: Floats) -> None:
        """`torque` N·m is sent of what was wished: a feed-forward was weakened with the rest."""
        self._share = 1.0
        if self._ahead and torque is not wish:
            torque, wish = self._weightless(torque), self._weightless(wish)
            squares = dot(wish, wish)
            if squares > 0.0:
                self._share = min(1.0, max(0.0, dot(torque, wish) / squares))

    def _weightless(self, torque: Floats) -> Floats:
        return minus(torque, self._weight) if self._weight else torque

    def _spring(self, force: Floats, share: float) -> Floats:
        """N at the hand: the spring's part of `force`, of which `share` of the feed-forward is one."""
        if not force:
            return force  # nothing was let through yet
        if self._ahead_force:
            force = minus(force, filters.scaled(self._ahead_force, share))
        return minus(force, self._weight_force) if self._weight_force else force

    def keep(self, sample: Sample, force: Floats, held: float | None) -> None:
        """Energy of the controller's spring, at the torque that was really sent, `force` N at the hand; and the tank
        that pays the rest. `held` J is what the hold impedance of a paused arm stores, None while it is not paused."""
        account, tank, q = self.account, self.tank, sample.q
        if tank.level < tank.capacity:
            tank.refill(self._refill)
        before, self._before = self._before, q
        if before and q is not before:
            sent, age = self._sent, sample.age
            account.moved(sent.torque if age < sent.fresh else sent.acting(age), q, before, sample.qd)
            if self._weight:
                account.energy += dot(self._weight, minus(q, before))
            if self._ahead:
                account.pay(self._share * dot(self._ahead, minus(q, before)))
        aim = self._aim
        self._aim = None
        if held is not None:
            account.forget()
            account.settle(held, spring=True)
        elif aim is None:
            account.forget()
            account.settle(0.0, spring=False)
        else:
            reference, stiffness, squares = aim
            pull = self._spring(force, self._share)
            account.settle(account.lead(pull, reference, self._scale * stiffness, squares), spring=True)

    def damped(self, torque: Floats, qd: Floats, force_map: tuple[Floats, ...]) -> Floats:
        """Damping along ė takes out what was created; the very torque when nothing moves. ė = q̇_r − q̇ and q̇_r = Gᵀ ẋ_r,
        since G is the transposed pseudo-inverse of the Jacobian."""
        energy = self.account.energy
        led = self.account.led
        if led:
            columns = zip(*force_map, strict=True)
            rate = tuple([sum(map(mul, column, led)) / self._period - speed
                          for column, speed in zip(columns, qd, strict=True)])  # fmt: skip
        else:
            rate = tuple([-speed for speed in qd])
        return passivity.damped(torque, energy, rate, self._period, self._most_damping)

    def affordable(self, torque: Floats, qd: Floats, force: Floats) -> float:
        """The share of the torque whose price in the coming tick the tank can pay."""
        if self.tank.level >= PLENTY:
            return 1.0
        led = self.account.led
        if led:
            price = dot(self._spring(force, 1.0), led) + self._period * dot(self._ahead, qd)
        else:
            price = self._period * dot(self._weightless(torque), qd)
        available = self.tank.available
        return available / price if price > available else 1.0

    def weakened(self, torque: Floats, share: float) -> Floats:
        """That share of the torque, and all of what holds the arm's own weight."""
        lighter = filters.scaled(self._weightless(torque), share)
        return tuple(map(add, lighter, self._weight)) if self._weight else lighter
