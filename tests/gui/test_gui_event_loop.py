"""Signals are answered between two events; garbage is collected in the window's thread, whoever makes it."""

from __future__ import annotations

import ast
import gc
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui import event_loop
from gui.qt import QtCore, QtGui, QtWidgets
from gui.theme import application
from gui.viewmodels.worker import Worker

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


class Held:
    """In a cycle, as a widget is with the lambdas that its buttons call."""

    def __init__(self, seen: list[int]) -> None:
        self.seen, self.me = seen, self

    def __del__(self) -> None:
        self.seen.append(threading.get_ident())


@pytest.fixture
def handlers() -> Iterator[None]:
    """This process's own answers to signals come back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def by_itself(handlers: None) -> None:
    """As Python begins."""
    gc.enable()


@pytest.fixture
def often(by_itself: None) -> Iterator[None]:
    """A few objects are enough to collect."""
    kept = gc.get_threshold()
    gc.set_threshold(50, 1, 1)
    yield
    gc.set_threshold(*kept)


def test_garbage_of_a_worker_is_collected_in_the_windows_thread(
    worker: Worker, often: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = application()
    monkeypatch.setattr(event_loop, "EVERY", 1)
    seen: list[int] = []

    def job() -> None:
        for _ in range(200):
            Held(seen)

    def look() -> None:
        if worker.results():
            worker.submit("more", job)
        if len(seen) > 1000:
            app.quit()

    timer = QtCore.QTimer()
    timer.timeout.connect(look)
    timer.start(1)
    worker.submit("some", job)
    event_loop.run(app, app.quit)
    assert len(seen) > 1000
    assert set(seen) == {threading.get_ident()}


def test_python_collects_by_itself_again_when_the_window_is_gone(by_itself: None) -> None:
    app = application()
    seen: list[bool] = []
    QtCore.QTimer.singleShot(0, lambda: (seen.append(gc.isenabled()), app.quit()))
    event_loop.run(app, app.quit)
    assert seen == [False]
    assert gc.isenabled()


class Struck(QtWidgets.QWidget):
    """The signal comes in the middle of its painting, as it may in any line of Python."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__()
        self.number, self.seen = number, list[str]()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802
        self.seen.append("painting")
        signal.raise_signal(self.number)
        self.seen.append("painted")

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:  # noqa: N802
        self.seen.append("closed")
        super().closeEvent(event)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_middle_of_painting_closes_the_window_after_it(number: signal.Signals, handlers: None) -> None:
    app = application()
    window = Struck(number)
    window.show()
    event_loop.run(app, window.close)
    assert window.seen == ["painting", "painted", "closed"]


def test_no_program_of_ours_runs_a_window_by_qts_loop_alone() -> None:
    """One that did hung now and then: a worker's collection had stopped the window's timers."""
    programs = [path for folder in ("gui", "docs", "tests", "rehab") for path in (ROOT / folder).rglob("*.py")]
    bare = [
        path.relative_to(ROOT).as_posix()
        for path in programs
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "exec"
    ]
    assert bare == ["gui/event_loop.py"]
