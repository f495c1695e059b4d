"""Every page, in both languages and every theme, on every screen: nothing cut off, unnamed, too small or unspoken."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui import i18n
from gui.qt import QtWidgets
from gui.theme import THEMES, application
from rehab.clinic.clinic import Clinic
from tests.gui import looks
from tests.gui.scenes import SCENES, Stage, store

CHECKS = (looks.without_a_name, looks.too_small, looks.not_by_keyboard, looks.cut_off)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: Any) -> Iterator[Clinic]:
    made = store(tmp_path_factory.mktemp("store"))
    yield made
    made.close()


@pytest.fixture
def stage(request: Any, clinic: Clinic, tmp_path: Path, qtbot: Any, no_qt_warnings: None) -> Iterator[Stage]:
    application()
    i18n.use(request.param)
    made = Stage(clinic, tmp_path)
    yield made
    made.close()
    i18n.use("en")


@pytest.mark.parametrize("screen", looks.SCREENS)
@pytest.mark.parametrize("stage", ["en", "it"], indirect=True)
def test_every_page_is_whole_named_and_large_enough(stage: Stage, screen: str) -> None:
    width, height = looks.SCREENS[screen]
    stage.shell.resize(width, height)
    assert (stage.shell.width(), stage.shell.height()) == (width, height), "the window does not get that small"
    found = []
    for scene in SCENES:
        stage.show(scene)
        found += [f"{scene.name}: {check.__name__}: {what}" for check in CHECKS for what in check(stage.shell)]
    assert not found, f"{len(found)} offences:\n" + "\n".join(found)


@pytest.mark.parametrize("stage", [i18n.PSEUDO], indirect=True)
def test_every_text_of_every_page_went_through_the_catalogue(stage: Stage) -> None:
    """What stands in the code as a literal must not stand on the screen without its marks."""
    literals = {
        node.value.strip()
        for path in (looks.ROOT / "gui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and sum(map(str.isalpha, node.value)) > 2
    }
    found = []
    for scene in SCENES:
        stage.show(scene)
        for widget in looks.shown(stage.shell):
            words = getattr(widget, "text", lambda: "")()
            for said in {words if isinstance(words, str) else "", widget.accessibleName(), widget.toolTip()}:
                if said.strip() in literals:
                    found.append(f"{scene.name}: {looks.about(widget)}: {said}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("stage", ["en"], indirect=True)
def test_every_theme_dresses_every_page(stage: Stage, theme: str) -> None:
    """The ground of the picture is the theme's, and texts stand out from what is behind them."""
    stage.shell.dress(THEMES[theme])
    for scene in SCENES:
        stage.show(scene)
        picture = stage.shell.grab().toImage()
        assert picture.pixelColor(stage.shell.width() - 4, stage.shell.height() - 4).name().upper() == THEMES[theme].ground
        for label in stage.shell.findChildren(QtWidgets.QLabel):
            if label.isVisible() and label.text():
                assert label.palette().windowText().color().name().upper() != THEMES[theme].ground, looks.about(label)
