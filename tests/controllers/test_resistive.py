"""Loads against the movement."""

from __future__ import annotations

from math import exp, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.resistive import Resistive
from rehab.core.errors import Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.poses import hand_masses
from rehab.core.stability import stiffness_finding
from tests.arms import hand_at, planar_arm, pose, reference_at, wrist

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x
DT = 0.001
speed = st.floats(-1.5, 1.5)
HERE = reference_at((0.0, 0.45))


def force_of(load: Resistive, v: tuple[float, float], x: tuple[float, float] = tuple(HOME)) -> np.ndarray:
    torque = load.update(hand_at(ARM, x, v), HERE, DT)
    return np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))


@given(speed, speed, st.floats(0.0, 100.0), st.floats(0.0, 60.0))
def test_a_viscous_and_a_constant_load_never_give_energy(vx: float, vy: float, b: float, c: float) -> None:
    assert force_of(Resistive(ARM, viscous=b, constant=c), (vx, vy)) @ (vx, vy) <= 1e-12


@given(speed, speed, st.floats(0.0, 100.0))
def test_a_viscous_load_grows_with_speed(vx: float, vy: float, b: float) -> None:
    assert force_of(Resistive(ARM, viscous=b), (vx, vy)) == pytest.approx([-b * vx, -b * vy], abs=1e-9)


@pytest.mark.parametrize("v", [(0.6, 0.0), (0.0, -0.6), (0.4, 0.5)])
def test_a_constant_load_is_there_once_the_hand_moves(v: tuple[float, float]) -> None:
    force = force_of(Resistive(ARM, viscous=0.0, constant=12.0), v)
    assert np.linalg.norm(force) == pytest.approx(12.0, rel=1e-3)
    assert force / np.linalg.norm(force) == pytest.approx(-np.array(v) / np.linalg.norm(v))


@given(speed, speed)
def test_a_constant_load_never_steps_where_the_movement_turns(vx: float, vy: float) -> None:
    load = Resistive(ARM, viscous=0.0, constant=60.0, smooth=0.15)
    jump = force_of(load, (1e-6 * vx, 1e-6 * vy)) - force_of(load, (-1e-6 * vx, -1e-6 * vy))
    assert np.linalg.norm(jump) <= 2.0 * 60.0 / 0.15 * 1e-6 * np.hypot(vx, vy) + 1e-9


def test_a_band_pulls_back_to_where_it_began() -> None:
    load = Resistive(ARM, viscous=0.0, elastic=300.0)
    load.reset(hand_at(ARM, (0.05, 0.40)))
    assert force_of(load, (0.0, 0.0), (0.10, 0.40)) == pytest.approx([-15.0, 0.0], abs=1e-6)
    assert force_of(load, (0.0, 0.0), (0.05, 0.40)) == pytest.approx([0.0, 0.0], abs=1e-9)


def test_an_inertial_load_is_its_mass_times_the_acceleration() -> None:
    """Half a second of steady acceleration: the low-pass of 3 Hz has then come to 1 − e^(−ωt)."""
    load = Resistive(ARM, viscous=0.0, inertial=2.0)
    load.reset(hand_at(ARM, tuple(HOME)))
    for k in range(1, 501):
        force = force_of(load, (0.0, 1.5 * k * DT))
    assert force == pytest.approx([0.0, -2.0 * 1.5 * (1.0 - exp(-2 * pi * 3.0 * 0.5))], rel=1e-3, abs=1e-9)


@pytest.mark.parametrize(("share", "rings"), [(1.0, False), (2.1, True)])
def test_an_inertial_load_rings_only_beyond_twice_what_is_allowed(
    share: float, rings: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lightest hand, two ticks of delay and the hold, no friction."""
    info = wrist()
    mass = hand_masses(info)[0]
    with pytest.raises(Findings) as caught:
        Resistive(info, inertial=5.0)
    allowed = float(caught.value.findings[0].allowed.removeprefix("up to ").removesuffix(" kg"))
    monkeypatch.setattr(Resistive, "_refuse_what_is_too_heavy", lambda *_: None)
    load, v, late = Resistive(info, viscous=0.0, inertial=share * allowed), 0.1, [0.0, 0.0]
    load.reset(hand_at(info, (0.0,)))
    speeds = []
    for _ in range(3000):
        torque = load.update(hand_at(info, (0.0,), (v,)), reference_at((0.0,)), DT)
        late.append(float(torque[0]) / 0.25)
        v += DT * late.pop(0) / mass
        speeds.append(v)
    swing = np.ptp(speeds[-300:])
    assert swing > 1.0 if rings else swing < 1e-6


def test_a_load_that_damps_more_than_the_link_allows_is_found() -> None:
    assert stiffness_finding(ARM, Resistive(ARM), 0.003) is None
    assert stiffness_finding(ARM, Resistive(ARM, viscous=0.0, constant=10.0), 0.002) is None
    finding = stiffness_finding(ARM, Resistive(ARM, viscous=100.0), 0.002)
    assert finding is not None
    assert finding.field == "damping"
    assert "damps the hand stably by at most 77" in finding.message


def test_too_heavy_a_load_is_refused_also_while_running() -> None:
    load = Resistive(wrist())
    with pytest.raises(Findings, match="would begin to swing"):
        load.set("inertial", 5.0)
