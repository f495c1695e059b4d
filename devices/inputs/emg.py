"""Muscles steer: surface EMG of an agonist and an antagonist, from an amplifier on a serial port or from a file.

The amplifier sends one line a sample, its channels in its own unit: "0.013,-0.004". A file holds the same lines; played
back it begins with the exercise. What a maximum contraction is comes from a file of such lines (mvc), recorded the same
way: cat /dev/ttyACM0 > mvc.csv while both muscles are tensed as hard as they can, one after the other.

emg:/dev/ttyACM0,rate=2 kHz,mvc=mvc.csv,axis=1. devices.inputs.muscles says what becomes of the signal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from devices.inputs.muscles import LEAST_RATE, Envelope, Level, command, maximum
from rehab.core.errors import BadInput, DeviceLost
from rehab.core.intent import Said
from rehab.core.parameters import Parameters, integer, quantity, text
from rehab.core.types import Array
from rehab.core.values import Floats

CHANNELS = 2
SILENT = 0.2  # s without a sample: the amplifier is gone
MOST_BYTES = 64 << 20


class Emg:
    """Two muscles steer along one axis: one forwards, the other back."""

    parameters: ClassVar[Parameters] = Parameters(
        rate=quantity("2 kHz", unit="Hz", least=f"{LEAST_RATE:.0f} Hz", most="20 kHz", says="samples a second"),
        mvc=text("", says="file of a maximum contraction; needed"),
        axis=integer(0, least=0, most=2, says="which dimension the muscles move: 0 to the right, 1 ahead"),
        threshold=quantity("10 %", unit="%", least="1 %", most="50 %", says="of the maximum; below it counts as rest"),
        full=quantity("50 %", unit="%", least="10 %", most="100 %", says="of the maximum; from there on all"),
        baud=integer(115200, least=9600, most=4000000, says="speed of the serial port"),
    )
    pedal = typed = False

    def __init__(self, where: str, dimensions: int, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        self._path, self._rate, self._baud = Path(where), p["rate"], p["baud"]
        self._level = Level(p["threshold"] / 100.0, p["full"] / 100.0)
        if self._level.full <= self._level.threshold:
            raise BadInput("emg: full must be above threshold, for example threshold=10 %,full=50 %")
        self.simulated = self._path.is_file()
        if not p["mvc"]:
            raise BadInput("emg: mvc is missing: a file of a maximum contraction, for example mvc=mvc.csv")
        self._most = maximum(samples_of(Path(p["mvc"])), self._rate)
        if min(self._most) <= 0.0:
            raise BadInput(f"{p['mvc']}: no contraction in it, or less than a second ({self._most})")
        self._axis, self._zero = min(p["axis"], dimensions - 1), (0.0,) * dimensions
        self._u = 0.0
        self._line: Any = None
        self._recorded: Array | None = None

    @staticmethod
    def addresses() -> list[str]:
        return []

    def open(self) -> None:
        self._envelope, self._pending = Envelope(self._rate, CHANNELS), b""
        self._heard: float | None = None
        self._played = 0
        if self.simulated:
            self._recorded = samples_of(self._path)
            return
        import serial

        try:
            self._line = serial.Serial(str(self._path), self._baud, timeout=0)
        except (serial.SerialException, ValueError) as error:
            raise BadInput(f"emg:{self._path}: cannot be opened: {error}") from error

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def fileno(self) -> int | None:
        return None if self._line is None else int(self._line.fileno())

    def poll(self, now: float, run: float) -> Said:
        fresh = self._play(run) if self._recorded is not None else self._hear(now)
        if len(fresh):
            envelope: Floats = tuple(self._envelope.feed(fresh)[-1].tolist())
            self._u = command(envelope, self._most, self._level)
        if self._recorded is not None and self._played == len(self._recorded):
            self._u = 0.0
        intent = list(self._zero)
        intent[self._axis] = self._u
        return Said(tuple(intent))

    def _play(self, run: float) -> Array:
        assert self._recorded is not None
        until = min(len(self._recorded), round(max(0.0, run) * self._rate))
        fresh, self._played = self._recorded[self._played : until], max(self._played, until)
        return fresh

    def _hear(self, now: float) -> Array:
        """Whole lines that have come. Raises DeviceLost after SILENT."""
        import serial

        try:
            data = self._line.read(65536)
        except (serial.SerialException, OSError, TypeError) as error:
            raise DeviceLost(f"emg:{self._path} is gone: {error}") from error
        if data or self._heard is None:
            self._heard = now
        elif now - self._heard > SILENT:
            raise DeviceLost(f"emg:{self._path}: no sample for {1e3 * (now - self._heard):.0f} ms")
        *lines, self._pending = (self._pending + data)[-65536:].split(b"\n")
        rows = [row for line in lines if (row := _row(line)) is not None]
        return np.array(rows).reshape(-1, CHANNELS)


def _row(line: bytes) -> list[float] | None:
    """The channels of a line; None for one that came damaged."""
    try:
        row = [float(part) for part in line.split(b",")]
    except ValueError:
        return None
    return row if len(row) == CHANNELS and np.isfinite(row).all() else None


def samples_of(path: Path) -> Array:
    """All samples of a file (k, channels). Raises BadInput."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"{path}: more than {MOST_BYTES >> 20} MB; cut it")
        rows = [row for line in path.read_bytes().split(b"\n") if (row := _row(line)) is not None]
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror}") from error
    if not rows:
        raise BadInput(f'{path}: no line of it holds two numbers, for example "0.013,-0.004"')
    return np.array(rows)
