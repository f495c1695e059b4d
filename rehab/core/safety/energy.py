"""Who pays for what the robot does: the reference's leash, the spring's account, the tank, and damping out of both."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from operator import mul

from rehab.core.limits import Limits
from rehab.core.safety import passivity
from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.passivity import Account
from rehab.core.safety.sent import Sent
from rehab.core.safety.tank import Tank
from rehab.core.values import Floats, Sample

PLENTY = 0.1  # J: more than a tick can cost; with less in the tank the cost is looked at before it is spent


class Energy:
    """`leashed`: the reference was pulled back in this tick."""

    def __init__(self, device: DeviceFacts, limits: Limits, sent: Sent) -> None:
        self._period, self._sent = device.period, sent
        self.tank = Tank(limits.values["tank"])
        self.account = Account(self.tank, device.damping or sent.zero)
        least = min(device.inertia, default=0.0)
        self._most_damping = 0.25 * least / self._period if least else min(device.yield_damping)
        self._before: Floats = ()  # q of the tick before
        self._aim: tuple[Floats, float, float] | None = None  # reference, stiffness, squared stretch
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
        squares = 0.0
        for r, h in zip(reference, hand, strict=True):
            squares += (r - h) * (r - h)
        most = self._most_force / stiffness if stiffness > 0.0 else self._leash
        self.leashed = squares > most * most
        if self.leashed:
            share = most / sqrt(squares)
            reference, squares = tuple([h + share * (r - h) for r, h in zip(reference, hand, strict=True)]), most * most
        self._aim = (reference, stiffness, squares) if stiffness > 0.0 else None
        return reference

    def keep(
        self, sample: Sample, feed_forward: Floats, scale: float, force: Sequence[float], held: float | None
    ) -> None:
        """Energy of the controller's spring, at the torque that was really sent, `force` N at the hand; and the tank
        that pays the rest. `held` J is what the hold impedance of a paused arm stores, None while it is not paused."""
        account, tank = self.account, self.tank
        if tank.level < tank.capacity:
            tank.refill(self._refill)
        before, self._before = self._before, sample.q
        if before and sample.q is not before:
            sent = self._sent
            acting = sent.torque if sample.age < sent.fresh else sent.acting(sample.age)
            account.moved(acting, sample.q, before, sample.qd)
            if feed_forward:
                account.pay(scale * sum(map(mul, feed_forward, map(float.__sub__, sample.q, before))))
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
            account.settle(account.lead(force, reference, scale * stiffness, squares), spring=True)

    def damped(self, torque: Floats, qd: Floats, force_map: tuple[Floats, ...]) -> Floats:
        """Damping along ė takes out what was created; the very torque when nothing was. ė = q̇_r − q̇ with q̇_r = Gᵀ ẋ_r,
        since G is the transposed pseudo-inverse of the Jacobian."""
        energy = self.account.energy
        if not energy < -passivity.DEAD_BAND:
            return torque
        led = self.account.led
        if led:
            columns = zip(*force_map, strict=True)
            rate = tuple([sum(map(mul, column, led)) / self._period - speed
                          for column, speed in zip(columns, qd, strict=True)])  # fmt: skip
        else:
            rate = tuple([-speed for speed in qd])
        return passivity.damped(torque, energy, rate, self._period, self._most_damping)

    def affordable(self, torque: Floats, qd: Floats, force: Sequence[float]) -> float:
        """The share of the torque whose price in the coming tick the tank can pay."""
        if self.tank.level >= PLENTY:
            return 1.0
        if self.account.led:
            price = sum(map(mul, force, self.account.led))
        else:
            price = self._period * sum(map(mul, torque, qd))
        available = self.tank.available
        return available / price if price > available else 1.0
