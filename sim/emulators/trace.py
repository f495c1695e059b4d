"""The emulator's black box: its last plant steps in a shared file that outlives every process, `kill -9` included.

Layout, 64-bit little-endian words: 0 magic · 1 steps written · 2 joints · 3 period in µs · from byte 64 on CAPACITY
records of 10 words: number (from 1) · begin · command · received · expires (µs of device time) · armed · three torques
as f64, unused ones 0 · number again. The step number n lies in record (n − 1) mod CAPACITY.
"""

from __future__ import annotations

import struct
from pathlib import Path

from rehab.core.errors import BadInput
from rehab.realtime import shm
from sim.emulators.device import PlantStep

MAGIC = 0x4543_4152_54454D45
CAPACITY = 65536  # steps: 65 s at 1 kHz
_HEADER = struct.Struct("<QQQQ")
_RECORD = struct.Struct("<QqQqqQ3dQ")
_FIRST = 64  # bytes
SIZE = _FIRST + CAPACITY * _RECORD.size


class TraceWriter:
    """The emulator's end. `put` takes about a microsecond and allocates nothing that stays."""

    def __init__(self, path: Path, joints: int, period_us: int) -> None:
        try:
            self._memory = shm.create(path, SIZE)
        except FileExistsError:
            raise BadInput(f"{path} exists already: a trace is written to a new file") from None
        except OSError as error:
            raise BadInput(f"a trace cannot be written to {path}: {error.strerror}") from None
        self._filler = (0.0,) * (3 - joints)
        self._written = 0
        _HEADER.pack_into(self._memory, 0, MAGIC, 0, joints, period_us)

    def put(self, step: PlantStep) -> None:
        number = self._written + 1
        at = _FIRST + (self._written % CAPACITY) * _RECORD.size
        _RECORD.pack_into(self._memory, at, number, *step[:5], *step.torque, *self._filler, number)
        self._written = number
        self._memory[8:16] = number.to_bytes(8, "little")


def steps_written(path: Path) -> int:
    """The number of the newest plant step. Raises BadInput if the file is no trace."""
    with path.open("rb") as file:
        return _header(path, file.read(_HEADER.size))[0]


def read_trace(path: Path, first: int = 1) -> list[PlantStep]:
    """The plant steps that are still there, from that number on, oldest first. Raises BadInput if it is no trace."""
    data = path.read_bytes()
    written, joints = _header(path, data)
    steps = []
    for number in range(max(0, written - CAPACITY, first - 1) + 1, written + 1):
        at = _FIRST + ((number - 1) % CAPACITY) * _RECORD.size
        before, begin, command, received, expires, armed, *torque, after = _RECORD.unpack_from(data, at)
        if before == after == number:  # else it is being written over just now
            steps.append(PlantStep(begin, command, received, expires, bool(armed), tuple(torque[:joints])))
    return steps


def _header(path: Path, data: bytes) -> tuple[int, int]:
    """Steps written, joints."""
    if path.stat().st_size != SIZE or _HEADER.unpack_from(data)[0] != MAGIC:
        raise BadInput(f"{path} is not the trace of an emulator")
    _, written, joints, _ = _HEADER.unpack_from(data)
    return written, joints
