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
from gui.views.places import BY_NAME, there
from gui.views.shell import Shell
from rehab.clinic.clinic import Clinic
from rehab.clinic.demo import fill

TODAY = dt.date(2026, 3, 2)
NOON = dt.datetime(2026, 3, 2, 11, 0, tzinfo=dt.UTC)
PASSWORD = "demo-password"
BOUND = 60.0  # s; for what hangs, not a deadline


class Scene(NamedTuple):
    """A page as somebody sees it. `who` "": nobody is signed in. `with_patient`: the first of the caseload."""

    name: str
    place: str
    who: str = "anna"
    with_patient: bool = False
    what: dict[str, Any] = {}  # noqa: RUF012


SCENES = tuple(
    scene
    for scene in (
        Scene("sign_in", "sign_in", who=""),
        Scene("locked", "locked"),
        Scene("today", "today"),
        Scene("patients", "patients"),
        Scene("patient", "patient", with_patient=True),
        Scene("new_patient", "new_patient"),
        Scene("worklist", "new_patient", what={"part": "worklist"}),
        Scene("handover", "handover", with_patient=True),
        Scene("prepare", "prepare"),
        Scene("library", "library"),
        Scene("plan", "plan", with_patient=True),
        Scene("teach", "teach"),
        Scene("review", "review", with_patient=True),
        Scene("progress", "progress", with_patient=True),
        Scene("scales", "scales", with_patient=True),
        Scene("trainer", "trainer"),
        Scene("research", "research", who="remo"),
        Scene("devices", "devices", who="tino"),
        Scene("users", "users", who="carla"),
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
        self.clinic = clinic
        self.desk = Desk(clinic, out=out)
        self.shell = Shell(self.desk, theme=theme)
        self.shell.show()
        self._patient = ""

    def show(self, scene: Scene) -> QtWidgets.QWidget:
        """The page of that scene, loaded and still."""
        desk = self.desk
        now = desk.acting.user.name if desk.acting is not None else ""
        if desk.locked or now != scene.who:
            desk.sign_out()
            if scene.who:
                language, theme = i18n.language(), self.shell._theme
                acting = self.clinic.sign_in(scene.who, PASSWORD)
                desk.signed_in(acting)
                self.shell.speak(language)  # not this user's own
                self.shell.dress(theme)
                if acting.may("patients.search"):
                    found = acting.patients.search(mine=True) or acting.patients.search()
                    self._patient = found[0].patient if found else ""
        if scene.place == "locked":
            desk.lock()
        elif scene.place != "sign_in":
            what = {**scene.what, "patient": self._patient} if scene.with_patient else scene.what
            desk.go(scene.place, **what)
        self.settle()
        assert self.shell.page is not None
        return self.shell.page

    def settle(self, until: Callable[[], bool] = lambda: True) -> None:
        """Nothing is being asked any more, and what came is drawn."""
        end, still = time.monotonic() + BOUND, 0
        while still < 4:
            assert time.monotonic() < end, f"still {self.desk.busy or 'not there'}"
            QtWidgets.QApplication.processEvents()
            QtCore.QCoreApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
            self.shell.frame()
            still = still + 1 if not self.desk.busy and until() else 0
            time.sleep(0.002)

    def close(self) -> None:
        self.shell.close()
        self.shell.deleteLater()
        QtWidgets.QApplication.processEvents()
