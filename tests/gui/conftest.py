"""Windows run offscreen when there is no screen; any Qt warning fails the test that caused it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import gui.qt  # noqa: F401 - chooses the platform before pytest-qt makes the application
from gui.event_loop import collect
from gui.theme import application
from gui.viewmodels.run import Request, SessionRun
from gui.viewmodels.start import Choice
from gui.viewmodels.worker import Worker
from gui.views.window import MainWindow
from rehab.core.clock import ManualClock
from tests.gui.fake_session import FakeSession

HERE = Path(__file__).parent
WAIT = 60_000  # ms; a bound for a hanging test, not a deadline


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[Any]:
    """As in the application (gui.event_loop): widgets are collected in this thread only. Another that collects them, of
    a worker or of the test run itself, stops the timers of the next window or kills it.
    """
    if not ours(item):
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.disable()  # a test of the event loop leaves it on
        gc.collect(0)  # all that this test has left
        collect()
        if not ours(nextitem):
            gc.collect()
            gc.enable()


def ours(item: pytest.Item | None) -> bool:
    return item is not None and HERE in item.path.parents


@pytest.fixture
def fake(tmp_path: Path) -> FakeSession:
    return FakeSession(tmp_path)


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def no_qt_warnings(qtlog: Any) -> Iterator[None]:
    yield
    assert [record.message for record in qtlog.records] == []


@pytest.fixture
def window(qtbot: Any, no_qt_warnings: None, fake: FakeSession, clock: ManualClock) -> Iterator[MainWindow]:
    """The main window on its start page; its sessions are the fake one. Time stands still unless a test moves it: a
    session whose ticks only come when asked for must not count as silent because the machine is slow."""
    application()

    def report(session: Any) -> Path:
        return session.folder / "report.pdf"

    made = MainWindow(
        lambda request: SessionRun(request, lambda _: fake, report, clock=clock),
        first=Request(patient="stroke"),
        choices=lambda: ([Choice("", "nobody"), Choice("stroke", "stroke")], [Choice("reach_demo", "Demonstration")]),
    )
    made.show()  # not qtbot.addWidget: it deletes the window before a running session could end
    yield made
    if made.run is not None:
        made.run.end()
        qtbot.waitUntil(lambda: made.run is None or made.run.over, timeout=WAIT)
    made.close()
    made.deleteLater()


@pytest.fixture
def ready(window: MainWindow, qtbot: Any) -> MainWindow:
    """A session is open and its protocol prepared."""
    window.begin(Request(patient="stroke"))
    until(qtbot, lambda: window.training is not None and window.training.model.can_start)
    return window


@pytest.fixture
def running(ready: MainWindow, qtbot: Any) -> MainWindow:
    """The arm moves."""
    assert ready.training is not None
    ready.training.controls.start.click()
    until(qtbot, lambda: ready.training is not None and ready.training.model.can_pause)
    return ready


def until(qtbot: Any, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=WAIT)
