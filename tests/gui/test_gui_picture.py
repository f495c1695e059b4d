"""What is drawn of a tick: cursor maps, hidden cursors, targets, the robot's force."""

from __future__ import annotations

from math import pi

import pytest

from rehab.core.types import CursorMap, Scene, Shape, Target
from rehab.realtime.layout import channels
from rehab.realtime.picture import Eye
from rehab.realtime.snapshot import Look
from sim.models import load

INFO = load("planar_arm")


def look(scene: Scene, **values: float) -> Look:
    row = dict.fromkeys((channel.name for channel in channels(2, 2)), 0.0)
    row |= {"q_0": INFO.home[0], "q_1": INFO.home[1], "x_0": 0.0, "x_1": 0.42}
    return Look(row | values, scene)


def test_the_cursor_is_where_the_map_puts_it() -> None:
    turned = Scene(cursor=CursorMap(rotation=pi / 2, centre=(0.0, 0.32)))
    picture = Eye(INFO).see(look(turned))
    assert picture.cursor == pytest.approx((-0.1, 0.32))
    assert picture.mapped
    assert picture.hand == pytest.approx((0.0, 0.42), abs=1e-3)


def test_without_a_map_the_cursor_is_the_hand() -> None:
    picture = Eye(INFO).see(look(Scene()))
    assert picture.cursor == pytest.approx((0.0, 0.42))
    assert not picture.mapped


def test_a_hidden_cursor_is_not_in_the_picture() -> None:
    assert Eye(INFO).see(look(Scene(cursor=CursorMap(shown=False)))).cursor is None


def test_targets_keep_their_role_and_shape() -> None:
    scene = Scene(targets=(Target((0.1, 0.4), 0.02, "home", Shape.RING),), text="Wait", phase="home")
    picture = Eye(INFO).see(look(scene))
    assert picture.spots == (((0.1, 0.4), 0.02, "home", Shape.RING),)
    assert (picture.text, picture.phase) == ("Wait", "home")


def test_the_force_is_what_the_sent_torque_makes_at_the_hand() -> None:
    eye = Eye(INFO)
    _, jacobian = eye.kinematics.forward(INFO.home)
    torque = [3.0 * jacobian[0][j] - 4.0 * jacobian[1][j] for j in range(2)]  # τ = Jᵀ F
    picture = eye.see(look(Scene(), sent_0=torque[0], sent_1=torque[1]))
    assert picture.force == pytest.approx((3.0, -4.0))


def test_the_box_holds_the_whole_arm_and_the_way_around_its_hand() -> None:
    eye = Eye(INFO)
    _, elbow, hand = eye.kinematics.points(INFO.home)
    assert eye.box(0.15) == pytest.approx((hand[0] - 0.15, elbow[0], 0.0, hand[1] + 0.15))
