"""Pushing against a hand that stays, or moves evenly."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.strength import Strength
from rehab.core.errors import Findings
from rehab.core.types import Event
from tests.arms import hand_at, planar_arm, pose, sent
from tests.exercises.runs import DT, trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home)


def pushed(exercise: Strength, force) -> Event:
    """The end of the first trial of a hand that stays at home and pushes ahead with `force(t)` N."""
    exercise.start(hand_at(ARM, tuple(HOME.x)), ARM.limits(), np.random.default_rng(1))
    begun = None
    for k in range(20_000):
        t = k * DT
        state = hand_at(ARM, tuple(HOME.x))
        exercise.reference(t, state)
        pushes = force(t - begun) if begun is not None else 0.0
        # the robot holds against it: τ = Jᵀ (0, −F)
        event = exercise.observe(t, state, sent(ARM, tuple(HOME.jacobian.T @ np.array([0.0, -pushes]))))
        if event is not None and event.kind == "trial_start":
            begun = t
        if event is not None and event.kind == "trial_end":
            return event
    raise AssertionError("the trial never ends")


def test_a_steady_push_is_measured_as_it_is():
    end = pushed(Strength(ARM), lambda t: 22.0)
    assert end.data["maximum_force"] == pytest.approx(22.0, rel=1e-6)
    assert end.data["outcome"] == "reached"


def test_a_blow_does_not_count_as_strength():
    end = pushed(Strength(ARM, goal=15.0), lambda t: 60.0 if 1.0 < t < 1.05 else 0.0)
    assert end.data["peak_force"] == pytest.approx(60.0, rel=1e-6)
    assert end.data["maximum_force"] == pytest.approx(60.0 * 0.05 / 0.5, rel=0.05)
    assert end.data["outcome"] == "timeout"


def test_the_rise_is_that_of_the_force():
    end = pushed(Strength(ARM), lambda t: 10.0 * t)
    assert end.data["rise"] == pytest.approx(10.0, rel=1e-6)
    # the mean over the last half second of a ramp lags by a quarter of a second
    assert end.data["maximum_force"] == pytest.approx(10.0 * (3.0 - 0.25), rel=0.01)


def test_pulling_the_other_way_is_no_strength():
    assert pushed(Strength(ARM), lambda t: -30.0).data["maximum_force"] <= 0.0


def test_the_bar_shows_the_force_and_its_goal_below_the_top():
    exercise = Strength(ARM, goal=20.0)
    exercise._force = 20.0
    assert exercise.picture(0.0).level == pytest.approx(0.8)
    exercise._force = 100.0
    assert exercise.picture(0.0).level == 1.0
    exercise._force = -5.0
    assert exercise.picture(0.0).level == 0.0


def test_an_isometric_reference_stays_and_an_isokinetic_one_covers_its_way():
    (still,) = trials(Strength(ARM), ARM, 1)
    (moves,) = trials(Strength(ARM, kind="isokinetic", speed=0.02, push_time=3.0), ARM, 1)
    assert np.abs(still.x - HOME.x).max() < 1e-9
    assert (moves.x - HOME.x)[-1] == pytest.approx([0.0, 0.06], abs=1e-6)


def test_a_push_that_leads_out_of_reach_is_refused_with_the_speed_that_fits():
    with pytest.raises(Findings, match="up to"):
        Strength(ARM, kind="isokinetic", speed=0.3, push_time=5.0)
