"""Problems of a file, shown where they are:

week2.yaml:7:13: blocks[0].reach.radius: "10" has no unit
   |     radius: 10
   |             ^^ a length from 1 cm to 35 cm, for example "10 cm"
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rehab.core.errors import Finding, Findings

WIDTH = 96  # of the line that is shown; a longer one is cut around the place


class FileFindings(Findings):
    """All problems of one file at once. Printed, each comes with its line and a mark under the value."""

    def __init__(self, findings: Sequence[Finding], sources: Mapping[str, str]) -> None:
        files = [*sources, *(finding.file for finding in findings)]
        super().__init__(
            sorted(findings, key=lambda finding: (files.index(finding.file), finding.line, finding.column))
        )
        self.sources = sources  # text of each file that they are in, by its name

    def __str__(self) -> str:
        lines = {file: text.splitlines() for file, text in self.sources.items()}
        return "\n".join(pretty(finding, lines.get(finding.file, ())) for finding in self.findings)


def pretty(finding: Finding, lines: Sequence[str]) -> str:
    """One finding as text; `lines` are those of the file it is in."""
    place = f"{finding.file}:{finding.line}:{finding.column}: " if finding.file else ""
    field = f"{finding.field}: " if finding.field else ""
    head = printable(f"{place}{field}{finding.message}")
    if not 1 <= finding.line <= len(lines):
        return head + (f"\n   | {finding.allowed}" if finding.allowed else "")
    line = printable(lines[finding.line - 1])
    start = min(max(finding.column - 1, 0), len(line))
    marks = _length(line, start, finding.value)
    if len(line) > WIDTH:
        cut = max(0, min(start - WIDTH // 2, len(line) - WIDTH))
        line, start = line[cut : cut + WIDTH], start - cut
        marks = min(marks, WIDTH - start)
    under = f"{' ' * start}{'^' * marks} {finding.allowed}".rstrip()
    return f"{head}\n   | {line.rstrip()}\n   | {under}"


def _length(line: str, start: int, value: str) -> int:
    """How many characters from `start` belong to what is meant: the value as written, else the word there."""
    rest = line[start:]
    if value and rest.startswith(value):
        return len(value)
    if value and rest[:1] in "\"'" and rest[1:].startswith(value):
        return len(value) + 2
    word = re.match(r"[^\s,:{}\[\]#]+", rest)
    return len(word.group()) if word else 1


def printable(text: str) -> str:
    """Without what would move the cursor or colour the terminal: a file's text is somebody else's."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
