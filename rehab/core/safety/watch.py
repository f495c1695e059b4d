"""What single limits do not see: limb, sensors and motion watched over time. F03, F18 to F20, F23 to F26."""

from __future__ import annotations

from math import dist, hypot, inf, sqrt
from operator import mul, sub

from rehab.core.limits import Limits
from rehab.core.safety import filters
from rehab.core.safety.detectors import FLIP_POWER, Disagreement, Frozen, Interaction, Oscillation
from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.faults import Fault
from rehab.core.safety.ladder import Trip
from rehab.core.safety.sent import Sent
from rehab.core.values import Action, Floats, Sample

POSITION_MARGIN = 0.035  # rad (2 degrees) beyond a limit: the arm yields
POSITION_STOP = 0.105  # rad (6 degrees) beyond: it stops
OVERSPEED, OVERSPEED_TIME = 1.2, 0.010  # share of the limit, for how long (s), until the arm yields
OVERFORCE, OVERFORCE_TIME = 1.5, 0.020  # share of the limit that stops at once; for how long above it the arm yields
SPASM_LEVER = 0.3  # m, about a forearm: what is a spasm at a joint is one at the hand as force over this lever
LIMP_TIME = 0.300  # s for which motion is damped after a sudden loss of effort
SLOW = 0.005  # s: how often the detectors of slow things look


class Watch:
    """`limp` s for which a limb that has lost its effort is still to be damped; `notice`, the last thing that was only
    worth a word."""

    _more: float  # N·m, of what is expected

    def __init__(self, device: DeviceFacts, limits: Limits, sent: Sent, trip: Trip) -> None:
        self._joints = joints = len(limits.torque)
        period = device.period
        self._period, self._sent, self._trip = period, sent, trip
        self._slow = max(2, round(SLOW / period))  # ticks
        step = self._slow * period
        self._step = step
        self._frozen, self._disagreement = Frozen(limits.torque, step), Disagreement(limits.torque)
        self._oscillation = Oscillation(period)
        self._sees_limb = bool(device.inertia)
        zero = (0.0,) * joints
        self._interaction = Interaction(device.inertia or zero, device.damping or zero, step)
        self._ticks = 0
        self._expected = -inf  # s: until then so much more torque of the limb is no spasm
        self.limp = self._overspeed = self._overforce = 0.0  # s
        self.notice = ""

    def follow(self, limits: Limits, speed: float) -> None:
        """`speed` m/s is the hand's limit."""
        self._ranges = tuple(zip(range(self._joints), limits.q_min, limits.q_max, limits.joint_speed, strict=True))
        self._most_speed, self._fast_hand = speed, OVERSPEED * speed
        self._most_force, self._spasm = limits.values["force"], limits.values["spasm"]

    def begin(self, qd: Floats) -> None:
        """Armed, while the joints move at qd: what acted before has left no torque."""
        self._interaction.begin(qd)
        self.forget_motion()

    def forget_motion(self) -> None:
        """What was measured before has nothing to do with what comes."""
        self._disagreement.forget()
        self._frozen.forget()

    def forget_faults(self) -> None:
        self._overspeed = self._overforce = 0.0
        self.notice = ""

    def expect(self, until: float, torque: float) -> None:
        self._expected, self._more = until, torque

    def step(
        self, now: float, sample: Sample, speed: float, force_map: tuple[Floats, ...], gravity: Floats = ()
    ) -> bool:
        """Once a tick: looks, trips, and says whether the motion is calm: no joint and no hand near its limits.
        `gravity` N·m is what holds the arm itself: no part of what the limb does to it."""
        self._ticks = ticks = self._ticks + 1
        calm = speed <= self._most_speed and filters.calm(sample.q, sample.qd, self._ranges)
        if calm:
            self._overspeed = 0.0
        else:
            self._motion(sample, speed)
        turn = ticks % self._slow
        if turn == 0:
            if self._sees_limb:
                self._limb(now, sample, force_map, gravity)
        elif turn == self._slow - 1:
            self._sensors(sample)
        return calm

    def flow(self, now: float, power: float) -> None:
        """W that the robot is asked to give to the limb (negative: to take): F23 where the sign changes too often."""
        if -FLIP_POWER <= power <= FLIP_POWER:
            return  # noise, and the usual tick
        if self._oscillation.step(power, self._ticks) and now > self._expected:
            self._trip(Fault.OSCILLATION, "the robot's power changes sign faster than a limb can make it")

    def _motion(self, sample: Sample, speed: float) -> None:
        """Escalates what the filters alone could not hold: far outside a limit, too fast for too long."""
        share = 0.0
        for k, low, high, fastest in self._ranges:
            angle, rate = sample.q[k], sample.qd[k]
            beyond = max(angle - high, low - angle)
            if beyond > POSITION_MARGIN:
                action = Action.RAMP_OFF if beyond > POSITION_STOP else Action.YIELD
                self._trip(Fault.POSITION_LIMIT, f"joint {k + 1} is {beyond:.3f} rad beyond its limit", action)
            share = max(share, abs(rate) / fastest)
        if share <= OVERSPEED and speed <= self._fast_hand:
            self._overspeed = 0.0
            return
        self._overspeed += self._period
        if self._overspeed >= OVERSPEED_TIME:
            words = f"hand at {speed:.2f} m/s, joint at {share * 100:.0f} % of its speed limit"
            self._trip(Fault.VELOCITY_LIMIT, words)

    def _sensors(self, sample: Sample) -> None:
        joint = self._frozen.step(sample.time, sample.q, sample.qd, self._sent.torque)
        if joint:
            self._trip(Fault.ENCODER_FROZEN, f"joint {joint} reads {sample.q[joint - 1]:.4f} rad whatever happens")
        acting = self._sent.acting(sample.age)
        words = self._disagreement.step(sample.time, sample.q, sample.qd, sample.tau, acting)
        if words:
            self._trip(Fault.SENSOR_DISAGREEMENT, words)

    def _limb(self, now: float, sample: Sample, force_map: tuple[Floats, ...], gravity: Floats) -> None:
        """What the limb does to the robot."""
        limb, acting = self._interaction, self._sent.acting(sample.age)
        limb.step(sample.qd, tuple(map(sub, acting, gravity)) if any(gravity) else acting)
        most = self._spasm + (self._more if now <= self._expected else 0.0)
        joint = limb.spasm(most)
        felt, usual = filters.hand_force(limb.torque, force_map), filters.hand_force(limb.course, force_map)
        if joint:
            rise = abs(limb.torque[joint - 1] - limb.course[joint - 1])
            self._trip(Fault.SPASM, f"the limb's torque at joint {joint} rose by {rise:.1f} N·m at once")
        elif hypot(*felt) > hypot(*usual) and not dist(felt, usual) <= most / SPASM_LEVER:
            self._trip(Fault.SPASM, f"the limb's force at the hand rose by {dist(felt, usual):.0f} N at once")
        elif limb.limp():
            self.limp = LIMP_TIME
            self.notice = f"{Fault.LIMB_LIMP.label}: the motion is damped"
        force = sample.force or felt
        squares, most = sum(map(mul, force, force)), self._most_force
        if squares <= most * most:
            self._overforce = 0.0
            return
        self._overforce += self._step
        # only a sensor may stop the arm at once: an estimate has the speed's noise in it
        far = bool(sample.force) and squares > (OVERFORCE * most) ** 2
        if far or self._overforce > OVERFORCE_TIME:
            words = f"{sqrt(squares):.0f} N between hand and robot; {most:.0f} N are allowed"
            self._trip(Fault.FORCE_LIMIT, words, Action.RAMP_OFF if far else Action.YIELD)
