from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, UnknownName
from rehab.core.kinematics import kinematics_of
from sim import models
from sim.plants import Plant, make_plant
from sim.two_link import TwoLink

from .conftest import DT, ENGINES

OTHERS = tuple(engine for engine in ENGINES if engine != "closed_form")
START = ((0.5, 1.5), (2.0, -3.0))  # rad, rad/s
PLANAR_ARM = models.load("planar_arm")


@pytest.fixture(params=ENGINES)
def plant(request: pytest.FixtureRequest, info: DeviceInfo) -> Iterator[Plant]:
    plant = make_plant(info, request.param)
    yield plant
    plant.close()


@pytest.fixture(params=OTHERS)
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


def mass_matrix(info: DeviceInfo, q: np.ndarray) -> np.ndarray:
    """Σ m JcᵀJc + I JωᵀJω, from the Jacobians of the centres of mass: not the formula of the plant."""
    first, second = info.links
    a, b = q[0], q[0] + q[1]
    j1 = np.array([[-first.centre * np.sin(a), 0.0], [first.centre * np.cos(a), 0.0]])
    to_elbow = np.array([[-first.length * np.sin(a), 0.0], [first.length * np.cos(a), 0.0]])
    j2 = to_elbow + second.centre * np.array([[-np.sin(b)] * 2, [np.cos(b)] * 2])
    turn1, turn2 = np.array([[1.0, 0.0]]), np.array([[1.0, 1.0]])
    m = first.mass * j1.T @ j1 + first.inertia * turn1.T @ turn1
    return m + second.mass * j2.T @ j2 + second.inertia * turn2.T @ turn2


def acceleration(info: DeviceInfo, q: np.ndarray, qd: np.ndarray, torque: np.ndarray) -> np.ndarray:
    """Lagrange's equation with dM/dq by central differences: M q̈ = τ − Ṁ q̇ + ½ ∂(q̇ᵀMq̇)/∂q."""
    h = 1e-6
    slope = [(mass_matrix(info, q + h * e) - mass_matrix(info, q - h * e)) / (2.0 * h) for e in np.eye(2)]
    rate = slope[0] * qd[0] + slope[1] * qd[1]
    pull = np.array([0.5 * qd @ s @ qd for s in slope])
    return np.linalg.solve(mass_matrix(info, q), torque - rate @ qd + pull)


def energy(info: DeviceInfo, plant: Plant) -> float:
    qd = np.array(plant.qd)
    return float(0.5 * qd @ mass_matrix(info, np.array(plant.q)) @ qd)


angle = st.floats(-3.0, 3.0)
speed = st.floats(-6.0, 6.0)
torque = st.floats(-20.0, 20.0)


@given(q=st.tuples(angle, angle), qd=st.tuples(speed, speed), tau=st.tuples(torque, torque))
def test_the_closed_form_is_lagranges_equation(q, qd, tau):
    chain = TwoLink(*PLANAR_ARM.links, PLANAR_ARM.base)
    chain.place(q, qd)
    chain.advance(*tau, 0.0, 0.0, 1e-6)
    got = (np.array([chain.w1, chain.w2]) - qd) / 1e-6
    assert got == pytest.approx(acceleration(PLANAR_ARM, np.array(q), np.array(qd), np.array(tau)), rel=1e-4, abs=1e-3)


@given(q=st.tuples(angle, angle), qd=st.tuples(speed, speed), acc=st.tuples(speed, speed))
def test_the_torque_that_a_motion_needs_makes_that_motion(q, qd, acc):
    chain = TwoLink(*PLANAR_ARM.links, PLANAR_ARM.base)
    need = chain.inertia_torque(q[1], *qd, *acc)
    assert acceleration(PLANAR_ARM, np.array(q), np.array(qd), np.array(need)) == pytest.approx(acc, rel=1e-4, abs=1e-4)


def test_a_free_motion_of_10_s_keeps_its_energy(frictionless: DeviceInfo):
    for engine in ENGINES:
        plant = make_plant(frictionless, engine)
        plant.reset(*START)
        before = energy(frictionless, plant)
        for _ in range(10_000):
            plant.step((0.0, 0.0), (0.0, 0.0), DT)
        plant.close()
        assert energy(frictionless, plant) / before == pytest.approx(1.0, abs=5e-3), engine


def test_a_free_motion_of_10_s_ends_alike_in_every_engine(frictionless: DeviceInfo, engine: str):
    ours, other = make_plant(frictionless, "closed_form"), make_plant(frictionless, engine)
    for plant in (ours, other):
        plant.reset(*START)
        for _ in range(10_000):
            plant.step((0.0, 0.0), (0.0, 0.0), DT)
    other.close()
    assert other.q == pytest.approx(ours.q, abs=1e-4)
    assert other.qd == pytest.approx(ours.qd, abs=1e-4)
    assert abs(ours.q[0] - START[0][0]) > 3.0  # it has moved, beyond the range of motion


