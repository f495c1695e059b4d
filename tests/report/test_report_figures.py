"""The figures: what they show, and when there is nothing to show."""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from rehab.core.types import Outcome
from rehab.report import figures
from rehab.report.sheet import BLUE, GREEN, INK, PURPLE, QUIET, VERMILLION, WARNING_INK
from tests.report.made_up_session import HOME, MadeUp, make

SIZE = {"width": 8.0, "height": 8.0}


def pixels(png: bytes | None) -> np.ndarray:
    assert png is not None
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def share_of(colour: str, picture: np.ndarray) -> float:
    wanted = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)])
    return float((np.abs(picture - wanted).max(axis=2) < 40).mean())


def luminance(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("colour", "least"),
    [(BLUE, 3.0), (VERMILLION, 3.0), (GREEN, 3.0), (PURPLE, 3.0), (INK, 4.5), (QUIET, 4.5), (WARNING_INK, 4.5)],
)
def test_colours_have_enough_contrast_on_white(colour: str, least: float) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= least


def test_a_figure_is_300_dpi_of_the_size_asked_for(recording: MadeUp) -> None:
    height, width, _ = pixels(figures.hand_paths(recording, width=8.0, height=10.0)).shape
    assert (width, height) == pytest.approx((8.0 / 2.54 * 300, 10.0 / 2.54 * 300), abs=2)


def test_missed_trials_are_drawn_in_another_way_and_only_when_there_are_any(tmp_path: Path) -> None:
    hits = pixels(figures.hand_paths(make(tmp_path, trials=6, missed={}), **SIZE))
    mixed = pixels(figures.hand_paths(make(tmp_path, trials=6, missed={2: Outcome.TIMEOUT}), **SIZE))
    assert share_of(VERMILLION, hits) == 0.0
    assert share_of(VERMILLION, mixed) > 1e-4
    assert share_of(BLUE, hits) > 1e-3


def test_paths_are_drawn_from_the_rows_of_their_ticks_even_after_lost_rows(tmp_path: Path) -> None:
    whole = make(tmp_path, trials=3, missed={})
    holed = make(tmp_path, trials=3, missed={})
    first = holed.trials[0].first_tick
    kept = np.ones(len(holed.ticks["tick"]), dtype=bool)
    kept[first - 800 : first - 100] = False  # lost between trials: nothing that is drawn is missing
    holed.ticks = {name: values[kept] for name, values in holed.ticks.items()}
    for draw in (figures.hand_paths, figures.speed_profiles):
        assert draw(holed, **SIZE) == draw(whole, **SIZE)


def test_equal_axes_make_a_circle_of_targets_round(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=12, missed={})
    angles = np.linspace(0, 2 * np.pi, 13)[:-1]
    recording.trials = [
        msgspec.structs.replace(
            trial, parameters=trial.parameters | {"target": [HOME[0] + 0.1 * np.cos(a), HOME[1] + 0.1 * np.sin(a)]}
        )
        for trial, a in zip(recording.trials, angles, strict=True)
    ]
    picture = pixels(figures.hand_paths(recording, width=12.0, height=8.0))
    ink = np.argwhere(picture.max(axis=2) < 60)
    inside = ink[(ink[:, 1] > 200) & (ink[:, 0] < 700) & (ink[:, 0] > 90)]
    tall, wide = np.ptp(inside, axis=0)
    assert tall / wide == pytest.approx(1.0, abs=0.15)


def test_the_median_is_drawn_from_three_reached_trials_on(tmp_path: Path) -> None:
    two = pixels(figures.speed_profiles(make(tmp_path, trials=2, missed={}), **SIZE))
    three = pixels(figures.speed_profiles(make(tmp_path, trials=3, missed={}), **SIZE))
    assert share_of(INK, three) > 1.5 * share_of(INK, two)


def test_there_is_no_figure_without_trials(tmp_path: Path) -> None:
    empty = make(tmp_path, trials=0)
    assert figures.hand_paths(empty, **SIZE) is None
    assert figures.speed_profiles(empty, **SIZE) is None


def test_a_hand_on_a_line_has_no_paths_but_a_speed(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=3, missed={})
    for name in ("x_1", "v_1"):
        del recording.ticks[name]
    assert figures.hand_paths(recording, **SIZE) is None
    assert figures.speed_profiles(recording, **SIZE) is not None


def test_a_simulated_clock_has_no_histogram(recording: MadeUp) -> None:
    assert figures.lateness(recording, **SIZE) is not None
    recording.timing["clock"] = "simulated"
    assert figures.lateness(recording, **SIZE) is None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("ticks", [0, 1, 2])
def test_a_trial_that_a_stop_ended_at_once_has_no_speed_to_draw(ticks: int) -> None:
    assert figures._speed(0.001 * np.arange(ticks), np.zeros((ticks, 2))) is None
