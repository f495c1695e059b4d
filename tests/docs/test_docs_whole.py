"""Links lead somewhere, the picture moves, and the README says what must be said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.docs.documents import DEVELOPER, GUIDES, README, ROOT, anchors, fenced, links

DOCUMENTS = [*GUIDES, *sorted(path for path in (ROOT / "docs").rglob("*.md") if path not in GUIDES)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for link in links(document):
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), f"{document.name}: {link}"
        assert ROOT in target.parents, f"{document.name}: {link} leaves the project"
        if anchor:
            assert anchor in anchors(target), f"{document.name}: {link}"


def test_the_readme_says_in_plain_words_what_it_is_not() -> None:
    assert "not a certified medical device" in README.read_text("utf-8")


def test_the_readme_shows_the_picture_and_it_moves() -> None:
    assert "docs/demo.gif" in links(README)
    with Image.open(ROOT / "docs/demo.gif") as picture:
        frames = getattr(picture, "n_frames", 1)
        assert frames >= 40
        assert picture.width >= 700
        first = picture.convert("RGB").tobytes()
        picture.seek(frames // 2)
        assert picture.convert("RGB").tobytes() != first
    assert (ROOT / "docs/demo.gif").stat().st_size <= 2_500_000


NOUNS = (
    "Device", "Controller", "Exercise", "Safety monitor", "Limits", "Protocol", "Session", "Trial", "Recording",
    "Patient",
)  # fmt: skip


def test_the_ten_nouns_are_in_the_readmes_diagram_and_in_the_developer_guides_table() -> None:
    diagram = next(block.text for block in fenced(README) if not block.language)
    rows = re.findall(r"^\| ([A-Z][a-z]+(?: [a-z]+)?) \|.*\]\(\.\./", DEVELOPER.read_text("utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(NOUNS)
    assert all(noun in diagram for noun in NOUNS)


def test_the_folders_of_the_readme_are_those_of_the_project() -> None:
    listed = re.findall(r"^\| `(\w+)/` \|", README.read_text("utf-8"), re.MULTILINE)
    assert listed == ["rehab", "controllers", "exercises", "devices", "sim", "gui", "tests", "docs"]
    assert all((ROOT / name).is_dir() for name in listed)
