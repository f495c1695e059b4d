"""The application over a copy of the demo store, its sessions played; what all pages of the day are tested with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gui import i18n
from gui.qt import Qt, QtCore, QtWidgets
from gui.theme import LIGHT, TARGET, application, dress
from gui.viewmodels.desk import Desk
from gui.viewmodels.run import Request, SessionRun
from gui.views import places
from gui.views.shell import Shell
from rehab.clinic.acting import Acting
from rehab.clinic.clinic import Clinic
from tests.gui.conftest import WAIT
from tests.gui.fake_session import FakeSession
from tests.gui.train_page import stand_in

PASSWORD, PIN = "demo-password", "2580"


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Filled once; tests get copies."""
    from rehab.clinic.demo import fill

    path = tmp_path_factory.mktemp("store") / "demo.db"
    clinic = Clinic.open(path)
    fill(clinic)
    clinic.close()
    return path


@pytest.fixture
def clinic(demo_store: Path, tmp_path: Path) -> Iterator[Clinic]:
    shutil.copy(demo_store, tmp_path / "clinic.db")
    opened = Clinic.open(tmp_path / "clinic.db")
    yield opened
    opened.close()


class Office:
    """A window, the sessions that were asked for, and hands to press its buttons with."""

    def __init__(self, qtbot: Any, desk: Desk, shell: Shell, sessions: list[FakeSession], requests: list[Request]):
        self.qtbot, self.desk, self.shell = qtbot, desk, shell
        self.sessions, self.requests = sessions, requests
        self.clicks = 0
        self.trials = 2  # of the plan that is played
        self.bound = WAIT  # ms; for what hangs, not a deadline

    @property
    def page(self) -> Any:
        return self.shell.page

    @property
    def place(self) -> str:
        return self.desk.went[-1].place

    def wait(self, condition: Callable[[], object]) -> None:
        def holds() -> bool:
            self.shell.frame()
            QtWidgets.QApplication.processEvents()
            return bool(condition())

        try:
            self.qtbot.waitUntil(holds, timeout=self.bound)
        except self.qtbot.TimeoutError:
            alarms = "\n".join(f"{m.title}: {m.text}" for m in self.desk.alarms.messages)
            raise AssertionError(f"waited in vain; the window shows:\n{alarms}\n{read_aloud(self.shell)}") from None

    def settle(self) -> None:
        """Everything asked of the store has come, and is shown."""
        self.wait(lambda: not self.desk.busy and not self.waiting())
        self.shell.frame()
        for _ in range(3):  # what was put into a layout is shown by an event, and a scroll area follows by another
            QtWidgets.QApplication.processEvents()

    def waiting(self) -> bool:
        return bool(getattr(getattr(self.page, "model", None), "waiting", 0))

    def go(self, place: str, **what: Any) -> Any:
        self.desk.go(place, **what)
        self.settle()
        return self.page

    def click(self, widget: QtWidgets.QWidget) -> None:
        assert widget.isVisible() and widget.isEnabled(), widget.accessibleName()
        self.clicks += 1
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def type(self, widget: QtWidgets.QWidget, words: str) -> None:
        widget.setFocus()
        self.qtbot.keyClicks(widget, words)

    def press(self, widget: QtWidgets.QWidget, key: Qt.Key) -> None:
        widget.setFocus()
        self.qtbot.keyClick(widget, key)

    def signed_in(self, name: str = "anna", language: str = "en", theme: str = "light") -> Acting:
        acting = self.desk.clinic.sign_in(name, PASSWORD)
        acting.users.preferences(language=language, theme=theme)
        acting = self.desk.clinic.sign_in(name, PASSWORD)
        self.desk.signed_in(acting)
        self.settle()
        return acting

    def patient(self, name: str) -> str:
        """The code of a demo patient."""
        assert self.desk.acting is not None
        (line,) = self.desk.acting.patients.search(name)
        return line.patient


