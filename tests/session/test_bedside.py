"""Notes, marks, a trial left out or done again, a parked session, and going on after a stop: in the loop, by hand."""

from __future__ import annotations

import pytest

from rehab.core import registry
from rehab.core.types import Event, Outcome
from rehab.session.bedside import LONGEST
from rehab.session.left import Left
from rehab.session.messages import Arm, GoOn, Mark, Note, Park, Prepare, Repeat, Reset, Skip, Start, Stop, Unpark
from tests.session.conftest import TRIAL_TICKS, ShortTrials, block, plan


class Obliging(ShortTrials):
    """Leaves a trial out, and does one again, when it is asked to."""

    wanted = ""

    def start(self, state, limits, rng):
        super().start(state, limits, rng)
        self._trying = False

    def skip(self):
        self.wanted = "skipped"

    def repeat(self):
        self.wanted = "repeated" if self._trying else ""

    def observe(self, t, state, decision):
        if self.wanted and self._trying:
            reason, self.wanted, self._trying = self.wanted, "", False
            self._tick += TRIAL_TICKS - self._tick % TRIAL_TICKS
            again = {"redo": True, "now": True} if reason == "repeated" else {}
            return Event("trial_end", {"outcome": str(Outcome.ABORTED), "reason": reason, **again})
        event = super().observe(t, state, decision)
        if event is not None:
            self._trying = event.kind == "trial_start"
        return event


@pytest.fixture(autouse=True)
def obliging():
    registry.add_local("exercise", "obliging", Obliging)
    yield
    registry._local.pop(("exercise", "obliging"))


def test_a_mark_goes_into_the_record_with_its_trial(bench):
    bench.start()
    bench.step(TRIAL_TICKS + 10)
    assert not bench.ask(Mark(by="anna"))
    assert bench.of("mark") == [{"trial": 2, "by": "anna"}]


def test_a_note_may_be_words_or_text_and_says_who(bench):
    bench.start()
    bench.step(10)
    assert not bench.ask(Note(chips=("pain", "fatigue"), by="anna"), Note(text=" left shoulder ", by="anna"))
    assert bench.of("note") == [
        {"chips": ["pain", "fatigue"], "text": "", "trial": 1, "by": "anna"},
        {"chips": [], "text": "left shoulder", "trial": 1, "by": "anna"},
    ]


def test_an_empty_note_is_refused(bench):
    assert "empty" in bench.ask(Note(text="  "))


def test_the_longest_note_fits_into_the_record_and_a_longer_one_is_refused(bench):
    assert not bench.ask(Note(text="\N{PILE OF POO}" * LONGEST))
    assert "text" in bench.of("note")[0]
    assert f"{LONGEST} fit" in bench.ask(Note(text="x" * (LONGEST + 1)))


def test_a_skipped_trial_ends_as_aborted_and_counts(bench):
    bench.start(block(exercise="obliging", trials=2))
    bench.step(20)
    assert not bench.ask(Skip(by="anna"))
    bench.step(TRIAL_TICKS + 100)
    assert [end["outcome"] for end in bench.of("trial_end")] == ["aborted", "reached"]
    assert bench.of("trial_end")[0]["reason"] == "skipped"
    assert bench.kinds().count("run_end") == 1


def test_a_repeated_trial_does_not_count(bench):
    bench.start(block(exercise="obliging", trials=2))
    bench.step(20)
    assert not bench.ask(Repeat())
    bench.step(2 * TRIAL_TICKS + 100)
    assert [end["outcome"] for end in bench.of("trial_end")] == ["aborted", "reached", "reached"]


def test_between_trials_the_last_one_is_done_once_more(bench):
    bench.start(block(exercise="obliging", trials=2))
    bench.step(TRIAL_TICKS)
    assert len(bench.of("trial_end")) == 1
    assert not bench.ask(Repeat())
    assert len(bench.of("again")) == 1
    bench.step(3 * TRIAL_TICKS)
    assert len(bench.of("trial_end")) == 3
    assert bench.kinds().count("run_end") == 1


def test_an_exercise_that_cannot_says_so(bench):
    bench.start()
    bench.step(20)
    assert bench.ask(Skip()) == "this exercise cannot leave a trial out"
    assert bench.ask(Repeat()) == "this exercise cannot do a trial again"


def test_without_a_trial_there_is_nothing_to_skip_or_to_repeat(bench):
    assert "no trial is running" in bench.ask(Skip())
    assert "no trial of this block" in bench.ask(Repeat())


