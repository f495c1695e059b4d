"""One serial port, never blocking: pyserial opens it, `os.read` and `os.write` use it.

pyserial's own non-blocking write spins for ever on a full buffer (its issues 280, 690), and a hang-up comes out of it
as four kinds of exception. Here a full buffer drops the frame and counts it; all that ends a port is DeviceLost.
"""

from __future__ import annotations

import errno
import os
import select
import termios
from typing import Protocol

import serial

from devices.link.ports import Discovery, known_ports, name_of, owner_of, serial_ports
from rehab.core.errors import DeviceLost, DeviceRefused

CHUNK = 4096  # bytes: what a tty hands out at once
MOST_CHUNKS = 16  # per read: more than any tty buffers, and a bound for a line that babbles
_BUSY = (errno.EBUSY, errno.EWOULDBLOCK)
_GONE = (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTDIR)


class Line(Protocol):
    """What the driver needs of a port."""

    low_latency: bool | None  # None: the port has no such mode
    dropped: int  # frames that found no room

    def read(self) -> bytes:
        """What has come, at most 64 KiB; empty when nothing has. Raises DeviceLost."""
        ...

    def write(self, frame: bytes) -> bool:
        """Send, or drop and count: True when the port took (or is bound to take) the whole frame. Raises DeviceLost."""
        ...

    def discard(self) -> None:
        """Forget what was written but has not left yet. Raises DeviceLost."""
        ...

    def wait(self, seconds: float) -> None:
        """Until something has come, at most that long. Not for the loop."""
        ...

    def close(self) -> None:
        """Idempotent; never raises."""
        ...


class Transport:
    """A Line on a real port. Raises DeviceRefused when it is absent, busy, forbidden or not a serial port."""

    def __init__(self, path: str, *, baud: int = 921600, discovery: Discovery = serial_ports) -> None:
        self.path = path
        self.dropped = 0
        self.low_latency: bool | None = None
        self._rest = b""  # of a frame that the port took in part; always shorter than one frame
        self._serial = _opened(path, baud, discovery)
        self._fd = self._serial.fileno()
        try:
            self._set_up()
        except (OSError, termios.error) as error:
            self.close()
            raise DeviceRefused(f"{path} cannot be used as a serial port: {error}") from error
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN)

    def _set_up(self) -> None:
        """VMIN 1: with pyserial's 0 a read of an idle line and of a hung-up one both give nothing. Without HUPCL the
        DTR line stays as it is when we close: dropping it resets many boards."""
        modes = termios.tcgetattr(self._fd)
        modes[2] &= ~termios.HUPCL
        modes[6][termios.VMIN], modes[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self._fd, termios.TCSANOW, modes)
        try:
            self._serial.set_low_latency_mode(True)
            self.low_latency = True
        except (ValueError, OSError, NotImplementedError):  # a pseudo-terminal or CDC-ACM has no such timer
            self.low_latency = None

    def read(self) -> bytes:
        data = b""
        for _ in range(MOST_CHUNKS):
            try:
                chunk = os.read(self._fd, CHUNK)
            except BlockingIOError:
                break
            except (OSError, termios.error) as error:
                raise self._lost(error) from error
            if not chunk:
                raise self._lost("end of file")
            data = data + chunk if data else chunk
        return data

    def write(self, frame: bytes) -> bool:
        try:
            if self._rest:
                self._rest = self._rest[os.write(self._fd, self._rest) :]
                if self._rest:
                    self.dropped += 1
                    return False
            taken = os.write(self._fd, frame)
        except BlockingIOError:
            self.dropped += 1
            return False
        except (OSError, termios.error) as error:
            raise self._lost(error) from error
        if taken < len(frame):
            self._rest = frame[taken:]
        return True

    def discard(self) -> None:
        """The device drops the frame that is cut by this: its CRC is wrong."""
        self._rest = b""
        try:
            termios.tcflush(self._fd, termios.TCOFLUSH)
        except (OSError, termios.error) as error:
            raise self._lost(error) from error

    def wait(self, seconds: float) -> None:
        self._poll.poll(max(0.0, seconds) * 1e3)

    def close(self) -> None:
        self._fd = -1  # any later use is EBADF, and so DeviceLost
        try:
            self._serial.close()
        except (OSError, termios.error, serial.SerialException):  # the port went before us: nothing is left to close
            return

    def _lost(self, why: object) -> DeviceLost:
        if self._fd < 0:
            return DeviceLost(f"F09 device unplugged: {self.path} is closed")
        return DeviceLost(
            f"F09 device unplugged: {self.path} ({why}); plug it in, then open a new session and arm again"
        )


def _opened(path: str, baud: int, discovery: Discovery) -> serial.Serial:
    """The port, locked with flock. TIOCEXCL would outlive a killed program on a port that somebody else keeps open, as
    an emulator does; two programs that both ignore locks are seen by the protocol (a HELLO nobody here sent)."""
    try:
        return serial.Serial(path, baud, timeout=0, exclusive=True)
    except serial.SerialException as error:
        raise _refusal(path, error.errno, str(error), discovery) from error
    except (OSError, termios.error) as error:
        raise DeviceRefused(f"{path} is not a serial port: {error}; {known_ports(discovery)}") from error
    except ValueError as error:
        raise DeviceRefused(f"{path} cannot be opened at {baud} Bd: {error}") from error


def _refusal(path: str, number: int | None, says: str, discovery: Discovery) -> DeviceRefused:
    if number in _BUSY:
        pid = owner_of(path)
        if pid is None:
            who = "another program"
        elif pid == os.getpid():
            who = f"this process itself (pid {pid})"
        else:
            who = f"pid {pid}" + (f" ({name_of(pid)})" if name_of(pid) else "")
        return DeviceRefused(f"F40 {path} is busy: {who} holds it; end that program or choose another port")
    if number in _GONE:
        return DeviceRefused(
            f"there is no port {path}; {known_ports(discovery)}; plug the device in, and look with "
            '"rehab list devices" or in /dev/serial/by-id'
        )
    if number in (errno.EACCES, errno.EPERM):
        return DeviceRefused(
            f"{path} may not be opened by this user; add the user to the group that owns it (often dialout)"
        )
    return DeviceRefused(f"{path} is not a serial port: {says}; {known_ports(discovery)}")
