"""The stiffness bound against figures from elsewhere: the design table, the bare-spring formula, a swinging mass."""

from __future__ import annotations

from math import exp, inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from scipy.linalg import expm

from rehab.core.device import DeviceInfo, LinkInfo
from rehab.core.stability import (
    bare_spring_bound,
    colgate_margin,
    is_stable,
    largest_stiffness,
    spectral_radius,
    ticks_of,
)
from tests.arms import planar_arm, wrist

T = 0.001  # s
ELBOW = (np.deg2rad(30.0), np.deg2rad(150.0))
LADDER = (100, 200, 400, 800, 1600, 2000, 3000)  # N/m
# declared damping -> at 0, 1, 2, 3 ticks of delay the stiffest of the ladder: without virtual damping, with ζ = 0.7
TABLE = {
    0.1: ((800, 3000), (200, 3000), (100, 2000), (100, 800)),
    0.5: ((3000, 3000), (800, 3000), (400, 2000), (200, 800)),
    1.0: ((3000, 3000), (1600, 3000), (400, 2000), (400, 800)),
    2.0: ((3000, 3000), (2000, 3000), (800, 3000), (400, 1600)),
}
TABLE_MASS = 1.0  # kg that the table's virtual damping is laid out for


def arm(damping: float, *, elbow: tuple[float, float] = ELBOW) -> DeviceInfo:
    """Links of 0.30 and 0.33 m, 1.0 and 0.8 kg, with that damping in both joints."""
    info = planar_arm()
    shoulder, last = (structs.replace(joint, damping=damping) for joint in info.joints)
    return structs.replace(info, joints=(shoulder, structs.replace(last, q_min=elbow[0], q_max=elbow[1])))


def mass_on_a_rail(mass: float, damping: float) -> DeviceInfo:
    """One joint with an arm of 1 m: N/m and N·m/rad are the same number."""
    info = wrist()
    link = LinkInfo(length=1.0, mass=0.0, centre=0.5, inertia=mass)
    return structs.replace(info, links=(link,), joints=(structs.replace(info.joints[0], damping=damping),))


@pytest.mark.parametrize("damping", TABLE)
@pytest.mark.parametrize("ticks", range(4))
@pytest.mark.parametrize(("column", "ratio"), [(0, 0.0), (1, 0.7)])
def test_the_design_table_comes_out_exactly(damping: float, ticks: int, column: int, ratio: float) -> None:
    info = arm(damping)
    stable = [
        stiffness
        for stiffness in LADDER
        if is_stable(info, stiffness, 2.0 * ratio * sqrt(stiffness * TABLE_MASS), delay=ticks * T)
    ]
    assert stable == [stiffness for stiffness in LADDER if stiffness <= TABLE[damping][ticks][column]]


@pytest.mark.parametrize("ratio", [0.0, 0.7])
def test_the_bound_itself_is_stable_and_a_little_more_is_not(ratio: float) -> None:
    info = arm(0.5)
    bound = largest_stiffness(info, delay=2 * T, damping_ratio=ratio, mass=TABLE_MASS)
    for share, expected in ((1.0, True), (1.02, False)):
        stiffness = share * bound
        damping = 2.0 * ratio * sqrt(stiffness * TABLE_MASS)
        assert is_stable(info, stiffness, damping, delay=2 * T) is expected


@pytest.mark.parametrize("ticks", range(6))
def test_one_joint_without_virtual_damping_ends_where_the_bare_spring_formula_says(ticks: int) -> None:
    info = mass_on_a_rail(2.0, 1.0)
    found = largest_stiffness(info, delay=ticks * T, margin=1.0, loads=(0.0,))
    assert found == pytest.approx(bare_spring_bound(1.0, T, ticks * T), rel=0.02)


