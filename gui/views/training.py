"""The training page: what the arm does, one line of what to do, the three buttons that matter, and help beside them.

    ┌ alarms ──────────────────────────────────────────────┐
    │ who, what      trial 5 of 16, time left       state  │
    ├───────────────────────────────┬──────────────────────┤
    │ instruction                   │ help · curves · more │
    │ workspace, or what is asked,  │                      │
    │ or what has happened          │                      │
    ├───────────────────────────────┴──────────────────────┤
    │ Start        Pause        S T O P                    │
    └ device · timing · what is limited ────────────────────┘
"""

from __future__ import annotations

from gui.i18n import tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets, Signal
from gui.theme import GRID, LIGHT, Theme
from gui.viewmodels.alarms import Alarms
from gui.viewmodels.run import SessionRun, Stage
from gui.viewmodels.training import TrainingModel
from gui.viewmodels.virtual import virtual_words
from gui.viewmodels.words import device_words, held_back, model_words, timing_words
from gui.views.ending import EndedPanel, FinishingPanel
from gui.views.head import Head
from gui.widgets.after import DevicePanel, SpasmPanel
from gui.widgets.asking import QuestionPanel
from gui.widgets.banner import Banner
from gui.widgets.buttons import IconButton, StopButton
from gui.widgets.helping import HelpPanel
from gui.widgets.noting import NotePanel
from gui.widgets.parking import Confirm, ParkPanel
from gui.widgets.plain import far, restyle
from gui.widgets.settings import SettingsPanel
from gui.widgets.sound_check import SoundCheck
from gui.widgets.status import StatusLine
from gui.widgets.traces import TracePanel
from gui.widgets.workspace import SMALLEST as WORKSPACE
from gui.widgets.workspace import Workspace

ARROW = 0.20  # m: the force arrow at the force limit
LOW, NARROW = 520, 900  # px: below these the page has small buttons, and only what must be there
CURVES_EVERY = 2  # frames: 15 pictures a second of what happened in the last five
SLOWLY = 6  # frames between changes of numbers that a person reads
HELP, CURVES, MORE = range(3)  # tabs beside the workspace


class Controls(QtWidgets.QWidget):
    """Start, Pause or Resume, STOP: the last is the biggest and the only red one."""

    def __init__(self) -> None:
        super().__init__()
        self.start = IconButton(tr("Start"), "fa6s.play", tr("Start the protocol"), kind="go", big=True)
        self.pause = IconButton(tr("Pause"), "fa6s.pause", tr("Hold the arm softly where it is"), big=True)
        self.stop = StopButton()
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        for button, share in ((self.start, 3), (self.pause, 3), (self.stop, 5)):
            layout.addWidget(button, share)

    def dress(self, theme: Theme) -> None:
        for button in (self.start, self.pause, self.stop):
            button.dress(theme)

    def set_low(self, low: bool) -> None:
        for button in (self.start, self.pause, self.stop):
            restyle(button, "low", low)

    def show_model(self, model: TrainingModel) -> None:
        label = model.start_label
        if label == tr("Arm"):
            self.start.say(label, "fa6s.power-off", tr("Power the arm; the limb must be strapped in"))
        elif model.goes_on:
            self.start.say(label, "fa6s.play", tr("Go on with the next trial"))
        else:
            self.start.say(label, "fa6s.play", tr("Start the protocol"))
        if model.state == "paused":
            self.pause.say(tr("Resume"), "fa6s.play", tr("Go on, softly"))
        else:
            self.pause.say(tr("Pause"), "fa6s.pause", tr("Hold the arm softly where it is"))
        self.start.setEnabled(model.can_start)
        self.pause.setEnabled(model.can_pause or model.can_resume)
        self.stop.setEnabled(model.can_stop)


class OneOf(QtWidgets.QStackedWidget):
    """A stack no larger than the panel that is shown asks for."""

    def minimumSizeHint(self) -> QtCore.QSize:  # noqa: N802 - Qt's name
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else super().minimumSizeHint()

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802
        shown = self.currentWidget()
        return shown.sizeHint() if shown is not None else super().sizeHint()


