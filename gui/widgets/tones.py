"""Alarm tones: bursts after IEC 60601-1-8, played by whatever this machine has.

QtMultimedia, where it is installed (PySide6-Addons), else the system's own player. Without either the alarms are shown
only, and the window says so.
"""

from __future__ import annotations

import shutil
import sys
import wave
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from gui.i18n import tr
from gui.qt import QtCore, QtWidgets, addon
from gui.viewmodels.words import Priority

RATE = 22050  # samples a second
LOUD = 0.5  # of the full range
PULSE = {Priority.HIGH: 0.15, Priority.MEDIUM: 0.2, Priority.LOW: 0.2}  # s
GAP = {Priority.HIGH: 0.1, Priority.MEDIUM: 0.2, Priority.LOW: 0.2}  # s
# Hz of the pulses, None is a longer pause: "general" of the standard; four harmonics make the place easy to hear
MELODY: Final[dict[Priority, tuple[float | None, ...]]] = {
    Priority.HIGH: (523.0, 523.0, 523.0, None, 523.0, 523.0, None, None, 523.0, 523.0, 523.0, None, 523.0, 523.0),
    Priority.MEDIUM: (440.0, 440.0, 440.0),
    Priority.LOW: (440.0, 349.0),
}
PLAYERS = (("paplay",), ("pw-play",), ("aplay", "-q"), ("afplay",))  # of Linux and macOS: they take a WAV file
QtMultimedia = addon("QtMultimedia")  # None without it
INSTALL = 'pip install "PySide6-Addons>=6.8,<6.12"'


def burst(priority: Priority) -> np.ndarray[Any, np.dtype[np.int16]]:
    """The samples of one burst."""
    t = np.arange(round(PULSE[priority] * RATE)) / RATE
    edge = np.clip(np.minimum(t, t[-1] - t) / 0.02, 0.0, 1.0)  # rises and falls in 20 ms
    gap = np.zeros(round(GAP[priority] * RATE))
    parts = []
    for frequency in MELODY[priority]:
        if frequency is None:
            parts.append(np.concatenate((gap, gap)))
            continue
        tone = sum(np.sin(2.0 * np.pi * k * frequency * t) / k for k in (1, 2, 3, 4, 5))
        parts += [LOUD / 2.0 * edge * tone, gap]
    return np.round(np.clip(np.concatenate(parts), -1.0, 1.0) * 32767.0).astype(np.int16)


def player(find: Callable[[str], str | None] = shutil.which) -> tuple[str, ...]:
    """The system's command that plays a file; () without one."""
    return next((command for command in PLAYERS if find(command[0])), ())


class Tones(QtCore.QObject):
    """`play` never waits. `silent` says in words why nothing is heard, "" when it should be."""

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = TemporaryDirectory(prefix="rehab-tones-")
        self.files = {priority: _write(Path(self._folder.name), priority) for priority in Priority}
        self._effects: Mapping[Priority, Any] = {}
        self._command = player()
        self.silent = ""
        if QtMultimedia is not None and QtMultimedia.QMediaDevices.audioOutputs():
            self._effects = {priority: self._effect(path) for priority, path in self.files.items()}
        elif not self._command and sys.platform != "win32":
            self.silent = tr("Sound is off: this computer has no player. Install one: {how}", how=INSTALL)

    def _effect(self, path: Path) -> Any:
        effect = QtMultimedia.QSoundEffect(self)
        effect.setSource(QtCore.QUrl.fromLocalFile(str(path)))
        return effect

    def play(self, priority: Priority) -> None:
        if self._effects:
            self._effects[priority].play()
        elif self._command:
            program, *words = self._command
            process = QtCore.QProcess(self)
            process.finished.connect(process.deleteLater)
            process.errorOccurred.connect(partial(self._failed, program))
            process.start(program, [*words, str(self.files[priority])])
        else:
            QtWidgets.QApplication.beep()

    def _failed(self, program: str, error: object) -> None:
        self.silent = tr("Sound is off: {program} cannot play it. Check the loudspeaker", program=program)

    def close(self) -> None:
        for process in self.findChildren(QtCore.QProcess):
            process.kill()
            process.waitForFinished(200)
        self._folder.cleanup()


def _write(folder: Path, priority: Priority) -> Path:
    path = folder / f"{priority.name.lower()}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(burst(priority).tobytes())
    return path
