"""Nothing that is switched or set while it runs steps the torque: all pairs of installed controllers, all live
parameters, at random states.

Beside each blend the same two controllers run alone, from the same state on; what the blend may do in a tick follows
from what they do:

    |Δτ| ≤ (1 − w)|Δτ_old| + w|Δτ_new| + |τ_new − τ_old| Δt/T
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from rehab.core import registry
from rehab.core.blend import BLEND_TIME, Blend
from rehab.core.errors import Findings
from rehab.core.types import Array, Event, Reference, State
from tests.arms import planar_arm, pose, reference_at

# an arm with all that a device can have, so that no controller refuses it
ARM = structs.replace(planar_arm(), gravity=(0.0, -9.81), force_sensor=True)
NAMES = registry.names("controller")
DT = 0.004  # s: 50 ticks a blend, so that all pairs stay affordable
SWITCH = 30  # ticks before it


def course(seed: int) -> list[tuple[State, Reference]]:
    """A hand and a reference that both wander, for 100 ticks."""
    rng = np.random.default_rng(seed)
    q, rate = np.array([rng.uniform(0.2, 1.5), rng.uniform(1.0, 2.0)]), rng.normal(0.0, 1.0, 2)
    lag, drift = rng.normal(0.0, 0.04, 2), rng.normal(0.0, 0.1, 2)
    states = []
    for k in range(100):
        rate = 0.99 * rate + 0.1 * rng.normal(0.0, 1.0, 2)
        q = np.clip(q + rate * DT, (-0.4, 0.6), 2.5)
        state = pose(ARM, tuple(q), tuple(rate))._replace(force=2.0 * rate, intent=np.tanh(lag * 50.0 + drift))
        states.append((state, reference_at(tuple(state.x + lag + drift * k * DT), tuple(drift))))
    return states


def make(name: str, state: State) -> Any:
    controller = registry.find("controller", name)(ARM)
    controller.reset(state)
    return controller


def wish(controller: Any, at: tuple[State, Reference]) -> Array:
    return np.array(controller.update(*at, DT))


@pytest.mark.parametrize(("old", "new"), list(product(NAMES, NAMES)))
def test_switching_never_steps_the_torque(old: str, new: str) -> None:
    # one seed a pair, always the same
    states = course(sum(map(ord, old + "/" + new)))
    before, alone = make(old, states[0][0]), make(old, states[0][0])
    start = Event("trial_start", {"target": states[-1][1].x.tolist(), "radius": 0.01})
    for k, at in enumerate(states[:SWITCH]):
        if k == 5:
            for controller in (before, alone):
                getattr(controller, "heed", lambda event: None)(start)
        sent, old_torque = wish(before, at), wish(alone, at)
    state = states[SWITCH][0]
    fresh = make(new, state)
    blend = Blend(before, registry.find("controller", new)(ARM), state)
    new_torque = None
    for k, at in enumerate(states[SWITCH:]):
        made, old_now, new_now = wish(blend, at), wish(alone, at), wish(fresh, at)
        w = min(1.0, (k + 1) * DT / BLEND_TIME)
        own = (1.0 - w) * np.abs(old_now - old_torque)
        if new_torque is not None:
            own += w * np.abs(new_now - new_torque)
        gap = np.abs((new_now if new_torque is None else new_torque) - old_torque)
        share = min(DT / BLEND_TIME, 1.0) if w < 1.0 or k * DT < BLEND_TIME else 0.0
        assert np.all(np.abs(made - sent) <= own + share * gap + 1e-9), f"{1000 * k * DT:.0f} ms after the switch"
        sent, old_torque, new_torque = made, old_now, new_now
    assert blend.over


def live() -> list[tuple[str, str]]:
    return [(name, key) for name in NAMES for key, field in registry.find("controller", name).parameters.items()
            if field.live and field.least is not None and field.most is not None]  # fmt: skip


def allowed(name: str, key: str, end: float) -> float:
    """That end of a parameter's range, or as near to it as this arm allows: what a session would accept."""
    default = registry.find("controller", name).parameters[key].default
    for share in (1.0, 0.75, 0.5, 0.25):
        value = default + share * (end - default)
        try:
            registry.find("controller", name)(ARM, **{key: value})
        except Findings:
            continue
        return float(value)
    return float(default)


@pytest.mark.parametrize(("name", "key"), live())
@pytest.mark.parametrize("seed", range(5))
def test_setting_a_live_parameter_never_steps_the_torque(name: str, key: str, seed: int) -> None:
    """Across its whole range, at a random place and motion: beside one in which nothing is set, no tick of 1 ms makes
    more than 8 % of the difference, or 0.15 N·m. (Even steps are 0.5 %; damping goes with the root of a spring, so that
    1 N/m of it, the first or the last tick of a stiffness, has 7 % of the damping of 200 N/m.)"""
    field, (state, reference) = registry.find("controller", name).parameters[key], course(1000 + seed)[0]
    at = (pose(ARM, tuple(state.q), tuple(0.3 * state.qd)), reference)
    for value in (allowed(name, key, field.least), allowed(name, key, field.most)):
        kept, changed = make(name, at[0]), make(name, at[0])
        apart = []
        for k in range(1500):
            if k == 1200:
                changed.set(key, value)
            apart.append(changed.update(*at, 0.001) - kept.update(*at, 0.001))
        assert not np.any(apart[1199])
        assert np.abs(np.diff(apart, axis=0)).max() <= max(0.08 * np.abs(apart).max(), 0.15), key
