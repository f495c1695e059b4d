"""The assistance share of a trial against the truth: the simulation knows the force of the limb."""

from __future__ import annotations

import numpy as np
import pytest

from rehab.measures.effort import positive_work
from tests.controllers.simulated import Bench


@pytest.mark.parametrize(
    ("patient", "stiffness"), [("healthy", 200.0), ("healthy", 50.0), ("stroke", 200.0), ("passive", 200.0)]
)
def test_the_share_from_the_recorded_columns_is_that_of_the_limbs_own_force(patient: str, stiffness: float) -> None:
    bench = Bench("impedance", patient, trials=2, seed=2, stiffness=stiffness)
    trials = bench.finish()
    force, v = np.array(bench.limb), np.array(bench.hand)[:, 2:]
    for trial in trials:
        rows = slice(trial.first_tick, trial.last_tick + 1)
        truth = positive_work((force[rows] * v[rows]).sum(axis=1), bench.info.period_s)
        robot = trial.measures["robot_work"]
        assert trial.measures["patient_work"] == pytest.approx(truth, abs=0.002)
        assert trial.measures["assistance_share"] == pytest.approx(robot / (robot + truth), abs=0.01)
    bench.close()


def test_a_softer_robot_leaves_more_to_the_patient() -> None:
    shares = []
    for stiffness in (50.0, 600.0):
        bench = Bench("impedance", "healthy", trials=2, seed=2, stiffness=stiffness)
        shares.append([trial.measures["assistance_share"] for trial in bench.finish()])
        bench.close()
    assert all(soft < firm for soft, firm in zip(*shares, strict=True))
