"""Stiffness of the hand, roundness, Kinarm's reach: what was put in is found again."""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehab.core.errors import MeasureError
from rehab.measures import circle_axis_ratio, minimum_jerk
from rehab.measures.hand_stiffness import hand_stiffness
from rehab.measures.reaching import UNITS, reaching_set

FS, ROWS = 1000.0, 120
RNG = np.random.default_rng(3)


def displacements(repeats: int) -> np.ndarray:
    angles = np.arange(8 * repeats) * np.pi / 4.0
    return 0.008 * np.column_stack([np.cos(angles), np.sin(angles)])[:, None, :] * np.ones((1, ROWS, 1))


@settings(max_examples=25, deadline=None)
@given(stiffest=st.floats(200.0, 900.0), softest=st.floats(50.0, 200.0), angle=st.floats(-80.0, 80.0))
def test_a_spring_is_found_again_with_its_ellipse(stiffest: float, softest: float, angle: float) -> None:
    u = np.array((cos(radians(angle)), sin(radians(angle))))
    K = softest * np.eye(2) + (stiffest - softest) * np.outer(u, u)
    asked = displacements(1)
    found = hand_stiffness(asked * 0.8, -0.8 * asked @ K.T + 1.5, asked, fs=FS)
    np.testing.assert_allclose(found.matrix, K, rtol=1e-6, atol=1e-6 * stiffest)
    assert found.principal == pytest.approx([stiffest, softest], rel=1e-6)
    assert found.shape == pytest.approx(stiffest / softest, rel=1e-6)
    if stiffest > 1.05 * softest:
        assert np.degrees(found.orientation) == pytest.approx(angle, abs=0.01)


def test_a_wrong_prediction_of_the_path_only_scatters() -> None:
    """The error of prediction is in the place and in the force: plain least squares would be too soft."""
    K = np.array([[400.0, -150.0], [-150.0, 300.0]])
    asked = displacements(40)
    wrong = RNG.normal(0.0, 0.004, (len(asked), 1, 2)) * np.ones((1, ROWS, 1))
    found = hand_stiffness(asked + wrong, -asked @ K.T, asked, fs=FS)
    assert np.linalg.norm(found.matrix - K) < 0.05 * np.linalg.norm(K)
    x, f = (asked + wrong)[:, 0], -(asked @ K.T)[:, 0]
    plain = -np.linalg.lstsq(x, f, rcond=None)[0].T
    assert np.linalg.norm(plain - K) > 0.2 * np.linalg.norm(K)
    assert (np.abs(found.matrix - K) < 2.0 * found.confidence).all()


def test_the_motion_that_is_left_in_the_plateau_is_no_stiffness() -> None:
    K, D = np.array([[400.0, 0.0], [0.0, 300.0]]), 20.0
    asked = displacements(4)
    t = np.arange(ROWS) / FS
    drift = RNG.normal(0.0, 0.03, (len(asked), 1, 2)) * t[None, :, None]  # m, at up to some cm/s
    velocity = np.gradient(drift, axis=1) * FS
    found = hand_stiffness(asked + drift, -(asked + drift) @ K.T - D * velocity, asked, fs=FS)
    np.testing.assert_allclose(found.matrix, K, rtol=0.01, atol=4.0)


def test_where_the_hand_would_have_gone_biases_nothing_even_while_the_plateau_still_moves() -> None:
    """A hand of mass M on a spring K and damper D, whose own way differs from the predicted one by e₀ + e₁ t and whose
    muscles are unsteady, displaced through the robot's spring. With the hand's own velocity and acceleration among the
    instruments K comes out by a tenth too stiff: they have e₁ in them, which is in the force too."""
    K, D, M, dt = np.diag([600.0, 150.0]), np.diag([12.0, 3.0]), 1.2, 1.0 / FS
    d = displacements(150)[:, 0]
    e0, e1 = RNG.normal(0.0, 0.0015, d.shape), RNG.normal(0.0, 0.015, d.shape)
    x, v, push = np.zeros_like(d), np.zeros_like(d), np.zeros_like(d)
    places, forces = [], []
    for k in range(350):  # 100 ms of rise, 250 ms of hold; what is looked at begins 80 ms into it
        s = min(1.0, 10.0 * k * dt)
        robot = 3000.0 * ((10 - 15 * s + 6 * s * s) * s**3 * d - x) - 40.0 * v
        push += -dt / 0.05 * push + RNG.normal(0.0, 0.5 * np.sqrt(2.0 * dt / 0.05), push.shape)
        v = v + dt * (robot + push + (e0 + e1 * k * dt - x) @ K + (e1 - v) @ D) / M
        x = x + dt * v
        places.append(x)
        forces.append(-robot)  # of the limb on the robot
    displaced, force = (np.swapaxes(np.array(values[180:]), 0, 1) for values in (places, forces))
    asked = np.repeat(d[:, None], displaced.shape[1], axis=1)
    found = hand_stiffness(displaced, force, asked, fs=FS)
    assert found.principal == pytest.approx([600.0, 150.0], rel=0.05)
    assert (np.abs(found.matrix - K) < 1.5 * found.confidence).all()
    assert found.confidence.max() < 0.06 * 600.0
    speed = np.gradient(displaced, axis=1) * FS
    moved = np.concatenate([displaced, speed, np.gradient(speed, axis=1) * FS], axis=2) / [1, 1, 0.1, 0.1, 10, 10]
    instruments = np.concatenate([asked, moved[:, :, 2:]], axis=2)
    own = [np.einsum("kmi,kmj->ij", instruments, values) for values in (moved, force)]
    assert -np.linalg.solve(*own)[0, 0] > 1.07 * 600.0


