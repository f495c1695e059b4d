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
from gui.widgets.flow import Flow
from gui.widgets.plain import Card, Row, muted

KEPT = 2500  # ms for which "noted" stays


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
            flow.add(button)
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
            trial.add(button)
        trial.add(self.said)
        inside.addWidget(trial)
        inside.addWidget(flow)
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


