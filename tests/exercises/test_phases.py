"""Each kind of phase: what it shows, when it is left, and what it leaves in the record."""

from __future__ import annotations

from itertools import pairwise
from math import cos, dist, sin

import numpy as np
import pytest

from exercises.reach import Reach
from rehab.contract.exercise import Move, follower, run
from rehab.core.trials import Phase, TrialPlan
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


def test_a_trial_goes_along_the_list() -> None:
    moments = course(USUAL)
    assert [data["name"] for data in of(moments, "phase")] == [
        "approach", "hold", "cue", "go", "move", "dwell", "return", "over",
    ]  # fmt: skip
    assert of(moments, "trial_end")[0]["outcome"] == "reached"
    assert moments[-1].event is not None and moments[-1].event.kind == "list_end"


def test_the_list_is_followed_in_its_order_and_ends_after_the_last_return() -> None:
    trials = [TrialPlan(number=k + 1, target=target) for k, target in enumerate((2, 0, 3))]
    moments = course(USUAL, trials, follower, seconds=30.0)
    assert [(d["planned"], d["index"]) for d in of(moments, "trial_start")] == [(1, 2), (2, 0), (3, 3)]
    assert moments[-1].event.kind == "list_end"
    assert [d["name"] for d in of(moments, "phase")][-2:] == ["return", "over"]


def test_every_phase_is_stamped_when_it_begins_though_events_come_one_a_tick() -> None:
    moments = course(USUAL, reaction=0.3, duration=0.4)
    when = times(moments)
    assert when["cue"] == when["go"]
    assert when["move"] - when["go"] == pytest.approx(0.3, abs=0.06)
    assert when["dwell"] - when["go"] == pytest.approx(0.3 + 0.4 * 0.9, abs=0.003)


def test_a_hold_counts_from_when_the_hand_is_there_to_stay() -> None:
    moments = course([Phase("hold", {"for": 0.5}), MOVE], move=lambda t, asked: off(0.015 if 0.8 < t < 2.0 else 0.0))
    assert times(moments)["move"] == pytest.approx(2.5, abs=0.005)


def test_a_drawn_value_is_used_and_stands_in_the_record() -> None:
    hold = Phase("hold", {"for": [0.4, 0.8]})
    moments = course([hold, *USUAL[1:]], [TrialPlan(number=1, target=0, drawn={"hold.for": 0.7})])
    when = times(moments)
    assert when["cue"] - when["hold"] == pytest.approx(0.7, abs=0.003)
    assert of(moments, "phase")[1] == {"name": "hold", "for": 0.7}


def test_a_range_that_nobody_has_drawn_from_is_drawn_from_evenly() -> None:
    hold = Phase("hold", {"for": [0.2, 0.4]})
    drawn = [d["for"] for d in of(course([hold, *USUAL[1:]], 12, seconds=60.0), "phase") if d["name"] == "hold"]
    assert len(set(drawn)) == 12
    assert all(0.2 <= value <= 0.4 for value in drawn)
    assert min(drawn) < 0.27 and max(drawn) > 0.33


def test_who_sets_out_before_the_least_reaction_time_is_early() -> None:
    (ended,) = of(course(USUAL, reaction=0.02), "trial_end")
    assert (ended["outcome"], ended["reason"]) == ("aborted", "early")


def test_who_has_not_set_out_by_the_longest_reaction_time_is_late() -> None:
    moments = course(USUAL, reaction=0.9)
    (ended,) = of(moments, "trial_end")
    assert (ended["outcome"], ended["reason"]) == ("aborted", "late")
    assert times(moments)["return"] - times(moments)["go"] == pytest.approx(0.6, abs=0.002)


def test_who_sets_out_during_a_cue_that_lasts_is_early() -> None:
    def eager(t: float, asked: np.ndarray) -> np.ndarray:
        return off(0.0, 0.02 if t > 1.2 else 0.0)

    moments = course([HOLD, Phase("cue", {"for": 1.0}), *USUAL[2:]], move=eager)
    assert of(moments, "trial_end")[0]["reason"] == "early"
    assert "go" not in times(moments)


def test_early_and_late_may_be_let_pass() -> None:
    go = Phase("go", {"rt": [0.1, 0.6], "early": "ignore", "late": "ignore"})
    for reaction in (0.02, 0.9):
        ended = of(course([HOLD, CUE, go, MOVE, DWELL, RETURN], reaction=reaction), "trial_end")[0]
        assert ended["outcome"] == "reached"
        assert ended["rt"] == pytest.approx(reaction, abs=0.06)


def test_after_a_time_out_the_rest_of_the_trial_is_left_out_but_not_the_return() -> None:
    names = [d["name"] for d in of(course(USUAL, move=_out_of_the_way()), "phase")]
    assert names == ["approach", "hold", "cue", "go", "move", "return", "over"]


def _out_of_the_way() -> Move:
    return lambda t, asked: off(0.03 if t > 1.2 else 0.0)


