from __future__ import annotations

import subprocess
import sys

import pytest

from rehab.core.device import DeviceInfo
from rehab.core.errors import UnknownName
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Scene, Target
from sim.body import Body, make_body

from .conftest import DT, ENGINES

AHEAD = Scene(targets=(Target((0.0, 0.52), 0.01),))


@pytest.fixture(params=ENGINES)
def body(request: pytest.FixtureRequest, info: DeviceInfo):
    body = make_body(info, "healthy", 1, request.param)
    yield body
    body.close()


def test_it_begins_at_home_at_rest(body: Body, info: DeviceInfo):
    assert body.q == info.home
    assert body.x == pytest.approx((0.0, 0.42), abs=1e-9) and body.v == (0.0, 0.0)


def test_hand_and_joints_tell_the_same(body: Body, info: DeviceInfo):
    body.see(AHEAD)
    for _ in range(500):
        before = body.x
        body.step((0.0, 0.0), DT)
    assert body.x == kinematics_of(info).forward(body.q)[0]
    assert body.v == pytest.approx([(a - b) / DT for a, b in zip(body.x, before, strict=True)], abs=1e-3)
    assert body.v[1] > 0.05


def test_the_force_is_what_the_limb_does_to_the_robot(body: Body):
    # the patient pulls the hand ahead: the force points there, and the robot gives way
    body.see(AHEAD)
    for _ in range(400):
        body.step((0.0, 0.0), DT)
    assert body.force[1] > 0.1
    assert body.x[1] > 0.425


def test_without_a_patient_the_hand_is_free(info: DeviceInfo):
    body = make_body(info, None, 0, "closed_form")
    body.see(AHEAD)
    for _ in range(100):
        body.step((1.0, 0.0), DT)
    assert body.force == (0.0, 0.0) and body.q[0] > info.home[0]


def test_the_motors_give_no_more_than_they_have(body: Body):
    body.step((500.0, -500.0), DT)
    assert body.torque == (20.0, -20.0)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_a_torque_that_is_not_finite_moves_nothing(body: Body, info: DeviceInfo, bad: float):
    for torque in ((0.0, bad), (bad, 0.0), (bad, -bad)):
        with pytest.raises(ValueError, match="not finite"):
            body.step(torque, DT)
    assert body.steps == 0 and body.q == info.home


def test_unknown_names_are_refused(info: DeviceInfo):
    with pytest.raises(UnknownName, match=r"helthy.*healthy"):
        make_body(info, "helthy", 0)
    with pytest.raises(UnknownName, match="mujoko"):
        make_body(info, None, 0, "mujoko")


def test_the_engines_tell_the_same_story(info: DeviceInfo):
    bodies = [make_body(info, "stroke", 5, engine) for engine in ENGINES]
    for body in bodies:
        body.see(AHEAD)
        for _ in range(3000):
            body.step((0.0, 0.0), DT)
        body.close()
    for body in bodies[1:]:
        assert body.x == pytest.approx(bodies[0].x, abs=1e-4)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_process_computes_the_same_bits(engine: str):
    code = (
        "from rehab.core.types import Scene, Target; from sim import models; from sim.body import make_body\n"
        f"body = make_body(models.load('planar_arm'), 'stroke', 7, {engine!r})\n"
        "body.see(Scene(targets=(Target((0.1, 0.42), 0.01),)))\n"
        "for _ in range(2000): body.step((0.3, -0.2), 0.001)\n"
        "print([value.hex() for value in (*body.q, *body.qd, *body.force)])"
    )
    runs = [
        subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1] and "0x" in runs[0]
