"""Pages between blocks, questions, answers, and the answers that end a run."""

from __future__ import annotations

import pytest

from rehab.core.trials import Page, Question
from rehab.protocol.plan import BlockPlan, StopIf
from rehab.session.messages import Answer, Arm, Pause, Prepare, Resume, Start
from tests.session.conftest import TRIAL_TICKS, block, plan

PAIN = Question(name="pain", text="How strong is the pain?", kind="number", least=0.0, most=10.0)


def page(number: int = 0, **changes) -> BlockPlan:
    return BlockPlan(number=number, name="told", exercise="", controller="", trials=0, page=Page(**changes))


def run(bench, *blocks, **choices) -> None:
    error = bench.ask(Prepare(plan=plan(*blocks, **choices)), Arm(), Start())
    assert not error, error


def test_a_page_shows_its_text_and_waits_for_the_key(bench):
    run(bench, page(text="Do as you like"), block(number=1, trials=1))
    bench.step(5000)
    assert bench.glass.look().scene.text == "Do as you like"
    assert bench.of("ask") == [{"name": "continue", "text": "Go on", "kind": "key", "default": True}]
    assert not bench.of("trial_start")
    assert bench.ask(Answer(name="continue", value=True, by="therapist")) == ""
    bench.step(TRIAL_TICKS + 5)
    assert len(bench.of("trial_end")) == 1
    assert bench.of("answer") == [{"name": "continue", "value": True, "trial": 0, "by": "therapist"}]


def test_a_page_holds_the_arm_softly_where_it_is(bench):
    run(bench, page(text="Wait"))
    bench.step(1500)
    assert 0.0 < bench.loop.rig.controller.stiffness * 0.10 <= 0.3 * bench.loop.limits.force
    assert abs(bench.torque) < 1e-6


def test_questions_come_one_by_one_and_the_page_is_over_once_all_are_answered(bench):
    run(bench, page(questions=(PAIN, Question(name="ready")), until="answers"))
    bench.step(100)
    assert [asked["name"] for asked in bench.of("ask")] == ["pain"]
    assert bench.glass.look().scene.text == "How strong is the pain?"
    bench.ask(Answer(name="ready", value=True))
    bench.step(100)
    assert [asked["name"] for asked in bench.of("ask")] == ["pain"]
    bench.ask(Answer(name="pain", value=2))
    bench.step(100)
    assert [asked["name"] for asked in bench.of("ask")] == ["pain", "ready"]
    bench.ask(Answer(name="ready", value=True))
    bench.step(10)
    assert bench.kinds()[-1] != "rest" and bench.of("run_end") == [{"trials": 0}]


def test_a_page_by_time_stays_for_so_long(bench):
    run(bench, page(text="Rest", until="time", least=0.5))
    bench.step(480)
    assert not bench.of("run_end")
    bench.step(40)
    assert bench.of("run_end")


def test_the_text_of_a_page_goes_into_the_record_however_long_it_is(bench):
    text = "à" * 1000
    run(bench, page(text=text))
    bench.step(10)
    assert "".join(piece["text"] for piece in bench.of("page")) == text


def test_a_page_in_a_pause_asks_nothing_new(bench):
    run(bench, page(questions=(PAIN,), until="answers"))
    bench.step(5)
    bench.ask(Pause(), Answer(name="pain", value=1))
    bench.step(50)
    assert not bench.of("run_end")
    bench.ask(Resume())
    bench.step(50)
    assert bench.of("run_end")


@pytest.mark.parametrize(
    ("sign", "value", "ends"), [(">=", 5, True), (">=", 6.5, True), (">=", 4, False), (">", 5, False), ("<", 4, True),
                                ("<=", 5, True), (">=", True, False), (">=", "much", False), (">=", None, False)]
)  # fmt: skip
def test_an_answer_beyond_the_protocols_bound_ends_the_run(bench, sign, value, ends):
    condition = StopIf(name="pain", sign=sign, value=5.0)
    run(bench, block(trials=50), stop_if=(condition,))
    bench.step(150)
    bench.ask(Answer(name="pain", value=value))
    bench.step(300)
    assert bool(bench.of("run_end")) is ends
    assert (bench.loop.state == "idle") is ends


def test_the_end_by_an_answer_is_polite_and_says_why(bench):
    run(bench, block(trials=50), stop_if=(StopIf(name="pain", sign=">=", value=5.0),))
    bench.step(150)
    bench.ask(Answer(name="pain", value=6))
    bench.step(300)
    assert bench.of("run_end") == [{"trials": 2, "reason": "pain is 6, and the protocol ends at pain >= 5"}]
    assert bench.of("trial_end")[-1] == {"number": 2, "outcome": "aborted"}
    assert not bench.of("fault") and not bench.of("stop")
    assert not bench.device.armed


def test_an_answer_of_another_name_ends_nothing(bench):
    run(bench, block(trials=50), stop_if=(StopIf(name="pain", sign=">=", value=5.0),))
    bench.step(150)
    bench.ask(Answer(name="fatigue", value=9))
    bench.step(50)
    assert bench.loop.state == "running"


def test_who_has_said_enough_before_the_start_is_not_started(bench):
    condition = StopIf(name="pain", sign=">=", value=5.0)
    bench.ask(Prepare(plan=plan(block(), stop_if=(condition,))), Answer(name="pain", value=7), Arm())
    assert bench.ask(Start()).startswith("pain is 7, and the protocol ends at pain >= 5")


def test_an_exercise_that_fails_at_an_answer_is_stopped_and_named(bench):
    run(bench, block(trials=50))
    bench.step(50)
    bench.loop.rig.exercise.answer = lambda name, value: 1 / 0
    bench.ask(Answer(name="pain", value=1))
    bench.step(10)
    assert bench.of("fault")[0]["message"] == "exercise ShortTrials: ZeroDivisionError: division by zero"
