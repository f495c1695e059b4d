"""What an exercise is: where the hand should be, what the participant sees, when a trial starts and ends."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, runtime_checkable

from numpy.random import Generator

from rehab.core.device import DeviceInfo
from rehab.core.limits import Limits
from rehab.core.parameters import Parameters
from rehab.core.types import Event, Reference, Scene, State
from rehab.core.values import Decision


@runtime_checkable
class Exercise(Protocol):
    """Gives the reference and the scene, decides when a trial starts and ends, emits events.

    Built as `cls(device_info, **parameters)` with SI values; raises Findings when the device cannot reach what they ask
    for. `t` is the time in s since `start`, without the time spent paused. Events: `trial_start` and `trial_end`
    (with `outcome`, and what was asked: `start`, `target` in m), `phase`, `dynamics` (`name`: which of the block's
    dynamics is to act from now on, rehab.core.trials), `ask` (a question, rehab.core.trials.Question), `list_end`.

    Optional:
    about    ClassVar[About], what people are told of it; `phrases`, ClassVar[Phrases], every text in other languages
    dimensions   ClassVar, task dimensions in which it can be played ((1, 2) without it); others are refused: Findings
    places   how many different targets a trial may ask for; then a protocol can order them
    follow(trials, phases, redo, pause)   the realised trial list (rehab.core.trials), before each `start`; without
             phases the exercise's own. Its trials then say `planned`, the number of the TrialPlan, when they start, and
             `redo: True` when they end and will be done again; after the last phase of the last comes `list_end`
    settling  name of a dynamics -> s until it acts in full; set before `start`, for a go that waits for it
    retry(t, state)          a controller asks for the running try to begin again (mode `corrective`); the exercise says
                             so by the phase "retry"; the phase after it begins the next try
    expected     (s, N·m) while it moves the limb faster than a limb is used to: see rehab.core.controller
    set(name, value)         change a live parameter (SI) while running
    skip()                   the running trial is to be left out: it ends as aborted, with `reason` "skipped"
    repeat()                 the running trial is to be done once more: it ends as aborted, with `redo` and `now` True,
                             and comes next; between trials, the one that ended last comes next
    answer(name, value)      what was answered to an `ask`
    """

    parameters: ClassVar[Parameters]

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None: ...

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        """Begin a block. The first reference must be at the present pose: the exercise brings its own approach."""
        ...

    def reference(self, t: float, state: State) -> Reference: ...

    def scene(self) -> Scene:
        """What the participant sees. The same object while nothing changes."""
        ...

    def observe(self, t: float, state: State, decision: Decision) -> Event | None:
        """After the torque was sent: what happened in this tick, if anything."""
        ...