def test_an_exercise_that_fails_at_it_stops_the_arm_and_is_named(bench):
    bench.start(block(exercise="obliging"))
    bench.step(20)
    bench.loop.rig.exercise.skip = lambda: 1 / 0
    bench.ask(Skip())
    bench.step(2)
    assert bench.of("fault")[0]["id"] == 38
    assert "Obliging: ZeroDivisionError" in bench.of("fault")[0]["message"]


# parking -------------------------------------------------------------------------------------------------------------


def test_a_powered_arm_is_not_parked(bench):
    bench.start()
    bench.step(20)
    assert "still has power" in bench.ask(Park())
    bench.ask(Stop())
    bench.step(20)  # the ramp is 100 ms
    assert "still has power" in bench.ask(Park())


def test_a_parked_session_cannot_be_armed_by_anything(bench):
    bench.start(block(trials=50))
    bench.step(20)
    bench.ask(Stop())
    bench.step(200)
    assert not bench.ask(Park(by="anna"))
    assert "parked" in bench.ask(Arm())
    bench.step(600)
    assert "parked" in bench.ask(GoOn())
    assert not bench.device.armed
    assert not bench.ask(Unpark(by="anna"))
    assert not bench.ask(GoOn())


def test_what_is_not_parked_cannot_be_unparked(bench):
    assert "not parked" in bench.ask(Unpark())


# going on after a stop -----------------------------------------------------------------------------------------------


def test_after_a_stop_the_plan_goes_on_with_the_next_trial(bench):
    bench.start(block(trials=3))
    bench.step(TRIAL_TICKS + 50)
    bench.ask(Stop())
    bench.step(800)
    assert not bench.ask(GoOn())
    bench.step(TRIAL_TICKS + 100)
    assert [start["number"] for start in bench.of("trial_start")] == [1, 2, 3]
    assert [end["outcome"] for end in bench.of("trial_end")] == ["reached", "stopped", "reached"]
    assert bench.kinds().count("run_end") == 1


def test_after_a_stop_the_plan_may_also_begin_anew(bench):
    bench.start(block(trials=3))
    bench.step(TRIAL_TICKS + 50)
    bench.ask(Stop())
    bench.step(200)
    assert not bench.ask(Prepare(plan=plan(block(trials=3))))
    assert "after a fault or a stop" in bench.ask(GoOn())
    assert not bench.ask(Arm(), Start())


def test_a_session_that_follows_another_goes_on_counting(bench):
    assert not bench.ask(Prepare(plan=plan(block(trials=2)), after=7, follows="the other"), Arm(), Start())
    bench.step(TRIAL_TICKS + 10)
    assert [start["number"] for start in bench.of("trial_start")] == [8, 9]
    assert bench.of("follows") == [{"session": "the other", "trials": 7}]


# what is left --------------------------------------------------------------------------------------------------------


def left(bench, whole):
    found = Left(whole)
    for event in bench.events:
        found.hear(event)
    return found.plan


def test_of_an_unlisted_block_so_many_trials_are_left_as_were_not_counted(bench):
    whole = plan(block(trials=3), block(number=1, name="second", trials=4))
    assert not bench.ask(Prepare(plan=whole), Arm(), Start())
    bench.step(TRIAL_TICKS + 50)
    bench.device.unplugged = True
    bench.step(3)
    rest = left(bench, whole)
    assert [(part.name, part.trials) for part in rest.blocks] == [("first", 1), ("second", 4)]


def test_what_is_left_agrees_with_the_loop_after_going_on_skipping_and_repeating(bench):
    whole = plan(block(exercise="obliging", trials=9))
    assert not bench.ask(Prepare(plan=whole), Arm(), Start())
    bench.step(TRIAL_TICKS + 50)
    bench.ask(Stop())
    bench.step(800)
    assert not bench.ask(GoOn())
    bench.step(30)
    bench.ask(Skip())
    bench.step(TRIAL_TICKS + 20)
    bench.ask(Repeat())
    bench.step(30)
    assert left(bench, whole).blocks[0].trials == 9 - bench.loop.course.tally.counted


def test_of_a_plan_that_has_run_nothing_is_left(bench):
    whole = plan(block(trials=1))
    assert not bench.ask(Prepare(plan=whole), Arm(), Start())
    bench.step(TRIAL_TICKS + 200)
    assert left(bench, whole) is None


def test_after_reset_and_a_new_start_all_of_it_is_left_again(bench):
    whole = plan(block(trials=3))
    assert not bench.ask(Prepare(plan=whole), Arm(), Start())
    bench.step(TRIAL_TICKS + 50)
    bench.device.changes = {"age": 0.5}
    bench.step(200)
    bench.device.changes = {}
    bench.step(2)
    assert not bench.ask(Reset(), Arm(), Start())
    assert left(bench, whole).blocks[0].trials == 3
