"""Perturbation: a short push, or a short displacement, on top of an ordinary behaviour.

    p(t): 0 → 1 in `rise`, stays for `hold`, 1 → 0 in `rise`; a push along straight lines, a displacement by minimum
          jerk, so that its speed does not step either
    force      τ = τ_base + p Jᵀ (F u)        or at a joint      τ = τ_base + p τ_j
    position   impedance     τ_base with the reference displaced by p δ u
               transparent   τ = τ_base + Jᵀ p [K (x_p + p δ u − x) + D (ẋ_p + ṗ δ u − v)]

F force N along u · τ_j torque N·m at one joint · δ displacement m along u · u unit direction (d,) · x_p where the hand
would go on to from where it is when the pulse begins: the rest of a trial's reach, else nowhere (rehab.core.onward) ·
K, D stiffness N/m and damping N·s/m of `impedance` at its damping ratio of 0.7
base  `transparent` or `impedance` (towards the exercise's reference): their own laws, with their defaults

When: `time`, at intervals drawn evenly from `least` to `most`; `place`, once a trial where the hand has come a share of
0.2 to 0.8 of its way from start to target, drawn anew; `event`, only when told. An exercise tells it with a phase
`perturb`, whatever the trigger; what its data name (joint, direction, torque, force, displacement, rise, hold) replaces
the parameters for that pulse. The draws come from `seed`, and begin anew at every reset.

A trial may have a preload, which an exercise tells with the phase `start` (perturb: preload N·m at a joint, or N in a
direction): from the phase after it on it acts under everything, τ + l (τ_l + Jᵀ F_l), until the trial ends; l goes from
0 to 1, and back, in 0.5 s, too slowly for a reflex. Before the end of a joint's range it fades (controllers.pulse).

While a pulse acts, and 300 ms longer for the answer of the limb, it is declared as `expected`; the force is declared
as feed-forward. Ramp–hold–ramp as in studies of stretch reflexes; displacement in the manner of Burdet et al. 2000, J.
Biomech. 33(12).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, sin
from typing import Any, ClassVar

import numpy as np

from controllers.impedance import Impedance
from controllers.pulse import Load, Pulse
from controllers.transparent import Transparent
from rehab.core.controller import Spring
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.minimum_jerk import MinimumJerk
from rehab.core.onward import onward
from rehab.core.parameters import Parameters, choice, integer, quantity
from rehab.core.types import Array, Event, Reference, State

ANSWER = 0.3  # s: stretch reflexes come after 30 to 100 ms, a voluntary answer within 300
ANSWER_TIMES = 2.0  # the torque of the pulse: what a limb that resists may answer with
NEAR, FAR = 0.2, 0.8  # share of the way


class Perturbation:
    """Disturbs. Any arm."""

    parameters: ClassVar[Parameters] = Parameters(
        kind=choice("force", ("force", "position"), says="a push, or a displacement that is held"),
        base=choice("transparent", ("transparent", "impedance"), says="what acts between the pulses, and under them"),
        trigger=choice(
            "time", ("time", "place", "event"), says="at random times, at a random place of each trial, or when told"
        ),
        force=quantity("10 N", unit="N", least="0 N", most="60 N", says="of a push"),
        displacement=quantity("1 cm", unit="m", least="0 cm", most="5 cm", says="of a displacement"),
        direction=quantity("0 deg", unit="rad", least="-360 deg", most="360 deg", says="of both; 0: along x"),
        joint=integer(0, least=0, most=8, says="0: at the hand; else the joint, from 1, that is pushed by the torque"),
        torque=quantity("3 N*m", unit="N*m", least="-30 N*m", most="30 N*m", says="of a push at a joint"),
        rise=quantity("50 ms", unit="s", least="5 ms", most="1 s", says="time in which it comes, and goes"),
        hold=quantity("200 ms", unit="s", least="0 ms", most="5 s", says="time for which it stays"),
        least=quantity("2 s", unit="s", least="500 ms", most="60 s", says="shortest interval between random times"),
        most=quantity("5 s", unit="s", least="500 ms", most="60 s", says="longest interval between random times"),
        stiffness=quantity(
            "800 N/m", unit="N/m", least="50 N/m", most="3 kN/m", says="of the impedance, and of a held displacement"
        ),
        seed=integer(1, least=0, most=2**31 - 1, says="of the random times and places"),
    )  # fmt: skip

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        self._p = p = self.parameters.complete(parameters)
        self._device, self._d = device, kinematics_of(device).n_task
        self._refuse(p)
        self._impedance = Impedance(device, stiffness=p["stiffness"])
        self._transparent = Transparent(device)
        self._held = p["base"] == "impedance"
        self._base: Impedance | Transparent = self._impedance if self._held else self._transparent
        self._own = self._pulse({})
        self.feed_forward: Array = np.zeros(device.n_joints)
        self.expected: tuple[float, float] | None = None
        self._preload: Pulse | None = None  # of the trial, waiting for its first phase
        self._load = Load(device)
        self._begin()

    def _refuse(self, p: dict[str, Any]) -> None:
        found = []
        if p["joint"] > self._device.n_joints:
            most = self._device.n_joints
            found.append(Finding("joint", f"{self._device.model} has no joint {p['joint']}", f"0 to {most}"))
        if p["joint"] and p["kind"] == "position":
            found.append(Finding("joint", "a displacement is of the hand", "joint 0, or kind: force"))
        if p["least"] > p["most"]:
            found.append(Finding("least", "the shortest interval is longer than the longest", "most or less"))
        if found:
            raise Findings(found)

    @property
    def stiffness(self) -> float:
        """N/m towards the reference."""
        return self._impedance.stiffness if self._held else 0.0

    @property
    def damping(self) -> float:
        return self._impedance.damping if self._held else 0.0

    @property
    def spring(self) -> Spring:
        """The stiffest that it may come to hold with."""
        return self._impedance.spring if self._held or self._p["kind"] == "position" else Spring(0.0, 0.0)

    def _begin(self) -> None:
        self._rng = np.random.default_rng(self._p["seed"])
        self._acting: Pulse | None = None
        self._since = 0.0  # s, of the pulse that acts
        self._course: MinimumJerk | None = None  # of the hand without it, predicted when it began
        self._reach: tuple[Array, Array] | None = None  # start and target of the trial
        self._told: Pulse | None = None
        self._way: tuple[Array, Array] | None = None  # start and direction over length, of the trial
        self._at = 0.0  # share of the way at which the next comes
        self._wait = self._interval()
        self._answer = 0.0  # s for which the limb may still answer
        self._size = 0.0  # N·m, of the last pulse

    def _interval(self) -> float:
        return float(self._rng.uniform(self._p["least"], self._p["most"]))

    def reset(self, state: State) -> None:
        """The draws begin anew; a pulse that was under way is over, a preload comes back by its ramp."""
        self._base.reset(state)
        self._load.forget()
        self._begin()

    def heed(self, event: Event) -> None:
        """A phase `perturb` is a pulse at once; a trial gives the way on which the place is drawn."""
        name = event.data.get("name") if event.kind == "phase" else None
        if name == "perturb":
            self._told = self._pulse(event.data)
        elif name == "start":
            self._load.off()
            told = event.data.get("perturb")
            self._preload = self._loading(told) if isinstance(told, Mapping) and "preload" in told else None
        elif name is not None and self._preload is not None:
            self._load.to(self._preload)
            self._preload = None
        elif event.kind == "trial_start":
            start, target = _vector(event.data.get("start"), self._d), _vector(event.data.get("target"), self._d)
            self._way = self._reach = None
            if start is not None and target is not None and (start != target).any():
                self._reach = (start, target)
                self._way = (start, (target - start) / float((target - start) @ (target - start)))
                self._at = float(self._rng.uniform(NEAR, FAR))
        elif event.kind == "trial_end":
            self._way = self._reach = None
            self._load.off()

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        pulse = self._due(state, dt)
        if pulse is not None and self._acting is None:
            self._acting, self._since, self._course = pulse, 0.0, self._onward(state)
        load = self._load.step(state, dt)
        self.feed_forward = np.zeros_like(state.q)
        if self._acting is None:
            self._expect(dt)
            self.feed_forward = load
            return self._base.update(state, reference, dt) + load
        self._since += dt
        torque = self._disturbed(state, reference, dt)
        self._size = max(self._size, float(np.abs(self.feed_forward).max(initial=0.0)))
        self._answer = ANSWER
        if self._since >= self._acting.duration:
            self._acting = None
        self._expect(0.0)
        self.feed_forward = self.feed_forward + load
        return torque + load

    def _disturbed(self, state: State, reference: Reference, dt: float) -> Array:
        assert self._acting is not None and self._course is not None
        pulse, J = self._acting, state.jacobian
        if self._p["kind"] == "force":
            self.feed_forward = pulse.at(self._since) * (pulse.torque + J.T @ pulse.force)
            return self._base.update(state, reference, dt) + self.feed_forward
        share, rate = pulse.smooth(self._since)
        moved, speed = share * pulse.displacement, rate * pulse.displacement
        if self._held:
            without = self._impedance.update(state, reference, dt)
            torque = self._impedance.torque(state, reference._replace(x=reference.x + moved, v=reference.v + speed))
            self.feed_forward = torque - without
            return torque
        spring = self._impedance.spring
        x, v = map(np.array, self._course.at(self._since))
        force = spring.stiffness * (x + moved - state.x) + np.multiply(spring.damping, v + speed - state.v)
        self.feed_forward = J.T @ (share * force)
        return self._base.update(state, reference, dt) + self.feed_forward

    def _onward(self, state: State) -> MinimumJerk:
        x, v = tuple(state.x.tolist()), tuple(state.v.tolist())
        start, target = ((tuple(place.tolist()) for place in self._reach) if self._reach is not None else (x, x))
        return onward(x, v, start, target)

    def _expect(self, dt: float) -> None:
        """For how long the limb may still answer, and with how much."""
        self._answer = max(0.0, self._answer - dt)
        self.expected = (self._answer, ANSWER_TIMES * self._size) if self._answer > 0.0 else None
        if self.expected is None:
            self._size = 0.0

    def _due(self, state: State, dt: float) -> Pulse | None:
        """The pulse that begins now."""
        told, self._told = self._told, None
        if told is not None:
            return told
        if self._p["trigger"] == "time":
            self._wait -= dt
            if self._wait <= 0.0:
                self._wait = self._own.duration + self._interval()
                return self._own
        elif self._p["trigger"] == "place" and self._way is not None:
            start, along = self._way
            if (state.x - start) @ along >= self._at:
                self._way = None
                return self._own
        return None

    def _pulse(self, data: Any) -> Pulse:
        """The pulse of the parameters, with what `data` name in their place, inside the parameters' ranges."""
        p = dict(self._p)
        for name in ("torque", "force", "displacement", "direction", "rise", "hold"):
            field, value = self.parameters[name], data.get(name)
            if isinstance(value, int | float) and np.isfinite(value):
                assert field.least is not None and field.most is not None
                p[name] = min(max(float(value), field.least), field.most)
        zero, torque = np.zeros(self._d), np.zeros(self._device.n_joints)
        joint = self._joint(data.get("joint"), p["joint"] if not {"direction", "force"} & set(data) else 0)
        if joint:
            torque[joint - 1] = p["torque"]
            return Pulse(torque, zero, zero, p["rise"], p["hold"])
        angle = p["direction"]
        u = np.array((cos(angle), sin(angle)) if self._d == 2 else (1.0 if cos(angle) >= -1e-9 else -1.0,))
        return Pulse(torque, p["force"] * u, p["displacement"] * u, p["rise"], p["hold"])

    def _loading(self, told: Mapping[str, Any]) -> Pulse:
        """What acts of a preload: as a pulse of that size would at its height."""
        size = "torque" if "joint" in told else "force"
        return self._pulse({**{k: told[k] for k in ("joint", "direction") if k in told}, size: told["preload"]})

    def _joint(self, named: Any, otherwise: int) -> int:
        """The joint, from 1, by number or name."""
        names = [joint.name for joint in self._device.joints]
        if isinstance(named, str) and named in names:
            return names.index(named) + 1
        if isinstance(named, int) and 1 <= named <= len(names):
            return named
        return otherwise


def _vector(values: Any, d: int) -> Array | None:
    """A place (m) that an event tells of; None if it is none."""
    try:
        found = np.array(values, dtype=float)
    except (TypeError, ValueError):
        return None
    return found if found.shape == (d,) and np.isfinite(found).all() else None
