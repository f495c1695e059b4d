"""Trials left out or once more, moments marked, notes as ready words; free text only while the arm has no power."""

from __future__ import annotations

from functools import partial

from gui.i18n import tr
from gui.qt import QtCore, QtGui, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.bedside import CHIPS, LONGEST
from gui.viewmodels.training import TrainingModel
from gui.widgets.announce import announce
from gui.widgets.buttons import IconButton
from gui.widgets.plain import Card, Row, muted

KEPT = 2500  # ms for which "noted" stays


class Flow(QtWidgets.QLayout):
    """Widgets in lines, as words in a text."""

    def __init__(self, gap: int = GRID) -> None:
        super().__init__()
        self._items: list[QtWidgets.QLayoutItem] = []
        self._gap = gap

    def addItem(self, item: QtWidgets.QLayoutItem) -> None:  # noqa: N802 - Qt's name
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QtWidgets.QLayoutItem | None:  # noqa: N802
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QtWidgets.QLayoutItem | None:  # noqa: N802
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self._place(QtCore.QRect(0, 0, width, 0), only_measure=True)

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802
        return self.minimumSize()

    def minimumSize(self) -> QtCore.QSize:  # noqa: N802
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        widest = max((size.width() for size in sizes), default=0)
        return QtCore.QSize(widest, max((size.height() for size in sizes), default=0))

    def setGeometry(self, rect: QtCore.QRect) -> None:  # noqa: N802
        super().setGeometry(rect)
        self._place(rect, only_measure=False)

    def _place(self, rect: QtCore.QRect, *, only_measure: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():  # hidden
                continue
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._gap, 0
            if not only_measure:
                item.setGeometry(QtCore.QRect(QtCore.QPoint(x, y), size))
            x, line = x + size.width() + self._gap, max(line, size.height())
        return y + line - rect.y()


class NotePanel(Card):
    def __init__(self, model: TrainingModel) -> None:
        super().__init__(margin=12)
        self._model, self._kept = model, 0
        bedside = model.bedside
        self.mark = IconButton(tr("Mark"), "fa6s.bookmark", tr("Mark this moment in the record (F7)"))
        self.skip = IconButton(tr("Skip"), "fa6s.forward", tr("Leave this trial out (F8)"))
        self.repeat = IconButton(tr("Repeat"), "fa6s.rotate", tr("Do the trial once more (F9)"))
        for button, key, act in (
            (self.mark, "F7", bedside.mark), (self.skip, "F8", bedside.skip), (self.repeat, "F9", bedside.repeat),
        ):  # fmt: skip
            button.setShortcut(QtGui.QKeySequence(key))
            button.clicked.connect(act)
        self.chips = {}
        flow = Flow()
        for chip, words in CHIPS.items():
            button = IconButton(tr(words), "", tr("Note: {words}", words=tr(words)))
            button.setProperty("chip", True)
            button.clicked.connect(partial(bedside.note, (chip,)))
            self.chips[chip] = button
            flow.addWidget(button)
        self.field = QtWidgets.QLineEdit()
        self.field.setMaxLength(LONGEST)
        self.field.setPlaceholderText(tr("in your own words"))
        self.field.setAccessibleName(tr("Note in your own words"))
        self.keep = IconButton(tr("Keep"), "fa6s.check", tr("Keep this note in the record"))
        self.keep.clicked.connect(self._keep)
        self.field.returnPressed.connect(self._keep)
        self.said = muted(wrap=False)
        self.said.setAccessibleName(tr("Whether it was noted"))
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.said.hide)
        self.said.hide()
        inside = self.inside
        trial = Flow()
        for button in (self.skip, self.repeat, self.mark):
            trial.addWidget(button)
        trial.addWidget(self.said)
        inside.addLayout(trial)
        inside.addLayout(flow)
        inside.addLayout(Row(self.field, self.keep, spacing=GRID))
        self.refresh()

    def dress(self, theme: Theme) -> None:
        for button in self.findChildren(IconButton):
            button.dress(theme)

    def _keep(self) -> None:
        if self.field.text().strip():
            self._model.bedside.note((), self.field.text())
            self.field.clear()

    def refresh(self) -> None:
        model, state = self._model, self._model.state
        typing = model.disarmed or (self.field.hasFocus() and model.resting)
        for widget in (self.skip, self.repeat, self.mark):
            widget.setVisible(not typing)
        self.field.setVisible(typing)
        self.keep.setVisible(typing)
        self.skip.setEnabled(model.bedside.can_skip(state, model.exercise, model.in_trial))
        self.repeat.setEnabled(model.bedside.can_repeat(state, model.exercise))
        if model.bedside.kept != self._kept:
            self._kept = model.bedside.kept
            self.said.setText(tr("noted"))
            self.said.show()
            announce(self.said, tr("noted"))
            self._timer.start(KEPT)