def test_feedback_judges_the_time_of_the_movement() -> None:
    feedback = Phase("feedback", {"mt": [0.3, 0.5], "slow": "too_slow", "fast": "too_fast", "for": 0.5})
    for duration, verdict, text, cue in (
        (0.2, "too_fast", "Too fast", "too_fast"), (0.42, "good", "Good", "success"),
        (0.8, "too_slow", "Too slow", "too_slow"),
    ):  # fmt: skip
        moments = course([HOLD, CUE, GO, MOVE, DWELL, feedback, RETURN], duration=duration)
        (ended,) = of(moments, "trial_end")
        assert ended["verdict"] == verdict
        assert (at(moments, "feedback").scene.text, at(moments, "feedback").scene.cue) == (text, cue)
        assert times(moments)["return"] - times(moments)["feedback"] == pytest.approx(0.5, abs=0.002)


@pytest.mark.parametrize(("out", "outcome"), [(0.0905, "reached"), (0.0895, "timeout")])
def test_until_past_ends_the_reach_as_far_out_as_the_targets_near_edge(out: float, outcome: str) -> None:
    aside = off(out * cos(0.3), out * sin(0.3))
    moments = course([HOLD, Phase("move", {"until": "past", "timeout": 1.5}), RETURN], target=aside)
    (ended,) = of(moments, "trial_end")
    assert ended["outcome"] == outcome


def test_until_time_ends_by_itself_wherever_the_hand_is() -> None:
    moments = course([HOLD, Phase("move", {"until": "time", "for": 0.7}), RETURN], move=lambda t, asked: CENTRE)
    assert of(moments, "trial_end")[0]["outcome"] == "reached"
    assert times(moments)["return"] - times(moments)["move"] == pytest.approx(0.7, abs=0.002)


def test_a_return_by_oneself_ends_when_the_hand_is_home_or_time_is_up() -> None:
    alone = Phase("return", {"by": "self", "timeout": 3.0})
    quick = times(course([HOLD, MOVE, alone], move=_back_after(1.0)))
    never = times(course([HOLD, MOVE, alone], move=_back_after(9.0)))
    assert quick["over"] - quick["return"] == pytest.approx(1.0, abs=0.01)
    assert never["over"] - never["return"] == pytest.approx(3.0, abs=0.01)


def _back_after(seconds: float) -> Move:
    """Home for two seconds, then in the target, then after so long home again."""
    return lambda t, asked: AHEAD if 2.0 < t < 2.0 + seconds else CENTRE


def test_a_question_waits_for_its_answer_and_says_what_it_asks() -> None:
    ask = Phase("ask", {"name": "aim", "text": "Where do you aim?", "landmarks": 9, "timeout": 30.0})
    exercise = Reach(ARM)
    exercise.follow([TrialPlan(number=1, target=0)], [HOLD, ask, GO, MOVE, RETURN])
    asked_at = None
    for moment in run(exercise, ARM, Hand(exercise), 30.0):
        if moment.event is not None and moment.event.kind == "ask":
            asked_at = moment.t
            assert {k: v for k, v in moment.event.data.items() if k != "late"} == {
                "name": "aim", "text": "Where do you aim?", "kind": "number", "least": 1.0, "most": 9.0,
            }  # fmt: skip
            assert len(moment.scene.targets) == 9
            assert moment.scene.targets[0].x == pytest.approx(tuple(AHEAD))
            assert all(dist(target.x, CENTRE) == pytest.approx(0.10) for target in moment.scene.targets)
        if asked_at is not None and moment.t >= asked_at + 2.0:
            exercise.answer("another", 3)
            exercise.answer("aim", 3)
        if moment.scene.phase == "go":
            break
    assert asked_at is not None
    assert moment.t - asked_at == pytest.approx(2.0, abs=0.01)


def test_a_question_that_nobody_answers_does_not_hold_up_the_session() -> None:
    moments = course([HOLD, Phase("ask", {"timeout": 1.0}), MOVE, RETURN], move=follower)
    assert times(moments)["move"] - times(moments)["ask"] == pytest.approx(1.0, abs=0.005)


def test_triggers_and_the_patch_are_in_the_record_and_on_the_screen() -> None:
    cue = Phase("cue", {"ttl": 1, "photodiode": "flip"})
    moments = course([HOLD, cue, GO, MOVE, DWELL, RETURN], 2, seconds=30.0)
    cues = [d for d in of(moments, "phase") if d["name"] == "cue"]
    assert [{k: d[k] for k in ("ttl", "photodiode")} for d in cues] == [{"ttl": 1, "photodiode": "flip"}] * 2
    lit = [moment.scene.patch for moment in moments]
    assert sum(a is not b for a, b in pairwise(lit)) == 2
    assert moments[[m.scene.phase for m in moments].index("go")].scene.patch


def test_what_a_trial_says_is_shown_while_it_is_held() -> None:
    moments = course(USUAL, [TrialPlan(number=1, target=0, say="Resist")])
    assert at(moments, "hold").scene.text == "Resist"


def test_a_trial_that_has_failed_goes_on_with_no_more_than_feedback_and_return() -> None:
    """Also where the list has a reach after a return."""
    second = [Phase("return", {"in": 0.5, "name": "between"}), Phase("move", {"name": "again"})]
    names = [d["name"] for d in of(course([HOLD, GO, *second, RETURN], move=lambda t, asked: CENTRE), "phase")]
    assert names == ["approach", "hold", "go", "between", "return", "over"]
