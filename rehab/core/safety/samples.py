"""Is a sample fit for control, and does it ask for a stop? F01, F04 to F08, F11, F16, F17."""

from __future__ import annotations

from math import isfinite

from rehab.core.limits import Limits
from rehab.core.safety.damage import Damage
from rehab.core.safety.detectors import Jump
from rehab.core.safety.faults import Fault
from rehab.core.safety.ladder import EstopLatch, Trip
from rehab.core.values import Action, Floats, Health, Inputs, Sample, Status

# plain ints of the flags: an IntFlag's operators cost 2 µs each, several times a tick
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
WELL = Health(Action.NONE, 0, True)
REJECTED = Health(Action.NONE, 0, False)


class Samples:
    """`good` is the last sample that was accepted, `latch` the emergency stop's; `cause` says why a reset would be
    refused, "" for nothing."""

    def __init__(self, joints: int, period: float, trip: Trip) -> None:
        self._joints, self._period, self._trip = joints, period, trip
        self.latch = EstopLatch()
        self.good: Sample | None = None
        self.cause = ""
        self._jump, self._damage = Jump(), Damage(period, trip)

    def follow(self, limits: Limits, fastest: Floats) -> None:
        """`fastest` rad/s that a joint can really have."""
        self._fast = tuple(enumerate(fastest))
        self._stale, self._fade = limits.values["stale_stop"], limits.values["stale_fade"]
        self._jump_size = limits.values["jump"]

    def forget(self) -> None:
        """After a reset nothing is compared with what was before."""
        self.good = None
        self._jump = Jump()
        self._damage.forget()

    def check(self, now: float, sample: Sample, armed: bool) -> Health:
        """`now` in s on the sample's clock; `armed`: the power stage should be on."""
        time, sequence, age, q, qd, tau, force, status, inputs, damaged = sample
        if inputs & ESTOP or self.latch.pressed:
            self._estop(self.latch.see(bool(inputs & ESTOP_A), bool(inputs & ESTOP_B), self._period))
        if status & BAD_STATUS:
            self._trip(Fault.DEVICE_FAULT, "device status: " + ", ".join(_words(status & BAD_STATUS)))
        elif armed and not status & ARMED:
            self._trip(Fault.DEVICE_FAULT, "the device has disarmed itself")
        if damaged != self._damage.total:
            self._damage.seen(now, damaged, sequence)
        n = self._joints
        # a sum that holds a NaN or an infinity is never finite again
        if not (len(q) == len(qd) == len(tau) == n and isfinite(sum((*q, *qd, *tau, *force, time, age)))):
            self.cause = "the newest sample still holds a number that is not finite"
            self._trip(Fault.SAMPLE_NOT_FINITE, f"sample {sequence} holds a number that is not finite")
            return REJECTED
        last = self.good
        usable, self.cause = True, ""
        if last is None or self._follows(now, sample, last):
            self.good = sample
        else:
            usable, age = False, max(age, now - last.time)  # of the sample that is used instead
        if age > self._fade:
            if age <= self._stale:  # passes by itself when samples are fresh again
                return Health(Action.YIELD, Fault.LINK_STALE.value, usable)
            allowed = self._stale * 1e3
            self.cause = "the newest sample is still too old"
            self._trip(Fault.LINK_STALE, f"the newest sample is {age * 1e3:.1f} ms old; {allowed:.0f} ms are allowed")
        return WELL if usable else REJECTED

    def _estop(self, pressed: Fault) -> None:
        if pressed is Fault.ESTOP_CHANNELS:
            self._trip(pressed, "one emergency-stop channel is open and the other is not")
        elif pressed:
            self._trip(pressed, "an emergency-stop channel is open")

    def _follows(self, now: float, sample: Sample, last: Sample) -> bool:
        """Newer than the last accepted sample, and no joint farther from it than its speed allows."""
        elapsed = sample.time - last.time
        if elapsed < 0.0:
            return False  # replayed or out of order: the state never goes back in time
        span, slack = elapsed if elapsed > self._period else self._period, self._jump_size
        q, before = sample.q, last.q
        for k, speed in self._fast:
            allowed, step = speed * span + slack, q[k] - before[k]
            if not -allowed <= step <= allowed:
                if self._jump.rejected(now):
                    words = f"a joint jumped by {abs(step):.3f} rad; {allowed:.3f} are possible"
                    self._trip(Fault.ENCODER_JUMP, words)
                return False
        return True


def _words(status: int) -> list[str]:
    return [bit.name.lower().replace("_", " ") for bit in Status(status) if bit.name]
