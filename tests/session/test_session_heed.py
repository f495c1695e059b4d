"""The controller hears of what happens in the exercise, and may ask for the try to begin again."""

from __future__ import annotations

import pytest

from rehab.core import registry
from rehab.session.messages import Arm, Prepare, Start
from tests.session.conftest import Push, ShortTrials, block, plan


class Listener(Push):
    """Keeps what it hears; raises at the event that `hates` names."""

    hates = ""

    def __init__(self, device, **parameters):
        super().__init__(device, torque=0.0)
        self.heard = []
        self.demands_retry = False

    def heed(self, event):
        self.heard.append((event.kind, dict(event.data)))
        if event.kind == self.hates:
            raise LookupError("it does not want to know")


class Patient(ShortTrials):
    """Counts how often the try was begun again."""

    def start(self, state, limits, rng):
        super().start(state, limits, rng)
        self.retries = []

    def retry(self, t, state):
        self.retries.append(t)


@pytest.fixture(autouse=True)
def more(plugins):
    registry.add_local("controller", "listener", Listener)
    registry.add_local("exercise", "patient", Patient)
    yield
    registry._local.pop(("controller", "listener"))
    registry._local.pop(("exercise", "patient"))


def started(bench, exercise="short_trials"):
    chosen = block(controller="listener", exercise=exercise, controller_parameters={}, number=0)
    assert bench.ask(Prepare(plan=plan(chosen)), Arm(), Start()) == ""
    return bench.loop.course.blocks[0]


def test_every_event_of_the_exercise_reaches_the_controller_once(bench):
    controller = started(bench).controller
    bench.step(150)
    assert [kind for kind, _ in controller.heard] == ["trial_start", "trial_end", "trial_start"]
    assert controller.heard[0][1]["radius"] == 0.01


def test_a_controller_that_fails_at_an_event_stops_the_arm_and_is_named(bench, monkeypatch):
    monkeypatch.setattr(Listener, "hates", "trial_end")
    started(bench)
    bench.step(120)
    assert bench.loop.state == "faulted"
    assert "controller listener: LookupError" in bench.loop.rig.monitor.reason


def test_who_demands_a_retry_has_the_exercise_asked_once_a_tick(bench):
    running = started(bench, "patient")
    bench.step(20)
    running.controller.demands_retry = True
    bench.step(3)
    running.controller.demands_retry = False
    bench.step(20)
    assert len(running.exercise.retries) == 3


def test_an_exercise_that_cannot_retry_goes_on(bench):
    running = started(bench)
    bench.step(20)
    running.controller.demands_retry = True
    bench.step(20)
    assert bench.loop.state == "running"
