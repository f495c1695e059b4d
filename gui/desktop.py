"""The application: opens the store, shows the window, and goes on until it is closed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from gui import i18n
from gui.event_loop import run
from gui.qt import QtCore
from gui.theme import LIGHT, THEMES, application
from gui.viewmodels.desk import Desk
from gui.views.shell import Shell
from rehab.clinic.clinic import Clinic

if TYPE_CHECKING:
    from gui.viewmodels.run import Request, SessionRun


def desktop(
    store: Path | str | None, *, device: str, out: Path | None, language: str | None, theme: str | None,
    leave: bool = False,
) -> int:  # fmt: skip
    """Returns when the window is closed. Until somebody signs in it speaks `language`, or that of the system.

    `leave`: close it again once it has been painted, and print what it took to get there.
    """
    i18n.use(language or system_language())
    chosen = THEMES[theme] if theme else LIGHT
    app = application(chosen)
    clinic = Clinic.open(store)
    try:
        window = Shell(Desk(clinic, device=device, out=out, new_run=open_run), theme=chosen)
        window.show()
        if leave:
            QtCore.QTimer.singleShot(0, lambda: _leave(window))
        run(app, window.close)
    finally:
        clinic.close()
    return 0


def _leave(window: Shell) -> None:
    """Say what it took until the window could be seen: of the processor, which other processes do not change."""
    window.repaint()
    print(f"first window after {time.process_time():.2f} s of CPU")
    window.close()


def open_run(request: Request) -> SessionRun:
    """What a session needs is imported when the first one is opened: the first window does not wait for it."""
    from gui.opening import new_run

    return new_run(request)


def system_language() -> str:
    """Of those there are, the system's; else English."""
    code = QtCore.QLocale.system().name().partition("_")[0]
    return code if code in i18n.LANGUAGES else "en"
