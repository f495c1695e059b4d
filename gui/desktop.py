"""The application: opens the store, shows the window, and goes on until it is closed."""

from __future__ import annotations

import signal
from pathlib import Path

from gui import i18n
from gui.qt import QtCore
from gui.theme import LIGHT, THEMES, application
from gui.viewmodels.desk import Desk
from gui.views.shell import Shell
from rehab.clinic.clinic import Clinic


def desktop(
    store: Path | str | None, *, device: str, out: Path | None, language: str | None, theme: str | None
) -> int:
    """Returns when the window is closed. Until somebody signs in it speaks `language`, or that of the system."""
    i18n.use(language or system_language())
    chosen = THEMES[theme] if theme else LIGHT
    app = application(chosen)
    clinic = Clinic.open(store)
    try:
        window = Shell(Desk(clinic, device=device, out=out), theme=chosen)
        for number in (signal.SIGINT, signal.SIGTERM):  # Python sees them at the next frame: stop, save, leave
            signal.signal(number, lambda *_: window.close())
        awake = QtCore.QTimer()
        awake.timeout.connect(lambda: None)
        awake.start(200)
        window.show()
        app.exec()
    finally:
        clinic.close()
    return 0


def system_language() -> str:
    """Of those there are, the system's; else English."""
    code = QtCore.QLocale.system().name().partition("_")[0]
    return code if code in i18n.LANGUAGES else "en"
