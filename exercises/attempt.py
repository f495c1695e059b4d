"""One trial on its way: its plan, the values drawn for it, what the hand has done so far, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import atan2, cos, dist, sin
from typing import Any

from numpy.random import Generator

from exercises.phase_list import name_of, perturbed, span
from rehab.core.trials import Phase, TrialPlan
from rehab.core.types import CursorMap, Outcome
from rehab.core.values import Floats

ONSET = 0.05  # m/s: a hand that has set out; above all sway, and a usual threshold for reaction times
TREMBLES, MOST_ONSET = 1.5, 0.15  # of the fastest that it trembled while it waited; m/s: at most
OUTCOMES = {"": Outcome.REACHED, "timeout": Outcome.TIMEOUT}  # any other reason: aborted
AS_RANGES = ("rt", "mt", "choices")  # lists that are no range to draw from


class Attempt:
    """`first` and `last` are the phases with which the trial begins and ends, `disturbed` the one in which its
    perturbation comes (−1: none). `reason`: why it failed."""

    def __init__(
        self, plan: TrialPlan, phases: Sequence[Phase], home: Floats, goal: Floats, size: float, rng: Generator
    ) -> None:
        self.plan, self.phases, self.home, self.goal, self._size = plan, phases, home, goal, size
        self.first, self.last = span(phases)
        self.disturbed = perturbed(plan, phases)
        if self.disturbed == 0:
            self.first = 0
        self.cursor = cursor_map(plan.cursor, home, goal)
        self.drawn = dict(plan.drawn)
        for phase in phases:
            for name, value in phase.values.items():
                key = f"{phase.kind}.{name}"
                if isinstance(value, list | tuple) and name not in AS_RANGES and self._drawn(phase, name) is None:
                    self.drawn[key] = float(rng.uniform(*value))
        self.begun = False  # and not ended yet
        self.at_home = False
        self.start = home
        self.sway = 0.0  # m/s, the fastest while it waited
        self.onset: float | None = None
        self.gone: float | None = None  # when it was told to go
        self.there: float | None = None  # when the reach was over
        self.reason = self.verdict = ""
        self.pushed = False  # the perturbation has come
        self.retries = 0

    def begin_again(self) -> None:
        """Another try within the trial."""
        self.retries += 1
        self.onset = self.gone = self.there = None

    def _drawn(self, phase: Phase, name: str) -> float | None:
        return self.drawn.get(f"{name_of(phase)}.{name}", self.drawn.get(f"{phase.kind}.{name}"))

    def value(self, phase: Phase, name: str, defaults: Mapping[str, float], otherwise: float) -> float:
        """Drawn for this trial, said by the list, or the exercise's own."""
        drawn = self._drawn(phase, name)
        if drawn is not None:
            return drawn
        said = phase.values.get(name)
        return float(defaults.get(f"{phase.kind}.{name}", otherwise) if said is None else said)

    def drawn_in(self, phase: Phase) -> dict[str, float]:
        """The values drawn for a phase, by their own names."""
        found = {name: self._drawn(phase, name) for name in phase.values}
        return {name: value for name, value in found.items() if value is not None}

    @property
    def perturbation(self) -> dict[str, Any]:
        """With what was drawn for it."""
        drawn = {name: value for name, value in self.drawn.items() if name.startswith("perturb.")}
        return {**self.plan.perturb, **{name.removeprefix("perturb."): value for name, value in drawn.items()}}

    def of_perturbation(self, name: str) -> float:
        return float(self.perturbation.get(name, 0.0))

    def begin(self, hand: Floats, *, at_home: bool) -> None:
        self.begun, self.at_home = True, at_home
        self.start = self.home if at_home else hand

    @property
    def nothing_to_do(self) -> bool:
        """The hand has not come home and lies in the very target that is to be reached."""
        reach = any(p.kind == "move" and p.values.get("until", "in_target") == "in_target" for p in self.phases)
        return not self.at_home and self.disturbed < 0 and reach and dist(self.start, self.goal) <= self._size

    @property
    def nowhere_to_go(self) -> bool:
        """The target is where the hand rests: a go asks for no movement, and nobody sets out late."""
        return dist(self.home, self.goal) <= self._size

    def judged(self, hand: Floats) -> Floats:
        """Where the hand counts as being (m): where the cursor is, shown or not, since that is what is to be brought
        to the target. A clamped cursor tells nothing of the hand, which then counts itself."""
        return hand if self.cursor.clamp else self.cursor.place(hand)

    def watch(self, t: float, hand: Floats, speed: float) -> None:
        """Has the hand set out?"""
        moves = max(ONSET, min(MOST_ONSET, TREMBLES * self.sway))
        if self.onset is None and (speed > moves or dist(hand, self.start) > self._size):
            self.onset = t

    def too_early(self, phase: Phase, begun: float) -> bool:
        """Set out in `phase`, a cue or a go that began at `begun`, before it was allowed to."""
        go = phase if phase.kind == "go" else next((p for p in self.phases if p.kind == "go"), None)
        if self.onset is None or go is None or "rt" not in go.values or go.values.get("early") == "ignore":
            return False
        return phase.kind == "cue" or self.onset - begun < go.values["rt"][0]

    def end(self, reason: str) -> dict[str, Any]:
        """What the trial's end says."""
        self.begun, self.reason = False, reason
        data: dict[str, Any] = {"outcome": str(OUTCOMES.get(reason, Outcome.ABORTED))}
        if reason:
            data["reason"] = reason
        if not any("rt" in phase.values or "mt" in phase.values for phase in self.phases):
            return data
        if self.onset is not None and self.gone is not None:
            data["rt"] = round(self.onset - self.gone, 6)
        if self.onset is not None and self.there is not None:
            data["mt"] = round(self.there - self.onset, 6)
        feedback = next((p.values for p in self.phases if p.kind == "feedback" and "mt" in p.values), None)
        if not reason and feedback is not None and "mt" in data:
            least, most = feedback["mt"]
            fast, slow = str(feedback.get("fast", "too_fast")), str(feedback.get("slow", "too_slow"))
            self.verdict = data["verdict"] = fast if data["mt"] < least else slow if data["mt"] > most else "good"
        return data


def cursor_map(asked: Mapping[str, Any], home: Floats, target: Floats) -> CursorMap:
    """A trial's map: rotate rad and scale about the start; clamp rad off the target's direction."""
    if not any(name in asked for name in ("rotate", "scale", "clamp")):
        return CursorMap()
    clamp: Floats = ()
    if asked.get("clamp") is not None:
        angle = atan2(target[1] - home[1], target[0] - home[0]) + float(asked["clamp"])
        clamp = (cos(angle), sin(angle))
    return CursorMap(float(asked.get("rotate", 0.0)), float(asked.get("scale", 1.0)), home, True, clamp)
