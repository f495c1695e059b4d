"""Admittance: the limb's force moves a virtual mass; bounded where the sampled loop would swing up."""

from __future__ import annotations

from math import exp, sqrt
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from controllers import admittance
from controllers.admittance import LOSS, Admittance, Loop, least_mass, limbs, spectral_radius
from rehab.core.device import DeviceInfo, LinkInfo
from rehab.core.errors import Findings
from rehab.core.inertia import hand_mass
from tests.arms import hand_at, planar_arm, pose, reference_at, upright, wrist

ARM = structs.replace(planar_arm(), force_sensor=True)
HOME = tuple(pose(ARM, ARM.home).x)
DT = 0.001


def mass_on_a_rail(mass: float) -> DeviceInfo:
    """One joint with an arm of 1 m, so that N and N·m are the same number, and a force sensor."""
    link = LinkInfo(length=1.0, mass=0.0, centre=0.5, inertia=mass)
    return structs.replace(wrist(), links=(link,), force_sensor=True)


def test_without_a_force_sensor_it_is_refused_with_the_reason() -> None:
    with pytest.raises(Findings, match="does not measure the limb's force"):
        Admittance(planar_arm())


def follow(controller: Admittance, force: tuple[float, float], seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """An arm that follows its virtual mass exactly: where it has come to, and how fast."""
    x, v = np.array(HOME), np.zeros(2)
    controller.reset(hand_at(ARM, HOME))
    for _ in range(round(seconds / DT)):
        controller.update(hand_at(ARM, tuple(x), tuple(v))._replace(force=np.array(force)), reference_at(HOME), DT)
        assert controller._virtual is not None
        x, v = controller._virtual[:2]
    return x - HOME, v


def test_a_steady_push_speeds_the_hand_up_to_force_over_damping() -> None:
    """v = F/B (1 − e^(−Bt/M)), of which the semi-implicit step is right to T B/2M = 0.2 %."""
    _, v = follow(Admittance(ARM, mass=5.0, damping=20.0), (4.0, -2.0), 0.5)
    share = 1.0 - exp(-20.0 * 0.5 / 5.0)
    assert v == pytest.approx([4.0 / 20.0 * share, -2.0 / 20.0 * share], rel=5e-3)


def test_with_stiffness_a_steady_push_ends_force_over_stiffness_from_the_reference() -> None:
    x, v = follow(Admittance(ARM, mass=5.0, damping=80.0, stiffness=200.0), (4.0, 0.0), 4.0)
    assert x == pytest.approx([0.02, 0.0], rel=1e-3)
    assert v == pytest.approx([0.0, 0.0], abs=1e-4)


def test_the_arm_is_led_by_a_stiff_spring_and_damper_to_the_virtual_mass() -> None:
    controller, state = Admittance(ARM, inner_stiffness=1500.0, inner_damping_ratio=0.7), hand_at(ARM, HOME)
    controller.reset(state)
    moved = hand_at(ARM, (HOME[0] + 0.01, HOME[1]), (0.0, 0.1))
    torque = controller.update(moved, reference_at(HOME), DT)
    D = 1.4 * sqrt(1500.0 * hand_mass(ARM, ARM.home))
    assert torque == pytest.approx(moved.jacobian.T @ (-15.0, -0.1 * D))
    assert controller.spring == (1500.0, pytest.approx(D), False)


def test_what_is_held_back_does_not_wind_up() -> None:
    controller, state = Admittance(ARM, force=30.0), hand_at(ARM, HOME)._replace(force=np.array((20.0, 0.0)))
    controller.reset(state)
    for _ in range(3000):
        controller.update(state, reference_at(HOME), DT)
    assert controller._virtual is not None
    assert controller._virtual.x[0] - HOME[0] == pytest.approx(30.0 / 1500.0)


def swings_up(info: DeviceInfo, m: float, k: float, controller: Admittance) -> bool:
    """The arm's mass in a limb, tick by tick in plain numbers of 20 µs: is the swing larger at the end than before?"""
    x, v, force, late, fine = 0.0, 0.05, 0.0, [0.0, 0.0], 50
    largest = [0.0, 0.0]
    steps = 20_000
    for step in range(steps):
        state = hand_at(info, (x,), (v,))._replace(force=np.array((force,)))
        force = -k * x - k * LOSS * v
        late.append(float(controller.update(state, reference_at((0.0,)), DT)[0]))
        u = late.pop(0)
        for _ in range(fine):
            v += DT / fine * (u - k * x - k * LOSS * v) / m
            x += DT / fine * v
        if abs(x) > 1.0:
            return True
        if step >= steps // 2:
            largest[step >= 3 * steps // 4] = max(largest[step >= 3 * steps // 4], abs(x))
    return largest[1] > largest[0]


@pytest.mark.parametrize(("share", "swings"), [(1.03, False), (0.97, True)])
@pytest.mark.parametrize("damping", [0.5, 5.0])
def test_in_the_worst_limb_it_comes_to_rest_just_above_the_bound_and_swings_up_just_below(
    damping: float, share: float, swings: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = 2.0
    info = mass_on_a_rail(m)
    inner = 2.0 * 0.7 * sqrt(1500.0 * m)
    loop = Loop(0.1, damping, 0.0, 1500.0, inner)
    bound = least_mass(info, loop)
    assert bound is not None
    bound /= 1.005
    stiffest = max(
        admittance.LIMBS, key=lambda k: spectral_radius(limbs((m,), (k,), LOSS, DT), DT, loop._replace(mass=bound))
    )
    monkeypatch.setattr(Admittance, "_refuse_what_swings", lambda *_: None)
    controller = Admittance(info, mass=share * bound, damping=damping, force=1e9)
    assert swings_up(info, m, stiffest, controller) is swings


def test_too_light_a_mass_is_refused_with_the_lightest_that_is_allowed() -> None:
    with pytest.raises(Findings, match="would swing up in a stiff limb") as caught:
        Admittance(ARM, mass=0.5, damping=5.0)
    (found,) = caught.value.findings
    assert found.field == "mass"
    allowed = float(found.allowed.split(" kg")[0])
    assert 2.0 < allowed < 4.0  # about what the heaviest pose of this arm weighs at the hand
    Admittance(ARM, mass=allowed, damping=5.0)


def test_more_damping_allows_a_lighter_mass() -> None:
    found: list[Any] = [least_mass(ARM, Loop(0.01, damping, 0.0, 1500.0, 45.0)) for damping in (0.0, 20.0, 60.0)]
    assert found[0] > found[1] > found[2]


def test_a_change_that_would_swing_up_is_refused_while_running_and_changes_nothing() -> None:
    controller = Admittance(ARM)
    with pytest.raises(Findings, match="would swing up"):
        controller.set("mass", 0.3)
    controller.set("damping", 150.0)
    controller.set("mass", 0.3)


def test_a_light_mass_is_refused_also_where_only_heavier_ones_would_swing_up() -> None:
    """With 60 N·s/m a mass of 100 g is stable by itself and one of 1 kg is not: no way leads there from 5 kg."""
    alone = [spectral_radius(admittance._limbs(ARM), DT, Loop(mass, 60.0, 0.0, 1500.0, 45.0)) for mass in (0.1, 1.0)]
    assert alone[0] < 1.0 < alone[1]
    with pytest.raises(Findings, match="would swing up"):
        Admittance(ARM, mass=0.1, damping=60.0)


def test_upright_it_holds_its_own_weight() -> None:
    info = upright(planar_arm())
    state = pose(info, info.home)
    controller = Admittance(info)
    controller.reset(state)
    assert controller.update(state, reference_at(tuple(state.x)), DT) == pytest.approx(state.gravity)
