"""A pipe that says what a joystick, a switch or a pedal would: the kernel's own frames."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.inputs.events import EV_ABS, EV_KEY, INPUT, STICK, STICK_AXIS


class Pipe:
    """`path` is what an input is opened at; the other end is ours."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)
        self._end: int | None = None

    def say(self, data: bytes) -> None:
        if self._end is None:
            self._end = os.open(self.path, os.O_WRONLY)
        os.write(self._end, data)

    def key(self, down: bool, code: int = 30) -> None:
        self.say(INPUT.pack(0, 0, EV_KEY, code, int(down)))

    def axis(self, code: int, value: int) -> None:
        self.say(INPUT.pack(0, 0, EV_ABS, code, value))

    def stick(self, number: int, value: int) -> None:
        self.say(STICK.pack(0, value, STICK_AXIS, number))

    def unplug(self) -> None:
        if self._end is not None:
            os.close(self._end)
            self._end = None


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Pipe]:
    made = Pipe(tmp_path / "event0")
    yield made
    made.unplug()


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Pipe]:
    made = Pipe(tmp_path / "js0")
    yield made
    made.unplug()
