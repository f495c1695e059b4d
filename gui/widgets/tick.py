"""A box to tick whose whole line can be pressed, the box as well as the words."""

from __future__ import annotations

from gui.qt import QtCore, QtWidgets


class Tick(QtWidgets.QCheckBox):
    def hitButton(self, at: QtCore.QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(at)
