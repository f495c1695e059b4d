"""The therapist's end: the button on the page, the panel, and a plan that the patient begins by one switch."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gui.qt import QtWidgets
from gui.theme import CONTRAST, LIGHT
from gui.viewmodels import guided, second_screen
from gui.viewmodels.screen_settings import Said
from gui.viewmodels.second_screen import SecondScreen
from gui.widgets.patient_panel import PatientPanel
from rehab.clinic.clinic import Clinic
from tests.gui.day import Office, clinic, demo_store, nameless, office, too_small, truncated  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")

ECHO = """
import sys
print('{"shown": true}', flush=True)
for line in sys.stdin:
    sys.stderr.write(line)
    if '"ask"' in line:
        print('{"answered": ["pain", 3]}', flush=True)
"""


class PlayedScreen(SecondScreen):
    """No process: a test says what the patient answers, and reads what was said to the patient."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Said] = []
        self.running = False

    def start(self, session: str) -> None:
        self.session, self.running = session, True

    @property
    def alive(self) -> bool:
        return self.running

    def refresh(self) -> None:
        pass

    def say(self, said: Said) -> None:
        self.said.append(said)

    def stop(self) -> None:
        self.running, self.session = False, ""


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    for made in office(qtbot, clinic, tmp_path, monkeypatch):
        made.desk.screen = PlayedScreen()
        yield made


def prepared(app: Office) -> PlayedScreen:
    """On the prepare page of the first patient of the day, the robot open."""
    app.signed_in()
    app.click(next(iter(app.page.open_buttons.values())))
    app.settle()
    app.click(app.page.confirm)
    app.settle()
    app.wait(lambda: app.desk.run is not None and app.desk.run.training is not None)
    assert isinstance(app.desk.screen, PlayedScreen)
    return app.desk.screen


def panel_of(app: Office) -> PatientPanel:
    app.click(app.page.screen_of_patient)
    app.settle()
    (panel,) = app.page.findChildren(PatientPanel)
    return panel


def test_the_button_of_the_page_opens_the_screen_of_this_session(app: Office) -> None:
    screen = prepared(app)
    panel = panel_of(app)
    app.click(panel.toggle)
    assert screen.session == app.sessions[0].folder.name
    app.click(panel.toggle)
    assert not screen.alive
    panel.close()


def test_settings_reach_the_patients_screen_at_once(app: Office) -> None:
    screen = prepared(app)
    panel = panel_of(app)
    panel.scan.click()
    panel.dwell.setValue(2.5)
    panel.side.setCurrentIndex(1)
    newest = screen.said[-1].settings
    assert newest is not None and (newest.scan, newest.dwell, newest.neglect) == (True, 2.5, "left")
    panel.close()


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("theme", [LIGHT, CONTRAST])
def test_the_panel_is_named_large_and_whole(app: Office, language: str, theme: Any) -> None:
    app.signed_in(language=language)
    panel = PatientPanel(app.desk, app.shell, theme)
    panel.show()
    app.settle()
    assert (nameless(panel), too_small(panel), truncated(panel)) == ([], [], [])
    panel.close()


def test_pain_and_fatigue_answered_by_the_patient_are_on_the_page(app: Office) -> None:
    screen = prepared(app)
    panel = panel_of(app)
    app.click(panel.toggle)
    panel.refresh()
    app.click(panel.before)
    assert [said.ask.name for said in screen.said if said.ask] == ["pain", "fatigue"]
    screen.answered.extend([("pain", 4), ("fatigue", 2)])
    app.settle()
    assert (app.page.pain.value, app.page.fatigue.value) == (4, 2)
    panel.close()


def test_a_plan_begins_when_the_patient_who_may_says_ready(app: Office) -> None:
    screen = prepared(app)
    visit = app.desk.visit
    assert visit is not None
    panel = panel_of(app)
    app.click(panel.toggle)
    panel.alone.click()
    app.wait(lambda: Said(guide=True) in screen.said)
    assert app.page.alone.text() == "The patient gets ready alone: step 1 of 6"
    screen.answered.extend([(guided.SIT, "Done"), (guided.ARM, "Done"), (guided.STRAPS, "Done")])
    app.settle()
    assert not visit.strapping_runs and app.page.alone.text() == "The patient gets ready alone: step 4 of 6"
    screen.answered.extend([("pain", 1), ("fatigue", 1), (guided.READY, "I am ready")])
    app.wait(lambda: visit.part == "training" and app.sessions[0].state == "running")
    assert visit.record is not None and visit.record.before.pain == 1


