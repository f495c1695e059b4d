"""The three patients differ in what therapists measure, over several seeds and all directions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from rehab.core.device import DeviceInfo
from rehab.core.errors import UnknownName
from rehab.core.registry import names
from sim.patients import make_patient

from .conftest import DIRECTIONS, Reached

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def reaches(reach: Callable[..., Reached]) -> Callable[..., list[Reached]]:
    @cache
    def run(patient: str, assistance: float = 0.0) -> list[Reached]:
        return [reach(patient, seed, direction, assistance) for seed in SEEDS for direction in DIRECTIONS]

    return run


def success(reaches: list[Reached]) -> float:
    return sum(reached.time is not None for reached in reaches) / len(reaches)


def duration(reached: Reached) -> float:
    return (reached.moving.stop - reached.moving.start) * 0.001


def test_the_presets_are_found_by_name(info: DeviceInfo):
    assert {"healthy", "stroke", "passive"} <= set(names("patient"))
    with pytest.raises(UnknownName, match="stroke"):
        make_patient("strok", info, 1)


def test_a_healthy_patient_always_arrives(reaches):
    assert success(reaches("healthy")) == 1.0


def test_a_healthy_patient_takes_about_0_7_s_for_10_cm(reaches):
    durations = [duration(reached) for reached in reaches("healthy")]
    assert 0.55 < np.median(durations) < 0.85


def test_a_healthy_patient_moves_smoothly_and_straight(reaches):
    assert np.median([reached.smoothness for reached in reaches("healthy")]) > -1.5
    assert np.median([reached.detour for reached in reaches("healthy")]) < 1.12


def test_a_stroke_patient_often_stops_short(reaches):
    assert 0.2 < success(reaches("stroke")) < 0.8


def test_a_stroke_patient_is_slower_less_smooth_and_less_straight(reaches):
    healthy, stroke = reaches("healthy"), reaches("stroke")
    assert np.median(list(map(duration, stroke))) > 2.0 * np.median(list(map(duration, healthy)))
    for measure, sign in (("smoothness", -1.0), ("detour", 1.0)):
        well, ill = ([sign * getattr(reached, measure) for reached in each] for each in (healthy, stroke))
        assert np.median(ill) > np.quantile(well, 0.75), measure
    peak = [[reached.speed.max() for reached in each] for each in (healthy, stroke)]
    assert np.median(peak[1]) < 0.7 * np.median(peak[0])


def test_assistance_of_200_n_per_m_brings_a_stroke_patient_there(reaches):
    assert success(reaches("stroke", 200.0)) > 0.95


def test_assistance_makes_a_stroke_patient_smoother(reaches):
    alone, helped = (np.median([r.smoothness for r in reaches("stroke", k)]) for k in (0.0, 200.0))
    assert helped > alone


def test_a_passive_patient_never_moves_alone_and_can_be_led(reaches):
    assert all(np.ptp(reached.path, axis=0).max() < 1e-9 for reached in reaches("passive"))
    assert success(reaches("passive", 200.0)) == 1.0
