"""The main window: its pages, the clock of its frames, the space bar that stops, a close that is safe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from gui.i18n import tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets, Slot
from gui.theme import DARK, LIGHT, Theme, dress
from gui.viewmodels.alarms import Alarms
from gui.viewmodels.run import Request, SessionRun, Stage
from gui.viewmodels.start import Choice
from gui.views.start import OpeningView, StartView
from gui.views.training import CURVES, TrainingView
from gui.widgets.sounder import Sounder
from gui.widgets.space import SpaceStops
from rehab.session.waiting import Waiting

FRAME = 33  # ms: 30 frames a second


class MainWindow(QtWidgets.QMainWindow):
    """Start page, then one session after another. `new_run` makes a SessionRun of a request."""

    def __init__(
        self,
        new_run: Callable[[Request], SessionRun],
        *,
        first: Request,
        choices: Callable[[], tuple[Sequence[Choice], Sequence[Choice]]],
        theme: Theme = LIGHT,
        waiting: Sequence[Waiting] = (),
    ) -> None:
        super().__init__()
        self._new_run, self._first, self._choices, self._theme = new_run, first, choices, theme
        self.run: SessionRun | None = None
        self.training: TrainingView | None = None
        self._closing = False
        self._ended: list[Callable[[SessionRun], None]] = []
        self.recorded: Path | None = None  # folder of the newest recording
        self.setWindowTitle(tr("rehab: training"))
        self.setMinimumSize(1024, 700)
        self.resize(1280, 800)
        self.start = StartView(*choices(), first)
        self.start.chosen.connect(self.begin)
        self.start.waiting.show_sessions(waiting)
        self.opening = OpeningView()
        self.pages = QtWidgets.QStackedWidget()
        self.pages.addWidget(self.start)
        self.pages.addWidget(self.opening)
        self.setCentralWidget(self.pages)
        self._space = SpaceStops(self._stop, self._disarmed)
        self.alarms = Alarms()
        self.sounder = Sounder(self.alarms, self)
        application = QtWidgets.QApplication.instance()
        assert application is not None
        application.installEventFilter(self._space)
        self._timer = QtCore.QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.frame)
        self.dress(theme)

    def when_ended(self, act: Callable[[SessionRun], None]) -> None:
        """Have that called once each time a session has ended or could not be opened."""
        self._ended.append(act)

    @Slot(object)
    def begin(self, request: Request) -> None:
        """Open a session of that request; the page follows by itself."""
        self._forget()
        if not request.attach:
            self._first = request
        self.start.waiting.show_sessions(())  # it is being taken over, or may be soon
        self.run = self._new_run(request)
        self.opening.title.setText(tr("Opening {device}", device=request.device))
        self.pages.setCurrentWidget(self.opening)
        self._timer.start(FRAME)
        self.frame()

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        application = QtWidgets.QApplication.instance()
        assert isinstance(application, QtWidgets.QApplication)
        dress(application, theme)
        self.start.dress(theme)
        if self.training is not None:
            self.training.dress(theme)

    @Slot()
    def frame(self) -> None:
        """Thirty times a second."""
        run = self.run
        if run is None:
            return
        run.refresh()
        self.sounder.refresh(run)
        if run.stage is Stage.OPENING:
            self.opening.step.setText(run.step)
        elif run.stage is Stage.FAILED:
            self.start.problem(run.problem)
            self.pages.setCurrentWidget(self.start)
        else:
            if self.training is None:
                self._show_training(run)
            assert self.training is not None
            self.training.refresh()
            self.recorded = run.folder
        if run.over:
            self._over(run)

    def _show_training(self, run: SessionRun) -> None:
        self.training = TrainingView(run, self.alarms, first_tab=CURVES)
        self.training.dress(self._theme)
        self.training.again.connect(self._again)
        self.training.head.theme.clicked.connect(lambda: self.dress(LIGHT if self._theme is DARK else DARK))
        self.pages.addWidget(self.training)
        self.pages.setCurrentWidget(self.training)
        self.training.controls.start.setFocus()

    def _over(self, run: SessionRun) -> None:
        self._timer.stop()
        run.close()
        self.sounder.refresh(None)
        for act in self._ended:
            act(run)
        if self._closing:
            self.close()

    @Slot()
    def _again(self) -> None:
        self._forget()
        self.pages.setCurrentWidget(self.start)

    def _forget(self) -> None:
        """Let go of the session that is over."""
        self.run = None
        if self.training is not None:
            self.pages.removeWidget(self.training)
            self.training.deleteLater()
            self.training = None

    def _disarmed(self) -> bool:
        run = self.run
        return run is None or run.over or (run.training is not None and run.training.disarmed)

    def _stop(self) -> bool:
        """STOP, if a session is open; whether it was."""
        if self.run is None or self.run.over or self.run.training is None:
            return False
        self.run.training.stop()
        return True

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stop first, close the recording, write the report; then the window goes."""
        if self.run is not None and not self.run.over:
            self._closing = True
            self.run.end()
            event.ignore()
            return
        self._timer.stop()
        application = QtWidgets.QApplication.instance()
        if application is not None:
            application.removeEventFilter(self._space)
        self.sounder.close()
        super().closeEvent(event)
