"""Where a limb catches when it is stretched fast."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.spasticity import Spasticity
from rehab.core.errors import Findings
from tests.arms import hand_at, planar_arm, pose, sent
from tests.exercises.runs import DT, trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home)


def stretched(exercise: Spasticity, count: int, resists) -> list[dict]:
    """The ends of `count` stretches of a hand that follows and resists with `resists(place m, speed m/s)` N."""
    x = HOME.x
    exercise.start(hand_at(ARM, tuple(x)), ARM.limits(), np.random.default_rng(1))
    ends, before = [], x
    for k in range(120_000):
        state = hand_at(ARM, tuple(x))
        reference = exercise.reference(k * DT, state)
        place, speed = (x - HOME.x)[1] + 0.08, (x - before)[1] / DT
        torque = state.jacobian.T @ np.array([0.0, resists(place, speed)])
        event = exercise.observe(k * DT, state, sent(ARM, tuple(torque)))
        if event is not None and event.kind == "trial_end":
            ends.append(dict(event.data))
            if len(ends) == count:
                return ends
        before, x = x, reference.x
    raise AssertionError("too few stretches")


def test_the_speed_rises_evenly_in_ratio_to_the_fastest():
    found = trials(Spasticity(ARM, slowest=0.05, fastest=0.4, steps=4), ARM, 4)
    assert [trial.asked["speed"] for trial in found] == pytest.approx([0.05, 0.1, 0.2, 0.4], rel=1e-6)


def test_a_limb_that_catches_at_a_place_when_it_is_fast_is_found_there():
    ends = stretched(Spasticity(ARM), 4, lambda s, v: 20.0 if s > 0.10 and v > 0.3 else 1.0)
    assert "catch_at" not in ends[0] and "catch_at" not in ends[1]
    assert ends[3]["catch_at"] == pytest.approx(0.10, abs=0.002)
    assert len(ends[3]["catch_pose"]) == 2


def test_stiffness_that_is_there_slowly_too_is_no_catch():
    ends = stretched(Spasticity(ARM), 4, lambda s, v: 200.0 * s)
    assert not any("catch_at" in end for end in ends)


def test_the_peak_is_what_comes_on_top_of_the_slow_stretch():
    ends = stretched(Spasticity(ARM), 4, lambda s, v: 4.0 + (10.0 if v > 0.3 else 0.0))
    assert ends[3]["peak_resistance"] == pytest.approx(10.0, abs=0.1)


def test_a_fastest_speed_below_the_slowest_is_refused():
    with pytest.raises(Findings, match="not faster"):
        Spasticity(ARM, slowest=0.2, fastest=0.1)
