"""One session from the request to the report, without a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.viewmodels.run import Request, SessionRun, Stage
from rehab.core.clock import ManualClock
from rehab.core.errors import DeviceRefused, RehabError
from tests.gui.fake_session import FakeSession
from tests.gui.helpers import settle, wait_until

New = Callable[..., SessionRun]


def report(session: Any) -> Path:
    return Path(session.folder) / "report.pdf"


@pytest.fixture
def new(fake: FakeSession, clock: ManualClock) -> Iterator[New]:
    made: list[SessionRun] = []

    def make(open_session: Any = lambda _: fake, finish: Any = report, **options: Any) -> SessionRun:
        made.append(SessionRun(Request(), open_session, finish, clock=clock, **options))
        return made[-1]

    yield make
    for run in made:
        run.close()


def until_stage(run: SessionRun, stage: Stage) -> None:
    def there() -> bool:
        run.refresh()
        return run.stage is stage

    wait_until(there)


def until_running(run: SessionRun, fake: FakeSession) -> None:
    until_stage(run, Stage.TRAINING)
    wait_until(lambda: (run.refresh(), fake.state == "running")[1])
    assert run.training is not None
    settle(run.training)
    run.refresh()


def test_an_opened_session_is_prepared_and_waits_for_start(new: New, fake: FakeSession) -> None:
    run = new()
    until_stage(run, Stage.TRAINING)
    assert run.training is not None
    settle(run.training)
    assert fake.asked == ["prepare"]
    assert run.training.total == 16


def test_a_demonstration_starts_by_itself_and_ends_after_its_seconds(
    new: New, fake: FakeSession, clock: ManualClock
) -> None:
    run = new(auto=True, seconds=20.0)
    until_running(run, fake)
    clock.advance(19.9)
    fake.advance(0.01)
    run.refresh()
    assert run.stage is Stage.TRAINING
    clock.advance(0.2)
    run.refresh()
    until_stage(run, Stage.ENDED)
    assert fake.asked == ["prepare", "arm", "start", "stop", "close"]
    assert run.report == fake.folder / "report.pdf"
    assert not run.faulted


def test_a_demonstration_never_arms_hardware(new: New, fake: FakeSession, tmp_path: Path) -> None:
    import msgspec

    hardware = FakeSession(tmp_path, info=msgspec.structs.replace(fake.info, simulated=False))
    run = new(lambda _: hardware, auto=True)
    until_stage(run, Stage.TRAINING)
    assert run.training is not None
    settle(run.training)
    assert hardware.asked == ["prepare"]


def test_the_session_ends_by_itself_when_the_protocol_has_ended(new: New, fake: FakeSession) -> None:
    run = new()
    until_stage(run, Stage.TRAINING)
    assert run.training is not None
    settle(run.training)
    run.training.start()
    settle(run.training)
    fake.advance(33.0)
    until_stage(run, Stage.ENDED)
    assert run.summary == "16 trials: 13 reached, 3 too slow"


def test_after_a_persons_stop_the_session_stays_open(new: New, fake: FakeSession) -> None:
    run = new()
    until_stage(run, Stage.TRAINING)
    assert run.training is not None
    settle(run.training)
    run.training.start()
    settle(run.training)
    run.training.stop()
    settle(run.training)
    run.refresh()
    assert run.stage is Stage.TRAINING
    assert run.training.can_start


def test_a_session_that_cannot_be_opened_says_why(new: New) -> None:
    def refuse(request: Request) -> Any:
        raise DeviceRefused(f"{request.device} is busy")

    run = new(refuse)
    until_stage(run, Stage.FAILED)
    assert run.problem == "sim:planar_arm is busy"


def test_without_a_report_the_recording_is_still_named(new: New, fake: FakeSession) -> None:
    def fail(session: Any) -> Path:
        raise RehabError("the report cannot be written: No space left on device")

    fake.problem = "its last second is missing"
    run = new(finish=fail)
    until_stage(run, Stage.TRAINING)
    run.end()
    until_stage(run, Stage.ENDED)
    assert (run.report, run.folder) == (None, fake.folder)
    assert run.problem == (
        "the recording: its last second is missing; the report cannot be written: No space left on device"
    )


def test_ending_while_the_session_still_opens_closes_it_once_it_is_open(new: New, fake: FakeSession) -> None:
    run = new(auto=True)
    run.end()
    until_stage(run, Stage.ENDED)
    assert fake.asked == ["close"]


def test_a_session_that_ends_in_a_fault_is_known_as_such(new: New, fake: FakeSession) -> None:
    run = new(auto=True, seconds=5.0)
    until_running(run, fake)
    fake.fail(9, "F09 device unplugged", "the line was hung up", "RAMP_OFF", "plug it in")
    run.refresh()
    run.end()
    until_stage(run, Stage.ENDED)
    assert run.faulted
    assert run.problem == "F09 device unplugged: The line was hung up. Plug it in"


def test_a_session_that_ends_by_itself_after_a_fault_has_ended_by_it(new: New, fake: FakeSession) -> None:
    """A disk that takes nothing more stops the arm, and then the session."""
    run = new(auto=True)
    until_running(run, fake)
    fake.fail(30, "F30 nothing can be recorded", "the recorder died", "STOP", "check the disk")
    run.refresh()
    fake.state = "ended"
    fake.advance(0.002)
    until_stage(run, Stage.ENDED)
    assert run.faulted and "F30 nothing can be recorded" in run.problem


def test_a_demonstration_that_cannot_start_ends_with_the_reason(new: New, fake: FakeSession) -> None:
    fake.refuse["arm"] = "the self test of timing failed"
    run = new(auto=True, seconds=5.0)
    until_stage(run, Stage.ENDED)
    assert "the self test of timing failed" in run.problem
