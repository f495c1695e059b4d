"""The force of the limb from recorded columns against the truth: the simulation knows it."""

from __future__ import annotations

from math import cos, sin

import numpy as np
import pytest

from rehab.measures.limb_force import limb_force, motion_torque
from sim.body import make_body
from sim.models import load


@pytest.mark.parametrize(
    ("model", "patient"), [("planar_arm", "spastic"), ("planar_arm", "tremor"), ("knee", "passive")]
)
def test_inverse_dynamics_gives_the_force_between_limb_and_robot(model: str, patient: str) -> None:
    info = load(model)
    body = make_body(info, patient, seed=3, engine="closed_form")
    rows = []
    for k in range(2000):
        torque = (3.0 * sin(6e-3 * k), -2.0 * cos(9e-3 * k))[: info.n_joints]
        q, qd = body.q, body.qd
        body.step(torque, info.period_s)
        rows.append((*q, *qd, *torque, *body.force))
    n = info.n_joints
    q, qd, sent, force = np.split(np.array(rows), [n, 2 * n, 3 * n], axis=1)
    found = limb_force(info, q, qd, sent, 1.0 / info.period_s)[100:-100]
    truth = force[100:-100]
    assert np.abs(truth).max() > 3.0
    assert np.sqrt(((found - truth) ** 2).mean()) < 0.03 * np.sqrt((truth**2).mean())
    body.close()


def test_an_arm_at_rest_needs_what_holds_its_weight() -> None:
    info = load("knee")
    (link,) = info.links
    angle, rest = np.array([[-0.3], [-1.2]]), np.zeros((2, 1))
    held = motion_torque(info, angle, rest, rest)[:, 0]
    assert held == pytest.approx(link.mass * 9.81 * link.centre * np.cos(angle[:, 0]), rel=1e-12)
