"""One joint in a vertical plane: both engines, its limb, and sessions."""

from __future__ import annotations

from math import pi, sqrt

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.special import ellipk

from rehab.core.device import DeviceInfo
from rehab.core.stability import largest_stiffness
from sim import models
from sim.patients.limb import GRIP_DAMPING, GRIP_STIFFNESS
from sim.patients.limbs import limb_of
from sim.plants import make_plant

from .conftest import DT, ENGINES

KNEE = models.load("knee")
LEVEL = (0.0,)
HANGING = -pi / 2.0


def free(info: DeviceInfo) -> DeviceInfo:
    (joint,) = info.joints
    return msgspec.structs.replace(info, joints=(msgspec.structs.replace(joint, damping=0.0),))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_lever_let_go_swings_with_the_period_of_its_pendulum(engine: str):
    # T = 4 sqrt(M/(m g c)) K(sin(θ₀/2)), the complete elliptic integral: no formula of the plants
    (link,) = KNEE.links
    inertia = link.inertia + link.mass * link.centre**2
    period = 4.0 * sqrt(inertia / (link.mass * 9.81 * link.centre)) * ellipk(np.sin(0.5) ** 2)
    plant = make_plant(free(KNEE), engine)
    plant.reset((HANGING + 1.0,), (0.0,))
    q = []
    for _ in range(round(3.0 * period / DT)):
        plant.step((0.0,), (0.0,), DT)
        q.append(plant.q[0] - HANGING)
    plant.close()
    crossings = np.flatnonzero(np.diff(np.sign(q)) < 0.0)
    assert np.diff(crossings) * DT == pytest.approx([period] * 2, rel=2e-3)
    assert max(q[-500:]) == pytest.approx(1.0, abs=5e-3)  # nothing is lost


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if engine != "closed_form"])
def test_gravity_damping_torque_and_force_act_alike_in_every_engine(engine: str):
    rng = np.random.default_rng(5)
    torques = np.repeat(rng.uniform(-4.0, 4.0, 100), 50)
    forces = np.repeat(rng.uniform(-8.0, 8.0, 50), 100)
    ours, other = make_plant(KNEE, "closed_form"), make_plant(KNEE, engine)
    passed = []
    for tau, force in zip(torques.tolist(), forces.tolist(), strict=True):
        for plant in (ours, other):
            plant.step((tau,), (force,), DT)
        passed.append(ours.q[0])
        assert other.q == pytest.approx(ours.q, abs=1e-6)
    other.close()
    assert np.ptp(passed) > 0.5


@settings(max_examples=20, deadline=None)
@given(q=st.floats(-3.0, 3.0), w=st.floats(-3.0, 3.0), tau=st.floats(-3.0, 3.0), force=st.floats(-5.0, 5.0))
def test_steps_of_1_ms_stay_near_the_exact_solution(q, w, tau, force):
    (link,), (joint,) = KNEE.links, KNEE.joints

    def motion(_: float, y: np.ndarray) -> list[float]:
        weight = 1.5 * 9.81 * 0.2 * np.cos(y[0])
        return [y[1], (tau + 0.4 * force - weight - joint.damping * y[1]) / (link.inertia + 1.5 * 0.2**2)]

    exact = solve_ivp(motion, (0.0, 0.2), [q, w], rtol=1e-9, atol=1e-9).y[0, -1]
    plant = make_plant(KNEE, "closed_form")
    plant.reset((q,), (w,))
    for _ in range(200):
        plant.step((tau,), (force,), DT)
    assert plant.q[0] == pytest.approx(exact, abs=0.01)


def test_a_two_joint_robot_in_a_vertical_plane_has_weight_in_every_engine(info: DeviceInfo):
    upright = msgspec.structs.replace(info, gravity=(0.0, -9.81))
    ends = []
    for engine in ENGINES:
        plant = make_plant(upright, engine)
        for _ in range(1000):
            plant.step((0.0, 0.0), (0.0, 0.0), DT)
        ends.append(plant.q)
        plant.close()
    assert ends[-1] == pytest.approx(ends[0], abs=1e-4)
    assert abs(ends[0][0] - info.home[0]) > 0.3


def test_a_lower_leg_weighs_what_winters_table_says():
    leg = limb_of(KNEE)
    # 75 kg: shank and foot 4.575 kg, centre 0.2609 m below the knee
    assert leg.gravity.torque(LEVEL) == pytest.approx((4.575 * 9.81 * 0.606 * 0.4305,), rel=1e-12)
    assert leg.gravity.torque((HANGING,)) == pytest.approx((0.0,), abs=1e-12)


def test_the_leg_is_straight_when_level_and_bent_by_a_right_angle_when_it_hangs():
    leg = limb_of(KNEE)
    assert leg.bend() == pytest.approx(pi / 2.0)
    leg.chain.place((-0.3,), (0.0,))
    assert leg.bend() == pytest.approx(0.3)


def test_a_limp_leg_swings_a_few_times_and_comes_to_rest():
    leg = limb_of(KNEE)
    leg.chain.place((HANGING + 0.8,), (0.0,))
    q = []
    for _ in range(10_000):
        leg.advance((0.0,), (0.0,), DT)
        q.append(leg.q[0] - HANGING)
    swings = int((np.diff(np.sign(np.array(q)[np.abs(q) > 0.02])) != 0).sum())
    assert 3 <= swings <= 15
    assert abs(q[-1]) < 0.01


def test_the_knee_does_not_bend_backwards():
    leg = limb_of(KNEE)
    leg.chain.place((-0.2,), (3.0,))
    most = -1.0
    for _ in range(2000):
        leg.advance((12.0,), (0.0,), DT)
        most = max(most, leg.q[0])
    assert 0.0 < most < 0.35


def test_the_cuff_can_be_stepped_at_1_ms():
    (link,) = KNEE.links
    lever = (link.inertia + link.mass * link.centre**2) / link.length**2
    leg = limb_of(KNEE).chain.mass / link.length**2
    mass = 1.0 / (1.0 / lever + 1.0 / leg)
    assert DT * sqrt(GRIP_STIFFNESS / mass) < 0.5
    assert GRIP_DAMPING * DT / mass < 1.0


def test_a_bare_spring_is_bounded_as_the_closed_form_says():
    # K = b/(T/2 + t_d)/2 in N·m/rad, over l²: the knee declares 1 N·m·s/rad and a lever of 0.4 m
    bare = 1.0 / (0.0005 + 0.001) / 2.0 / 0.4**2
    assert largest_stiffness(KNEE, delay=0.001, loads=(0.0,)) == pytest.approx(bare, rel=0.05)
    assert largest_stiffness(KNEE, delay=0.003, damping_ratio=0.7) > 1000.0
