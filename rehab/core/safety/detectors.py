"""What the monitor watches for beyond single limits: frozen and disagreeing sensors, oscillation, spasm, a limp limb.

Each is fed plain floats and says whether it found something; the monitor trips. Times are counted in the device's
nominal period. None acts without evidence: constant readings at rest are no fault.
"""

from __future__ import annotations

from collections import deque
from math import exp, inf

from rehab.core.values import Floats

JUMPS, JUMP_WINDOW = 3, 0.050  # rejected samples in that many s until the session stops

STILL_TIME = 0.035  # s for which an angle does not change at all though something says that it should
FORGET_TIME = 0.100  # s after which a slow change of torque that moved nothing is no evidence any more
EXCITED_TORQUE = 0.05  # share of the torque limit: a change of it moves any limb by more than a count
EXCITED_SPEED = 0.3  # rad/s: a joint that was this fast does not stand still from one sample to the next

SPEED_SHARE, SPEED_ANGLE = 0.1, 0.001  # of the angle passed, and rad, by which speed and angle may differ
SPEED_LOOKS = 4, 20  # back: 20 ms for fast motion, 100 ms for slow
TORQUE_SHARE = 0.15  # of the limit by which measured and sent torque may differ
LONGEST_GAP = 0.015  # s between two looks at fresh samples
SPEEDS, TORQUES = 2, 4  # disagreements in a row, 5 ms apart

FLIP_POWER = 1.0  # W on both sides of zero: less is noise
FLIPS, FLIP_WINDOW = 8, 0.100  # changes of the power's sign in s: 20 Hz; tremor ends at 12 Hz

OBSERVER_RATE = 100.0  # 1/s: bandwidth of the estimate of the limb's torque
COURSE_TIME = 0.100  # s over which its recent course is averaged
LIMP_TORQUE = 4.0  # N·m that vanish at once


class Jump:
    """F04: samples that had to be rejected because no joint moves so fast; three in 50 ms are not chance."""

    _count: int  # rejected since then

    def __init__(self) -> None:
        self._since = -inf

    def rejected(self, now: float) -> bool:
        if now - self._since > JUMP_WINDOW:
            self._count, self._since = 0, now
        self._count += 1
        return self._count >= JUMPS


class Frozen:
    """F03: an angle exactly the same in fresh samples although torque, speed or the last motion excite the joint.

    To be fed every `step` s.
    """

    _before: Floats  # q at the last look

    def __init__(self, torque: Floats, step: float) -> None:
        self._n, self._step = len(torque), step
        self._excited = tuple([EXCITED_TORQUE * limit for limit in torque])
        self._fast = EXCITED_SPEED * step
        self._still, self._forget = round(STILL_TIME / step), round(FORGET_TIME / step)
        self.forget()

    def forget(self) -> None:
        self._time = inf  # of the sample at the last look: there was none
        self._quick = [0] * self._n  # 1 where it was fast at the last look
        self._evidence = [0] * self._n  # looks at which it stood still in spite of evidence
        self._quiet = [0] * self._n  # looks without evidence
        self._base = [0.0] * self._n  # torque from which the change is reckoned

    def step(self, time: float, q: Floats, qd: Floats, sent: Floats) -> int:
        """The number of the joint that is frozen, from 1; else 0."""
        fresh, self._time = time - self._time > 0.5 * self._step, time
        if not fresh:
            self._before = q
            return 0
        before, self._before = self._before, q
        evidence = self._evidence
        for k in range(self._n):
            step, tau = q[k] - before[k], sent[k]
            if step != 0.0:
                quick = 0 if -self._fast <= step <= self._fast else 1
                evidence[k], self._quick[k] = quick or self._quick[k], quick
                self._quiet[k], self._base[k] = 0, tau
            elif (
                evidence[k]
                or not -EXCITED_SPEED <= qd[k] <= EXCITED_SPEED
                or not -self._excited[k] <= tau - self._base[k] <= self._excited[k]
            ):
                evidence[k] += 1
                if evidence[k] >= self._still:
                    return k + 1
            else:
                self._quiet[k] += 1
                if self._quiet[k] >= self._forget:
                    self._quiet[k], self._base[k] = 0, tau
        return 0


