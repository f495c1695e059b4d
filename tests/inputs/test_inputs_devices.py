"""Joystick, switch and pedal, over a pipe that carries the kernel's frames."""

from __future__ import annotations

from math import hypot
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.inputs.events import INPUT, KEY_SPACE
from devices.inputs.joystick import Joystick, shaped
from devices.inputs.pedal import Pedal
from devices.inputs.switch import Switch
from rehab.core.errors import BadInput, DeviceLost
from tests.inputs.conftest import Pipe


def test_frames_are_those_of_linux_on_64_bits() -> None:
    assert INPUT.size == 24


def test_a_joystick_pushed_away_asks_for_ahead(stick: Pipe) -> None:
    joystick = Joystick(str(stick.path), 2, curve=1.0, dead_zone=0.0)
    joystick.open()
    assert joystick.poll(0.0, 0.0).intent == pytest.approx((0.0, 0.0))
    stick.stick(1, -32767)
    stick.stick(0, 16384)
    right, ahead = joystick.poll(0.1, 0.0).intent
    assert ahead / right == pytest.approx(2.0, rel=1e-3)
    assert hypot(right, ahead) == pytest.approx(1.0)
    joystick.close()


def test_an_event_device_says_the_same_as_a_joystick_device(pipe: Pipe) -> None:
    joystick = Joystick(str(pipe.path), 2, curve=1.0, dead_zone=0.0)
    joystick.open()
    pipe.axis(0, 16384)
    assert joystick.poll(0.0, 0.0).intent == pytest.approx((0.5, 0.0), abs=1e-3)
    joystick.close()


def test_a_frame_that_comes_in_two_pieces_is_one(pipe: Pipe) -> None:
    joystick = Joystick(str(pipe.path), 2, curve=1.0, dead_zone=0.0)
    joystick.open()
    frame = INPUT.pack(0, 0, 3, 0, 32767)
    pipe.say(frame[:10])
    assert joystick.poll(0.0, 0.0).intent == (0.0, 0.0)
    pipe.say(frame[10:])
    assert joystick.poll(0.0, 0.0).intent == pytest.approx((1.0, 0.0))
    joystick.close()


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 0.9), st.floats(1, 4))
def test_a_shaped_command_keeps_its_direction_is_never_larger_than_one_and_rests_in_the_dead_zone(
    x: float, y: float, dead: float, curve: float
) -> None:
    u = shaped((x, y), dead, curve)
    assert hypot(*u) <= 1.0 + 1e-9
    assert u[0] * y == pytest.approx(u[1] * x, abs=1e-9)
    assert u[0] * x >= 0.0 and u[1] * y >= 0.0
    assert hypot(x, y) > dead or u == (0.0, 0.0)


def test_a_joystick_that_is_unplugged_is_lost(stick: Pipe) -> None:
    joystick = Joystick(str(stick.path), 2)
    joystick.open()
    stick.stick(0, 5000)
    joystick.poll(0.0, 0.0)
    stick.unplug()
    with pytest.raises(DeviceLost, match="js0 is gone"):
        joystick.poll(0.1, 0.0)
    joystick.close()


def test_one_that_is_not_there_is_named_with_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no such device"):
        Joystick(str(tmp_path / "js7"), 2).open()


def test_a_switch_takes_the_direction_that_is_offered(pipe: Pipe) -> None:
    switch = Switch(str(pipe.path), 2, dwell=1.0)
    switch.open()
    assert switch.poll(10.0, 0.0).offer == (0.0, 1.0)
    assert switch.poll(11.5, 0.0).offer == (1.0, 0.0)
    pipe.key(True)
    switch.poll(11.6, 0.0)
    assert switch.poll(11.7, 0.0).intent == (1.0, 0.0)
    pipe.key(False)
    assert switch.poll(12.0, 0.0).intent == (0.0, 0.0)
    switch.close()


def test_the_space_bar_is_never_a_switch_nor_a_pedal(pipe: Pipe) -> None:
    for made in (Switch, Pedal):
        with pytest.raises(BadInput, match="space bar, which stops the arm"):
            made(str(pipe.path), 2, key=KEY_SPACE)
    switch = Switch(str(pipe.path), 2)
    switch.open()
    switch.poll(0.0, 0.0)
    pipe.key(True, KEY_SPACE)
    switch.poll(0.1, 0.0)
    assert switch.poll(0.5, 0.0).intent == (0.0, 0.0)
    switch.close()


def test_a_pedal_that_was_pressed_and_let_go_between_two_looks_was_pressed(pipe: Pipe) -> None:
    pedal = Pedal(str(pipe.path), 2)
    pedal.open()
    assert not pedal.poll(0.0, 0.0).stop
    pipe.key(True)
    pipe.key(False)
    assert pedal.poll(0.1, 0.0).stop
    assert not pedal.poll(0.2, 0.0).stop
    pedal.close()


def test_a_hold_to_run_pedal_lets_run_only_while_it_is_held(pipe: Pipe) -> None:
    pedal = Pedal(str(pipe.path), 2, does="hold")
    pedal.open()
    assert not pedal.poll(0.0, 0.0).run
    pipe.key(True)
    assert pedal.poll(0.1, 0.0).run
    pipe.key(False)
    pipe.key(True)
    assert not pedal.poll(0.2, 0.0).run, "it was let go, however shortly"
    assert pedal.poll(0.3, 0.0).run
    assert not pedal.poll(0.3, 0.0).stop
    pedal.close()


def test_a_pedal_with_a_closed_contact_is_pressed_until_it_says_otherwise(pipe: Pipe) -> None:
    pedal = Pedal(str(pipe.path), 2, contact="closed")
    pedal.open()
    assert pedal.poll(0.0, 0.0).stop
    pipe.key(True)
    pedal.poll(0.1, 0.0)
    assert not pedal.poll(0.2, 0.0).stop
    pedal.close()


def test_another_key_of_the_same_device_is_not_the_pedal(pipe: Pipe) -> None:
    pedal = Pedal(str(pipe.path), 2, key=48)
    pedal.open()
    pipe.key(True, 30)
    assert not pedal.poll(0.0, 0.0).stop
    pipe.key(True, 48)
    assert pedal.poll(0.1, 0.0).stop
    pedal.close()
