"""The safety monitor: inputs and wish -> decision. The same object, the same limits, in simulation and on hardware.

What is sent is

    τ = s·τ_wish + (1 − s)·(g(q) − B_y·q̇)

with s = 1 normally, rising over the soft start after arming, falling to 0 within 50 ms when the arm must yield; then
growth, saturation, power, position and velocity, passivity, saturation again, finite. Everything is denied until the
emergency stop's latch is free and the arm is armed. A fault is latched until `reset`.

In every tick, in this order: `pace`, `check`, `leash`, `decide`. The stages are objects of their own:

    pace ▸ samples (damage, jump, latch) ▸ watch (detectors) ▸ energy (account, tank) ▸ hold, fade ▸ bounds (filters)
"""

from __future__ import annotations

from math import isfinite, sqrt

from rehab.core.limits import Limits
from rehab.core.safety import filters
from rehab.core.safety.bounds import Bounds
from rehab.core.safety.energy import Energy
from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.faults import Fault
from rehab.core.safety.hold import Fade, Hold
from rehab.core.safety.ladder import Ladder
from rehab.core.safety.pace import Pace
from rehab.core.safety.passivity import CREATED, DEAD_BAND, Account
from rehab.core.safety.reasons import why
from rehab.core.safety.samples import Samples
from rehab.core.safety.sent import Sent
from rehab.core.safety.tank import Tank
from rehab.core.safety.watch import OVERSPEED, Watch
from rehab.core.values import Acted, Action, Command, Decision, Floats, Health, Sample

RAMP_TIME = 0.100  # s in which all torque is gone
ACCELERATION = 30.0  # rad/s² that the robot may give to a limp limb: a brisk movement of one's own
STOPPING = 4  # ticks in which it may stop one: in fewer, with a link's delay, it would throw it back
# plain ints of the flags: an IntFlag's operators cost 2 µs each, several times a tick
FINITE, LEASH = Acted.FINITE.value, Acted.LEASH.value
PASSIVITY, SOFT_START = Acted.PASSIVITY.value, Acted.SOFT_START.value
NONE, WARN, LIMIT, FREEZE, YIELD, OVER, OFF = Action


