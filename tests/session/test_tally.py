"""Which trials of a block are settled, and the realised list in the record."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.trials import Redo, TrialPlan
from rehab.protocol.plan import BlockPlan, Plan
from rehab.realtime.ring import EVENT_SIZE, RingEvent
from rehab.session.tally import Tally, planned


def block(count: int = 3, redo: Redo | None = None, **changes) -> BlockPlan:
    trials = tuple(TrialPlan(number=k + 1, target=k % 8, **changes) for k in range(count))
    return BlockPlan(
        number=0, name="field", exercise="reach", controller="x", trials=count, trial_list=trials, redo=redo
    )  # fmt: skip


def numbers(tally: Tally) -> list[int]:
    return [trial.number for trial in tally.left]


def test_a_trial_that_will_be_done_again_is_not_counted_and_comes_last():
    tally = Tally(block(redo=Redo(when=("late",))))
    tally.begin({"planned": 1})
    tally.end(redo=True)
    assert (tally.counted, numbers(tally), tally.left[-1].repeat) == (0, [2, 3, 1], 1)


def test_at_once_it_comes_next():
    tally = Tally(block(redo=Redo(when=("late",), place="at_once")))
    tally.begin({"planned": 1})
    tally.end(redo=True)
    assert numbers(tally) == [1, 2, 3]


def test_a_fault_counts_its_trial_unless_the_plan_does_it_again():
    for redo, left, again in ((None, [2, 3], False), (Redo(when=("fault",), most=1), [2, 3, 1], True)):
        tally = Tally(block(redo=redo))
        tally.begin({"planned": 1})
        assert tally.fault() is again
        assert numbers(tally) == left
        assert tally.counted == (not again)


def test_a_trial_is_done_again_after_faults_only_as_often_as_the_plan_says():
    tally = Tally(block(count=1, redo=Redo(when=("fault",), most=2)))
    tries = 0
    while tally.left:
        tally.begin({"planned": 1})
        tally.fault()
        tries += 1
    assert tries == 3


def test_a_list_is_over_when_the_exercise_says_so_and_not_with_its_last_trial():
    tally = Tally(block(count=1))
    tally.begin({"planned": 1})
    tally.end(redo=False)
    assert not tally.over
    tally.finish()
    assert tally.over


def test_without_a_list_the_count_of_trials_is_the_end():
    tally = Tally(BlockPlan(number=0, name="x", exercise="reach", controller="x", trials=2))
    tally.end(redo=False)
    assert not tally.over
    tally.end(redo=False)
    assert tally.over


def test_a_trial_is_told_what_was_planned_for_it():
    tally = Tally(block(insert="catch", cursor={"rotate": 0.5}))
    assert tally.begin({"planned": 2}) == {"insert": "catch", "dynamics": "", "cursor": {"rotate": 0.5}}


@given(st.integers(1, 400), st.text(max_size=80))
def test_the_list_in_the_record_is_whole_and_every_piece_fits_an_event(count, say):
    asked = block(count, say=say, drawn={"hold.for": 0.123456789}, dynamics="field")
    pieces = list(planned(Plan(protocol="p", version=1, device="", blocks=(asked,))))
    for piece in pieces:
        assert len(msgspec.json.encode(RingEvent("trial_list", 10**9, 1e6 / 3.0, piece))) <= EVENT_SIZE - 16
    trials = [trial for piece in pieces for trial in piece["trials"]]
    assert msgspec.convert(trials, tuple[TrialPlan, ...]) == asked.trial_list
