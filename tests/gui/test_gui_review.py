"""Review of a session: what a recording and the store say of it, in the real windows."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.qt import Qt, QtGui
from gui.viewmodels.review import Review
from gui.viewmodels.review_read import Recorded, Stored, read_recording
from gui.viewmodels.review_words import Said, behind, ideal, shown, timing_words
from gui.viewmodels.visit_results import measure_rows
from rehab.cli.main import main
from rehab.clinic.clinic import Clinic
from rehab.clinic.records import NewPatient, Note
from rehab.core.types import Outcome
from rehab.record.folder import FRAMES
from rehab.record.recording import Recording
from rehab.report.columns import BY_NAME, COLUMNS
from tests.gui.day import PIN, Office, clinic, demo_store, nameless, office, too_small, truncated  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three reaches of a virtual patient at the simulated arm, recorded."""
    from rehab import Session

    with Session(
        "sim:planar_arm", patient="stroke", seed=3, clock="simulated", out=tmp_path_factory.mktemp("rec")
    ) as session:
        for _ in session.run("reach", trials=3):
            pass
    assert session.folder is not None
    return session.folder


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    monkeypatch.setattr(QtGui.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    opened: list[str] = []
    for made in office(qtbot, clinic, tmp_path, monkeypatch):
        made.opened = opened  # type: ignore[attr-defined]
        yield made


def recorded(app: Office, folder: Path, language: str = "en") -> Any:
    """Demo Uno's newest session has that recording; its page."""
    acting = app.signed_in(language=language)
    code = app.patient("Demo Uno")
    trials = Recording.open(folder).trials
    session = acting.sessions.begin(code, device="sim:planar_arm")
    acting.sessions.recorded(session.id, str(folder))
    acting.sessions.save_measures(session.id, measure_rows(trials))
    acting.charts.add_note(code, "slept badly", session=session.id)
    reached = sum(trial.outcome == Outcome.REACHED for trial in trials)
    acting.sessions.end(session.id, trials=len(trials), reached=reached)
    return app.go("review", patient=code)


def cells(table: Any) -> list[list[str]]:
    return [[table.item(i, k).text() for k in range(table.columnCount())] for i in range(table.rowCount())]


def test_the_numbers_are_those_of_rehab_measures(
    app: Office, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = recorded(app, folder)
    assert main(["measures", str(folder), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    model = page.model
    assert [line.measures for line in model.lines] == [trial["measures"] for trial in said["trials"]]
    assert model.medians == said["median"] and model.recorded.completed == said["completed"]
    rows = cells(page.trials)
    for row, trial in zip(rows, said["trials"], strict=True):
        expected = [c.show(trial["measures"].get(c.name)) for c in model.columns]
        assert row[0] == str(trial["number"]) and row[3:] == expected
    medians = {row[0]: row[1] for row in cells(page.measures)}
    assert medians["Peak speed (cm/s)"] == f"{100 * said['median']['peak_speed']:.1f}"


def test_quality_of_movement_stands_before_speed() -> None:
    names = [column.name for column in COLUMNS]
    assert names.index("sparc") < names.index("movement_time") < names.index("peak_speed")


def test_paths_can_be_hidden_by_button_and_by_enter(app: Office, folder: Path) -> None:
    page = recorded(app, folder)
    everything = page.paths.drawn
    assert everything == {1, 2, 3}
    app.click(page.none)
    app.settle()
    assert page.paths.drawn == frozenset()
    page.trials.setCurrentCell(1, 0)
    app.press(page.trials, Qt.Key.Key_Return)
    app.settle()
    assert page.paths.drawn == {2}
    app.click(page.all)
    app.settle()
    assert page.paths.drawn == everything


def test_only_missed_trials_are_drawn_when_asked_for(app: Office, folder: Path) -> None:
    page = recorded(app, folder)
    app.click(page.missed)
    app.settle()
    missed = {line.number for line in page.model.lines if line.outcome != Outcome.REACHED}
    assert page.paths.drawn == missed and len(missed) < 3


def test_a_path_begins_and_ends_where_the_recording_does(folder: Path) -> None:
    found, recording = read_recording(folder), Recording.open(folder)
    trial, line = recording.trials[0], found.lines[0]
    x = recording.array("x")
    assert line.path is not None and len(line.path) <= 300
    assert line.path[0].tolist() == x[trial.first_tick].tolist()
    assert line.path[-1].tolist() == x[trial.last_tick].tolist()


def test_an_intact_recording_is_said_to_be_intact(app: Office, folder: Path) -> None:
    page = recorded(app, folder)
    app.click(page.verify)
    app.settle()
    assert page.verified.isVisible() and page.verified.words.text().startswith("The recording is intact:")


def test_an_altered_recording_is_said_not_to_be(app: Office, folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    page = recorded(app, copy)
    data = bytearray((copy / FRAMES).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / FRAMES).write_bytes(data)
    app.click(page.verify)
    app.settle()
    assert page.verified.words.text().startswith("The recording is NOT intact") and not page.model.intact


def test_the_report_is_written_and_opened(app: Office, folder: Path) -> None:
    page = recorded(app, folder)
    app.click(page.report)
    app.settle()
    assert app.opened == [str(folder / "report.pdf")]  # type: ignore[attr-defined]
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_trials_are_exported_with_all_their_digits(app: Office, folder: Path, tmp_path: Path) -> None:
    page = recorded(app, folder)
    app.click(page.export)
    app.settle()
    (path,) = (tmp_path / "papers").glob("*.csv")
    assert str(path) in page.said.text() and path.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(path.read_text().splitlines()))
    for row, trial in zip(rows, Recording.open(folder).trials, strict=True):
        assert row["outcome"] == trial.outcome
        assert float(row["peak_speed [m/s]"]) == trial.measures["peak_speed"]


def test_the_pin_signs_the_session(app: Office, folder: Path) -> None:
    page = recorded(app, folder)
    app.type(page.sign.pin, PIN)
    app.click(page.sign.button)
    app.settle()
    assert page.signed.isVisible() and not page.sign.isVisible()
    assert app.desk.acting is not None and page.model.record.signed_by == "Anna Demo"


def test_a_wrong_pin_signs_nothing(app: Office, folder: Path) -> None:
    page = recorded(app, folder)
    app.type(page.sign.pin, "9999")
    app.click(page.sign.button)
    app.settle()
    assert page.problem.isVisible() and page.model.record.signed is None


def test_notes_limits_and_timing_are_said_in_words(app: Office, folder: Path) -> None:
    page = recorded(app, folder)

    def words(layout: Any) -> str:
        return "\n".join(layout.itemAt(k).widget().text() for k in range(layout.count()))

    assert "Anna Demo: slept badly" in words(page.happened)
    assert "Limit: force of the robot on the hand: 40 N (the program)" in words(page.limited)
    assert "The clock was simulated" in words(page.timing)


def test_a_session_without_a_recording_shows_what_the_store_has(app: Office) -> None:
    acting = app.signed_in()
    code = app.patient("Demo Uno")
    page = app.go("review", patient=code)
    assert page.absent.isVisible() and "There is no recording" in page.absent.text()
    assert not page.paths_card.isVisible() and not page.verify.isVisible() and not page.report.isVisible()
    last = acting.sessions.last(code)
    assert len(cells(page.trials)) == last.trials


def test_adverse_events_are_among_what_happened(app: Office) -> None:
    acting = app.signed_in()
    code = app.patient("Demo Tre")
    spastic = next(s for s in acting.sessions.list(code) if s.adverse)
    page = app.go("review", patient=code, session=spastic.id)
    first = page.happened.itemAt(0).widget().text()
    assert first.startswith("Adverse event") and "spasm" in first


def test_another_session_can_be_chosen(app: Office) -> None:
    app.signed_in()
    page = app.go("review", patient=app.patient("Demo Uno"))
    page.choice.setCurrentIndex(3)
    page.choice.activated.emit(3)
    app.settle()
    assert page.model.record.id == page.choice.itemData(3) and page.choice.currentIndex() == 3


def test_a_patient_without_a_session_is_told_so(app: Office) -> None:
    acting = app.signed_in()
    new = NewPatient(given_name="Nova", family_name="Prova", birth_date=dt.date(1960, 1, 1), sex="F", side="left")
    page = app.go("review", patient=acting.patients.add(new).patient)
    assert page.nothing.isVisible() and not page.whole.isVisible()


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_page_keeps_to_the_rules(app: Office, folder: Path, language: str) -> None:
    page = recorded(app, folder, language)
    assert nameless(page) == [] and too_small(page) == [] and truncated(page) == []


# words ---------------------------------------------------------------------------------------------------------------


def test_no_norm_is_invented() -> None:
    assert ideal(BY_NAME["peak_speed"]) == ("–", "")
    assert ideal(BY_NAME["sparc"]) == ("−1.40", "a minimum-jerk reach (Balasubramanian 2015)")


def test_nothing_is_shown_as_minus_zero() -> None:
    assert shown(BY_NAME["initial_direction_error"], -1e-4) == "0"


def test_a_limit_says_who_set_it() -> None:
    assert behind("force 30 N: limited by patient") == "force 30 N (the patient's file)"


def test_an_alarm_is_said_as_the_session_said_it() -> None:
    model = Review.__new__(Review)
    note = Note(id=1, kind="adverse", text="let go", at=dt.datetime.now(dt.UTC), by="Anna", facts={"t": 66.0})
    model.stored = Stored((), None, (), (note,), ())
    alarms = (
        {"kind": "fault", "t": 66.0, "data": {"id": 24}}, {"kind": "stop", "t": 70.0, "data": {"by": "space bar"}}
    )  # fmt: skip
    model.recorded = Recorded((), {}, 0, (), alarms, (), (), {}, "")
    assert model.happened == [
        Said(66.0, "Adverse event", "let go"), Said(66.0, "F24 spasm", "let the spasm pass, then reset; go on gently"),
        Said(70.0, "Stopped by hand", "space bar"),
    ]  # fmt: skip


def test_steps_that_were_left_out_are_counted() -> None:
    words = timing_words({"ticks": 1000, "rate_hz": 999.9, "skipped": 3, "clock": "real"})
    assert words == ["The arm was looked after 1,000 times a second.", "3 steps were left out."]
    assert timing_words({}) == ["No timing was recorded: the session ended before the loop could report it."]
