"""Every installed exercise keeps the contract; a new entry point is covered without an edit here."""

from __future__ import annotations

import pytest

from rehab.core import registry
from tests.contract.exercise_contract import ExerciseContract, Make, arm

__all__ = ["arm"]


class TestInstalledExercises(ExerciseContract):
    @pytest.fixture(params=registry.names("exercise"))
    def make(self, request: pytest.FixtureRequest) -> Make:
        make: Make = registry.find("exercise", request.param)
        return make
