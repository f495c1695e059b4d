"""Teaching a movement in the window: shown on the real simulated robot, mended, named, and put into the plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.desktop import open_run
from gui.viewmodels.teach import TeachModel
from gui.views.plan import PlanPage
from rehab.clinic.clinic import Clinic
from rehab.protocol.taught import Taught, read_taught
from tests.gui.day import Office, clinic, demo_store, nameless, office, too_small, truncated  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")
WAY = Taught(name="", points=((0.0, 0.0), (0.05, 0.0), (0.05, 0.05)), model="planar_arm")


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


@pytest.fixture
def real(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("REHAB_SELF_TEST", "0.2")
    yield from office(qtbot, clinic, tmp_path, monkeypatch, new_run=open_run)


def long(app: Office, condition: Any) -> None:
    """As app.wait, for a machine that is busy."""
    for _ in range(5):
        try:
            return app.wait(condition)
        except Exception:
            continue
    return app.wait(condition)


def shown(app: Office) -> Any:
    app.signed_in()
    page = app.go("teach", patient=app.patient("Demo Uno"))
    page.model.taught = WAY
    page.model.changed()
    app.settle()
    return page


@pytest.mark.e2e
def test_a_movement_that_is_shown_becomes_an_exercise_of_the_plan(real: Office) -> None:
    real.signed_in()
    page = real.go("teach", patient=real.patient("Demo Uno"))
    page.seconds.setCurrentIndex(0)
    real.click(page.begin)
    long(real, lambda: page.go.isVisible() and page.go.isEnabled())
    real.click(page.go)
    long(real, lambda: page.done.isVisible())
    long(real, lambda: page.model.taught is not None or page.model.problem)
    real.settle()
    assert page.model.problem == "" and len(page.model.taught.points) > 3
    real.type(page.name, "comb")
    real.click(page.save)
    real.settle()
    assert read_taught("comb").points
    real.click(page.use)
    real.settle()
    assert isinstance(real.page, PlanPage)
    last = real.page.model.now.blocks[-1]
    assert last.exercise == "trace" and "taught: comb" in real.page.model.now.text and last.parameters["points"]


def test_points_are_mended_by_typing_inserted_taken_out_and_brought_back(app: Office) -> None:
    page = shown(app)
    page.table.item(1, 0).setText("7,5")
    app.settle()
    assert page.model.taught.points[1] == pytest.approx((0.075, 0.0))
    app.click(page.insert)
    app.settle()
    assert page.table.rowCount() == 4
    app.click(page.undo)
    app.click(page.undo)
    app.settle()
    assert page.model.taught == WAY
    page.table.setCurrentCell(2, 0)
    app.click(page.delete)
    app.settle()
    assert page.table.rowCount() == 2
    app.click(page.delete)
    app.settle()
    assert page.table.rowCount() == 2 and "two points" in page.problem.text()


def test_a_name_that_is_taken_or_none_is_refused_until_it_may_be_replaced(app: Office) -> None:
    page = shown(app)
    app.click(page.save)
    app.settle()
    assert "letters" in page.problem.text()
    app.type(page.name, "comb")
    for expected in (False, True):
        app.click(page.save)
        app.settle()
        assert page.problem.isVisible() is expected
    page.replace.click()
    app.click(page.save)
    app.settle()
    assert not page.problem.isVisible() and page.saved.isVisible()


def test_no_movement_is_taught_while_another_session_is_open(app: Office) -> None:
    app.signed_in()
    model = TeachModel(app.desk)
    model.load("")
    app.wait(lambda: model.can_begin)
    model.begin("path", 10)
    app.wait(lambda: app.desk.session_open)
    assert app.requests[-1].patient == "therapist" and not model.can_begin
    other = TeachModel(app.desk)
    other.load("")
    app.wait(lambda: other.info is not None)
    other.begin("path", 10)
    assert len(app.requests) == 1


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_words_fit_and_targets_are_large_and_named(app: Office, language: str, size: tuple[int, int]) -> None:
    app.shell.resize(*size)
    app.signed_in(language=language)
    page = app.go("teach", patient=app.patient("Demo Uno"))
    page.model.taught = WAY
    page.model.changed()
    app.settle()
    assert nameless(page) + too_small(page) + truncated(app.shell) == []
