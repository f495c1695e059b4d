"""The patients differ in what therapists measure, over several seeds and all directions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from rehab.core.device import DeviceInfo
from rehab.core.errors import UnknownName
from rehab.core.registry import find, names
from sim.patients import make_patient
from sim.patients.presets import PRESETS

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
    assert set(PRESETS) <= set(names("patient"))
    for name, traits in PRESETS.items():
        assert make_patient(name, info, 1).traits == traits
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


def test_each_preset_says_in_a_paragraph_who_it_is():
    for name in PRESETS:
        first, _, more = find("patient", name).__doc__.partition("\n\n")
        assert len(first) <= 110 and len(more.split()) >= 15, name


def test_a_mild_stroke_arrives_later_and_less_smoothly_than_a_healthy_patient(reaches):
    mild, healthy = reaches("mild_stroke"), reaches("healthy")
    assert success(mild) > 0.9
    assert np.median(list(map(duration, mild))) > 1.3 * np.median(list(map(duration, healthy)))
    assert np.median([r.smoothness for r in mild]) < np.median([r.smoothness for r in healthy]) - 0.1


def test_a_severe_stroke_hardly_arrives_alone_and_often_with_firm_assistance(reaches):
    alone, helped = success(reaches("severe_stroke")), success(reaches("severe_stroke", 500.0))
    assert alone < 0.3 and helped > 0.4
    assert alone < success(reaches("stroke")) < success(reaches("mild_stroke"))


def test_tremor_is_able_and_unsteady(reaches):
    assert success(reaches("tremor")) > 0.9
    assert np.median([r.smoothness for r in reaches("tremor")]) < -1.6


def test_a_spastic_patient_can_be_led_slowly(reaches):
    assert success(reaches("spastic")) < 0.9
    assert success(reaches("spastic", 200.0)) > 0.9


def test_who_is_uncooperative_goes_astray(reaches):
    away = [reached.detour for reached in reaches("uncooperative")]
    assert np.quantile(away, 0.75) > 1.5 * np.quantile([r.detour for r in reaches("healthy")], 0.75)


def test_a_learner_and_a_healthy_patient_begin_alike(reaches):
    for healthy, learner in zip(reaches("healthy"), reaches("learner"), strict=True):
        assert np.array_equal(healthy.path[:600], learner.path[:600])  # until the first movement is over
