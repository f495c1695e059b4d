"""What is judged beside a stiffness at the hand: springs in joints, walls, dampers alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from controllers.impedance import Impedance
from rehab.core.controller import Spring
from rehab.core.device import DeviceInfo, LinkInfo
from rehab.core.inertia import mass_matrix
from rehab.core.kinematics import kinematics_of
from rehab.core.poses import hand_masses, poses
from rehab.core.stability import held, is_stable, largest_damping, largest_stiffness, stiffness_finding
from tests.arms import planar_arm, wrist

INFO = planar_arm()
T = 0.001


def with_spring(*spring: Any) -> Any:
    return SimpleNamespace(spring=Spring(*spring))


def rail(mass: float, damping: float = 0.1) -> DeviceInfo:
    """One joint with an arm of 1 m: N/m and N·m/rad are the same number."""
    link = LinkInfo(length=1.0, mass=0.0, centre=0.5, inertia=mass)
    joint = structs.replace(wrist().joints[0], damping=damping)
    return structs.replace(wrist(), links=(link,), joints=(joint,))


@pytest.mark.parametrize("ticks", [0, 1, 3])
@pytest.mark.parametrize("stiffness", [50.0, 200.0, 800.0, 3000.0])
def test_on_an_arm_of_one_metre_a_joint_and_a_hand_are_judged_alike(stiffness: float, ticks: int) -> None:
    info = rail(0.5)
    at_hand = is_stable(info, stiffness, 5.0, delay=ticks * T, loads=(0.0,))
    assert is_stable(info, stiffness, (5.0,), delay=ticks * T, loads=(0.0,), joint=True) is at_hand


def swings_up(stiffness: float, damping: np.ndarray, ticks: int, q: tuple[float, float]) -> bool:
    """Two joints on sampled springs with twice these gains, tick by tick in steps of 50 µs."""
    M, b, fine = mass_matrix(INFO, q), np.array([j.damping for j in INFO.joints]), 20
    step = np.linalg.inv(M + np.diag(b) * T / fine)
    x, w, late, largest = np.array([0.01, -0.01]), np.zeros(2), [np.zeros(2)] * ticks, [0.0, 0.0]
    for k in range(1600):
        late.append(-2.0 * (stiffness * x + damping * w))
        torque = late.pop(0)
        for _ in range(fine):
            w = step @ (M @ w + torque * T / fine)
            x = x + w * T / fine
        if k >= 800:
            largest[k >= 1200] = max(largest[k >= 1200], float(np.abs(x).max()))
    return largest[1] > largest[0]


@pytest.mark.parametrize(("share", "grows"), [(0.9, False), (1.1, True)])
def test_a_spring_in_the_joints_dies_out_below_its_bound_and_swings_up_above(share: float, grows: bool) -> None:
    """Damped at ζ = 0.2, three ticks late, without a limb, in the pose that is worst for it."""
    D = 0.4 * np.sqrt(mass_matrix(INFO, INFO.home).diagonal())
    bound = 0.0
    for stiffness in np.geomspace(10.0, 20_000.0, 300):
        damping = tuple((D * np.sqrt(stiffness)).tolist())
        if not is_stable(INFO, stiffness, damping, delay=3 * T, loads=(0.0,), joint=True):
            break
        bound = float(stiffness)
    swings = [swings_up(share * bound, D * np.sqrt(share * bound), 3, q) for q in poses(INFO)[:: len(poses(INFO)) - 1]]
    assert any(swings) is grows


def test_the_finding_of_a_spring_in_the_joints_is_in_their_unit_and_what_it_allows_is_allowed() -> None:
    stiff = Impedance(INFO, space="joint", joint_stiffness=200.0, damping_ratio=2.0)
    finding = stiffness_finding(INFO, stiff, 5 * T)
    asked = held(INFO, stiff, 5 * T)
    assert finding is not None and asked is not None
    assert asked.unit == "N*m/rad"
    assert "N·m/rad stably; 200 N·m/rad was asked for" in finding.message
    again = Impedance(INFO, space="joint", joint_stiffness=asked.bound, damping_ratio=2.0)
    assert stiffness_finding(INFO, again, 5 * T) is None


def test_what_is_declared_as_spring_goes_before_stiffness() -> None:
    soft = SimpleNamespace(stiffness=10.0, damping=1.0, spring=Spring(20_000.0, 0.0))
    assert stiffness_finding(INFO, soft, 2 * T) is not None


def test_a_wall_is_judged_like_an_impedance_of_that_stiffness_and_damping() -> None:
    bound = largest_stiffness(INFO, delay=3 * T, damping_ratio=0.7)
    one = Impedance(INFO, stiffness=bound)
    assert stiffness_finding(INFO, with_spring(one.stiffness, one.damping), 3 * T) is None
    assert stiffness_finding(INFO, with_spring(1.1 * one.stiffness, 1.05 * one.damping), 3 * T) is not None


@pytest.mark.parametrize("ticks", [1, 2, 4])
def test_one_mass_on_a_late_damper_ends_at_the_root_of_its_characteristic(ticks: int) -> None:
    """v⁺ = v − (D T/m) v, m ticks late: z^(m+1) − z^m + DT/m leaves the unit circle at DT/m = 2 sin(π / (4m + 2))."""
    info = rail(0.5, damping=1e-9)
    bound = 0.5 / T * 2.0 * np.sin(np.pi / (4 * ticks + 2))
    assert largest_damping(info, delay=ticks * T, margin=1.0, loads=(0.0,)) == pytest.approx(bound, rel=0.01)


def test_too_strong_a_damper_is_found_and_named() -> None:
    bound = largest_damping(INFO, delay=2 * T)
    assert stiffness_finding(INFO, with_spring(0.0, bound), 2 * T) is None
    finding = stiffness_finding(INFO, with_spring(0.0, 1.1 * bound), 2 * T)
    assert finding is not None
    assert (finding.field, finding.message.split(";")[0]) == (
        "damping",
        f"at 2 ticks of delay test_arm damps the hand stably by at most {bound:.4g} N·s/m",
    )
    in_joints = stiffness_finding(INFO, with_spring(0.0, (100.0, 100.0), True), 2 * T)
    assert in_joints is not None and in_joints.field == "damping"


def test_nothing_held_and_nothing_damped_is_no_finding() -> None:
    for nothing in (with_spring(0.0, 0.0), with_spring(0.0, (0.0, 0.0), True), SimpleNamespace()):
        assert stiffness_finding(INFO, nothing, 1.0) is None
        assert held(INFO, nothing, 1.0) is None


@pytest.mark.parametrize("damping", [float("nan"), (1.0, float("inf"))])
def test_a_spring_that_is_no_number_is_a_finding(damping: Any) -> None:
    finding = stiffness_finding(INFO, with_spring(100.0, damping, isinstance(damping, tuple)), T)
    assert finding is not None
    assert "cannot be judged" in finding.message


def test_the_hand_is_lightest_and_heaviest_where_its_pose_makes_it_so() -> None:
    """One joint has one: I/l². Of two, what a hand feels along any direction in any pose lies between."""
    assert hand_masses(rail(0.5)) == pytest.approx((0.5, 0.5))
    least, most = hand_masses(INFO)
    rng = np.random.default_rng(1)
    for _ in range(200):
        q = (rng.uniform(-0.5, 2.6), rng.uniform(0.6, 2.5))
        u = rng.normal(size=2)
        u /= np.linalg.norm(u)
        J = np.array(kinematics_of(INFO).forward(q)[1])
        felt = u @ np.linalg.inv(J @ np.linalg.inv(mass_matrix(INFO, q)) @ J.T) @ u
        assert 0.98 * least <= felt <= 1.02 * most
