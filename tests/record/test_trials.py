"""Events to trials: the same live and from the recording."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from rehab.core.types import Outcome, Trial
from rehab.realtime.ring import CAPACITY, RingEvent
from rehab.record.recorder import Recorder
from rehab.record.recording import Recording
from rehab.record.trials import TrialAssembler
from tests.record.record_helpers import CHANNELS, INFO, NAMES, SESSION, FakeLoop


def live(loop: FakeLoop) -> list[Trial]:
    """The trials that a session following the ring gets."""
    reader = loop.reader()
    assembler = TrialAssembler(reader.between, CHANNELS, info=INFO)
    return [trial for event in reader.events() if (trial := assembler.feed(event)) is not None]


def recorded_trials(loop: FakeLoop, folder: Path) -> list[Trial]:
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    recorder.finish()
    return Recording.open(folder).trials


def test_live_and_recorded_trials_are_the_same_to_the_last_digit(loop: FakeLoop, folder: Path) -> None:
    loop.event("block_start", number=1, name="first", exercise="reach", controller="impedance", trials=3)
    loop.trial(1)
    loop.put(37)
    loop.trial(2, rows=830)
    loop.trial(3, outcome="timeout")
    loop.put(5)
    found = live(loop)
    assert found == recorded_trials(loop, folder)
    assert [trial.outcome for trial in found] == [Outcome.REACHED, Outcome.REACHED, Outcome.TIMEOUT]
    assert all(len(trial.measures) >= 8 for trial in found)


def test_the_name_of_the_block_replaces_its_number(loop: FakeLoop) -> None:
    loop.event("block_start", number=2, name="with help")
    loop.event("trial_start", number=1, block=2)
    loop.event("trial_end", number=1, outcome="reached")
    assert live(loop)[0].block == "with help"


def test_a_trial_that_nothing_ended_is_stopped(loop: FakeLoop, folder: Path) -> None:
    loop.trial(1, outcome=None)
    loop.put(5)
    assert live(loop) == []
    [trial] = recorded_trials(loop, folder)
    assert trial.outcome == "stopped"


def test_a_fault_stops_the_trial_at_once(loop: FakeLoop) -> None:
    loop.trial(1, rows=500, outcome=None)
    loop.event("state", name="faulted")
    loop.event("trial_end", number=1, outcome="stopped")
    [trial] = live(loop)
    assert trial.outcome == "stopped" and trial.last_tick == 499


def test_the_next_trial_stops_one_that_was_left_open(loop: FakeLoop) -> None:
    loop.trial(1, outcome=None)
    loop.trial(2)
    assert [(t.number, t.outcome) for t in live(loop)] == [(1, "stopped"), (2, "reached")]


def test_of_a_trial_without_start_or_target_only_the_work_is_measured(loop: FakeLoop) -> None:
    loop.event("trial_start", number=1, block="a")
    loop.put(1000)
    loop.event("trial_end", number=1, outcome="aborted")
    [trial] = live(loop)
    assert set(trial.measures) == {"assistance_share", "robot_work", "patient_work"} and trial.outcome == "aborted"


def test_a_trial_too_short_for_measures_has_none(loop: FakeLoop) -> None:
    loop.trial(1, rows=3)
    assert live(loop)[0].measures == {}


def test_a_gap_in_the_ticks_doubles_no_row(folder: Path) -> None:
    loop = FakeLoop()
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    loop.trial(1, rows=500, outcome=None)
    recorder.drain()
    loop.put(CAPACITY + 500)
    loop.event("phase", name="dwell")
    loop.put(500)
    loop.event("trial_end", number=1, outcome="reached")
    recorder.finish()
    [trial] = Recording.open(folder).trials
    assert trial.measures and trial.phases["dwell"] > 60.0


def test_the_row_of_the_last_tick_is_waited_for(loop: FakeLoop, folder: Path) -> None:
    loop.trial(1, rows=999, outcome=None)  # the loop says that a trial ended just before it puts the row of that tick
    loop.writer.event(RingEvent("trial_end", 1000, 1.0, {"number": 1, "outcome": "reached"}))
    reader = loop.reader()
    assembler = TrialAssembler(reader.between, CHANNELS, info=INFO, patience=30.0)
    events = reader.events()
    late = threading.Thread(target=loop.put, args=(1,))
    assert [assembler.feed(event) for event in events[:-1]] == [None, None]
    late.start()
    trial = assembler.feed(events[-1])
    late.join()
    assert trial == recorded_trials(loop, folder)[0]
    assert trial.last_tick == 999


def test_a_trial_longer_than_the_ring_keeps_its_measures(loop: FakeLoop) -> None:
    reader = loop.reader()
    assembler = TrialAssembler(reader.between, CHANNELS, info=INFO)
    loop.event("trial_start", number=1, start=(0.3, 0.3), target=(0.3, 0.4))
    assert [assembler.feed(event) for event in reader.events()] == [None]
    loop.put(1000)
    assembler.keep(loop.writer.written)
    for _ in range(CAPACITY // 1000 + 2):
        loop.writer.put([0.0, loop.writer.written * 0.001] + [0.0] * (NAMES.index("x_0") - 2) + [0.3, 0.4])
        for _ in range(999):
            loop.writer.put([0.0, loop.writer.written * 0.001] + [0.0] * (NAMES.index("x_0") - 2) + [0.3, 0.4])
        assembler.keep(loop.writer.written)
    loop.event("trial_end", number=1, outcome="reached")
    [event] = reader.events()
    trial = assembler.feed(event)
    assert trial is not None and trial.measures["movement_time"] < 1.0


def test_measures_count_from_the_go_where_a_cue_or_a_question_comes_before_it(loop: FakeLoop) -> None:
    plain, asked = FakeLoop(), loop
    plain.trial(1, rows=1000)
    [usual] = live(plain)
    asked.event("trial_start", number=1, block=1, start=usual.parameters["start"], target=usual.parameters["target"])
    asked.put(700)
    asked.event("answer", name="aim", value=3)
    asked.put(300)
    asked.event("phase", name="go", late=0.0)
    _same_rows(plain, asked)
    asked.event("trial_end", number=1, outcome="reached", verdict="good")
    [trial] = live(asked)
    assert trial.measures["reaction_time"] == pytest.approx(usual.measures["reaction_time"])
    assert trial.parameters["answers"] == {"aim": 3}
    assert trial.parameters["verdict"] == "good"


def test_a_parameter_that_is_named_like_something_of_the_trial_is_kept_beside_it(loop: FakeLoop) -> None:
    given = {"radius": 0.1, "targets": 8}
    loop.event("trial_start", number=1, block=1, exercise="reach", parameters=given, start=[0.0, 0.4],
               target=[0.1, 0.4], radius=0.01)  # fmt: skip
    loop.put(100)
    loop.event("trial_end", number=1, outcome="reached")
    [trial] = live(loop)
    assert (trial.parameters["radius"], trial.parameters["reach.radius"]) == (0.01, 0.1)
    assert trial.parameters["targets"] == 8


def _same_rows(source: FakeLoop, to: FakeLoop) -> None:
    """The rows of one loop once more in another, with the other's ticks and times."""
    for row in source.reader().rows():
        moved = row.copy()
        moved[0], moved[1] = to.writer.written, to.writer.written * 0.001
        to.writer.put(moved.tolist())


def test_a_phase_that_was_handed_out_late_has_the_time_at_which_it_began(loop: FakeLoop) -> None:
    loop.event("trial_start", number=1)
    loop.put(100)
    loop.event("phase", name="dwell", late=0.003)
    loop.event("trial_end", number=1, outcome="reached")
    [trial] = live(loop)
    assert abs(trial.phases["dwell"] - 0.097) < 1e-9