class TrainingView(QtWidgets.QWidget):
    """Shows a SessionRun whose session is open; call `refresh` once a frame."""

    again = Signal()  # a new session is wanted
    replaced = Signal(object)  # a SessionRun that goes on where this one's device or loop is gone

    def __init__(
        self, run: SessionRun, alarms: Alarms, *, first_tab: int = HELP, confirm: Confirm | None = None
    ) -> None:
        super().__init__()
        assert run.training is not None
        self.run, self.model, self.alarms = run, run.training, alarms
        self.head = Head(*_about(run))
        self.banner, self.sound = Banner(), SoundCheck(alarms)
        self.instruction = far(says=tr("Instruction"))
        self.instruction.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.instruction.setMinimumHeight(6 * GRID)
        eye, info = self.model.eye, self.model.info
        self.workspace = Workspace(eye.box(), eye.home(), ARROW / info.limits().force)
        self.traces = TracePanel(self.model.axes)
        self.help, self.notes, self.settings = HelpPanel(self.model), NotePanel(self.model), SettingsPanel(self.model)
        self.question, self.spasm = QuestionPanel(self.model), SpasmPanel(run)
        self.device, self.park = DevicePanel(run), ParkPanel(run, confirm)
        self.stage = OneOf()
        for panel in (self.workspace, self.question, self.spasm, self.device, self.park):
            self.stage.addWidget(panel)
        self.side = self._make_side(first_tab)
        self.controls, self.finishing, self.ended = Controls(), FinishingPanel(), EndedPanel()
        self.bottom = OneOf()
        for part in (self.controls, self.finishing, self.ended):
            self.bottom.addWidget(part)
        self.bottom.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Maximum)
        self.status = StatusLine()
        self._parking = False  # somebody has pressed Park
        self._low = self._narrow = False
        self._frame = 0
        self._connect()
        self._lay_out()
        self.dress(LIGHT)
        self.refresh()

    def _make_side(self, first: int) -> QtWidgets.QTabWidget:
        helping = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(helping)
        column.setContentsMargins(0, GRID, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.help)
        column.addWidget(self.notes)
        column.addStretch(1)
        around = QtWidgets.QScrollArea()
        around.setWidget(helping)
        around.setWidgetResizable(True)
        around.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        around.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side = QtWidgets.QTabWidget()
        side.setDocumentMode(True)
        side.tabBar().setAccessibleName(tr("Beside the picture"))
        for panel, words in ((around, tr("Help")), (self.traces, tr("Curves")), (self.settings, tr("More"))):
            side.addTab(panel, words)
        side.setCurrentIndex(first)
        return side

    def _connect(self) -> None:
        model, controls = self.model, self.controls
        controls.start.clicked.connect(model.start)
        controls.pause.clicked.connect(self._pause_or_resume)
        controls.stop.pressed.connect(model.stop)
        pause = QtGui.QShortcut(QtGui.QKeySequence("F2"), self)
        pause.activated.connect(self._pause_or_resume)
        self.banner.acted.connect(lambda action: model.reset() if action == "reset" else None)
        self.banner.silenced.connect(self.alarms.heard)
        self.head.ended.connect(self._end)
        self.head.park.clicked.connect(self._begin_parking)
        self.park.closed.connect(self._leave_parking)
        self.device.again.connect(self._go_on_anew)
        self.ended.again.connect(self.again)

    def _lay_out(self) -> None:
        left = QtWidgets.QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.instruction)
        left.addWidget(self.stage, 1)
        middle = QtWidgets.QHBoxLayout()
        middle.setSpacing(2 * GRID)
        middle.addLayout(left, 3)
        middle.addWidget(self.side, 2)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.head)
        layout.addWidget(self.banner)
        layout.addWidget(self.sound)
        layout.addLayout(middle, 1)
        layout.addWidget(self.bottom)
        layout.addWidget(self.status)

    def dress(self, theme: Theme) -> None:
        parts = (
            self.head, self.banner, self.sound, self.workspace, self.traces, self.help, self.notes, self.settings,
            self.question, self.spasm, self.device, self.park, self.controls, self.ended, self.status,
        )  # fmt: skip
        for part in parts:
            part.dress(theme)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        low, narrow = event.size().height() < LOW, event.size().width() < NARROW
        if low != self._low:
            self._low = low
            self.controls.set_low(low)
            self.head.set_low(low)
            self.spasm.set_low(low)
            self.bottom.updateGeometry()
            for role in ("far", "title"):  # on a low screen the workspace needs the height more
                restyle(self.instruction, role, (role == "title") == low)
            self.instruction.setMinimumHeight(4 * GRID if low else 6 * GRID)
            self.workspace.setMinimumHeight(8 * GRID if low else WORKSPACE)
        if narrow != self._narrow:
            self._narrow = narrow
            self.head.set_narrow(narrow)
            self.status.hint.setVisible(not narrow)

    def _pause_or_resume(self) -> None:
        if self.model.can_resume:
            self.model.resume()
        else:
            self.model.pause()

    def _begin_parking(self) -> None:
        self._parking = True
        self.park.refresh()
        self._show_on_stage(self.park)
        self.park.yes.setFocus()

    def _leave_parking(self) -> None:
        self._parking = False

    def _end(self) -> None:
        self.model.tell("end")
        self.run.end()

    def _go_on_anew(self) -> None:
        self.model.tell("anew")
        self.replaced.emit(self.run.go_on_anew())

    def refresh(self) -> None:
        """One frame. Numbers change more slowly than pictures: they are to be read."""
        model = self.model
        messages = [] if self.run.over else list(self.alarms.messages)
        self.banner.show_messages(messages)
        self.banner.pulse(lit=self.alarms.lit(), paused=self.alarms.paused_for)
        self.controls.show_model(model)
        self._set_instruction(model.instruction)
        self._choose_the_stage()
        if self.stage.currentWidget() is self.workspace:
            self.workspace.see(model.picture, model.trail())
        slowly = self._frame % SLOWLY == 0 or self.run.stage is not Stage.TRAINING
        shown = self.side.currentWidget()
        if shown is self.traces and (slowly or self._frame % CURVES_EVERY == 0):
            columns = model.columns()
            self.traces.draw(model.traces.time(), columns)
            if slowly:
                self.traces.read(columns)
        elif shown is self.settings:
            self.settings.refresh()
        elif shown is not self.traces:
            self.help.refresh()
            self.notes.refresh()
        if slowly:
            self._read()
        self._frame += 1
        self._show_stage()

    def _read(self) -> None:
        model = self.model
        self.workspace.setAccessibleDescription(self.workspace.describe())
        self.head.show_model(model)
        self.sound.refresh()
        self.status.device.say(device_words(model.health))
        self.status.timing.say(timing_words(model.health))
        self.status.limited.say(*held_back(model.health))

    def _choose_the_stage(self) -> None:
        """What the middle of the page shows: what has happened before what is asked, and both before the picture."""
        model, training = self.model, self.run.stage is Stage.TRAINING
        question = model.bedside.question if model.state == "running" else None
        self._parking = self._parking and (model.can_park or model.bedside.parked)
        if not training:
            self._show_on_stage(self.workspace)
        elif model.bedside.parked or self._parking:
            self.park.refresh()
            self._show_on_stage(self.park)
        elif model.after.kind == "device":
            self.device.refresh()
            self._show_on_stage(self.device)
        elif model.after.kind == "spasm":
            self.spasm.refresh()
            self._show_on_stage(self.spasm)
        elif question is not None:
            self.question.show_question(question)
            self._show_on_stage(self.question)
        else:
            self.question.question = None
            self._show_on_stage(self.workspace)

    def _show_on_stage(self, panel: QtWidgets.QWidget) -> None:
        if self.stage.currentWidget() is not panel:
            self.stage.setCurrentWidget(panel)
            self.stage.updateGeometry()
        self.instruction.setVisible(panel is self.workspace)
        self.side.setVisible(panel is self.workspace or panel is self.question)

    def _show_below(self, panel: QtWidgets.QWidget) -> None:
        if self.bottom.currentWidget() is not panel:
            self.bottom.setCurrentWidget(panel)
            self.bottom.updateGeometry()

    def _set_instruction(self, words: str) -> None:
        if self.run.stage is Stage.FINISHING:
            words = tr("The session is being closed")
        elif self.run.stage is Stage.ENDED:
            words = tr("Done") if not self.run.faulted else tr("Ended by a safety stop")
        if words != self.instruction.text():
            self.instruction.setText(words)

    def _show_stage(self) -> None:
        stage = self.run.stage
        self.head.end.setEnabled(stage is Stage.TRAINING)
        self.head.park.setEnabled(stage is Stage.TRAINING and self.model.can_park)
        if stage is Stage.FINISHING:
            self.finishing.show_step(self.run.step)
            self._show_below(self.finishing)
        elif stage is Stage.ENDED and self.bottom.currentWidget() is not self.ended:
            self.ended.show_run(self.run)
            self._show_below(self.ended)
            self.status.hide()


def _about(run: SessionRun) -> tuple[str, list[str]]:
    """Whose arm it is; what else there is to know about the session, the shorter the later."""
    assert run.training is not None
    request = run.request
    name = virtual_words(request.patient) if request.patient else ""
    virtual = tr("virtual patient: {name}", name=name) if name else ""
    device = " ".join(filter(None, (model_words(run.training.info.model), run.training.info.identity)))
    born = request.born[0] if request.born else ""
    short = request.born[1:] or (name,)
    more = [_dotted(born, virtual, device), _dotted(born, virtual), born or virtual, *short]
    return _dotted(request.who, request.side), [words for words in dict.fromkeys(more) if words]


def _dotted(*parts: str) -> str:
    return " · ".join(filter(None, parts))
