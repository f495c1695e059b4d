"""The documents and what is in them: fenced blocks, the files that they show, command lines, links."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
USER, DEVELOPER = ROOT / "docs/user-guide.md", ROOT / "docs/developer-guide.md"
HAZARDS, SIGNALS = ROOT / "docs/hazards.md", ROOT / "docs/signals.md"
PATIENTS = ROOT / "docs/virtual-patients.md"
GUIDES = (README, USER, DEVELOPER)

_FENCE = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)\n```", re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


class Fenced(NamedTuple):
    """One fenced block. `file` is the name that a comment before it gives it, "" for none."""

    where: str  # README.md:77
    language: str
    text: str
    file: str


def fenced(document: Path) -> list[Fenced]:
    text = document.read_text("utf-8")
    return [
        Fenced(
            f"{document.name}:{text.count(chr(10), 0, found.start('text')) + 1}",
            found["language"],
            found["text"] + "\n",
            found["file"] or "",
        )
        for found in _FENCE.finditer(text)
    ]


def programs(document: Path) -> list[Fenced]:
    """The Python blocks that are whole programs, not files of a package."""
    return [block for block in fenced(document) if block.language == "python" and not block.file]


def write_files(document: Path, folder: Path) -> None:
    """Put every file that the document shows into the folder."""
    for block in fenced(document):
        if block.file:
            path = folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")


def command_lines(document: Path) -> list[tuple[str, list[str]]]:
    """Every command that a reader may type, with its place: lines of sh blocks, those after "$ " of console ones."""
    found = []
    for block in fenced(document):
        if block.language not in ("sh", "console"):
            continue
        name, first = block.where.split(":")
        for offset, line in enumerate(block.text.splitlines()):
            if block.language == "console":
                if not line.startswith("$ "):
                    continue
                line = line[2:]
            words = shlex.split(line, comments=True)
            if words:
                found.append((f"{name}:{int(first) + offset}", words))
    return found


def rehab_commands(document: Path) -> list[tuple[str, list[str]]]:
    """The `rehab` ones, without the name and without what the shell takes for itself (> FILE)."""
    return [
        (where, words[1 : words.index(">")] if ">" in words else words[1:])
        for where, words in command_lines(document)
        if words[0] == "rehab"
    ]


def links(document: Path) -> list[str]:
    """Where the document's links and pictures lead, without those to the web."""
    prose = _FENCE.sub("", document.read_text("utf-8"))
    return [target for target in _LINK.findall(prose) if not target.startswith(("http://", "https://", "mailto:"))]


def anchors(document: Path) -> set[str]:
    """The names of its headings as they are linked to."""
    prose = _FENCE.sub("", document.read_text("utf-8"))
    titles = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
