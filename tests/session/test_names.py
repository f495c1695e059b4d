"""Parameters of an exercise may be called like the choices of a session."""

from __future__ import annotations

import pytest

from rehab.core import registry
from rehab.core.parameters import Parameters, choice, integer
from rehab.session.session import Session
from tests.session.conftest import ShortTrials


class Awkward(ShortTrials):
    parameters = Parameters(
        what=choice("this", ("this", "that"), says="anything"),
        trials=integer(1, least=1, most=9, says="anything"),
        mode=choice("slow", ("slow", "quick"), says="anything"),
        controller=choice("left", ("left", "right"), says="anything"),
        also=integer(0, least=0, most=9, says="anything"),
    )

    def __init__(self, device, **parameters):
        super().__init__(device)


@pytest.fixture
def session(plugins, tmp_path):
    registry.add_local("exercise", "awkward", Awkward)
    with Session("sim:planar_arm", seed=1, clock="simulated", out=tmp_path) as session:
        yield session
    registry._local.pop(("exercise", "awkward"))


def test_they_are_given_under_the_exercises_name(session):
    own = {"what": "that", "trials": 7, "mode": "quick", "controller": "right", "also": 3}
    plan = session.plan("awkward", controller="transparent", trials=2, awkward=own)
    (block,) = plan.blocks
    assert block.exercise_parameters == own
    assert (block.controller, block.trials) == ("transparent", 2)
    assert session.prepare("awkward", controller="transparent", trials=2, awkward=own).blocks[0].trials == 2


def test_one_that_is_called_what_goes_by_its_own_name_too(session):
    plan = session.plan("awkward", what="that")
    assert plan.blocks[0].exercise_parameters["what"] == "that"
    trials = list(session.run("awkward", controller="push", trials=2, what="that"))
    assert [trial.parameters["what"] for trial in trials] == ["that", "that"]