def swings_up(mass: float, damping: float, stiffness: float, ticks: int) -> bool:
    """A mass on a sampled spring, tick by tick in plain numbers: is the swing larger at the end than at the start?"""
    decay = exp(-damping * T / mass)
    coast = (1.0 - decay) * mass / damping
    x, v, under_way = 0.01, 0.0, [0.0] * ticks
    steps = 40_000
    largest = [0.0, 0.0]
    for step in range(steps):
        under_way.append(-stiffness * x)
        force = under_way.pop(0)
        x += coast * v + (T - coast) * force / damping
        v = decay * v + (1.0 - decay) * force / damping
        if not steps // 4 <= step < 3 * steps // 4:
            largest[step >= steps // 2] = max(largest[step >= steps // 2], abs(x))
    return largest[1] > largest[0]


@pytest.mark.parametrize("ticks", [0, 1, 3, 5])
@pytest.mark.parametrize(("share", "grows"), [(0.97, False), (1.03, True)])
def test_a_swinging_mass_dies_out_below_the_formula_and_grows_above(ticks: int, share: float, grows: bool) -> None:
    stiffness = share * bare_spring_bound(1.0, T, ticks * T)
    assert swings_up(0.5, 1.0, stiffness, ticks) is grows
    assert is_stable(mass_on_a_rail(0.5, 1.0), stiffness, 0.0, delay=ticks * T, margin=1.0, loads=(0.0,)) is not grows


@pytest.mark.parametrize("damping", [0.5, 3.0, 1000.0])
@pytest.mark.parametrize("ticks", [0, 1, 2])
def test_a_tick_is_solved_exactly_also_for_a_joint_that_hardly_coasts(damping: float, ticks: int) -> None:
    mass, stiffness, virtual = 1.0, 1e6, 50.0
    speed_up = expm(np.array([[0.0, T, 0.0], [0.0, -damping * T / mass, T / mass], [0.0, 0.0, 0.0]]))
    loop = np.zeros((2 + ticks, 2 + ticks))
    loop[:2, :2] = speed_up[:2, :2]
    answer = np.array([-stiffness, -virtual])
    if ticks:
        loop[:2, -1] = speed_up[:2, 2]
        loop[2, :2] = answer
        loop[3:, 2:-1] = np.eye(ticks - 1)
    else:
        loop[:2, :2] += np.outer(speed_up[:2, 2], answer)
    found = spectral_radius(mass_on_a_rail(mass, damping), stiffness, virtual, ticks, (0.0,))
    assert found == pytest.approx(np.abs(np.linalg.eigvals(loop)).max(), rel=1e-9)


DAMPING = st.sampled_from([0.05, 0.1, 0.3, 0.5, 1.0, 2.0])
RATIO = st.sampled_from([0.0, 0.2, 0.7, 1.0])


@settings(max_examples=15, deadline=None)
@given(DAMPING, RATIO, st.integers(0, 4))
def test_a_slower_link_never_holds_more(damping: float, ratio: float, ticks: int) -> None:
    info = arm(damping)
    now, later = (largest_stiffness(info, delay=n * T, damping_ratio=ratio) for n in (ticks, ticks + 1))
    assert later <= now


@settings(max_examples=15, deadline=None)
@given(DAMPING, DAMPING, RATIO, st.integers(0, 4))
def test_more_declared_damping_never_holds_less(one: float, other: float, ratio: float, ticks: int) -> None:
    least, most = (
        largest_stiffness(arm(b), delay=ticks * T, damping_ratio=ratio) for b in (min(one, other), max(one, other))
    )
    assert least <= most


@settings(max_examples=15, deadline=None)
@given(DAMPING, RATIO, st.integers(0, 4), st.floats(0.05, 1.0))
def test_whatever_is_softer_than_the_bound_is_stable(damping: float, ratio: float, ticks: int, share: float) -> None:
    info = arm(damping)
    stiffness = share * largest_stiffness(info, delay=ticks * T, damping_ratio=ratio, mass=TABLE_MASS)
    assert is_stable(info, stiffness, 2.0 * ratio * sqrt(stiffness * TABLE_MASS), delay=ticks * T)


def test_with_virtual_damping_the_bare_arm_is_the_worst_without_it_the_heavy_limb() -> None:
    info = arm(0.5)
    bare, heavy, both = (
        [largest_stiffness(info, delay=2 * T, damping_ratio=ratio, loads=loads) for ratio in (0.0, 0.7)]
        for loads in ((0.0,), (2.0,), (0.0, 2.0))
    )
    assert both == [heavy[0], bare[1]]
    assert heavy[0] < bare[0]
    assert bare[1] < heavy[1]


def test_lighter_links_hold_less_with_virtual_damping() -> None:
    info = arm(0.5)
    light = structs.replace(
        info, links=tuple(structs.replace(link, mass=link.mass / 3, inertia=link.inertia / 3) for link in info.links)
    )
    damped = [largest_stiffness(i, delay=2 * T, damping_ratio=0.7, mass=TABLE_MASS) for i in (light, info)]
    assert damped[0] < 0.5 * damped[1]


def test_a_range_of_motion_that_spares_the_stretched_arm_holds_at_least_as_much() -> None:
    narrow, wide = (
        largest_stiffness(arm(0.5, elbow=(np.deg2rad(a), np.deg2rad(b))), delay=T, damping_ratio=0.7)
        for a, b in ((60.0, 120.0), (30.0, 150.0))
    )
    assert narrow > wide


def test_the_straight_arm_inside_a_range_of_motion_is_left_out() -> None:
    wide = largest_stiffness(arm(0.5, elbow=(-ELBOW[1], ELBOW[1])), delay=T)
    assert wide == pytest.approx(largest_stiffness(arm(0.5), delay=T), rel=0.02)


def test_an_arm_that_is_always_straight_holds_nothing() -> None:
    assert largest_stiffness(arm(0.5, elbow=(0.0, 0.1)), delay=T) == 0.0


def test_without_any_damping_nothing_is_held() -> None:
    assert largest_stiffness(arm(0.0), delay=T) == 0.0


def test_no_spring_is_stable_at_any_delay() -> None:
    assert is_stable(arm(0.0), 0.0, 0.0, delay=1.0)


def test_a_link_slower_than_twenty_ticks_holds_nothing() -> None:
    assert is_stable(arm(2.0), 1.0, 0.0, delay=20 * T)
    assert not is_stable(arm(2.0), 1.0, 0.0, delay=21 * T)


@pytest.mark.parametrize(("delay", "ticks"), [(0.0, 0), (1e-6, 1), (0.001, 1), (0.00101, 2), (0.002, 2), (0.0153, 16)])
def test_a_delay_counts_as_whole_ticks_rounded_up(delay: float, ticks: int) -> None:
    assert ticks_of(delay, T) == ticks


@pytest.mark.parametrize("delay", [-0.001, inf, float("nan")])
def test_what_is_no_time_is_no_delay(delay: float) -> None:
    with pytest.raises(ValueError, match="not a time"):
        is_stable(arm(0.5), 100.0, 0.0, delay=delay)


def test_colgates_margin_is_one_where_the_joint_damps_half_a_period_of_spring_and_the_virtual_damping() -> None:
    info = mass_on_a_rail(2.0, 1.0)
    assert colgate_margin(info, 2.0 * (1.0 - 0.4) / T, 0.4) == pytest.approx(1.0)
    assert colgate_margin(info, 2.0 * (1.0 - 0.4) / T, -0.4) == pytest.approx(1.0)
    assert colgate_margin(info, 0.0, 0.0) == inf
    assert colgate_margin(mass_on_a_rail(2.0, 0.0), 100.0, 0.0) == 0.0


def test_colgates_margin_of_an_arm_is_that_of_its_weakest_pose_and_direction() -> None:
    q2 = np.linspace(*ELBOW, 241)
    reach = [
        np.linalg.norm([[-0.33 * np.sin(a), -0.33 * np.sin(a)], [0.3 + 0.33 * np.cos(a), 0.33 * np.cos(a)]], 2)
        for a in q2
    ]
    expected = 0.5 / max(reach) ** 2 / (0.5 * 200.0 * T + 3.0)
    assert colgate_margin(arm(0.5), 200.0, 3.0) == pytest.approx(expected, rel=1e-3)
