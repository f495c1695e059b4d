"""The robot's help: one slider, two large buttons, and who does the work."""

from __future__ import annotations

from gui.i18n import shown_percent, tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import GRID, LIGHT, Theme
from gui.viewmodels.training import TrainingModel
from gui.widgets.buttons import IconButton
from gui.widgets.columns import Columns
from gui.widgets.plain import Card, Row, muted, text, title

FINE = 5  # %: a step of the slider


class WorkBar(QtWidgets.QWidget):
    """One bar, the patient's share from the left; the robot's is hatched, so that it is not told by colour alone."""

    def __init__(self) -> None:
        super().__init__()
        self._theme, self._patient = LIGHT, None
        self.setFixedHeight(4 * GRID)
        self.setAccessibleName(tr("Work shared by patient and robot"))

    _patient: float | None

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_share(self, patient: float | None, words: str) -> None:
        if patient != self._patient:
            self._patient = patient
            self.setAccessibleDescription(words)
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter, theme = QtGui.QPainter(self), self._theme
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        whole = QtCore.QRectF(self.rect()).adjusted(1.0, 1.0, -1.0, -1.0)
        clip = QtGui.QPainterPath()
        clip.addRoundedRect(whole, GRID, GRID)
        painter.setClipPath(clip)
        painter.fillRect(whole, QtGui.QColor(theme.ground))
        if self._patient is not None:
            at = whole.left() + self._patient * whole.width()
            robot = QtCore.QRectF(at, whole.top(), whole.right() - at, whole.height())
            painter.fillRect(robot, QtGui.QBrush(QtGui.QColor(theme.force), Qt.BrushStyle.BDiagPattern))
            patient = QtCore.QRectF(whole.topLeft(), QtCore.QPointF(at, whole.bottom()))
            painter.fillRect(patient, QtGui.QColor(theme.accent))
        painter.setClipping(False)
        painter.setPen(QtGui.QPen(QtGui.QColor(theme.muted), 1.0))
        painter.drawRoundedRect(whole, GRID, GRID)
        painter.end()


class HelpPanel(Card):
    """Live: a change is on its way at once, and the robot reaches it softly."""

    def __init__(self, model: TrainingModel) -> None:
        super().__init__(margin=12)
        self._model = model
        self.easier = IconButton(tr("Easier"), "fa6s.plus", tr("Easier: more help (F5, pedal)"))
        self.harder = IconButton(tr("Harder"), "fa6s.minus", tr("Harder: less help (F6)"))
        self.easier.setShortcut(QtGui.QKeySequence("F5"))
        self.harder.setShortcut(QtGui.QKeySequence("F6"))
        for button in (self.easier, self.harder):
            button.setProperty("large", True)
        self.slider = QtWidgets.QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setSingleStep(FINE)
        self.slider.setPageStep(2 * FINE)
        self.slider.setAccessibleName(tr("Help of the robot"))
        self.value = title(wrap=False)
        self.none = muted(tr("This exercise has no help to adjust."))
        self.bar, self.words, self.trend = WorkBar(), text(says=tr("Who does the work")), text()
        self._patient, self._robot = muted(tr("Patient"), wrap=False), muted(tr("Robot"), wrap=False)
        self.easier.clicked.connect(model.tuning.easier)
        self.harder.clicked.connect(model.tuning.harder)
        self.slider.valueChanged.connect(self._slid)
        inside = self.inside
        inside.addLayout(Row(title(tr("Help of the robot"), wrap=False), None, self.value))
        inside.addWidget(self.none)
        inside.addWidget(self.slider)
        inside.addWidget(Columns((self.harder, 1), (self.easier, 1), spacing=GRID))
        shared = Row(self._patient, self.bar, self._robot, spacing=GRID)
        shared.setStretch(1, 1)
        inside.addWidget(self.words)
        inside.addLayout(shared)
        inside.addWidget(self.trend)
        self.refresh()

    def dress(self, theme: Theme) -> None:
        for part in (self.easier, self.harder, self.bar):
            part.dress(theme)

    def _slid(self, value: int) -> None:
        if self._model.tuning.help is not None and value != round(self._model.tuning.help):
            self._model.tuning.change("assistance", float(value))

    def refresh(self) -> None:
        tuning, effort = self._model.tuning, self._model.effort
        there = tuning.help is not None
        for widget in (self.slider, self.value, self.easier, self.harder):
            widget.setVisible(there)
        self.none.setVisible(not there)
        if tuning.help is not None:
            self.value.setText(shown_percent(tuning.help / 100.0))
            if not self.slider.isSliderDown() and self.slider.value() != round(tuning.help):
                self.slider.blockSignals(True)
                self.slider.setValue(round(tuning.help))
                self.slider.blockSignals(False)
            self.easier.setEnabled(tuning.help < 100.0)
            self.harder.setEnabled(tuning.help > 0.0)
        _say(self.words, effort.words)
        _say(self.trend, tr(effort.trend) if effort.trend else "")
        self.trend.setVisible(bool(effort.trend))
        self.bar.show_share(effort.patient, effort.words)


def _say(label: QtWidgets.QLabel, words: str) -> None:
    if label.text() != words:
        label.setText(words)
