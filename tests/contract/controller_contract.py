"""What every controller must do. A subclass gives the fixture `make`: (device, **parameters) -> controller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rehab.core.controller import Controller
from rehab.core.device import DeviceInfo
from rehab.core.errors import Findings
from rehab.core.kinematics import kinematics_of
from tests.arms import planar_arm, pose, reference_at, wrist

Make = Callable[..., Any]
DT = 0.001


@pytest.fixture(params=[planar_arm, wrist], ids=["two joints", "one joint"])
def arm(request: pytest.FixtureRequest) -> DeviceInfo:
    info: DeviceInfo = request.param()
    return info


class ControllerContract:
    def test_it_is_a_controller(self, make: Make, arm: DeviceInfo) -> None:
        assert isinstance(make(arm), Controller)

    def test_its_defaults_are_inside_their_own_ranges(self, make: Make, arm: DeviceInfo) -> None:
        for name, field in make(arm).parameters.items():
            assert field.says, f"{name} says nothing to people"
            if field.kind in ("quantity", "number", "integer"):
                assert field.least is None or field.default >= field.least, name
                assert field.most is None or field.default <= field.most, name

    def test_it_refuses_a_parameter_that_is_not_its_own(self, make: Make, arm: DeviceInfo) -> None:
        with pytest.raises((Findings, TypeError)):
            make(arm, no_such_parameter=1.0)

    def test_torque_is_one_finite_number_a_joint_anywhere_in_the_range_of_motion(
        self, make: Make, arm: DeviceInfo
    ) -> None:
        rng, controller = np.random.default_rng(3), make(arm)
        controller.reset(pose(arm, arm.home))
        for _ in range(200):
            q = tuple(rng.uniform(j.q_min, j.q_max) for j in arm.joints)
            state = pose(arm, q, tuple(rng.uniform(-j.speed, j.speed) for j in arm.joints))
            reference = reference_at(tuple(rng.normal(state.x, 0.05)), tuple(rng.normal(0.0, 0.2, len(state.x))))
            torque = np.asarray(controller.update(state, reference, rng.choice([DT, 2 * DT, 0.05])))
            assert torque.shape == (arm.n_joints,)
            assert np.isfinite(torque).all()

    def test_nothing_is_pushed_at_rest_on_the_reference(self, make: Make, arm: DeviceInfo) -> None:
        state, controller = pose(arm, arm.home), make(arm)
        controller.reset(state)
        torque = controller.update(state, reference_at(tuple(state.x)), DT)
        assert np.asarray(torque) == pytest.approx(np.zeros(arm.n_joints), abs=1e-9)

    def test_it_leaves_what_it_is_given_unchanged(self, make: Make, arm: DeviceInfo) -> None:
        state, controller = pose(arm, arm.home, (0.3,) * arm.n_joints), make(arm)
        reference = reference_at(tuple(state.x + 0.02))
        before = [array.copy() for array in (state.q, state.qd, state.x, state.v, state.jacobian, *reference[:3])]
        controller.update(state, reference, DT)
        after = (state.q, state.qd, state.x, state.v, state.jacobian, *reference[:3])
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))

    def test_two_of_them_share_nothing(self, make: Make, arm: DeviceInfo) -> None:
        def run(controller: Controller) -> list[list[float]]:
            controller.reset(pose(arm, arm.home))
            torques = []
            for k in range(50):
                state = pose(arm, tuple(q + 0.002 * k for q in arm.home), (0.1,) * arm.n_joints)
                torques.append(np.asarray(controller.update(state, reference_at(tuple(state.x + 0.01)), DT)).tolist())
            return torques

        first, second = make(arm), make(arm)
        alone = run(first)
        assert run(second) == alone

    def test_a_live_parameter_reaches_both_ends_of_its_range_without_a_step(self, make: Make, arm: DeviceInfo) -> None:
        """However a gain is changed while running, no tick changes the torque by more than 5 % of the whole change."""
        state = pose(arm, arm.home, (0.3,) * arm.n_joints)
        near = reference_at(tuple(state.x + 0.02))
        for name, field in make(arm).parameters.items():
            if not field.live or field.least is None or field.most is None:
                continue
            controller = make(arm, **{name: field.least})
            controller.reset(state)
            torques = [np.array(controller.update(state, near, DT))]
            controller.set(name, field.most)
            torques += [np.array(controller.update(state, near, DT)) for _ in range(1000)]
            whole = np.abs(torques[-1] - torques[0]).max()
            assert whole > 0.0, f"{name} is called live and changes nothing"
            assert np.abs(np.diff(torques, axis=0)).max() <= max(0.05 * whole, 1e-9), name

    def test_a_declared_stiffness_is_the_force_per_metre_that_it_makes(self, make: Make, arm: DeviceInfo) -> None:
        controller, state, kinematics = make(arm), pose(arm, arm.home), kinematics_of(arm)
        stiffness = getattr(controller, "stiffness", None)
        if stiffness is None:
            return
        controller.reset(state)
        torque = controller.update(state, reference_at((state.x[0] + 0.01, *state.x[1:])), DT)
        force = kinematics.hand_force(tuple(np.asarray(torque).tolist()), arm.home)
        assert np.linalg.norm(force) <= 0.01 * stiffness * (1 + 1e-6)
