"""Progress of a patient, and their clinical scales, in the real windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from gui.qt import Qt, QtGui
from rehab.clinic.clinic import Clinic
from rehab.report.progress_data import gather
from tests.gui.day import PIN, Office, clinic, demo_store, nameless, office, too_small, truncated  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    opened: list[str] = []
    monkeypatch.setattr(QtGui.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    for made in office(qtbot, clinic, tmp_path, monkeypatch):
        made.opened = opened  # type: ignore[attr-defined]
        yield made


def progress(app: Office, language: str = "en") -> Any:
    app.signed_in(language=language)
    return app.go("progress", patient=app.patient("Demo Uno"))


def cells(table: Any) -> list[list[str]]:
    return [[table.item(i, k).text() for k in range(table.columnCount())] for i in range(table.rowCount())]


def read(path: str) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return " ".join(document[k].get_textpage().get_text_range() for k in range(len(document)))
    finally:
        document.close()


# progress ------------------------------------------------------------------------------------------------------------


def test_every_change_stands_beside_its_noise(app: Office) -> None:
    page = progress(app)
    rows = cells(page.verdicts)
    assert rows[0][0] == "Targets reached (%)" and len(rows) == len(page.model.progress.series)
    assert all("noise" in row[1] or "too early" in row[1] for row in rows)


def test_choosing_a_measure_plots_it_and_fills_its_table(app: Office) -> None:
    page = progress(app)
    row = next(k for k, cell in enumerate(cells(page.verdicts)) if cell[0] == "SPARC")
    page.verdicts.setFocus()
    for _ in range(row):
        app.press(page.verdicts, Qt.Key.Key_Down)
    app.settle()
    points = page.model.progress.measure("sparc").points
    assert page.model.measure == "sparc" and page.course.plot.accessibleName() == "SPARC"
    assert [cell[1] for cell in cells(page.values)] == [f"{p.mean:.2f}".replace("-", "−") for p in points]


def test_scales_share_the_time_axis_with_the_measures(app: Office) -> None:
    page = progress(app)
    one, other = (plot.plot.getViewBox().viewRange()[0] for plot in (page.course, page.scale_course))
    assert one == pytest.approx(other)


def test_a_longer_baseline_changes_the_verdicts(app: Office) -> None:
    page = progress(app)
    before = cells(page.verdicts)
    page.baseline.setCurrentIndex(3)
    page.baseline.activated.emit(3)
    app.settle()
    assert page.model.progress.baseline == 6 and cells(page.verdicts) != before


def test_a_new_plan_is_said_beside_the_changes(app: Office) -> None:
    page = progress(app)
    assert any("Reaching on one's own" in words for words in page.model.notes)


def test_dose_and_pain_have_tables_that_match_the_store(app: Office) -> None:
    page = progress(app)
    sessions = page.model.progress.sessions
    rows = cells(page.weeks)
    assert sum(int(row[1]) for row in rows) == len(sessions)
    assert sum(int(row[3]) for row in rows) == sum(s.trials for s in sessions)
    assert len(cells(page.pains)) == len(sessions)


def test_the_signed_report_carries_name_and_needs_the_pin(app: Office) -> None:
    page = progress(app)
    app.type(page.sign.pin, "9999")
    app.click(page.sign.button)
    app.settle()
    assert page.problem.isVisible() and app.opened == []  # type: ignore[attr-defined]
    app.type(page.sign.pin, PIN)
    app.click(page.sign.button)
    app.settle()
    (path,) = app.opened  # type: ignore[attr-defined]
    assert "Signature" in read(path) and "Anna Demo, " in read(path)


def test_the_unsigned_report_has_a_line_to_sign_on(app: Office) -> None:
    page = progress(app)
    app.click(page.unsigned)
    app.settle()
    assert "Name, date, signature:" in read(app.opened[0])  # type: ignore[attr-defined]


def test_the_patients_page_says_on_screen_what_it_says_on_paper(app: Office) -> None:
    page = progress(app, "it")
    page.leaves.setCurrentIndex(2)
    app.settle()
    assert page.picture.isVisible() and "8 su 10" in page.picture.accessibleDescription()
    app.click(page.page)
    app.settle()
    paper = " ".join(read(app.opened[0]).split())  # type: ignore[attr-defined]
    assert len(page.model.sentences) == 3 and all(sentence in paper for sentence in page.model.sentences)


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("leaf", [0, 1, 2])
def test_the_progress_page_keeps_to_the_rules(app: Office, language: str, leaf: int) -> None:
    page = progress(app, language)
    page.leaves.setCurrentIndex(leaf)
    app.settle()
    assert nameless(page) == [] and too_small(page) == [] and truncated(page) == []


# scales --------------------------------------------------------------------------------------------------------------


def scales(app: Office, kind: str = "fma_ue", group: str = "", language: str = "en") -> Any:
    app.signed_in(language=language)
    page = app.go("scales", patient=app.patient("Demo Uno"))
    page.model.choose(kind, group)
    app.settle()
    return page


def test_subscores_are_summed_and_saved(app: Office) -> None:
    page = scales(app)
    for name, points in {"arm": "24", "wrist": "6", "hand": "9"}.items():
        app.type(page.fields[name], points)
    assert page.total.text() == "39 of 66, parts that are missing: 1" and not page.save.isEnabled()
    app.type(page.fields["coordination"], "3")
    assert page.total.text() == "42 of 66"
    app.click(page.save)
    app.settle()
    entry = app.desk.acting.scales.list(page.model.code, "fma_ue")[-1]
    assert entry.value == 42 and entry.parts == {"arm": 24, "wrist": 6, "hand": 9, "coordination": 3}
    assert cells(page.table)[0][1] == "42" and page.fields["arm"].text() == ""


@pytest.mark.parametrize(
    ("kind", "field", "typed", "words"),
    [
        ("fma_ue", "wrist", "11", "outside 0 to 10"), ("nrs", "value", "12", "outside 0 to 10"),
        ("barthel", "value", "42", "not in steps of 5"), ("arat", "value", "many", "is not a number"),
        ("nrs", "on", "1/1/2999", "in the future"),
    ],
)  # fmt: skip
def test_what_is_off_the_scale_is_said_as_it_is_typed(
    app: Office, kind: str, field: str, typed: str, words: str
) -> None:
    page = scales(app, kind)
    app.type(page.fields[field], typed)
    assert page.wrongs[field].isVisible() and words in page.wrongs[field].text()
    assert not page.save.isEnabled()


def test_every_scale_has_a_form(app: Office) -> None:
    page = scales(app)
    for kind in page.model.kinds:
        page.model.choose(kind.name)
        app.settle()
        assert {part.name for part in kind.subscores} | {"value", "on", "remarks"} == set(page.fields)
        assert page.group_box.isVisible() == bool(kind.groups)


def test_a_grade_is_entered_by_muscle_group(app: Office) -> None:
    page = scales(app, "ashworth", "wrist flexors")
    grades = page.fields["value"]
    grades.setCurrentIndex(grades.findData("1+"))
    grades.activated.emit(grades.currentIndex())
    app.click(page.save)
    app.settle()
    (entry,) = app.desk.acting.scales.list(page.model.code, "ashworth", group="wrist flexors")
    assert entry.shown == "1+"


def test_the_change_that_matters_is_shown_with_its_source(app: Office) -> None:
    page = scales(app)
    assert "5.25" in page.least.text() and "Page 2012" in page.least.text()
    assert page.verdict.text().startswith("28 → 37 of 66: 9 more")


def test_a_mistake_is_withdrawn_with_a_reason_and_can_be_put_back(app: Office) -> None:
    page = scales(app)
    before = gather(app.desk.acting, page.model.code).scales
    page.table.setFocus()
    page.table.setCurrentCell(0, 0)
    assert not page.withdraw.isEnabled()
    app.type(page.reason, "wrong patient")
    app.click(page.withdraw)
    app.settle()
    assert [row[1] for row in cells(page.table)] == ["28"] and page.put_back.isVisible()
    app.click(page.put_back)
    app.settle()
    after = gather(app.desk.acting, page.model.code).scales
    assert [(e.value, e.parts, e.on) for e in after[0].entries] == [(e.value, e.parts, e.on) for e in before[0].entries]
    assert not page.put_back.isVisible()


def test_what_was_typed_is_there_after_coming_back(app: Office) -> None:
    page = scales(app)
    app.type(page.fields["arm"], "21")
    app.go("today")
    page = app.go("scales", patient=page.model.code)
    assert page.fields["arm"].text() == "21"


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("kind", ["fma_ue", "ashworth", "nrs"])
def test_the_scales_page_keeps_to_the_rules(app: Office, kind: str, language: str) -> None:
    page = scales(app, kind, language=language)
    assert nameless(page) == [] and too_small(page) == [] and truncated(page) == []
