"""Shared control: moves where it is steered, helps to the likeliest goal, and obeys who steers against it."""

from __future__ import annotations

from math import cos, dist, exp, hypot, pi, radians, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controllers.goals import SHARPNESS, Goals
from controllers.shared_control import AGILITY, OVERRULED, SharedControl
from rehab.core.types import State
from rehab.core.values import Floats
from tests.arms import planar_arm, pose, reference_at, wrist

ARM, DT = planar_arm(), 0.001
HOME = pose(ARM, ARM.home)
X0: Floats = tuple(HOME.x.tolist())
GOALS = ((X0[0], X0[1] + 0.1), (X0[0] + 0.1, X0[1]), (X0[0], X0[1] - 0.1), (X0[0] - 0.1, X0[1]))
NOWHERE = reference_at(X0)
angle = st.floats(0.0, 2.0 * pi)


def towards(direction: float, size: float = 1.0) -> Floats:
    return (size * cos(direction), size * sin(direction))


class Ride:
    """A hand that follows perfectly: it is where it is steered."""

    def __init__(self, goals: tuple[Floats, ...] = GOALS, **parameters: float) -> None:
        self.controller = SharedControl(ARM, **parameters)
        self.controller.reset(HOME)
        self._reference = NOWHERE._replace(goals=goals)

    def steer(self, intent: Floats, seconds: float) -> Floats:
        for _ in range(round(seconds / DT)):
            x, v = self.controller.steered
            state = HOME._replace(x=np.array(x), v=np.array(v), intent=np.array(intent))
            self.controller.update(state, self._reference, DT)
        return self.controller.steered[0]


def test_without_a_command_nothing_moves() -> None:
    assert Ride().steer((0.0, 0.0), 3.0) == X0


def test_without_help_the_place_moves_as_the_stick_says() -> None:
    """v t, less the v t_a/2 that are lost while it speeds up."""
    x = Ride(help=0.0, speed=0.1).steer(towards(radians(30.0)), 0.8)
    gone = 0.1 * 0.8 - 0.5 * 0.1 * AGILITY
    assert (x[0] - X0[0], x[1] - X0[1]) == pytest.approx(towards(radians(30.0), gone), abs=1e-4)


def test_half_a_command_is_half_as_fast_and_more_than_one_is_one() -> None:
    half, whole, more = (Ride(help=0.0).steer((0.0, size), 0.6)[1] - X0[1] for size in (0.5, 1.0, 5.0))
    assert half == pytest.approx(0.5 * whole, rel=0.2)
    assert more == pytest.approx(whole)


def test_a_slanting_command_ends_nearer_to_the_goal_with_help_than_without() -> None:
    ends = [dist(Ride(help=share).steer(towards(radians(70.0)), 1.0), GOALS[0]) for share in (0.0, 0.7)]
    assert ends[1] < 0.5 * ends[0]


@given(angle, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
@settings(max_examples=40, deadline=None)
def test_help_never_adds_speed(direction: float, size: float, share: float) -> None:
    ride = Ride(help=share)
    ride.steer(towards(direction, size), 0.7)
    assert hypot(*ride.controller.steered[1]) <= 0.1 * size + 1e-9


@given(angle, st.floats(0.1, 1.2), st.floats(0.2, 1.0), st.floats(-0.49 * pi, 0.49 * pi), st.floats(0.3, 1.0))
@settings(max_examples=40, deadline=None)
def test_a_command_against_the_goal_ends_all_help_to_it_within_200_ms(
    direction: float, before: float, size: float, off: float, share: float
) -> None:
    """However long and wherever it was helped: steered against the goal, the help for it is gone by then."""
    ride = Ride((tuple(np.add(X0, towards(direction, 0.12)).tolist()),), help=share)
    goal = ride._reference.goals[0]
    x = ride.steer(towards(direction), before)
    away = np.subtract(x, goal)
    against = towards(float(np.arctan2(away[1], away[0])) + off, size)
    for _ in range(round(OVERRULED / DT)):
        way = np.subtract(goal, ride.controller.steered[0])
        if np.dot(against, way) >= 0.0:
            return  # so near that it was passed: not against it any more
        ride.steer(against, DT)
    assert ride.controller.share == pytest.approx(0.0, abs=1e-9)


def test_the_belief_without_forgetting_is_that_of_dragan_and_srinivasa() -> None:
    """p_i ∝ exp(−κ (ℓ + |x − g| − |x_s − g|)) of a bent way, its length summed by hand."""
    goals, x, length = Goals(forgetting=1e12), list(X0), 0.0
    for k in range(800):
        u = towards(radians(60.0 + 0.05 * k), 0.9)
        goals.look(GOALS, tuple(x), u, 0.1, DT)
        x = [c + 0.1 * w * DT for c, w in zip(x, u, strict=True)]
        length += 0.1 * 0.9 * DT
    weights = [exp(-SHARPNESS * (length + dist(x, g) - dist(X0, g))) for g in GOALS]
    likely = np.array(goals.likely[:-1])
    assert likely / likely.sum() == pytest.approx(np.array(weights) / sum(weights), rel=0.02)


def test_one_goal_alone_is_not_believed_of_somebody_who_steers_past_it() -> None:
    ride = Ride((GOALS[0],), help=1.0)
    ride.steer(towards(radians(10.0)), 0.8)
    assert ride.controller.share == 0.0


def test_a_rest_begins_all_beliefs_anew() -> None:
    goals = Goals()
    for _ in range(500):
        goals.look(GOALS, X0, (0.0, 1.0), 0.1, DT)
    assert goals.best[0] == 0
    for _ in range(301):
        goals.look(GOALS, X0, (0.0, 0.0), 0.1, DT)
    assert goals.likely == pytest.approx([0.2] * 5)


@given(angle, st.floats(0.5, 3.0))
@settings(max_examples=15, deadline=None)
def test_a_limb_that_resists_feels_no_more_than_was_allowed(direction: float, seconds: float) -> None:
    """A hand that does not move at all: spring `most`, damper D v."""
    controller = SharedControl(ARM, most=12.0)
    controller.reset(HOME)
    still: State = HOME._replace(intent=np.array(towards(direction)))
    for _ in range(round(seconds / DT)):
        torque = controller.update(still, NOWHERE, DT)
    force = np.linalg.solve(HOME.jacobian.T, torque)
    assert np.linalg.norm(force) <= 12.0 + controller.spring.damping * 0.1 + 1e-6


@pytest.mark.parametrize("direction", [0.0, 0.5 * pi, pi, 1.5 * pi])
def test_nobody_steers_the_arm_out_of_its_range(direction: float) -> None:
    from rehab.core.kinematics import kinematics_of
    from rehab.core.workspace import fits

    x = Ride(help=0.0, speed=0.4).steer(towards(direction), 3.0)
    assert fits(ARM, kinematics_of(ARM), x)


def test_one_joint_is_steered_along_its_arc() -> None:
    arm = wrist()
    home, controller = pose(arm, arm.home), SharedControl(arm)
    controller.reset(home)
    for _ in range(500):
        torque = controller.update(home._replace(intent=np.array([1.0])), reference_at(tuple(home.x)), DT)
    assert torque[0] > 0.5
