"""The patient's screen is heard: cues as melodies, instructions as speech. Neither ever waits, and neither is needed.

Cues are the session's own sounds (rehab.session.voice), given to the player that `rehab listen` uses. Speech is
QtTextToSpeech of PySide6-Addons, where it is installed and the system has a voice.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from gui.i18n import tr
from gui.qt import QtCore, addon
from rehab.cli.listen import PLAYERS
from rehab.core.sound import CUES
from rehab.session.voice import RATE, Voice

INSTALL = 'pip install "PySide6-Addons>=6.8,<6.12"'
LOCALES = {"en": "en_GB", "it": "it_IT"}


def samples(cue: str, side: str = "") -> bytes:
    """A whole cue, 16 bit stereo; on one side only where it shall turn the head."""
    voice = Voice()
    voice.cue(cue)
    length = sum(seconds for _, seconds in CUES.get(cue, ())) + 0.1
    sound = voice.next(None, round(length * RATE)).copy()
    if side:
        sound[:, 1 if side == "left" else 0] = 0
    return np.ascontiguousarray(sound).tobytes()


class Cues(QtCore.QObject):
    """`silent` says in words why nothing is heard."""

    def __init__(self, parent: QtCore.QObject, find: Callable[[str], str | None] = shutil.which) -> None:
        super().__init__(parent)
        command = next((player for player in PLAYERS if find(player.split()[0])), "")
        self._command = command.format(rate=RATE).split()
        self.silent = "" if command else tr("No sound: install alsa-utils, pipewire or pulseaudio")
        self._pieces: dict[tuple[str, str], bytes] = {}

    def play(self, cue: str, side: str = "") -> None:
        if not self._command or cue not in CUES or len(self.findChildren(QtCore.QProcess)) > 3:
            return
        piece = self._pieces.setdefault((cue, side), samples(cue, side))
        process = QtCore.QProcess(self)
        process.finished.connect(process.deleteLater)
        process.errorOccurred.connect(process.deleteLater)
        process.started.connect(partial(_feed, process, piece))
        process.start(self._command[0], self._command[1:])

    def close(self) -> None:
        for process in self.findChildren(QtCore.QProcess):
            process.kill()
            process.waitForFinished(200)


def _feed(process: QtCore.QProcess, piece: bytes) -> None:
    process.write(piece)
    process.closeWriteChannel()


class Speech:
    """Reads instructions out. `silent` says in words why not, with how to mend it; "" when it speaks."""

    def __init__(self, language: str, engine: str = "", module: Any = None) -> None:
        self._engine: Any = None
        self.silent = ""
        module = module or addon("QtTextToSpeech")
        if module is None:
            self.silent = tr("No voice: install it with {how}", how=INSTALL)
            return
        engines = [name for name in module.QTextToSpeech.availableEngines() if name != "mock"]
        if not engine and not engines:
            self.silent = tr("No voice: this computer has none (speech-dispatcher)")
            return
        self._engine = module.QTextToSpeech(engine or engines[0])
        self.use(language)

    def use(self, language: str) -> None:
        if self._engine is not None:
            self._engine.setLocale(QtCore.QLocale(LOCALES.get(language, "en_GB")))

    def say(self, words: str) -> None:
        """Now; what was being said is broken off."""
        if self._engine is not None and words:
            self._engine.stop()
            self._engine.say(words)
