"""Move to: the robot brings the hand onto the reference, or to a target, and goes on firmly with it.

    F = K (x_m − x) + D (v_m − v) + F_ff,  |K (x_m − x)| ≤ F_max           τ = Jᵀ F + g(q)
    x_m = x_r + o(t)         o(0) = x_0 − x_r,  ȯ(0) = v_0 − v_r,  o(T) = 0

x_0, v_0 hand m and m/s (d,) at the reset, from where it is led without a step · o what is missing to the reference,
brought to nothing by minimum jerk (Flash & Hogan 1985, J. Neurosci. 5(7)) with the stated peak speed, in 0.5 s at
least · x_r, v_r, F_ff the exercise's reference; with a `target`, that place at rest, and the exercise's is ignored
K, D, g, or one spring in every joint: the law of `impedance`, of which this is the firm form.

Once on the reference it follows it: that is the training mode "passive", where the robot moves the limb. Where the
reference rests, and always at a target, that is a hold. While it follows it declares its stiffness, and the monitor
leashes the reference by it; on the way, and to a target of its own, the energy tank pays.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from controllers.impedance import Impedance, within
from rehab.core import units
from rehab.core.controller import Spring
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.minimum_jerk import APPROACH_LEAST, PEAK_SPEED, MinimumJerk
from rehab.core.parameters import Parameters, choice, number, quantity, text
from rehab.core.types import Array, Reference, State
from rehab.core.workspace import fits

EXAMPLE = ("10 cm", "0 cm, 45 cm")


class MoveTo:
    """Leads the hand, or every joint, to the reference or to a target, and holds it there."""

    parameters: ClassVar[Parameters] = Parameters(
        target=text("", says='where the hand is brought, for example "0 cm, 45 cm"; nothing: onto the reference'),
        speed=quantity("15 cm/s", unit="m/s", least="1 cm/s", most="1 m/s", says="peak speed of the hand on its way"),
        space=choice("task", ("task", "joint"), says="one spring at the hand, or one in every joint"),
        stiffness=quantity(
            "800 N/m", unit="N/m", least="200 N/m", most="3 kN/m", says="how firmly the hand is led", live=True
        ),
        joint_stiffness=quantity(
            "40 N*m/rad", unit="N*m/rad", least="10 N*m/rad", most="200 N*m/rad",
            says="how firmly each joint is led, where the space is joint", live=True,
        ),
        damping_ratio=number(0.7, least=0.1, most=2.0, says="1 does not overshoot", live=True),
        force=quantity("30 N", unit="N", least="1 N", most="150 N", says="most that the spring pulls with"),
    )  # fmt: skip

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        values = self.parameters.complete(parameters)
        written = values.pop("target")
        self._speed: float = values.pop("speed")
        self._most: float = values.pop("force")
        self._impedance = Impedance(device, **values)
        self._target: Reference | None = None
        if written.strip():
            place = np.array(_place(written, device))
            self._target = Reference(place, np.zeros_like(place), np.zeros_like(place))
        self._from: tuple[Array, Array] | None = None
        self._way: MinimumJerk | None = None
        self._passed = 0.0  # s since the way began

    @property
    def stiffness(self) -> float:
        """N/m while it follows the reference; 0 on the way and at a target of its own."""
        follows = self._target is None and self._way is not None and self._passed > self._way.duration
        return self._impedance.stiffness if follows else 0.0

    @property
    def damping(self) -> float:
        return self._impedance.damping if self.stiffness > 0.0 else 0.0

    @property
    def feed_forward(self) -> Array:
        """N·m (n,), of the reference's own force."""
        return self._impedance.feed_forward

    @property
    def spring(self) -> Spring:
        return self._impedance.spring

    def set(self, name: str, value: float) -> None:
        """Change a live parameter (SI) while running: it gets there in 200 ms and the torque never steps."""
        self._impedance.set(name, value)

    def reset(self, state: State) -> None:
        self._impedance.reset(state)
        self._from, self._way = (np.array(state.x), np.array(state.v)), None

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        goal = self._target if self._target is not None else reference
        if self._way is None:
            self._way = self._begin(state, goal)
        offset, rate = self._way.at(self._passed)
        self._passed += dt
        led = goal._replace(x=goal.x + np.array(offset), v=goal.v + np.array(rate))
        self._impedance.step(dt)
        return self._impedance.torque(state, within(led, state, self._most / self._impedance.stiffness))

    def _begin(self, state: State, goal: Reference) -> MinimumJerk:
        if self._from is None:
            self.reset(state)
        assert self._from is not None
        x, v = self._from
        missing = x - goal.x
        duration = max(APPROACH_LEAST, PEAK_SPEED * float(np.linalg.norm(missing)) / self._speed)
        self._passed = 0.0
        start, speed = tuple(missing.tolist()), tuple((v - goal.v).tolist())
        return MinimumJerk(start, (0.0,) * len(start), begin=0.0, duration=duration, velocity=speed)


def _place(written: str, device: DeviceInfo) -> tuple[float, ...]:
    """The place (m) that a person wrote. Raises Findings."""
    kinematics = kinematics_of(device)
    example = EXAMPLE[kinematics.n_task - 1]
    allowed = f'{kinematics.n_task} length{"s" * (kinematics.n_task > 1)}, for example "{example}"'
    try:
        place = tuple(units.parse(part.strip(), "m") for part in written.split(","))
    except ValueError as error:
        raise Findings([Finding("target", str(error), allowed, value=written)]) from None
    if len(place) != kinematics.n_task:
        raise Findings([Finding("target", f'"{written}" is no place of {device.model}', allowed, value=written)])
    if not fits(device, kinematics, place):
        problem = f'{device.model} does not reach "{written}" inside its range of motion'
        raise Findings([Finding("target", problem, "a place within its reach", value=written)])
    return place
