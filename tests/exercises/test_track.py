"""Staying on a target that moves."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.track import QUICKER, SLOWER, Track
from rehab.core.errors import Findings
from tests.arms import planar_arm, pose, wrist
from tests.exercises.runs import trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x


def away(t, x, hand):
    return HOME + np.array([0.0, 0.15]) if t > 0.5 else x


def test_the_target_begins_and_ends_at_rest_in_the_middle():
    (trial,) = trials(Track(ARM), ARM, 1)
    speed = np.linalg.norm(np.diff(trial.x, axis=0), axis=1) / 0.001
    for end in (0, -1):
        assert trial.x[end] == pytest.approx(HOME, abs=2e-3)
        assert speed[end] < 0.01


def test_it_stays_within_its_amplitude_and_uses_it():
    found = trials(Track(ARM, amplitude=0.08), ARM, 4)
    offsets = np.concatenate([trial.x - HOME for trial in found])
    assert np.abs(offsets).max() <= 0.08
    assert np.abs(offsets).max() > 0.04


def test_no_two_trials_are_alike_and_equal_seeds_are():
    first, second = trials(Track(ARM, adapt=False), ARM, 2)
    assert np.abs(first.x[:9000] - second.x[:9000]).max() > 0.02
    (again,) = trials(Track(ARM, adapt=False), ARM, 1)
    assert (again.x == first.x).all()


def test_a_chirp_gets_faster_from_its_first_to_its_last_frequency():
    info = wrist()
    (trial,) = trials(Track(info, motion="chirp", amplitude=0.03, frequency=0.2, fastest=0.8, duration=20.0), info, 1)
    crossings = trial.t[1:][np.diff(np.sign(trial.x[:, 0] - pose(info, info.home).x[0])) != 0]
    half_periods = np.diff(crossings)
    # the phase is 2π(f₀ t + ½ (f₁ − f₀) t²/T): 10 whole turns in 20 s
    assert len(crossings) == pytest.approx(20, abs=1)
    assert 1.0 / (2.0 * half_periods[0]) == pytest.approx(0.25, abs=0.06)
    assert 1.0 / (2.0 * half_periods[-1]) == pytest.approx(0.78, abs=0.06)


def test_a_hand_on_it_succeeds_and_one_that_stays_away_does_not():
    (good,), (bad,) = trials(Track(ARM), ARM, 1), trials(Track(ARM), ARM, 1, away)
    assert (good.ended["outcome"], bad.ended["outcome"]) == ("reached", "timeout")
    assert good.ended["on_target"] == pytest.approx(1.0, abs=0.01)
    assert bad.ended["on_target"] < 0.2


def test_it_gets_faster_after_a_good_trial_and_slower_after_a_bad_one():
    quick = [trial.asked["pace"] for trial in trials(Track(ARM, frequency=0.05, duration=3.0), ARM, 3)]
    slow = [trial.asked["pace"] for trial in trials(Track(ARM, frequency=0.05, duration=3.0), ARM, 3, away)]
    assert quick == pytest.approx([1.0, QUICKER, QUICKER**2])
    assert slow == pytest.approx([1.0, SLOWER, SLOWER**2])


def test_it_is_never_faster_than_the_speed_limit_allows():
    limits = ARM.limits().tighten("test", {"speed": 0.1})
    (trial,) = trials(Track(ARM, frequency=1.0), ARM, 1, limits=limits)
    assert np.linalg.norm(np.diff(trial.x, axis=0), axis=1).max() / 0.001 <= 0.08 + 1e-6


def test_an_amplitude_that_the_arm_does_not_reach_is_refused():
    with pytest.raises(Findings, match="up to"):
        Track(ARM, amplitude=0.3)