class Disagreement:
    """F26: speed against the change of the angle, measured against sent torque. To be fed every 5 ms.

    |∫q̇ dt − Δq| ≤ 0.1 |Δq| + 1 mrad over the last 20 ms and the last 100 ms, by the trapezoidal rule on the samples'
    own times. A device that does not measure torque reports zero, which is not compared.
    """

    def __init__(self, torque: Floats) -> None:
        self._allowed = tuple([TORQUE_SHARE * limit for limit in torque])
        self.forget()

    def forget(self) -> None:
        self._marks: deque[tuple[float, Floats, Floats, Floats]] = deque(maxlen=max(SPEED_LOOKS) + 1)
        self._speeds = self._torques = 0  # disagreements in a row

    def step(self, time: float, q: Floats, qd: Floats, tau: Floats, sent: Floats) -> str:
        """What disagrees, in words; "" when nothing does. `sent` is the torque that acted when the sample was taken."""
        far = any(
            measured != 0.0 and not -most <= measured - wanted <= most
            for measured, wanted, most in zip(tau, sent, self._allowed, strict=True)
        )
        self._torques = self._torques + 1 if far else 0
        self._speeds = self._speeds + 1 if self._speed_differs(time, q, qd) else 0
        if self._torques >= TORQUES:
            return f"torque measured {_show(tau)} N·m, sent {_show(sent)} N·m"
        if self._speeds >= SPEEDS:
            return f"speed measured {_show(qd)} rad/s is not how fast the angles change"
        return ""

    def _speed_differs(self, time: float, q: Floats, qd: Floats) -> bool:
        marks = self._marks
        passed = (0.0,) * len(q)  # ∫q̇ dt since the first mark
        if marks:
            before, _, speeds, passed = marks[-1]
            span = time - before
            if not 0.0 < span < LONGEST_GAP:
                marks.clear()  # too many samples were lost: nothing can be said about the time between
            else:
                passed = tuple([p + 0.5 * (v + w) * span for p, v, w in zip(passed, speeds, qd, strict=True)])
        marks.append((time, q, qd, passed))
        for back in SPEED_LOOKS:
            if len(marks) > back:
                _, angles, _, sums = marks[-1 - back]
                for now, then, total, first in zip(q, angles, passed, sums, strict=True):
                    moved, reckoned = now - then, total - first
                    if not abs(reckoned - moved) <= SPEED_SHARE * max(abs(moved), abs(reckoned)) + SPEED_ANGLE:
                        return True
        return False


class Oscillation:
    """F23, second half: the robot's power changes sign more often than a limb can make it."""

    def __init__(self, period: float) -> None:
        self._window = round(FLIP_WINDOW / period)
        self._positive = True
        self._flips: deque[int] = deque(maxlen=FLIPS)

    def step(self, power: float, tick: int) -> bool:
        """To be told of every power (W) beyond ±FLIP_POWER."""
        positive = power > 0.0
        if positive is self._positive:
            return False
        self._positive = positive
        self._flips.append(tick)
        return len(self._flips) == FLIPS and tick - self._flips[0] <= self._window


class Interaction:
    """F24, F25: the torque of the limb on the robot, from the robot's own momentum. To be fed every `step` s.

        r = K_O (I q̇ − ∫(τ_sent − b q̇ + r) dt)

    De Luca et al. 2006, IEEE/RSJ IROS (generalised momentum observer), with the inertia I of each joint in the home
    pose and without Coriolis torque: at the speeds of therapy what is left out is below 1 N·m. `torque` is r; `course`
    its average over the last 100 ms, which is what is expected next.
    """

    def __init__(self, inertia: Floats, damping: Floats, step: float) -> None:
        self.inertia, self.damping, self._step = inertia, damping, step
        self._follow = 1.0 - exp(-step / COURSE_TIME)
        self.torque = self.course = self._sum = self._sent = (0.0,) * len(inertia)

    def begin(self, qd: Floats) -> None:
        """Start from a motion without any torque."""
        self.torque = self.course = self._sent = (0.0,) * len(qd)
        self._sum = tuple([i * w for i, w in zip(self.inertia, qd, strict=True)])

    def step(self, qd: Floats, sent: Floats) -> None:
        torque, course, total = [], [], []
        for i, b, w, now, last, r, c, s in zip(
            self.inertia, self.damping, qd, sent, self._sent, self.torque, self.course, self._sum, strict=True
        ):
            s += (0.5 * (now + last) - b * w + r) * self._step
            r = OBSERVER_RATE * (i * w - s)
            total.append(s)
            torque.append(r)
            course.append(c + self._follow * (r - c))
        self._sum, self._sent, self.torque, self.course = tuple(total), sent, tuple(torque), tuple(course)

    def spasm(self, most: float) -> int:
        """The number of the joint, from 1, at which the limb's torque has grown by more than `most` N·m at once."""
        for k, (r, c) in enumerate(zip(self.torque, self.course, strict=True)):
            if abs(r) > abs(c) and not abs(r - c) <= most:
                return k + 1
        return 0

    def limp(self) -> bool:
        """Has the limb's torque at a joint fallen to less than half at once?"""
        for r, c in zip(self.torque, self.course, strict=True):
            if abs(c) - abs(r) > LIMP_TORQUE and abs(r) < 0.5 * abs(c):
                return True
        return False


def _show(values: Floats) -> str:
    return "(" + ", ".join(f"{value:.2f}" for value in values) + ")"
