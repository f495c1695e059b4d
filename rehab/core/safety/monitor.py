"""The safety monitor: inputs and wish -> decision. The same object, the same limits, in simulation and on hardware.

What is sent is

    τ = s·τ_wish + (1 − s)·(g(q) − B_y·q̇)

with s = 1 normally, rising over the soft start after arming, falling to 0 within 50 ms when the arm must yield; then
growth, saturation, power, position and velocity, passivity, saturation again, finite. Everything is denied until the
emergency stop's latch is free and the arm is armed. A fault is latched until `reset`.

In every tick, in this order: `pace`, `check`, `leash`, `decide`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import isfinite, sqrt
from operator import mul
from typing import NamedTuple

from rehab.core.limits import Limits
from rehab.core.safety import filters, passivity
from rehab.core.safety.detectors import FLIP_POWER, Disagreement, Frozen, Interaction, Jump, Oscillation
from rehab.core.safety.faults import Fault
from rehab.core.safety.ladder import EstopLatch, Ladder
from rehab.core.safety.passivity import Account
from rehab.core.safety.reasons import why
from rehab.core.safety.tank import Tank
from rehab.core.values import Acted, Action, Command, Decision, Floats, Health, Inputs, Sample, Status

YIELD_TIME = 0.050  # s in which stiffness is gone
RAMP_TIME = 0.100  # s in which all torque is gone
HOLD_SHARE = 0.5  # of the torque limit per radian: the stiffness with which a paused arm is held
POSITION_MARGIN = 0.035  # rad (2 degrees) beyond a limit: the arm yields
POSITION_STOP = 0.105  # rad (6 degrees) beyond: it stops
OVERSPEED, OVERSPEED_TIME = 1.2, 0.010  # share of the limit, for how long (s), until the arm yields
OVERFORCE, OVERFORCE_TIME = 1.5, 0.020  # share of the limit that stops at once; for how long above it the arm yields
RATE_WARN = 0.95  # share of the ticks of a second below which it is said
CREATED = 0.2  # J that the controller created in spite of damping: 20 N over a centimetre
LIMP_TIME = 0.300  # s for which motion is damped after a sudden loss of effort
ACCELERATION = 30.0  # rad/s² that the robot may give to a limp limb: a brisk movement of one's own
SLOW = 0.005  # s: how often the detectors of slow things look
PLENTY = 0.1  # J: more than a tick can cost; with less in the tank the cost is looked at before it is spent
HISTORY = 33  # ticks of torque that are remembered, to pair with samples of that age
# plain ints of the flags: an IntFlag's operators cost 2 µs each, several times a tick
FINITE, LEASH, GROWTH, SATURATION = (a.value for a in (Acted.FINITE, Acted.LEASH, Acted.GROWTH, Acted.SATURATION))
POWER, POSITION, VELOCITY = Acted.POWER.value, Acted.POSITION.value, Acted.VELOCITY.value
PASSIVITY, SOFT_START = Acted.PASSIVITY.value, Acted.SOFT_START.value
ESTOP_A, ESTOP_B = Inputs.ESTOP_A.value, Inputs.ESTOP_B.value
ESTOP = ESTOP_A | ESTOP_B
ARMED = Status.ARMED.value
BAD_STATUS = (
    Status.FAULTED
    | Status.WATCHDOG_TRIPPED
    | Status.OVER_TEMPERATURE
    | Status.BROWN_OUT
    | Status.ENCODER_ERROR
    | Status.INTERNAL_ERROR
).value
NONE, WARN, LIMIT, FREEZE, YIELD, OVER, OFF = Action
WELL = Health(NONE, 0, True)


class DeviceFacts(NamedTuple):
    """What the monitor needs to know of a device.

    damping  declared viscous friction of each joint; () is none
    inertia  of each joint in the home pose, without a limb; () if unknown: then what the limb does cannot be seen
    mass     of the bare robot at the hand, kg: for the limit of kinetic energy; 0 if unknown
    """

    period: float  # s
    safe_stop: Action  # YIELD, RAMP_OFF or TORQUE_OFF
    yield_damping: Floats  # N·m·s/rad
    damping: Floats = ()  # N·m·s/rad
    inertia: Floats = ()  # kg·m²
    mass: float = 0.0  # kg


class Monitor:
    """Made once a session."""

    def __init__(self, limits: Limits, device: DeviceFacts) -> None:
        self.device, self.joints = device, len(limits.torque)
        self.period = period = device.period
        self._zero: Floats = (0.0,) * self.joints
        self._frictions = device.damping or self._zero
        self.delay = 0.0
        self.armed = False
        self.ladder, self.latch = Ladder(device.safe_stop), EstopLatch()
        self.notice = ""  # the last thing that was only worth a warning
        self.releasing = False  # a normal end: ramp off without a fault
        self.good: Sample | None = None  # the last sample that was accepted
        self.sent: Floats = self._zero  # torque of the last tick
        self.acted = 0
        self.tank = Tank(limits.values["tank"])
        self.account = Account(self.tank, self._frictions)
        self._history: deque[Floats] = deque([self._zero] * HISTORY, maxlen=HISTORY)
        self._slow = max(2, round(SLOW / period))  # ticks
        self._jump, self._frozen = Jump(), Frozen(limits.torque, self._slow * period)
        self._disagreement, self._oscillation = Disagreement(limits.torque), Oscillation(period)
        self._interaction = Interaction(device.inertia or self._zero, self._frictions, self._slow * period)
        least = min(device.inertia, default=0.0)
        self._most_damping = 0.25 * least / period if least else min(device.yield_damping)
        self._ticks = 0
        self._before: Floats = ()  # q of the tick before
        self._held: Floats | None = None  # q of a paused arm
        self._hold = 0.0  # 0 controller … 1 hold impedance
        self._scale = 0.0
        self._soft = 0.0  # progress of the soft start, s
        self._ramp = 1.0  # 1 … 0 over RAMP_TIME
        self._overspeed = self._overforce = self._limp = 0.0  # s
        self._now = 0.0
        self._cause = ""  # why a reset is refused
        self._expected = (-1.0, 0.0)  # until when (s) how much more torque (N·m) of the limb is no spasm
        self._leashed = False
        self._aim: tuple[Floats, float, float] | None = None  # reference, stiffness, squared stretch
        self._force: Sequence[float] = ()  # N at the hand, of the torque sent last
        self._skips = bytearray(round(1.0 / period))  # the last second: 1 where a tick was skipped
        self._skips_at = self._skip_count = 0
        self.limits = limits

    @property
    def limits(self) -> Limits:
        return self._limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        """Kept as plain attributes: looked up in every tick."""
        self._limits, values = limits, limits.values
        self._step = tuple([rate * self.period for rate in limits.growth])
        self._most_force, self._most_power = values["force"], values["power"]
        kinetic = sqrt(2.0 * values["kinetic"] / self.device.mass) if self.device.mass > 0.0 else values["speed"]
        self._most_speed = min(values["speed"], kinetic)
        self._fast_hand = OVERSPEED * self._most_speed
        self._fast = tuple([OVERSPEED * speed for speed in limits.joint_speed])
        self._ranges = tuple(zip(limits.q_min, limits.q_max, limits.joint_speed, strict=True))
        self._stale, self._fade, self._late = values["stale_stop"], values["stale_fade"], values["overrun_stop"]
        self._soft_time, self._watchdog, self._leash = values["soft_start"], values["watchdog"], values["leash"]
        self._spasm, self._jump_size = values["spasm"], values["jump"]
        self._refill = values["refill"] * self.period
        self.tank.capacity = values["tank"]
        self.tank.refill(0.0)

    @property
    def delay(self) -> float:
        """s that a command takes to the motors, if known: torque and motion are paired by it and the samples' age."""
        return self._delay

    @delay.setter
    def delay(self, seconds: float) -> None:
        self._delay, self._half = seconds, 0.5 * self.period - seconds

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
        self.latch.reset(False)
        if not self.latch.reset(True):
            raise ValueError("the emergency stop is pressed, or no sample has come yet: release it, then arm again")
        self.armed, self.releasing, self._held = True, False, None
        self._ramp, self._hold = 1.0, 0.0
        self._be_still()
        self._interaction.begin(self.good.qd if self.good else self._zero)
        self._forget_motion()
        self.tank.empty()
        self.account.energy = 0.0
        self._skips = bytearray(len(self._skips))
        self._skip_count = 0
        self.soft_start()

    def disarm(self) -> None:
        """Nothing more is sent; a latched fault stays."""
        self.armed = self.releasing = False
        self._be_still()

    def _be_still(self) -> None:
        self.sent = self._zero
        self._history.extend([self._zero] * HISTORY)

    def soft_start(self) -> None:
        """Torque fades in again from nothing: after arming, a pause, a change of controller or of block."""
        self._soft = self._scale = 0.0
        self.account.forget()

    def freeze(self, q: Floats | None) -> None:
        """Hold the arm softly at q instead of following the controller; None ends it, with a soft start."""
        if q is None and self._held is not None:
            self._hold = 0.0
            self.soft_start()
        self._held = q

    def release(self) -> None:
        """A normal end: torque ramps to zero, then the power stage goes off."""
        self.releasing = True

    def expect(self, until: float, torque: float) -> None:
        """A perturbation that the protocol declares: until then (s, on the samples' clock) the limb may answer with
        this much more torque (N·m), and change the power's sign, without being taken for a spasm or oscillation."""
        self._expected = (until, torque)

    def reset(self) -> None:
        """Clear the latched fault; nothing is armed by it. Refused (ValueError) while the emergency stop is pressed, or
        samples are still too old or not finite. What else still stands trips again at the first tick after arming."""
        if self.latch.pressed and self.fault in (Fault.ESTOP, Fault.ESTOP_CHANNELS):
            raise ValueError("the emergency stop is still pressed")
        if self._cause:
            raise ValueError(self._cause)
        if self.armed:
            self.disarm()
        self.ladder.reset()
        self._jump, self._overspeed, self._overforce = Jump(), 0.0, 0.0
        self.notice = ""
        self.good = None

    def trip(self, fault: Fault, reason: str, action: Action | None = None) -> None:
        """Latch a fault; a worse one replaces a milder one. Nothing is latched before arming. What asks for less than
        FREEZE is only noted."""
        if not self.armed:
            return
        if self.ladder.wanted(fault, action) < FREEZE:
            self.notice = f"{fault.label}: {reason}"
            return
        if self.ladder.trip(fault, reason, action) and self.ladder.action is FREEZE and self._held is None:
            self._held = self.good.q if self.good else None

    @property
    def at_rest(self) -> bool:
        """A stop or a release has come to its end: the device may be disarmed now."""
        if not self.armed or self.ladder.action is OFF:
            return True
        ramping = self.releasing or self.ladder.action is OVER
        return ramping and self._ramp <= 0.0

    # each tick -------------------------------------------------------------------------------------------------------

    def pace(self, skipped: int, late: float) -> None:
        """What the loop's own timing asks for: a tick late beyond the limit, or too few ticks in a second."""
        if late > self._late:
            allowed = self._late * 1e3
            self.trip(Fault.LOOP_OVERRUN, f"a tick was {late * 1e3:.1f} ms late; {allowed:.0f} ms are allowed")
        for _ in range(min(skipped, len(self._skips))):
            self._note_period(1)
        self._note_period(0)
        if self._skip_count > 0:
            kept = 1.0 - self._skip_count / len(self._skips)
            if kept < RATE_WARN:
                words = f"only {kept * 100:.0f} % of the ticks of the last second ran"
                self.trip(Fault.LOOP_OVERRUN, words, None if kept < self._limits.values["rate_stop"] else WARN)

    def _note_period(self, missed: int) -> None:
        at = self._skips_at
        self._skip_count += missed - self._skips[at]
        self._skips[at] = missed
        self._skips_at = at + 1 if at + 1 < len(self._skips) else 0

    def check(self, now: float, sample: Sample) -> Health:
        """Is this sample fit for control, and does it ask for a stop? `now` in s on the sample's clock."""
        self._now = now
        time, sequence, age, q, qd, tau, force, status, inputs = sample
        if inputs & ESTOP or self.latch.pressed:
            self._estop(self.latch.see(bool(inputs & ESTOP_A), bool(inputs & ESTOP_B), self.period))
        if status & BAD_STATUS:
            self.trip(Fault.DEVICE_FAULT, "device status: " + ", ".join(_words(status & BAD_STATUS)))
        elif self.armed and not status & ARMED:
            self.trip(Fault.DEVICE_FAULT, "the device has disarmed itself")
        n = self.joints
        # a sum that holds a NaN or an infinity is never finite again
        if not (len(q) == len(qd) == len(tau) == n and isfinite(sum(q) + sum(qd) + sum(tau) + sum(force) + time + age)):
            self._cause = "the newest sample still holds a number that is not finite"
            self.trip(Fault.SAMPLE_NOT_FINITE, f"sample {sequence} holds a number that is not finite")
            return Health(NONE, self.ladder.fault.value, usable=False)
        last = self.good
        usable, self._cause = True, ""
        if last is None:
            self._forget_motion()
            self.good = sample
        elif self._follows(now, sample, last):
            self.good = sample
        else:
            usable, age = False, max(age, now - last.time)  # of the sample that is used instead
        if age > self._fade:
            if age > self._stale:
                allowed = self._stale * 1e3
                self._cause = "the newest sample is still too old"
                self.trip(
                    Fault.LINK_STALE, f"the newest sample is {age * 1e3:.1f} ms old; {allowed:.0f} ms are allowed"
                )
            else:  # passes by itself when samples are fresh again
                return Health(YIELD, Fault.LINK_STALE.value, usable)
        return WELL if usable else Health(NONE, 0, usable=False)

    def _forget_motion(self) -> None:
        """What was measured before has nothing to do with what comes."""
        self._before = ()
        self._disagreement.forget()
        self._frozen.forget()

    def _estop(self, pressed: Fault) -> None:
        """Only the words of a latched stop may still change: which of the two channels never followed is a repair."""
        if pressed is Fault.ESTOP_CHANNELS:
            words = "one emergency-stop channel is open and the other is not"
            if self.ladder.fault is Fault.ESTOP:
                self.ladder.fault, self.ladder.reason = pressed, words
            self.trip(pressed, words)
        elif pressed:
            self.trip(pressed, "an emergency-stop channel is open")

    def _follows(self, now: float, sample: Sample, last: Sample) -> bool:
        """Newer than the last accepted sample, and no joint farther from it than its speed allows."""
        elapsed = sample.time - last.time
        if elapsed < 0.0:
            return False  # replayed or out of order: the state never goes back in time
        span, slack = elapsed if elapsed > self.period else self.period, self._jump_size
        for angle, before, speed in zip(sample.q, last.q, self._fast, strict=True):
            allowed = speed * span + slack
            if not -allowed <= angle - before <= allowed:
                if self._jump.rejected(now):
                    step = abs(angle - before)
                    self.trip(Fault.ENCODER_JUMP, f"a joint jumped by {step:.3f} rad; {allowed:.3f} are possible")
                return False
        return True

    def leash(self, reference: Floats, hand: Floats, stiffness: float) -> Floats:
        """The reference, pulled back to within F_max/K of the hand (m), so that the spring cannot exceed F_max; where
        no stiffness (N/m) is declared, to within the limit `leash`."""
        squares = 0.0
        for r, h in zip(reference, hand, strict=True):
            squares += (r - h) * (r - h)
        most = self._most_force / stiffness if stiffness > 0.0 else self._leash
        self._leashed = squares > most * most
        if self._leashed:
            share = most / sqrt(squares)
            reference, squares = tuple([h + share * (r - h) for r, h in zip(reference, hand, strict=True)]), most * most
        self._aim = (reference, stiffness, squares) if stiffness > 0.0 else None
        return reference

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
        self._ticks += 1
        if not (self.armed and self.latch.ok):
            return self._send(self._zero, False, NONE, 0, 0.0)
        acted = 0
        if len(wish) != self.joints or not isfinite(sum(wish)):
            self.trip(Fault.TORQUE_NOT_FINITE, "the controller wished a torque that is not finite")
            wish, acted = self._zero, FINITE
        qd = sample.qd
        calm = speed <= self._most_speed and filters.calm(sample.q, qd, self._ranges)
        if calm:
            self._overspeed = 0.0
        else:
            self._watch_motion(sample, speed)
        turn = self._ticks % self._slow
        if turn == 0:
            self._watch_limb(sample, force_map)
        elif turn == self._slow - 1:
            self._watch_sensors(sample)
        self._keep_account(sample, feed_forward)
        action = health.action
        if self.ladder.action > action:
            action = self.ladder.action
        if self.releasing and action < OVER:
            action = OVER
        if self._held is not None:
            wish = self._held_wish(wish, gravity, sample)
            if action < FREEZE:
                action = FREEZE
        if action < YIELD and self._scale >= 1.0:
            scale = 1.0
        else:
            scale = self._next_scale(action)
        torque = wish
        if scale < 1.0:
            acted |= SOFT_START
            damping = self.device.yield_damping
            torque = tuple([scale * w + (1.0 - scale) * (g - b * v)
                            for w, g, b, v in zip(wish, gravity, damping, qd, strict=True)])  # fmt: skip
        torque, acted = self._filtered(torque, sample, speed, force_map, acted, calm)
        if action >= OVER:
            self._ramp = max(0.0, self._ramp - self.period / RAMP_TIME)
            torque = filters.scaled(torque, self._ramp)
        enable = action < OVER or (action is OVER and self._ramp > 0.0)
        if not (enable and isfinite(sum(torque))):
            torque = self._zero
        if self._leashed:
            acted |= LEASH
            self._leashed = False
        if action < LIMIT:
            if acted & ~SOFT_START:
                action = LIMIT
            elif self._skip_count > (1.0 - RATE_WARN) * len(self._skips):
                action = WARN
        return self._send(torque, enable, action, acted, scale)

    def _watch_motion(self, sample: Sample, speed: float) -> None:
        """Escalates what the filters alone could not hold: far outside a limit, too fast for too long."""
        share = 0.0
        for k, (angle, rate, (low, high, fastest)) in enumerate(zip(sample.q, sample.qd, self._ranges, strict=True)):
            beyond = max(angle - high, low - angle)
            if beyond > POSITION_MARGIN:
                action = OVER if beyond > POSITION_STOP else YIELD
                self.trip(Fault.POSITION_LIMIT, f"joint {k + 1} is {beyond:.3f} rad beyond its limit", action)
            share = max(share, abs(rate) / fastest)
        if share <= OVERSPEED and speed <= self._fast_hand:
            self._overspeed = 0.0
            return
        self._overspeed += self.period
        if self._overspeed >= OVERSPEED_TIME:
            words = f"hand at {speed:.2f} m/s, joint at {share * 100:.0f} % of its speed limit"
            self.trip(Fault.VELOCITY_LIMIT, words)

    def _watch_sensors(self, sample: Sample) -> None:
        """F03, F26."""
        joint = self._frozen.step(sample.time, sample.q, sample.qd, self.sent)
        if joint:
            self.trip(Fault.ENCODER_FROZEN, f"joint {joint} reads {sample.q[joint - 1]:.4f} rad whatever happens")
        words = self._disagreement.step(sample.time, sample.q, sample.qd, sample.tau, self._acting(sample.age))
        if words:
            self.trip(Fault.SENSOR_DISAGREEMENT, words)

    def _watch_limb(self, sample: Sample, force_map: tuple[Floats, ...]) -> None:
        """What the limb does to the robot: F20, F24, F25."""
        if not self.device.inertia:
            return
        limb = self._interaction
        limb.step(sample.qd, self._acting(sample.age))
        until, more = self._expected
        joint = limb.spasm(self._spasm + (more if self._now <= until else 0.0))
        if joint:
            rise = abs(limb.torque[joint - 1] - limb.course[joint - 1])
            self.trip(Fault.SPASM, f"the limb's torque at joint {joint} rose by {rise:.1f} N·m at once")
        elif limb.limp():
            self._limp = LIMP_TIME
            self.notice = f"{Fault.LIMB_LIMP.label}: the motion is damped"
        force = sample.force or filters.hand_force(limb.torque, force_map)
        squares, most = sum(map(mul, force, force)), self._most_force
        if squares <= most * most:
            self._overforce = 0.0
            return
        self._overforce += self._slow * self.period
        # only a sensor may stop the arm at once: an estimate has the speed's noise in it
        far = bool(sample.force) and squares > (OVERFORCE * most) ** 2
        if far or self._overforce > OVERFORCE_TIME:
            words = f"{sqrt(squares):.0f} N between hand and robot; {most:.0f} N are allowed"
            self.trip(Fault.FORCE_LIMIT, words, OVER if far else YIELD)

    def _acting(self, age: float) -> Floats:
        """The torque that acted on the motors when a sample of that age was taken."""
        lag = int((age + self._delay) / self.period + 0.5)
        if lag <= 0:
            return self.sent
        return self._history[-1 - lag] if lag < HISTORY else self._history[0]

    def _keep_account(self, sample: Sample, feed_forward: Floats) -> None:
        """Energy of the controller's spring, at the torque that was really sent; and the tank that pays the rest."""
        account, tank = self.account, self.tank
        if tank.level < tank.capacity:
            tank.refill(self._refill)
        before, self._before = self._before, sample.q
        if before and sample.q is not before:
            fresh = sample.age < self._half  # the usual case, without a call
            account.moved(self.sent if fresh else self._acting(sample.age), sample.q, before, sample.qd)
            if feed_forward:
                account.pay(self._scale * sum(map(mul, feed_forward, map(float.__sub__, sample.q, before))))
        aim = self._aim
        self._aim = None
        if self._held is not None:
            account.forget()
            stored = 0.0
            for most, held, angle in zip(self._limits.torque, self._held, sample.q, strict=True):
                stored += 0.5 * HOLD_SHARE * most * (held - angle) * (held - angle)
            account.settle(stored, spring=True)
        elif aim is None:
            account.forget()
            account.settle(0.0, spring=False)
        else:
            reference, stiffness, squares = aim
            stored = account.lead(self._force, reference, self._scale * stiffness, squares)
            account.settle(stored, spring=True)
        if account.energy < -CREATED and self.ladder.action < YIELD:
            self.trip(Fault.OSCILLATION, f"the controller created {-account.energy:.2f} J in spite of damping")

    def _held_wish(self, wish: Floats, gravity: Floats, sample: Sample) -> Floats:
        """The wish of a paused arm: a soft spring to where it was, crossfaded in over the yield time."""
        assert self._held is not None
        self._hold = min(1.0, self._hold + self.period / YIELD_TIME)
        held = [
            g + HOLD_SHARE * most * (rest - angle) - 2.0 * b * rate
            for g, most, rest, angle, b, rate in zip(
                gravity, self._limits.torque, self._held, sample.q, self.device.yield_damping, sample.qd, strict=True
            )
        ]
        return tuple([(1.0 - self._hold) * w + self._hold * h for w, h in zip(wish, held, strict=True)])

    def _next_scale(self, action: Action) -> float:
        if action >= YIELD:
            self._scale = max(0.0, self._scale - self.period / YIELD_TIME)
            self._soft = 0.0  # whatever comes back, comes back softly
        else:
            self._soft += self.period
            self._scale = max(self._scale, filters.smoothstep(self._soft / self._soft_time))
        return self._scale

    def _filtered(
        self, torque: Floats, sample: Sample, speed: float, force_map: tuple[Floats, ...], acted: int, calm: bool
    ) -> tuple[Floats, int]:
        """All stages, in their order; whatever is added at the end of them goes through the bounds once more."""
        if self._limp > 0.0:
            self._limp -= self.period
            most = tuple([ACCELERATION * i for i in self.device.inertia])
            torque = filters.bound_acceleration(torque, sample.qd, most, self.device.yield_damping)
            acted |= PASSIVITY
        torque, acted = self._bounded(torque, sample, speed, force_map, acted, calm)
        if self.account.energy < -passivity.DEAD_BAND and self.ladder.action < YIELD:
            rate = self._error_rate(sample.qd, force_map)
            more = passivity.damped(torque, self.account.energy, rate, self.period, self._most_damping)
            if more is not torque:
                torque, acted = self._bounded(more, sample, speed, force_map, acted | PASSIVITY, calm)
        if self.tank.level < PLENTY:
            share = self._affordable(torque, sample.qd)
            if share < 1.0:
                torque, self._force = filters.scaled(torque, share), filters.scaled(self._force, share)
                acted |= PASSIVITY
        return torque, acted

    def _bounded(
        self, torque: Floats, sample: Sample, speed: float, force_map: tuple[Floats, ...], acted: int, calm: bool
    ) -> tuple[Floats, int]:
        """Growth, saturation, power, position, velocity. Scaling all joints alike keeps every bound that is met."""
        limits, qd = self._limits, sample.qd
        # scaled before growth too: else growth, limiting each joint by itself, would turn the force's direction
        wish = self._weakened(torque, force_map)
        if wish is not torque:
            acted |= SATURATION
        given = sum(map(mul, wish, qd))  # W, robot to limb
        if not -FLIP_POWER <= given <= FLIP_POWER and self._oscillation.step(given, self._ticks):
            self._oscillates()
        if calm and given <= self._most_power and filters.free(wish, self.sent, self._step, limits.torque):
            return wish, acted  # the usual tick: nothing to do
        grown = filters.growth(wish, self.sent, self._step)
        kept = filters.saturate(grown, limits.torque)
        weak = filters.power(kept, qd, self._most_power)
        inside = filters.position(weak, sample.q, qd, limits.q_min, limits.q_max)
        braking = filters.brake_only(inside, qd, limits.joint_speed, all_joints=speed > self._most_speed)
        # joints were changed one by one: force and power of what is left are new
        left = filters.power(self._weakened(braking, force_map), qd, self._most_power)
        self._force = filters.hand_force(left, force_map)
        for bit, before, after in (
            (GROWTH, wish, grown), (SATURATION, grown, kept), (POWER, kept, weak), (POSITION, weak, inside),
            (VELOCITY, inside, braking), (SATURATION | POWER, braking, left),
        ):  # fmt: skip
            if after != before:
                acted |= bit
        return left, acted

    def _weakened(self, torque: Floats, force_map: tuple[Floats, ...]) -> Floats:
        """All torque scaled by F_max/|F| where the hand would feel more than F_max; its direction stays."""
        force = [sum(map(mul, row, torque)) for row in force_map]
        squares, most = sum(map(mul, force, force)), self._most_force
        if squares <= most * most:
            self._force = force
            return torque
        share = most / sqrt(squares)
        self._force = filters.scaled(force, share)
        return filters.scaled(torque, share)

    def _oscillates(self) -> None:
        if self._now > self._expected[0]:
            self.trip(Fault.OSCILLATION, "the robot's power changes sign faster than a limb can make it")

    def _error_rate(self, qd: Floats, force_map: tuple[Floats, ...]) -> Floats:
        """ė = q̇_r − q̇; q̇_r = Gᵀ ẋ_r, since G is the transposed pseudo-inverse of the Jacobian."""
        led = self.account.led
        if not led:
            return tuple([-rate for rate in qd])
        columns = zip(*force_map, strict=True)
        return tuple([sum(map(mul, column, led)) / self.period - rate
                      for column, rate in zip(columns, qd, strict=True)])  # fmt: skip

    def _affordable(self, torque: Floats, qd: Floats) -> float:
        """The share of the torque whose price in the coming tick the tank can pay."""
        if self.account.led:
            price = sum(map(mul, self._force, self.account.led))
        else:
            price = self.period * sum(map(mul, torque, qd))
        available = self.tank.available
        return available / price if price > available else 1.0

    def _send(self, torque: Floats, enable: bool, action: Action, acted: int, scale: float) -> Decision:
        self.sent, self.acted = torque, acted
        self._history.append(torque)
        command = Command(torque, enable, self._watchdog)
        return Decision(command, action, self.ladder.fault.value, acted, scale)


def _words(status: int) -> list[str]:
    return [bit.name.lower().replace("_", " ") for bit in Status(status) if bit.name]
