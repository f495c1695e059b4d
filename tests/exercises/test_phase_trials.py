"""Trials of a list: done again, with rests, with a cursor, a perturbation and a dynamics of their own."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

import numpy as np
import pytest

from exercises.phases import SETTLE
from exercises.reach import Reach
from rehab.contract.exercise import DT, Moment, Move, events, follower, run
from rehab.core.errors import BadInput
from rehab.core.trials import Break, Phase, Redo, TrialPlan
from tests.arms import hand_at, wrist
from tests.exercises.phase_course import (
    AHEAD,
    ARM,
    CENTRE,
    CUE,
    DWELL,
    GO,
    HOLD,
    MOVE,
    RETURN,
    USUAL,
    Hand,
    at,
    course,
    of,
    off,
    times,
)  # fmt: skip


def test_a_trial_that_fails_is_done_again_at_the_end_of_the_block_as_often_as_allowed() -> None:
    trials = [TrialPlan(number=1, target=0), TrialPlan(number=2, target=1)]
    redo = Redo(when=("timeout",), most=2)
    lazy: Move = lambda t, asked: CENTRE  # noqa: E731
    moments = course([HOLD, MOVE, RETURN], trials, lazy, redo=redo, seconds=60.0)
    assert [(d["planned"], d["repeat"]) for d in of(moments, "trial_start")] == [
        (1, 0), (2, 0), (1, 1), (2, 1), (1, 2), (2, 2),
    ]  # fmt: skip
    assert [d.get("redo", False) for d in of(moments, "trial_end")] == [True] * 4 + [False] * 2


def test_at_once_the_same_trial_comes_again_next() -> None:
    redo = Redo(when=("timeout",), place="at_once", most=1)
    moments = course([HOLD, MOVE, RETURN], 2, lambda t, asked: CENTRE, redo=redo, seconds=60.0)
    assert [d["planned"] for d in of(moments, "trial_start")] == [1, 1, 2, 2]


def test_a_reason_that_is_not_listed_is_not_done_again() -> None:
    redo = Redo(when=("early",))
    moments = course([HOLD, MOVE, RETURN], 2, lambda t, asked: CENTRE, redo=redo, seconds=60.0)
    assert len(of(moments, "trial_start")) == 2


def test_a_rest_comes_after_every_so_many_trials_and_lasts() -> None:
    moments = course([HOLD, MOVE, RETURN], 4, follower, pause=Break(every=2, least=1.5), seconds=60.0)
    told = [(t, e.data["name"]) for t, e in events(iter(moments)) if e.kind in ("phase", "trial_start", "dynamics")
            and "name" in e.data]  # fmt: skip
    rests = [k for k, (_, name) in enumerate(told) if name == "rest"]
    assert [name for _, name in told].count("rest") == 2  # the dynamics and the phase; none after the last trial
    assert told[rests[-1] + 1][0] - told[rests[-1]][0] == pytest.approx(1.5, abs=0.01)
    assert at(moments, "rest").scene.text.startswith("Rest")
    assert [d["name"] for d in of(moments, "dynamics")] == ["rest", ""]
    assert [d["least"] for d in of(moments, "phase") if d["name"] == "rest"] == [1.5]  # who counts down must know


# the cursor ----------------------------------------------------------------------------------------------------------


def cursors(mapped: dict[str, Any], **values: Any) -> list[Moment]:
    back = Phase("return", {"in": 0.8, **values})
    return course([HOLD, CUE, GO, MOVE, DWELL, back], [TrialPlan(number=1, target=0, cursor=mapped)])


def test_the_cursor_is_turned_about_the_start() -> None:
    cursor = at(cursors({"rotate": pi / 6}), "move").scene.cursor
    assert cursor.place(tuple(CENTRE)) == pytest.approx(tuple(CENTRE))
    assert cursor.place(tuple(AHEAD)) == pytest.approx((CENTRE[0] - 0.1 * sin(pi / 6), CENTRE[1] + 0.1 * cos(pi / 6)))


def test_a_clamped_cursor_lies_off_the_targets_direction_whatever_the_hand_does() -> None:
    cursor = at(cursors({"clamp": pi / 12}), "move").scene.cursor
    for angle in (0.0, 1.0, 2.5):
        hand = (CENTRE[0] + 0.07 * cos(angle), CENTRE[1] + 0.07 * sin(angle))
        assert cursor.place(hand) == pytest.approx(
            (CENTRE[0] - 0.07 * sin(pi / 12), CENTRE[1] + 0.07 * cos(pi / 12))
        )  # fmt: skip


def test_the_cursor_may_be_shown_only_in_the_reach_or_never() -> None:
    for shown, phases in (("move", {"go", "move", "dwell"}), ("never", set())):
        seen = {m.scene.phase for m in cursors({"shown": shown}) if m.scene.cursor.shown}
        assert seen - {"approach", "over"} == phases


def test_the_way_back_may_hide_the_cursor() -> None:
    seen = {moment.scene.phase: moment.scene.cursor.shown for moment in cursors({}, cursor="hidden")}
    assert seen["dwell"] and not seen["return"]


def test_on_a_line_nothing_is_turned() -> None:
    with pytest.raises(BadInput, match="trial 1: a cursor is rotated or clamped in a plane only"):
        Reach(wrist()).follow([TrialPlan(number=1, target=0, cursor={"rotate": 0.5})])


# perturbations and dynamics ------------------------------------------------------------------------------------------


def test_a_perturbation_comes_at_its_moment_with_its_data_for_the_controllers() -> None:
    push = {"at": "move", "after": 0.05, "joint": "elbow", "torque": 3.0, "rise": 0.01, "hold": 0.1, "ttl": 2}
    moments = course(USUAL, [TrialPlan(number=1, target=0, perturb=push)])
    assert [d for d in of(moments, "phase") if d["name"] == "perturb"] == [{**push, "name": "perturb"}]
    assert times(moments)["perturb"] - times(moments)["move"] == pytest.approx(0.05, abs=0.002)


def test_what_was_drawn_for_a_perturbation_is_what_controllers_hear() -> None:
    push = {"at": "move", "torque": 3.0}
    trial = TrialPlan(number=1, target=0, perturb=push, drawn={"perturb.after": 0.08, "perturb.hold": 0.15})
    moments = course(USUAL, [trial])
    told = {**push, "after": 0.08, "hold": 0.15}
    assert [d for d in of(moments, "phase") if d["name"] == "perturb"] == [{**told, "name": "perturb"}]
    assert times(moments)["perturb"] - times(moments)["move"] == pytest.approx(0.08, abs=0.002)
    assert [d["perturb"] for d in of(moments, "phase") if d["name"] == "start"] == [told]  # for its preload


def test_a_held_posture_is_pushed_once_it_was_held_and_the_hold_lasts_until_the_push_is_over() -> None:
    push = {"at": "hold", "rise": 0.05, "hold": 0.3}
    pushed = {}

    def shoved(t: float, asked: np.ndarray) -> np.ndarray:
        return off(0.04 if pushed and t < pushed["at"] + 0.2 else 0.0)

    exercise = Reach(ARM)
    exercise.follow([TrialPlan(number=1, target=0, perturb=push)], [Phase("hold", {"for": 0.6})])
    moments = []
    for moment in run(exercise, ARM, shoved, 6.0):
        moments.append(moment)
        if moment.event is not None and moment.event.data.get("name") == "perturb":
            pushed["at"] = moment.t
    when = times(moments)
    assert when["perturb"] - when["hold"] == pytest.approx(0.6, abs=0.003)
    assert when["over"] - when["perturb"] == pytest.approx(0.4, abs=0.003)
    kinds = [e.kind for _, e in events(iter(moments)) if e.data.get("name") not in ("approach", "start", "over")]
    assert kinds == ["trial_start", "phase", "phase", "trial_end", "list_end"]


def test_a_reach_that_is_over_too_soon_waits_for_its_perturbation() -> None:
    push = {"at": "move", "after": 1.2}
    moments = course(USUAL, [TrialPlan(number=1, target=0, perturb=push)], duration=0.2)
    assert times(moments)["perturb"] - times(moments)["move"] == pytest.approx(1.2, abs=0.002)
    assert times(moments)["dwell"] >= times(moments)["perturb"]


def test_the_trials_dynamics_acts_before_the_go() -> None:
    trials = [TrialPlan(number=k + 1, target=0, dynamics=name) for k, name in enumerate(("", "channel", ""))]
    moments = course([Phase("hold", {"for": 0.0}), CUE, GO, MOVE, DWELL, RETURN], trials, seconds=30.0)
    asked = [(t, e.data["name"]) for t, e in events(iter(moments)) if e.kind == "dynamics"]
    assert [name for _, name in asked] == ["channel", ""]
    gone = [t - e.data.get("late", 0.0) for t, e in events(iter(moments)) if e.data.get("name") == "go"]
    assert gone[1] - asked[0][0] >= SETTLE - 2 * DT
    assert gone[2] - asked[1][0] >= SETTLE - 2 * DT


def test_a_hold_may_ask_for_more_time_for_the_dynamics_to_settle() -> None:
    hold = Phase("hold", {"for": 0.1, "settle": 1.7})
    trials = [TrialPlan(number=1, target=0, dynamics="channel")]
    moments = course([hold, CUE, GO, MOVE, DWELL, RETURN], trials)
    assert times(moments)["go"] - times(moments)["hold"] >= 1.7 - 2 * DT


def test_a_go_waits_for_a_dynamics_that_takes_its_time() -> None:
    exercise = Reach(ARM)
    exercise.follow([TrialPlan(number=1, target=0, dynamics="channel")], USUAL)
    exercise.settling = {"channel": 1.5}
    moments = list(run(exercise, ARM, Hand(exercise), 6.0))
    asked = next(t for t, e in events(iter(moments)) if e.kind == "dynamics")
    assert times(moments)["go"] - asked == pytest.approx(1.5 + SETTLE, abs=0.003)


def retried(times: int, move: Move, phases: list[Phase]) -> list[Moment]:
    """The first trial's try is begun again so often, 50 ms after each go."""
    exercise, moments, left, due = Reach(ARM), [], times, None
    exercise.follow([TrialPlan(number=1, target=0)], phases)
    for moment in run(exercise, ARM, move, 30.0):
        moments.append(moment)
        if moment.event is not None and moment.event.data.get("name") == "go" and left:
            due = moment.t + 0.05
        if due is not None and moment.t >= due:
            due, left = None, left - 1
            exercise.retry(moment.t, hand_at(ARM, tuple(CENTRE)))
    return moments


