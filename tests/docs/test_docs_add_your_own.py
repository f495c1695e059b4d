"""The guide to one's own plug-ins, run as it is written: each block in order, in a fresh environment, offline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rehab.cli import main as command
from rehab.core import registry
from tests.docs.documents import ROOT, anchors, fenced, links
from tests.fresh import Fresh

GUIDE = ROOT / "docs/add-your-own.md"
EXAMPLES = sorted((ROOT / "docs/examples").glob("*.py"))


def missing(shown: str, printed: str) -> list[str]:
    """Lines of what is shown that were not printed; blanks are as many as they like, and … stands for anything."""
    lines = [" ".join(line.split()) for line in printed.splitlines()]

    def pattern(line: str) -> str:
        return ".*".join(re.escape(" ".join(part.split())) for part in line.split("…"))

    return [line for line in shown.splitlines() if not any(re.search(pattern(line), found) for found in lines)]


def test_it_works_as_it_is_written(tmp_path: Path, runs: Path) -> None:
    fresh = Fresh(tmp_path, runs)
    blocks, printed, ran = fenced(GUIDE), "", 0
    for block in blocks:
        if block.file:
            path = fresh.folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
        elif block.language == "sh":
            done = fresh.run(block.text)
            printed = done.stdout + done.stderr
            assert done.returncode == 0, f"{block.where}: {printed}"
            assert "Traceback" not in printed, f"{block.where}: {printed}"
            ran += 1
        else:
            assert not block.language, f"{block.where}: neither run nor written"
            assert missing(block.text, printed) == [], f"{block.where}: {printed}"
    assert ran >= 10
    assert len(list((fresh.folder / "sessions").glob("*/report.pdf"))) == 4
    assert not list(fresh.runs.glob("*/*")), "nothing stays in shared memory"


def test_every_file_that_it_shows_is_short_enough_to_type() -> None:
    for block in fenced(GUIDE):
        if block.file:
            assert len(block.text.splitlines()) <= 70, block.file


def test_its_contents_lead_to_its_sections() -> None:
    inside = [link[1:] for link in links(GUIDE) if link.startswith("#")]
    assert inside and set(inside) <= anchors(GUIDE)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_runs_by_the_line_in_its_head(
    path: Path, tmp_path: Path, runs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(path.parent)
    monkeypatch.setattr(registry, "_local", {})
    line = re.search(r"^    rehab (run \S+\.py .*)$", path.read_text("utf-8"), re.MULTILINE)
    assert line is not None and f" {path.name} " in line[0]
    assert command.main([*line[1].split(), "--out", str(tmp_path / "sessions")]) == 0, capsys.readouterr().err
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) > 2 and Path(printed[-1]).parent == tmp_path / "sessions"


def test_the_guide_leads_to_every_example() -> None:
    named = {Path(link).name for link in links(GUIDE) if link.startswith("examples/")}
    assert named == {path.name for path in EXAMPLES}
