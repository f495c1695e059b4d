"""A recording as analyses read it: trials, and for each the motion, on an even grid, with some of what went before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rehab.core.device import DeviceInfo
from rehab.core.errors import MeasureError
from rehab.core.types import Outcome, Trial
from rehab.measures.arrays import Array, uniform
from rehab.measures.limb_force import limb_force, limb_torque
from rehab.measures.movement import filtered_speed
from rehab.measures.trial import STILL, trial_bounds

MARGIN = 0.15  # s that filters are given beyond what is looked at, so that their start-up lies outside
VECTORS = ("x", "v", "q", "qd", "sent")


class Recorded(Protocol):
    """The part of a recording that analyses use."""

    @property
    def info(self) -> DeviceInfo: ...
    @property
    def ticks(self) -> Mapping[str, NDArray[Any]]: ...
    @property
    def trials(self) -> Sequence[Trial]: ...
    def array(self, name: str) -> NDArray[Any]: ...


class Part(NamedTuple):
    """Some of the session on an even grid: t s; x m, v m/s (k, d); q rad, qd rad/s, sent N·m (k, n); fs Hz."""

    t: Array
    x: Array
    v: Array
    q: Array
    qd: Array
    sent: Array
    fs: float

    def row(self, t: float) -> int:
        """The row of that time, s."""
        return int(np.clip(np.searchsorted(self.t, t), 0, len(self.t) - 1))

    def cut(self, first: int, end: int) -> Part:
        t, x, v, q, qd, sent = (values[first:end] for values in (self.t, self.x, self.v, self.q, self.qd, self.sent))
        return Part(t, x, v, q, qd, sent, self.fs)


class Session:
    """`trials` are all of them in which something was recorded, in order, also those that were done again."""

    def __init__(self, recording: Recorded) -> None:
        self._recording = recording
        self.info = recording.info
        self.trials = [trial for trial in recording.trials if trial.outcome is not Outcome.STOPPED]

    @cached_property
    def _columns(self) -> tuple[Array, list[Array]]:
        t = np.asarray(self._recording.ticks["t"], dtype=np.float64)
        return t, [np.asarray(self._recording.array(name), dtype=np.float64) for name in VECTORS]

    def part(self, begin: float, end: float) -> Part:
        """From `begin` to `end`, s. Raises MeasureError where hardly anything was recorded."""
        t, vectors = self._columns
        first, last = np.searchsorted(t, (begin, end))
        if last - first < 8:
            raise MeasureError(f"there are {last - first} rows between {begin:g} s and {end:g} s")
        times = t[first:last]
        rows, fs = uniform(times, np.column_stack([values[first:last] for values in vectors]))
        widths = np.cumsum([values.shape[1] for values in vectors])[:-1]
        x, v, q, qd, sent = np.split(rows, widths, axis=1)
        return Part(times[0] + np.arange(len(rows)) / fs, x, v, q, qd, sent, fs)

    def of(self, trial: Trial, before: float = 0.0, after: float = 0.0) -> Part:
        """A trial with so much around it, s."""
        return self.part(trial.start - before, trial.end + after)

    def limb(self, part: Part) -> Array:
        """N (k, d): the limb on the robot, by inverse dynamics."""
        return limb_force(self.info, part.q, part.qd, part.sent, part.fs)

    def limb_at_joints(self, part: Part) -> Array:
        """N·m (k, n): the same at the robot's joints."""
        return limb_torque(self.info, part.q, part.qd, part.sent, part.fs)


class Reach(NamedTuple):
    """One straight reach. `along` and `aside` unit vectors: to the target, and to the left of it · `part` from the go
    to the end of the trial, `first` … `last` its movement, `fastest` its highest speed, by rows."""

    trial: Trial
    along: Array
    aside: Array
    part: Part
    first: int
    last: int
    fastest: int

    @property
    def deviation(self) -> float:
        """m to the left of the straight line at the highest speed: what feedback has not yet mended."""
        return float((self.part.x[self.fastest] - self.start) @ self.aside)

    @property
    def start(self) -> Array:
        return np.asarray(self.trial.parameters["start"], dtype=np.float64)


def reaches(session: Session) -> list[Reach]:
    """Those trials that go straight from a start to a target and in which the hand moved, in order."""
    found = []
    for trial in session.trials:
        start, target = (np.asarray(trial.parameters.get(name, ()), dtype=np.float64) for name in ("start", "target"))
        if start.shape != (2,) or target.shape != (2,) or float(np.linalg.norm(target - start)) < 0.01:
            continue
        along = (target - start) / np.linalg.norm(target - start)
        try:
            part = session.part(trial.phases.get("go", trial.start), trial.end)
            speed = filtered_speed(part.x, part.fs)
            if float(speed.max()) < STILL:
                continue
            first, last = trial_bounds(speed, part.fs)
        except MeasureError:
            continue
        fastest = _first_stroke(speed, first, last)
        found.append(Reach(trial, along, np.array((-along[1], along[0])), part, first, last, fastest))
    return found


def _first_stroke(speed: Array, first: int, last: int) -> int:
    """The first maximum of speed that is at least half of the highest: later ones are corrections."""
    moving = speed[first : last + 1]
    inner = moving[1:-1]
    tops = np.flatnonzero((inner >= moving[:-2]) & (inner > moving[2:]) & (inner >= 0.5 * moving.max())) + 1
    return first + int(tops[0] if len(tops) else np.argmax(moving))


def controller(trial: Trial) -> str:
    return str(trial.parameters.get("controller", ""))


def mean_of(values: Sequence[float]) -> tuple[float, float | None]:
    """Mean, and half of its 95 % confidence by Student's t; None with fewer than three values."""
    array = np.asarray(values, dtype=np.float64)
    if len(array) < 3:
        return float(array.mean()), None
    from scipy.stats import t

    return float(array.mean()), float(t.ppf(0.975, len(array) - 1) * array.std(ddof=1) / np.sqrt(len(array)))


def cycles(values: Sequence[float], size: int) -> list[float]:
    """Means of one cycle after the other; what is left over in the end is left out."""
    whole = len(values) // size
    return [float(np.mean(values[k * size : (k + 1) * size])) for k in range(whole)]


def running_median(values: Sequence[float], width: int = 5) -> list[float]:
    """The median of each value and its neighbours, fewer at the ends."""
    half = width // 2
    return [float(np.median(values[max(0, k - half) : k + half + 1])) for k in range(len(values))]
