"""A controller knows the ranges that are left to the joints, not only the device's own."""

from __future__ import annotations

import pytest

from rehab.core.types import Event
from rehab.protocol.single import one_block
from rehab.session.blocks import build
from tests.arms import planar_arm, pose, reference_at

ARM = planar_arm()


@pytest.mark.parametrize(("most", "acts"), [(ARM.joints[1].q_max, 2.0), (2.1, 0.0)])
def test_a_preload_is_gone_where_the_range_ends_that_a_persons_limits_leave(most: float, acts: float) -> None:
    limits = ARM.limits()._replace(q_max=(ARM.joints[0].q_max, most))
    told = {"trigger": "event"}
    plan = one_block("hold_posture", controller="perturbation", info=ARM, limits=limits, parameters=told)
    (block,) = build(plan, ARM, limits, 1, 0.003)
    controller, state = block.own.controller, pose(ARM, (ARM.home[0], 2.1))
    controller.reset(state)
    controller.heed(Event("phase", {"name": "start", "perturb": {"joint": "elbow", "preload": 2.0}}))
    controller.heed(Event("phase", {"name": "hold"}))
    torque = [controller.update(state, reference_at(tuple(state.x.tolist())), 0.001)[1] for _ in range(600)][-1]
    assert (torque > 1.9) if acts else (torque <= 0.0)