class Monitor:
    """Made once a session."""

    _now: float  # s, of the newest check
    _ramp: float  # 1 … 0 over RAMP_TIME, since arming

    def __init__(self, limits: Limits, device: DeviceFacts) -> None:
        self.device, self.joints = device, len(limits.torque)
        self.armed = False
        self.releasing = False  # a normal end: ramp off without a fault
        self.acted = 0
        self._notice = ""
        self._sent = Sent(self.joints, device.period)
        self.ladder = Ladder(device.safe_stop)
        self._pace = Pace(device.period, self.trip)
        self._samples = Samples(self.joints, device.period, self.trip)
        self._watch = Watch(device, limits, self._sent, self.trip)
        self._energy = Energy(device, limits, self._sent)
        self._hold, self._fade = Hold(device), Fade(device)
        self._bounds = Bounds(device.period, self._sent)
        self._most_limp = tuple([ACCELERATION * inertia for inertia in device.inertia])
        self._stop_limp = tuple([inertia / (STOPPING * device.period) for inertia in device.inertia])
        self.limits = limits

    @property
    def limits(self) -> Limits:
        return self._limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        """Every stage keeps what it needs as plain attributes: looked up in every tick."""
        self._limits = limits
        speed, mass = limits.values["speed"], self.device.mass
        if mass > 0.0:
            speed = min(speed, sqrt(2.0 * limits.values["kinetic"] / mass))
        self._watchdog = limits.values["watchdog"]
        self._pace.follow(limits)
        self._samples.follow(limits, tuple([OVERSPEED * fastest for fastest in limits.joint_speed]))
        self._watch.follow(limits, speed)
        self._energy.follow(limits)
        self._hold.follow(limits)
        self._fade.follow(limits)
        self._bounds.follow(limits, speed)

    @property
    def delay(self) -> float:
        """s that a command takes to the motors, if known: torque and motion are paired by it and the samples' age."""
        return self._sent.delay

    @delay.setter
    def delay(self, seconds: float) -> None:
        self._sent.delay = seconds

    @property
    def good(self) -> Sample | None:
        """The last sample that was accepted."""
        return self._samples.good

    @property
    def sent(self) -> Floats:
        """Torque N·m of the last tick."""
        return self._sent.torque

    @property
    def account(self) -> Account:
        return self._energy.account

    @property
    def tank(self) -> Tank:
        return self._energy.tank

    @property
    def notice(self) -> str:
        """The last thing that was only worth a warning."""
        return self._notice or self._watch.notice

    @property
    def fault(self) -> Fault:
        """The latched fault; NONE while there is none."""
        return self.ladder.fault

    @property
    def fault_action(self) -> Action:
        return self.ladder.action

    @property
    def reason(self) -> str:
        """Why the fault was latched, in words with numbers."""
        return self.ladder.reason

    @property
    def why(self) -> str:
        """What limited the torque of the last tick, and whose limit it was: "12.0 N·m: limited by the force limit 30 N
        (patient)". "" if nothing did."""
        return why(self.acted, self.sent, self._limits)

    # deliberate acts -------------------------------------------------------------------------------------------------

    def arm(self) -> None:
        """From now on torque may be sent, softly. Refused (ValueError) while a fault is latched or the emergency stop
        is pressed; it is the rising edge that the emergency stop's latch waits for."""
        if self.fault:
            raise ValueError(f"{self.fault.label} is latched: reset first")
        latch = self._samples.latch
        latch.reset(False)
        if not latch.reset(True):
            raise ValueError("the emergency stop is pressed, or no sample has come yet: release it, then arm again")
        self.armed, self.releasing = True, False
        self._ramp = 1.0
        self._hold.end()
        self._watch.begin(self.good.qd if self.good else self._sent.zero)
        self._energy.forget_motion()
        self._energy.begin()
        self._pace.begin()
        self.soft_start()

    def disarm(self) -> None:
        """Nothing more is sent; a latched fault stays."""
        self.armed = self.releasing = False
        self._sent.nothing()

    def soft_start(self) -> None:
        """Torque fades in again from nothing: after arming, a pause, a change of block."""
        self._fade.begin()
        self.account.forget()

    def freeze(self, q: Floats | None) -> None:
        """Hold the arm softly at q instead of following the controller; None ends it, with a soft start."""
        if q is not None:
            self._hold.q = q
        elif self._hold.q is not None:
            self._hold.end()
            self.soft_start()

    def release(self) -> None:
        """A normal end: torque ramps to zero, then the power stage goes off."""
        self.releasing = True

    def expect(self, until: float, torque: float) -> None:
        """A perturbation that the protocol declares: until then (s, on the samples' clock) the limb may answer with
        this much more torque (N·m), and change the power's sign, without being taken for a spasm or oscillation."""
        self._watch.expect(until, torque)

    def reset(self) -> None:
        """Clear the latched fault; nothing is armed by it. Refused (ValueError) while the emergency stop is pressed, or
        samples are still too old or not finite. What else still stands trips again at the first tick after arming."""
        if self._samples.latch.pressed and self.fault in (Fault.ESTOP, Fault.ESTOP_CHANNELS):
            raise ValueError("the emergency stop is still pressed")
        if self._samples.cause:
            raise ValueError(self._samples.cause)
        if self.armed:
            self.disarm()
        self.ladder.reset()
        self._samples.forget()
        self._watch.forget_faults()
        self._notice = ""

    def trip(self, fault: Fault, reason: str, action: Action | None = None) -> None:
        """Latch a fault; a worse one replaces a milder one. Nothing is latched before arming. What asks for less than
        FREEZE is only noted."""
        if self.ladder.renamed(fault, reason) or not self.armed:
            return
        if self.ladder.wanted(fault, action) < FREEZE:
            self._notice = f"{fault.label}: {reason}"
            return
        if self.ladder.trip(fault, reason, action) and self.ladder.action is FREEZE and self._hold.q is None:
            self._hold.q = self.good.q if self.good else None

    @property
    def at_rest(self) -> bool:
        """A stop or a release has come to its end: the device may be disarmed now."""
        if not self.armed or self.ladder.action is OFF:
            return True
        ramping = self.releasing or self.ladder.action is OVER
        return ramping and self._ramp <= 0.0

    # each tick -------------------------------------------------------------------------------------------------------

    def pace(self, skipped: int, late: float, by: Fault = Fault.LOOP_OVERRUN, who: str = "") -> None:
        """What the loop's own timing asks for: a tick late beyond the limit, or too few ticks in a second. `by` and
        `who`: the fault, and its author in words, where a plug-in alone took more than the tick before."""
        self._pace.step(skipped, late, by, who)

    def check(self, now: float, sample: Sample) -> Health:
        """Is this sample fit for control, and does it ask for a stop? `now` in s on the sample's clock."""
        self._now = now
        if self._samples.good is None:
            self._watch.forget_motion()
            self._energy.forget_motion()
        return self._samples.check(now, sample, self.armed)

    def leash(self, reference: Floats, hand: Floats, stiffness: float) -> Floats:
        """The reference, pulled back to within F_max/K of the hand (m), so that the spring cannot exceed F_max; where
        no stiffness (N/m) is declared, to within the limit `leash`."""
        return self._energy.leash(reference, hand, stiffness)

    def decide(
        self,
        sample: Sample,
        speed: float,
        wish: Floats,
        gravity: Floats,
        force_map: tuple[Floats, ...],
        health: Health,
        feed_forward: Floats = (),
    ) -> Decision:
        """What is really sent. `speed` m/s of the hand, `gravity` g(q) in N·m, `force_map` G (d, n) in rows with which
        torque makes the force F = G τ at the hand, finite in every pose; `feed_forward` N·m is the part of the wish
        that the controller declares to be no spring. Call `trip` before for what the tick itself found (a raising
        controller)."""
        if not (self.armed and self._samples.latch.ok):
            return self._send(self._sent.zero, False, NONE, 0, 0.0)
        acted = 0
        if len(wish) != self.joints or not isfinite(sum(wish)):
            self.trip(Fault.TORQUE_NOT_FINITE, "the controller wished a torque that is not finite")
            wish, acted = self._sent.zero, FINITE
        energy, held, qd = self._energy, self._hold.q, sample.qd
        calm = self._watch.step(self._now, sample, speed, force_map, gravity)
        energy.aside(feed_forward, gravity, self._fade.scale, force_map)
        energy.keep(sample, self._bounds.force, None if held is None else self._hold.stored(held, sample.q))
        if energy.account.energy < -CREATED:
            words = f"the controller created {-energy.account.energy:.2f} J in spite of damping"
            self.trip(Fault.OSCILLATION, words)
        action = self._asked_for(health)
        if held is not None:
            wish = self._hold.wish(wish, gravity, sample, held)
        scale = self._fade.step(action >= YIELD)
        if scale < 1.0:
            acted |= SOFT_START
            wish = self._fade.torque(wish, gravity, qd)
        torque, acted = self._filtered(wish, gravity, sample, speed, force_map, acted, calm)
        energy.let_through(torque, wish)
        if action >= OVER:
            self._ramp = max(0.0, self._ramp - self.device.period / RAMP_TIME)
            torque = filters.scaled(torque, self._ramp)
        enable = action < OVER or (action is OVER and self._ramp > 0.0)
        if not (enable and isfinite(sum(torque))):
            torque = self._sent.zero
        if energy.leashed:
            acted |= LEASH
            energy.leashed = False
        if action is NONE:
            if acted & ~SOFT_START:
                action = LIMIT
            elif self._pace.slow:
                action = WARN
        return self._send(torque, enable, action, acted, scale)

    def _asked_for(self, health: Health) -> Action:
        """The worst step of the ladder that anything asks for."""
        action = health.action
        if self.ladder.action > action:
            action = self.ladder.action
        if self.releasing and action < OVER:
            return OVER
        return FREEZE if self._hold.q is not None and action < FREEZE else action

    def _filtered(
        self, torque: Floats, gravity: Floats, sample: Sample, speed: float, force_map: tuple[Floats, ...], acted: int,
        calm: bool,
    ) -> tuple[Floats, int]:  # fmt: skip
        """All stages, in their order; whatever is added at the end of them goes through the bounds once more."""
        watch, bounds, energy, qd = self._watch, self._bounds, self._energy, sample.qd
        if watch.limp > 0.0:
            watch.limp -= self.device.period
            torque = filters.bound_acceleration(
                torque, gravity, qd, self._most_limp, self._stop_limp, self.device.yield_damping
            )
            acted |= PASSIVITY
        torque, acted = bounds.step(torque, sample, speed, force_map, acted, calm)
        watch.flow(self._now, bounds.given)
        if energy.account.energy < -DEAD_BAND and self.ladder.action < YIELD:
            more = energy.damped(torque, qd, force_map)
            if more is not torque:
                torque, acted = bounds.step(more, sample, speed, force_map, acted | PASSIVITY, calm)
                watch.flow(self._now, bounds.given)
        share = energy.affordable(torque, qd, bounds.force)
        if share < 1.0:
            torque = energy.weakened(torque, share)
            bounds.force = filters.hand_force(torque, force_map)
            acted |= PASSIVITY
        return torque, acted

    def _send(self, torque: Floats, enable: bool, action: Action, acted: int, scale: float) -> Decision:
        self.acted = acted
        self._sent.put(torque)
        return Decision(Command(torque, enable, self._watchdog), action, int(self.ladder.fault), acted, scale)
