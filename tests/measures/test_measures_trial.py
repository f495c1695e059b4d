"""All measures of one trial."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from rehab.core.errors import MeasureError
from rehab.measures import DESCRIPTIONS, METHOD, minimum_jerk, trial_measures

Array = NDArray[np.float64]
START, TARGET = (0.0, 0.4), (0.1, 0.4)


def reach(*, wait: float = 0.3, duration: float = 0.8, height: float = 0.0, fs: float = 1000.0) -> tuple[Array, Array]:
    """A trial: rest, a minimum-jerk reach of 10 cm with a half-sine detour, rest."""
    t = 12.0 + np.arange(round((wait + duration + 0.4) * fs)) / fs
    along = minimum_jerk(t - 12.0 - wait, start=0.0, end=1.0, duration=duration)[0]
    return t, np.column_stack([0.1 * along, 0.4 + height * np.sin(np.pi * along)])


def measure(t: Array, position: Array) -> dict[str, float]:
    return trial_measures(t, position, start=START, target=TARGET)


def test_a_clean_reach_has_every_measure_and_each_is_described() -> None:
    values = measure(*reach(height=0.01))
    effort = {"assistance_share", "robot_work", "patient_work"}  # nobody said what the robot did
    assert list(values) == [name for name in DESCRIPTIONS if name not in effort]
    assert all(d.says and d.better in ("less", "more", "") for d in DESCRIPTIONS.values())


def test_the_measures_of_a_minimum_jerk_reach_are_those_of_its_closed_form() -> None:
    values = measure(*reach(height=0.01))
    assert values["peak_speed"] == pytest.approx(1.875 * 0.1 / 0.8, rel=0.01)
    assert values["reaction_time"] == pytest.approx(0.3 + 0.059434 * 0.8, abs=0.01)
    assert values["movement_time"] == pytest.approx(0.881132 * 0.8, abs=0.02)
    assert values["path_length_ratio"] == pytest.approx(1.024235, abs=1e-3)
    assert values["hand_path_deviation_max"] == pytest.approx(0.010, abs=1e-4)
    assert values["initial_direction_error"] == pytest.approx(math.atan(0.1 * math.pi), abs=0.02)
    assert values["number_of_peaks"] == 1
    straight = measure(*reach())
    assert straight["sparc"] == pytest.approx(-1.402422, abs=0.01)
    assert straight["ldlj"] == pytest.approx(-4.399853, abs=0.1)


def test_the_straightest_reach_has_no_direction_error_and_ratio_one() -> None:
    values = measure(*reach())
    assert values["initial_direction_error"] == pytest.approx(0.0, abs=1e-6)
    assert values["path_length_ratio"] == pytest.approx(1.0, abs=1e-6)


def test_skipped_ticks_hardly_change_the_measures() -> None:
    t, position = reach(height=0.01)
    kept = np.ones(len(t), dtype=bool)
    kept[[350, 500, 501, 502, 640, 641, 900]] = False
    whole, holed = measure(t, position), measure(t[kept], position[kept])
    assert holed == pytest.approx(whole, rel=0.01, abs=1e-4)


def test_the_rate_comes_from_the_times() -> None:
    slow = measure(*reach(height=0.01, fs=250.0))
    assert slow == pytest.approx(measure(*reach(height=0.01)), rel=0.03, abs=0.01)


def test_a_small_jitter_of_the_times_is_not_resampled() -> None:
    t, position = reach(height=0.01)
    jittered = t + 2e-5 * np.sin(np.arange(len(t)))
    assert measure(jittered, position) == pytest.approx(measure(t, position), rel=0.05, abs=1e-3)


def test_a_hand_at_rest_has_a_peak_speed_and_nothing_else() -> None:
    t = np.arange(1000) / 1000
    rest = np.full((1000, 2), 0.4) + 1e-6 * np.random.default_rng(0).standard_normal((1000, 2))
    assert list(measure(t, rest)) == ["peak_speed"]


def test_a_trial_cut_just_after_onset_leaves_out_what_is_not_defined() -> None:
    t, position = reach()
    values = measure(t[:380], position[:380])
    assert "initial_direction_error" not in values
    assert values["reaction_time"] > 0.29


def test_swaying_before_the_go_is_no_movement_onset() -> None:
    t, position = reach(wait=0.6, height=0.01)
    swaying = position + np.outer(0.002 * (1.0 - np.cos(4 * np.pi * (t - 12.0))) * (t < 12.5), [0.0, 1.0])
    speed = np.linalg.norm(np.diff(swaying, axis=0), axis=1) * 1000
    assert speed[:300].max() > 0.05 * speed.max()  # it would be taken for the onset
    still, swayed = measure(t, position), measure(t, swaying)
    assert swayed["reaction_time"] == pytest.approx(still["reaction_time"], abs=0.1)
    assert swayed["reaction_time"] > 0.5


def test_a_hand_on_its_way_when_the_trial_begins_has_no_reaction_time() -> None:
    t, position = reach(wait=0.3)
    values = measure(t[450:], position[450:])
    assert not {"reaction_time", "initial_direction_error"} & set(values)
    assert {"movement_time", "sparc", "path_length_ratio"} <= set(values)


def test_a_single_joint_has_no_direction_and_no_deviation() -> None:
    t, position = reach()
    values = trial_measures(t, position[:, :1], start=(0.0,), target=(0.1,))
    assert not {"initial_direction_error", "hand_path_deviation_mean", "hand_path_deviation_max"} & set(values)
    assert values["movement_time"] == pytest.approx(0.705, abs=0.02)


def test_start_on_target_leaves_out_the_deviation_only() -> None:
    t, position = reach()
    values = trial_measures(t, position, start=START, target=START)
    assert "hand_path_deviation_mean" not in values
    assert "sparc" in values


def test_every_value_is_a_plain_finite_float() -> None:
    values = measure(*reach(height=0.02))
    assert all(type(value) is float and math.isfinite(value) for value in values.values())


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_position_that_is_not_finite_is_refused(bad: float) -> None:
    t, position = reach()
    position[100, 0] = bad
    with pytest.raises(MeasureError, match="not finite"):
        measure(t, position)


def test_times_that_do_not_rise_are_refused_with_their_place() -> None:
    t, position = reach()
    t[200] = t[199]
    with pytest.raises(MeasureError, match="sample 200"):
        measure(t, position)


def test_a_trial_of_a_few_ticks_is_refused() -> None:
    with pytest.raises(MeasureError, match="at least 8"):
        measure(np.arange(3.0), np.zeros((3, 2)))


def test_times_and_positions_of_different_lengths_are_refused() -> None:
    t, position = reach()
    with pytest.raises(MeasureError, match="times for"):
        measure(t[:-1], position)


def test_the_method_says_what_the_values_may_be_compared_with() -> None:
    assert METHOD["cutoff_hz"] == 20.0
    assert METHOD["threshold"] == 0.05
