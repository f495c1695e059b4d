"""An icon stands out from its button in every theme and state: looked for in the pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from gui.qt import QtWidgets
from gui.theme import LIGHT, THEMES, application, contrast, dress
from gui.widgets.buttons import IconButton

SIZE = 22  # px of the icon
LEAST = 25  # of its pixels; a button's line is not in the square that is looked at
STATES = ("plain", "focused", "pressed", "disabled", "checked", "checked and focused", "checked and disabled")


@pytest.fixture
def window(qtbot: Any, no_qt_warnings: None) -> Iterator[QtWidgets.QWidget]:
    app = application()
    made = QtWidgets.QWidget()
    made.setLayout(QtWidgets.QVBoxLayout())
    made.setMinimumSize(100, 100)
    made.resize(300, 200)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    yield made
    dress(app, LIGHT)


def stands_out(button: QtWidgets.QWidget) -> float:
    """Contrast of the icon's strongest colour to the ground beside it."""
    picture = button.grab().toImage()
    centre = picture.rect().center()
    ground = picture.pixelColor(centre.x() - SIZE, centre.y()).name().upper()
    span = range(-SIZE // 2, SIZE // 2)
    seen = Counter(picture.pixelColor(centre.x() + x, centre.y() + y).name().upper() for x in span for y in span)
    return max((contrast(colour, ground) for colour, n in seen.items() if n >= LEAST), default=1.0)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize(("kind", "role"), [("plain", ""), ("plain", "chip"), ("plain", "choice"), ("go", ""),
                                            ("stop", "")])  # fmt: skip
def test_an_icon_has_a_contrast_of_at_least_3_in_every_state(window, theme, kind, role):
    app = QtWidgets.QApplication.instance()
    assert isinstance(app, QtWidgets.QApplication)
    dress(app, theme)
    layout = window.layout()
    other = IconButton("", "fa6s.lock", "Other")
    layout.addWidget(other)
    found = {}
    for state in STATES:
        if "checked" in state and kind != "plain":
            continue
        button = IconButton("", "fa6s.arrow-left", "Back", kind=kind)
        button.setProperty(role, True)
        button.setCheckable("checked" in state)
        button.setChecked("checked" in state)
        button.setEnabled("disabled" not in state)
        button.setDown(state == "pressed")
        button.dress(theme)
        layout.addWidget(button)
        (button if "focused" in state else other).setFocus()
        QtWidgets.QApplication.processEvents()
        assert button.hasFocus() is ("focused" in state)
        found[state] = stands_out(button)
        layout.removeWidget(button)
        button.deleteLater()
    assert {state: round(value, 1) for state, value in found.items() if value < 3.0} == {}


def test_an_icon_of_the_colour_of_its_ground_is_found(window):
    button = IconButton("", "fa6s.arrow-left", "Back")
    button.dress(LIGHT._replace(text=LIGHT.surface))
    window.layout().addWidget(button)
    QtWidgets.QApplication.processEvents()
    assert stands_out(button) < 1.1
