"""Each detector by itself, fed by hand: at which look it finds something, and on which side of each threshold."""

from __future__ import annotations

import math

import pytest

from rehab.core.safety.detectors import Disagreement, Frozen, Interaction, Jump, Oscillation

STEP = 0.005  # s between two looks
MOST = (20.0, 10.0)  # N·m


# jumps ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "found"),
    [
        ((0.0, 0.025, 0.05), [False, False, True]),
        ((0.0, 0.025, 0.052, 0.1, 0.102), [False, False, False, False, True]),  # counted from 0.052 again
        ((5.0, 5.0, 5.0, 5.0), [False, False, True, True]),
        ((0.0, 0.04, 0.08, 0.12), [False, False, False, False]),
    ],
)
def test_three_rejected_samples_within_fifty_milliseconds_are_a_jump(times, found):
    jump = Jump()
    assert [jump.rejected(now) for now in times] == found


# frozen --------------------------------------------------------------------------------------------------------------


class Encoder:
    """Joint 1 moves all the time; what is said is about joint 2, whose torque limit is 10 N·m."""

    def __init__(self, step: float = STEP) -> None:
        self.detector, self.tick, self.step = Frozen(MOST, step), 0, step

    def look(self, q: float = 0.0, qd: float = 0.0, sent: float = 0.0) -> int:
        self.tick += 1
        angles, speeds = (0.001 * self.tick, q), (0.2, qd)
        return self.detector.step(self.tick * self.step, angles, speeds, (5.0, sent))

    def until(self, looks: int = 60, **reading: float) -> int | None:
        """The number of looks at the same reading until joint 2 is found; None if it is not."""
        for k in range(looks):
            found = self.look(**reading)
            if found:
                assert found == 2
                return k + 1
        return None


@pytest.mark.parametrize(("torque", "looks"), [(0.5, None), (-0.5, None), (0.51, 7), (-0.51, 7)])
def test_a_change_of_more_than_a_twentieth_of_the_torque_limit_must_move_a_joint_within_seven_looks(torque, looks):
    encoder = Encoder()
    encoder.look()
    assert encoder.until(sent=torque) == looks


@pytest.mark.parametrize(("speed", "looks"), [(0.3, None), (-0.3, None), (0.31, 7), (-0.31, 7)])
def test_a_speed_of_more_than_three_tenths_of_a_radian_per_second_must_move_a_joint_within_seven_looks(speed, looks):
    encoder = Encoder()
    encoder.look()
    assert encoder.until(qd=speed) == looks


@pytest.mark.parametrize(("moved", "looks"), [(0.0015, None), (-0.0015, None), (0.00155, 6), (-0.00155, 6)])
def test_a_joint_that_was_fast_does_not_stand_still_from_one_look_to_the_next(moved, looks):
    encoder = Encoder()
    encoder.look(q=0.0)
    assert encoder.look(q=moved) == 0
    assert encoder.until(q=moved) == looks


def test_a_joint_that_was_fast_may_stand_still_after_two_slow_looks_and_not_after_one():
    for slow_looks, found in ((1, 6), (2, None)):
        encoder, angle = Encoder(), 0.0
        encoder.look(q=angle)
        angle += 0.01
        encoder.look(q=angle)
        for _ in range(slow_looks):
            angle += 0.001
            assert encoder.look(q=angle) == 0
        assert encoder.until(q=angle) == found


def test_a_single_motion_ends_what_was_counted():
    encoder = Encoder()
    encoder.look()
    for _ in range(6):
        assert encoder.look(sent=0.6) == 0
    assert encoder.look(q=0.0001, sent=0.6) == 0
    assert encoder.until(q=0.0001, sent=0.6) is None  # the torque moved it


def test_torque_is_reckoned_from_the_last_motion():
    encoder = Encoder()
    encoder.look()
    encoder.look(q=0.0001, sent=3.0)
    assert encoder.until(q=0.0001, sent=3.5) is None
    assert encoder.until(q=0.0001, sent=4.1) == 7


def test_what_torque_moved_nothing_slowly_is_forgotten_after_twenty_looks_each_time():
    encoder = Encoder()
    encoder.look()
    for torque in (0.4, 0.8, 1.2):
        for _ in range(20):
            assert encoder.look(sent=torque) == 0
    for _ in range(19):
        assert encoder.look(sent=1.6) == 0
    assert encoder.until(sent=1.8) == 7  # from 1.2, since the twentieth look has not come


