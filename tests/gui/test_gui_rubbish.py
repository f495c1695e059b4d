"""Widgets in cycles are destroyed in the window's thread, whichever thread makes the garbage."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest

from gui import rubbish
from gui.qt import QtCore
from gui.theme import application
from gui.viewmodels.worker import Worker

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


class Held:
    """In a cycle, as a widget is with the lambdas that its buttons call."""

    def __init__(self, seen: list[int]) -> None:
        self.seen, self.me = seen, self

    def __del__(self) -> None:
        self.seen.append(threading.get_ident())


@pytest.fixture
def by_itself(rubbish_is_left_to_this_thread: None) -> None:
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
    monkeypatch.setattr(rubbish, "EVERY", 1)
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
    rubbish.run(app)
    assert len(seen) > 1000
    assert set(seen) == {threading.get_ident()}


def test_python_collects_by_itself_again_when_the_window_is_gone(by_itself: None) -> None:
    app = application()
    seen: list[bool] = []
    QtCore.QTimer.singleShot(0, lambda: (seen.append(gc.isenabled()), app.quit()))
    rubbish.run(app)
    assert seen == [False]
    assert gc.isenabled()
