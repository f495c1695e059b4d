"""A virtual patient feels where the hand is led unseen, and brings it back there."""

from __future__ import annotations

import pytest

from rehab.core.types import CursorMap, Scene, Target
from sim.patients.felt import Felt
from tests.grid.cells import Cell, run

UNSEEN = Scene(text="Feel where your hand is", cursor=CursorMap(shown=False))
GO = Scene(text="Bring it back", cue="go", cursor=CursorMap(shown=False))
AFTER = Scene(text="Bring it back", cursor=CursorMap(shown=False))
SEEN = Scene(targets=(Target((0.0, 0.4), 0.01),))


def led(felt: Felt, *places: tuple[float, float]) -> None:
    felt.see(UNSEEN)
    for place in places:
        felt.feel(place)


def test_the_farthest_place_is_the_goal_once_it_is_asked_for_and_as_long_as_it_is():
    felt = Felt()
    led(felt, (0.0, 0.4), (0.05, 0.42), (0.1, 0.45), (0.02, 0.41))
    assert felt.goal is None
    for scene in (GO, AFTER):
        felt.see(scene)
        felt.feel((0.3, 0.4))
        assert felt.goal is not None
        assert felt.goal.x == (0.1, 0.45)
    felt.see(SEEN)
    assert felt.goal is None


def test_the_next_place_is_felt_anew():
    felt = Felt()
    led(felt, (0.0, 0.4), (0.1, 0.45))
    felt.see(GO)
    felt.see(SEEN)
    led(felt, (0.0, 0.4), (0.0, 0.35))
    felt.see(GO)
    assert felt.goal is not None
    assert felt.goal.x == (0.0, 0.35)


def test_a_scene_that_shows_something_is_nothing_to_be_felt():
    felt = Felt()
    felt.see(SEEN)
    felt.feel((0.1, 0.4))
    felt.see(GO)
    assert felt.goal is None


@pytest.mark.parametrize(("patient", "outcome"), [("healthy", "reached"), ("passive", "timeout")])
def test_who_feels_it_brings_the_hand_back_and_a_limp_arm_stays(patient, outcome):
    assert run(Cell("position_match", "path_guidance", patient)).outcome == outcome