def test_a_motion_begins_the_twenty_looks_again():
    encoder = Encoder()
    encoder.look()
    for _ in range(10):
        encoder.look(sent=0.4)
    encoder.look(q=0.0001)
    for _ in range(19):
        assert encoder.look(q=0.0001, sent=0.4) == 0
    assert encoder.until(q=0.0001, sent=0.6) == 7
    encoder = Encoder()
    encoder.look()
    encoder.look(q=0.0001)
    for _ in range(20):
        assert encoder.look(q=0.0001, sent=0.4) == 0
    assert encoder.until(q=0.0001, sent=0.8) is None


def test_a_sample_that_is_not_half_a_step_newer_is_not_looked_at():
    encoder = Encoder(2.0**-8)
    reading = ((0.0, 0.0), (0.0, 1.0), (0.0, 0.0))
    for k in range(40):
        assert encoder.detector.step(1.0 + k * 2.0**-9, *reading) == 0
    found = [encoder.detector.step(2.0 + k * (2.0**-9 + 2.0**-20), *reading) for k in range(9)]
    assert found == [0] * 8 + [2]


def test_a_sample_that_is_not_looked_at_is_still_what_the_next_is_compared_with():
    detector = Frozen(MOST, STEP)
    detector.step(1.0, (0.0, 0.0), (0.2, 0.2), (0.0, 0.0))
    detector.step(1.0, (0.5, 0.5), (0.2, 0.2), (0.0, 0.0))
    found = [detector.step(1.0 + STEP * (k + 1), (k * 1e-3, 0.5), (0.2, 0.2), (0.0, 0.0)) for k in range(30)]
    assert found == [0] * 30


def test_a_detector_that_was_told_to_forget_begins_anew():
    encoder = Encoder()
    encoder.look()
    for _ in range(6):
        encoder.look(sent=0.6)
    encoder.detector.forget()
    assert encoder.look(sent=0.0) == 0
    assert encoder.until(sent=0.4) is None
    encoder.detector.forget()
    encoder.look(sent=0.0)
    assert encoder.until(sent=0.6) == 7


# disagreement --------------------------------------------------------------------------------------------------------


def torques(detector: Disagreement, pairs: list[tuple[float, float]]) -> list[str]:
    """Of joint 2 (limit 10 N·m), measured and sent; joint 1 agrees, and nothing moves."""
    return [
        detector.step(k * STEP, (0.0, 0.0), (0.0, 0.0), (7.0, tau), (7.0, sent)) for k, (tau, sent) in enumerate(pairs)
    ]


@pytest.mark.parametrize(
    ("tau", "sent", "far"),
    [(5.5, 4.0, False), (5.51, 4.0, True), (2.5, 4.0, False), (2.49, 4.0, True), (1.0, 9.0, True), (0.0, 9.0, False)],
)
def test_measured_torque_disagrees_at_the_fourth_look_beyond_fifteen_hundredths_of_the_limit(tau, sent, far):
    words = torques(Disagreement(MOST), [(tau, sent)] * 4)
    assert words[:3] == ["", "", ""]
    assert words[3] == (f"torque measured (7.00, {tau:.2f}) N·m, sent (7.00, {sent:.2f}) N·m" if far else "")


def test_torque_that_agrees_once_is_counted_from_the_start():
    assert not any(torques(Disagreement(MOST), ([(8.0, 4.0)] * 3 + [(4.0, 4.0)]) * 3))


def test_torque_that_agreed_disagrees_at_the_fourth_look():
    words = torques(Disagreement(MOST), [(4.0, 4.0)] * 3 + [(8.0, 4.0)] * 4)
    assert [bool(word) for word in words] == [False] * 6 + [True]


def test_what_was_counted_is_forgotten_when_told():
    detector = Disagreement(MOST)
    torques(detector, [(8.0, 4.0)] * 3)
    detector.forget()
    assert torques(detector, [(8.0, 4.0)] * 4)[:3] == ["", "", ""]


TICK = 2.0**-8  # s: exact


def speeds(*courses: tuple[list[float], list[float]], detector: Disagreement | None = None) -> list[bool]:
    """At which looks the speeds of joint 2 are said to disagree with its angles; joint 1 stands still."""
    detector, found, time = detector or Disagreement(MOST), [], 0.0
    for angles, rates in courses:
        for q, qd in zip(angles, rates, strict=True):
            time += TICK
            words = detector.step(time, (0.0, q), (0.0, qd), (0.0, 0.0), (0.0, 0.0))
            found.append(words != "")
            assert words in ("", f"speed measured (0.00, {qd:.2f}) rad/s is not how fast the angles change")
    return found


