"""The application: makes the window, runs it, and turns how it went into an exit code."""

from __future__ import annotations

import sys
from pathlib import Path

from gui.event_loop import run
from gui.opening import open_session, write_report
from gui.qt import QtCore
from gui.theme import DARK, LIGHT, application
from gui.viewmodels.run import Request, SessionRun, Stage
from gui.viewmodels.start import patients, protocols
from gui.viewmodels.waiting import sessions_waiting
from gui.views.window import MainWindow

SHORTLY = 0.5  # s before the end, when the picture is taken
STOPPED, BAD_INPUT, FAILED = 3, 2, 1


def launch(
    request: Request, *, demo: bool, seconds: float | None, dark: bool, screenshot: Path | None, leave: bool
) -> int:
    """Open the window; returns when it is closed: 0, 1 without a report, 2 when nothing could be opened, 3 after a
    safety stop. The folder of the newest recording is the last line on stdout."""
    app = application(DARK if dark else LIGHT)

    def new_run(wanted: Request) -> SessionRun:
        return SessionRun(wanted, open_session, write_report, auto=demo and wanted is request, seconds=seconds)

    window = MainWindow(
        new_run, first=request, choices=lambda: (patients(), protocols()), theme=DARK if dark else LIGHT,
        waiting=() if demo else sessions_waiting(),
    )  # fmt: skip
    runs: list[SessionRun] = []
    window.when_ended(runs.append)
    if screenshot is not None:
        photograph(window, screenshot, seconds)
    if leave:
        window.when_ended(lambda run: QtCore.QTimer.singleShot(0, window.close))
    window.show()
    if demo:
        window.begin(request)
    run(app, window.close)
    if window.recorded is not None:
        print(window.recorded, flush=True)
    if not runs:
        return 0
    if code := exit_code(runs[-1]):
        print(f"rehab: {runs[-1].problem}", file=sys.stderr)
    return code


def exit_code(run: SessionRun) -> int:
    """What a session's end means to the shell."""
    if run.stage is Stage.FAILED:
        return BAD_INPUT
    if run.faulted:
        return STOPPED
    return 0 if run.report is not None else FAILED


def photograph(window: MainWindow, path: Path, seconds: float | None) -> None:
    """Save the window as it looks shortly before the end: during motion when the length is known, else the result."""
    timer = QtCore.QTimer(window)

    def take() -> None:
        if timer.isActive():
            timer.stop()
            if not window.grab().save(str(path), "PNG"):
                print(f"rehab: {path}: the picture cannot be written", file=sys.stderr)

    def watch() -> None:
        if window.run is not None and seconds is not None and window.run.moved_for > seconds - SHORTLY:
            take()

    window.when_ended(lambda run: take())
    timer.timeout.connect(watch)
    timer.start(50)
