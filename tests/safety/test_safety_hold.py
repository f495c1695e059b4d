"""The hold impedance of a paused arm, and how torque fades in and out: both reckoned by hand."""

from __future__ import annotations

import pytest

from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.hold import Fade, Hold
from rehab.core.values import Action, Sample
from tests.safety.conftest import PERIOD, READY, limits

FACTS = DeviceFacts(PERIOD, Action.RAMP_OFF, (1.0, 3.0))
WISH, GRAVITY, HELD, Q, QD = (7.0, -7.0), (0.5, 0.25), (0.2, -0.1), (0.1, 0.3), (0.4, -0.2)
# ½ of the torque limits 20 and 10 N·m a radian: K = 10, 5. K (q_h − q) − 2 B q̇ + g
SPRING = (1.0 - 0.8 + 0.5, -2.0 + 1.2 + 0.25)


def sample() -> Sample:
    return Sample(0.0, 0, 0.0, Q, QD, (0.0, 0.0), (), READY)


def hold() -> Hold:
    made = Hold(FACTS)
    made.follow(limits())
    return made


def test_a_paused_arm_is_held_by_a_spring_twice_the_yield_damping_and_its_own_weight():
    made = hold()
    for _ in range(50):
        torque = made.wish(WISH, GRAVITY, sample(), HELD)
    assert torque == pytest.approx(SPRING)


@pytest.mark.parametrize(("ticks", "share"), [(1, 0.02), (25, 0.5), (49, 0.98), (50, 1.0), (80, 1.0)])
def test_the_hold_takes_over_from_the_controller_within_fifty_milliseconds(ticks, share):
    made = hold()
    for _ in range(ticks):
        torque = made.wish(WISH, GRAVITY, sample(), HELD)
    assert torque == pytest.approx([(1.0 - share) * w + share * s for w, s in zip(WISH, SPRING, strict=True)])


def test_a_second_pause_takes_over_from_the_controller_as_softly_as_the_first():
    made = hold()
    first = made.wish(WISH, GRAVITY, sample(), HELD)
    for _ in range(50):
        made.wish(WISH, GRAVITY, sample(), HELD)
    made.q = HELD
    made.end()
    assert made.q is None
    assert made.wish(WISH, GRAVITY, sample(), HELD) == first


def test_nothing_is_held_at_first():
    assert Hold(FACTS).q is None


def test_the_energy_of_the_hold_is_that_of_its_springs():
    assert hold().stored(HELD, Q) == pytest.approx(0.5 * 10.0 * 0.1**2 + 0.5 * 5.0 * 0.4**2)


@pytest.mark.parametrize("joints", [1, 3])
def test_a_wish_or_a_pose_of_another_number_of_joints_is_refused(joints):
    other = (0.0,) * joints
    with pytest.raises(ValueError, match="argument"):
        hold().wish(other, GRAVITY, sample(), HELD)
    with pytest.raises(ValueError, match="argument"):
        hold().stored(other, Q)
    with pytest.raises(ValueError, match="argument"):
        fade().torque(other, GRAVITY, QD)


# fading ---------------------------------------------------------------------------------------------------------------


def fade(soft_start: float = 0.5) -> Fade:
    made = Fade(FACTS)
    made.follow(limits(soft_start=soft_start))
    return made


def test_torque_fades_in_by_a_smooth_step_over_the_soft_start():
    made = fade()
    scales = [made.step(False) for _ in range(501)]
    for k in (1, 100, 250, 400):
        u = k * PERIOD / 0.5
        assert scales[k - 1] == pytest.approx(3.0 * u**2 - 2.0 * u**3)
    assert scales[-1] == 1.0


def test_stiffness_fades_out_evenly_within_fifty_milliseconds_and_never_below_nothing():
    made = fade()
    made.scale = 1.0
    scales = [made.step(True) for _ in range(60)]
    assert scales[:50] == pytest.approx([1.0 - 0.02 * k for k in range(1, 51)])
    assert scales[51:] == [0.0] * 9


def test_what_comes_back_comes_back_softly_and_never_falls_meanwhile():
    made = fade()
    for _ in range(400):
        high = made.step(False)
    for _ in range(10):
        low = made.step(True)
    assert low == pytest.approx(high - 0.2)
    back = [made.step(False) for _ in range(501)]
    assert back[0] == low
    assert back == sorted(back)
    assert back[-1] == 1.0
    assert back[300] < 1.0


def test_a_fade_that_begins_again_begins_from_nothing():
    made = fade()
    first = [made.step(False) for _ in range(100)]
    made.begin()
    assert made.scale == 0.0
    assert [made.step(False) for _ in range(100)] == first


def test_what_is_not_the_controllers_is_weight_and_damping():
    made = fade()
    made.scale = 0.25
    damped = (0.5 - 1.0 * 0.4, 0.25 + 3.0 * 0.2)
    expected = [0.25 * w + 0.75 * d for w, d in zip(WISH, damped, strict=True)]
    assert made.torque(WISH, GRAVITY, QD) == pytest.approx(expected)
