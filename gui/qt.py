"""The only place that imports Qt and pyqtgraph. Refuses the PySide6 that breaks Python; draws nowhere without a screen.

PySide6 6.12.0 drops a reference to None with every void call below Python 3.12 and aborts the process after seconds of
live plotting; 6.11 does not. Short tests do not show it, so the version is checked here, in words.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rehab.core.errors import BadInput


def refusal(pyside: str, python: tuple[int, int]) -> str:
    """Why this PySide6 must not run under this Python; "" when it may."""
    major, minor = (int(part) for part in pyside.split(".")[:2])
    if (major, minor) < (6, 8):
        return f'PySide6 {pyside} is too old: run pip install "PySide6-Essentials>=6.8,<6.12"'
    if (major, minor) >= (6, 12) and python < (3, 12):
        return (
            f"PySide6 {pyside} aborts Python {python[0]}.{python[1]} after seconds of drawing: "
            'run pip install "PySide6-Essentials>=6.8,<6.12", or use Python 3.12 or newer'
        )
    return ""


def platform(environment: Mapping[str, str], system: str) -> str:
    """The Qt platform to choose: offscreen on a Unix without a screen, else "" (Qt's own choice)."""
    if environment.get("QT_QPA_PLATFORM") or not system.startswith(("linux", "freebsd")):
        return ""
    return "" if environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY") else "offscreen"


import PySide6  # noqa: E402

if _why_not := refusal(PySide6.__version__, sys.version_info[:2]):
    raise BadInput(_why_not)
if _platform := platform(os.environ, sys.platform):
    os.environ["QT_QPA_PLATFORM"] = _platform
os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"

import qtawesome  # noqa: E402
from PySide6 import QtCore, QtGui, QtWidgets  # noqa: E402
from PySide6.QtCore import Qt, Signal, Slot  # noqa: E402

if TYPE_CHECKING:
    import pyqtgraph as pg


def addon(name: str) -> Any:
    """A module of PySide6-Addons, which may be missing: None then."""
    try:
        return import_module(f"PySide6.{name}")
    except ImportError:
        return None


def __getattr__(name: str) -> Any:
    """pyqtgraph when it is first asked for: half a second that the first window does not need."""
    if name != "pg":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import pyqtgraph

    pyqtgraph.setConfigOptions(antialias=False, useOpenGL=False)  # OpenGL without a GPU takes ten times the CPU
    globals()["pg"] = pyqtgraph
    return pyqtgraph


__all__ = ["Qt", "QtCore", "QtGui", "QtWidgets", "Signal", "Slot", "addon", "pg", "platform", "qtawesome", "refusal"]
