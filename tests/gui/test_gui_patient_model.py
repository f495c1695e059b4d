"""What the patient's screen shows and answers, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from gui import i18n
from gui.viewmodels import asked, guided
from gui.viewmodels.patient_screen import Part, PatientScreen
from gui.viewmodels.screen_settings import Said, ScreenSettings
from gui.viewmodels.worker import Worker
from rehab.core.clock import ManualClock
from rehab.core.trials import Question
from rehab.core.types import Target
from tests.gui.fake_session import FakeSession
from tests.gui.fake_watched import FakeWatched
from tests.gui.helpers import wait_until


class Bench:
    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.session = FakeSession(folder, trials=8)
        self.watched, self.clock = FakeWatched(self.session), clock
        self.model = PatientScreen(self.watched, ScreenSettings(), Worker(chained=False), clock=clock)

    def run(self) -> None:
        self.session.prepare("x")
        self.session.arm()
        self.session.start()
        self.step()

    def step(self, seconds: float = 0.02) -> None:
        self.session.advance(seconds)
        self.clock.advance(seconds)
        self.model.refresh()

    def press(self) -> None:
        """The switch, held as long as it must be."""
        self.model.switch(True)
        self.step(0.1)
        self.model.switch(False)
        self.step(0.5)

    def settle(self) -> None:
        wait_until(lambda: not self.model.worker.busy)
        self.step()


@pytest.fixture
def bench(tmp_path: Path, clock: ManualClock) -> Iterator[Bench]:
    made = Bench(tmp_path, clock)
    made.step()
    yield made
    made.model.worker.close()
    i18n.use("en")


def test_before_anything_runs_it_says_that_nothing_moves(bench: Bench) -> None:
    assert (bench.model.part, bench.model.instruction) == (Part.WAIT, "We begin soon")
    assert "Nothing moves yet" in bench.model.more


def test_an_instruction_is_said_in_the_language_of_the_patient(bench: Bench) -> None:
    bench.run()
    assert (bench.model.part, bench.model.instruction) == (Part.TRAIN, "Reach the target")
    bench.model.told(Said(settings=ScreenSettings(language="it")))
    assert bench.model.instruction == "Raggiunga il bersaglio"


def test_success_is_seen_and_heard_with_what_is_left(bench: Bench) -> None:
    bench.run()
    bench.watched.happen("trial_end", outcome="reached")
    bench.step()
    assert bench.model.praise == "Well done, 7 more" and bench.model.glow
    assert "success" in bench.model.sounds
    bench.step(2.5)
    assert bench.model.praise == "" and not bench.model.glow


def test_a_trial_that_failed_is_not_praised(bench: Bench) -> None:
    bench.run()
    bench.watched.happen("trial_end", outcome="timeout")
    bench.step()
    assert (bench.model.praise, bench.model.progress) == ("", "7 more")


def test_praise_stays_longer_at_a_calmer_pace(bench: Bench) -> None:
    bench.run()
    bench.model.told(Said(settings=ScreenSettings(pace=0.5)))
    bench.watched.happen("trial_end", outcome="reached")
    bench.step()
    bench.step(3.0)
    assert bench.model.praise


def test_nobody_is_pressed_unless_the_therapist_wants_it(bench: Bench) -> None:
    bench.run()
    bench.watched.scene = {"text": "Too slow"}
    bench.step()
    assert bench.model.instruction == "Take your time"
    bench.model.told(Said(settings=ScreenSettings(hurry=True)))
    assert bench.model.instruction == "Too slow"


def test_a_rest_counts_down(bench: Bench) -> None:
    bench.run()
    bench.watched.happen("phase", name="rest", least=30.0)
    bench.watched.scene = {"phase": "rest", "text": "Rest"}
    bench.step()
    assert (bench.model.part, bench.model.countdown) == (Part.REST, 30)
    bench.step(12.0)
    assert bench.model.countdown == 18


def test_targets_that_leap_faster_than_three_a_second_are_held_back_but_the_hand_is_true(bench: Bench) -> None:
    bench.run()
    here, there = Target((0.0, 0.3), 0.01), Target((0.2, 0.3), 0.01)
    shown = []
    for k in range(100):  # ten leaps a second for a second
        bench.watched.scene = {"targets": (here if k // 5 % 2 else there,)}
        bench.step(0.01)
        assert bench.model.picture is not None
        shown.append(bench.model.picture.spots[0].at)
    assert sum(a != b for a, b in pairwise(shown)) <= 3
    look = bench.watched.look()
    assert look is not None and bench.model.picture is not None
    assert bench.model.picture.hand[0] == pytest.approx(look.values["x_0"])


def test_a_target_that_glides_is_not_held_back(bench: Bench) -> None:
    bench.run()
    bench.step(1.0)
    shown = set()
    for k in range(50):
        bench.watched.scene = {"targets": (Target((0.001 * k, 0.3), 0.02),)}
        bench.step(0.01)
        assert bench.model.picture is not None
        shown.add(bench.model.picture.spots[0].at)
    assert len(shown) >= 15  # a third of a second at most is held, at its first appearance


@pytest.mark.parametrize(("side", "x", "cued"), [("left", -0.2, "left"), ("left", 0.6, ""), ("right", 0.6, "right"),
                                                 ("", -0.2, "")])  # fmt: skip
def test_a_target_on_the_overlooked_side_is_cued(bench: Bench, side: str, x: float, cued: str) -> None:
    bench.model.told(Said(settings=ScreenSettings(neglect=side)))  # type: ignore[arg-type]
    bench.run()
    bench.watched.scene = {"targets": (Target((x, 0.3), 0.01),)}
    bench.step(0.5)
    assert bench.model.cue_side == cued


def test_a_question_of_the_session_is_answered_by_touch(bench: Bench) -> None:
    bench.run()
    bench.watched.question = asked.PAIN_QUESTION
    bench.step()
    assert bench.model.part is Part.ASK and len(bench.model.choices) == 11
    assert bench.model.choices[0].says == "0, no pain" and bench.model.choices[10].face == 1.0
    bench.model.choose(6)
    bench.settle()
    assert bench.watched.answers == [("pain", 6)] and bench.model.part is Part.TRAIN


def test_borg_has_its_fifteen_steps_without_faces(bench: Bench) -> None:
    found = asked.options(asked.BORG_QUESTION)
    assert [option.value for option in found] == list(range(6, 21))
    assert all(option.face is None for option in found) and found[7].words == "somewhat hard"


def test_a_wide_range_becomes_eleven_answers(bench: Bench) -> None:
    found = asked.options(Question(name="comfort", kind="number", least=0, most=100))
    assert [option.value for option in found] == list(range(0, 101, 10))


def test_one_switch_answers_and_is_asked_whether_that_is_right(bench: Bench) -> None:
    bench.model.told(Said(settings=ScreenSettings(scan=True, dwell=1.0)))
    bench.run()
    bench.watched.question = asked.PAIN_QUESTION
    bench.step()
    while bench.model.offer != 3:
        bench.step()
    bench.press()
    assert bench.model.instruction == "3: is that right?" and bench.watched.answers == []
    bench.press()
    bench.settle()
    assert bench.watched.answers == [("pain", 3)]
    assert list(bench.model.sounds).count("step") == 3


def test_a_wrong_one_can_be_chosen_again(bench: Bench) -> None:
    bench.model.told(Said(settings=ScreenSettings(scan=True, dwell=1.0)))
    bench.run()
    bench.watched.question = asked.PAIN_QUESTION
    bench.step()
    bench.press()
    while bench.model.offer != 1:
        bench.step()
    bench.press()
    assert bench.model.chosen is None and len(bench.model.choices) == 11 and bench.watched.answers == []


def test_an_answer_that_did_not_arrive_is_asked_for_again(bench: Bench) -> None:
    bench.run()
    bench.watched.question, bench.watched.refuse = asked.PAIN_QUESTION, "the session did not answer"
    bench.step()
    bench.model.choose(2)
    bench.settle()
    assert bench.model.part is Part.ASK and bench.model.problem == "the session did not answer"


def test_the_therapists_question_is_answered_to_both(bench: Bench) -> None:
    bench.model.told(Said(ask=asked.TIRED_QUESTION))
    bench.step()
    bench.model.choose(4)
    bench.settle()
    assert list(bench.model.answered) == [("fatigue", 4)] and bench.watched.answers == [("fatigue", 4)]


def test_the_guided_set_up_ends_with_ready(bench: Bench) -> None:
    bench.model.told(Said(guide=True))
    names = []
    for _ in guided.STEPS:
        bench.step()
        assert bench.model.question is not None
        names.append(bench.model.question.name)
        bench.model.choose(0)
        bench.settle()
    assert names == ["setup_sit", "setup_arm", "setup_straps", "pain", "fatigue", "setup_ready"]
    assert bench.model.part is Part.WAIT and bench.session.asked == []  # nothing was commanded from here


def test_the_therapist_takes_the_set_up_back(bench: Bench) -> None:
    bench.model.told(Said(guide=True))
    bench.step()
    bench.model.told(Said(guide=False))
    bench.step()
    assert bench.model.part is Part.WAIT


def test_stop_is_possible_and_is_all_that_is_commanded(bench: Bench) -> None:
    bench.run()
    bench.session.asked.clear()
    bench.model.stop()
    bench.settle()
    assert bench.session.asked == ["stop"]
    bench.watched.happen("stop", by="patient's screen")
    bench.step()
    assert bench.model.part is Part.STOPPED


def test_after_the_last_trial_it_says_well_done(bench: Bench) -> None:
    bench.run()
    bench.session.state = "idle"
    bench.watched.happen("run_end", trials=8)
    bench.step()
    assert (bench.model.part, bench.model.over) == (Part.END, False)
    bench.watched.gone = True
    bench.step()
    assert bench.model.over


def test_a_session_that_falls_silent_is_over(bench: Bench) -> None:
    bench.run()
    bench.clock.advance(10.5)
    bench.model.refresh()
    assert bench.model.over


@pytest.mark.parametrize("wrong", [{"dwell": 0.1}, {"pace": 9.0}])
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ScreenSettings(**wrong)  # type: ignore[arg-type]
