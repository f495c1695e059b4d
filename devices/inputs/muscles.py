"""Muscle signals -> a command: how hard two muscles that pull against each other are tensed, of what they can.

    raw ──▶ band-pass 20–450 Hz ──▶ |·| ──▶ low-pass 4 Hz = envelope E        m = E / E_max
    u = f(m_agonist) − f(m_antagonist)        f(m) = clamp((m − θ)/(m_full − θ), 0, 1)

E_max envelope of a maximum voluntary contraction, of each muscle · θ threshold · m_full share of the maximum that is a
full command. Butterworth of second order on either side; the band is what surface EMG holds (De Luca, Gilmore,
Kuznikov & Roy 2010, J. Biomech. 43(8): 1573–1579; SENIAM: Hermens et al. 2000), without the motion of electrodes below.
The rectified mean of a sine of amplitude A in the band is 2A/π. Tensing both at once asks for their difference.
"""

from __future__ import annotations

from math import pi
from typing import NamedTuple

import numpy as np

from rehab.core.types import Array
from rehab.core.values import Floats

LOW, HIGH, SMOOTH = 20.0, 450.0, 4.0  # Hz
LEAST_RATE = 2.0 * HIGH * 1.05  # 1/s: the band must fit below half the rate
SETTLED = 0.5  # s after which an envelope has come to its value: two periods of the low-pass
RECTIFIED = 2.0 / pi  # mean of |sin|


class Level(NamedTuple):
    """Of the maximum voluntary contraction."""

    threshold: float = 0.1
    full: float = 0.5


class Envelope:
    """Two channels, or one, sample after sample; keeps the filters' state between calls."""

    def __init__(self, rate: float, channels: int) -> None:
        from scipy import signal  # 1 s: only who has electrodes pays for it

        self._filter = signal.sosfilt
        self._band = signal.butter(2, (LOW, HIGH), "bandpass", fs=rate, output="sos")
        self._slow = signal.butter(2, SMOOTH, "lowpass", fs=rate, output="sos")
        self._states = [np.zeros((len(sos), 2, channels)) for sos in (self._band, self._slow)]

    def feed(self, samples: Array) -> Array:
        """Envelope of new samples (k, channels), in their unit."""
        band, self._states[0] = self._filter(self._band, samples, axis=0, zi=self._states[0])
        smooth, self._states[1] = self._filter(self._slow, np.abs(band), axis=0, zi=self._states[1])
        return np.asarray(smooth)


def maximum(samples: Array, rate: float) -> Floats:
    """E_max of each channel of a recorded maximum contraction (k, channels)."""
    settled = Envelope(rate, samples.shape[1]).feed(samples)[round(SETTLED * rate) :]
    return tuple(settled.max(axis=0).tolist()) if len(settled) else (0.0,) * samples.shape[1]


def tension(m: float, level: Level) -> float:
    """f(m), 0 … 1."""
    return min(1.0, max(0.0, (m - level.threshold) / (level.full - level.threshold)))


def command(envelope: Floats, most: Floats, level: Level) -> float:
    """u of one muscle (0 … 1) or of two (−1 … 1)."""
    shares = [tension(e / top, level) for e, top in zip(envelope, most, strict=True)]
    return shares[0] - (shares[1] if len(shares) > 1 else 0.0)
