"""Colours can be told apart, by everybody, in light and dark."""

from __future__ import annotations

import pytest

from gui.theme import DARK, LIGHT, Theme, contrast

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)  # WCAG's well-known grey that just fails


@THEMES
def test_text_has_a_contrast_of_at_least_4_5(theme: Theme) -> None:
    pairs = [
        ("text", "ground"), ("text", "surface"), ("muted", "ground"), ("muted", "surface"), ("on_accent", "accent"),
        ("on_stop", "stop"), ("on_caution", "caution"), ("first", "surface"), ("second", "surface"),
        ("force", "surface"), ("accent", "surface"),
    ]  # fmt: skip
    assert [p for p in pairs if contrast(getattr(theme, p[0]), getattr(theme, p[1])) < 4.5] == []


@THEMES
def test_graphics_have_a_contrast_of_at_least_3(theme: Theme) -> None:
    parts = ("accent", "first", "second", "force", "arm", "good")
    assert [part for part in parts if contrast(getattr(theme, part), theme.surface) < 3.0] == []
    assert contrast(theme.stop, theme.ground) >= 3.0


@THEMES
def test_red_is_for_stop_only(theme: Theme) -> None:
    def red(colour: str) -> bool:
        r, g, b = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
        return r > 150 and g < 0.4 * r and b < 0.4 * r

    assert [name for name, value in theme._asdict().items() if value.startswith("#") and red(value)] == ["stop"]
