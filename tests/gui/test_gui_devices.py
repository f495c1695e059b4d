"""The technician's page: devices and limits, the timing test, and the store copied and put back by clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.qt import QtWidgets
from gui.viewmodels.devices import look, timing_facts
from rehab.clinic.clinic import Clinic
from tests.gui.day import Office, clinic, demo_store, nameless, office, too_small, truncated  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")
ROW = {"rate_hz": 999.9, "late_p999_us": 120.0, "late_max_us": 700.0, "skipped": 0,
       "scheduling": "SCHED_FIFO 50, mlockall"}  # fmt: skip


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


def words(page: QtWidgets.QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QtWidgets.QLabel) if label.isVisible())


def test_the_devices_and_the_limits_with_their_owners_are_shown(app: Office, monkeypatch: pytest.MonkeyPatch,
                                                                tmp_path: Path) -> None:  # fmt: skip
    site = tmp_path / "site.yaml"
    site.write_text("limits: {force: 25 N}\n")
    monkeypatch.setenv("REHAB_SITE", str(site))
    app.signed_in("tino")
    page = app.go("devices")
    shown = words(page)
    assert "sim:planar_arm · simulated · used here" in shown
    assert "Most force: 25 N · the clinic" in shown
    assert look(app.desk).limits[0].who == "built in"
    ground = page.model.ground
    page.model.ground = ground._replace(devices=tuple(device for device in ground.devices if device.simulated))
    page.model.changed()
    app.settle()
    assert "No robot is plugged in" in words(page)


def test_a_machine_without_real_time_or_with_late_ticks_is_said_to_be_so() -> None:
    good = {fact.what: fact.good for fact in timing_facts(ROW)}
    assert all(value is not False for value in good.values())
    bad = {fact.what: fact.good for fact in timing_facts({**ROW, "scheduling": "normal", "late_p999_us": 900.0})}
    assert [what for what, value in bad.items() if value is False] == [
        "Real-time scheduling", "Memory locked", "Late, 999 of 1000 ticks within",
    ]  # fmt: skip


@pytest.mark.e2e
def test_the_timing_is_measured_while_the_window_lives(app: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.viewmodels.devices.SECONDS", 0.5)
    app.signed_in("tino")
    page = app.go("devices")
    app.click(page.test)
    app.wait(lambda: page.progress.isVisible() and not page.test.isEnabled())
    for _ in range(5):
        try:
            app.wait(lambda: bool(page.model.timing) and not page.model.testing)
            break
        except Exception:
            continue
    app.settle()
    assert "Latest tick" in words(page) and page.model.problem == ""


def test_the_store_is_copied_and_put_back_after_a_question(app: Office, tmp_path: Path) -> None:
    acting = app.signed_in("tino")
    page = app.go("devices")
    page.model.save(tmp_path / "copy.db")
    app.settle()
    assert "Copied and verified" in page.told.text() and (tmp_path / "copy.db").is_file()
    page.ask_whether(tmp_path / "copy.db")
    app.settle()
    assert "everything" in page.sure.text()
    app.click(page.no)
    app.settle()
    assert not page.really.isVisible() and app.desk.acting is not None
    page.ask_whether(tmp_path / "copy.db")
    app.settle()
    app.click(page.really)
    app.wait(lambda: app.place == "sign_in")
    app.settle()
    assert app.desk.acting is None, "everybody has to sign in again"
    assert app.page.notice.isVisible() and "put back" in app.page.notice.text()
    assert acting.users.list()


def test_a_file_that_is_no_copy_is_refused_in_words(app: Office, tmp_path: Path) -> None:
    app.signed_in("tino")
    page = app.go("devices")
    (tmp_path / "letter.db").write_text("not a store")
    page.ask_whether(tmp_path / "letter.db")
    app.settle()
    app.click(page.really)
    app.settle()
    assert "no clinic store" in page.problem.text() and app.desk.acting is not None


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_words_fit_and_targets_are_large_and_named(app: Office, language: str, size: tuple[int, int]) -> None:
    app.shell.resize(*size)
    app.signed_in("tino", language=language)
    page = app.go("devices")
    page.model.timing = timing_facts({**ROW, "scheduling": "normal"})
    page.ask_whether(Path("copy.db"))
    app.settle()
    assert nameless(page) + too_small(page) + truncated(app.shell) == []
