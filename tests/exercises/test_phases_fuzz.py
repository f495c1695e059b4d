"""Whatever the list of phases and the hand: the list ends, nothing is skipped, the reference never steps."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st

from exercises.phase_list import name_of, perturbed
from exercises.reach import Reach
from rehab.core.blend import BLEND_TIME
from rehab.core.trials import Phase
from tests.exercises.phase_fuzz import ARM, LONG, Tick, lists, moment, run

HANDS_OFF = ("cue", "go", "move")
BOUNDED = {  # without shrinking, which takes minutes
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Stage.explicit, Stage.reuse, Stage.generate],
}


def course(order: list[Phase], trials: Any, redo: Any, pause: Any, seed: int, step: float) -> list[Tick]:
    exercise = Reach(ARM, targets=4, time_limit=0.5, movement_time=0.3, home_dwell=0.05, dwell=0.05)
    exercise.follow(trials, order, redo, pause)
    return run(exercise, seed, step)


def check(order: list[Phase], trials: Any, ticks: list[Tick]) -> None:
    told = [tick for tick in ticks if tick.event is not None]
    kinds = [tick.event.kind for tick in told]
    assert kinds[-1] == "list_end", f"still going after {LONG} s: {kinds[-20:]}"
    assert max(tick.waiting for tick in ticks) <= 4 * len(order) + 8
    _trials_are_all_done(trials, told)
    for attempt in _attempts(told):
        _no_return_is_skipped_after_a_time_out(order, attempt)
        _no_perturbation_is_skipped(order, trials, attempt)
    _the_dynamics_acts_before_the_go(told)
    _the_reference_never_steps(ticks)
    for tick in told:
        assert msgspec.json.decode(msgspec.json.encode(dict(tick.event.data))) == dict(tick.event.data)


def _trials_are_all_done(trials: Any, told: list[Tick]) -> None:
    turns = [tick.event for tick in told if tick.event.kind.startswith("trial")]
    assert [event.kind for event in turns] == ["trial_start", "trial_end"] * (len(turns) // 2)
    settled = [
        begun.data["planned"]
        for begun, ended in zip(turns[::2], turns[1::2], strict=True)
        if not ended.data.get("redo")
    ]
    assert sorted(settled) == [trial.number for trial in trials]


def _attempts(told: list[Tick]) -> list[list[Tick]]:
    """The events of each attempt, from its first phase to the one before the next attempt's trial_start."""
    starts = [k for k, tick in enumerate(told) if tick.event.kind == "trial_start"]
    return [told[a:b] for a, b in zip(starts, [*starts[1:], len(told)], strict=True)]


def _no_return_is_skipped_after_a_time_out(order: list[Phase], attempt: list[Tick]) -> None:
    ended = next(k for k, tick in enumerate(attempt) if tick.event.kind == "trial_end")
    if attempt[ended].event.data["outcome"] != "timeout":
        return
    names = [name_of(phase) for phase in order]
    stamped = [tick.event.data["name"] for tick in attempt[:ended] if tick.event.kind == "phase"]
    failed = names.index([name for name in stamped if name in names][-1])
    later = [name_of(phase) for phase in order[failed + 1 :] if phase.kind in ("feedback", "return")]
    after = [tick.event.data["name"] for tick in attempt[ended + 1 :] if tick.event.kind == "phase"]
    after = [name for name in after if name != "perturb"]
    assert after[: len(later)] == later


def _no_perturbation_is_skipped(order: list[Phase], trials: Any, attempt: list[Tick]) -> None:
    plan = trials[attempt[0].event.data["planned"] - 1]
    given = [k for k, tick in enumerate(attempt)
             if tick.event.kind == "phase" and tick.event.data["name"] == "perturb"]  # fmt: skip
    at = perturbed(plan, order)
    ended = next(tick.event.data for tick in attempt if tick.event.kind == "trial_end")
    if at < 0:
        assert not given
    elif not ended.get("reason"):
        assert len(given) == 1
    else:
        assert len(given) <= 1
    if given:
        before = [t.event.data["name"] for t in attempt[: given[0]] if t.event.kind == "phase"]
        assert before[-1] == name_of(order[at])


def _the_dynamics_acts_before_the_go(told: list[Tick]) -> None:
    asked = -np.inf
    for tick in told:
        if tick.event.kind == "dynamics":
            asked = moment(tick)
        elif tick.event.kind == "phase" and tick.event.data["name"].split()[0] in HANDS_OFF:
            assert moment(tick) - asked >= BLEND_TIME - 1e-6 or asked == -np.inf


def _the_reference_never_steps(ticks: list[Tick]) -> None:
    fastest = ARM.limits().speed
    for before, now in pairwise(ticks):
        assert np.linalg.norm(now.reference.x - before.reference.x) <= 1.5 * fastest * before.dt + 1e-9


@given(lists(), st.integers(0, 10_000), st.sampled_from([0.002, 0.004, 0.02]))
@settings(max_examples=25, **BOUNDED)
def test_no_path_skips_a_perturbation_or_a_return_and_every_list_ends(chosen, seed, step):
    order, trials, redo, pause = chosen
    check(order, trials, course(order, trials, redo, pause, seed, step))


@pytest.mark.long
@given(lists(), st.integers(0, 10_000), st.sampled_from([0.001, 0.004, 0.02, 0.1]))
@settings(max_examples=2000, **BOUNDED)
def test_no_path_of_thousands_skips_anything(chosen, seed, step):
    order, trials, redo, pause = chosen
    check(order, trials, course(order, trials, redo, pause, seed, step))
