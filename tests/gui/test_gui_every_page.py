"""Every page, in both languages and every theme, on every screen: nothing cut off, unnamed, too small or unspoken."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui import i18n
from gui.qt import QtCore, QtWidgets
from gui.theme import THEMES, application
from rehab.clinic.clinic import Clinic
from tests.gui import looks
from tests.gui.scenes import SCENES, Stage, store

CHECKS = (looks.without_a_name, looks.too_small, looks.not_by_keyboard, looks.cut_off)

DATA = ("Reaching with help", "Reaching on one's own", "reaching", "Demonstration of reaching")  # of plans


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


@pytest.mark.parametrize("stage", ["en", "it"], indirect=True)
def test_every_page_is_whole_named_and_large_enough_on_every_screen(stage: Stage) -> None:
    found = []
    for scene in SCENES:
        stage.show(scene)
        for screen, (width, height) in looks.SCREENS.items():
            stage.shell.resize(width, height)
            stage.settle()
            assert (stage.shell.width(), stage.shell.height()) == (width, height), "the window does not get that small"
            found += [f"{scene.name}, {screen}: {check.__name__}: {x}" for check in CHECKS for x in check(stage.shell)]
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
                if said.strip() in literals and said.strip() not in DATA:
                    found.append(f"{scene.name}: {looks.about(widget)}: {said}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("stage", ["en"], indirect=True)
def test_every_theme_dresses_every_page(stage: Stage) -> None:
    """The ground of the picture is the theme's, and texts stand out from what is behind them."""
    for scene in SCENES:
        stage.show(scene)
        for theme in sorted(THEMES.values(), key=lambda theme: theme is not stage.shell._theme):  # that it has is first
            if theme is not stage.shell._theme:
                stage.shell.dress(theme)
            corner = QtCore.QRect(stage.shell.width() - 4, stage.shell.height() - 4, 1, 1)
            ground = stage.shell.grab(corner).toImage().pixelColor(0, 0)
            assert ground.name().upper() == theme.ground, (scene.name, theme.name)
            for label in stage.shell.findChildren(QtWidgets.QLabel):
                own_ground = label.property("notice") or label.property("problem")
                if label.isVisible() and label.text() and not own_ground:
                    assert label.palette().windowText().color().name().upper() != theme.ground, looks.about(label)
