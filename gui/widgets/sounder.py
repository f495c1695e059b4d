"""Keeps the alarms of the open session sounding, whichever page is shown."""

from __future__ import annotations

from gui.qt import QtCore
from gui.viewmodels.alarms import Alarms
from gui.viewmodels.run import SessionRun
from gui.widgets.tones import Tones


class Sounder(QtCore.QObject):
    """`refresh` once a frame."""

    def __init__(self, alarms: Alarms, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self.alarms, self.tones = alarms, Tones(self)
        alarms.no_sound = self.tones.silent
        alarms.play = self.tones.play

    def refresh(self, run: SessionRun | None) -> None:
        training = run.training if run is not None and not run.over else None
        extra = [run.room] if run is not None and training is not None and run.room is not None else []
        self.alarms.show([*training.messages, *extra] if training is not None else [])
        if (burst := self.alarms.sound()) is not None:
            self.tones.play(burst)
        self.alarms.no_sound = self.tones.silent

    def close(self) -> None:
        self.tones.close()