def test_what_was_seen_before_a_displacement_makes_the_estimate_surer() -> None:
    K = np.array([[400.0, -150.0], [-150.0, 300.0]])
    asked = displacements(6)
    before = RNG.normal(0.0, 1.0, (len(asked), 3))
    wrong = np.einsum("ki,ij->kj", before, RNG.normal(0.0, 1e-3, (3, 2)))[:, None] * np.ones((1, ROWS, 1))
    force = -asked @ K.T + RNG.normal(0.0, 0.05, (len(asked), 1, 2))
    with_it, without = (hand_stiffness(asked + wrong, force, asked, fs=FS, before=z) for z in (before, None))
    assert np.linalg.norm(with_it.matrix - K) < 0.03 * np.linalg.norm(K)
    assert with_it.confidence.max() < 0.5 * without.confidence.max()


def test_what_was_seen_before_must_be_told_of_every_displacement() -> None:
    asked = displacements(3)
    with pytest.raises(MeasureError, match="24 rows"):
        hand_stiffness(asked, -400.0 * asked, asked, fs=FS, before=np.zeros((23, 2)))


def test_displacements_along_one_line_do_not_tell_stiffness_across_it() -> None:
    asked = displacements(2) * np.array([1.0, 0.0])
    with pytest.raises(MeasureError, match="along one line only"):
        hand_stiffness(asked, -400.0 * asked, asked, fs=FS)


def test_too_few_displacements_are_refused() -> None:
    asked = displacements(1)[:7]
    with pytest.raises(MeasureError, match="8 displacements or more"):
        hand_stiffness(asked, asked, asked, fs=FS)


@given(b=st.floats(0.05, 1.0), turn=st.floats(0.0, 180.0))
def test_the_axis_ratio_of_an_ellipse_is_b_over_a_however_it_lies(b: float, turn: float) -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, 400, endpoint=False)
    path = np.column_stack([np.cos(angle), b * np.sin(angle)])
    c, s = cos(radians(turn)), sin(radians(turn))
    assert circle_axis_ratio(0.1 * path @ np.array([[c, s], [-s, c]])) == pytest.approx(b, rel=1e-6)


def test_a_hand_that_stays_draws_no_circle() -> None:
    with pytest.raises(MeasureError, match="stays where it is"):
        circle_axis_ratio(np.zeros((10, 2)))


def reach(strokes: int) -> np.ndarray:
    """0.6 s of waiting, then 10 cm in so many equal strokes of 0.5 s with rests of 0.1 s between, then rest."""
    t = np.arange(0.0, 3.0, 1.0 / FS)
    x = np.zeros(len(t))
    for k in range(strokes):
        x += minimum_jerk(t - 0.6 - 0.6 * k, start=0.0, end=0.1 / strokes, duration=0.5)[0]
    return np.column_stack([x, np.zeros(len(t))])


def test_one_stroke_has_all_ten_measures_of_an_undivided_reach() -> None:
    found = reaching_set(reach(1), (0.1, 0.0), fs=FS, go=500)
    assert list(found) == list(UNITS)
    assert found["posture_speed"] == pytest.approx(0.0, abs=1e-6)
    assert found["reaction_time"] == pytest.approx(0.1 + 0.5 * 0.059434, abs=0.005)  # onset at 5 %: closed form
    assert found["movement_time"] == pytest.approx(0.5 * 0.881132, abs=0.008)
    assert found["max_speed"] == pytest.approx(1.875 * 0.1 / 0.5, rel=0.01)
    assert found["initial_distance_ratio"] == found["initial_speed_ratio"] == found["speed_maxima_count"] == 1.0
    assert found["min_max_speed_difference"] == 0.0
    assert found["path_length_ratio"] == pytest.approx(1.0, abs=1e-9)
    assert found["initial_direction_error"] == pytest.approx(0.0, abs=1e-6)


def test_two_equal_strokes_go_half_of_the_way_at_first() -> None:
    found = reaching_set(reach(2), (0.1, 0.0), fs=FS, go=500)
    assert found["initial_distance_ratio"] == pytest.approx(0.5, abs=0.01)
    assert found["initial_speed_ratio"] == pytest.approx(1.0, abs=0.01)
    assert found["speed_maxima_count"] == 2.0
    assert found["min_max_speed_difference"] == pytest.approx(1.875 * 0.05 / 0.5, rel=0.03)
