"""The application on a real screen, with somebody who says what can be seen: `rehab gui` of a store, and a window's
widgets as JSON for each line on its stdin. It presses nothing: hands are outside, at the X server.

python on_screen.py STORE OUT
"""

import json
import sys
from pathlib import Path

from gui.desktop import desktop
from gui.qt import QtCore, QtWidgets

KINDS = (QtWidgets.QAbstractButton, QtWidgets.QLineEdit, QtWidgets.QLabel)


def look() -> str:
    window = next(w for w in QtWidgets.QApplication.topLevelWidgets() if isinstance(w, QtWidgets.QMainWindow))
    focus = QtWidgets.QApplication.focusWidget()
    found = [
        {
            "words": widget.text().strip("\u00a0\u2009 "), "name": widget.accessibleName(),
            "enabled": widget.isEnabled(),
            "at": (at := widget.mapToGlobal(widget.rect().center())).toTuple(),
            "seen": widget.visibleRegion().contains(widget.mapFromGlobal(at)),
            "pressed": isinstance(widget, QtWidgets.QAbstractButton), "focus": widget is focus,
        }
        for kind in KINDS for widget in window.findChildren(kind) if widget.isVisible()
    ]  # fmt: skip
    return json.dumps(found)


def answer() -> None:
    if not sys.stdin.readline():
        notifier.setEnabled(False)
        return
    print(look(), flush=True)


if __name__ == "__main__":
    from gui.theme import application

    application()
    notifier = QtCore.QSocketNotifier(sys.stdin.fileno(), QtCore.QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda *_: answer())
    sys.exit(desktop(sys.argv[1], device="sim:planar_arm", out=Path(sys.argv[2]), language="en", theme="light"))
