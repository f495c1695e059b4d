"""One question on two panels, the therapist's beside the arm and the patient's screen: one answer will do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.qt import Qt, QtCore, QtWidgets
from gui.theme import LIGHT, application
from gui.viewmodels import asked
from gui.viewmodels.patient_screen import Part, PatientScreen
from gui.viewmodels.run import Request, SessionRun
from gui.viewmodels.screen_settings import ScreenSettings
from gui.viewmodels.worker import Worker
from gui.views.patient_screen import PatientWindow
from gui.views.training import TrainingView
from rehab.core.clock import ManualClock
from rehab.core.trials import Question
from rehab.realtime.ring import RingEvent
from tests.gui.conftest import WAIT, until
from tests.gui.desks import desk_with, shell_of
from tests.gui.fake_session import FakeSession
from tests.gui.fake_watched import FakeWatched

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("no_qt_warnings")]


class Watched(FakeWatched):
    """What is asked is the session's own, so that both ends see the same."""

    def __init__(self, session: FakeSession) -> None:
        self._session = session
        super().__init__(session)

    @property  # type: ignore[override]
    def question(self) -> Question | None:
        return self._session.question

    @question.setter
    def question(self, value: Question | None) -> None:
        self._session.question = value

    def answer(self, name: str, value: Any) -> None:
        self._session.answer(name, value)

    def events(self) -> list[RingEvent]:
        return []  # the therapist's window hears them


class Both:
    def __init__(self, qtbot: Any, folder: Path, clock: ManualClock) -> None:
        application(LIGHT)
        self.qtbot, self.clock = qtbot, clock
        self.session = FakeSession(folder)
        self.run = SessionRun(Request(), lambda _: self.session, lambda s: s.folder / "report.pdf", clock=clock)
        self.shell = shell_of(desk_with(self.run))
        self.shell.desk.alarms.checked = True
        self.model = PatientScreen(Watched(self.session), ScreenSettings(), Worker(chained=False), clock=clock)
        self.window = PatientWindow(self.model)
        self.window._timer.stop()
        self.window.resize(1280, 800)
        self.window.show()

    @property
    def therapist(self) -> TrainingView:
        page: Any = self.shell.page
        view: TrainingView = page.training
        return view

    def wait(self, condition: Any) -> None:
        def holds() -> bool:
            self.session.advance(0.002)
            self.clock.advance(0.03)
            self.shell.frame()
            self.window.frame()
            QtWidgets.QApplication.processEvents()
            return bool(condition())

        self.qtbot.waitUntil(holds, timeout=WAIT)

    def ask(self, question: Question) -> None:
        self.session.question = question
        self.wait(lambda: self.therapist.question.isVisible() and self.model.part is Part.ASK)


@pytest.fixture
def both(qtbot: Any, tmp_path: Path, clock: ManualClock) -> Iterator[Both]:
    made = Both(qtbot, tmp_path, clock)
    made.wait(lambda: made.run.training is not None and made.run.training.can_start)
    made.therapist.controls.start.click()
    made.wait(lambda: made.therapist.model.can_pause)
    yield made
    made.window.close()
    made.window.deleteLater()
    made.model.worker.close()
    made.run.end()
    until(qtbot, lambda: made.run.over)
    made.shell.close()
    made.shell.deleteLater()
    QtWidgets.QApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)


def test_both_panels_ask_the_same_in_the_same_words(both: Both) -> None:
    both.ask(asked.PAIN_QUESTION)
    assert both.therapist.question.asked.text() == asked.PAIN_QUESTION.text
    assert both.window.instruction.text() == asked.words(asked.PAIN_QUESTION)
    assert len(both.therapist.question.buttons) == len(both.window.answers.buttons) == 11


def test_what_the_patient_answers_takes_the_question_from_the_therapist(both: Both) -> None:
    both.ask(asked.PAIN_QUESTION)
    both.qtbot.mouseClick(both.window.answers.buttons[4], Qt.MouseButton.LeftButton)
    both.wait(lambda: both.therapist.workspace.isVisible())
    assert both.session.notes == [("pain", 4)]
    assert not both.therapist.question.isVisible() and both.model.part is not Part.ASK


def test_what_the_therapist_answers_takes_the_question_from_the_patient(both: Both) -> None:
    both.ask(asked.PAIN_QUESTION)
    both.qtbot.mouseClick(both.therapist.question.buttons[7], Qt.MouseButton.LeftButton)
    both.wait(lambda: both.model.part is not Part.ASK)
    assert both.session.notes == [("pain", 7.0)]
    assert both.therapist.workspace.isVisible()


def test_two_questions_in_a_row_are_asked_on_both_sides(both: Both) -> None:
    both.ask(asked.PAIN_QUESTION)
    both.qtbot.mouseClick(both.window.answers.buttons[0], Qt.MouseButton.LeftButton)
    both.wait(lambda: both.session.question is None and both.therapist.workspace.isVisible())
    both.ask(asked.TIRED_QUESTION)
    both.qtbot.mouseClick(both.therapist.question.buttons[10], Qt.MouseButton.LeftButton)
    both.wait(lambda: both.session.question is None and both.model.part is not Part.ASK)
    assert [name for name, _ in both.session.notes] == ["pain", asked.TIRED_QUESTION.name]
