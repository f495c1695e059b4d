"""A drawing that stands for the set-up photo of a demo patient: a seat, a table, an arm. Plainly no photograph."""

from __future__ import annotations

import struct
import zlib

WIDTH, HEIGHT = 240, 180  # pixels
BACK, SEAT, TABLE, ARM, PAD = (236, 239, 241), (120, 144, 156), (188, 170, 164), (255, 183, 77), (0, 114, 178)


def setup_picture(side: str, number: int) -> bytes:
    """PNG. The left arm is drawn on the left."""
    rows = [[BACK] * WIDTH for _ in range(HEIGHT)]
    reach = 60 + 5 * number
    for (left, top, right, bottom), colour in (
        ((40, 110, 200, 170), SEAT), ((60, 20, 180, 40), SEAT), ((20, 60, 220, 76), TABLE),
        ((78, 50, 92, 50 + reach), ARM), ((72, 50, 98, 62), PAD),
    ):  # fmt: skip
        for y in range(top, bottom):
            for x in range(left, right):
                rows[y][x if side == "left" else WIDTH - 1 - x] = colour
    raw = b"".join(b"\0" + bytes(value for pixel in row for value in pixel) for row in rows)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(raw)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
