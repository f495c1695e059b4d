"""The patient's screen, a process of its own: `python -m gui.patient SESSION`. It draws, answers, and can stop.

With --from-window the therapist's window speaks over standard input and hears the answers on standard output, one line
of JSON (gui.viewmodels.screen_settings.Said) each; when that window goes, this one goes too.
"""

from __future__ import annotations

import argparse
import os
import sys

import msgspec

from gui import i18n
from gui.event_loop import run
from gui.qt import QtCore, QtWidgets
from gui.theme import CONTRAST, application
from gui.viewmodels.patient_screen import PatientScreen
from gui.viewmodels.screen_settings import Said, ScreenSettings
from gui.viewmodels.watched import Watched
from gui.viewmodels.worker import Worker
from gui.views.patient_screen import PatientWindow, put
from gui.widgets.voice import Speech
from rehab.core.errors import BadInput, RehabError

STAYS = 15000  # ms after the session's end: long enough to read "well done"


def show(session: str, settings: ScreenSettings, *, from_window: bool) -> int:
    """Until the session has ended, or the window is closed."""
    watched = Watched(session)
    i18n.use(settings.language)
    app = application(CONTRAST)
    worker = Worker(chained=False)
    model = PatientScreen(watched, settings, worker)
    window = PatientWindow(model, Speech(settings.language))
    ear = Ear(model, window) if from_window else None
    look = QtCore.QTimer(window)

    def often() -> None:
        if ear is not None:
            ear.report()
        if model.over and model.question is None and look.property("leaving") is None:
            look.setProperty("leaving", True)
            QtCore.QTimer.singleShot(STAYS, app.quit)

    look.timeout.connect(often)
    look.start(100)
    put(window, app.screens(), app.primaryScreen())
    run(app, app.quit)
    window.close()
    worker.close()
    return 0


class Ear(QtCore.QObject):
    """Both directions of the line to the therapist's window."""

    def __init__(self, model: PatientScreen, window: QtWidgets.QWidget) -> None:
        super().__init__(window)
        self._model, self._pending, self._shown = model, b"", False
        os.set_blocking(0, False)
        self._notifier = QtCore.QSocketNotifier(0, QtCore.QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._hear)

    def _hear(self) -> None:
        try:
            data = os.read(0, 65536)
        except BlockingIOError:
            return
        if not data:
            self._notifier.setEnabled(False)
            QtWidgets.QApplication.quit()
            return
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            try:
                self._model.told(msgspec.json.decode(line, type=Said))
            except (msgspec.MsgspecError, ValueError) as error:  # of another version: what is shown stays
                print(f"rehab: {error}", file=sys.stderr)

    def report(self) -> None:
        while self._model.answered:
            self._say(Said(answered=self._model.answered.popleft()))
        if not self._shown:
            self._shown = True
            self._say(Said(shown=True))

    def _say(self, said: Said) -> None:
        try:
            os.write(1, msgspec.json.encode(said) + b"\n")
        except OSError:
            QtWidgets.QApplication.quit()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m gui.patient", description="The patient's screen of a session.")
    parser.add_argument("session", help="id of the running session")
    parser.add_argument("--settings", default="{}", help="JSON")
    parser.add_argument("--from-window", action="store_true", help="spoken to by the therapist's window")
    args = parser.parse_args()
    try:
        try:
            settings = msgspec.json.decode(args.settings, type=ScreenSettings)
        except (msgspec.MsgspecError, ValueError) as error:
            raise BadInput(f"--settings: {error}") from None
        return show(args.session, settings, from_window=args.from_window)
    except RehabError as error:
        print(f"rehab: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
