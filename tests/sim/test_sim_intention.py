from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.types import NO_SCENE, Scene, Target
from rehab.measures import minimum_jerk
from sim.patients.intention import Movement, goal_of

coordinate = st.floats(-0.5, 0.5)
point = st.tuples(coordinate, coordinate)


def test_from_rest_it_is_the_minimum_jerk_movement():
    movement = Movement(2.0, 0.8, (0.1, 0.5), (0.0, 0.42))
    t = np.linspace(0.0, 0.8, 41)
    wanted, _, _ = minimum_jerk(t, start=np.array([0.0, 0.42]), end=np.array([0.1, 0.5]), duration=0.8)
    assert [movement.position(2.0 + s) for s in t] == pytest.approx([pytest.approx(row) for row in wanted])


@given(start=point, v=point, a=point, end=point, duration=st.floats(0.2, 3.0))
def test_it_begins_with_the_motion_it_is_given_and_ends_at_rest(start, v, a, end, duration):
    movement = Movement(1.0, duration, end, start, v, a)
    assert movement.position(1.0) == pytest.approx(start, abs=1e-12)
    velocity, acceleration = movement.motion(1.0)
    assert velocity == pytest.approx(v, abs=1e-9) and acceleration == pytest.approx(a, abs=1e-9)
    last = 1.0 + duration * (1.0 - 1e-9)
    assert movement.position(last) == pytest.approx(end, abs=1e-6)
    assert movement.motion(last)[0] == pytest.approx((0.0, 0.0), abs=1e-6)
    assert movement.position(99.0) == end and movement.motion(99.0) == ((0.0, 0.0), (0.0, 0.0))


def test_its_velocity_is_the_slope_of_its_position():
    movement = Movement(0.0, 1.0, (0.1, 0.0), (0.0, 0.0), (0.2, -0.1), (1.0, 0.5))
    for t in (0.1, 0.4, 0.8):
        slope = (np.array(movement.position(t + 1e-6)) - movement.position(t - 1e-6)) / 2e-6
        assert movement.motion(t)[0] == pytest.approx(slope, abs=1e-6)


def test_the_goal_is_sought_before_home():
    home, goal = Target((0.0, 0.4), 0.01, role="home"), Target((0.1, 0.4), 0.01)
    assert goal_of(Scene(targets=(home, goal))) is goal
    assert goal_of(Scene(targets=(home,))) is home


def test_what_is_only_shown_is_not_sought():
    assert goal_of(Scene(targets=(Target((0.1, 0.4), 0.01, role="other"),))) is None
    assert goal_of(NO_SCENE) is None
