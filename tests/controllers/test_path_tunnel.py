"""Path tunnel: free on the way, walls around it, a window that moves with the reference, an optional flow."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controllers.path_tunnel import PathTunnel
from rehab.core.kinematics import kinematics_of
from rehab.core.path import Path, line
from rehab.core.types import Event, Reference
from tests.arms import planar_arm, pose, reference_at
from tests.controllers.simulated import Bench

ARM = planar_arm()
DT = 0.001
HOME = pose(ARM, ARM.home)
X0, Y0 = HOME.x.tolist()
STRAIGHT = line((X0 - 0.15, Y0), (X0 + 0.15, Y0))  # along x, 30 cm, the hand's home in the middle
TRIAL = Event("trial_start", {})  # of an exercise that gives its path with the reference
CIRCLE = Path([(X0 + 0.06 * cos(k * pi / 180), Y0 + 0.06 * sin(k * pi / 180)) for k in range(360)], closed=True)


def on(path: Path, s: float, v: float = 0.0) -> Reference:
    """A reference at arc length s of the path, moving along it at v m/s."""
    place = path.at(s)
    return Reference(np.array(place.point), v * np.array(place.direction), np.zeros(2), path)


def force_at(
    x: tuple[float, float], v: tuple[float, float] = (0.0, 0.0), s_ref: float = 0.15, v_ref: float = 0.0,
    path: Path = STRAIGHT, **parameters: Any,
) -> np.ndarray:  # fmt: skip
    """The force on a hand that has been on the way and is then put at x, moving at v."""
    controller = PathTunnel(ARM, **parameters)
    controller.reset(HOME)
    controller.heed(TRIAL)
    controller.update(HOME._replace(x=np.array(path.at(s_ref).point)), on(path, s_ref), DT)
    torque = controller.update(HOME._replace(x=np.array(x), v=np.array(v)), on(path, s_ref, v_ref), DT)
    return np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))


along = st.floats(-0.045, 0.045)
across = st.floats(-0.0099, 0.0099)
speed = st.floats(-0.6, 0.6)


@given(along, across, speed, speed)
def test_inside_there_is_no_force_at_all(dx: float, dy: float, vx: float, vy: float) -> None:
    assert force_at((X0 + dx, Y0 + dy), (vx, vy)) == pytest.approx([0.0, 0.0], abs=1e-9)


@given(along, st.floats(0.011, 0.06), speed, speed)
def test_outside_the_wall_pushes_back_and_never_along_the_way(dx: float, dy: float, vx: float, vy: float) -> None:
    force = force_at((X0 + dx, Y0 + dy), (vx, vy))
    assert force[0] == pytest.approx(0.0, abs=1e-9)
    assert force[1] <= 0.0


def test_the_wall_is_a_spring_of_its_depth() -> None:
    assert force_at((X0, Y0 - 0.03), stiffness=700.0, width=0.01) == pytest.approx([0.0, 700.0 * 0.02])


@given(st.floats(0.0, 2 * pi), speed, speed)
def test_on_a_curve_the_wall_pushes_straight_to_the_way(angle: float, vx: float, vy: float) -> None:
    u = np.array([cos(angle), sin(angle)])
    s = angle * 0.06
    force = force_at(tuple((X0, Y0) + 0.09 * u), (vx, vy), s_ref=s, path=CIRCLE)
    assert abs(force @ np.array([-u[1], u[0]])) < 0.02 * np.linalg.norm(force) + 1e-9
    assert force @ u <= 0.0


@given(along, speed, speed)
def test_the_force_is_continuous_at_the_edge(dx: float, vx: float, vy: float) -> None:
    step = 1e-6
    inside = force_at((X0 + dx, Y0 + 0.01 - step), (vx, vy))
    outside = force_at((X0 + dx, Y0 + 0.01 + step), (vx, vy))
    assert np.linalg.norm(outside - inside) < 0.02


def test_a_hand_that_lags_is_drawn_on_and_one_that_runs_ahead_is_held_back() -> None:
    assert force_at((X0 - 0.07, Y0), stiffness=500.0, behind=0.05) == pytest.approx([500.0 * 0.02, 0.0])
    assert force_at((X0 + 0.08, Y0), stiffness=500.0, ahead=0.05) == pytest.approx([-500.0 * 0.03, 0.0])


def test_a_hand_far_out_of_its_window_is_not_torn_along() -> None:
    assert force_at((X0 - 0.14, Y0), s_ref=0.28, pull=15.0) == pytest.approx([15.0, 0.0])
    assert force_at((X0 + 0.14, Y0), s_ref=0.02, pull=15.0) == pytest.approx([-15.0, 0.0])


def test_the_window_moves_with_the_reference_so_that_a_hand_in_time_is_not_damped() -> None:
    late = force_at((X0 - 0.07, Y0), (0.2, 0.0), v_ref=0.2, stiffness=500.0)
    assert late == pytest.approx([500.0 * 0.02, 0.0])


def test_the_flow_draws_along_the_way_and_ends_with_it() -> None:
    assert force_at((X0, Y0), flow=6.0) == pytest.approx([6.0, 0.0])
    assert force_at((X0 + 0.145, Y0), s_ref=0.3, flow=6.0) == pytest.approx([6.0 * 0.005 / 0.02, 0.0])
    assert force_at((X0 + 0.155, Y0), s_ref=0.3, flow=6.0) == pytest.approx([0.0, 0.0], abs=1e-9)


@settings(max_examples=30)
@given(st.floats(-0.25, 0.25), st.floats(-0.1, 0.1), speed, speed)
def test_the_walls_only_take_power_while_the_reference_rests(dx: float, dy: float, vx: float, vy: float) -> None:
    """Their force at rest has a potential, their distance; what motion adds only takes."""
    still, moving = force_at((X0 + dx, Y0 + dy)), force_at((X0 + dx, Y0 + dy), (vx, vy))
    assert (moving - still) @ np.array([vx, vy]) <= 1e-9


def test_without_a_path_the_way_is_the_straight_line_to_the_target() -> None:
    controller = PathTunnel(ARM, behind=1.0, ahead=1.0)
    rest = reference_at((X0, Y0))
    controller.reset(HOME)
    controller.update(HOME, rest, DT)
    controller.heed(Event("trial_start", {"target": [X0, Y0 + 0.1]}))
    controller.update(HOME, rest, DT)
    beside = controller.update(HOME._replace(x=np.array([X0 + 0.03, Y0 + 0.05])), rest, DT)
    force = kinematics_of(ARM).hand_force(tuple(beside.tolist()), ARM.home)
    assert force == pytest.approx((-600.0 * 0.02, 0.0), abs=1e-9)


def test_between_trials_the_hand_is_led_by_the_reference() -> None:
    controller = PathTunnel(ARM)
    controller.reset(HOME)
    controller.update(HOME, reference_at((X0, Y0)), DT)
    torque = controller.update(HOME, reference_at((X0, Y0 + 0.05)), DT)
    assert kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home) == pytest.approx((0.0, 600.0 * 0.04))


def test_a_hand_that_is_far_off_when_the_way_appears_is_not_thrown() -> None:
    controller = PathTunnel(ARM)
    controller.reset(HOME)
    controller.update(HOME, reference_at((X0, Y0)), DT)
    controller.heed(TRIAL)
    far = line((X0 - 0.1, Y0 + 0.08), (X0 + 0.1, Y0 + 0.08))
    torques = [tuple(controller.update(HOME, on(far, 0.1), DT).tolist()) for _ in range(800)]
    pulls = [np.linalg.norm(kinematics_of(ARM).hand_force(torque, ARM.home)) for torque in torques]
    assert pulls[0] == 0.0
    assert max(np.diff(pulls)) < 0.1  # N a tick
    assert pulls[-1] == pytest.approx(600.0 * 0.07, rel=1e-6)


@given(st.floats(0.02, 0.06), st.floats(-0.03, 0.03), st.integers(0, 1000))
def test_a_hand_carried_past_a_turn_is_not_pushed_on_nor_to_and_fro(past: float, y: float, seed: int) -> None:
    """The reference is already on its way back, and the hand, as near to the way out as to that, trembles."""
    path = Path(((X0, Y0), (X0 + 0.1, Y0), (X0, Y0)))
    controller = PathTunnel(ARM)
    controller.reset(HOME)
    controller.heed(TRIAL)
    noise = np.random.default_rng(seed).normal(0.0, 2e-4, (400, 2))
    forces = []
    for k, (dx, dy) in enumerate(noise):
        out = min(1.0, k / 100)
        x = np.array([X0 + out * (0.1 + past) + dx, Y0 + out * y + dy])
        torque = controller.update(HOME._replace(x=x), on(path, min(0.18, 0.001 * k), 0.1), DT)
        forces.append(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))
    fx = np.array(forces)[:, 0]
    assert max(abs(np.diff(fx))) < 3.0  # N a tick; 160 N when it chattered
    assert max(fx[150:]) <= 1e-9


def test_its_walls_are_judged_by_what_the_device_holds_and_do_not_leash() -> None:
    controller = PathTunnel(ARM, stiffness=900.0, assistance=50.0)
    assert controller.spring.stiffness == 450.0
    assert not hasattr(controller, "stiffness")


def test_a_hand_that_goes_astray_is_kept_within_the_tunnel() -> None:
    """A stroke patient alone deviates by up to 3 cm on these reaches; in a tunnel of 5 mm by less than 12 mm."""
    deviations = {}
    for name, parameters in (("transparent", {}), ("path_tunnel", {"width": 0.005, "stiffness": 1500.0})):
        bench = Bench(name, "stroke", trials=2, seed=3, **parameters)
        deviations[name] = max(trial.measures["hand_path_deviation_max"] for trial in bench.finish())
        bench.close()
    assert deviations["path_tunnel"] < 0.6 * deviations["transparent"]
    assert deviations["path_tunnel"] < 0.012