def test_a_try_that_is_begun_again_starts_from_home_with_its_go_and_has_all_its_time() -> None:
    phases = [HOLD, Phase("go", {"rt": [0.0, 0.5]}), Phase("move", {"timeout": 1.0}), RETURN]
    moments = retried(1, lambda t, asked: CENTRE, phases)
    names = [d["name"] for d in of(moments, "phase")]
    assert names == ["approach", "hold", "go", "retry", "go", "return", "over"]
    gone = [t for t, e in events(iter(moments)) if e.data.get("name") == "go"]
    assert gone[1] - gone[0] >= 0.05 + 0.8  # the way back takes the time of a return
    ended = next(t for t, e in events(iter(moments)) if e.kind == "trial_end")
    assert ended - gone[1] == pytest.approx(0.5, abs=0.01)  # and late counts from the second go
    assert len(of(moments, "trial_start")) == 1


def test_after_too_many_tries_the_trial_has_timed_out() -> None:
    moments = retried(9, lambda t, asked: CENTRE, [HOLD, Phase("go", {"rt": [0.0, 5.0]}), MOVE, RETURN])
    assert [d["name"] for d in of(moments, "phase")].count("retry") == 5
    assert of(moments, "trial_end")[0]["outcome"] == "timeout"


def test_a_perturbation_is_not_given_a_second_time_in_another_try() -> None:
    exercise, pushed, again = Reach(ARM), 0, True
    exercise.follow([TrialPlan(number=1, target=0, perturb={"at": "move"})], [HOLD, MOVE, RETURN])
    for moment in run(exercise, ARM, lambda t, asked: CENTRE, 12.0):
        if moment.event is not None and moment.event.data.get("name") == "perturb":
            pushed += 1
            if again:
                exercise.retry(moment.t, hand_at(ARM, tuple(CENTRE)))
                again = False
    assert pushed == 1


