"""Events and ticks to trials with their measures: the same code live and from a recording, so the same numbers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rehab.core.device import DeviceInfo
from rehab.core.errors import MeasureError
from rehab.core.types import Outcome, Trial
from rehab.measures.effort import Motion, effort_measures
from rehab.measures.trial import trial_measures
from rehab.realtime.layout import Channel
from rehab.realtime.ring import RingEvent

RowsOf = Callable[[int, int], NDArray[np.float64]]
USED = ("x", "q", "qd", "sent", "v", "force")  # vectors that measures are made of; x first, then as in Motion
PATIENCE = 0.05  # s: an event may be seen just before the row of its tick; a tick takes 1 ms
HANDED_OUT = 0.02  # s: an exercise hands out one event a tick, so that a go may come a little after its trial's start
OVER = ("faulted", "ended")  # session states that leave no trial running


class TrialAssembler:
    """Pairs trial_start and trial_end. A trial's rows go from the tick of its start to the one before that of its end.

    rows_of   (first, end) -> rows of the ticks first … end−1, as far as they are there, such as `RingReader.between`
    channels  what the columns of these rows are
    info      the device, if known: from it follows who worked, robot or patient
    patience  s to wait for the row of a trial's last tick; 0 when nothing more can come

    Its measures begin with its phase `go`, where that comes later than the trial, after a cue or a question: reaction
    time counts from there. What is answered meanwhile goes to the parameter `answers`. A parameter of the exercise that
    has the name of something that the trial says (`radius`: of its target) is kept as `reach.radius`.
    A trial that ends in a fault, in the session's end or in the next trial's start without a trial_end is `stopped`.
    Rows are fetched at every event of a trial. One that may go 60 s without any needs `keep`: the ring holds no more.
    """

    def __init__(
        self, rows_of: RowsOf, channels: Sequence[Channel], *, info: DeviceInfo | None = None,
        patience: float = PATIENCE,
    ) -> None:  # fmt: skip
        names = [channel.name for channel in channels]
        self._rows_of, self._patience = rows_of, patience
        self._t = names.index("t")
        vectors = {name: vector(names, name) for name in USED}
        self._x = vectors.pop("x")
        self._info = info if all(vectors.values()) else None
        self._motion = [columns for columns in vectors.values() if self._info is not None]
        self._kept = [self._t, *self._x, *chain.from_iterable(self._motion)]
        self._blocks: dict[Any, str] = {}
        self._open: RingEvent | None = None
        self._phases: dict[str, float] = {}
        self._answers: dict[str, Any] = {}
        self._parts: list[NDArray[np.float64]] = []
        self._next = 0  # first tick that was not fetched yet
        self._number = 0

    def feed(self, event: RingEvent) -> Trial | None:
        """The trial that this event ends, if it ends one. One whose measures are not defined has none."""
        match event.kind:
            case "block_start":
                self._blocks[event.data.get("number")] = str(event.data.get("name", ""))
            case "trial_start":
                before = self._end(event, Outcome.STOPPED)
                self._open, self._phases, self._parts, self._next = event, {}, [], event.tick
                self._answers = {}
                return before
            case "trial_end":
                return self._end(event, _outcome(event.data.get("outcome")))
            case "state" if event.data.get("name") in OVER:
                return self._end(event, Outcome.STOPPED)
            case "phase" if self._open is not None:
                self._phases[str(event.data.get("name", ""))] = event.t - float(event.data.get("late", 0.0))
            case "answer" if self._open is not None:
                self._answers[str(event.data.get("name", ""))] = event.data.get("value")
        self.keep(event.tick)
        return None

    def keep(self, end: int) -> None:
        """Fetch the running trial's rows before that tick, while the ring still has them."""
        if self._open is None or end <= self._next:
            return
        rows = self._rows_of(self._next, end)
        if len(rows):
            self._parts.append(rows[:, self._kept])
            self._next = self._next + len(rows) if self._patience else end  # a recording may have gaps

    def finish(self, tick: int, t: float) -> Trial | None:
        """The trial that nothing ended, when the events are over: stopped at that tick and time."""
        return self._end(RingEvent("trial_end", tick, t), Outcome.STOPPED)

    def _end(self, event: RingEvent, outcome: Outcome) -> Trial | None:
        begun = self._open
        if begun is None:
            return None
        self.keep(event.tick)
        until = time.monotonic() + self._patience
        while self._next < event.tick and time.monotonic() < until:
            time.sleep(0.0005)
            self.keep(event.tick)
        self._open = None
        data = dict(begun.data)
        self._number = int(data.pop("number", self._number + 1))
        block = data.pop("block", "")
        data.pop("late", None)
        asked = _kept_both(data.pop("parameters", {}), {**data, **_how(event.data)})
        if self._answers:
            asked["answers"] = self._answers
        return Trial(
            number=self._number,
            block=self._blocks.get(block, str(block)),
            start=begun.t,
            end=event.t,
            first_tick=begun.tick,
            last_tick=max(begun.tick, event.tick - 1),
            outcome=outcome,
            measures=self._measures(asked, begun.t),
            parameters=asked,
            phases=self._phases,
        )

    def _measures(self, asked: dict[str, Any], begun: float) -> dict[str, float]:
        start, target = asked.get("start"), asked.get("target")
        if not self._parts:
            return {}
        rows = np.concatenate(self._parts)
        go = self._phases.get("go", begun)
        if go - begun > HANDED_OUT:
            rows = rows[rows[:, 0] >= go]
        widths = [1, len(self._x), *map(len, self._motion)]
        t, x, *parts = np.split(rows, np.cumsum(widths)[:-1], axis=1)
        motion = None if self._info is None else Motion(self._info, *parts)
        try:
            if start is not None and target is not None:
                return trial_measures(t[:, 0], x, start=start, target=target, motion=motion)
            return {} if motion is None else effort_measures(t[:, 0], motion)
        except MeasureError:
            return {}


def trials_from(
    events: Iterable[RingEvent], rows_of: RowsOf, channels: Sequence[Channel], info: DeviceInfo | None = None
) -> list[Trial]:
    """All trials of a recording, in order; one that nothing ended is stopped at the last event."""
    assembler = TrialAssembler(rows_of, channels, info=info, patience=0.0)
    found: list[Trial | None] = []
    last: RingEvent | None = None
    for last in events:
        found.append(assembler.feed(last))
    if last is not None:
        found.append(assembler.finish(last.tick, last.t))
    return [trial for trial in found if trial is not None]


def _kept_both(given: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """The exercise's parameters and what the trial says beside them. Where both have a name it is the trial's: the
    radius of its target; the parameter is then called by its exercise, `reach.radius`."""
    exercise = asked.get("exercise", "exercise")
    return {f"{exercise}.{name}" if name in asked else name: value for name, value in given.items()} | asked


def _how(data: dict[str, Any]) -> dict[str, Any]:
    """What a trial's end says beside its outcome: reason, verdict, rt, mt, redo."""
    return {name: value for name, value in data.items() if name not in ("number", "outcome", "late")}


def vector(names: Sequence[str], name: str) -> list[int]:
    """Where a vector's columns name_0, name_1, ... stand."""
    parts = [column.rpartition("_") for column in names]
    return [k for k, (vector, _, index) in enumerate(parts) if vector == name and index.isdigit()]


def _outcome(word: object) -> Outcome:
    return next((outcome for outcome in Outcome if outcome == word), Outcome.STOPPED)
