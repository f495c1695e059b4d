"""Walls around a way: F = max(0, K p + B ṗ min(1, p/p₀)); and the way itself."""

from __future__ import annotations

from math import cos, pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.guide import CLOSING, EDGE, Margin, Tunnel, Way, pressed
from rehab.core.path import Path, line
from rehab.core.types import Event

DT = 0.001
TARGET = Event("trial_start", {"target": [0.1, 0.4]})
depth = st.floats(-0.1, 0.1)
rate = st.floats(-2.0, 2.0)


def way_on(path: Path, x: tuple[float, ...], x_ref: tuple[float, ...]) -> Way:
    way = Way()
    way.reset(x)
    way.heed(TARGET)
    way.look(x, x_ref, path)
    return way


@given(depth, rate, st.floats(0.0, 5000.0), st.floats(0.0, 200.0))
def test_a_wall_never_pulls_and_is_nothing_outside(p: float, dp: float, K: float, B: float) -> None:
    force = pressed(p, dp, K, B)
    assert force >= 0.0
    assert force == 0.0 or p > 0.0


@given(rate, st.floats(0.0, 5000.0), st.floats(0.0, 200.0))
def test_a_wall_is_continuous_at_its_edge_however_fast_the_hand(dp: float, K: float, B: float) -> None:
    nearly = 1e-9
    assert pressed(nearly, dp, K, B) <= (K + B * abs(dp) / EDGE) * nearly * (1.0 + 1e-9)


def test_deep_in_a_wall_it_is_a_spring_and_a_damper() -> None:
    assert pressed(0.02, 0.1, 500.0, 40.0) == pytest.approx(500.0 * 0.02 + 40.0 * 0.1)


def test_without_a_target_there_is_no_way() -> None:
    way = Way()
    way.reset((0.0, 0.4))
    assert not way.look((0.0, 0.4), (0.0, 0.4), None)
    assert way.path is None


def test_the_way_to_a_named_target_begins_where_the_hand_was() -> None:
    way = Way()
    way.reset((0.0, 0.4))
    way.look((0.02, 0.41), (0.0, 0.4), None)
    way.heed(TARGET)
    assert way.look((0.02, 0.41), (0.0, 0.4), None)
    assert way.path is not None
    assert way.path.points == ((0.02, 0.41), (0.1, 0.4))


def test_the_end_of_the_trial_ends_the_way() -> None:
    way = Way()
    way.reset((0.0, 0.4))
    way.heed(TARGET)
    way.look((0.0, 0.4), (0.0, 0.4), None)
    way.heed(Event("trial_end", {"outcome": "reached"}))
    assert way.look((0.1, 0.4), (0.1, 0.4), None)
    assert way.path is None


def test_the_references_own_path_goes_before() -> None:
    given_path = line((0.0, 0.3), (0.0, 0.5))
    way = Way()
    way.reset((0.0, 0.4))
    way.heed(TARGET)
    way.look((0.0, 0.4), (0.0, 0.4), given_path)
    assert way.path is given_path


def test_between_trials_there_is_no_way_though_the_reference_has_a_path() -> None:
    way = Way()
    way.reset((0.0, 0.4))
    assert not way.look((0.0, 0.4), (0.0, 0.4), line((0.0, 0.3), (0.0, 0.5)))
    assert way.path is None


@pytest.mark.parametrize("nonsense", [None, "here", [0.1, float("nan")], {"x": 1.0}, [0.1, 0.2, 0.3]])
def test_what_is_no_place_is_no_target(nonsense: object) -> None:
    way = Way()
    way.reset((0.0, 0.4))
    way.heed(Event("trial_start", {"target": nonsense}))
    way.look((0.0, 0.4), (0.0, 0.4), None)
    assert way.path is None


def test_on_a_closed_way_the_hand_may_be_ahead_across_the_seam() -> None:
    circle = Path([(0.1 * cos(a), 0.1 * sin(a)) for a in (k * pi / 180 for k in range(360))], closed=True)
    hand, reference = (0.1 * cos(0.1), 0.1 * sin(0.1)), (0.1 * cos(-0.1), 0.1 * sin(-0.1))
    assert way_on(circle, hand, reference).ahead() == pytest.approx(0.02, abs=1e-4)
    assert way_on(circle, reference, hand).ahead() == pytest.approx(-0.02, abs=1e-4)


def test_who_goes_round_twice_has_gone_twice_the_length() -> None:
    circle = Path([(0.1 * cos(a), 0.1 * sin(a)) for a in (k * pi / 180 for k in range(360))], closed=True)
    way = way_on(circle, (0.1, 0.0), (0.1, 0.0))
    for k in range(1, 721):
        way.look((0.1 * cos(k * pi / 180), 0.1 * sin(k * pi / 180)), (0.1, 0.0), circle)
    assert way.gone == pytest.approx(2.0 * circle.length, rel=1e-6)


def test_a_wall_that_opens_begins_where_the_hand_is_and_closes_steadily() -> None:
    margin = Margin()
    depths = [margin.depth(0.05, 0.01, DT) for _ in range(1000)]
    assert depths[0] == 0.0
    assert depths[100] == pytest.approx(100 * CLOSING * DT)
    assert depths[-1] == pytest.approx(0.04)


def test_without_a_way_the_hand_hangs_on_the_reference_by_a_rope() -> None:
    way, tunnel = Way(), Tunnel()
    way.reset((0.0, 0.4))

    def pull(x: float) -> tuple[float, ...]:
        return tunnel.side(way, (x, 0.4), (0.0, 0.0), (0.0, 0.4), (0.0, 0.0), 0.01, 500.0, 0.0, DT)

    assert pull(0.009) == (0.0, 0.0)
    assert pull(0.03) == pytest.approx((-500.0 * 0.02, 0.0))


def test_to_a_secret_target_there_is_no_way_and_the_hand_is_led() -> None:
    way = Way()
    way.reset((0.0, 0.4))
    way.heed(Event("trial_start", {"target": [0.1, 0.4], "secret": True}))
    way.look((0.0, 0.4), (0.0, 0.4), None)
    assert way.path is None


def test_the_trial_may_say_how_much_of_its_way_is_to_be_gone() -> None:
    way = Way()
    way.reset((0.0, 0.4))
    way.heed(Event("trial_start", {"target": [0.1, 0.4], "length": 0.04}))
    way.look((0.0, 0.4), (0.0, 0.4), line((-0.1, 0.4), (0.1, 0.4)))
    assert way.length == pytest.approx(0.04)


def test_no_wall_pushes_a_hand_past_a_corner_at_which_it_is_not_yet() -> None:
    """The reference is 15 cm farther along, round the corner: what draws the hand on ends at the corner."""
    corner = Path(((0.0, 0.4), (0.1, 0.4), (0.1, 0.6)))
    K = 500.0
    for x, pull in ((0.02, K * 0.08), (0.07, K * 0.03), (0.085, K * 0.015)):
        way, tunnel = way_on(corner, (x, 0.4), (x, 0.4)), Tunnel()
        for k in range(2000):
            way.look((x, 0.4), corner.at(min(0.3, x + 0.001 * k)).point, corner)
            force = tunnel.ends(way, (0.0, 0.0), (0.0, 0.0), 0.05, 0.05, K, 0.0, DT)
        assert force == pytest.approx(pull)