@pytest.mark.parametrize(
    ("reckoned", "moved", "differs"),
    [
        (0.03, 0.026, False),  # differ by a tenth of 0.03 and 0.001: just allowed
        (0.0301, 0.026, True),
        (-0.03, -0.026, False),
        (-0.0301, -0.026, True),
        (0.0, 0.00111, False),  # 0.001/0.9
        (0.0, 0.00112, True),
        (0.0, -0.00112, True),
        (0.017, 0.02, False),
        (0.0169, 0.02, True),
        (-0.017, -0.02, False),
        (-0.0169, -0.02, True),
        (0.00045, -0.0005, False),
        (0.001, -0.001, True),
        (math.nan, 0.0, True),
    ],
)
def test_speed_and_angle_may_differ_by_a_tenth_and_a_milliradian(reckoned, moved, differs):
    detector = Disagreement(MOST)
    stretch = ([0.0] * 4 + [moved], [0.0] * 4 + [2.0 * reckoned / TICK])
    speeds(stretch, detector=detector)
    assert detector._speeds == int(differs)


def test_fast_motion_that_disagrees_is_found_at_the_second_look_over_four_steps():
    """3 rad/s instead of 2.4: 37.5 against 46.9 mrad after 4 steps."""
    found = speeds(([2.4 * TICK * k for k in range(8)], [3.0] * 8))
    assert found == [False] * 5 + [True] * 3


def test_slow_motion_that_disagrees_is_found_at_the_second_look_over_twenty_steps():
    """0.06 rad/s instead of 0.04: 0.3 mrad in 4 steps, 1.56 in 20, where 1.47 are allowed; 1.48 against 1.445 in 19."""
    found = speeds(([0.04 * TICK * k for k in range(24)], [0.06] * 24))
    assert found == [False] * 21 + [True] * 3


def test_a_change_of_speed_is_reckoned_by_the_trapezoidal_rule():
    """At 400 rad/s² the rules of either end would be 3 mrad off in 4 steps, of which 1 and a tenth are allowed."""
    times = [TICK * k for k in range(30)]
    assert not any(speeds(([10.0 * t * t for t in times], [20.0 * t for t in times])))
    assert not any(speeds(([200.0 * t * t for t in times], [400.0 * t for t in times])))


def test_what_disagreed_once_is_seen_for_twenty_steps_and_then_gone():
    """A speed of 4 rad/s in one sample, which the angle does not show: 16 mrad in two steps."""
    found = speeds(([0.0] * 60, [0.0] * 25 + [4.0] + [0.0] * 34))
    assert found == [False] * 26 + [True] * 20 + [False] * 14
    soon = speeds(([0.0] * 20, [0.0] * 5 + [4.0] + [0.0] * 14))  # before there are twenty steps: in the last four
    assert soon == [False] * 6 + [True] * 4 + [False] * 10


@pytest.mark.parametrize(("gap", "found"), [(0.0149, True), (0.015, False), (0.0, False), (-0.005, False)])
def test_nothing_is_said_about_a_gap_of_fifteen_milliseconds_or_samples_that_do_not_follow(gap, found):
    """The joint is said to move at 3 rad/s, and stands still."""
    detector = Disagreement(MOST)
    times = [0.0, 0.005, 0.010, 0.015]
    times += [times[-1] + gap, times[-1] + gap + 0.005]
    words = [detector.step(time, (0.0, 0.0), (0.0, 3.0), (0.0, 0.0), (0.0, 0.0)) for time in times]
    assert [bool(word) for word in words] == [False] * 5 + [found]


def test_no_more_than_a_tenth_of_a_second_is_remembered():
    detector = Disagreement(MOST)
    assert not any(speeds(([0.0] * 500, [0.0] * 500), detector=detector))
    assert len(detector._marks) == 21


def test_readings_of_another_number_of_joints_are_refused():
    two = (0.0, 0.0)
    for looks, readings in (
        (4, ((0.0,), two, two, two)),
        (1, (two, (0.0,), two, two)),
        (1, (two, two, (0.0,), two)),
    ):
        detector = Disagreement(MOST)
        for k in range(looks):
            detector.step(k * STEP, two, two, two, two)
        with pytest.raises(ValueError, match="argument"):
            detector.step(looks * STEP, *readings)


# oscillation ---------------------------------------------------------------------------------------------------------


def flipping(ticks: list[int], first: float = -0.5) -> list[bool]:
    detector, power, found = Oscillation(0.001), first, []
    for tick in ticks:
        found.append(detector.step(power, tick))
        power = -power
    return found


def test_eight_changes_of_sign_within_a_hundred_ticks_are_an_oscillation():
    assert flipping([0, 10, 20, 30, 40, 50, 60, 100]) == [False] * 7 + [True]
    assert flipping([0, 10, 20, 30, 40, 50, 60, 101]) == [False] * 8
    assert flipping([0, 10, 20, 30, 40, 50, 60, 101, 110]) == [False] * 8 + [True]


