"""The reference of every installed exercise stays inside the limits: at every time, for every seed, whatever its
parameters are and whatever the hand does."""

from __future__ import annotations

from math import dist, hypot
from typing import Any

import numpy as np
import pytest

from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.errors import Findings
from rehab.core.kinematics import OutOfReach, kinematics_of
from rehab.core.parameters import Parameter
from rehab.core.values import Floats
from tests.arms import hand_at, pose, sent
from tests.contract.test_installed_exercises import ARMS, FITTING

DT = 0.01  # s: ten ticks at once
LONG = 200.0  # s: beyond the longest trial of most, and many trials of the others
DRAWS = 4  # sets of parameters that fit the arm, of each exercise
TRIES = 60  # many a draw is too large for the arm: it is refused in words, which is tested too
TEXTS = {"points": "0,0; 2,1; 3,4; -1,3"}
FAR = 0.02  # rad beyond the joint's range: rounding, and the chord of a straight line between two places inside


def drawn(parameter: Parameter, name: str, dice: np.random.Generator) -> Any:
    """A value within the declared range, its ends among them, in SI."""
    match parameter.kind:
        case "choice":
            return str(dice.choice(parameter.choices))
        case "flag":
            return bool(dice.integers(2))
        case "text":
            return TEXTS.get(name, parameter.default)
    least = parameter.least if parameter.least is not None else parameter.default
    most = parameter.most if parameter.most is not None else parameter.default
    if parameter.kind == "integer":
        return int(dice.integers(int(least), int(most) + 1))
    share = dice.choice([0.0, 1.0, dice.random(), dice.random() ** 3, dice.random() ** 3])
    return float(least + share * (most - least))


def settings(name: str, seed: int) -> dict[str, Any]:
    """Each parameter at its default, or anywhere in its range."""
    dice = np.random.default_rng([seed, len(name)])
    table = registry.find("exercise", name).parameters
    return {key: drawn(one, key, dice) if dice.random() < 0.6 else one.default for key, one in table.items()}


def made(name: str, info: DeviceInfo, count: int) -> list[tuple[int, dict[str, Any], Any]]:
    """As many exercises with drawn parameters as were asked for: those that are not refused."""
    found = []
    for seed in range(TRIES * count):
        parameters = settings(name, seed)
        try:
            found.append((seed, parameters, registry.find("exercise", name)(info, **parameters)))
        except Findings:
            continue
        if len(found) == count:
            return found
    return found


class Wanderer:
    """A hand that goes about inside the device's range, now and then with the reference."""

    def __init__(self, info: DeviceInfo, seed: int) -> None:
        self._dice = np.random.default_rng(seed)
        self._info, self._kinematics = info, kinematics_of(info)
        self._until, self._with = 0.0, True
        self._q = self._pose = info.home
        self.x = tuple(pose(info, info.home).x.tolist())

    def step(self, t: float, asked: Floats) -> None:
        dice = self._dice
        if t >= self._until:
            self._until, self._with = t + dice.uniform(0.5, 6.0), dice.random() < 0.6
            self._pose = tuple(dice.uniform(j.q_min, j.q_max) for j in self._info.joints)
        if self._with and dist(asked, self.x) <= 0.8 * DT and beyond(self._info, asked) <= 0.0:
            self.x, self._q = asked, self._kinematics.inverse(asked, self._q)
            return
        led = self._with and beyond(self._info, asked) <= 0.0
        aim = self._kinematics.inverse(asked, self._q) if led else self._pose
        way = max(abs(b - a) for a, b in zip(self._q, aim, strict=True))
        share = min(1.0, 2.0 * DT / way) if way > 0.0 else 0.0  # 2 rad/s
        self._q = tuple(a + share * (b - a) for a, b in zip(self._q, aim, strict=True))
        self.x = self._kinematics.forward(self._q)[0]


def beyond(info: DeviceInfo, x: Floats) -> float:
    """By how much (rad) the joints are out of their range with the hand at x (m); inf where it does not get."""
    kinematics = kinematics_of(info)
    try:
        q = kinematics.inverse(x, info.home)
    except OutOfReach:
        return np.inf
    return max(max(j.q_min - a, a - j.q_max) for j, a in zip(info.joints, q, strict=True))


def check(exercise: Any, info: DeviceInfo, seed: int, seconds: float) -> None:
    limits, hand = info.limits(), Wanderer(info, seed)
    exercise.start(hand_at(info, hand.x), limits, np.random.default_rng(seed))
    before = None
    for k in range(round(seconds / DT)):
        t = k * DT
        state = hand_at(info, hand.x)
        reference = exercise.reference(t, state)
        exercise.observe(t, state, sent(info))
        x, v = tuple(reference.x.tolist()), tuple(reference.v.tolist())
        assert np.isfinite([*x, *v, *reference.force]).all()
        assert hypot(*v) <= limits.speed * (1.0 + 1e-6), f"{hypot(*v):.2f} m/s at {t:.2f} s"
        assert hypot(*reference.force) <= limits.force
        if before is not None:
            assert dist(x, before) <= limits.speed * DT * 1.05, f"{dist(x, before):.4f} m in a step at {t:.2f} s"
        if k % 5 == 0:
            assert beyond(info, x) <= FAR, f"{beyond(info, x):.3f} rad out of range at {t:.2f} s: {x}"
        before = x
        hand.step(t, x)


@pytest.mark.parametrize(("name", "arm"), FITTING)
def test_with_its_defaults_for_a_long_time(name: str, arm: str) -> None:
    check(registry.find("exercise", name)(ARMS[arm]()), ARMS[arm](), 3, LONG)


@pytest.mark.parametrize(("name", "arm"), FITTING)
def test_with_parameters_from_anywhere_in_their_ranges(name: str, arm: str) -> None:
    found = made(name, ARMS[arm](), DRAWS)
    assert len(found) == DRAWS, "too few sets of parameters fit this arm"
    for seed, parameters, exercise in found:
        try:
            check(exercise, ARMS[arm](), seed, 30.0)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, {parameters}: {error}") from error


@pytest.mark.long
@pytest.mark.parametrize(("name", "arm"), FITTING)
def test_with_many_of_them(name: str, arm: str) -> None:
    for seed, parameters, exercise in made(name, ARMS[arm](), 12 * DRAWS):
        try:
            check(exercise, ARMS[arm](), seed, LONG)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, {parameters}: {error}") from error