def test_damping_torque_and_hand_force_act_alike_in_every_engine(info: DeviceInfo, engine: str):
    rng = np.random.default_rng(3)
    torques = np.repeat(rng.uniform(-3.0, 3.0, (100, 2)), 20, axis=0).tolist()
    forces = np.repeat(rng.uniform(-5.0, 5.0, (50, 2)), 40, axis=0).tolist()
    ours, other = make_plant(info, "closed_form"), make_plant(info, engine)
    for tau, force in zip(torques, forces, strict=True):
        ours.step(tuple(tau), tuple(force), DT)
        other.step(tuple(tau), tuple(force), DT)
        assert other.q == pytest.approx(ours.q, abs=1e-4)
    other.close()
    assert np.ptp(ours.q) > 0.1


def test_steps_of_1_ms_stay_near_the_exact_solution(info: DeviceInfo):
    b = np.array([joint.damping for joint in info.joints])
    tau = np.array([1.0, -0.5])

    def motion(_: float, y: np.ndarray) -> np.ndarray:
        return np.concatenate([y[2:], acceleration(info, y[:2], y[2:], tau - b * y[2:])])

    exact = solve_ivp(motion, (0.0, 0.5), [*info.home, 0.0, 0.0], rtol=1e-9, atol=1e-9).y[:2, -1]
    plant = make_plant(info, "closed_form")
    for _ in range(500):
        plant.step((1.0, -0.5), (0.0, 0.0), DT)
    assert plant.q == pytest.approx(exact, abs=2e-3)
    assert np.abs(exact - info.home).max() > 0.2


def test_declared_friction_brings_a_pushed_arm_to_rest(plant: Plant, info: DeviceInfo):
    plant.reset(info.home, (2.0, -2.0))
    for _ in range(3000):
        plant.step((0.0, 0.0), (0.0, 0.0), DT)
    assert plant.qd == pytest.approx((0.0, 0.0), abs=1e-4)


def test_a_force_on_the_hand_acts_through_the_jacobian(plant: Plant, info: DeviceInfo):
    (a, b), (c, d) = kinematics_of(info).forward(info.home)[1]
    plant.step((0.0, 0.0), (3.0, -2.0), DT)
    by_force = plant.qd
    plant.reset(info.home, (0.0, 0.0))
    plant.step((3.0 * a - 2.0 * c, 3.0 * b - 2.0 * d), (0.0, 0.0), DT)
    assert by_force == pytest.approx(plant.qd, rel=1e-9)
    assert abs(by_force[0]) > 1e-3


def test_torque_lasts_one_step(plant: Plant, info: DeviceInfo):
    plant.step((5.0, 0.0), (0.0, 0.0), DT)
    speed = plant.qd[0]
    plant.step((0.0, 0.0), (0.0, 0.0), DT)
    assert 0.0 < plant.qd[0] < speed


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("place", range(4))
def test_what_is_not_finite_never_enters(plant: Plant, info: DeviceInfo, bad: float, place: int):
    values = [0.0] * 4
    values[place] = bad
    with pytest.raises(ValueError, match="not finite"):
        plant.step((values[0], values[1]), (values[2], values[3]), DT)
    plant.step((0.0, 0.0), (0.0, 0.0), DT)
    assert plant.q == pytest.approx(info.home, abs=1e-12)


def test_two_plants_do_not_touch_each_other(plant: Plant, info: DeviceInfo):
    second = make_plant(info, plant.engine)
    second.step((5.0, 5.0), (0.0, 0.0), DT)
    plant.step((0.0, 0.0), (0.0, 0.0), DT)
    second.close()
    plant.step((0.0, 0.0), (0.0, 0.0), DT)
    assert plant.q == pytest.approx(info.home, abs=1e-12)


def test_closing_twice_is_fine(plant: Plant):
    plant.close()
    plant.close()


def test_an_unknown_engine_is_named(info: DeviceInfo):
    with pytest.raises(UnknownName, match="closed_form"):
        make_plant(info, "bulet")


def test_auto_takes_pybullet_where_it_is_installed(info: DeviceInfo):
    plant = make_plant(info)
    plant.close()
    assert plant.engine == ENGINES[-1]


def test_a_urdf_of_other_masses_is_refused(info: DeviceInfo, engine: str):
    heavier = msgspec.structs.replace(info, links=(info.links[0], msgspec.structs.replace(info.links[1], mass=2.0)))
    with pytest.raises(BadInput, match=r"link 2 has 0\.8 kg"):
        make_plant(heavier, engine)


def test_other_kinematics_are_refused_in_words(info: DeviceInfo):
    for kinematics in ("scara", "single_joint"):  # of two joints
        for engine in ENGINES:
            with pytest.raises(BadInput, match=rf'planar_2r.*"{kinematics}"'):
                make_plant(msgspec.structs.replace(info, kinematics=kinematics), engine)


def test_no_engine_prints_anything():
    # what --json prints must stay JSON, and an error one line
    code = "from sim import models; from sim.plants import make_plant\n"
    code += (
        f"for engine in {ENGINES!r}: make_plant(models.load('planar_arm'), engine).step((1.0, 1.0), (0.0, 0.0), 0.001)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
