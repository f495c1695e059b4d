"""The training page: workspace and traces, what to do in one line, and the three buttons that matter."""

from __future__ import annotations

from gui.qt import Qt, QtWidgets, Signal
from gui.theme import GRID, LIGHT, Theme
from gui.viewmodels.run import SessionRun, Stage
from gui.viewmodels.training import TrainingModel
from gui.views.ending import EndedPanel, FinishingPanel
from gui.views.head import Head
from gui.widgets.banner import Banner
from gui.widgets.buttons import IconButton, StopButton
from gui.widgets.status import StatusLine
from gui.widgets.traces import TracePanel
from gui.widgets.workspace import Workspace

ARROW = 0.20  # m: the force arrow at the force limit
SLOWLY = 6  # frames between changes of numbers that a person reads


class Controls(QtWidgets.QWidget):
    """Start, Pause or Resume, STOP: the last is the biggest and the only red one."""

    def __init__(self) -> None:
        super().__init__()
        self.start = IconButton("Start", "fa6s.play", "Start the protocol", kind="go", big=True)
        self.pause = IconButton("Pause", "fa6s.pause", "Hold the arm softly where it is", big=True)
        self.stop = StopButton()
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        for button, share in ((self.start, 3), (self.pause, 3), (self.stop, 5)):
            layout.addWidget(button, share)

    def dress(self, theme: Theme) -> None:
        for button in (self.start, self.pause, self.stop):
            button.dress(theme)

    def show_model(self, model: TrainingModel) -> None:
        if model.start_label == "Arm":
            self.start.say("Arm", "fa6s.power-off", "Power the arm; the limb must be strapped in")
        else:
            self.start.say("Start", "fa6s.play", "Start the protocol")
        if model.state == "paused":
            self.pause.say("Resume", "fa6s.play", "Go on, softly")
        else:
            self.pause.say("Pause", "fa6s.pause", "Hold the arm softly where it is")
        self.start.setEnabled(model.can_start)
        self.pause.setEnabled(model.can_pause or model.can_resume)
        self.stop.setEnabled(model.can_stop)


class TrainingView(QtWidgets.QWidget):
    """Shows a SessionRun whose session is open; call `refresh` once a frame."""

    again = Signal()  # a new session is wanted

    def __init__(self, run: SessionRun) -> None:
        super().__init__()
        assert run.training is not None
        self.run, self.model = run, run.training
        info = self.model.info
        patient = f"virtual patient: {run.request.patient}" if run.request.patient else "no virtual patient"
        self.head = Head(f"{patient} · {self.model.device}")
        self.banner = Banner()
        self.instruction = QtWidgets.QLabel()
        self.instruction.setProperty("far", True)
        self.instruction.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.instruction.setMinimumHeight(48)
        self.instruction.setAccessibleName("Instruction")
        self.workspace = Workspace(self.model.eye.box(), self.model.eye.home(), ARROW / info.limits().force)
        self.traces = TracePanel(self.model.axes)
        self.controls, self.finishing, self.ended = Controls(), FinishingPanel(), EndedPanel()
        self.bottom = QtWidgets.QStackedWidget()
        for panel in (self.controls, self.finishing, self.ended):
            self.bottom.addWidget(panel)
        self.status = StatusLine()
        self._frame = 0
        self._connect()
        self._lay_out()
        self.dress(LIGHT)
        self.refresh()

    def _connect(self) -> None:
        model, controls = self.model, self.controls
        controls.start.clicked.connect(model.start)
        controls.pause.clicked.connect(self._pause_or_resume)
        controls.stop.pressed.connect(model.stop)
        self.banner.acted.connect(lambda action: model.reset() if action == "reset" else None)
        self.head.ended.connect(self.run.end)
        self.ended.again.connect(self.again)

    def _lay_out(self) -> None:
        left = QtWidgets.QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.instruction)
        left.addWidget(self.workspace, 1)
        middle = QtWidgets.QHBoxLayout()
        middle.setSpacing(2 * GRID)
        middle.addLayout(left, 3)
        middle.addWidget(self.traces, 2)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.head)
        layout.addWidget(self.banner)
        layout.addLayout(middle, 1)
        layout.addWidget(self.bottom)
        layout.addWidget(self.status)

    def dress(self, theme: Theme) -> None:
        parts = (
            self.head, self.banner, self.workspace, self.traces, self.controls, self.ended, self.status,
        )  # fmt: skip
        for part in parts:
            part.dress(theme)

    def _pause_or_resume(self) -> None:
        if self.model.can_resume:
            self.model.resume()
        else:
            self.model.pause()

    def refresh(self) -> None:
        """One frame. Numbers change more slowly than pictures: they are to be read."""
        model = self.model
        self.workspace.see(model.picture, model.trail())
        columns = model.columns()
        self.traces.draw(model.traces.time(), columns)
        self.banner.show_messages([] if self.run.over else model.messages)
        self.controls.show_model(model)
        self._set_instruction(model.instruction)
        if self._frame % SLOWLY == 0 or self.run.stage is not Stage.TRAINING:
            self.traces.read(columns)
            self.workspace.setAccessibleDescription(self.workspace.describe())
            self.head.show_model(model)
            self.status.device.say(model.health.device)
            self.status.timing.say(model.health.timing)
            self.status.limited.setText(model.health.limited)
        self._frame += 1
        self._show_stage()

    def _set_instruction(self, words: str) -> None:
        if self.run.stage is Stage.FINISHING:
            words = "The session is being closed"
        elif self.run.stage is Stage.ENDED:
            words = "Done" if not self.run.faulted else "Ended by a safety stop"
        if words != self.instruction.text():
            self.instruction.setText(words)

    def _show_stage(self) -> None:
        stage = self.run.stage
        self.head.end.setEnabled(stage is Stage.TRAINING)
        if stage is Stage.FINISHING:
            self.finishing.show_step(self.run.step)
            self.bottom.setCurrentWidget(self.finishing)
        elif stage is Stage.ENDED and self.bottom.currentWidget() is not self.ended:
            self.ended.show_run(self.run)
            self.bottom.setCurrentWidget(self.ended)
            self.status.hide()
