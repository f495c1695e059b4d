"""Effort where the scene asks for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rehab.core.types import Scene, Target
from sim.patients.presets import HEALTHY, PASSIVE
from sim.patients.push import BUILD_UP, LET_GO, asked
from tests.sim.trials import DT, HOME, body_of

MARK = (Target(HOME, 0.02),)


def bar(level, way=(0.0, 0.08)):
    line = (HOME, (HOME[0] + way[0], HOME[1] + way[1]))
    return Scene(targets=MARK, paths=(line,), level=level)


def held(traits, scenes, seconds):
    """Force of the hand (N) at a robot that holds it fast, each step; `scenes` begin at their times (s)."""
    body, forces = body_of(traits), []
    jacobian = body._kinematics.forward(body.q)[1]
    for k in range(round(seconds / DT)):
        for t, scene in scenes:
            if k == round(t / DT):
                body.see(scene)
        pull = [3000.0 * (h - x) - 100.0 * v for h, x, v in zip(HOME, body.x, body.v, strict=True)]
        body.step(tuple(sum(row[j] * f for row, f in zip(jacobian, pull, strict=True)) for j in range(2)), DT)
        forces.append(body.force)
    return np.array(forces)


QUIET = replace(HEALTHY, noise=0.0, spread=0.0, strength=0.2)  # 16 N


def test_effort_is_asked_for_by_a_bar_beside_a_line_and_by_nothing_else():
    assert asked(bar(0.0, (0.03, -0.04)), 2) == pytest.approx((0.6, -0.8))
    assert asked(bar(None), 2) == asked(Scene(targets=MARK, level=0.2), 2) == asked(bar(0.0), 1) == ()


def test_after_the_reaction_force_is_built_up_to_all_there_is_in_the_direction_of_the_line():
    forces = held(QUIET, [(0.0, bar(0.0))], 3.0)
    begins = round(QUIET.reaction / DT)
    assert np.abs(forces[:begins]).max() < 0.1
    assert forces[-500:].mean(axis=0) == pytest.approx([0.0, 16.0], abs=0.3)
    half = forces[begins + round(0.5 * BUILD_UP / DT), 1]
    assert half == pytest.approx(8.0, abs=1.5)


def test_a_full_bar_asks_for_no_more():
    forces = held(QUIET, [(0.0, bar(0.0)), (1.0, bar(1.0))], 3.0)
    assert forces[-1, 1] == pytest.approx(16.0 * (1.0 - QUIET.reaction) / BUILD_UP, abs=0.5)


def test_it_is_given_up_when_the_bar_goes():
    forces = held(QUIET, [(0.0, bar(0.0)), (2.5, Scene(targets=MARK))], 5.0)
    over = round((2.5 + QUIET.reaction + LET_GO) / DT)
    assert forces[2500, 1] > 15.0
    assert abs(forces[over + 500 :, 1].mean()) < 1.0


def test_a_limp_limb_makes_no_effort():
    assert np.abs(held(PASSIVE, [(0.0, bar(0.0))], 2.0)).max() < 0.1


def test_who_is_contrary_pushes_the_other_way():
    forces = held(replace(QUIET, contrary=1.0), [(0.0, bar(0.0))], 3.0)
    assert forces[-1, 1] == pytest.approx(-16.0, abs=0.5)
