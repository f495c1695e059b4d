"""The safety monitor: inputs and wish -> decision. The same object, the same limits, in simulation and on hardware.

What is sent is

    τ = s·τ_wish + (1 − s)·(g(q) − B_y·q̇)

with s = 1 normally, rising over the soft start after arming, falling to 0 within 50 ms when the arm must yield; then
growth, saturation, position, velocity. Everything is denied until armed. A fault is latched until `reset`.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from rehab.core.limits import Limits
from rehab.core.safety import filters
from rehab.core.safety.faults import FACTS, Fault
from rehab.core.values import Acted, Action, Command, Decision, Floats, Health, Inputs, Sample, Status

YIELD_TIME = 0.050  # s in which stiffness is gone
RAMP_TIME = 0.100  # s in which all torque is gone
HOLD_SHARE = 0.5  # of the torque limit per radian: the stiffness with which a paused arm is held
POSITION_MARGIN = 0.035  # rad (2 degrees) beyond a limit: the arm yields
POSITION_STOP = 0.105  # rad (6 degrees) beyond: it stops
OVERSPEED, OVERSPEED_TIME = 1.2, 0.010  # share of the limit, for how long (s), until the arm yields
JUMPS, JUMP_WINDOW = 3, 0.050  # rejected samples in that many s until the session stops
OVER = Action.RAMP_OFF
# plain ints of the flags: an IntFlag's operators cost 2 µs each, several times a tick
GROWTH, SATURATION, SOFT_START = Acted.GROWTH.value, Acted.SATURATION.value, Acted.SOFT_START.value
POSITION, VELOCITY = Acted.POSITION.value, Acted.VELOCITY.value
ESTOP = (Inputs.ESTOP_A | Inputs.ESTOP_B).value
ARMED = Status.ARMED.value
BAD_STATUS = (
    Status.FAULTED
    | Status.WATCHDOG_TRIPPED
    | Status.OVER_TEMPERATURE
    | Status.BROWN_OUT
    | Status.ENCODER_ERROR
    | Status.INTERNAL_ERROR
).value


class DeviceFacts(NamedTuple):
    """What the monitor needs to know of a device."""

    period: float  # s
    safe_stop: Action  # YIELD, RAMP_OFF or TORQUE_OFF
    yield_damping: Floats  # N·m·s/rad


class Monitor:
    """Made once a session; `check` and `decide` are called in every tick, in this order."""

    def __init__(self, limits: Limits, device: DeviceFacts) -> None:
        self.limits, self.device = limits, device
        self.joints = len(limits.torque)
        self._zero: Floats = (0.0,) * self.joints
        self.armed = False
        self.fault = Fault.NONE  # latched
        self.fault_action = Action.NONE
        self.reason = ""
        self.releasing = False  # a normal end: ramp off without a fault
        self.good: Sample | None = None  # the last sample that was accepted
        self.sent: Floats = self._zero  # torque of the last tick
        self._held: Floats | None = None  # q of a paused arm
        self._hold = 0.0  # 0 controller … 1 hold impedance
        self._scale = 0.0
        self._soft = 0.0  # progress of the soft start, s
        self._ramp = 1.0  # 1 … 0 over RAMP_TIME
        self._jumps = 0
        self._jump_started = 0.0
        self._overspeed = 0.0
        self._skips = bytearray(round(1.0 / device.period))  # the last second: 1 where a tick was skipped
        self._skips_at = 0
        self._skip_count = 0

    # deliberate acts -------------------------------------------------------------------------------------------------

    def arm(self) -> None:
        """From now on torque may be sent, softly. Refused (ValueError) while a fault is latched."""
        if self.fault:
            raise ValueError(f"{self.fault.label} is latched: reset first")
        self.armed, self.releasing, self._held = True, False, None
        self._ramp, self._hold = 1.0, 0.0
        self.sent = self._zero
        self._forget_skips()
        self.soft_start()

    def disarm(self) -> None:
        """Nothing more is sent; a latched fault stays."""
        self.armed = self.releasing = False
        self.sent = self._zero

    def soft_start(self) -> None:
        """Torque fades in again from nothing: after arming, a pause, a change of controller or of block."""
        self._soft = self._scale = 0.0

    def freeze(self, q: Floats | None) -> None:
        """Hold the arm softly at q instead of following the controller; None ends it, with a soft start."""
        if q is None and self._held is not None:
            self._hold = 0.0
            self.soft_start()
        self._held = q

    def release(self) -> None:
        """A normal end: torque ramps to zero, then the power stage goes off."""
        self.releasing = True

    def reset(self) -> None:
        """Clear the latched fault; nothing is armed by it."""
        if self.armed:
            self.disarm()
        self.fault, self.fault_action, self.reason = Fault.NONE, Action.NONE, ""
        self._jumps, self._overspeed = 0, 0.0
        self.good = None

    def _forget_skips(self) -> None:
        self._skips = bytearray(len(self._skips))
        self._skip_count = 0

    def trip(self, fault: Fault, reason: str, action: Action | None = None) -> None:
        """Latch a fault; a worse one replaces a milder one. Nothing is latched before arming."""
        if not self.armed:
            return
        facts = FACTS[fault]
        wanted = facts.action if action is None else action
        if wanted is OVER:
            wanted = self.device.safe_stop if facts.trusts_position else max(self.device.safe_stop, OVER)
        if wanted > self.fault_action:
            self.fault, self.fault_action, self.reason = fault, wanted, reason

    @property
    def at_rest(self) -> bool:
        """A stop or a release has come to its end: the device may be disarmed now."""
        if not self.armed or self.fault_action is Action.TORQUE_OFF:
            return True
        ramping = self.releasing or self.fault_action is Action.RAMP_OFF
        return ramping and self._ramp <= 0.0

    # each tick -------------------------------------------------------------------------------------------------------

    def pace(self, skipped: int, late: float) -> None:
        """What the loop's own timing asks for: a tick late beyond the limit, or too few ticks in a second."""
        for _ in range(min(skipped, len(self._skips))):
            self._note_period(1)
        self._note_period(0)
        limit = self.limits.values["overrun_stop"]
        if late > limit:
            self.trip(Fault.LOOP_OVERRUN, f"a tick was {late * 1e3:.1f} ms late; {limit * 1e3:.0f} ms are allowed")
        kept = 1.0 - self._skip_count / len(self._skips)
        if kept < self.limits.values["rate_stop"]:
            self.trip(Fault.LOOP_OVERRUN, f"only {kept * 100:.0f} % of the ticks of the last second ran")

    def _note_period(self, missed: int) -> None:
        at = self._skips_at
        self._skip_count += missed - self._skips[at]
        self._skips[at] = missed
        self._skips_at = at + 1 if at + 1 < len(self._skips) else 0

    def check(self, now: float, sample: Sample) -> Health:
        """Is this sample fit for control, and does it ask for a stop? `now` in s on the sample's clock."""
        action = Action.NONE
        lengths = len(sample.q), len(sample.qd), len(sample.tau)
        if lengths != (self.joints,) * 3 or not filters.all_finite(
            sample.q, sample.qd, sample.tau, sample.force, (sample.time, sample.age)
        ):
            self.trip(Fault.SAMPLE_NOT_FINITE, f"sample {sample.sequence} holds a number that is not finite")
            return Health(Action.NONE, self.fault, usable=False)
        if sample.inputs & ESTOP:
            self.trip(Fault.ESTOP, "an emergency-stop channel is open")
        bad = sample.status & BAD_STATUS
        if bad:
            self.trip(Fault.DEVICE_FAULT, "device status: " + ", ".join(_words(bad)))
        elif self.armed and not sample.status & ARMED:
            self.trip(Fault.DEVICE_FAULT, "the device has disarmed itself")
        stop, fade = self.limits.values["stale_stop"], self.limits.values["stale_fade"]
        if sample.age > stop:
            self.trip(
                Fault.LINK_STALE, f"the newest sample is {sample.age * 1e3:.1f} ms old; {stop * 1e3:.0f} ms are allowed"
            )
        elif sample.age > fade:
            action = Action.YIELD  # passes by itself when samples are fresh again
        usable = self._continuous(now, sample)
        if usable:
            self.good = sample
        return Health(action, Fault.LINK_STALE if action else Fault.NONE, usable)

    def _continuous(self, now: float, sample: Sample) -> bool:
        """No joint moved farther since the last accepted sample than its speed allows."""
        last = self.good
        if last is None or sample.sequence == last.sequence:
            return True
        elapsed = max(self.device.period, sample.time - last.time)
        for k in range(self.joints):
            allowed = OVERSPEED * self.limits.joint_speed[k] * elapsed + self.limits.values["jump"]
            if not abs(sample.q[k] - last.q[k]) <= allowed:
                if self._jumps == 0 or now - self._jump_started > JUMP_WINDOW:
                    self._jumps, self._jump_started = 0, now
                self._jumps += 1
                if self._jumps >= JUMPS:
                    step = abs(sample.q[k] - last.q[k])
                    self.trip(Fault.ENCODER_JUMP, f"joint {k + 1} jumped by {step:.3f} rad; {allowed:.3f} are possible")
                return False
        return True

    def leash(self, reference: Floats, hand: Floats, stiffness: float) -> Floats:
        """The reference, pulled back to within F_max/K of the hand (m), so that the spring cannot exceed F_max."""
        if not stiffness > 0.0:
            return reference
        most = self.limits.force / stiffness
        apart = sum((r - h) ** 2 for r, h in zip(reference, hand, strict=True)) ** 0.5
        if apart <= most:
            return reference
        share = most / apart
        return tuple(h + share * (r - h) for r, h in zip(reference, hand, strict=True))

    def decide(
        self, sample: Sample, speed: float, wish: Floats, gravity: Floats, force_map: tuple[Floats, ...], health: Health
    ) -> Decision:
        """What is really sent. `speed` m/s of the hand, `gravity` g(q) in N·m, `force_map` G (d, n) in rows with which
        torque makes the force F = G τ at the hand, finite in every pose. Call `trip` before for what the tick itself
        found (a raising controller)."""
        if not self.armed:
            return self._send(self._zero, False, Action.NONE, 0, 0.0)
        if len(wish) != self.joints or not filters.all_finite(wish):
            self.trip(Fault.TORQUE_NOT_FINITE, "the controller wished a torque that is not finite")
            wish = self._zero
        self._watch_motion(sample, speed)
        action = max(health.action, self.fault_action)
        if self.releasing:
            action = max(action, Action.RAMP_OFF)
        acted = 0
        wish, action = self._held_wish(wish, gravity, sample, action)
        scale = self._next_scale(action)
        torque = wish
        if scale < 1.0:
            acted = SOFT_START
            damping = self.device.yield_damping
            torque = tuple(
                [
                    scale * w + (1.0 - scale) * (g - b * v)
                    for w, g, b, v in zip(wish, gravity, damping, sample.qd, strict=True)
                ]
            )
        torque, acted = self._filtered(torque, sample, speed, force_map, acted)
        if action >= Action.RAMP_OFF:
            self._ramp = max(0.0, self._ramp - self.device.period / RAMP_TIME)
            torque = tuple([self._ramp * value for value in torque])
        enable = action < Action.RAMP_OFF or (action is Action.RAMP_OFF and self._ramp > 0.0)
        if not filters.all_finite(torque) or not enable:
            torque = self._zero
        if acted & ~SOFT_START and action < Action.LIMIT:
            action = Action.LIMIT
        return self._send(torque, enable, action, acted, scale)

    def _watch_motion(self, sample: Sample, speed: float) -> None:
        """Escalates what the directional filters alone could not hold: far outside a limit, too fast for too long."""
        limits, fastest = self.limits, 0.0
        for k in range(self.joints):
            angle = sample.q[k]
            if not limits.q_min[k] - POSITION_MARGIN <= angle <= limits.q_max[k] + POSITION_MARGIN:
                beyond = max(angle - limits.q_max[k], limits.q_min[k] - angle)
                action = OVER if beyond > POSITION_STOP else Action.YIELD
                self.trip(Fault.POSITION_LIMIT, f"joint {k + 1} is {beyond:.3f} rad beyond its limit", action)
            share = abs(sample.qd[k]) / limits.joint_speed[k]
            if share > fastest:
                fastest = share
        if fastest > OVERSPEED or speed > OVERSPEED * limits.values["speed"]:
            self._overspeed += self.device.period
            if self._overspeed >= OVERSPEED_TIME:
                self.trip(
                    Fault.VELOCITY_LIMIT, f"hand at {speed:.2f} m/s, joint at {fastest * 100:.0f} % of its speed limit"
                )
        else:
            self._overspeed = 0.0

    def _held_wish(self, wish: Floats, gravity: Floats, sample: Sample, action: Action) -> tuple[Floats, Action]:
        """The wish of a paused arm: a soft spring to where it was, crossfaded in over the yield time."""
        if self._held is None:
            return wish, action
        self._hold = min(1.0, self._hold + self.device.period / YIELD_TIME)
        held = tuple(
            g
            + HOLD_SHARE * self.limits.torque[k] * (self._held[k] - sample.q[k])
            - 2.0 * self.device.yield_damping[k] * sample.qd[k]
            for k, g in enumerate(gravity)
        )
        mixed = tuple((1.0 - self._hold) * w + self._hold * h for w, h in zip(wish, held, strict=True))
        return mixed, max(action, Action.FREEZE)

    def _next_scale(self, action: Action) -> float:
        if action >= Action.YIELD:
            self._scale = max(0.0, self._scale - self.device.period / YIELD_TIME)
            self._soft = 0.0  # whatever comes back, comes back softly
        elif self._scale < 1.0:
            self._soft += self.device.period
            self._scale = max(self._scale, filters.smoothstep(self._soft / self.limits.values["soft_start"]))
        return self._scale

    def _filtered(
        self, torque: Floats, sample: Sample, speed: float, force_map: tuple[Floats, ...], acted: int
    ) -> tuple[Floats, int]:
        limits, most = self.limits, self.limits.values["force"]
        # scaled before growth too: else growth, limiting each joint by itself, would turn the force's direction
        before = filters.scale_to_force(torque, _force(torque, force_map), most)
        if before != torque:
            acted |= SATURATION
        torque = filters.growth(before, self.sent, limits.growth, self.device.period)
        if torque != before:
            acted |= GROWTH
        before = torque
        torque = filters.saturate(before, limits.torque)
        if torque != before or acted & GROWTH:  # else its force is the one that was looked at above
            torque = filters.scale_to_force(torque, _force(torque, force_map), most)
        if torque != before:
            acted |= SATURATION
        before = torque
        torque = filters.position(before, sample.q, sample.qd, limits.q_min, limits.q_max)
        if torque != before:
            acted |= POSITION
        before = torque
        torque = filters.brake_only(before, sample.qd, limits.joint_speed, all_joints=speed > limits.values["speed"])
        if torque != before:
            acted |= VELOCITY
        return torque, acted

    def _send(self, torque: Floats, enable: bool, action: Action, acted: int, scale: float) -> Decision:
        self.sent = torque
        command = Command(torque, enable, self.limits.values["watchdog"])
        return Decision(command, action, self.fault.value, acted, scale)


def _force(torque: Floats, force_map: tuple[Floats, ...]) -> float:
    """|F| with F = G τ, in N."""
    total = 0.0
    for row in force_map:
        component = 0.0
        for g, tau in zip(row, torque, strict=True):
            component += g * tau
        total += component * component
    return sqrt(total)


def _words(status: int) -> list[str]:
    return [bit.name.lower().replace("_", " ") for bit in Status(status) if bit.name]
