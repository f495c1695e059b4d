"""What the kernel says of joysticks, buttons, pedals: struct input_event and struct js_event, read without waiting.

    input_event  seconds, microseconds (long) · type, code (u16) · value (s32)          linux/input.h
    js_event     milliseconds (u32) · value (s16) · type (u8) · number (u8)             linux/joystick.h

These layouts are the kernel's promise to user space; a pipe that carries the same bytes is read likewise, which is how
they are tested. No library: evdev has no wheels, and needs a compiler and the kernel's headers.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rehab.core.errors import BadInput, DeviceLost

INPUT, STICK = struct.Struct("llHHi"), struct.Struct("IhBB")
EV_SYN, EV_KEY, EV_ABS = 0, 1, 3
SYN_DROPPED = 3
KEY_SPACE = 57  # stops the arm in every window: no input of ours is ever bound to it
STICK_BUTTON, STICK_AXIS, STICK_INIT = 1, 2, 0x80
STICK_RANGE = 32767
EVIOCGRAB = 0x40044590
FOLDER = Path("/dev/input")


class InputEvent(NamedTuple):
    """`kind` is EV_KEY (value 1 down, 0 up, 2 repeats) or EV_ABS; a SYN_DROPPED says that some were lost."""

    kind: int
    code: int
    value: int


class Absolute(NamedTuple):
    """One axis: where it is and its ends, in the device's own counts."""

    value: int
    least: int
    most: int


class EventFile:
    """An event device, or a pipe; `stick` tells the two layouts apart by the name: /dev/input/js0."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self.stick = self.path.name.startswith("js")
        self._frame = STICK if self.stick else INPUT
        self._descriptor: int | None = None
        self._pending = b""
        self._spoke = False

    def open(self, *, grab: bool = False) -> None:
        """`grab`: nobody else hears its keys; a pedal that is a keyboard would type into windows."""
        try:
            self._descriptor = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise BadInput(f"{self.path}: {_why(error)}") from error
        self._pending, self._spoke = b"", False
        if grab and not self.stick:
            try:
                fcntl.ioctl(self._descriptor, EVIOCGRAB, 1)
            except OSError as error:
                if error.errno != 25:  # ENOTTY: a pipe
                    self.close()
                    raise BadInput(f"{self.path}: another program holds it; close that first") from error

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def fileno(self) -> int | None:
        return self._descriptor

    def read(self) -> Iterator[InputEvent]:
        """All that has come. Raises DeviceLost when the device, or the writer of a pipe, has gone."""
        for frame in self._frames():
            if self.stick:
                _, value, kind, number = frame
                kind &= ~STICK_INIT
                if kind in (STICK_AXIS, STICK_BUTTON):
                    yield InputEvent(EV_ABS if kind == STICK_AXIS else EV_KEY, number, value)
            else:
                yield InputEvent(*frame[2:])

    def _frames(self) -> Iterator[tuple[int, ...]]:
        if self._descriptor is None:
            raise DeviceLost(f"{self.path} is not open")
        while True:
            try:
                data = os.read(self._descriptor, 4096)
            except BlockingIOError:
                return
            except OSError as error:
                raise DeviceLost(f"{self.path} is gone: {error.strerror}") from error
            if not data:
                if self._spoke:
                    raise DeviceLost(f"{self.path} is gone")
                return  # a pipe that nobody has opened yet
            self._spoke = True
            self._pending += data
            whole = len(self._pending) // self._frame.size * self._frame.size
            frames, self._pending = self._pending[:whole], self._pending[whole:]
            yield from self._frame.iter_unpack(frames)

    def axis(self, code: int) -> Absolute | None:
        """Where an axis is now and its range (EVIOCGABS); None where the kernel does not know."""
        answer = self._ask(0x80184540 + code, bytes(24))
        return Absolute(*struct.unpack("6i", answer)[:3]) if answer else None

    def held(self, code: int) -> bool:
        """Whether that key is down now (EVIOCGKEY); code 0: any."""
        bits = self._ask(0x80604518, bytes(96))
        return bool(bits) and (any(bits) if code == 0 else bool(bits[code // 8] >> code % 8 & 1))

    def _ask(self, request: int, room: bytes) -> bytes:
        try:
            return b"" if self.stick or self._descriptor is None else fcntl.ioctl(self._descriptor, request, room)
        except OSError:
            return b""


class Key:
    """One key, or any of them: down or up."""

    def __init__(self, path: str, code: int) -> None:
        self.file, self.code, self.down = EventFile(path), code, False
        if code == KEY_SPACE:
            raise BadInput(f"key {code} is the space bar, which stops the arm: choose another key for {path}")

    def open(self) -> None:
        self.file.open(grab=True)
        self.down = self.file.held(self.code)

    def presses(self) -> Iterator[bool]:
        """What has happened to it since the last call, in order: True pressed, False let go."""
        for event in self.file.read():
            if event.kind == EV_SYN and event.code == SYN_DROPPED:
                down = self.file.held(self.code)
            elif event.kind != EV_KEY or event.code == KEY_SPACE or self.code not in (0, event.code):
                continue
            else:
                down = event.value != 0
            if down is not self.down:
                self.down = down
                yield down


def present(prefix: str) -> list[str]:
    """The paths of that kind of device that are there now: "event" or "js"."""
    found = sorted(FOLDER.glob(f"{prefix}[0-9]*"), key=lambda path: int(path.name.removeprefix(prefix)))
    return [str(path) for path in found]


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        there = ", ".join((*present("event"), *present("js")))
        return f"there is no such device ({'there are ' + there if there else f'none is there: {FOLDER} is empty'})"
    if isinstance(error, PermissionError):
        return 'you may not read it: join the group "input" (sudo usermod -aG input $USER), then log in again'
    return f"cannot be opened: {error.strerror}"
