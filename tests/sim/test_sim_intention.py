from __future__ import annotations

from rehab.core.types import NO_SCENE, Scene, Target
from sim.patients.intention import goal_of


def test_the_goal_is_sought_before_home():
    home, goal = Target((0.0, 0.4), 0.01, role="home"), Target((0.1, 0.4), 0.01)
    assert goal_of(Scene(targets=(home, goal))) is goal
    assert goal_of(Scene(targets=(home,))) is home


def test_what_is_only_shown_is_not_sought():
    assert goal_of(Scene(targets=(Target((0.1, 0.4), 0.01, role="other"),))) is None
    assert goal_of(NO_SCENE) is None


def test_a_target_of_another_dimension_is_no_place_for_this_hand():
    leg = Scene(targets=(Target((-0.5,), 0.01),))
    assert goal_of(leg) is None
    assert goal_of(leg, dimensions=1) is leg.targets[0]
