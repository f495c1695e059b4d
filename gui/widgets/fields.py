"""Fields for what must not be read over a shoulder, and a PIN that is asked for in place."""

from __future__ import annotations

from gui.i18n import tr
from gui.qt import Qt, QtWidgets, Signal
from gui.theme import GRID, Theme
from gui.widgets.buttons import IconButton
from gui.widgets.plain import field


def secret(*, digits: bool = False) -> QtWidgets.QLineEdit:
    """A password, or a PIN with `digits`."""
    line = QtWidgets.QLineEdit()
    line.setEchoMode(QtWidgets.QLineEdit.EchoMode.Password)
    hints = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
    if digits:
        hints |= Qt.InputMethodHint.ImhDigitsOnly
        line.setMaxLength(8)
        line.setMaximumWidth(24 * GRID)
    line.setInputMethodHints(hints)
    return line


class PinAsked(QtWidgets.QWidget):
    """A PIN and the button that needs it; `given` carries it, and the field is empty again."""

    given = Signal(str)

    def __init__(self, words: str, icon: str) -> None:
        super().__init__()
        self.pin = secret(digits=True)
        self.button = IconButton(words, icon, words, kind="go")
        self.button.setEnabled(False)
        self.pin.textChanged.connect(lambda text: self.button.setEnabled(len(text) >= 4))
        self.pin.returnPressed.connect(self._give)
        self.button.clicked.connect(self._give)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(field(tr("Your PIN"), self.pin))
        layout.addWidget(self.button, 1, Qt.AlignmentFlag.AlignBottom)

    def dress(self, theme: Theme) -> None:
        self.button.dress(theme)

    def _give(self) -> None:
        pin = self.pin.text()
        if len(pin) >= 4:
            self.pin.clear()
            self.given.emit(pin)