def test_power_into_the_limb_at_first_is_no_change_of_sign():
    assert flipping(list(range(8)), first=0.5) == [False] * 8
    assert flipping(list(range(9)), first=0.5) == [False] * 8 + [True]


def test_power_that_keeps_its_sign_is_no_oscillation():
    detector = Oscillation(0.001)
    assert not any(detector.step(-2.0, tick) for tick in range(20))


def test_no_power_is_none_into_the_limb():
    detector = Oscillation(0.001)
    assert [detector.step(0.0 if tick % 2 else 2.0, tick) for tick in range(9)] == [False] * 8 + [True]


# the limb ------------------------------------------------------------------------------------------------------------


def test_the_limbs_torque_follows_the_equation_of_the_momentum_observer():
    """Two steps of half a second by hand, inertia 2 and 1 kg·m², friction 0.25 and 0.5 N·m·s/rad."""
    limb = Interaction((2.0, 1.0), (0.25, 0.5), 0.5)
    limb.begin((1.0, -1.0))
    assert limb.torque == limb.course == (0.0, 0.0)
    limb.step((1.5, 0.0), (4.0, 2.0))
    first = 2.0 + (2.0 - 0.375) * 0.5, -1.0 + 1.0 * 0.5  # I q̇ at the start + what acted: the mean torque, friction
    r = 100.0 * (3.0 - first[0]), 100.0 * (0.0 - first[1])
    follow = 1.0 - math.exp(-5.0)
    assert limb.torque == pytest.approx(r)
    assert limb.course == pytest.approx((follow * r[0], follow * r[1]))
    limb.step((1.5, 1.0), (0.0, 4.0))
    second = first[0] + (2.0 - 0.375 + r[0]) * 0.5, first[1] + (3.0 - 0.5 + r[1]) * 0.5
    new = 100.0 * (3.0 - second[0]), 100.0 * (1.0 - second[1])
    assert limb.torque == pytest.approx(new)
    assert limb.course == pytest.approx([follow * a + (1.0 - follow) * follow * b for a, b in zip(new, r, strict=True)])


def test_an_observer_that_was_not_begun_begins_at_rest():
    fresh, begun = Interaction((2.0, 1.0), (0.25, 0.5), 0.005), Interaction((2.0, 1.0), (0.25, 0.5), 0.005)
    begun.step((3.0, 3.0), (1.0, 1.0))
    begun.begin((0.0, 0.0))
    assert fresh.torque == fresh.course == (0.0, 0.0)
    for limb in (fresh, begun):
        limb.step((0.5, 0.1), (1.0, -1.0))
    assert (fresh.torque, fresh.course) == (begun.torque, begun.course)


def test_observed_motion_of_another_number_of_joints_is_refused():
    limb = Interaction((2.0, 1.0), (0.25, 0.5), 0.005)
    with pytest.raises(ValueError, match="argument"):
        limb.begin((1.0,))
    with pytest.raises(ValueError, match="argument"):
        limb.step((1.0, 1.0), (1.0,))


def limb(torque: tuple[float, ...], course: tuple[float, ...]) -> Interaction:
    made = Interaction((1.0,) * len(torque), (0.0,) * len(torque), 0.005)
    made.torque, made.course = torque, course
    return made


@pytest.mark.parametrize(
    ("torque", "course", "joint"),
    [
        (8.0, 2.0, 0),  # just as much as is allowed
        (8.01, 2.0, 2),
        (-8.01, -2.0, 2),
        (7.0, -2.0, 2),  # the other way
        (8.0, -8.0, 0),  # no more than before
        (2.0, 9.0, 0),  # less than before
        (math.nan, 0.0, 0),
    ],
)
def test_a_spasm_is_torque_that_grew_by_more_than_is_allowed(torque, course, joint):
    assert limb((0.0, torque), (0.0, course)).spasm(6.0) == joint


@pytest.mark.parametrize(
    ("torque", "course", "limp"),
    [
        (2.0, 6.0, False),  # just 4 N·m
        (2.0, 6.3, True),
        (-2.0, -6.3, True),
        (-2.0, 6.3, True),
        (5.0, 10.0, False),  # just half
        (4.9, 10.0, True),
        (-4.9, -10.0, True),
        (10.0, 2.0, False),
    ],
)
def test_a_limb_is_limp_that_lost_more_than_four_newton_metres_and_half_of_its_torque(torque, course, limp):
    assert limb((0.0, torque), (0.0, course)).limp() is limp


def test_estimates_of_another_number_of_joints_are_refused():
    for look in (lambda made: made.spasm(6.0), lambda made: made.limp()):
        with pytest.raises(ValueError, match="argument"):
            look(limb((0.0, 0.0), (0.0,)))
