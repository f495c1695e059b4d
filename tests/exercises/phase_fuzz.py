"""Random lists of phases, random trials, a hand that does as it likes, and time in steps of any size."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from rehab.core.trials import Break, Phase, Redo, TrialPlan
from rehab.core.types import Event, Reference, Scene
from tests.arms import hand_at, planar_arm, pose, sent

ARM = planar_arm()
LONG = 400.0  # s: an attempt takes at most 12 phases of about a second

short = st.floats(0.0, 0.4)
pair = st.tuples(short, short).map(lambda two: sorted(two))
either = st.one_of(short, pair)


def _phase(kind: str, **values: st.SearchStrategy[Any]) -> st.SearchStrategy[Phase]:
    common = {
        "ttl": st.integers(1, 8), "photodiode": st.sampled_from(["flip", "on", "off"]),
        "cursor": st.sampled_from(["shown", "hidden"]),
    }  # fmt: skip
    return st.fixed_dictionaries({}, optional={**values, **common}).map(lambda chosen: Phase(kind, chosen))


phase = st.one_of(
    _phase("hold", at=st.sampled_from(["home", "target"]), **{"for": either}, timeout=short, settle=st.just(0.3)),
    _phase("cue", show=st.sampled_from(["target", "home", "none"]), **{"for": either}),
    _phase("go", rt=pair, early=st.sampled_from(["redo", "ignore"]), late=st.sampled_from(["redo", "ignore"])),
    _phase(
        "move", until=st.sampled_from(["in_target", "past", "stopped", "time"]), timeout=short, **{"for": either},
        **{"in": st.floats(0.05, 0.5)},
    ),
    _phase("dwell", **{"for": either}, timeout=short),
    _phase("feedback", mt=pair, **{"for": either}),
    _phase(
        "return", by=st.sampled_from(["robot", "self"]), timeout=short, **{"in": st.floats(0.05, 0.5)},
        **{"with": st.sampled_from(["", "other"])},
    ),
    short.map(lambda timeout: Phase("ask", {"timeout": timeout})),  # nobody answers: it would take a minute
)  # fmt: skip
phases = st.lists(phase, min_size=1, max_size=8)


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[Phase], list[TrialPlan], Redo | None, Break | None]:
    order = [Phase(p.kind, {**p.values, "name": f"{p.kind} {k}"}) for k, p in enumerate(draw(phases))]
    names = [p.kind for p in order] + [p.values["name"] for p in order]
    perturb = st.fixed_dictionaries({"at": st.sampled_from(names), "rise": short, "hold": short},
                                    optional={"after": short})  # fmt: skip
    trial = st.builds(
        TrialPlan, number=st.just(0), target=st.integers(-1, 3), dynamics=st.sampled_from(["", "channel"]),
        perturb=st.one_of(st.just({}), perturb), say=st.sampled_from(["", "resist"]),
        cursor=st.fixed_dictionaries({}, optional={"rotate": short, "clamp": short,
                                                   "shown": st.sampled_from(["always", "move", "never"])}),
    )  # fmt: skip
    trials = [
        TrialPlan(**{**{f: getattr(t, f) for f in t.__struct_fields__}, "number": k + 1})
        for k, t in enumerate(draw(st.lists(trial, min_size=1, max_size=3)))
    ]
    reasons = st.lists(st.sampled_from(["early", "late", "timeout"]), unique=True).map(tuple)
    redo = st.builds(
        Redo, when=reasons, place=st.sampled_from(["end_of_block", "at_once"]), most=st.integers(0, 2)
    )  # fmt: skip
    pause = st.builds(Break, every=st.integers(1, 3), least=short)
    return order, trials, draw(st.one_of(st.none(), redo)), draw(st.one_of(st.none(), pause))


class Tick(NamedTuple):
    t: float
    dt: float
    reference: Reference
    event: Event | None
    scene: Scene
    waiting: int  # events not handed out yet


def run(exercise: Any, seed: int, step: float) -> list[Tick]:
    """Up to `list_end`, or LONG. The hand follows, stays, or jumps; ticks come at up to twice `step`."""
    rng = np.random.default_rng(seed)
    home = pose(ARM, ARM.home).x
    x, v = home + rng.normal(0.0, 0.03, 2), np.zeros(2)
    exercise.start(hand_at(ARM, tuple(x)), ARM.limits(), np.random.default_rng(seed))
    t, found, until, habit = 0.0, [], 0.0, "follow"
    while t < LONG:
        state = hand_at(ARM, tuple(x), tuple(v))
        reference = exercise.reference(t, state)
        event = exercise.observe(t, state, sent(ARM))
        if rng.random() < 0.0005:
            exercise.retry(t, state)
        dt = step * rng.uniform(0.1, 2.0)
        found.append(Tick(t, dt, reference, event, exercise.scene(), len(exercise._events)))
        if event is not None and event.kind == "list_end":
            break
        if t >= until:
            until, habit = t + rng.uniform(0.02, 1.5), rng.choice(["follow", "stay", "jump", "jitter"])
            jump = home + rng.normal(0.0, 0.1, 2)
        before = x
        match habit:
            case "follow":
                x = reference.x
            case "jump":
                x, habit = jump, "stay"
            case "jitter":
                x = reference.x + rng.normal(0.0, 0.01, 2)
        v = (x - before) / dt
        t += dt
    return found


def moment(tick: Tick) -> float:
    """When what the event says happened."""
    assert tick.event is not None
    return tick.t - float(tick.event.data.get("late", 0.0))
