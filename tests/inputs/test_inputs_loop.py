"""The loop hears the user: stops first, pauses by the pedal, and what happens when nobody speaks any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from rehab.core import registry
from rehab.core.intent import Word
from rehab.core.safety.faults import Fault
from rehab.realtime import ring, shm, snapshot
from rehab.realtime.layout import channels
from rehab.realtime.pacing import Pacer
from rehab.realtime.ring import RingReader, RingWriter
from rehab.realtime.snapshot import SnapshotWriter
from rehab.session import messages
from rehab.session.loop import Loop
from tests.session.conftest import ManualClock, ObedientDevice, Push, ShortTrials, block, plan

NAMES = [channel.name for channel in channels(2, 2)]


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._local, ("exercise", "short_trials"), ShortTrials)
    monkeypatch.setitem(registry._local, ("controller", "push"), Push)


class Talk:
    """A loop whose user says `says`, stamped now, or as long ago as `late` (s)."""

    def __init__(self, *, pedal: bool = False) -> None:
        self.clock = ManualClock()
        self.says, self.late, self.runs = Word(0.0, (0.0, 0.0), ()), 0.0, [-1.0]
        self.memory = shm.anonymous(ring.SIZE)
        description = messages.Description(session="s", run="", folder="", device="test:arm", pedal=pedal)
        self.loop = Loop(
            ObedientDevice(self.clock), self.clock, RingWriter(self.memory),
            SnapshotWriter(shm.anonymous(snapshot.SIZE)), description, {}, self._listen,
        )  # fmt: skip
        self.ring, self.pacer, self.events = RingReader(self.memory), Pacer(self.clock, 0.001), []
        self.step()

    def _listen(self, now: float, run: float) -> Word:
        self.runs.append(run)
        return self.says._replace(time=now - self.late)

    def step(self, ticks: int = 1) -> dict[str, float]:
        for _ in range(ticks):
            self.loop.step(self.pacer.wait())
        self.events += self.ring.events()
        return dict(zip(NAMES, self.ring.rows()[-1], strict=False))

    def start(self) -> None:
        for request in (messages.Prepare(plan=plan(block(trials=50))), messages.Arm(), messages.Start()):
            error = self.loop.handle(request)
            assert not error, error
        self.step(400)

    def of(self, kind: str) -> list[Any]:
        self.events += self.ring.events()
        return [event.data for event in self.events if event.kind == kind]


@pytest.fixture
def talk() -> Iterator[Talk]:
    yield Talk()


def test_what_is_asked_for_is_in_the_state_and_in_the_row_of_the_same_tick(talk: Talk) -> None:
    talk.start()
    talk.says = Word(0.0, (0.3, -0.7), (0.0, 1.0))
    row = talk.step()
    assert (row["intent_0"], row["intent_1"], row["offer_1"]) == (0.3, -0.7, 1.0)
    assert talk.loop.last is not None
    assert talk.loop.last.state.intent.tolist() == [0.3, -0.7]
    assert row["host_intent_age"] == pytest.approx(0.0, abs=1e-6)


def test_a_user_who_falls_silent_is_told_once_and_asks_for_nothing_after_300_ms(talk: Talk) -> None:
    talk.start()
    talk.says = Word(0.0, (1.0, 0.0), ())
    assert talk.step()["intent_0"] == 1.0
    seen = []
    for _ in range(400):
        talk.late += 0.001
        seen.append(talk.step()["intent_0"])
    assert seen[195] == 1.0
    assert 0.0 < seen[250] < 1.0
    assert not np.any(seen[301:])
    (warning,) = talk.of("warning")
    assert warning["name"] == "F45 an input does not answer"
    assert talk.loop.state == "running"


def test_a_pressed_pedal_stops_at_its_tick(talk: Talk) -> None:
    talk.start()
    talk.says = talk.says._replace(stops=1, pressed=True)
    talk.step()
    assert talk.of("stop") == [{"by": "stop pedal"}]
    assert talk.loop.rig.monitor.releasing
    talk.step(200)
    assert talk.loop.state == "idle"


def test_nobody_arms_while_the_pedal_is_pressed() -> None:
    talk = Talk(pedal=True)
    talk.loop.handle(messages.Prepare(plan=plan(block())))
    talk.says = talk.says._replace(pressed=True, stops=1)
    talk.step()
    assert "stop pedal is still pressed" in talk.loop.handle(messages.Arm())
    talk.says = talk.says._replace(pressed=False)
    talk.step()
    assert talk.loop.handle(messages.Arm()) == ""


def test_nobody_arms_without_the_pedal_that_was_asked_for() -> None:
    talk = Talk(pedal=True)
    talk.loop.handle(messages.Prepare(plan=plan(block())))
    talk.late = float("inf")
    talk.step()
    assert "F46 the pedal does not answer" in talk.loop.handle(messages.Arm())


@pytest.mark.parametrize("how", ["silent", "its line is gone"])
def test_a_pedal_that_is_lost_stops_the_arm(how: str) -> None:
    talk = Talk(pedal=True)
    talk.start()
    if how == "silent":
        talk.late = 0.25
    else:
        talk.says = talk.says._replace(pedal_lost=True)
    talk.step()
    assert talk.loop.rig.monitor.fault is Fault.PEDAL_LOST
    assert talk.loop.state == "faulted"
    assert talk.step(150)["enable"] == 0.0


def test_letting_the_hold_to_run_pedal_go_pauses_and_pressing_it_goes_on(talk: Talk) -> None:
    talk.start()
    talk.says = talk.says._replace(run=False)
    talk.step()
    assert talk.loop.state == "paused"
    talk.step(50)
    talk.says = talk.says._replace(run=True)
    talk.step()
    assert talk.loop.state == "running"
    commands = [(e["name"], e["by"]) for e in talk.of("command") if e["by"] == "hold-to-run pedal"]
    assert commands == [("pause", "hold-to-run pedal"), ("resume", "hold-to-run pedal")]


def test_the_pedal_never_resumes_what_somebody_else_paused(talk: Talk) -> None:
    talk.start()
    talk.loop.handle(messages.Pause(by="therapist"))
    talk.step()
    for held in (False, True):
        talk.says = talk.says._replace(run=held)
        talk.step(5)
        assert talk.loop.state == "paused"


def test_typed_keys_count_for_200_ms_and_leave_no_command_event(talk: Talk) -> None:
    talk.start()
    assert talk.loop.handle(messages.Steer(intent=(0.0, 1.0), by="window")) == ""
    assert talk.step()["intent_1"] == 1.0
    assert talk.step(195)["intent_1"] == 1.0
    assert talk.step(110)["intent_1"] == 0.0
    assert "steer" not in [event["name"] for event in talk.of("command")]
    assert talk.of("warning") == [], "a key that is let go is no fault"


@pytest.mark.parametrize("intent", [(), (1.0,), (float("nan"), 0.0), (0.0, 0.0, 0.0)])
def test_typed_nonsense_is_refused(talk: Talk, intent: tuple[float, ...]) -> None:
    assert "an intent is 2 numbers" in talk.loop.handle(messages.Steer(intent=intent))


def test_the_time_a_script_goes_by_begins_with_the_exercise_and_again_with_the_next(talk: Talk) -> None:
    assert talk.runs[-1] == -1.0
    talk.start()
    assert talk.runs[-400] == 0.0
    assert talk.runs[-1] == pytest.approx(0.399)
    talk.loop.handle(messages.Stop())
    talk.step(200)
    assert talk.runs[-1] == -1.0
