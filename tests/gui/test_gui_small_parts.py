"""Small parts that many pages share: who is in the machine, numbers as they are typed, choices, tables, ages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from gui import i18n
from gui.qt import QtCore, QtWidgets
from gui.theme import LIGHT, application
from gui.viewmodels.person import born_words
from gui.views.head import Head
from gui.widgets.fitting import Fitting
from gui.widgets.form import Choice, Spin
from gui.widgets.table import Table
from rehab.clinic.clinic import Clinic
from rehab.core.errors import AccessError
from tests.gui import looks
from tests.gui.scenes import SCENES, Stage, store

BY_NAME = {scene.name: scene for scene in SCENES}
LONG = "Maria Antonietta Della Valle-Castelnuovo · right side"


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    application(LIGHT)
    yield
    i18n.use("en")


def shown(qtbot: Any, widget: QtWidgets.QWidget, width: int, height: int) -> QtWidgets.QWidget:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    QtWidgets.QApplication.processEvents()
    return widget


@pytest.mark.parametrize("width", [713, 1140, 1780])
def test_name_and_side_are_whole_at_the_head_of_training_however_long_the_name_is(qtbot: Any, width: int) -> None:
    born = "born 7 February 1949, 77 years"
    head = Head(LONG, [f"{born} · virtual patient: stroke · planar arm sim-1", born, "7 Feb 1949"])
    head.set_narrow(width < 900)
    head.set_low(width < 900)  # the smallest screen is both
    shown(qtbot, head, width, 100)
    head.resize(width, head.heightForWidth(width))
    QtWidgets.QApplication.processEvents()
    assert head.person.isVisible() and not head.person.visibleRegion().isEmpty()
    assert looks.cut_off(head) == []
    assert "1949" in head.session.shown and "planar arm" in head.session.toolTip()


@pytest.fixture
def clinic(tmp_path: Any) -> Iterator[Clinic]:
    made = store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def stage(qtbot: Any, clinic: Clinic, tmp_path: Any) -> Iterator[Stage]:
    made = Stage(clinic, tmp_path)
    yield made
    made.close()


def test_training_says_in_italian_whose_arm_it_is_and_the_virtual_patient_by_its_words(stage: Stage) -> None:
    i18n.use("it")
    page: Any = stage.show(BY_NAME["practising"])
    assert page.training.head.session.text().startswith("paziente virtuale: ictus · braccio planare")
    stage.show(BY_NAME["patients"])
    page = stage.show(BY_NAME["train"])
    assert page.training.head.person.text() == "Demo Tre · lato destro"
    assert page.training.head.session.text().startswith("nascita: 7 febbraio 1949, 77 anni")


@pytest.mark.parametrize(
    ("room", "shown"),
    [(1.1, "Trial 3: reached, 1.0 s"), (0.9, "Trial 3: reached"), (0.5, "Trial 3"), (0.2, "…")],
)
def test_a_line_says_as_much_as_it_has_room_for_in_whole_words_and_all_of_it_in_its_tip(
    qtbot: Any, room: float, shown: str
) -> None:
    line = Fitting("Trial 3: reached, 1.0 s", "Trial 3: reached", "Trial 3")
    qtbot.addWidget(line)
    line.resize(round(room * line.fontMetrics().horizontalAdvance(line.text())), 30)
    assert line.shown == shown or (shown == "…" and line.shown.endswith("…"))
    assert line.text() == line.toolTip() == "Trial 3: reached, 1.0 s"
    assert line.minimumSizeHint().width() == 0


def test_a_line_that_lacks_room_for_its_shortest_form_is_an_offence(qtbot: Any) -> None:
    line = Fitting("Trial 3: reached", "Trial 3")
    qtbot.addWidget(line)
    line.resize(20, 30)
    line.show()
    assert ["no room" in offence for offence in looks.cut_off(line)] == [True]


@pytest.mark.parametrize("remark", ["", " ", "two words", "line\nafter line"])
def test_a_table_shows_whatever_was_written_in_its_wide_column(qtbot: Any, remark: str) -> None:
    table = Table("Remarks", words=(0, 1), wide=1)
    qtbot.addWidget(table)
    table.resize(120, 200)
    table.show()
    table.fill(["Day", "Remark"], [["3 March", remark]])
    assert table.item(0, 1).text() == remark and looks.cut_off(table) == []


def test_an_age_goes_by_the_day_it_is_at_the_clinic() -> None:
    born = dt.date(1971, 11, 19)
    assert born_words(born, dt.date(2026, 3, 2)) == "born 19 November 1971, 54 years"
    assert born_words(born, dt.date(2026, 11, 19)) == "born 19 November 1971, 55 years"


def test_every_page_tells_the_age_by_the_clock_of_the_clinic(stage: Stage) -> None:
    """The clinic's day is set; this machine's is another."""
    page: Any = stage.show(BY_NAME["patient"])
    assert stage.desk.today == dt.date(2026, 3, 2)
    assert page.identity.born.text() == "born 19 November 1971, 54 years"


@pytest.mark.parametrize(("language", "text"), [("en", "0.75 m"), ("it", "0,75 m")])
def test_a_spin_box_shows_the_decimal_mark_of_the_language_and_reads_both(qtbot: Any, language: str, text: str) -> None:
    i18n.use(language)
    spin = Spin()
    shown(qtbot, spin, 200, 50)
    spin.setSuffix(" m")
    spin.setValue(0.75)
    assert spin.text() == text
    for typed in ("0.5", "0,5"):
        spin.setValue(0.75)
        spin.selectAll()
        qtbot.keyClicks(spin, typed)
        qtbot.keyClick(spin, QtCore.Qt.Key.Key_Return)
        assert spin.value() == 0.5


def test_a_choice_is_never_narrower_than_what_is_chosen(qtbot: Any) -> None:
    page = QtWidgets.QWidget()
    row = QtWidgets.QHBoxLayout(page)
    choice = Choice()
    for words in ("short", "what is chosen here has many more letters"):
        choice.addItem(words, words)
    row.addWidget(choice)
    row.addStretch(1)
    shown(qtbot, page, 600, 60)
    choice.choose("what is chosen here has many more letters")
    QtWidgets.QApplication.processEvents()
    assert looks.cut_off(page) == []
    choice.setFixedWidth(200)
    QtWidgets.QApplication.processEvents()
    assert len(looks.cut_off(page)) == 1  # and where it has no room, the check of all pages says so


def test_the_rows_of_a_table_go_from_edge_to_edge_though_its_wide_column_is_hidden(qtbot: Any) -> None:
    table = Table("results", words=(0, 2), wide=2)
    shown(qtbot, table, 700, 200)
    table.fill(["Day", "Result", "Remarks"], [["1 March", "50", ""]])
    table.setColumnHidden(2, True)
    table.whole()
    QtWidgets.QApplication.processEvents()
    assert table.horizontalHeader().length() == table.viewport().width()


def test_an_empty_card_of_teaching_is_no_taller_than_its_words(stage: Stage) -> None:
    page: Any = stage.show(BY_NAME["teach"])
    card = page.empty.parentWidget()
    assert card.height() <= card.sizeHint().height() + 8 < page.height() / 2


def test_the_pictures_begin_with_the_same_day_in_every_language(tmp_path: Any, monkeypatch: Any) -> None:
    """A session of the run before would stand on the day of the next."""
    from tests.gui import gallery

    days = []

    def save(window: Any, path: Any) -> None:
        days.append((path.name, window.desk.acting.sessions.day(), window.size()))

    monkeypatch.setattr(gallery, "save", save)
    only = ["--only", "today", "after", "--themes", "light"]
    monkeypatch.setattr("sys.argv", ["gallery", "--out", str(tmp_path), *only])
    gallery.main()
    today = [day for name, day, _ in days if name.startswith("today")]
    after = [day for name, day, _ in days if name.startswith("after")]
    assert today == [(), ()] and [len(day) for day in after] == [1, 1]


def test_a_page_that_is_for_others_is_not_gone_to_and_says_for_whom_it_is(stage: Stage) -> None:
    page = stage.show(BY_NAME["devices"])  # a technician's
    with pytest.raises(AccessError, match='The page "patients" is for: Therapist'):
        stage.desk.go("patients")
    assert stage.shell.page is page and stage.desk.went[-1].place == "devices"
    stage.desk.go("today")  # for everybody
    stage.settle()
    assert stage.desk.went[-1].place == "today"


def test_a_recording_has_the_code_where_a_note_has_the_name() -> None:
    from gui.viewmodels.run import Request, SessionRun
    from rehab.core.person import PersonLayer

    def never(*_: Any) -> Any:
        raise AssertionError("not opened")

    run = SessionRun(Request(who="Demo Tre", person=PersonLayer("HY3P-DS9A")), never, never)
    assert run.nameless("Demo Tre: spasm no. 1") == "HY3P-DS9A: spasm no. 1"
    run.close()


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_three_ways_on_after_a_spasm_are_seen_at_once_on_the_smallest_screen(stage: Stage, language: str) -> None:
    i18n.use(language)
    stage.shell.resize(853, 533)
    page: Any = stage.show(BY_NAME["train_spasm"])
    stage.settle()
    buttons = page.training.spasm.choices.values()
    assert [b.visibleRegion().boundingRect().size() for b in buttons] == [b.size() for b in buttons]


def test_every_page_is_in_the_gallery_with_words_and_small_pictures() -> None:
    from tests.gui.gallery import HERE, SHOWN

    assert [scene.name for scene in SCENES if scene.name not in SHOWN] == []
    names = [f"{scene.name}-{language}-{theme}.png"
             for scene in SCENES for language in ("en", "it") for theme in ("light", "dark")]  # fmt: skip
    assert [name for name in names if not (HERE / name).exists() or (HERE / name).stat().st_size > 60_000] == []
    assert {path.name for path in HERE.glob("*.png")} == set(names)
