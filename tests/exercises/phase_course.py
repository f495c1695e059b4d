"""A list of phases with a hand that reaches as it is told to, and what came of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from exercises.reach import Reach
from rehab.contract.exercise import Moment, Move, events, run
from rehab.core.kinematics import kinematics_of
from rehab.core.trials import Break, Phase, Redo, TrialPlan
from tests.arms import planar_arm

ARM = planar_arm()
CENTRE = np.array(kinematics_of(ARM).forward(ARM.home)[0])
AHEAD = CENTRE + np.array([0.0, 0.10])
HOLD, CUE, GO = Phase("hold", {"for": 0.2}), Phase("cue"), Phase("go", {"rt": [0.1, 0.6]})
MOVE, DWELL, RETURN = Phase("move", {"timeout": 1.5}), Phase("dwell", {"for": 0.2}), Phase("return", {"in": 0.8})
USUAL = [HOLD, CUE, GO, MOVE, DWELL, RETURN]


def off(x: float, y: float = 0.0) -> np.ndarray:
    """A place so far from the centre, m."""
    return CENTRE + np.array([x, y])


class Hand:
    """At home until `reaction` s after the go, then to the target by a straight line in `duration` s and there to stay;
    between trials with the reference."""

    def __init__(self, exercise: Reach, reaction: float = 0.3, duration: float = 0.4, target: Any = AHEAD) -> None:
        self._exercise, self._reaction, self._duration, self._target = exercise, reaction, duration, target
        self._gone: float | None = None

    def __call__(self, t: float, asked: np.ndarray) -> np.ndarray:
        shown = self._exercise.scene()
        if not any(target.role == "goal" for target in shown.targets):
            self._gone = None
            return asked
        if self._gone is None:
            self._gone = t
        share = np.clip((t - self._gone - self._reaction) / self._duration, 0.0, 1.0)
        return CENTRE + share * (self._target - CENTRE)


def course(
    phases: list[Phase],
    trials: list[TrialPlan] | int = 1,
    move: Move | None = None,
    *,
    seconds: float = 12.0,
    redo: Redo | None = None,
    pause: Break | None = None,
    **hand: Any,
) -> list[Moment]:
    exercise = Reach(ARM, targets=4)
    listed = [TrialPlan(number=k + 1, target=0) for k in range(trials)] if isinstance(trials, int) else trials
    exercise.follow(listed, phases, redo, pause)
    found = []
    for moment in run(exercise, ARM, move or Hand(exercise, **hand), seconds):
        found.append(moment)
        if moment.event is not None and moment.event.kind == "list_end":
            break
    return found


def of(moments: list[Moment], kind: str) -> list[dict[str, Any]]:
    return [dict(e.data) for _, e in events(iter(moments)) if e.kind == kind]


def times(moments: list[Moment]) -> dict[str, float]:
    """When each phase began; of the last trial."""
    return {
        event.data["name"]: t - event.data.get("late", 0.0)
        for t, event in events(iter(moments))
        if event.kind == "phase"
    }


def at(moments: list[Moment], phase: str) -> Moment:
    return next(moment for moment in moments if moment.scene.phase == phase)


