"""What every page of the day keeps to: names, sizes, words that fit, in both languages and at two sizes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui import i18n
from gui.qt import QtWidgets
from rehab.clinic.clinic import Clinic
from tests.gui.day import Office, clinic, demo_store, nameless, office, too_small, truncated  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")

PLACES = (
    ("today", ""), ("patients", ""), ("patient", "Demo Uno"), ("handover", "Demo Uno"), ("new_patient", ""),
    ("new_patient", "Demo Uno"), ("prepare", "Demo Uno"), ("users", ""), ("locked", ""),
)  # fmt: skip


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


def visited(app: Office) -> Iterator[str]:
    """Every page of the day, one after the other; what is shown."""
    yield app.place
    app.signed_in(language=i18n.language() if i18n.language() in i18n.LANGUAGES else "en")
    for place, name in PLACES:
        if place == "prepare":
            app.go("patient", patient=app.patient(name))
            app.page.model.confirm_identity()
            app.wait(lambda: app.desk.visit is not None and app.desk.visit.waits_for_start and bool(app.sessions))
            app.settle()
        else:
            app.go(place, **({"patient": app.patient(name)} if name else {}))
        if place == "new_patient":
            for tab in range(app.page.tabs.count()):
                app.page.tabs.setCurrentIndex(tab)
                app.settle()
                yield f"{place} {name} {tab}"
        else:
            yield f"{place} {name}"


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_words_fit_and_targets_are_large_and_named(app: Office, language: str, size: tuple[int, int]) -> None:
    app.shell.resize(*size)
    app.shell.speak(language)
    app.settle()
    wrong: dict[str, list[str]] = {}
    for shown in visited(app):
        found = nameless(app.page) + too_small(app.page) + truncated(app.shell)
        if found:
            wrong[shown] = found
    assert not wrong, "\n".join(f"{shown}: {what}" for shown, found in wrong.items() for what in found)


def test_nothing_is_said_that_did_not_go_through_translation(app: Office) -> None:
    """In the pseudo-language every text of ours is marked; what comes from the store or a person is not ours."""
    app.signed_in()
    app.shell.speak(i18n.PSEUDO)
    for place in ("today", "patients", "new_patient", "users"):
        app.go(place)
        plain = [
            b.text() for b in app.page.findChildren(QtWidgets.QPushButton)
            if b.isVisible() and b.text().strip() and "«" not in b.text()
        ]  # fmt: skip
        assert plain == [], place


@pytest.mark.parametrize("place", ["today", "patients", "patient", "handover", "new_patient"])
def test_tab_goes_through_the_page_and_never_gets_stuck(app: Office, place: str) -> None:
    from gui.qt import Qt

    app.signed_in()
    app.go(place, **({"patient": app.patient("Demo Uno")} if place in ("patient", "handover") else {}))
    app.shell.activateWindow()
    seen: list[QtWidgets.QWidget] = []
    for _ in range(120):
        app.qtbot.keyClick(app.shell.focusWidget() or app.shell, Qt.Key.Key_Tab)
        now = app.shell.focusWidget()
        assert now is not None
        if seen and now is seen[0]:
            break
        if not seen or now is not seen[-1]:  # a field for day and time has several parts
            seen.append(now)
    else:
        raise AssertionError("Tab never came back to where it began")
    assert len(set(map(id, seen))) == len(seen) > 4
