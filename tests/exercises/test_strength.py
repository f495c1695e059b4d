"""Pushing against a hand that stays, or moves evenly."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.strength import Strength
from rehab.core.errors import Findings
from rehab.core.types import Event
from tests.arms import hand_at, planar_arm, pose, sent
from tests.controllers.simulated import Bench
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
    exercise.start(HOME, ARM.limits(), np.random.default_rng(1))
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


def test_the_bar_is_full_before_the_force_limit_is_reached():
    exercise = Strength(ARM, goal=100.0)
    exercise.start(HOME, ARM.limits().tighten("test", {"force": 20.0}), np.random.default_rng(1))
    exercise._force = 16.0
    assert exercise.picture(0.0).level == 1.0


def test_a_line_shows_whither_to_push():
    exercise = Strength(ARM, direction=0.0)
    exercise.start(HOME, ARM.limits(), np.random.default_rng(1))
    ((start, end),) = exercise.picture(0.0).paths
    assert np.subtract(end, start) == pytest.approx([0.08, 0.0])


def strongest(patient: str, **parameters) -> list[tuple[str, float]]:
    """Outcome and maximum (N) of two trials of a virtual patient at an arm that holds."""
    bench = Bench("move_to", patient, exercise="strength", trials=2, **parameters)
    bench.finish()
    bench.close()
    ends = [event.data for event in bench.events if event.kind == "trial_end"]
    return [(end["outcome"], end["maximum_force"]) for end in ends]


@pytest.mark.parametrize(("patient", "ceiling"), [("mild_stroke", 24.0), ("stroke", 6.0)])
def test_the_maximum_of_a_virtual_patient_is_the_ceiling_of_its_strength(patient, ceiling):
    """Of 80 N at an able hand 0.3 and 0.075; what is beyond is the unsteadiness of a hand that gives all it has."""
    for _, force in strongest(patient, goal=30.0):
        assert force == pytest.approx(ceiling, rel=0.2)


def test_who_is_stronger_than_the_bar_shows_fills_it_and_no_more():
    for outcome, force in strongest("healthy", goal=12.0):
        assert outcome == "reached" and 12.0 < force < 1.4 * 1.25 * 12.0


def test_a_limp_arm_pushes_nothing():
    assert all(outcome == "timeout" and force < 1.0 for outcome, force in strongest("passive"))


def test_a_virtual_patient_pushes_along_with_a_hand_that_moves():
    for outcome, force in strongest("mild_stroke", kind="isokinetic", goal=15.0):
        assert outcome == "reached" and 15.0 < force < 24.0 * 1.2
