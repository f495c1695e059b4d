"""A hand that trembles in one place is still; one that goes somewhere is not."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.attempt import ONSET, Attempt
from exercises.drift import Drift
from exercises.exits import STILL
from rehab.core.trials import Phase, TrialPlan
from tests.controllers.simulated import Bench

DT = 0.001


def drifts(v, seconds=3.0):
    drift = Drift(0.0, np.array(v(0.0)))
    return np.array([drift.step(k * DT, np.array(v(k * DT))) for k in range(1, round(seconds / DT))])


@pytest.mark.parametrize("frequency", [4.0, 5.0, 8.0, 12.0])
def test_a_tremor_leaves_what_a_low_pass_of_second_order_leaves(frequency):
    """1 / (1 + (2π f τ)²), τ = 0.1 s: a tenth at 5 Hz."""
    speed = drifts(lambda t: (0.07 * np.cos(2 * np.pi * frequency * t), 0.0))[1500:].max()
    assert speed == pytest.approx(0.07 / (1.0 + (2 * np.pi * frequency * 0.1) ** 2), rel=0.02)


def test_a_hand_on_its_way_is_not_still_and_one_that_has_stopped_is_soon():
    speed = drifts(lambda t: (0.2 if t < 1.0 else 0.0, 0.0))
    assert speed[800] == pytest.approx(0.2, abs=0.002)
    assert speed[1000 + 100] > STILL
    assert speed[1000 + 450] < STILL


def test_a_patient_with_tremor_comes_home_and_waits_like_others():
    bench = Bench("transparent", "tremor", trials=3)
    starts = [trial.parameters["at_home"] for trial in bench.finish()]
    homes = [e for e in bench.events if e.kind == "phase" and e.data["name"] in ("home", "go")]
    waited = [b.t - a.t for a, b in zip(homes[::2], homes[1::2], strict=False)]
    bench.close()
    assert starts == [True] * 3
    assert max(waited) < 3.0  # of a time limit of 5


def attempt():
    phases = (Phase("hold"), Phase("go"), Phase("move"))
    return Attempt(TrialPlan(number=1), phases, (0.0, 0.4), (0.0, 0.5), 0.01, np.random.default_rng(1))


def test_who_trembles_has_not_set_out_at_the_speed_of_the_tremor():
    trial = attempt()
    trial.sway = 0.06
    trial.watch(0.1, (0.0, 0.4), 0.08)
    assert trial.onset is None
    trial.watch(0.2, (0.0, 0.4), 0.1)
    assert trial.onset == 0.2


def test_who_does_not_has_set_out_at_five_centimetres_a_second():
    trial = attempt()
    trial.sway = 0.01
    trial.watch(0.1, (0.0, 0.4), 1.02 * ONSET)
    assert trial.onset == 0.1