def test_a_return_may_have_a_dynamics_of_its_own() -> None:
    back = Phase("return", {"in": 0.8, "with": "move_to"})
    moments = course([*USUAL[:-1], back], 2, seconds=30.0)
    assert [d["name"] for d in of(moments, "dynamics")] == ["move_to", "", "move_to"]


# what cannot be done, and live changes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phases", "trial", "words"),
    [
        ([Phase("jump")], {}, "phase 1 (jump): there is no such phase"),
        ([Phase("hold", {"fro": 1.0})], {}, "phase 1 (hold): fro is unknown (known: at, for"),
        ([HOLD, Phase("move", {"until": "tired"})], {}, 'phase 2 (move): until is "tired"; allowed: in_target, past'),
        ([HOLD, MOVE], {"target": 4}, "trial 7: there is no target 4; there are 4, from 0"),
        ([HOLD, MOVE], {"perturb": {"at": "dwell"}}, "its perturbation comes in 'dwell'; its phases are hold, move"),
        ([HOLD, MOVE], {"cursor": {"rotation": 1.0}}, "trial 7: cursor.rotation is unknown (known: rotate"),
        ([HOLD, MOVE], {"cursor": {"shown": "now"}}, 'cursor.shown is "now"; allowed: always, move, never'),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(phases: Any, trial: Any, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        Reach(ARM, targets=4).follow([TrialPlan(number=7, **{"target": 0, **trial})], phases)
    assert words in str(refused.value)


def test_a_live_change_acts_from_where_it_is_made() -> None:
    exercise = Reach(ARM)
    moments = []
    for moment in run(exercise, ARM, follower, 12.0):
        moments.append(moment)
        if moment.t == 4.0:
            exercise.set("home_dwell", 2.0)
    waits = []
    for t, event in events(iter(moments)):
        if event.data.get("name") == "home":
            began = t
        elif event.kind == "trial_start":
            waits.append(t - began)
    assert waits[0] == pytest.approx(0.5, abs=0.01)
    assert waits[-1] == pytest.approx(2.0, abs=0.01)


def test_what_the_protocols_phases_settle_cannot_be_changed_live() -> None:
    exercise = Reach(ARM)
    exercise.follow([TrialPlan(number=1, target=0)], [HOLD, MOVE, DWELL])
    with pytest.raises(ValueError, match="dwell is settled by the protocol's phases"):
        exercise.set("dwell", 0.5)
    exercise.set("movement_time", 2.0)


def test_the_way_to_the_target_is_told_to_controllers_that_guide_along_it() -> None:
    moments = course(USUAL)
    way = at(moments, "move").reference.path
    assert way is not None
    assert [list(point) for point in way.points] == [pytest.approx(CENTRE), pytest.approx(AHEAD)]
    back = at(moments, "return").reference.path
    assert moments[-1].reference.path is not None
    assert back is not None and back.length == pytest.approx(0.10)


def test_a_rest_is_counted_down_second_by_second() -> None:
    exercise = Reach(ARM)
    exercise.follow([TrialPlan(number=k, target=0) for k in (1, 2)], USUAL, None, Break(every=1, least=2.5))
    told = list(dict.fromkeys(m.scene.text for m in run(exercise, ARM, follower, 15.0) if m.scene.phase == "rest"))
    assert told == ["Rest\n3 s", "Rest\n2 s", "Rest\n1 s"]
