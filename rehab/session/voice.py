"""Tones and cues -> samples of sound: whatever plays them (a pipe, a window) asks for the next piece.

A sine whose frequency, loudness and side glide within 20 ms, so that nothing clicks; pulses are the same tone switched
on and off. A cue's melody comes over the tone. Equal inputs give equal samples.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from rehab.core.sound import CUES, Tone

RATE = 22050  # samples a second: nothing above 2 kHz is played
GLIDE = 0.020  # s
LOUD = 0.35  # of the full range: loudspeakers and ears are not to be startled
DUTY = 0.5  # share of a pulse in which the tone is on


class Voice:
    """Stereo, 16 bit."""

    def __init__(self) -> None:
        self._phase = self._beat = 0.0  # of the sine and of the pulses, in turns
        self._frequency, self._level, self._pan = 440.0, 0.0, 0.0
        self._melody: deque[tuple[float, int]] = deque()  # Hz, samples left
        self._keep = float(np.exp(-1.0 / (GLIDE * RATE)))

    def cue(self, name: str) -> None:
        """Begin the melody of a cue; one that is not known is silent."""
        if name in CUES:
            self._melody = deque((frequency, round(seconds * RATE)) for frequency, seconds in CUES[name])

    def next(self, tone: Tone | None, count: int) -> NDArray[np.int16]:
        """The next `count` samples (count, 2)."""
        frequency, level, pan = self._wanted(tone, count)
        if self._level < 1e-3:  # out of silence a tone begins where it is, and does not glide there
            self._frequency, self._pan = float(frequency[0]), float(pan[0])
        frequency = self._glide("_frequency", frequency)
        level, pan = self._glide("_level", level), self._glide("_pan", pan)
        phase = self._phase + np.cumsum(frequency) / RATE
        self._phase = float(phase[-1] % 1.0)
        wave = level * np.sin(2.0 * np.pi * phase)
        angle = (pan + 1.0) * np.pi / 4.0  # equal power at every side
        both = np.stack((wave * np.cos(angle), wave * np.sin(angle)), axis=1)
        return np.round(both * 32767.0).astype(np.int16)

    def _wanted(self, tone: Tone | None, count: int) -> tuple[NDArray[np.float64], ...]:
        frequency = np.full(count, tone.frequency if tone else self._frequency)
        pan = np.full(count, tone.pan if tone else self._pan)
        level = np.full(count, LOUD if tone else 0.0)
        if tone and tone.pulses > 0.0:
            beat = self._beat + np.arange(count) * tone.pulses / RATE
            level[beat % 1.0 >= DUTY] = 0.0
            self._beat = float((self._beat + count * tone.pulses / RATE) % 1.0)
        at = 0
        while self._melody and at < count:
            note, left = self._melody.popleft()
            part = slice(at, min(count, at + left))
            frequency[part], level[part], pan[part] = note, LOUD, 0.0
            at = part.stop
            if left > part.stop - part.start:
                self._melody.appendleft((note, left - (part.stop - part.start)))
        return frequency, level, pan

    def _glide(self, name: str, wanted: NDArray[np.float64]) -> NDArray[np.float64]:
        """The wanted course through a first-order lag, from where the last piece ended."""
        from scipy.signal import lfilter

        now = getattr(self, name)
        course, _ = lfilter([1.0 - self._keep], [1.0, -self._keep], wanted, zi=[self._keep * now])
        setattr(self, name, float(course[-1]))
        return np.asarray(course)
