"""A spasm and a limp arm: what the limb does to a robot that holds still."""

from __future__ import annotations

from math import hypot

import numpy as np
import pytest

from rehab.core.clock import ManualClock
from rehab.core.errors import BadInput
from rehab.core.values import Command
from sim.device import SimulatedDevice
from sim.faults import read_faults
from sim.injection import Injection
from tests.sim.faulty import disturbed

ONSET = 100  # ms


def held(script: str, milliseconds: int, patient: str = "passive") -> tuple[list[float], SimulatedDevice]:
    """A robot that holds the hand at home as stiffly as it can; the force of the limb (N) in each ms."""
    clock = ManualClock()
    device = disturbed(script, clock, patient=patient)
    home = device.info.home
    device.arm()
    forces = []
    for _ in range(milliseconds):
        clock.advance(0.001)
        device.read()
        q, qd = device.body.q, device.body.qd
        torque = tuple(600.0 * (h - a) - 12.0 * v for h, a, v in zip(home, q, qd, strict=True))
        device.write(Command(torque, True, 0.02))
        forces.append(hypot(*device.body.force))
    return forces, device


@pytest.mark.parametrize("patient", ["passive", "stroke", "healthy"])
def test_a_spasm_pulls_with_the_torque_that_is_asked_for_within_a_tenth_of_a_second(patient: str) -> None:
    forces, device = held(f"{{at: {ONSET} ms, field: patient, how: spasm, value: 8 N*m}}", 500, patient)
    limb = device.body.patient.limb
    jacobian = np.array(limb.kinematics.forward((limb.chain.q1, limb.chain.q2))[1])
    expected = np.linalg.norm(np.linalg.solve(jacobian.T, [0.0, 8.0]))  # F = J⁻ᵀ τ of the limb, held still
    assert max(forces[:ONSET]) < 0.05 * expected
    assert forces[ONSET + 100] > 0.5 * expected
    assert np.mean(forces[400:]) == pytest.approx(expected, rel=0.25)
    device.close()


def test_a_spasm_is_12_newton_metres_unless_told_and_rises_within_60_ms() -> None:
    injection, patient = muscles("{at: 10 ms, for: 1 s, field: patient, how: spasm}")
    injection.arm(0)
    found = {}
    for now in (9, 10, 25, 40, 70, 500, 1010, 1040, 1070, 1080):
        injection.step(now * 1000)
        found[now] = patient.spasm
    assert found == pytest.approx(
        {9: 0, 10: 0, 25: 3, 40: 6, 70: 12, 500: 12, 1010: 12, 1040: 6, 1070: 0, 1080: 0}, abs=1e-9
    )


def test_a_short_spasm_does_not_reach_its_height() -> None:
    injection, patient = muscles("{for: 30 ms, field: patient, how: spasm, value: -10 N*m}")
    injection.arm(0)
    found = []
    for now in (15, 30, 45, 60, 75):
        injection.step(now * 1000)
        found.append(patient.spasm)
    assert found == pytest.approx([-2.5, -5.0, -2.5, 0.0, 0.0])


class Muscles:
    spasm, limp = 0.0, False


def muscles(script: str) -> tuple[Injection, Muscles]:
    patient = Muscles()
    return Injection(read_faults(f"faults: [{script}]"), 1, patient), patient


def test_when_the_effort_is_lost_the_pull_is_gone_at_once() -> None:
    script = "{at: 100 ms, field: patient, how: spasm, value: 15 N*m}, {at: 400 ms, field: patient, how: limp}"
    forces, device = held(script, 900)
    before = float(np.mean(forces[350:400]))
    assert before > 20.0
    assert max(forces[440:]) < 0.35 * before  # what is left is the limb's mass, pulled back by the robot
    assert max(forces[800:]) < 0.05 * before
    device.close()


def test_without_an_affliction_the_patient_is_bit_by_bit_the_same() -> None:
    forces, device = held("{at: 10 s, field: patient, how: limp}", 200, "stroke")
    device.close()
    again, device = held("{at: 10 s, field: q_0, how: stuck}", 200, "stroke")
    device.close()
    assert forces == again


def test_a_patient_whose_muscles_cannot_be_overruled_is_refused() -> None:
    with pytest.raises(BadInput, match="this virtual patient has neither"):
        Injection(read_faults("faults: [{field: patient, how: limp}]"), 1, object())
