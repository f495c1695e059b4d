"""The emulator's end of a pseudo terminal: never blocks, whatever the host does or does not do."""

from __future__ import annotations

import os
import termios
import tty
from contextlib import suppress

CHUNK = 4096  # bytes a read
MOST_READ = 65536  # bytes taken in one drain: 700 times what the line carries in a millisecond
MOST_PENDING = 4096  # bytes of answers kept for a host that does not read


class Line:
    """A pty in raw mode. `address` is what the host opens."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)  # before anyone writes, or the terminal echoes our own bytes
        os.set_blocking(self._master, False)
        self.address = os.ttyname(self._slave)
        self._pending = bytearray()

    def read(self) -> bytes:
        """Everything that has arrived. The slave end stays open here, so a host that leaves is no error."""
        data = b""
        while len(data) < MOST_READ:
            try:
                data += os.read(self._master, CHUNK)
            except BlockingIOError:
                break
        return data

    def answer(self, data: bytes) -> None:
        """Send whole frames; those that a host which does not read leaves no room for are lost."""
        if len(self._pending) + len(data) <= MOST_PENDING:
            self._pending += data
        self._flush()

    def stream(self, data: bytes) -> bool:
        """Send a frame now or never: a sample that waits is worth nothing. Whether it went."""
        self._flush()
        if self._pending:
            return False
        self._pending += data
        self._flush()
        return True

    def forget(self) -> None:
        """Nobody is there: what was sent and not read is lost, as on a wire."""
        self._pending.clear()
        termios.tcflush(self._slave, termios.TCIFLUSH)

    def close(self) -> None:
        """Hang up: the host's next read or write fails."""
        os.close(self._master)
        os.close(self._slave)

    def _flush(self) -> None:
        if self._pending:
            with suppress(BlockingIOError):
                del self._pending[: os.write(self._master, self._pending)]
