"""Who it is: name, birth date and side together, large enough to be compared with the person in the chair."""

from __future__ import annotations

from gui.i18n import tr
from gui.qt import QtWidgets
from gui.theme import GRID
from gui.widgets.plain import Row, far, title


class Identity(QtWidgets.QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.name, self.born, self.side, self.code = far(), title(), title(), title()
        for label, says in ((self.name, tr("Name")), (self.born, tr("Birth date")), (self.side, tr("Side")),
                            (self.code, tr("Code"))):  # fmt: skip
            label.setAccessibleDescription(says)
        self.born.setWordWrap(False)
        self.side.setWordWrap(False)
        self.code.setWordWrap(False)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.name)
        layout.addLayout(Row(self.born, self.side, self.code, None, spacing=3 * GRID))

    def show_patient(self, name: str, born: str, side: str, code: str) -> None:
        self.name.setText(name)
        self.born.setText(born)
        self.side.setText(side)
        self.code.setText(code)
