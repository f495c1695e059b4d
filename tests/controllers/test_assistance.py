"""One slider for the therapist: every controller that has `assistance` gives its help in proportion to it."""

from __future__ import annotations

import numpy as np
import pytest

from rehab.core import registry
from rehab.core.stability import declared_by
from rehab.core.types import Array, Event, State
from tests.arms import planar_arm, pose, reference_at

ARM = planar_arm()
DT = 0.001
ASSISTING = [n for n in registry.names("controller") if "assistance" in registry.find("controller", n).parameters]


def test_all_that_assist_have_it() -> None:
    assert {
        "impedance", "assist_as_needed", "path_tunnel", "performance_based", "assist_after_failure", "corrective",
    } <= set(ASSISTING)  # fmt: skip


def course(seed: int) -> list[tuple[State, tuple[float, ...], tuple[float, ...]]]:
    """A hand that wanders about a reference that wanders too: state, x_r, v_r of 400 ticks."""
    rng = np.random.default_rng(seed)
    q, rate = np.array([rng.uniform(0.2, 1.5), rng.uniform(1.0, 2.0)]), rng.normal(0.0, 1.0, 2)
    lag, drift = rng.normal(0.0, 0.04, 2), rng.normal(0.0, 0.1, 2)
    states = []
    for k in range(400):
        rate = 0.99 * rate + 0.1 * rng.normal(0.0, 1.0, 2)
        q = np.clip(q + rate * DT, (-0.4, 0.6), 2.5)
        state = pose(ARM, tuple(q), tuple(rate))
        states.append((state, tuple(state.x + lag + drift * k * DT), tuple(drift)))
    return states


def torques(name: str, assistance: float, seed: int) -> Array:
    """What it wishes on that course, a trial from the 50th tick on; without the arm's own weight."""
    controller = registry.find("controller", name)(ARM, assistance=assistance)
    wished = []
    for k, (state, x_ref, v_ref) in enumerate(course(seed)):
        if k == 0:
            controller.reset(state)
        if k == 50 and hasattr(controller, "heed"):
            controller.heed(Event("trial_start", {"target": list(x_ref), "radius": 0.01}))
        wished.append(np.array(controller.update(state, reference_at(x_ref, v_ref, (0.5, -0.5)), DT)) - state.gravity)
    return np.array(wished)


def free(name: str, seed: int) -> Array:
    """What is no help, such as the friction that is taken away."""
    return torques(name, 0.0, seed)


@pytest.mark.parametrize("name", ASSISTING)
@pytest.mark.parametrize("seed", range(5))
def test_help_grows_with_assistance_at_every_state_and_keeps_its_direction(name: str, seed: int) -> None:
    nothing, whole = free(name, seed), torques(name, 100.0, seed)
    for assistance in (1.0, 30.0, 75.0):
        help_given = torques(name, assistance, seed) - nothing
        assert help_given == pytest.approx(assistance / 100.0 * (whole - nothing), abs=1e-9)


@pytest.mark.parametrize("name", ASSISTING)
def test_it_helps_at_all_in_these_states(name: str) -> None:
    assert max(np.abs(torques(name, 100.0, seed) - free(name, seed)).max() for seed in range(5)) > 0.1


@pytest.mark.parametrize("name", ASSISTING)
def test_at_none_it_holds_nothing(name: str) -> None:
    controller = registry.find("controller", name)(ARM, assistance=0.0)
    assert declared_by(controller).stiffness == np.max(declared_by(controller).damping) == 0.0
    state = pose(ARM, ARM.home)
    controller.reset(state)
    torque = controller.update(state, reference_at(tuple(state.x + 0.05)), DT)
    assert torque == pytest.approx([0.0, 0.0], abs=1e-12)


@pytest.mark.parametrize("name", ASSISTING)
def test_moving_the_slider_to_its_end_takes_200_ms_in_even_steps(name: str) -> None:
    state = pose(ARM, ARM.home)
    controller = registry.find("controller", name)(ARM, assistance=100.0)
    controller.reset(state)
    off = reference_at(tuple(state.x + 0.05))
    if name == "assist_as_needed":
        controller = registry.find("controller", name)(ARM, assistance=100.0, learning=0.0)  # else it learns meanwhile
    for _ in range(800):
        before = controller.update(state, off, DT)
    controller.set("assistance", 0.0)
    wished = np.array([before] + [controller.update(state, off, DT) for _ in range(250)])
    assert np.diff(wished, axis=0)[:200] == pytest.approx(np.tile(-np.asarray(before) / 200.0, (200, 1)), abs=1e-9)
    assert np.abs(wished[-1]).max() == 0.0
