"""A virtual patient: an intention, joints with impedance and a strength, and a limb that holds the robot.

    τ = clamp(K(q_d − q) + D q̇_d + φ (M q̈_d + C q̇_d)) · (1 + σ n) − D q̇        D = 0.05 K s

q_d rad is where the joints are meant to be: the intended hand, moving with minimum jerk, through the limb's inverse
kinematics · K N·m/rad joint stiffness · φ how much of the limb's own dynamics is anticipated · the clamp is the
strength N·m · n noise of unit variance, band of 3 Hz, so that the error grows with the effort (signal-dependent noise,
Harris & Wolpert 1998, Nature 394:780). Damping in proportion to stiffness: PMC2784227, table 1.

What it does: a new goal in the scene is answered after the reaction time by a movement that covers most of the way; if
the hand is then not in the target, another one follows, and so on until the hand is there or the patient gives up for a
while. Without a goal, or having given up, it relaxes: soft, and following where the hand is led.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, sqrt

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import OutOfReach
from rehab.core.types import NO_SCENE, Scene, Target
from rehab.core.values import Floats
from sim.patients.intention import Movement, distance, goal_of
from sim.patients.limb import PlanarLimb

DAMPING_PER_STIFFNESS = 0.05  # s
NOISE_TIME = 0.05  # s: 1/(2π·3 Hz)
TENSING_TIME = 0.1  # s: how fast stiffness comes and goes
RELAXED_TIME = 0.3  # s: how fast a relaxed limb takes a new place for its own
REST = 3.0  # s: having given up, how long until another try
ENOUGH = 0.5  # of the target's radius: the patient is content when the hand is this near its middle
BLOCK = 512  # numbers of noise drawn at once


@dataclass(frozen=True)
class Traits:
    """What makes a patient who they are."""

    reaction: float  # s from seeing to moving
    movement: float  # s for 10 cm; in proportion to the square root of the distance, so that accelerations are alike
    stiffness: tuple[float, float]  # N·m/rad, shoulder and elbow, while acting
    strength: float  # N·m, most at each joint
    noise: float = 0.0  # σ, share of the torque
    relaxed: float = 0.1  # share of the stiffness that is left when relaxed
    feed_forward: float = 1.0  # φ, 0 to 1
    reach: float = 1.0  # share of the way that one movement covers
    spread: float = 0.0  # standard deviation of reaction, duration (share), aim (share of the way, along and across)
    attempts: int = 5  # movements to one goal before giving up
    acts: bool = True  # False: limp, whatever the scene asks


class VirtualPatient:
    """A Patient with these traits, holding the device at its home pose. Equal seeds give equal bits."""

    def __init__(self, info: DeviceInfo, traits: Traits, seed: int) -> None:
        self.traits = traits
        self.limb = PlanarLimb(info)
        decisions, noise = np.random.SeedSequence(seed).spawn(2)
        self._decide = np.random.default_rng(decisions)
        self._noise = _normal(np.random.default_rng(noise))
        self._scene = NO_SCENE
        self._goal: Target | None = None
        self._surprised = False  # a goal was seen and not yet taken in
        self._movement: Movement | None = None
        self._next = np.inf  # s, when to look whether to move (again)
        self._left = 0  # attempts
        self._tense = traits.relaxed  # present share of the stiffness
        self._relaxing = True
        self._q1, self._q2 = self.limb.chain.q1, self.limb.chain.q2  # where the joints are meant to be, rad
        self._w1 = self._w2 = 0.0  # and how fast they are meant to move, rad/s
        self._n1 = self._n2 = 0.0
        self._dt = 0.0
        self.spasm = 0.0  # N·m at the elbow that nobody meant, beyond all strength; positive bends it
        self.limp = False  # no muscle does anything, whatever is meant

    def see(self, scene: Scene) -> None:
        if scene is self._scene:
            return
        self._scene = scene
        goal = goal_of(scene) if self.traits.acts else None
        if (goal and goal.x) != (self._goal and self._goal.x):
            self._surprised = True
        self._goal = goal

    def force(self, t: float, x: Floats, v: Floats, dt: float) -> Floats:
        limb = self.limb
        force = limb.grip(x, v)
        if dt != self._dt:
            self._new_step(dt)
        if self._surprised:
            self._take_in(t)
        if t >= self._next:
            self._reconsider(t)
        q1, q2 = limb.chain.q1, limb.chain.q2
        traits = self.traits
        if self._movement is not None:
            t1, t2 = self._along(self._movement, t + dt, dt)
        else:
            t1 = t2 = 0.0
            if self._relaxing:
                self._q1 += self._follow * (q1 - self._q1)
                self._q2 += self._follow * (q2 - self._q2)
        self._tense += self._tensing * ((traits.relaxed if self._relaxing else 1.0) - self._tense)
        k1, k2 = traits.stiffness[0] * self._tense, traits.stiffness[1] * self._tense
        d1, d2 = DAMPING_PER_STIFFNESS * k1, DAMPING_PER_STIFFNESS * k2
        t1 += k1 * (self._q1 - q1) + d1 * self._w1
        t2 += k2 * (self._q2 - q2) + d2 * self._w2
        most = traits.strength
        t1 = most if t1 > most else -most if t1 < -most else t1
        t2 = most if t2 > most else -most if t2 < -most else t2
        if traits.noise:
            self._n1 = n1 = self._keep * self._n1 + self._new * next(self._noise)
            self._n2 = n2 = self._keep * self._n2 + self._new * next(self._noise)
            t1 += traits.noise * n1 * abs(t1)
            t2 += traits.noise * n2 * abs(t2)
        if self.limp:
            t1 = t2 = d1 = d2 = 0.0
        elif self.spasm:
            t2 += self.spasm
        limb.advance(t1 - d1 * limb.chain.w1, t2 - d2 * limb.chain.w2, force, dt)
        return force

    def _new_step(self, dt: float) -> None:
        self._dt = dt
        self._keep = exp(-dt / NOISE_TIME)
        self._new = sqrt(1.0 - self._keep**2)
        self._tensing = 1.0 - exp(-dt / TENSING_TIME)
        self._follow = 1.0 - exp(-dt / RELAXED_TIME)

    def _along(self, movement: Movement, t: float, dt: float) -> Floats:
        """Take the joints' intention to time t, from the hand's; gives the torque N·m that is anticipated for it."""
        try:
            q1, q2 = self.limb.kinematics.inverse(movement.position(t), (self._q1, self._q2))
        except OutOfReach:  # as far as the arm goes
            q1, q2 = self._q1, self._q2
        w1, w2 = (q1 - self._q1) / dt, (q2 - self._q2) / dt
        acc1, acc2 = (w1 - self._w1) / dt, (w2 - self._w2) / dt
        self._q1, self._q2, self._w1, self._w2 = q1, q2, w1, w2
        if t >= movement.start_time + movement.duration:
            self._movement = None
            self._w1 = self._w2 = 0.0
        share = self.traits.feed_forward
        t1, t2 = self.limb.chain.inertia_torque(q2, w1, w2, acc1, acc2)
        return share * t1, share * t2

    def _varied(self, mean: float) -> float:
        """A duration around its mean, never far from it."""
        return mean * min(1.5, max(0.6, 1.0 + self.traits.spread * float(self._decide.standard_normal())))

    def _take_in(self, t: float) -> None:
        """A goal has appeared, moved or gone: act on it after the reaction time."""
        self._surprised = False
        self._left = self.traits.attempts
        self._next = t + self._varied(self.traits.reaction)

    def _reconsider(self, t: float) -> None:
        """Move (again), stay, or relax; and when to look next."""
        self._next = t + self._varied(self.traits.reaction)
        goal, chain = self._goal, self.limb.chain
        if goal is None:
            self._relaxing = self._movement is None
            return
        away = distance(goal.x, (chain.x, chain.y))
        if away <= ENOUGH * goal.radius:
            self._relaxing = False
        elif self._left > 0:
            self._left -= 1
            self._move(t, goal.x, (chain.x, chain.y), away)
        elif self._movement is None:
            self._relaxing = True
            self._left = self.traits.attempts
            self._next = t + REST

    def _move(self, t: float, goal: Floats, hand: Floats, away: float) -> None:
        """One movement from where the hand is meant to be now, covering the patient's share of the way that is left."""
        share = self.traits.reach + self.traits.spread * float(self._decide.standard_normal())
        across = self.traits.spread * float(self._decide.standard_normal())
        dx, dy = goal[0] - hand[0], goal[1] - hand[1]
        end = (hand[0] + share * dx - across * dy, hand[1] + share * dy + across * dx)
        duration = self._varied(self.traits.movement * sqrt(max(away, 0.01) / 0.1))
        before = self._movement
        if before is not None:
            self._movement = Movement(t, duration, end, before.position(t), *before.motion(t))
        else:
            (x, y), _ = self.limb.kinematics.forward((self._q1, self._q2))
            self._movement = Movement(t, duration, end, (x, y))
        self._relaxing = False
        self._next = t + duration + self._varied(self.traits.reaction)


def _normal(generator: np.random.Generator) -> Iterator[float]:
    """Standard normal numbers, drawn in blocks: 0.1 µs each instead of 1."""
    block = np.empty(BLOCK)
    while True:
        yield from generator.standard_normal(out=block).tolist()
