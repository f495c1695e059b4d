"""What the detectors find, when, and above all what they leave alone."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from rehab.core.safety.detectors import Disagreement, Interaction, Oscillation
from rehab.core.safety.faults import Fault
from rehab.core.values import Acted, Action
from tests.safety.conftest import PERIOD, Joint

STIFFNESS, DAMPING = 40.0, 3.0  # N·m/rad, N·m·s/rad


def until(joint: Joint, ticks: int, stop, **choices) -> int:
    """The number of ticks until `stop()`; fails when it never comes."""
    for k in range(ticks):
        joint.step(STIFFNESS, DAMPING, **choices)
        if stop():
            return k + 1
    raise AssertionError(f"nothing in {ticks} ticks")


def faulted(joint: Joint):
    return lambda: joint.monitor.fault is not Fault.NONE


# frozen encoder ------------------------------------------------------------------------------------------------------


def frozen_step(armed, wish, qd=(0.0, 0.0)):
    return armed.step(wish, q=(0.0, 0.0), qd=qd, frozen=True)


def test_ten_minutes_of_constant_readings_at_rest_are_no_frozen_encoder(armed):
    armed.soft_started((4.0, 0.0))
    for k in range(30_000):  # what counts is a window of 0.1 s; meanwhile torque drifts slowly
        frozen_step(armed, (4.0 + k * 1e-4, 0.0))
    assert armed.monitor.fault is Fault.NONE


def test_an_angle_that_does_not_change_under_changing_torque_is_frozen_within_fifty_milliseconds(armed):
    armed.soft_started((0.0, 0.0))
    for _ in range(200):
        frozen_step(armed, (0.0, 0.0))
    for _ in range(50):
        frozen_step(armed, (4.0, 0.0))
    assert armed.monitor.fault is Fault.ENCODER_FROZEN
    assert "joint 1" in armed.monitor.reason
    assert armed.monitor.fault_action is Action.RAMP_OFF


def test_an_angle_that_does_not_change_at_speed_yields_as_disagreeing_and_within_fifty_milliseconds_stops(armed):
    armed.soft_started()
    found = []
    for _ in range(50):
        frozen_step(armed, (0.0, 0.0), qd=(0.0, 0.4))
        found.append(armed.monitor.fault)
    assert list(dict.fromkeys(found)) == [Fault.NONE, Fault.SENSOR_DISAGREEMENT, Fault.ENCODER_FROZEN]
    assert "joint 2" in armed.monitor.reason
    assert armed.monitor.fault_action is Action.RAMP_OFF


def test_a_whole_sample_that_stops_changing_in_motion_is_frozen(armed):
    armed.soft_started()
    for k in range(300):
        angle = 0.0005 * min(k, 200)
        armed.step(q=(angle, 0.0), qd=(0.5 if k < 200 else 0.0, 0.0), frozen=k >= 200)
        if armed.monitor.fault:
            break
    assert armed.monitor.fault is Fault.ENCODER_FROZEN
    assert 200 < k <= 250


def test_no_fresh_sample_is_not_a_frozen_encoder(armed):
    armed.soft_started()
    last = armed.monitor.good.time
    for _ in range(100):
        armed.step((4.0, 0.0), q=(0.0, 0.0), frozen=True, time=last, age=0.001)
    assert armed.monitor.fault is Fault.NONE


# samples that do not follow ------------------------------------------------------------------------------------------


def test_a_sample_older_than_the_last_one_is_not_used_and_when_nothing_newer_comes_the_arm_stops(armed):
    armed.soft_started()
    good = armed.monitor.good
    armed.step(q=(0.001, 0.0), time=good.time - 0.004)
    assert armed.monitor.good is good
    for _ in range(21):
        armed.step(time=good.time - 0.004)
    assert armed.monitor.fault is Fault.LINK_STALE
    assert armed.monitor.good is good


# disagreement --------------------------------------------------------------------------------------------------------


def moving(detector: Disagreement, share: float, rate: float = 4.0, step: float = 0.005, ticks: int = 40) -> str:
    words = ""
    for k in range(ticks):
        t = k * step
        angle, speed = 0.3 * math.sin(rate * t), 0.3 * rate * math.cos(rate * t)
        words = words or detector.step(t, (angle,), (share * speed,), (0.0,), (0.0,))
    return words


def test_a_speed_that_agrees_with_the_angle_is_left_alone():
    assert moving(Disagreement((20.0,)), 1.0) == ""
    assert moving(Disagreement((20.0,)), 1.05) == ""


@pytest.mark.parametrize("share", [0.8, 1.2])
@pytest.mark.parametrize(("rate", "ticks"), [(6.0, 6), (1.5, 22)])
def test_a_speed_that_is_twenty_percent_off_disagrees_soon_in_fast_motion_and_later_in_slow(share, rate, ticks):
    assert "speed measured" in moving(Disagreement((20.0,)), share, rate, ticks=ticks)


def test_after_lost_samples_nothing_is_said_about_speed():
    detector = Disagreement((20.0,))
    times = [0.0, 0.005, 0.03, 0.035, 0.06, 0.065, 0.09, 0.095, 0.2, 0.2]
    assert all(detector.step(t, (0.0,), (3.0,), (0.0,), (0.0,)) == "" for t in times)


def test_measured_torque_that_is_twenty_percent_off_at_the_limit_disagrees_within_twenty_milliseconds():
    detector = Disagreement((20.0,))
    words = [detector.step(0.005 * k, (0.0,), (0.0,), (24.0,), (20.0,)) for k in range(4)]
    assert words[:3] == ["", "", ""]
    assert "torque measured (24.00) N·m, sent (20.00)" in words[3]


def test_a_device_that_does_not_measure_torque_does_not_disagree():
    detector = Disagreement((20.0,))
    assert all(detector.step(0.005 * k, (0.0,), (0.0,), (0.0,), (20.0,)) == "" for k in range(20))


def test_sensors_that_disagree_make_the_arm_yield(armed):
    armed.soft_started()
    for _ in range(25):
        armed.step(tau=(10.0, 0.0))
    assert armed.monitor.fault is Fault.SENSOR_DISAGREEMENT
    assert armed.monitor.fault_action is Action.YIELD


# oscillation ---------------------------------------------------------------------------------------------------------


def flips(hertz: float, seconds: float = 1.0) -> bool:
    """Power of a motion at that frequency changes sign four times a period."""
    detector = Oscillation(PERIOD)
    found = False
    for k in range(round(seconds / PERIOD)):
        power = 5.0 * math.sin(2.0 * math.pi * 2.0 * hertz * k * PERIOD)
        if abs(power) > 1.0:
            found = detector.step(power, k) or found
    return found


def test_tremor_is_no_oscillation_of_the_controller_but_thirty_hertz_are():
    assert not flips(12.0)
    assert flips(30.0)


def shaken(armed, ticks: int = 200) -> Fault:
    armed.soft_started((10.0, 0.0))
    angle = 0.0
    for k in range(ticks):
        speed = 0.2 * math.sin(2.0 * math.pi * 45.0 * k * PERIOD)
        angle += speed * PERIOD
        armed.step((10.0, 0.0), q=(angle, 0.0), qd=(speed, 0.0))
    return armed.monitor.fault


def test_power_that_changes_sign_faster_than_a_limb_can_makes_the_arm_yield(armed):
    assert shaken(armed) is Fault.OSCILLATION
    assert "changes sign" in armed.monitor.reason


@pytest.mark.parametrize(("speed", "fault"), [(0.095, Fault.NONE), (0.105, Fault.OSCILLATION)])
def test_power_of_a_watt_either_way_is_noise_and_more_is_not(armed, speed, fault):
    armed.soft_started((10.0, 0.0))
    angle = 0.0
    for k in range(100):
        rate = speed if k // 10 % 2 else -speed
        angle += rate * PERIOD
        armed.step((10.0, 0.0), q=(angle, 0.0), qd=(rate, 0.0))
    assert armed.monitor.fault is fault


def test_a_declared_perturbation_may_shake(armed):
    armed.monitor.expect(10.0, 5.0)
    assert shaken(armed) is not Fault.OSCILLATION


# spasm, limp limb, force ---------------------------------------------------------------------------------------------


def test_the_limbs_torque_is_estimated_from_the_robots_momentum():
    limb = Interaction((0.1,), (0.5,), 0.005)
    limb.begin((0.0,))
    speed = 0.0
    for _ in range(40):
        for _ in range(50):
            speed += (3.0 + 1.0 - 0.5 * speed) / 0.1 * 0.0001
        limb.step((speed,), (1.0,))
    assert limb.torque[0] == pytest.approx(3.0, abs=0.1)


def spasm(joint: Joint, size: float = 12.0, rise: float = 0.060, ticks: int = 300) -> int | None:
    """Ticks from the onset of a torque that rises to `size` in `rise` s until a fault."""
    for k in range(ticks):
        joint.outside = size * min(1.0, k * PERIOD / rise)
        joint.step(STIFFNESS, DAMPING)
        if joint.monitor.fault:
            return k + 1
    return None


def test_a_spasm_of_twelve_newton_metres_in_sixty_milliseconds_makes_the_arm_yield_within_sixty():
    joint = Joint()
    joint.begin()
    found = spasm(joint)
    assert joint.monitor.fault is Fault.SPASM
    assert joint.monitor.fault_action is Action.YIELD
    assert found is not None and found <= 60
    before = max(1.0, abs(joint.torque))
    for _ in range(60):
        decision = joint.step(STIFFNESS, DAMPING)
    resisting = decision.command.torque[0] + joint.qd  # without the yield damping of 1 N·m·s/rad
    assert abs(resisting) < 0.2 * before
    assert decision.scale == 0.0


def test_the_same_torque_in_a_second_is_a_patient_who_pushes():
    joint = Joint()
    joint.begin()
    assert spasm(joint, rise=1.0, ticks=1500) is None


def test_a_less_sensitive_level_leaves_a_weaker_spasm_alone():
    joint = Joint(spasm=12.0)
    joint.begin()
    assert spasm(joint) is None


def test_a_perturbation_that_the_protocol_declares_is_no_spasm_inside_its_window_and_one_after_it():
    joint = Joint()
    joint.begin()
    joint.monitor.expect(joint.tick * PERIOD + 0.3, 12.0)
    assert spasm(joint, ticks=300) is None
    joint.outside = 0.0
    for _ in range(700):
        joint.step(STIFFNESS, DAMPING)
    assert spasm(joint) is not None


def test_a_limb_that_lets_go_is_damped_and_the_arm_neither_stops_nor_runs_away():
    joint = Joint()
    joint.begin()
    for k in range(3000):  # pulled away by 20 N·m, gently
        joint.outside = 20.0 * min(1.0, k / 2000)
        joint.step(STIFFNESS, 0.5)
    assert joint.q > 0.4
    joint.outside, speeds, acted = 0.0, [0.0], 0
    for k in range(600):
        decision = joint.step(STIFFNESS, 0.5)
        speeds.append(joint.qd)
        acted |= decision.acted if k < 50 else 0
    assert acted & Acted.PASSIVITY
    assert joint.monitor.fault is Fault.NONE
    assert "F25" in joint.monitor.notice
    faster = [(b - a) / PERIOD for a, b in pairwise(speeds[50:])]
    assert max(map(abs, faster)) < 40.0  # rad/s²; the bare spring alone gives 200
    assert min(speeds) > -6.0
    assert joint.q > -0.1


def test_an_estimated_force_above_the_limit_for_twenty_milliseconds_makes_the_arm_yield():
    joint = Joint(force=10.0, spasm=30.0)
    joint.begin()
    assert spasm(joint, size=30.0, rise=0.5, ticks=600) is not None
    assert joint.monitor.fault is Fault.FORCE_LIMIT
    assert joint.monitor.fault_action is Action.YIELD


@pytest.mark.parametrize(("limb", "fault"), [(6.0, Fault.NONE), (12.0, Fault.FORCE_LIMIT)])
@pytest.mark.parametrize("weight", [0.0, 5.0, -5.0])
def test_the_weight_of_the_arm_itself_is_no_force_of_the_limb(weight, limb, fault):
    joint = Joint(force=10.0, spasm=30.0)
    joint.begin()
    for k in range(1500):  # slowly, as an arm is turned to level
        share = min(1.0, k / 1000)
        joint.gravity, joint.outside = share * weight, share * (limb - weight)
        joint.step(STIFFNESS, DAMPING)
        if joint.monitor.fault:
            break
    assert joint.monitor.fault is fault, joint.monitor.reason


@pytest.mark.parametrize(("force", "action"), [(12.0, Action.YIELD), (16.0, Action.RAMP_OFF), (9.0, Action.NONE)])
def test_a_measured_force_above_the_limit_yields_and_half_as_much_again_stops(force, action):
    joint = Joint(force=10.0)
    joint.begin()
    look = joint._look
    joint._look = lambda: look()._replace(force=(force,))
    for _ in range(40):
        joint.step(STIFFNESS, DAMPING)
    assert joint.monitor.fault_action is action
