"""The Qt import shim: which PySide6 is refused and why, and where windows go without a screen."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gui.qt import platform, refusal


@pytest.mark.parametrize(
    ("pyside", "python", "refused"),
    [
        ("6.11.3", (3, 11), False),
        ("6.12.0", (3, 11), True),
        ("6.12.0", (3, 12), False),
        ("6.13.1", (3, 10), True),
        ("7.0.0", (3, 11), True),
        ("6.7.3", (3, 12), True),
    ],
)
def test_a_pyside_that_breaks_this_python_is_refused_in_words(
    pyside: str, python: tuple[int, int], refused: bool
) -> None:
    words = refusal(pyside, python)
    assert bool(words) == refused
    if refused:
        assert pyside in words
        assert 'pip install "PySide6-Essentials>=6.8,<6.12"' in words


@pytest.mark.parametrize(
    ("environment", "system", "chosen"),
    [
        ({}, "linux", "offscreen"),
        ({"DISPLAY": ":0"}, "linux", ""),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", ""),
        ({"QT_QPA_PLATFORM": "xcb"}, "linux", ""),
        ({}, "darwin", ""),
        ({}, "win32", ""),
    ],
)
def test_windows_go_offscreen_only_without_a_screen(environment: dict[str, str], system: str, chosen: str) -> None:
    assert platform(environment, system) == chosen


def test_a_hundred_thousand_signals_lose_no_reference() -> None:
    """PySide6 6.12.0 below Python 3.12 loses one reference to None or True with each, and then aborts."""
    code = """
import sys
from gui.qt import QtCore, Signal
class Source(QtCore.QObject):
    sent = Signal(float)
source, got = Source(), [0]
def take(value): got[0] += 1
source.sent.connect(take)
before = [sys.getrefcount(thing) for thing in (None, True)]
for k in range(100_000):
    source.sent.emit(0.5)
    source.setObjectName("a")
lost = [b - sys.getrefcount(thing) for b, thing in zip(before, (None, True))]
assert got[0] == 100_000, got
assert max(abs(count) for count in lost) < 100, lost
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
