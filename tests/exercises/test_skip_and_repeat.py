"""A therapist leaves a trial out, or wants it once more: every installed exercise, and the list of a protocol."""

from __future__ import annotations

import numpy as np
import pytest

from rehab.core import registry
from rehab.core.trials import TrialPlan
from tests.arms import hand_at, planar_arm, pose, sent

DT = 0.001


def events(exercise, info, *, act, after, until=5, seconds=120.0):
    """All events until so many trials have ended; `act(exercise)` is done five ticks after the first event of that
    kind, or phase of that name that follows a trial."""
    x = pose(info, info.home).x
    exercise.start(hand_at(info, tuple(x)), info.limits(), np.random.default_rng(1))
    found, wait = [], None
    for k in range(round(seconds / DT)):
        state = hand_at(info, tuple(x))
        reference = exercise.reference(k * DT, state)
        event = exercise.observe(k * DT, state, sent(info))
        if event is not None:
            found.append(event)
            ended = sum(e.kind == "trial_end" for e in found)
            if ended == until:
                return found
            if wait is None and (event.kind == after or (ended and event.data.get("name") == after)):
                wait = 5
        if wait is not None and wait >= 0:
            wait -= 1
            if wait < 0:
                act(exercise)
        x = reference.x.copy()
    raise AssertionError(f"{[e.kind for e in found]} in {seconds} s")


@pytest.mark.parametrize("name", sorted(registry.names("exercise")))
def test_every_exercise_leaves_its_running_trial_out_at_once(name):
    info = planar_arm()
    exercise = registry.find("exercise", name)(info)
    found = events(exercise, info, act=lambda e: e.skip(), after="trial_start", until=1)
    end = found[-1]
    assert (end.data["outcome"], end.data["reason"]) == ("aborted", "skipped")
    assert "redo" not in end.data


def reach(trials: int):
    exercise = registry.find("exercise", "reach")(planar_arm())
    exercise.follow([TrialPlan(number=k + 1, target=k) for k in range(trials)])
    return exercise


def planned(found):
    return [(e.data["planned"], e.data["repeat"]) for e in found if e.kind == "trial_start"]


def test_the_running_trial_is_broken_off_and_comes_next():
    found = events(reach(3), planar_arm(), act=lambda e: e.repeat(), after="trial_start", until=4)
    assert planned(found) == [(1, 0), (1, 1), (2, 0), (3, 0)]
    first = next(e.data for e in found if e.kind == "trial_end")
    assert (first["reason"], first["redo"], first["now"]) == ("repeated", True, True)


def test_on_the_way_back_the_trial_that_ended_last_comes_next():
    found = events(reach(3), planar_arm(), act=lambda e: e.repeat(), after="trial_end", until=4)
    assert planned(found) == [(1, 0), (1, 1), (2, 0), (3, 0)]


def test_while_the_next_one_waits_it_goes_behind():
    found = events(reach(3), planar_arm(), act=lambda e: e.repeat(), after="home", until=4)
    assert planned(found) == [(1, 0), (1, 1), (2, 0), (3, 0)]
