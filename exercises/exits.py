"""When a phase is left: the first exit that is met wins. What the values mean: exercises.phases."""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import dist, inf
from typing import ClassVar

from exercises.attempt import Attempt
from rehab.core.minimum_jerk import MinimumJerk
from rehab.core.trials import Phase
from rehab.core.values import Floats

STILL = 0.02  # m/s without tremor: a waiting hand sways by 0.5 to 1 cm/s
PATIENCE = 60.0  # s until a phase ends that nobody has given a time
VERDICT = 0.5  # s of feedback: long enough to read two words


class Exits(ABC):
    """Of the present phase. Each gives "" to stay, "next", or why the trial has failed: early, late, timeout."""

    of_kind: ClassVar[dict[str, str]] = {
        "approach": "_led", "start": "_ready", "rest": "_rested", "over": "_never",
        "hold": "_held", "cue": "_cued", "go": "_gone", "move": "_moved", "dwell": "_dwelt",
        "feedback": "_told", "return": "_returned", "ask": "_answered", "retry": "_back",
    }  # fmt: skip
    _home: Floats
    _size: float
    _defaults: dict[str, float]
    _trial: Attempt | None
    _phase: Phase
    _since: float  # s, when it began
    _busy: bool  # events wait to be handed out
    _movement: MinimumJerk
    _steady = False  # the hand is still, but for its tremor
    _inside_since = inf  # s, since when the hand has been where it should stay
    _held_at: Floats
    _deadline = inf  # s, until when the target must be reached
    _pushed_until = 0.0  # s, when the perturbation of this phase is over; 0 before it
    _rest = 0.0  # s of a rest
    _question = ""  # that waits for an answer

    @property
    def trying(self) -> Attempt:
        assert self._trial is not None
        return self._trial

    def exit(self, t: float, hand: Floats, speed: float) -> str:
        way: str = getattr(self, self.of_kind[self._phase.kind])(t, hand, speed)
        return way

    def is_due(self, t: float, way: str) -> bool:
        """In a hold once the hand has been still for `after`, or else when the hold would end."""
        trial = self.trying
        after = trial.of_perturbation("after")
        if self._phase.kind != "hold":
            return t - self._since >= after
        return bool(way) or ("after" in trial.perturbation and t - self._inside_since >= after)

    def _value(self, name: str, otherwise: float = 0.0) -> float:
        trial = self.trying
        return trial.value(self._phase, name, self._defaults, PATIENCE if name == "timeout" else otherwise)

    def _inside(self, t: float, hand: Floats, place: Floats) -> float:
        """For how long (s) the hand has been within a target at `place`; −inf when it is not."""
        if not dist(hand, place) <= self._size:
            self._inside_since = inf
        elif self._inside_since == inf:
            self._inside_since = t
        return t - self._inside_since

    def _led(self, t: float, hand: Floats, speed: float) -> str:
        return "next" if t >= self._movement.over_at else ""

    def _ready(self, t: float, hand: Floats, speed: float) -> str:
        return "" if self._busy else "next"  # so that events never pile up, whatever the list

    def _rested(self, t: float, hand: Floats, speed: float) -> str:
        left = self._rest - (t - self._since)
        self.resting(left)
        return "next" if left <= 0.0 else ""

    def _never(self, t: float, hand: Floats, speed: float) -> str:
        return ""

    def _held(self, t: float, hand: Floats, speed: float) -> str:
        trial = self.trying
        if self._pushed_until:  # what the hand does now is the answer to the push
            return "next" if t >= self._pushed_until else ""
        if not self._steady:
            self._inside_since, trial.sway = inf, 0.0
        elif self._waits(t, hand, speed) >= self._value("for"):
            trial.at_home = True
            return "next"
        if t - max(self._since, self._movement.over_at) >= self._value("timeout"):
            trial.at_home = False
            return "timeout" if trial.begun else "next"
        return ""

    def _waits(self, t: float, hand: Floats, speed: float) -> float:
        """For how long (s) the hand has been where it is held; and how fast it trembles there."""
        trial = self.trying
        trial.sway = max(trial.sway, speed)
        return self._inside(t, hand, self._held_at)

    def _back(self, t: float, hand: Floats, speed: float) -> str:
        """Home for the next try; a hand that does not come starts from where it is."""
        hold = next((phase for phase in self.trying.phases if phase.kind == "hold"), Phase("hold"))
        if not self._steady:
            self._inside_since = inf
        stayed = self._inside(t, hand, self._home)
        late = self._movement.over_at + self.trying.value(hold, "timeout", self._defaults, PATIENCE)
        rested = stayed >= self.trying.value(hold, "for", self._defaults, 0.0)
        return "next" if (rested and t >= self._movement.over_at) or t >= late else ""

    def _cued(self, t: float, hand: Floats, speed: float) -> str:
        trial = self.trying
        trial.watch(t, hand, speed)
        if trial.too_early(self._phase, self._since):
            return "early"
        return "next" if t - self._since >= self._value("for") else ""

    def _gone(self, t: float, hand: Floats, speed: float) -> str:
        trial = self.trying
        if "rt" not in self._phase.values or trial.nowhere_to_go:
            return "next"
        trial.watch(t, hand, speed)
        if trial.onset is not None:
            return "early" if trial.too_early(self._phase, self._since) else "next"
        if t - self._since < self._phase.values["rt"][1]:
            return ""
        return "next" if self._phase.values.get("late") == "ignore" else "late"

    def _moved(self, t: float, hand: Floats, speed: float) -> str:
        trial = self.trying
        trial.watch(t, hand, speed)
        away = dist(hand, trial.start)
        match self._phase.values.get("until", "in_target"):
            case "in_target":
                there = dist(trial.judged(hand), trial.goal) <= self._size
            case "past":
                there = away >= dist(trial.goal, trial.start) - self._size
            case "stopped":
                there = trial.onset is not None and away > self._size and self._steady
            case _:
                return "next" if t - self._since >= self._value("for") else ""
        if there:
            trial.there = t
            return "next"
        return "timeout" if t >= self._deadline else ""

    def _dwelt(self, t: float, hand: Floats, speed: float) -> str:
        trial = self.trying
        stayed = self._inside(t, trial.judged(hand), trial.goal)
        if stayed >= self._value("for"):
            return "next"
        if t >= self._deadline:
            return "timeout"
        self.dwelling(trial, inside=stayed >= 0.0)
        return ""

    def _told(self, t: float, hand: Floats, speed: float) -> str:
        return "next" if t - self._since >= self._value("for", VERDICT) else ""

    def _returned(self, t: float, hand: Floats, speed: float) -> str:
        if self._phase.values.get("by") != "self":
            return self._led(t, hand, speed)
        there = dist(hand, self._home) <= self._size
        return "next" if there or t - self._since >= self._value("timeout") else ""

    def _answered(self, t: float, hand: Floats, speed: float) -> str:
        return "next" if not self._question or t - self._since >= self._value("timeout") else ""

    @abstractmethod
    def resting(self, left: float) -> None:
        """A rest lasts for `left` s more."""

    @abstractmethod
    def dwelling(self, trial: Attempt, *, inside: bool) -> None:
        """The hand is in the target, or has left it."""
