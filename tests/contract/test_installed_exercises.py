"""Every installed exercise keeps the contract on every arm that it fits; a new entry point needs no edit."""

from __future__ import annotations

from typing import Any

import pytest

from rehab.contract.exercise import ExerciseContract, Make
from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.errors import Findings
from rehab.core.kinematics import kinematics_of
from tests.arms import planar_arm, wrist

ARMS = {"two joints": planar_arm, "one joint": wrist}


def fits(name: str, info: DeviceInfo) -> bool:
    dimensions: tuple[int, ...] = getattr(registry.find("exercise", name), "dimensions", (1, 2))
    return kinematics_of(info).n_task in dimensions


EVERY = [(name, arm) for name in registry.names("exercise") for arm in ARMS]
FITTING = [(name, arm) for name, arm in EVERY if fits(name, ARMS[arm]())]


class TestInstalledExercises(ExerciseContract):
    @pytest.fixture(params=FITTING, ids=lambda pair: f"{pair[0]}, {pair[1]}")
    def pair(self, request: pytest.FixtureRequest) -> tuple[str, str]:
        pair: tuple[str, str] = request.param
        return pair

    @pytest.fixture
    def make(self, pair: tuple[str, str]) -> Make:
        make: Make = registry.find("exercise", pair[0])
        return make

    @pytest.fixture
    def arm(self, pair: tuple[str, str]) -> DeviceInfo:
        return ARMS[pair[1]]()


def test_an_exercise_refuses_an_arm_with_too_few_dimensions_and_says_so() -> None:
    unfit: list[Any] = [pair for pair in EVERY if pair not in FITTING]
    for name, arm in unfit:
        with pytest.raises(Findings, match="dimension"):
            registry.find("exercise", name)(ARMS[arm]())


@pytest.mark.parametrize("name", registry.names("exercise"))
def test_people_are_told_what_it_is_in_english_and_italian(name: str) -> None:
    exercise = registry.find("exercise", name)
    about, phrases = exercise.about, exercise.phrases
    for text in (about.title, about.instruction, about.trains, about.measures):
        assert text, "nothing is said"
        assert phrases[text]["it"] not in ("", text)
    assert about.goals
