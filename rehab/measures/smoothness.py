"""Smoothness of a movement from its speed. SPARC is the primary measure: noise hardly moves it; LDLJ it moves a lot."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rehab.core.errors import MeasureError
from rehab.measures.arrays import Array, curve, positive
from rehab.measures.movement import THRESHOLD, low_pass

PEAK_CUTOFF = 10.0  # Hz; voluntary movement lies below: the same band as SPARC's
PROMINENCE = 0.001  # of the highest peak


def sparc(speed: ArrayLike, fs: float, *, padlevel: int = 4, fc: float = 10.0, threshold: float = 0.05) -> float:
    """Spectral arc length of the speed; dimensionless, ≤ 0, nearer to 0 is smoother (minimum jerk: −1.41).

        nfft = 2^(⌈log2 N⌉ + padlevel)      M(f) = |FFT(v, nfft)| / max |FFT(v, nfft)|
        keep f ≤ fc, and within that from the first to the last bin with M ≥ threshold
        SPARC = − Σ sqrt( (Δf / (f_last − f_first))² + ΔM² )

    speed     (n,) in any unit, uniformly sampled: the scale cancels · fs sampling rate Hz
    padlevel  zero padding, as a power of two · fc highest frequency Hz · threshold share of the spectrum's maximum
    Raises MeasureError without movement, for a non-finite speed, or when fewer than two bins remain.
    Balasubramanian, Melendez-Calderon, Roby-Brami & Burdet 2015, On the analysis of movement smoothness,
    J. NeuroEng. Rehabil. 12:112. The mean is not subtracted and the padding is a power of two, as there.
    """
    values, fs = _moving(speed, least=2), positive(fs, "fs", "Hz")
    size = 2 ** (math.ceil(math.log2(len(values))) + padlevel)
    spectrum = np.abs(np.fft.rfft(values, size))
    frequency = np.arange(len(spectrum)) * (fs / size)
    spectrum = spectrum / spectrum.max()
    inside = frequency <= positive(fc, "fc", "Hz")
    spectrum, frequency = spectrum[inside], frequency[inside]
    strong = np.flatnonzero(spectrum >= threshold)
    if len(strong) == 0 or strong[0] == strong[-1]:
        raise MeasureError(
            f"the spectrum of the speed has no two bins of at least {threshold:g} of its maximum up to {fc:g} Hz"
        )
    band = slice(strong[0], strong[-1] + 1)
    steps = np.diff(frequency[band]) / (frequency[band][-1] - frequency[band][0])
    return float(-np.sum(np.hypot(steps, np.diff(spectrum[band]))))


def ldlj(speed: ArrayLike, fs: float) -> float:
    """Log dimensionless jerk of the speed; dimensionless, higher is smoother (minimum jerk: −5.322034).

        LDLJ = −ln( T³ / v_peak² · ∫ (d²v/dt²)² dt ),   T = N / fs,   d²v/dt² by second differences, ∫ as Σ·/fs

    speed  (n,) in any unit, uniformly sampled · fs sampling rate Hz
    It depends on where the movement was cut and on noise: store the threshold with it, never compare across thresholds.
    Raises MeasureError without movement, for a non-finite speed, and for a speed without jerk (constant or a ramp),
    where it would be infinite.
    Hogan & Sternad 2009, J. Motor Behav. 41(6); logarithm and use of the speed: Balasubramanian et al. 2012,
    IEEE Trans. Biomed. Eng. 59(8).
    """
    values, fs = _moving(speed, least=3), positive(fs, "fs", "Hz")
    change = np.diff(values, 2)  # of a speed whose peak is 1
    if float(np.abs(change).max()) <= 8.0 * np.finfo(np.float64).eps:  # rounding of the three terms
        raise MeasureError("the speed is constant or a ramp: it has no jerk and its log dimensionless jerk is infinite")
    jerk = change * fs**2
    duration = len(values) / fs
    return -math.log(duration**3 * float(np.sum(jerk**2)) / fs)


def number_of_peaks(speed: ArrayLike, fs: float) -> int:
    """How many speed peaks the movement has; 1 for a single smooth stroke, more for submovements that show.

    Definition: local maxima of the speed after a zero-phase Butterworth low-pass at 10 Hz that are
    (1) at least 5 % of the highest, the level at which movement begins, and
    (2) more prominent than 0.1 % of the highest, and more than the rms of what the low-pass took away.

    Why: bare local maxima count every ripple of noise (hundreds for 1 % noise at 1 kHz). The usual cure, a fixed
    prominence of 5 … 20 %, merges strokes that are separate. Here the measured noise sets the prominence, so that clean
    data keep the exact limit: two pulses exp(−25 t²) have two maxima only beyond 2σ = 0.282843 s (σ = 1/√50 s),
    and are counted as two from 0.29 s on; a minimum jerk of 6 s with 2 % white noise still counts one.
    A maximum at the first or last sample is none, since nothing shows that the speed falls on its other side.

    speed  (n,) in any unit, uniformly sampled · fs sampling rate Hz (below 25 Hz nothing is low-passed)
    Raises MeasureError without movement or for a non-finite speed.
    Speed peaks as a measure: Rohrer et al. 2002, J. Neurosci. 22(18). The thresholds are ours.
    """
    return len(speed_peaks(speed, fs)[0])


def speed_peaks(speed: ArrayLike, fs: float) -> tuple[NDArray[np.intp], Array]:
    """The samples of those maxima, and the low-passed speed, as a share of its peak, in which they were found."""
    values, fs = _moving(speed, least=3), positive(fs, "fs", "Hz")
    from scipy.signal import find_peaks

    smooth = low_pass(values, fs, PEAK_CUTOFF)
    highest = float(smooth.max())
    noise = float(np.sqrt(np.mean((values - smooth) ** 2)))
    found, _ = find_peaks(smooth, height=THRESHOLD * highest, prominence=max(PROMINENCE * highest, noise))
    return found, smooth


def _moving(speed: ArrayLike, *, least: int) -> Array:
    """The speed as a share of its peak: dividing first keeps the invariance to amplitude exact for tiny units too."""
    values = curve(speed, "speed", least=least)
    peak = float(np.abs(values).max())
    if peak == 0.0:
        raise MeasureError("there is no movement: the speed is 0 everywhere")
    return values / peak
