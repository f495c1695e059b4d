"""A canvas of braille dots for terminals: 2 × 4 dots a character, one colour each character."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import cos, hypot, pi, sin

Point = tuple[float, float]
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # rows of the cell, left and right (Unicode 28xx)
BLANK = 0x2800


class Canvas:
    """Draw in world units (y up, equal scales); `box`, x least, x most, y least, y most, is shown whole and centred."""

    def __init__(self, columns: int, rows: int, box: tuple[float, float, float, float]) -> None:
        self.columns, self.rows = columns, rows
        self._cells = [[0] * columns for _ in range(rows)]
        self._styles = [[""] * columns for _ in range(rows)]
        x0, x1, y0, y1 = box
        # a dot is as high as it is wide on a usual terminal, whose characters are 1 : 2
        self._scale = min((2 * columns - 1) / (x1 - x0), (4 * rows - 1) / (y1 - y0))
        self._x = 0.5 * (2 * columns - 1) - self._scale * 0.5 * (x0 + x1)
        self._y = 0.5 * (4 * rows - 1) + self._scale * 0.5 * (y0 + y1)

    def dot(self, point: Point, style: str) -> None:
        """One dot; what lies outside is not drawn."""
        x, y = round(self._x + self._scale * point[0]), round(self._y - self._scale * point[1])
        if 0 <= x < 2 * self.columns and 0 <= y < 4 * self.rows:
            self._cells[y // 4][x // 2] |= DOTS[y % 4][x % 2]
            self._styles[y // 4][x // 2] = style

    def line(self, start: Point, end: Point, style: str) -> None:
        steps = max(1, round(self._scale * hypot(end[0] - start[0], end[1] - start[1])))
        for k in range(steps + 1):
            share = k / steps
            self.dot((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])), style)

    def lines(self, points: Iterable[Point], style: str) -> None:
        for start, end in pairwise(points):
            self.line(start, end, style)

    def circle(self, centre: Point, radius: float, style: str) -> None:
        """An outline of at least 1.5 dots radius, so that it can be told from a point."""
        radius = max(radius, 1.5 / self._scale)
        steps = max(8, round(2 * pi * radius * self._scale))
        for k in range(steps):
            angle = 2 * pi * k / steps
            self.dot((centre[0] + radius * cos(angle), centre[1] + radius * sin(angle)), style)

    def disc(self, centre: Point, dots: float, style: str) -> None:
        """A filled spot of that radius in dots."""
        step, most = 1.0 / self._scale, int(dots) + 1
        for i in range(-most, most + 1):
            for j in range(-most, most + 1):
                if hypot(i, j) <= dots:
                    self.dot((centre[0] + i * step, centre[1] + j * step), style)

    def runs(self) -> Iterable[list[tuple[str, str]]]:
        """Line by line: pieces of text with their style."""
        for cells, styles in zip(self._cells, self._styles, strict=True):
            line: list[tuple[str, str]] = []
            for cell, style in zip(cells, styles, strict=True):
                character = chr(BLANK + cell) if cell else " "
                if line and line[-1][1] == style:
                    line[-1] = (line[-1][0] + character, style)
                else:
                    line.append((character, style))
            yield line
