"""A virtual patient: an intention, joints with impedance and a strength, and a limb that holds the robot.

    τ = M(K(q_d − q) + D q̇_d + φ (M q̈_d + C q̇_d) + a g(q) + Jᵀ F_ff, −D q̇)        D = 0.05 K s

q_d rad is where the joints are meant to be: the intended hand, moving with minimum jerk, through the limb's inverse
kinematics · K N·m/rad joint stiffness · φ how much of the limb's own dynamics is anticipated · a g(q) the limb's
weight, carried as far as the limb is tense (a = 0 … 1) · F_ff the force that was learned · M all that muscles make of
it: strength, noise and whatever the patient has, in the order of sim/patients/traits/effort.py. Damping in proportion
to stiffness: PMC2784227, table 1.

Without a goal, or having given up, it relaxes: soft, and following where the hand is led.
"""

from __future__ import annotations

from math import exp
from operator import add, mul
from typing import Any
from zlib import crc32

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import OutOfReach
from rehab.core.types import Array, Scene
from rehab.core.values import Floats
from sim.patients.intention import Intention
from sim.patients.limb import Limb
from sim.patients.limbs import limb_of
from sim.patients.person import Traits
from sim.patients.push import most
from sim.patients.stiffness import hand_stiffness
from sim.patients.traits.effort import CEILING, STAGES, Damping, Effort, Mechanism, Noise, Strength
from sim.patients.traits.learning import Learner
from sim.patients.traits.tone import DAMPING_PER_STIFFNESS, Pull
from sim.patients.traits.trait import MuscleTrait

TENSING_TIME = 0.1  # s: how fast stiffness comes and goes
RELAXED_TIME = 0.3  # s: how fast a relaxed limb takes a new place for its own
FELT_TIME = 0.15  # s: how long a force must last to be taken for a load


