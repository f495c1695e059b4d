"""How far a channel lets the hand off the line: what the hand has learned to push against, over what holds it.

    leakage = F / K        F = max |J⁻ᵀ τ(x, v)| along minimum-jerk reaches to all sides, N
                           K = the channel's stiffness, or what this link allows if that is less, N/m

τ is that of the protocol's strongest dynamics, met by a hand that moves as the protocol asks: over the exercise's
radius, in the middle of the time that counts as neither slow nor fast. A participant who has adapted pushes against the
field that is not there, and no harder. The channel stands at the worst it can: all of that force across the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import cos, pi, sin
from typing import Any, NamedTuple

import numpy as np

from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Finding
from rehab.core.kinematics import OutOfReach, kinematics_of
from rehab.core.minimum_jerk import MinimumJerk
from rehab.core.stability import held
from rehab.core.trials import Choice
from rehab.core.types import Array, Reference, State
from rehab.core.units import show
from rehab.core.values import Floats
from rehab.protocol.modes import MODES
from rehab.protocol.plan import BlockPlan

CHANNEL = "channel"  # the controller that it is about
MOST = 3e-3  # m: beyond it a channel trial is no error clamp; adaptation to the leak itself begins at a few mm
DIRECTIONS = 8  # in the plane
STEP = 0.005  # s: a movement of half a second in a hundred steps
BEFORE = 0.3  # s at rest before it, so that whatever fades in has done so


class Leak(NamedTuple):
    """One channel of one block."""

    block: str
    name: str  # of the channel among the block's dynamics; "" when it is the block's own controller
    where: str  # path in the protocol
    force: float  # N, the strongest field's
    stiffness: float  # N/m, that holds against it

    @property
    def distance(self) -> float:
        return self.force / self.stiffness

    def finding(self) -> Finding:
        words = f"leaks {show(self.distance, 'm')}: {self.force:.2g} N of field against {show(self.stiffness, 'N/m')}"
        allowed = f"at most {show(MOST, 'm')}: a stiffer channel on a faster link, or accept: [channel_leakage]"
        return Finding(self.where, words, allowed)


def leaks(blocks: Iterable[BlockPlan], info: DeviceInfo, delay: float) -> list[Leak]:
    """Of every channel of a protocol at a link's delay (s); none where nothing pushes or no movement is known."""
    blocks = list(blocks)
    there = [(block, *channel) for block in blocks for channel in channels(block)]
    force = max((strongest(block, info) for block in blocks), default=0.0) if there else 0.0
    found = []
    if force > 0.0:
        for block, name, where, choice in there:
            asked = held(info, registry.find("controller", choice.controller)(info, **choice.parameters), delay)
            if asked is not None and asked.bound > 0.0:
                found.append(Leak(block.name, name, where, force, min(asked.stiffness, asked.bound)))
    return list(dict.fromkeys(found))


def channels(block: BlockPlan) -> Iterator[tuple[str, str, Choice]]:
    """A block's channels: name, where it is written, what it is."""
    where = f"blocks[{block.number}]"
    at = {insert.dynamics: f"{where}.insert.{insert.name}.dynamics" for insert in block.inserts if insert.dynamics}
    at |= {"": f"{where}.controller", block.ordinary: f"{where}.dynamics" if block.ordinary else f"{where}.controller"}
    for name, choice in block.acting.items():
        if choice.controller == CHANNEL and name in at:
            yield name, at[name], choice


def movement(block: BlockPlan) -> tuple[float, float] | None:
    """How far (m) and in what time (s) the hand moves; None when the block does not say."""
    feedback = next((phase.values for phase in block.phases if phase.kind == "feedback"), {})
    window, distance = feedback.get("mt"), block.exercise_parameters.get("radius")
    duration = sum(window) / 2.0 if window else block.exercise_parameters.get("movement_time")
    return None if distance is None or duration is None else (float(distance), float(duration))


def strongest(block: BlockPlan, info: DeviceInfo) -> float:
    """The peak force (N) of the fields that act on the hand in that block, channels apart; 0 where none does.

    The block's own controller is a field only where it is named outright and is none that a mode would pick: that of
    the arm's own friction, say, takes torque that no hand feels.
    """
    moved = movement(block)
    if moved is None:
        return 0.0
    named = {block.ordinary, *(insert.dynamics for insert in block.inserts)}
    own = [block.own] if not block.mode and block.controller not in MODES.values() else []
    acting = [*own, *(choice for name, choice in block.dynamics.items() if name in named)]
    acting = [choice for choice in acting if choice.controller != CHANNEL]
    return max((peak_force(choice, info, *moved) for choice in acting), default=0.0)


def peak_force(choice: Choice, info: DeviceInfo, distance: float, duration: float) -> float:
    """Its largest force (N) on a hand that makes minimum-jerk reaches from home to all sides."""
    kinematics = kinematics_of(info)
    home, _ = kinematics.forward(info.home)
    controller = registry.find("controller", choice.controller)(info, **choice.parameters)
    forces = [0.0]
    for direction in _directions(len(home)):
        goal = tuple(c + distance * u for c, u in zip(home, direction, strict=True))
        reach = MinimumJerk(home, goal, begin=BEFORE, duration=duration)
        for k in range(int((BEFORE + duration) / STEP) + 1):
            x, v = reach.at(k * STEP)
            try:
                state = _state(info, k * STEP, x, v)
            except OutOfReach:  # the exercise says so itself
                break
            if k == 0 and hasattr(controller, "reset"):
                controller.reset(state)
            reference = Reference(state.x, state.v, np.zeros(len(home)))
            try:
                torque = controller.update(state, reference, STEP)
            except Exception as error:  # anybody's law: it would be stopped while running, and is named before
                problem = f"fails on a hand that reaches: {type(error).__name__}: {error}"
                raise BadInput(f'controller "{choice.controller}" {problem}') from error
            forces.append(float(np.linalg.norm(kinematics.hand_force(tuple(torque), tuple(state.q)))))
    return max(forces)


def _state(info: DeviceInfo, t: float, x: Floats, v: Floats) -> State:
    """A hand at x (m) that moves at v (m/s); without gravity, which no channel has to hold."""
    kinematics = kinematics_of(info)
    q = kinematics.inverse(x, info.home)
    _, rows = kinematics.forward(q)
    jacobian: Array = np.array(rows)
    still = np.zeros(info.n_joints)
    speeds: Any = np.linalg.lstsq(jacobian, np.array(v), rcond=None)[0]
    none = np.zeros(len(x))
    return State(t, np.array(q), speeds, still, np.array(x), np.array(v), jacobian, none, 0.0, still, none)


def _directions(dimensions: int) -> list[Floats]:
    if dimensions == 1:
        return [(1.0,), (-1.0,)]
    return [(cos(2.0 * pi * k / DIRECTIONS), sin(2.0 * pi * k / DIRECTIONS)) for k in range(DIRECTIONS)]