def office(
    qtbot: Any, clinic: Clinic, folder: Path, monkeypatch: pytest.MonkeyPatch, **options: Any
) -> Iterator[Office]:
    """Sessions are played, and tick by themselves."""
    monkeypatch.setattr(places, "BY_NAME", dict(places.BY_NAME))
    stand_in(places.BY_NAME)
    application()
    sessions: list[FakeSession] = []
    requests: list[Request] = []

    def new_run(request: Request) -> SessionRun:
        session = FakeSession(folder / f"session{len(sessions)}", live=True, trials=made.trials)
        session.folder.mkdir()
        sessions.append(session)
        requests.append(request)
        return SessionRun(request, lambda _: session, lambda closed: closed.folder / "report.pdf")

    options.setdefault("new_run", new_run)
    desk = Desk(clinic, out=folder, **options)
    shell = Shell(desk)
    shell.resize(1280, 800)
    shell.show()
    made = Office(qtbot, desk, shell, sessions, requests)
    made.settle()
    yield made
    if desk.session_open:
        assert desk.run is not None
        desk.run.end()
        made.wait(lambda: not desk.session_open)
    made.settle()
    shell.close()
    shell.deleteLater()
    QtWidgets.QApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
    i18n.use("en")
    app = QtWidgets.QApplication.instance()
    assert isinstance(app, QtWidgets.QApplication)
    dress(app, LIGHT)


# what every page must keep to ----------------------------------------------------------------------------------------

PRESSED = (QtWidgets.QAbstractButton, QtWidgets.QLineEdit, QtWidgets.QComboBox, QtWidgets.QAbstractSpinBox,
           QtWidgets.QSlider, QtWidgets.QAbstractItemView)  # fmt: skip
INSIDE = (QtWidgets.QScrollBar, QtWidgets.QHeaderView)


def interactive(page: QtWidgets.QWidget) -> list[QtWidgets.QWidget]:
    """What can be seen and pressed, without the inner parts of Qt's own widgets."""
    return [
        w for w in page.findChildren(QtWidgets.QWidget)
        if w.isVisibleTo(page) and isinstance(w, PRESSED) and not isinstance(w, INSIDE)
        and not w.objectName().startswith("qt_") and not isinstance(w.parentWidget(), PRESSED)
        and not isinstance(w.parentWidget(), QtWidgets.QTabBar)
    ]  # fmt: skip


def read_aloud(window: QtWidgets.QWidget) -> str:
    """All that can be read in that window now."""
    kinds: tuple[type[QtWidgets.QWidget], ...] = (QtWidgets.QLabel, QtWidgets.QAbstractButton)
    shown = [w for kind in kinds for w in window.findChildren(kind) if w.isVisibleTo(window)]
    return "\n".join(words for w in shown if (words := str(getattr(w, "text", str)())).strip())


def nameless(page: QtWidgets.QWidget) -> list[str]:
    found = []
    for widget in interactive(page):
        own = widget.accessibleName() or (widget.text() if isinstance(widget, QtWidgets.QAbstractButton) else "")
        if not own.strip():
            found.append(f"{type(widget).__name__} at {widget.mapTo(page, QtCore.QPoint())}")
    return found


def too_small(page: QtWidgets.QWidget) -> list[str]:
    return [
        f"{w.accessibleName()}: {w.width()} x {w.height()}"
        for w in interactive(page) if w.height() < TARGET or w.width() < TARGET
    ]  # fmt: skip


def truncated(page: QtWidgets.QWidget) -> list[str]:
    """Labels and buttons whose words do not fit into them."""
    found = []
    for label in page.findChildren(QtWidgets.QLabel):
        if not label.isVisibleTo(page) or not label.text():
            continue
        needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        wide = 0 if label.wordWrap() else label.sizeHint().width()
        if needed > label.height() + 1 or wide > label.width() + 1:
            found.append(f"{label.text()!r}: needs {wide} x {needed}, has {label.width()} x {label.height()}")
    for button in page.findChildren(QtWidgets.QAbstractButton):
        if button.isVisibleTo(page) and button.text() and button.sizeHint().width() > button.width() + 1:
            found.append(f"{button.text()!r}: needs {button.sizeHint().width()}, has {button.width()}")
    return found
