"""Performance-based: a slot with a back wall of minimum jerk that opens with the patient's own movement, and adapts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.performance_based import PerformanceBased, next_stiffness, next_time
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Event
from rehab.measures import minimum_jerk
from tests.arms import planar_arm, pose, reference_at
from tests.controllers.simulated import Bench

ARM = planar_arm()
DT = 0.001
HOME = pose(ARM, ARM.home)
X0, Y0 = HOME.x.tolist()
REST = reference_at((X0, Y0))
START = Event("trial_start", {"target": [X0, Y0 + 0.1]})
END = Event("trial_end", {"outcome": "reached"})
score = st.floats(0.0, 1.0)


class Slot:
    """A controller in a trial towards a target 10 cm ahead, and a hand that is put where the test wants it."""

    def __init__(self, **parameters: Any) -> None:
        self.controller = PerformanceBased(ARM, **parameters)
        self.controller.reset(HOME)
        self.at(0.0)

    def at(self, way: float, speed: float = 0.0, aside: float = 0.0) -> np.ndarray:
        """The force on a hand `way` m along, moving at `speed` m/s along it."""
        state = HOME._replace(x=np.array([X0 + aside, Y0 + way]), v=np.array([0.0, speed]))
        torque = self.controller.update(state, REST, DT)
        return np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))

    def trial(self, *, wait: float, duration: float, aside: float = 0.0) -> None:
        """A patient who begins after `wait` s, and takes `duration` s in a minimum-jerk movement, `aside` m off."""
        self.controller.heed(START)
        for t in np.arange(0.0, wait + duration + 0.3, DT):
            way, speed, _ = minimum_jerk(t - wait, start=0.0, end=0.1, duration=duration)
            self.at(float(way), float(speed), aside)
        self.controller.heed(END)
        for _ in range(250):
            self.at(0.0)


def test_before_the_patient_moves_nothing_pushes() -> None:
    slot = Slot(patience=2.0)
    slot.controller.heed(START)
    assert all(np.allclose(slot.at(0.0), 0.0, atol=1e-9) for _ in range(1900))


def test_the_back_wall_follows_minimum_jerk_from_the_moment_the_hand_is_fast_enough() -> None:
    slot = Slot(time=1.5, trigger=0.05, stiffness=400.0)
    slot.controller.heed(START)
    for _ in range(300):
        slot.at(0.0, 0.04)
    slot.at(0.0, 0.06)
    for k in range(1, 1500):
        wall, speed, _ = minimum_jerk(k * DT, start=0.0, end=0.1, duration=1.5)
        force = slot.at(0.02, 0.0)
        deep = float(wall) - 0.02
        sets_in = min(1.0, max(0.0, deep) / 0.01)
        expected = max(0.0, 400.0 * deep + slot.controller.spring.damping / np.sqrt(2.0) * float(speed) * sets_in)
        assert force == pytest.approx([0.0, expected if deep > 0.0 else 0.0], abs=1e-6)


def test_ahead_of_the_back_wall_the_hand_is_free() -> None:
    slot = Slot()
    slot.controller.heed(START)
    slot.at(0.0, 0.1)
    assert all(np.allclose(slot.at(0.09, 0.1), 0.0, atol=1e-9) for _ in range(400))


def test_who_does_not_begin_is_pushed_after_the_patience() -> None:
    slot = Slot(patience=0.5, time=0.4)
    slot.controller.heed(START)
    pushes = [slot.at(0.0)[1] for _ in range(1000)]
    assert max(pushes[:499]) == 0.0
    assert pushes[-1] == pytest.approx(400.0 * 0.1, rel=1e-6)


def test_the_sides_are_walls() -> None:
    slot = Slot(width=0.01, stiffness=400.0)
    slot.controller.heed(START)
    slot.at(0.0)
    assert slot.at(0.05, aside=0.03) == pytest.approx([-400.0 * 0.02, 0.0])


@given(st.floats(0.4, 6.0), score, score, score)
def test_a_better_score_never_gives_more_time(T: float, low: float, high: float, other: float) -> None:
    low, high = sorted((low, high))
    assert next_time(T, high, other) <= next_time(T, low, other)
    assert next_time(T, other, high) <= next_time(T, other, low)
    assert 0.4 <= next_time(T, low, other) <= 6.0


@given(st.floats(50.0, 800.0), score, score)
def test_a_straighter_movement_never_gives_firmer_walls(K: float, low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert 50.0 <= next_stiffness(K, high, 50.0, 800.0) <= next_stiffness(K, low, 50.0, 800.0) <= 800.0


def test_at_the_wanted_score_nothing_changes() -> None:
    assert next_time(1.5, 0.75, 0.75) == 1.5
    assert next_stiffness(400.0, 0.75, 50.0, 800.0) == 400.0


def after(**how: float) -> PerformanceBased:
    slot = Slot(adapt_every=3, time=1.5, patience=2.0)
    for _ in range(3):
        slot.trial(**how)
    return slot.controller


def test_a_quick_and_straight_patient_gets_less_time_and_softer_walls() -> None:
    controller = after(wait=0.25, duration=0.8)
    assert controller.time < 1.5
    assert controller.stiffness_now < 400.0


def test_a_slow_patient_gets_more_time() -> None:
    controller = after(wait=1.9, duration=4.0)
    assert controller.time > 1.5


def test_a_patient_off_the_way_gets_firmer_walls() -> None:
    assert after(wait=0.25, duration=0.8, aside=0.018).stiffness_now > 400.0


def test_the_sooner_the_patient_begins_the_less_time_there_is() -> None:
    times = [after(wait=wait, duration=1.2).time for wait in (0.2, 0.8, 1.6)]
    assert times == sorted(times)
    assert times[0] < times[-1]


def test_it_adapts_only_after_a_whole_block() -> None:
    slot = Slot(adapt_every=3)
    slot.trial(wait=0.2, duration=0.8)
    slot.trial(wait=0.2, duration=0.8)
    assert (slot.controller.time, slot.controller.stiffness_now) == (1.5, 400.0)


def test_a_pause_costs_nothing_of_what_was_adapted() -> None:
    controller = after(wait=0.2, duration=0.8)
    adapted = (controller.time, controller.stiffness_now)
    controller.reset(HOME)
    assert (controller.time, controller.stiffness_now) == adapted


def test_it_is_judged_by_the_firmest_that_may_come() -> None:
    assert PerformanceBased(ARM, firmest=900.0).spring.stiffness == 900.0


def test_a_limp_arm_is_pushed_to_the_target() -> None:
    bench = Bench("performance_based", "passive", trials=1)
    assert [str(trial.outcome) for trial in bench.finish()] == ["reached"]
    bench.close()


def test_every_trial_of_a_session_says_with_what_it_was_done() -> None:
    bench = Bench("performance_based", "healthy", trials=4, adapt_every=1)
    asked = [(trial.parameters["time"], trial.parameters["stiffness"]) for trial in bench.finish()]
    now = bench.controller.time, bench.controller.stiffness_now
    bench.close()
    assert asked[0] == (1.5, 400.0)
    assert len({time for time, _ in asked}) == 4  # after each trial it adapts
    assert asked[-1] != now  # the last one has changed it once more
