"""The therapist's hand on the patient's screen: show it, ask, let the patient run it, and how it speaks and waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gui.i18n import LANGUAGES, language, mark, tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels import asked
from gui.viewmodels.desk import Desk
from gui.widgets.buttons import IconButton
from gui.widgets.form import Spin
from gui.widgets.plain import Row, field, muted, text
from gui.widgets.tick import Tick
from gui.widgets.voice import Speech

SIDES = {"": mark("none"), "left": mark("left"), "right": mark("right")}
KEYS = {"enter": mark("Enter"), "click": mark("left click"), "f5": "F5", "f8": "F8", "f12": "F12"}
PACES = {0.5: mark("very calm"), 0.75: mark("calm"), 1.0: mark("usual"), 1.5: mark("brisk")}
LOOK = 200  # ms
WIDE = 760  # px: two columns of words in Italian


class PatientPanel(QtWidgets.QDialog):
    """Stays open beside the page; the space bar is STOP here too."""

    def __init__(self, desk: Desk, parent: QtWidgets.QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._desk = desk
        if not desk.screen.chosen:
            desk.screen.choose(language=language() if language() in LANGUAGES else "en")
        settings = desk.screen.settings
        self.setWindowTitle(tr("Patient's screen"))
        self.setModal(False)
        self.state = text(says=tr("State of the patient's screen"))
        self.toggle = self._button(tr("Show"), "fa6s.display", self._toggle, theme, kind="go")
        self.before = self._button(tr("Ask pain and fatigue"), "fa6s.face-meh", self._ask_before, theme)
        self.effort = self._button(tr("Ask how hard it was"), "fa6s.dumbbell", self._ask_effort, theme)
        self.alone = Tick(tr("The patient runs it alone"))
        self.alone.setChecked(desk.visit is not None and desk.visit.alone.allowed)
        self.alone.toggled.connect(self._allow)
        about = muted(tr("Step by step set-up; the plan starts by itself, within the limits, at “I am ready”."))
        self.language = self._choice("language", LANGUAGES, settings.language, tr("Language"))
        self.side = self._choice("neglect", SIDES, settings.neglect, tr("Overlooked side"))
        self.pace = self._choice("pace", PACES, settings.pace, tr("Pace"))
        self.key = self._choice("key", KEYS, settings.key, tr("The switch sends"))
        self.scan = self._check("scan", settings.scan, tr("One switch answers"))
        self.sound = self._check("sound", settings.sound, tr("Sounds"))
        self.spoken = self._check("spoken", settings.spoken, tr("Read instructions out"))
        self.hurry = self._check("hurry", settings.hurry, tr("Say when it was too slow"))
        self.dwell = Spin()
        self.dwell.setRange(0.5, 10.0)
        self.dwell.setSingleStep(0.5)
        self.dwell.setDecimals(1)
        self.dwell.setSuffix(" s")
        self.dwell.setValue(settings.dwell)
        self.dwell.valueChanged.connect(lambda value: desk.screen.choose(dwell=value))
        self.voice = text(Speech(settings.language).silent, says=tr("Why there is no voice"))
        self.voice.setVisible(bool(self.voice.text()))
        self._lay_out(about)
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(LOOK)
        self.refresh()

    def _lay_out(self, about: QtWidgets.QLabel) -> None:
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self.state)
        column.addLayout(Row(self.toggle, self.before, self.effort))
        column.addWidget(self.alone)
        column.addWidget(about)
        grid = QtWidgets.QGridLayout()
        grid.setHorizontalSpacing(3 * GRID)
        for number, (words, widget) in enumerate((
            (tr("Language"), self.language), (tr("Overlooked side"), self.side), (tr("Pace"), self.pace),
            (tr("The switch sends"), self.key), (tr("Each answer is offered for"), self.dwell),
        )):  # fmt: skip
            grid.addLayout(field(words, widget), *divmod(number, 3))
        column.addLayout(grid)
        checks = QtWidgets.QGridLayout()
        checks.setHorizontalSpacing(3 * GRID)
        for number, check in enumerate((self.scan, self.sound, self.spoken, self.hurry)):
            checks.addWidget(check, *divmod(number, 2))
        column.addLayout(checks)
        column.addWidget(self.voice)
        column.setSizeConstraint(QtWidgets.QLayout.SizeConstraint.SetNoConstraint)

    def showEvent(self, event: QtGui.QShowEvent) -> None:  # noqa: N802 - Qt's name
        layout = self.layout()
        assert layout is not None
        wide = max(WIDE, layout.minimumSize().width())
        self.resize(wide, max(layout.heightForWidth(wide), layout.minimumSize().height()) + 4 * GRID)
        super().showEvent(event)

    def hideEvent(self, event: QtGui.QHideEvent) -> None:  # noqa: N802
        """What was chosen here holds for this patient from now on."""
        if self._desk.visit is not None and self._desk.acting is not None:
            self._desk.visit.screen.keep()
        super().hideEvent(event)

    def refresh(self) -> None:
        desk, screen = self._desk, self._desk.screen
        alive = screen.alive
        able = desk.session_open and desk.visit is not None and desk.visit.run is not None
        able = able and desk.run is not None and desk.run.session is not None
        words = (desk.visit.alone.words if desk.visit is not None else "") if alive else screen.problem
        if not words:
            words = tr("It is not shown")
            if alive:
                words = tr("It is shown") if screen.shown else tr("It is being opened")
            if not able and not alive:
                words = tr("It can be shown once the robot is open")
        effort = desk.visit.alone.exertion if desk.visit is not None else None
        if effort is not None:
            words += "\n" + tr("How hard it was: {value} of 20", value=effort)
        self.state.setText(words)
        self.toggle.say(tr("Close") if alive else tr("Show"), "fa6s.display",
                        tr("Close the patient's screen") if alive else tr("Show the patient's screen"))  # fmt: skip
        self.toggle.setEnabled(alive or able)
        self.before.setEnabled(alive)
        self.effort.setEnabled(alive)

    def _button(self, words: str, icon: str, act: Any, theme: Theme, *, kind: str = "plain") -> IconButton:
        made = IconButton(words, icon, words, kind=kind)
        made.dress(theme)
        made.setAutoDefault(False)
        made.clicked.connect(lambda: act())
        return made

    def _choice(self, name: str, words: Any, now: Any, says: str) -> QtWidgets.QComboBox:
        made = QtWidgets.QComboBox()
        made.setAccessibleName(says)
        for value, shown in words.items():
            made.addItem(tr(shown), value)
        made.setCurrentIndex(max(0, made.findData(now)))
        made.currentIndexChanged.connect(lambda: self._desk.screen.choose(**{name: made.currentData()}))
        return made

    def _check(self, name: str, now: bool, words: str) -> QtWidgets.QCheckBox:
        made = Tick(words)
        made.setChecked(now)
        made.toggled.connect(lambda on: self._desk.screen.choose(**{name: on}))
        return made

    def _toggle(self) -> None:
        if self._desk.screen.alive:
            self._desk.screen.stop()
        elif self._desk.visit is not None:
            self._desk.visit.alone.show()
        self.refresh()

    def _ask_before(self) -> None:
        if self._desk.visit is not None:
            self._desk.visit.alone.ask_before()

    def _ask_effort(self) -> None:
        if self._desk.visit is not None:
            self._desk.visit.alone.ask(asked.BORG_QUESTION)

    def _allow(self, allowed: bool) -> None:
        if self._desk.visit is not None:
            self._desk.visit.alone.allow(allowed)


def panel_button(desk: Desk, page: QtWidgets.QWidget, theme: Callable[[], Theme]) -> IconButton:
    """For a page: opens the panel."""
    made = IconButton(tr("Patient's screen"), "fa6s.display", tr("Patient's screen: show it and set it up"))

    def opened() -> None:
        panel = PatientPanel(desk, page, theme())
        panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        panel.show()

    made.clicked.connect(opened)
    return made
