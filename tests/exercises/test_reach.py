"""Centre-out reaching: phases, order, outcomes, and what happens when the hand does not do as asked."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import dist, pi
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.reach import Reach
from rehab.contract.exercise import DT, events, follower, run, wanderer
from rehab.core.errors import Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Array, Event
from tests.arms import hand_at, planar_arm, pose, sent, wrist

ARM = planar_arm()
CENTRE = tuple(kinematics_of(ARM).forward(ARM.home)[0])


def trials(found: list[tuple[float, Event]]) -> list[dict[str, Any]]:
    """One dictionary a trial: what was asked, when it began and ended, and its outcome."""
    result: list[dict[str, Any]] = []
    for t, event in found:
        if event.kind == "trial_start":
            result.append({**event.data, "began": t})
        elif event.kind == "trial_end":
            result[-1] |= {"outcome": event.data["outcome"], "ended": t}
    return [trial for trial in result if "outcome" in trial]


def phases(found: list[tuple[float, Event]]) -> list[str]:
    return [event.data["name"] for _, event in found if event.kind == "phase"]


def test_a_trial_goes_through_its_phases_in_order() -> None:
    found = events(run(Reach(ARM), ARM, follower, 6.0))
    assert phases(found)[:7] == ["approach", "home", "go", "dwell", "return", "home", "go"]
    kinds = [event.data.get("name", event.kind) for _, event in found]
    assert kinds[:7] == ["approach", "home", "trial_start", "go", "dwell", "trial_end", "return"]


def test_a_hand_that_follows_reaches_every_target() -> None:
    done = trials(events(run(Reach(ARM), ARM, follower, 25.0)))
    assert len(done) >= 8
    assert {trial["outcome"] for trial in done} == {"reached"}
    assert {trial["index"] for trial in done[:8]} == set(range(8))
    for trial in done:
        assert trial["start"] == pytest.approx(CENTRE)
        assert dist(trial["start"], trial["target"]) == pytest.approx(0.10)
        assert trial["radius"] == pytest.approx(0.01)
        assert trial["at_home"]


def test_the_trial_ends_once_the_hand_has_stayed_for_the_dwell() -> None:
    """A minimum-jerk hand comes within 1 cm of a target at 10 cm after 0.7553 of its time (root of the polynomial)."""
    trial = trials(events(run(Reach(ARM, dwell=0.3, movement_time=1.0), ARM, follower, 6.0)))[0]
    share = min(r.real for r in np.roots([6, -15, 10, 0, 0, -0.9]) if abs(r.imag) < 1e-9 and 0 < r.real < 1)
    assert trial["ended"] - trial["began"] == pytest.approx(share * 1.0 + 0.3, abs=0.005)


def test_leaving_the_target_starts_the_dwell_anew() -> None:
    def jumpy(t: float, asked: Array) -> Array:
        return asked + 0.05 if (t % 0.2) < 0.1 else asked

    done = trials(events(run(Reach(ARM, dwell=0.3, time_limit=1.5, home_dwell=0.05), ARM, jumpy, 12.0)))
    assert done
    assert {trial["outcome"] for trial in done} == {"timeout"}


def test_without_reaching_the_trial_times_out_after_the_limit() -> None:
    def lazy(t: float, asked: Array) -> Array:
        return np.array(CENTRE)

    trial = trials(events(run(Reach(ARM, time_limit=2.0), ARM, lazy, 10.0)))[0]
    assert trial["outcome"] == "timeout"
    assert trial["ended"] - trial["began"] == pytest.approx(2.0, abs=0.005)


def test_a_hand_that_does_not_come_home_starts_from_where_it_is() -> None:
    away = np.array((CENTRE[0] + 0.03, CENTRE[1] - 0.03))
    done = trials(events(run(Reach(ARM, time_limit=1.0), ARM, lambda t, asked: away, 20.0)))
    assert len(done) >= 3
    for trial in done:
        assert not trial["at_home"]
        assert trial["start"] == pytest.approx(away)
        assert trial["outcome"] == "timeout"


def test_a_hand_that_already_lies_in_the_due_target_has_its_trial_aborted() -> None:
    target = np.array((CENTRE[0], CENTRE[1] + 0.10))
    done = trials(events(run(Reach(ARM, targets=1, time_limit=1.0), ARM, lambda t, asked: target, 8.0)))
    assert len(done) >= 3
    assert {trial["outcome"] for trial in done} == {"aborted"}


def test_the_centre_must_be_held_before_a_target_is_shown() -> None:
    times = {
        event.data.get("name", event.kind): t
        for t, event in events(run(Reach(ARM, home_dwell=0.8), ARM, follower, 3.0))
    }
    assert times["trial_start"] - times["home"] == pytest.approx(0.8, abs=0.005)


@given(st.integers(2, 9), st.integers(0, 10_000))
@settings(max_examples=10)
def test_every_cycle_shows_each_target_once_and_none_twice_in_a_row(count: int, seed: int) -> None:
    exercise = Reach(ARM, targets=count, dwell=0.0, movement_time=0.3, home_dwell=0.0, target_size=0.08)
    indices = [
        trial["index"] for trial in trials(events(run(exercise, ARM, follower, 3 * count * 0.65 + 1.5, seed=seed)))
    ]
    whole = indices[: len(indices) // count * count]
    assert len(whole) >= 2 * count
    for k in range(0, len(whole), count):
        assert sorted(whole[k : k + count]) == list(range(count))
    assert all(a != b for a, b in pairwise(indices))


def test_seeds_give_different_orders() -> None:
    orders = {
        tuple(trial["index"] for trial in trials(events(run(Reach(ARM), ARM, follower, 22.0, seed=seed)))[:6])
        for seed in range(4)
    }
    assert len(orders) > 1


def test_clockwise_begins_straight_ahead_and_turns_right() -> None:
    exercise = Reach(ARM, targets=4, order="clockwise", movement_time=0.5)
    done = trials(events(run(exercise, ARM, follower, 12.0)))
    offsets = [tuple(np.round(np.array(trial["target"]) - CENTRE, 6) + 0.0) for trial in done[:5]]
    assert offsets == [(0.0, 0.1), (0.1, 0.0), (0.0, -0.1), (-0.1, 0.0), (0.0, 0.1)]


def test_on_one_joint_the_targets_are_both_ends_of_the_line() -> None:
    done = trials(events(run(Reach(wrist()), wrist(), follower, 20.0)))
    assert {round(trial["target"][0], 6) for trial in done} == {0.1, -0.1}


def test_the_guiding_movement_takes_the_movement_time_and_waits_at_the_target() -> None:
    moments = list(run(Reach(ARM, movement_time=0.7, dwell=5.0), ARM, follower, 6.0))
    go = next(m.t for m in moments if m.event and m.event.kind == "trial_start")
    target = next(m.event.data["target"] for m in moments if m.event and m.event.kind == "trial_start")
    speed = {round(m.t - go, 3): float(np.linalg.norm(m.reference.v)) for m in moments}
    assert max(speed.values()) == pytest.approx(1.875 * 0.10 / 0.7, rel=1e-3)
    assert speed[0.35] == pytest.approx(1.875 * 0.10 / 0.7, rel=1e-3)
    after = [m for m in moments if m.t > go + 0.701]
    assert all(m.reference.x == pytest.approx(target) and not m.reference.v.any() for m in after)


def test_a_low_speed_limit_stretches_the_guiding_movement() -> None:
    limits = ARM.limits().tighten("patient", {"speed": 0.1})
    fastest = max(float(np.linalg.norm(m.reference.v)) for m in run(Reach(ARM), ARM, follower, 15.0, limits=limits))
    assert fastest == pytest.approx(0.08, rel=0.01)


@given(st.integers(0, 1000), st.sampled_from([0.3, 1.0, 2.0]))
@settings(max_examples=8)
def test_neither_position_nor_velocity_of_the_reference_steps(seed: int, movement_time: float) -> None:
    exercise = Reach(ARM, movement_time=movement_time, time_limit=1.0, dwell=0.05)
    moments = list(run(exercise, ARM, wanderer(seed), 12.0, seed=seed))
    x, v = (np.array([getattr(m.reference, name) for m in moments]) for name in "xv")
    assert np.abs(np.diff(x, axis=0)).max() < 2.0 * 0.3 / movement_time * DT + 1e-4
    assert np.abs(np.diff(v, axis=0)).max() < 20.0 * 0.3 / movement_time**2 * DT


def test_the_reference_is_at_the_hand_first_wherever_that_is() -> None:
    exercise, far = Reach(ARM), hand_at(ARM, (0.15, 0.30))
    exercise.start(far, ARM.limits(), np.random.default_rng(0))
    assert exercise.reference(0.0, far).x == pytest.approx([0.15, 0.30])
    speeds = [np.linalg.norm(exercise.reference(k * 0.01, far).v) for k in range(500)]
    assert max(speeds) <= 0.1501


def test_a_reached_target_is_praised_and_a_missed_one_is_not() -> None:
    cues = {moment.scene.cue for moment in run(Reach(ARM), ARM, follower, 5.0)}
    assert cues == {"", "go", "success"}
    still = np.array(CENTRE)
    assert "miss" in {moment.scene.cue for moment in run(Reach(ARM, time_limit=1.0), ARM, lambda t, a: still, 5.0)}


def test_the_goal_is_shown_only_while_it_is_to_be_reached() -> None:
    shown: Callable[..., bool] = lambda moment: any(t.role == "goal" for t in moment.scene.targets)  # noqa: E731
    in_trial = False
    for moment in run(Reach(ARM), ARM, follower, 12.0):
        if moment.event is not None and moment.event.kind.startswith("trial"):
            in_trial = moment.event.kind == "trial_start"
        assert shown(moment) == in_trial
        assert all(isinstance(c, float) for target in moment.scene.targets for c in target.x)


def test_a_radius_out_of_reach_is_refused_and_the_largest_that_fits_is_named() -> None:
    with pytest.raises(Findings) as refused:
        Reach(ARM, radius=0.45)
    (finding,) = refused.value.findings
    assert finding.field == "radius"
    assert "45 cm" in finding.message
    assert "test_arm" in finding.message
    largest = float(finding.allowed.split("up to ")[1].split(" cm")[0]) / 100
    Reach(ARM, radius=largest)
    with pytest.raises(Findings):
        Reach(ARM, radius=largest + 0.002)


def test_targets_keep_a_margin_to_the_joint_limits() -> None:
    with pytest.raises(Findings) as refused:
        Reach(ARM, radius=0.45)
    largest = float(refused.value.findings[0].allowed.split("up to ")[1].split(" cm")[0]) / 100
    kinematics = kinematics_of(ARM)
    for k in range(8):
        angle = pi / 2 - k * pi / 4
        q = kinematics.inverse((CENTRE[0] + largest * np.cos(angle), CENTRE[1] + largest * np.sin(angle)), ARM.home)
        assert all(j.q_min + 0.05 <= c <= j.q_max - 0.05 for j, c in zip(ARM.joints, q, strict=True))


def test_overlapping_targets_and_a_radius_out_of_reach_are_told_at_once() -> None:
    with pytest.raises(Findings) as refused:
        Reach(ARM, radius=0.6, target_size=0.7)
    assert [finding.field for finding in refused.value.findings] == ["radius", "target_size"]


def test_while_paused_time_stands_still_and_so_does_the_exercise() -> None:
    exercise, state = Reach(ARM), pose(ARM, ARM.home)
    exercise.start(state, ARM.limits(), np.random.default_rng(1))
    for k in range(300):
        exercise.observe(k * DT, state, sent(ARM))
    scene, reference = exercise.scene(), exercise.reference(0.299, state).x
    for _ in range(5000):
        assert exercise.observe(0.299, state, sent(ARM)) is None
    assert exercise.scene() is scene
    assert exercise.reference(0.299, state).x == pytest.approx(reference)


def retried(times: int, **parameters: Any) -> list[tuple[float, Event]]:
    """A session in which the try is begun again `times` times in the first trial, 0.3 s after each go."""
    exercise, found, left, due = Reach(ARM, **parameters), [], times, None
    for moment in run(exercise, ARM, follower, 25.0):
        if moment.event is not None:
            found.append((moment.t, moment.event))
            if moment.event.data.get("name") == "go" and left:
                due = moment.t + 0.3
        if due is not None and moment.t >= due:
            due, left = None, left - 1
            exercise.retry(moment.t, hand_at(ARM, tuple(moment.reference.x)))
    return found


def test_a_try_that_is_begun_again_goes_back_to_the_centre_and_to_the_same_target() -> None:
    found = retried(1)
    kinds = [event.data.get("name", event.kind) for _, event in found]
    assert kinds[:9] == ["approach", "home", "trial_start", "go", "retry", "go", "dwell", "trial_end", "return"]
    first, second, *_ = (t for t, event in found if event.data.get("name") == "go")
    assert second - first >= 0.3 + 1.0  # the way back takes the movement time
    assert trials(found)[0]["outcome"] == "reached"


def test_a_trial_that_goes_wrong_again_and_again_times_out() -> None:
    found = retried(6)
    assert phases(found).count("retry") == 5
    assert trials(found)[0]["outcome"] == "timeout"


def test_outside_a_try_nothing_is_begun_again() -> None:
    exercise = Reach(ARM)
    for moment in run(exercise, ARM, follower, 0.4):
        exercise.retry(moment.t, hand_at(ARM, tuple(moment.reference.x)))
        assert moment.event is None or moment.event.data["name"] != "retry"
