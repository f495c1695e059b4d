"""The page of the open session: opening, training, what has happened, the end."""

from __future__ import annotations

from typing import Any, ClassVar

from gui.i18n import tr
from gui.opening import new_run
from gui.qt import QtWidgets
from gui.theme import GRID, LIGHT, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.run import Request, SessionRun, Stage
from gui.views.page import Page, spaced
from gui.views.training import TrainingView
from gui.widgets.buttons import IconButton
from gui.widgets.parking import Confirm
from gui.widgets.patient_panel import panel_button
from gui.widgets.plain import Problem, Row, far, muted
from gui.widgets.practice_note import PracticeNote


class OpeningPanel(QtWidgets.QWidget):
    """What is under way until the session is open, or why it could not be opened."""

    def __init__(self) -> None:
        super().__init__()
        self.heading, self.step = far(), muted()
        self.bar = QtWidgets.QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far it is"))
        self.problem = Problem(tr("What went wrong"))
        self.again = IconButton(tr("Try again"), "fa6s.rotate-right", tr("Try again to open the session"), kind="go")
        self.leave = IconButton(tr("Leave it"), "fa6s.xmark", tr("Leave it: no session"))
        layout = QtWidgets.QVBoxLayout(self)
        spaced(layout)
        layout.addStretch(1)
        for widget in (self.heading, self.step, self.bar, self.problem):
            layout.addWidget(widget)
        layout.addLayout(Row(self.again, self.leave, None, spacing=GRID))
        layout.addStretch(2)

    def show_run(self, run: SessionRun | None) -> None:
        failed = run is not None and run.stage is Stage.FAILED
        opening = run is not None and run.stage is Stage.OPENING
        self.bar.setVisible(opening)
        self.again.setVisible(failed)
        self.leave.setVisible(failed)
        self.problem.say(run.problem if failed and run is not None else "")
        if run is None:
            self.heading.setText(tr("No session is open"))
            self.step.setText(tr("Choose a patient, and prepare a session."))
        elif opening:
            self.heading.setText(tr("Opening the session"))
            self.step.setText(tr(run.step))
        elif failed:
            self.heading.setText(tr("The session could not be opened"))
            self.step.setText("")


class TrainPage(Page):
    """Of `desk.run`. `confirm`: asks who is at the arm before a parked session goes on (built in where nobody sets it).

    desk.go("train")                       the open session
    desk.go("train", request=Request(...)) opens one first, where none is open
    """

    SCROLLS = False
    confirm: ClassVar[Confirm | None] = None

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._theme = LIGHT
        self.opening = OpeningPanel()
        self.opening.again.clicked.connect(self._try_again)
        self.opening.leave.clicked.connect(self._leave_it)
        self.training: TrainingView | None = None
        self.practice = PracticeNote(desk)
        self.stack = QtWidgets.QStackedWidget()
        self.stack.addWidget(self.opening)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.practice)
        layout.addWidget(self.stack, 1)

    @property
    def title(self) -> str:
        return tr("Training")

    def enter(self, *, request: Request | None = None, **what: Any) -> None:
        if request is not None and (self.desk.run is None or self.desk.run.over):
            self._begin(new_run(request))
        self.refresh()
        if self.training is not None:
            self.training.controls.start.setFocus()

    def _begin(self, run: SessionRun) -> None:
        if self.desk.run is not None:
            self.desk.run.close()
        self.desk.run = run
        self.desk.went[-1].what.pop("request", None)  # going back here does not open it once more

    def refresh(self) -> None:
        run = self.desk.run
        self.practice.refresh()
        if self.training is not None and (run is None or self.training.run is not run):
            self._forget()
        if run is None or run.training is None:
            self.opening.show_run(run)
            self.stack.setCurrentWidget(self.opening)
            return
        if self.training is None:
            self._show(run)
        assert self.training is not None
        self.training.refresh()

    def _show(self, run: SessionRun) -> None:
        self.training = TrainingView(run, self.desk.alarms, confirm=type(self).confirm)
        self.training.head.theme.hide()  # the shell has one
        screen = panel_button(self.desk, self, lambda: self._theme)
        screen.setText("")  # its name is said and shown as a tip; the head has no room for it
        self.training.head.add(screen)
        self.training.dress(self._theme)
        self.training.again.connect(self._leave_it)
        self.training.replaced.connect(self._replace)
        self.stack.addWidget(self.training)
        self.stack.setCurrentWidget(self.training)
        self.training.controls.start.setFocus()

    def _replace(self, run: SessionRun) -> None:
        self.desk.run = run
        self.refresh()

    def _try_again(self) -> None:
        """The same session once more: with what the one before it has left, where it goes on from one."""
        run = self.desk.run
        if run is not None and run.stage is Stage.FAILED:
            again = new_run(run.request)
            run.hand_on(again)
            self._begin(again)
            self.refresh()

    def _leave_it(self) -> None:
        run = self.desk.run
        if run is not None and run.over:
            run.close()
            if run.may_follow and self.desk.visit is not None:
                run.give_up()  # the visit goes on to what comes after a session
                return
            self.desk.run = None
        self.desk.home()

    def _forget(self) -> None:
        if self.training is not None:
            self.stack.removeWidget(self.training)
            self.training.deleteLater()
            self.training = None

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        super().dress(theme)
        if self.training is not None:
            self.training.dress(theme)