class VirtualPatient:
    """A Patient with these traits, holding the device at its home pose. Equal seeds give equal bits."""

    def __init__(self, info: DeviceInfo, traits: Traits, seed: int) -> None:
        self.traits = traits
        self.limb = limb = limb_of(info)
        decisions, noise = np.random.SeedSequence(seed).spawn(2)
        self.learner = None if traits.learning is None else Learner(traits.learning, limb.kinematics.n_task)
        self.intention = Intention(
            traits, np.random.default_rng(decisions), limb.hand,
            meant=lambda: self.limb.kinematics.forward(self._q)[0],
            within=limb.within,
            leaning=self._leaning,
            learner=self.learner,
        )  # fmt: skip
        self._stiffness = tuple(traits.stiffness * able for able in limb.stiffness)
        self._effort = Effort(tuple(traits.strength * able for able in limb.strength))
        self._started = _started(traits, limb, seed, np.random.default_rng(noise))
        self._mechanisms = tuple(mechanism for _, mechanism in self._started)
        self._tense = traits.relaxed  # present share of the stiffness
        self._q = limb.q  # where the joints are meant to be, rad
        self._rest = self._w = (0.0,) * len(self._q)  # and how fast they are meant to move, rad/s
        self._v = self._still = (0.0,) * limb.kinematics.n_task  # how fast the hand is meant to move, m/s
        self._felt = (0.0,) * limb.kinematics.n_task  # N of the limb on the robot, of late
        self.spasm = 0.0  # N·m at the last joint that nobody meant, beyond all strength; positive bends it
        self.limp = False  # no muscle does anything, whatever is meant

    def at_work(self, kind: type[MuscleTrait]) -> Any:
        """The mechanism of the first trait of that kind. Raises KeyError if there is none."""
        for trait, mechanism in self._started:
            if isinstance(trait, kind):
                return mechanism
        raise KeyError(kind.__name__)

    def endpoint_stiffness(self, x: Floats | None = None) -> Array:
        """N/m (d, d) at the handle with the hand at x (m), or where it is: while the patient acts, below the limit of
        its strength, and at rest. This is the truth that experiments are to find."""
        limb, joints = self.limb, self._stiffness
        for mechanism in self._mechanisms:
            if isinstance(mechanism, Pull):
                joints = tuple(map(add, joints, mechanism.stiffness))
        q = limb.q if x is None else limb.kinematics.inverse(x, limb.home)
        return hand_stiffness(limb, joints, q, at_handle=True)

    def see(self, scene: Scene) -> None:
        self.intention.see(scene)

    def force(self, t: float, x: Floats, v: Floats, dt: float) -> Floats:
        limb, effort, intention = self.limb, self._effort, self.intention
        force = limb.grip(x, v)
        if dt != effort.dt:
            self._new_step(dt)
        self._felt = tuple([old + self._feel * (new - old) for old, new in zip(self._felt, force, strict=True)])
        intention.step(t, limb.hand)
        effort.t, effort.q, effort.qd, effort.force = t, limb.q, limb.qd, force
        torque = self._along(t + dt, dt)
        relaxed = self.traits.relaxed
        self._tense += self._tensing * ((relaxed if intention.relaxing else 1.0) - self._tense)
        effort.towards, effort.tense = intention.towards, self._tense
        damping, corrections = [], []
        carried = (self._tense - relaxed) / (1.0 - relaxed) if relaxed < 1.0 else 1.0
        if limb.gravity.acts:
            torque = [t + carried * g for t, g in zip(torque, limb.gravity.torque(effort.q), strict=True)]
        for k, (full, meant, speed, q) in enumerate(zip(self._stiffness, self._q, self._w, effort.q, strict=True)):
            stiffness = full * self._tense
            damped = DAMPING_PER_STIFFNESS * stiffness
            damping.append(-damped * effort.qd[k])
            correction = stiffness * (meant - q) + damped * speed
            corrections.append(correction + damping[k])
            torque[k] += correction
        if self.learner is not None and self.learner.watches:
            self.learner.correct(limb.hand_force(corrections), self._v, dt)
        if intention.push.along:
            torque = self._pushing(torque, t, dt)
        effort.torque, effort.damping = torque, damping
        for mechanism in self._mechanisms:
            mechanism.act(effort)
        if self.limp:
            torque = [0.0] * len(torque)
        else:
            torque = list(map(add, effort.torque, effort.damping))
            if self.spasm:
                torque[-1] += limb.bends[-1] * self.spasm
        limb.advance(torque, force, dt)
        return force

    def _pushing(self, torque: list[float], t: float, dt: float) -> list[float]:
        """With effort along a line, as much of it as the hand and each joint can give."""
        limb, push = self.limb, self.intention.push
        levers = limb.joint_torque(push.along)
        force = push.step(t, most(levers, self._effort.most, self.traits.strength * limb.force), dt)
        return [own + force * lever for own, lever in zip(torque, levers, strict=True)]

    def _leaning(self) -> Floats:
        """J K⁻¹ Jᵀ F in m: how far beyond the hand it must be meant to be to give that force."""
        torques = self.limb.joint_torque(self._felt)
        turns = [t / k if k > 0.0 else 0.0 for t, k in zip(torques, self._stiffness, strict=True)]
        return tuple([sum(map(mul, row, turns)) for row in self.limb.jacobian()])

    def _new_step(self, dt: float) -> None:
        self._effort.dt = dt
        self._tensing = 1.0 - exp(-dt / TENSING_TIME)
        self._follow = 1.0 - exp(-dt / RELAXED_TIME)
        self._feel = 1.0 - exp(-dt / FELT_TIME)

    def _along(self, t: float, dt: float) -> list[float]:
        """Take the joints' intention to time t; gives the torque N·m that is anticipated for it."""
        limb, followed = self.limb, self.intention.follow(t, self.limb.hand)
        torque = [0.0] * len(self._q)
        if followed is None:
            self._w, self._v = self._rest, self._still
            if self.intention.push.along:  # a force is meant, no place
                self._q = self._effort.q
            elif self.intention.relaxing:
                self._q = tuple([m + self._follow * (q - m) for m, q in zip(self._q, self._effort.q, strict=True)])
        else:
            hand, self._v = followed
            ways = zip(hand, limb.hand, self.intention.towards, strict=False)  # the last step has no way any more
            self._effort.behind = sum([(meant - at) * u for meant, at, u in ways])
            try:
                meant = limb.kinematics.inverse(limb.within(hand), self._q)
            except OutOfReach:  # the very middle of the shoulder
                meant = self._q
            w = tuple([(new - old) / dt for new, old in zip(meant, self._q, strict=True)])
            acc = tuple([(new - old) / dt for new, old in zip(w, self._w, strict=True)])
            self._q, self._w = meant, w
            share = self.traits.feed_forward
            torque = [share * need for need in limb.dynamics(meant, w, acc)]
            if self.learner is not None:
                torque = [t + f for t, f in zip(torque, limb.joint_torque(self.learner.force(self._v)), strict=True)]
        return torque


def _started(
    traits: Traits, limb: Limb, seed: int, noise: np.random.Generator
) -> list[tuple[MuscleTrait | None, Mechanism]]:
    """All mechanisms in their order. Each has random numbers of its own: what else there is does not change them."""
    stages: list[list[tuple[MuscleTrait | None, Mechanism]]] = [[] for _ in STAGES]
    stages[CEILING].append((None, Strength()))
    for number, trait in enumerate(traits.muscles):
        twins = sum(type(other) is type(trait) for other in traits.muscles[:number])
        own = np.random.SeedSequence([seed, crc32(type(trait).__name__.encode()), twins])
        stages[trait.stage].append((trait, trait.begin(limb, np.random.default_rng(own))))
    ceilings: list[Any] = [mechanism for _, mechanism in stages[CEILING]]
    stages[CEILING].append((None, Damping(ceilings)))
    if traits.noise:
        stages[CEILING].append((None, Noise(traits.noise, len(limb.q), noise)))
    return [started for stage in stages for started in stage]
