"""Every page of the application with something on it: a store of invented people, somebody signed in, a page gone to.

Used by the checks of looks (test_gui_every_page.py) and by the pictures (`python -m tests.gui.gallery`).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from gui import i18n
from gui.qt import QtCore, QtWidgets
from gui.theme import LIGHT, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.run import Request, SessionRun
from gui.viewmodels.training import TrainingModel
from gui.viewmodels.visit import Part, Visit
from gui.views.places import BY_NAME, there
from gui.views.shell import Shell
from rehab.clinic.clinic import Clinic
from rehab.clinic.demo import fill
from rehab.core.clock import ManualClock
from tests.gui.fake_session import FakeSession
from tests.gui.train_page import stand_in

TODAY = dt.date(2026, 3, 2)
NOON = dt.datetime(2026, 3, 2, 11, 0, tzinfo=dt.UTC)
PASSWORD = "demo-password"
BOUND = 60.0  # s; for what hangs, not a deadline


class Scene(NamedTuple):
    """A page as somebody sees it. `who` "": nobody is signed in. `with_patient`: the first of the caseload, or
    `patient`. `then` leads from the page of `place` to what is looked at."""

    name: str
    place: str
    who: str = "anna"
    with_patient: bool = False
    what: dict[str, Any] = {}  # noqa: RUF012
    patient: str = ""
    then: Callable[[Stage], None] | None = None


def answering(stage: Stage) -> None:
    """The identity is confirmed, the session has opened, the first question is answered."""
    page: Any = stage.shell.page
    page.confirm.click()
    stage.settle(lambda: stage.visit.run is not None and stage.visit.run.training is not None)
    stage.visit.ask_pain(4)


def ended(stage: Stage) -> None:
    """All trials of the plan are done, the session is closed and saved; something was noted as an adverse event."""
    answering(stage)
    visit = stage.visit
    visit.ask_fatigue(2)
    stage.settle(lambda: visit.can_start)
    visit.start()
    stage.settle(lambda: stage.sessions[-1].state == "running" or visit.part is Part.ENDED)
    visit.adverse_event("dizzy for a moment, sat for two minutes", chips=("dizzy",))
    stage.sessions[-1].advance(30.0)
    stage.settle(lambda: visit.part is Part.ENDED and visit.record is not None and visit.record.state == "ended")


def practising(stage: Stage) -> None:
    """A virtual patient sits in, and has had a spasm."""
    page: Any = stage.shell.page
    page.incident.setCurrentIndex(page.incident.findData("spasm"))
    page.begin.click()
    stage.settle(lambda: stage.desk.run is not None and stage.desk.run.training is not None)
    session, training = stage.sessions[-1], stage.training
    stage.settle(lambda: training.can_start)
    training.start()
    stage.settle(lambda: session.state == "running")
    session.event("injected", field="patient", how="spasm", at=6.0)
    stage.settle(lambda: stage.desk.practice is not None and stage.desk.practice.watch.came is not None)
    still(session, 1.2)
    stage.settle()


def practised(stage: Stage) -> None:
    """It was answered with STOP."""
    practising(stage)
    stage.training.stop()
    stage.settle(lambda: stage.desk.practice is not None and stage.desk.practice.can_finish)
    page: Any = stage.shell.page
    page.practice.result.click()
    stage.settle(lambda: stage.shell.page is not page)


def still(session: FakeSession, moved: float) -> None:
    """The picture is of one moment: so long (s) after the first motion, however long it took to come here."""
    session._live = False
    session.advance(moved - session._moving)


def training(stage: Stage) -> None:
    """The arm moves, three trials are done; the alarm sound was heard."""
    stage.desk.alarms.checked = True
    stage.shell.sounder.tones.silent = ""
    stage.trials = 24
    answering(stage)
    stage.visit.ask_fatigue(2)
    stage.settle(lambda: stage.visit.can_start)
    stage.visit.start()
    stage.settle(lambda: stage.sessions[-1].state == "running")
    session = stage.sessions[-1]
    still(session, 6.5)
    stage.settle(lambda: len(stage.visit.run.training.trials) >= 3)
    stage.trials = 4


def curves(stage: Stage) -> None:
    training(stage)
    page: Any = stage.shell.page
    page.training.side.setCurrentIndex(1)
    stage.settle()


def alarmed(stage: Stage) -> None:
    """The emergency stop was pressed."""
    training(stage)
    stage.sessions[-1].fail(16, "F16 emergency stop pressed", "", "TORQUE_OFF", "release the button, then reset")
    stage.settle(lambda: bool(stage.desk.alarms.messages))


def spasm(stage: Stage) -> None:
    from tests.gui.test_gui_train_models import SPASM

    training(stage)
    session = stage.sessions[-1]
    measured = "the limb's torque at joint 2 rose by 9.1 N·m at once"
    session.fail(24, "F24 spasm", measured, "YIELD", "let the spasm pass, then reset; go on gently")
    session.event("adverse_event", **SPASM)
    page: Any = stage.shell.page
    stage.settle(lambda: page.training.spasm.isVisible())


SCENES = tuple(
    scene
    for scene in (
        Scene("first_user", "first_user", who=""),
        Scene("sign_in", "sign_in", who=""),
        Scene("locked", "locked"),
        Scene("today", "today"),
        Scene("patients", "patients"),
        Scene("patient", "patient", with_patient=True),
        Scene("patient_two", "patient", with_patient=True, patient="Demo Uno"),
        Scene("patient_file", "patient_file", with_patient=True),
        Scene("new_patient", "new_patient"),
        Scene("worklist", "new_patient", what={"part": "worklist"}),
        Scene("handover", "handover", with_patient=True),
        Scene("nobody_to_prepare", "prepare"),
        Scene("prepare", "patient", with_patient=True, patient="Demo Tre", then=answering),
        Scene("train", "patient", with_patient=True, patient="Demo Tre", then=training),
        Scene("train_curves", "patient", with_patient=True, patient="Demo Tre", then=curves),
        Scene("train_stopped", "patient", with_patient=True, patient="Demo Tre", then=alarmed),
        Scene("train_spasm", "patient", with_patient=True, patient="Demo Tre", then=spasm),
        Scene("nothing_ended", "after"),
        Scene("after", "patient", with_patient=True, patient="Demo Tre", then=ended),
        Scene("library", "library"),
        Scene("plan", "plan", with_patient=True),
        Scene("trainer", "trainer"),
        Scene("practising", "trainer", then=practising),
        Scene("practised", "trainer", then=practised),
        Scene("teach", "teach"),
        Scene("review", "review", with_patient=True),
        Scene("review_two", "review", with_patient=True, patient="Demo Uno"),
        Scene("progress", "progress", with_patient=True),
        Scene("progress_dose", "progress", with_patient=True, then=lambda stage: stage.leaf(1)),
        Scene("progress_own", "progress", with_patient=True, then=lambda stage: stage.leaf(2)),
        Scene("scales", "scales", with_patient=True),
        Scene("research", "research", who="remo"),
        Scene("devices", "devices", who="tino"),
        Scene("users", "users", who="carla"),
        Scene("audit", "audit", who="carla"),
    )
    if there(BY_NAME[scene.place])
)


def store(folder: Path) -> Clinic:
    """A store of invented people; made once, then copied is not needed: it is small."""
    clinic = Clinic.open(folder / "clinic.db", clock=lambda: NOON)
    if clinic.empty:
        fill(clinic, seed=1, today=TODAY)
    return clinic


class Stage:
    """One shell over one store; `show` goes from scene to scene."""

    def __init__(self, clinic: Clinic, out: Path, *, theme: Theme = LIGHT) -> None:
        self.clinic, self.out = clinic, out
        self.sessions: list[FakeSession] = []
        self.trials = 4  # of the plan that is played
        self._places = dict(BY_NAME)
        stand_in(BY_NAME)
        self.desk = Desk(clinic, out=out, new_run=self._new_run)
        self.shell = Shell(self.desk, theme=theme)
        self.shell.show()
        self._patient = ""

    def show(self, scene: Scene) -> QtWidgets.QWidget:
        """The page of that scene, loaded and still."""
        desk = self.desk
        self._leave_visit()
        now = desk.acting.user.name if desk.acting is not None else ""
        if desk.locked or now != scene.who:
            desk.sign_out()
            if scene.who:
                language, theme = i18n.language(), self.shell._theme
                acting = self.clinic.sign_in(scene.who, PASSWORD)
                if language in i18n.LANGUAGES:
                    acting.users.preferences(language=language)  # the store speaks it too
                desk.signed_in(acting)
                self.shell.speak(language)  # not this user's own
                self.shell.dress(theme)
                if acting.may("patients.search"):
                    found = acting.patients.search(mine=True) or acting.patients.search()
                    self._patient = found[0].patient if found else ""
        if scene.place == "locked":
            desk.lock()
        else:
            what = {**scene.what, "patient": self._code(scene)} if scene.with_patient else scene.what
            desk.go(scene.place, **what)
        self.settle()
        if scene.then is not None:
            scene.then(self)
            self.settle()
        assert self.shell.page is not None
        return self.shell.page

    def leaf(self, number: int) -> None:
        page: Any = self.shell.page
        page.leaves.setCurrentIndex(number)

    @property
    def training(self) -> TrainingModel:
        assert self.desk.run is not None and self.desk.run.training is not None
        return self.desk.run.training

    @property
    def visit(self) -> Visit:
        assert self.desk.visit is not None
        return self.desk.visit

    def _code(self, scene: Scene) -> str:
        if not scene.patient:
            return self._patient
        assert self.desk.acting is not None
        (found,) = self.desk.acting.patients.search(scene.patient)
        return str(found.patient)

    def _new_run(self, request: Request) -> SessionRun:
        """Sessions are played: their frames come from `advance`."""
        session = FakeSession(self.out / f"session{len(self.sessions)}", live=True, trials=self.trials)
        session.folder.mkdir(exist_ok=True)
        self.sessions.append(session)
        return SessionRun(
            request, lambda _: session, lambda closed: closed.folder / "report.pdf", clock=ManualClock()
        )  # a session that stands still for its picture is not silent

    def _leave_visit(self) -> None:
        """The next scene begins without the session of this one."""
        if self.desk.visit is None and self.desk.practice is None:
            return
        if self.desk.session_open and self.desk.run is not None:
            self.desk.run.end()
            self.settle(lambda: not self.desk.session_open)
        self.desk.visit = self.desk.practice = None

    def settle(self, until: Callable[[], bool] = lambda: True) -> None:
        """`until` has held once, nothing is being asked any more, and what came is drawn."""
        end, still, held = time.monotonic() + BOUND, 0, False
        while still < 8:  # a page that stacks in a scroll area that gets its bar needs five rounds
            assert time.monotonic() < end, f"still {self.desk.busy or 'not there'}"
            QtWidgets.QApplication.processEvents()
            QtCore.QCoreApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
            self.shell.frame()
            held = held or until()
            still = still + 1 if held and not self.desk.busy else 0
            time.sleep(0.002)

    def close(self) -> None:
        self._leave_visit()
        self.shell.close()
        BY_NAME.update(self._places)
        self.shell.deleteLater()
        QtWidgets.QApplication.processEvents()
