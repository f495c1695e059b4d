"""The researcher's page: checked while typed, completed from the schema, listed for a seed, run one by one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.qt import Qt, QtWidgets
from gui.viewmodels.completion import offers
from gui.viewmodels.research import DONE, STOPPED, WAITING, notes_of, realised
from gui.views.research import ResearchPage
from rehab.clinic.clinic import Clinic
from rehab.protocol.editors import protocol_schema
from rehab.protocol.load import ready_protocols
from rehab.record.recording import Recording
from tests.gui.day import Office, clinic, demo_store, nameless, office, too_small, truncated  # noqa: F401
from tests.gui.test_gui_plan_models import TEXT, ground

pytestmark = pytest.mark.usefixtures("no_qt_warnings")
SHORT = TEXT.replace("trials: 2", "trials: 1")


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


@pytest.fixture
def page(app: Office) -> ResearchPage:
    app.signed_in("remo")
    found = app.go("research")
    app.wait(lambda: found.model.sound)
    assert isinstance(found, ResearchPage)
    return found


def typed(app: Office, page: ResearchPage, text: str) -> None:
    page.editor.setPlainText(text)
    app.wait(lambda: page.model.checked_text == text and not page.model.waiting)
    app.shell.frame()


def long(app: Office, condition: Any) -> None:
    for _ in range(6):
        try:
            return app.wait(condition)
        except Exception:
            continue
    return app.wait(condition)


# completion ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), [
    ("prot", "protocol"),
    ("profile: res", "research"),
    ("blocks:\n  - name: a\n    rea", "reach"),
    ("blocks:\n  - name: a\n    mode: res", "resistive"),
    ("blocks:\n  - name: a\n    reach: {rad", "radius"),
    ("blocks:\n  - name: a\n    reach:\n      tar", "targets"),
    ("blocks:\n  - name: a\n    controller: {impedance: {sti", "stiffness"),
    ("blocks:\n  - name: a\n    controller: imp", "impedance"),
    ("limits: {spe", "speed"),
    ("trial:\n  - hold: {at: start}\n  - fee", "feedback"),
])  # fmt: skip
def test_the_schema_offers_what_may_stand_there(text: str, expected: str) -> None:
    lines = text.split("\n")
    assert expected in [o.word for o in offers(protocol_schema(), lines, len(lines) - 1, len(lines[-1]))]


def test_what_belongs_elsewhere_is_not_offered() -> None:
    found = [o.word for o in offers(protocol_schema(), ["blocks:", "  - name: a", "    reach: {"], 2, 12)]
    assert "radius" in found and "protocol" not in found and "stiffness" not in found


# checking ------------------------------------------------------------------------------------------------------------


def test_every_ready_protocol_is_sound_and_a_broken_line_is_named() -> None:
    for path in ready_protocols().values():
        assert notes_of(path.read_text("utf-8"), ground(), path.parent) == (), path.stem
    (note,) = notes_of(TEXT.replace("8 cm", "8"), ground(), Path())
    assert note.line == 7 and "no unit" in note.words


def test_messages_stand_beside_the_line_as_it_is_typed_and_a_click_goes_there(app: Office, page: ResearchPage) -> None:
    typed(app, page, TEXT.replace("8 cm", "8"))
    assert page.wrong.count() == 1 and page.wrong.item(0).text().startswith("Line 8")
    assert [note.line for note in page.editor.notes] == [7] and page.editor.extraSelections()
    assert not page.list.isEnabled() and not page.enqueue.isEnabled()
    page.wrong.itemActivated.emit(page.wrong.item(0))
    assert page.editor.textCursor().blockNumber() == 7
    typed(app, page, TEXT)
    assert not page.editor.notes and page.list.isEnabled() and "Sound" in page.verdict.text()


def test_the_combo_names_the_protocol_whose_text_is_shown(app: Office, page: ResearchPage, tmp_path: Path) -> None:
    assert page.ready.currentData() == "rotation_abrupt" and "Rotation" in page.editor.toPlainText()
    page.ready.setCurrentIndex(page.ready.findData("study_rotation"))
    app.click(page.use)
    app.wait(lambda: page.model.sound and page.model.ready == "study_rotation")
    assert "strategy.md" in page.editor.toPlainText() and page.ready.currentData() == "study_rotation"
    (tmp_path / "own.yaml").write_text(TEXT)
    page.model.open_file(tmp_path / "own.yaml")
    app.wait(lambda: page.model.name == "own" and page.model.sound)
    assert page.ready.currentIndex() == -1


def test_pages_are_looked_for_beside_the_file_that_was_opened(app: Office, page: ResearchPage, tmp_path: Path) -> None:
    whole = ready_protocols()["study_rotation"]
    (tmp_path / "mine.yaml").write_text(whole.read_text("utf-8"))
    page.model.open_file(tmp_path / "mine.yaml")
    app.wait(lambda: page.model.checked_text == page.model.text and page.model.name == "mine")
    assert any("strategy.md" in note.words for note in page.model.notes)
    (tmp_path / "strategy.md").write_text("Aim to the side.")
    page.model.open_file(tmp_path / "mine.yaml")
    app.wait(lambda: page.model.sound)


def test_a_word_is_completed_by_enter(app: Office, page: ResearchPage) -> None:
    page.editor.setPlainText("")
    page.editor.setFocus()
    app.qtbot.keyClicks(page.editor, "prot")
    assert page.editor.popup.isVisible()
    app.qtbot.keyClick(page.editor, Qt.Key.Key_Return)
    assert page.editor.toPlainText() == "protocol"


def test_what_was_typed_is_there_again(app: Office, page: ResearchPage) -> None:
    typed(app, page, TEXT)
    app.shell.speak("it")
    app.wait(lambda: app.page.model.sound)
    assert app.page.editor.toPlainText() == TEXT


# the list of trials --------------------------------------------------------------------------------------------------


def test_equal_seeds_give_equal_lists_and_others_do_not() -> None:
    text = ready_protocols()["rotation_abrupt"].read_text("utf-8")
    one, again, other = (realised(text, ground(), seed, "P1", Path()) for seed in (1, 1, 2))
    assert one == again and one.rows != other.rows


def test_the_list_is_shown_and_saved_as_csv(app: Office, page: ResearchPage, tmp_path: Path) -> None:
    page.tabs.setCurrentIndex(1)
    page.seed.setValue(7)
    app.click(page.list)
    app.settle()
    assert page.table.rowCount() == len(page.model.trials.rows) > 10
    page.model.export_csv(tmp_path / "list.csv")
    app.settle()
    rows = list(csv.DictReader(io.StringIO((tmp_path / "list.csv").read_text("utf-8"))))
    assert len(rows) == page.table.rowCount() and "block" in rows[0]


# the queue -----------------------------------------------------------------------------------------------------------


@pytest.mark.e2e
def test_runs_are_played_one_after_another_and_leave_recordings(app: Office, page: ResearchPage) -> None:
    typed(app, page, SHORT)
    page.tabs.setCurrentIndex(2)
    app.click(page.enqueue)
    app.click(page.enqueue)
    app.settle()
    app.click(page.run)
    long(app, lambda: all(q.state == DONE for q in page.model.queue))
    folders = [q.run.result.folder for q in page.model.queue if q.run is not None]
    assert [Recording.open(folder).metadata["seed"] for folder in folders] == [1, 2]
    assert not page.model.going and "1 of 1" in page.bars[id(page.model.queue[0])][1].text()


def test_what_waits_can_be_ordered_and_the_queue_stopped(app: Office, page: ResearchPage) -> None:
    typed(app, page, TEXT.replace("trials: 2", "trials: 200"))
    page.tabs.setCurrentIndex(2)
    for _ in range(3):
        app.click(page.enqueue)
    app.settle()
    first = next(b for b in page.findChildren(QtWidgets.QPushButton)
                 if b.isVisible() and b.isEnabled() and b.accessibleName().startswith("Later"))  # fmt: skip
    app.click(first)
    assert [q.seed for q in page.model.queue] == [2, 1, 3]
    app.click(page.run)
    app.wait(lambda: page.halt.isEnabled() and page.model.queue[0].run is not None)
    app.click(page.halt)
    app.wait(lambda: page.model.queue[0].state == STOPPED)
    assert [q.state for q in page.model.queue[1:]] == [WAITING, WAITING]


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_words_fit_and_targets_are_large_and_named(app: Office, language: str, size: tuple[int, int]) -> None:
    app.shell.resize(*size)
    app.signed_in("remo", language=language)
    page = app.go("research")
    app.wait(lambda: page.model.sound)
    page.model.enqueue("P1", 1, "healthy")
    for tab in range(3):
        page.tabs.setCurrentIndex(tab)
        app.settle()
        assert nameless(page) + too_small(page) + truncated(app.shell) == []