@pytest.mark.parametrize("allowed", [False, True])
def test_ready_begins_nothing_that_start_would_not(app: Office, allowed: bool) -> None:
    """Nobody has allowed it; or what Start needs is not there: pain has not been answered."""
    screen = prepared(app)
    visit = app.desk.visit
    assert visit is not None
    screen.start("x")
    visit.alone.allow(allowed)
    app.settle()
    screen.answered.append((guided.READY, "I am ready"))
    app.settle()
    app.settle()
    assert visit.part == "preparing" and "start" not in app.sessions[0].asked
    assert (Said(words="Please wait a moment") in screen.said) == allowed


def test_after_the_end_the_patient_is_asked_again(app: Office) -> None:
    screen = prepared(app)
    visit = app.desk.visit
    assert visit is not None
    screen.start("x")
    visit.ask_pain(1)
    visit.ask_fatigue(1)
    app.wait(lambda: visit.can_start)
    visit.start()
    app.wait(lambda: visit.part == "training")
    assert visit.run is not None
    visit.run.end()
    app.wait(lambda: visit.part == "ended" and not visit.waiting)
    app.wait(lambda: [said.ask.name for said in screen.said if said.ask] == ["pain", "fatigue"])
    screen.answered.append(("pain", 2))
    app.wait(lambda: visit.pain_after == 2)


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SecondScreen]:
    """A real process in its place that speaks the same lines."""
    (tmp_path / "echo.py").write_text(ECHO)
    started = second_screen.subprocess.Popen

    def popen(words: list[str], **more: Any) -> Any:
        assert words[1:4] == ["-P", "-m", "gui.patient"]
        return started([sys.executable, str(tmp_path / "echo.py")], **more)

    monkeypatch.setattr(second_screen.subprocess, "Popen", popen)
    screen = SecondScreen()
    yield screen
    screen.stop()


def test_lines_go_both_ways_and_the_process_ends_with_stop(echo: SecondScreen, qtbot: Any) -> None:
    echo.start("s")
    echo.ask(guided.STEPS[3])

    def answered() -> bool:
        echo.refresh()
        return bool(echo.answered) and echo.shown

    qtbot.waitUntil(answered, timeout=20_000)
    assert list(echo.answered) == [("pain", 3)] and echo.alive
    echo.stop()
    assert not echo.alive and echo.session == "" and echo.problem == ""


def test_what_is_said_to_nobody_is_no_error(echo: SecondScreen) -> None:
    echo.say(Said(guide=True))
    echo.stop()
    assert QtWidgets.QApplication.instance() is None or not echo.alive


def test_a_line_survives_the_way_unchanged() -> None:
    said = Said(ask=guided.STEPS[0], guide=True, words="è")
    assert msgspec.json.decode(msgspec.json.encode(said), type=Said) == said


def test_the_settings_of_a_patients_screen_hold_for_their_next_session_and_for_nobody_else(app: Office) -> None:
    screen = prepared(app)
    acting, visit = app.desk.acting, app.desk.visit
    assert acting is not None and visit is not None
    panel = panel_of(app)
    panel.scan.click()
    panel.side.setCurrentIndex(1)
    panel.alone.click()
    panel.close()
    app.settle()
    kept = acting.charts.screen(visit.patient.patient)
    assert kept is not None and kept.alone and kept.settings["scan"] is True and kept.settings["neglect"] == "left"
    code = visit.patient.patient
    visit.not_now()
    app.wait(lambda: not app.desk.session_open)
    other = next(found for found in map(app.patient, ("Demo Due", "Demo Tre")) if found != code)
    for whose, scan, alone in ((other, False, False), (code, True, True)):
        app.go("patient", patient=whose)
        app.click(app.page.confirm)
        app.wait(lambda: app.desk.visit is not None and app.desk.visit.run is not None)
        app.settle()
        assert app.desk.visit is not None and app.desk.visit.patient.patient == whose
        assert (screen.settings.scan, app.desk.visit.alone.allowed) == (scan, alone)
        app.desk.visit.not_now()
        app.wait(lambda: not app.desk.session_open)
