"""The movements after a fault by themselves: how fast, how far, when they wait and when they end."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from rehab.core.kinematics import kinematics_of
from rehab.core.soft import SoftSpring
from rehab.core.stability import is_stable
from rehab.core.types import State
from rehab.core.values import Action, Command, Decision, Floats
from rehab.session.ways import HOLD_TIME, LONGEST, PATIENCE, Stretch, WayOut
from tests.session.conftest import arm_info

INFO = arm_info()
LIMITS = INFO.limits()
KINEMATICS = kinematics_of(INFO)
RNG = np.random.default_rng(0)
DECISION = Decision(Command((0.0, 0.0), True, 0.02), Action.NONE, 0, 0, 1.0)
QUIET: Callable[[], Floats] = lambda: (0.0, 0.0)  # noqa: E731
DT = 0.01
angle = some.tuples(some.floats(-2.0, 2.6), some.floats(0.2, 2.6))


def at(q: Floats, qd: Floats = (0.0, 0.0)) -> State:
    x, rows = KINEMATICS.forward(q)
    zero = np.zeros(2)
    moving = np.array(rows) @ qd
    return State(0.0, np.array(q), np.array(qd), zero, np.array(x), moving, np.array(rows), zero, 0.0, zero, zero)


def obedient(way, q: Floats, most: float = 200.0):
    """Runs it with a hand that is always at the reference, at most so long; times, places, and the last event."""
    way.start(at(q), LIMITS, RNG)
    places = []
    for k in range(1, round(most / DT)):
        x = way.reference(k * DT, at(q)).x
        q = KINEMATICS.inverse(tuple(x), q)
        places.append(q)
        event = way.observe(k * DT, at(q), DECISION)
        if event is not None:
            return np.array(places), event
    return np.array(places), None


@given(angle)
def test_from_every_pose_the_way_out_ends_at_the_exit_pose_no_faster_than_any_approach(q):
    way = WayOut(INFO)
    way.start(at(q), LIMITS, RNG)
    over = way._movement.over_at
    speeds = [hypot(*way.reference(t, at(q)).v) for t in np.linspace(0.0, over, 200)]
    assert max(speeds) <= 0.151  # APPROACH_SPEED, at twenty places of the way
    assert way.reference(0.0, at(q)).x == pytest.approx(at(q).x)
    assert way.reference(over, at(q)).x == pytest.approx(KINEMATICS.forward(INFO.home)[0])


def test_the_way_out_stays_within_the_range_of_motion():
    places, _ = obedient(WayOut(INFO), (2.5, 0.3))
    assert (places >= np.minimum(INFO.home, (2.5, 0.3)) - 1e-6).all()
    assert (places <= np.maximum(INFO.home, (2.5, 0.3)) + 1e-6).all()


def test_a_patient_whose_joints_may_only_turn_slowly_is_led_out_as_slowly():
    way, slow = WayOut(INFO), LIMITS.tighten_joint("patient", "joint_speed", (radians(5.0), None))
    way.start(at((2.0, 1.5)), slow, RNG)
    _, rates = way._movement.at(way._movement.over_at / 2.0)
    assert abs(rates[0]) <= radians(5.0)


def test_a_limb_that_does_not_come_is_let_go_and_the_event_says_that_it_is_not_there():
    way = WayOut(INFO)
    start = at((2.0, 1.5))
    way.start(start, LIMITS, RNG)
    over = way._movement.over_at
    assert way.observe(over + PATIENCE - 0.1, start, DECISION) is None
    event = way.observe(over + PATIENCE + 0.1, start, DECISION)
    assert event is not None
    assert event.data["arrived"] is False
    assert event.data["off"] == pytest.approx(2.0 - INFO.home[0])
    assert way.observe(over + PATIENCE + 0.2, start, DECISION) is None


def test_while_time_stands_still_no_end_is_told():
    way = WayOut(INFO)
    way.start(at(INFO.home), LIMITS, RNG)
    assert way.observe(0.1, at(INFO.home), DECISION) is None
    assert way.observe(0.1, at(INFO.home), DECISION) is None
    assert way.observe(1.0, at(INFO.home), DECISION) is not None


PATH = [(1.6, 0.8), (1.3, 1.0), (1.2, 1.3)]


def test_a_stretch_goes_along_its_poses_at_five_degrees_a_second_at_most_and_holds():
    places, event = obedient(Stretch(INFO, PATH, QUIET, 3.0), PATH[0])
    rates = np.abs(np.diff(places, axis=0)) / DT
    assert rates.max() <= radians(5.01)
    assert np.abs(places - PATH[1]).max(axis=1).min() < 0.01
    assert places[-1] == pytest.approx(PATH[-1], abs=2e-3)
    assert event is not None
    assert event.data == {"way": "slow_stretch", "arrived": True, "left": 0.0}
    moving = np.flatnonzero(rates.max(axis=1) > 1e-4)[-1] * DT
    assert len(places) * DT - moving == pytest.approx(HOLD_TIME, abs=0.5)


def test_a_stretch_waits_for_a_limb_that_pulls_and_goes_on_below_four_fifths_of_that():
    pull = [0.0]
    way = Stretch(INFO, PATH, lambda: (0.0, -pull[0]), 3.0)

    def gone(seconds: float) -> float:
        before = way._gone
        for _ in range(round(seconds / DT)):
            t = way._now + DT
            x = way.reference(t, at(PATH[0])).x
            way.observe(t, at(KINEMATICS.inverse(tuple(x), PATH[0])), DECISION)
        return way._gone - before

    assert gone(1.0) > 0.03
    pull[0] = 3.1
    gone(1.0)
    assert gone(1.0) == 0.0
    pull[0] = 2.7
    assert gone(1.0) == 0.0
    pull[0] = 2.3
    assert gone(1.0) > 0.03


def test_a_stretch_waits_for_a_hand_that_lags():
    way = Stretch(INFO, PATH, QUIET, 3.0)
    for k in range(1, 3000):
        way.observe(k * DT, at(PATH[0]), DECISION)
    x = way.reference(30.0, at(PATH[0])).x
    assert 0.04 < hypot(*(x - at(PATH[0]).x)) < 0.06


def test_a_limb_that_never_gives_way_is_let_go_in_the_end():
    way = Stretch(INFO, PATH, lambda: (9.0, 0.0), 3.0)
    assert way.observe(LONGEST - 1.0, at(PATH[0]), DECISION) is None
    event = way.observe(LONGEST, at(PATH[0]), DECISION)
    assert event is not None
    assert event.data["arrived"] is False


def test_the_soft_spring_reaches_the_force_limit_a_decimetre_away():
    spring = SoftSpring(INFO, 12.0, 0.001)
    state = at(INFO.home)
    reference = WayOut(INFO)._reference(INFO.home, (0.0, 0.0))._replace(x=state.x + np.array([0.1, 0.0]))
    torque = spring.update(state, reference, 0.001)
    assert np.linalg.solve(state.jacobian.T, torque) == pytest.approx([12.0, 0.0])


def test_on_a_slow_link_the_spring_is_as_soft_as_the_device_holds_stably():
    spring = SoftSpring(INFO, 75.0, 0.015)
    assert spring.stiffness < 750.0
    assert is_stable(INFO, spring.stiffness, spring.damping, delay=0.015)
