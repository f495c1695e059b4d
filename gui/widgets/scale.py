"""One question with eleven answers in a row, 0 to 10: big numbers, faces or words under them. One click answers."""

from __future__ import annotations

from collections.abc import Mapping

from gui.i18n import mark, tr
from gui.qt import Qt, QtCore, QtWidgets, Signal, qtawesome
from gui.theme import GRID, LIGHT, Theme
from gui.widgets.plain import Row, muted, title

PAIN_FACES = {0: "fa6s.face-laugh", 2: "fa6s.face-smile", 4: "fa6s.face-meh", 6: "fa6s.face-frown",
              8: "fa6s.face-frown-open", 10: "fa6s.face-sad-tear"}  # fmt: skip
PAIN = {0: mark("no pain"), 5: mark("moderate pain"), 10: mark("worst pain imaginable")}
FATIGUE = {0: mark("rested"), 5: mark("tired"), 10: mark("exhausted")}


class Answer(QtWidgets.QPushButton):
    """One number, with its face."""

    def __init__(self, value: int, face: str, says: str) -> None:
        super().__init__(f"\u2009{value}" if face else str(value))  # a thin space after the face
        self.value, self._face = value, face
        self.setCheckable(True)
        self.setProperty("answer", True)
        self.setAccessibleName(says)
        self.setIconSize(QtCore.QSize(24, 24))
        self.setMinimumHeight(64)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Preferred)

    def dress(self, theme: Theme) -> None:
        if self._face:
            colour = theme.on_accent if self.isChecked() else theme.text
            self.setIcon(qtawesome.icon(self._face, color=colour))


class Scale(QtWidgets.QFrame):
    """`chosen` comes with every answer, also a changed one; arrows go from number to number, Enter chooses."""

    chosen = Signal(int)

    def __init__(self, question: str, words: Mapping[int, str], faces: Mapping[int, str] | None = None) -> None:
        super().__init__()
        self.setProperty("card", True)
        self._theme = LIGHT
        self.value: int | None = None
        faces = faces or {}
        self.answers = []
        for value in range(11):
            meant = tr(words[value]) if value in words else ""
            says = f"{question} {value}" + (f", {meant}" if meant else "")
            answer = Answer(value, faces.get(value, ""), says)
            answer.clicked.connect(lambda checked=False, value=value: self._choose(value))
            self.answers.append(answer)
        ends = Row(muted(tr(words[0]), wrap=False), None, muted(tr(words[5]), wrap=False), None,
                   muted(tr(words[10]), wrap=False))  # fmt: skip
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.setSpacing(GRID // 2)
        layout.addWidget(title(question))
        layout.addLayout(Row(*self.answers, spacing=GRID // 2))
        layout.addLayout(ends)

    def show_value(self, value: int | None) -> None:
        changed, self.value = value != self.value, value
        for answer in self.answers:
            answer.setChecked(answer.value == value)
        if changed:
            self.dress(self._theme)

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        for answer in self.answers:
            answer.dress(theme)

    def _choose(self, value: int) -> None:
        self.show_value(value)
        self.chosen.emit(value)
