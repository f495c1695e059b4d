"""Move to: from the pose of the reset onto the reference, or to a target, by minimum jerk; then firmly with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from controllers.move_to import MoveTo
from rehab.core.errors import Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.minimum_jerk import MinimumJerk
from tests.arms import hand_at, planar_arm, pose, reference_at, wrist

ARM = planar_arm()
HOME = tuple(pose(ARM, ARM.home).x)
DT = 0.001


def led_to(controller: MoveTo, hand: Any, reference: Any) -> np.ndarray:
    """Where the spring pulls the resting hand, m: the torque over the stiffness, from the hand."""
    torque = controller.update(hand, reference, DT) - hand.gravity
    force = np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))
    return hand.x + force / controller.spring.stiffness


def test_it_begins_without_a_pull_from_wherever_the_hand_is() -> None:
    controller, hand = MoveTo(ARM), hand_at(ARM, (0.08, 0.40), (0.2, -0.1))
    controller.reset(hand)
    assert controller.update(hand, reference_at(HOME), DT) == pytest.approx([0.0, 0.0], abs=1e-9)


def test_the_way_is_minimum_jerk_with_the_stated_peak_speed() -> None:
    """A hand that follows at once. 10 cm at a peak of 15 cm/s: 1.875 · 0.1 / 0.15 = 1.25 s."""
    controller, x = MoveTo(ARM, speed=0.15, damping_ratio=0.1), np.array((0.10, 0.45))
    controller.reset(hand_at(ARM, tuple(x)))
    way = MinimumJerk(tuple(x), (0.0, 0.45), begin=0.0, duration=1.25)
    for k in range(1300):
        (expected, v) = way.at(k * DT)
        aim = led_to(controller, hand_at(ARM, tuple(x), v), reference_at((0.0, 0.45)))
        assert aim == pytest.approx(expected, abs=1e-6)
        x = np.array(way.at((k + 1) * DT)[0])


def test_a_target_of_its_own_is_where_the_hand_comes_to_rest() -> None:
    """A hand of 1.5 kg with friction, tick by tick; the exercise's reference is elsewhere."""
    controller, x, v = MoveTo(ARM, target="-5 cm, 40 cm"), np.array(HOME), np.zeros(2)
    fastest = 0.0
    controller.reset(hand_at(ARM, HOME))
    for _ in range(3000):
        torque = controller.update(hand_at(ARM, tuple(x), tuple(v)), reference_at((0.2, 0.2), (1.0, 0.0)), DT)
        force = np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))
        v = v + DT * (force - 5.0 * v) / 1.5
        x = x + DT * v
        fastest = max(fastest, float(np.linalg.norm(v)))
    assert x == pytest.approx([-0.05, 0.40], abs=1e-4)
    assert np.linalg.norm(v) < 1e-3
    assert 0.12 < fastest < 0.17


def test_once_there_it_follows_the_reference_and_its_force() -> None:
    controller, hand = MoveTo(ARM), hand_at(ARM, HOME)
    controller.reset(hand)
    for _ in range(600):
        controller.update(hand, reference_at(HOME), DT)
    ahead = (HOME[0] + 0.01, HOME[1] - 0.02)
    assert led_to(controller, hand, reference_at(ahead)) == pytest.approx(ahead)
    torque = controller.update(hand, reference_at(HOME, force=(3.0, 0.0)), DT)
    assert torque == pytest.approx(hand.jacobian.T @ (3.0, 0.0))


def test_it_declares_its_stiffness_only_while_it_follows() -> None:
    controller, hand = MoveTo(ARM, stiffness=700.0), hand_at(ARM, HOME)
    controller.reset(hand)
    declared = [controller.stiffness]
    for _ in range(600):
        controller.update(hand, reference_at(HOME), DT)
        declared.append(controller.stiffness)
    assert declared[:500] == [0.0] * 500
    assert declared[-1] == 700.0
    assert MoveTo(ARM, stiffness=700.0).spring.stiffness == 700.0
    alone = MoveTo(ARM, target="0 cm, 45 cm")
    for _ in range(600):
        alone.update(hand, reference_at(HOME), DT)
    assert alone.stiffness == 0.0


def test_a_hand_that_is_held_back_is_pulled_by_no_more_than_it_may() -> None:
    controller, hand = MoveTo(ARM, target="-10 cm, 40 cm", force=20.0), hand_at(ARM, (0.1, 0.45))
    controller.reset(hand)
    for _ in range(5000):
        torque = controller.update(hand, reference_at(HOME), DT)
    assert np.linalg.norm(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home)) == pytest.approx(20.0)


def test_in_joints_it_gets_there_too() -> None:
    controller, q = MoveTo(ARM, space="joint", target="-5 cm, 40 cm"), np.array(ARM.home)
    controller.reset(pose(ARM, ARM.home))
    for _ in range(3000):  # a heavily damped arm: its speed is its torque
        q = q + DT * 0.5 * controller.update(pose(ARM, tuple(q)), reference_at(HOME), DT)
    assert pose(ARM, tuple(q)).x == pytest.approx([-0.05, 0.40], abs=2e-3)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("10, 40", "has no unit"),
        ("10 cm", "is no place of test_arm"),
        ("10 cm, 90 cm", "does not reach"),
        ("10 kg, 40 cm", "is not a length"),
    ],
)
def test_a_target_that_is_no_place_is_refused_with_the_reason(written: str, said: str) -> None:
    with pytest.raises(Findings, match=said) as caught:
        MoveTo(ARM, target=written)
    assert caught.value.findings[0].field == "target"


def test_one_joint_goes_along_its_arc() -> None:
    info = wrist()
    controller, q = MoveTo(info, target="5 cm"), 0.0
    controller.reset(pose(info, (0.0,)))
    for _ in range(4000):
        q += DT * 2.0 * float(controller.update(pose(info, (q,)), reference_at((0.0,)), DT)[0])
    assert q * 0.25 == pytest.approx(0.05, abs=1e-3)
