"""A window that is open for hours keeps nothing of the frames it has shown: only trials, notes and what they hold stay.

Time is the played session's; an hour of real processes is in tests/e2e/test_e2e_memory.py (-m long).
"""

from __future__ import annotations

import gc
import tracemalloc
from collections import Counter, deque
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gui.qt import QtWidgets
from gui.theme import application
from gui.viewmodels.run import Request, SessionRun
from gui.views.shell import Shell
from gui.views.training import TrainingView
from rehab.core.clock import ManualClock
from rehab.core.types import Trial
from tests.gui.conftest import until
from tests.gui.desks import desk_with, shell_of
from tests.gui.fake_session import FakeSession

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("no_qt_warnings")]
FRAMES = 100
STEP = 0.2  # s of the session in a frame: a minute's work in ten seconds
A_TRIAL = 12  # objects that a trial may leave in the window: itself, its measures, its place in lists
STILL = 0.02  # s of the session in a frame while the arm is paused: what is counted by the second comes round twice
A_FRAME = 200.0  # bytes a frame that are noise, and what Qt for Python keeps of enumerations: 20 MB in an hour


@pytest.fixture
def going(qtbot: Any, tmp_path: Path, clock: ManualClock) -> Iterator[tuple[Shell, FakeSession]]:
    """A session of a thousand trials is under way."""
    application()
    fake = FakeSession(tmp_path, trials=1000)
    run = SessionRun(Request(patient="stroke"), lambda _: fake, lambda s: s.folder / "report.pdf", clock=clock)
    shell = shell_of(desk_with(run))
    shell.desk.alarms.checked = True
    until(qtbot, lambda: run.training is not None and run.training.can_start and bool(view(shell)))
    view(shell).controls.start.click()
    until(qtbot, lambda: view(shell).model.can_pause)
    yield shell, fake
    run.end()
    until(qtbot, lambda: run.over)
    shell.close()
    shell.deleteLater()


def view(shell: Shell) -> TrainingView:
    page: Any = shell.page
    return page.training


def show(shell: Shell, fake: FakeSession, clock: ManualClock, frames: int, step: float) -> None:
    """That many frames; every tab is looked at, and painted."""
    side = view(shell).side
    for frame in range(frames):
        if step:
            fake.advance(step)
        clock.advance(1.0 / 30.0)
        side.setCurrentIndex(frame // 10 % side.count())
        shell.frame()
        QtWidgets.QApplication.processEvents()


def objects() -> Counter[str]:
    gc.collect()
    return Counter(type(thing).__name__ for thing in gc.get_objects())


def test_frames_leave_nothing_behind(going: tuple[Shell, FakeSession], clock: ManualClock) -> None:
    """The arm is paused: no trial ends, so no object may be there that was not there before. What leaks does so every
    time; what is made once (a cache, an import) is not there a second time."""
    shell, fake = going
    show(shell, fake, clock, 40, STEP)
    fake.pause()
    grown = []
    before = objects()
    for _ in range(3):
        show(shell, fake, clock, FRAMES, STILL)
        now = objects()
        grown.append(now - before)
        before = now
    least = min(grown, key=Counter.total)
    assert least.total() < FRAMES / 10, least.most_common(8)  # not even one object in ten frames


def test_a_trial_leaves_itself_and_little_more(going: tuple[Shell, FakeSession], clock: ManualClock) -> None:
    shell, fake = going
    show(shell, fake, clock, FRAMES, STEP)
    before, trials = objects(), len(fake.trials)
    show(shell, fake, clock, FRAMES, STEP)
    after, done = objects(), len(fake.trials) - trials
    assert done >= 8
    assert after["Trial"] - before["Trial"] == done  # the session's own; no second list of them
    grown = sum((after - before).values())
    assert grown < A_TRIAL * done + FRAMES / 5, (done, (after - before).most_common(8))


def test_memory_is_flat_over_frames(going: tuple[Shell, FakeSession], clock: ManualClock) -> None:
    shell, fake = going
    show(shell, fake, clock, 40, STEP)
    fake.pause()
    tracemalloc.start()
    try:
        held = []
        for _ in range(4):
            show(shell, fake, clock, FRAMES, STILL)
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    least = min(after - before for before, after in pairwise(held))
    assert least < A_FRAME * FRAMES, f"{least} bytes in {FRAMES} frames, every time: {held}"


def test_what_a_window_keeps_of_a_session_is_bounded_but_for_its_trials(
    going: tuple[Shell, FakeSession], clock: ManualClock
) -> None:
    """Every list, dict, set and deque of the models, by name, before and after a minute."""
    shell, fake = going
    model = view(shell).model
    parts = {"model": model, "traces": model.traces, "health": model.health, "tuning": model.tuning,
             "bedside": model.bedside, "effort": model.effort, "after": model.after, "alarms": shell.desk.alarms,
             "desk": shell.desk, "run": shell.desk.run}  # fmt: skip

    def sizes() -> dict[str, int]:
        return {
            f"{part}.{name}": len(value)
            for part, of in parts.items() for name, value in vars(of).items()
            if isinstance(value, list | dict | set | deque) and not any(isinstance(v, Trial) for v in value)
        }  # fmt: skip

    show(shell, fake, clock, FRAMES, STEP)
    before = sizes()
    show(shell, fake, clock, FRAMES, STEP)
    assert {name: size for name, size in sizes().items() if size > before.get(name, 0) + 2} == {}
