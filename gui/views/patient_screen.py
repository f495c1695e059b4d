"""The patient's screen: an instruction, a picture or a question, STOP. Large, on black, one thing at a time."""

from __future__ import annotations

from gui.i18n import tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets, qtawesome
from gui.theme import CONTRAST, GRID
from gui.viewmodels.patient_screen import Part, PatientScreen
from gui.widgets.announce import announce
from gui.widgets.answers import Answers
from gui.widgets.buttons import StopButton
from gui.widgets.enter import EnterPresses
from gui.widgets.patient_canvas import PatientCanvas
from gui.widgets.plain import text
from gui.widgets.space import SpaceStops
from gui.widgets.switch import Switch
from gui.widgets.voice import Cues, Speech

FRAME = 16  # ms, on a display that does not say how often it draws
HEAD, BODY, SMALL, HUGE = 15, 22, 28, 5  # sizes of type: the window's height over this
COLOURS = {Part.STOPPED: CONTRAST.second, Part.END: CONTRAST.good, Part.REST: CONTRAST.first}


class PatientWindow(QtWidgets.QWidget):
    """Draws `model` at the display's rate."""

    def __init__(self, model: PatientScreen, speech: Speech | None = None) -> None:
        super().__init__()
        self.model, self.speech = model, speech
        self.cues = Cues(self)
        self.setWindowTitle(tr("Patient's screen"))
        self._icon_shown = ""
        self._asked: object = None
        self._said = ""
        self.icon = QtWidgets.QLabel()
        self.icon.setAccessibleName(tr("Pictogram"))
        self.instruction = text(says=tr("What to do"))
        self.instruction.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        head = QtWidgets.QHBoxLayout()
        head.setSpacing(3 * GRID)
        head.addStretch(1)
        head.addWidget(self.icon)
        head.addWidget(self.instruction, 8)
        head.addStretch(1)
        self.canvas = PatientCanvas(model.eye)
        self.answers = Answers()
        self.answers.chosen.connect(model.choose)
        self.stack = QtWidgets.QStackedWidget()
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(self._calm_page())
        self.stack.addWidget(self._question_page())
        self.left = text(wrap=False, says=tr("How much is left"))
        self.praise = text(wrap=False, says=tr("Praise"))
        self.praise.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.problem = text(says=tr("What went wrong"))
        self.stop = StopButton()
        self.stop.setAccessibleName(tr("Stop the arm now (space bar)"))
        self.stop.pressed.connect(model.stop)
        foot = QtWidgets.QHBoxLayout()
        foot.setSpacing(3 * GRID)
        foot.addWidget(self.left, 1)
        foot.addWidget(self.praise, 2)
        foot.addWidget(self.problem, 1)
        foot.addWidget(self.stop)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setSizeConstraint(QtWidgets.QLayout.SizeConstraint.SetNoConstraint)  # the type follows the window
        self.setMinimumSize(800, 600)
        layout.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 3 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addLayout(head)
        layout.addWidget(self.stack, 1)
        layout.addLayout(foot)
        self._filters = (SpaceStops(self._stopped), Switch(model, self), EnterPresses())
        application = QtWidgets.QApplication.instance()
        assert application is not None
        for listening in reversed(self._filters):  # the last one installed is asked first
            application.installEventFilter(listening)
        self._timer = QtCore.QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.frame)
        self._timer.start(frame_time(self.screen()))
        self.frame()

    def _calm_page(self) -> QtWidgets.QWidget:
        page = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(page)
        self.big = QtWidgets.QLabel()
        self.big.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.big.setAccessibleName(tr("Pictogram"))
        self.counter = text(says=tr("Seconds of rest that are left"), wrap=False)
        self.counter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.more = text(says=tr("More about it"))
        self.more.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch(2)
        for widget in (self.big, self.counter, self.more):
            column.addWidget(widget)
        column.addStretch(3)
        return page

    def _question_page(self) -> QtWidgets.QWidget:
        page = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        self.hint = text(says=tr("How to answer"))
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.answers, 1)
        column.addWidget(self.hint)
        return page

    def frame(self) -> None:
        """Everything anew, from the model."""
        model = self.model
        model.refresh()
        part = model.part
        self._show_words(part)
        if part is Part.ASK:
            self.stack.setCurrentIndex(2)
            self._show_answers()
        elif part is Part.TRAIN:
            self.stack.setCurrentIndex(0)
            self.canvas.see(
                model.picture, glow=model.glow, side=model.cue_side, anchor=model.settings.neglect, level=model.level
            )
        else:
            self.stack.setCurrentIndex(1)
        if part is not Part.ASK:
            self._asked = None
        while model.sounds:
            cue = model.sounds.popleft()
            if model.settings.sound:
                self.cues.play(cue, model.cue_side if cue == "go" else "")

    def _show_words(self, part: Part) -> None:
        model, centred = self.model, part not in (Part.TRAIN, Part.ASK)
        words = model.instruction
        if words != self.instruction.text() or part.value != self._said:
            self._said = part.value
            self.instruction.setText(words)
            announce(self.instruction, words)
            if self.speech is not None and model.settings.spoken:
                self.speech.use(model.settings.language)
                self.speech.say(words)
        self.instruction.setAlignment(
            Qt.AlignmentFlag.AlignCenter if centred else Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        )
        self.icon.setVisible(not centred)
        shown = f"{model.icon} {part} {self.height()}"
        if shown != self._icon_shown:
            self._icon_shown = shown
            colour = COLOURS.get(part, CONTRAST.accent)
            where, size = (self.big, self.height() // HUGE) if centred else (self.icon, self.height() // 11)
            where.setPixmap(qtawesome.icon(model.icon, color=colour).pixmap(QtCore.QSize(size, size)))
        self.more.setText(model.more)
        self.counter.setVisible(model.countdown is not None)
        self.counter.setText(tr("{n} s", n=model.countdown) if model.countdown is not None else "")
        praise = model.praise if part in (Part.TRAIN, Part.REST) else ""
        self.praise.setText(praise)
        self.left.setText("   ".join(filter(None, ("" if praise else model.progress, model.points))))
        self.problem.setText(model.problem)
        self.stop.setVisible(not model.over)

    def _show_answers(self) -> None:
        model = self.model
        if model.answers_wanted != self._asked:
            self._asked = model.answers_wanted
            self.answers.show_options(model.choices, focus=not model.settings.scan)
            self.setTabOrder(self.answers.buttons[-1] if self.answers.buttons else self.answers, self.stop)
        self.answers.show_offer(model.offer)
        if not model.options:
            self.hint.setText(model.more)
        elif model.offer is not None:
            self.hint.setText(tr("Press your switch when the right answer is lit"))
        else:
            self.hint.setText(tr("Touch the answer"))

    def _stopped(self) -> bool:
        """The space bar. True: it was meant for us."""
        if self.model.over:
            return False
        self.model.stop()
        return True

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        height = self.height()
        for label, share, weight in (
            (self.instruction, HEAD, 700), (self.more, BODY, 400), (self.counter, HUGE, 700), (self.left, SMALL, 400),
            (self.praise, BODY, 700), (self.hint, SMALL, 400),
        ):  # fmt: skip
            colour = CONTRAST.good if label is self.praise else CONTRAST.text
            label.setStyleSheet(f"font-size: {height // share}px; font-weight: {weight}; color: {colour};")
        self.instruction.setMinimumHeight(height * 5 // (2 * HEAD))
        self.stop.setMinimumSize(height // 4, height // 8)
        super().resizeEvent(event)

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:  # noqa: N802 - Qt's name
        self._timer.stop()
        application = QtWidgets.QApplication.instance()
        assert application is not None
        for listening in self._filters:
            application.removeEventFilter(listening)
        self.cues.close()
        super().closeEvent(event)


def frame_time(screen: QtGui.QScreen | None) -> int:
    """ms between two frames of that display."""
    rate = screen.refreshRate() if screen is not None else 0.0
    return round(1000.0 / rate) if 20.0 <= rate <= 240.0 else FRAME


def put(window: QtWidgets.QWidget, screens: list[QtGui.QScreen], primary: QtGui.QScreen | None) -> None:
    """Full screen on the other monitor; with one monitor only a window, so that the therapist's stays in sight."""
    other = next((screen for screen in screens if screen is not primary), None)
    if other is None:
        window.resize(1280, 800)
        window.show()
        return
    window.setGeometry(other.geometry())
    window.showFullScreen()
