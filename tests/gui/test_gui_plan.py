"""The library and the plan by real clicks; a therapist makes a plan, rehearses it, saves it, and trains with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui import i18n
from gui.qt import QtWidgets
from gui.views.library import LibraryPage
from gui.views.plan import PlanPage
from rehab.clinic.clinic import Clinic
from tests.gui.day import Office, clinic, demo_store, nameless, office, too_small, truncated  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


def plan_of(app: Office, name: str = "Demo Uno") -> PlanPage:
    page = app.go("plan", patient=app.patient(name))
    app.settle()
    assert isinstance(page, PlanPage)
    return page


def called(page: QtWidgets.QWidget, words: str) -> QtWidgets.QPushButton:
    return next(b for b in page.findChildren(QtWidgets.QPushButton)
                if b.isVisible() and b.accessibleName().startswith(words))  # fmt: skip


def add(app: Office, name: str) -> None:
    """By clicks: from the plan to the library, and back with that exercise."""
    app.click(app.page.add)
    app.settle()
    assert isinstance(app.page, LibraryPage)
    app.click(app.page.cards["exercise", name].add)
    app.settle()
    assert isinstance(app.page, PlanPage)


@pytest.mark.e2e
def test_a_therapist_makes_rehearses_and_saves_a_plan_and_it_is_what_today_trains(app: Office) -> None:
    app.signed_in()
    page = plan_of(app)
    app.click(called(page, "Take out"))
    app.settle()
    assert not page.model.now.blocks and page.empty.isVisible() and not page.save.isEnabled()
    add(app, "reach")
    page = app.page
    count = page.count.widget("trials")
    count.setFocus()
    count.selectAll()
    app.qtbot.keyClicks(count, "2")
    page.how.setCurrentIndex(page.how.findData("controller:impedance"))
    app.settle()
    assert page.model.now.sound, page.model.now.findings
    app.click(page.start)
    app.wait(lambda: page.progress.isVisible())
    for _ in range(6):  # a busy machine takes long
        try:
            app.wait(lambda: page.model.rehearsal.over)
            break
        except Exception:
            continue
    app.settle()
    assert "2 of 2" in page.told.text() and "Largest force" in page.told.text() and "No fault" in page.told.text()
    app.click(page.save)
    app.settle()
    assert page.good.isVisible() and not page.save.isEnabled()
    last = app.desk.acting.sessions.as_last_time(app.patient("Demo Uno"))  # type: ignore[union-attr]
    assert last.plan is not None and "impedance" in last.plan.protocol and "trials: 2" in last.plan.protocol
    app.go("patient", patient=app.patient("Demo Uno"))
    assert last.plan.title in app.page.plan.text()


def test_values_are_typed_with_units_and_what_is_wrong_stands_beside_the_field(app: Office) -> None:
    app.signed_in()
    page = plan_of(app)
    radius = page.exercise.widget("radius")
    assert radius.suffix() == " cm"
    radius.setFocus()
    radius.selectAll()
    app.qtbot.keyClicks(radius, "45")
    app.settle()
    said = page.exercise._wrong["blocks[0].reach.radius"]
    assert said.isVisible() and said.text() and not page.save.isEnabled()
    app.click(page.undo)
    app.settle()
    assert not said.isVisible() and not page.exercise.widget("radius").hasFocus()
    assert page.exercise.widget("radius").value() == 10.0


def test_the_reason_of_a_limit_names_the_patients_file(app: Office) -> None:
    acting = app.signed_in()
    acting.charts.set_limit(app.patient("Demo Uno"), "force", 12.0, reason="sore shoulder")
    page = plan_of(app)
    force = page.limits.widget("force")
    assert force.maximum() == 12.0
    assert "12 N: limited by the patient's file, AD" in page.limits._limits["limits.force"].text()


def test_blocks_are_ordered_taken_out_and_brought_back(app: Office) -> None:
    app.signed_in()
    page = plan_of(app)
    add(app, "trace")
    first = [block.exercise for block in page.model.now.blocks]
    app.click(called(page, "Earlier"))
    app.settle()
    assert [block.exercise for block in page.model.now.blocks] == first[::-1]
    app.click(page.undo)
    app.settle()
    assert [block.exercise for block in page.model.now.blocks] == first


def test_the_library_searches_filters_and_says_what_to_do_where_nothing_fits(app: Office) -> None:
    app.signed_in()
    page = app.go("library")
    app.settle()
    everything = sum(card.isVisible() for card in page.cards.values())
    page.goal.setCurrentIndex(page.goal.findData("game"))
    app.settle()
    games = [card.entry.name for card in page.cards.values() if card.isVisible()]
    assert games and len(games) < everything and all("game" in name for name in games)
    app.type(page.search, "no such word")
    app.settle()
    assert page.empty.isVisible() and not any(card.isVisible() for card in page.cards.values())


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_words_fit_and_targets_are_large_and_named(app: Office, language: str, size: tuple[int, int]) -> None:
    app.shell.resize(*size)
    app.signed_in(language=language)
    assert i18n.language() == language
    for place in ("library", "plan"):
        app.go(place, patient=app.patient("Demo Uno"))
        app.settle()
        found = nameless(app.page) + too_small(app.page) + truncated(app.shell)
        right = max(w.mapTo(app.page, w.rect().topRight()).x() for w in app.page.findChildren(QtWidgets.QPushButton)
                    if w.isVisibleTo(app.page))  # fmt: skip
        assert not found and right <= app.page.parentWidget().width(), (place, found)


def test_nothing_is_said_that_did_not_go_through_translation(app: Office) -> None:
    app.signed_in()
    app.shell.speak(i18n.PSEUDO)
    app.go("plan", patient=app.patient("Demo Uno"))
    app.settle()
    own = {block.name for block in app.page.model.now.blocks}
    plain = [b.text().strip() for b in app.page.findChildren(QtWidgets.QPushButton)
             if b.text().strip() and not b.text().strip().startswith("«")]  # fmt: skip
    assert set(plain) <= own
    labels = [label.text() for form in (app.page.exercise, app.page.help, app.page.limits)
              for label in form.findChildren(QtWidgets.QLabel) if label.isVisible()]  # fmt: skip
    assert labels and all(words.startswith("«") for words in labels)
