"""Every command that the documents show can be typed; the quick ones are run."""

from __future__ import annotations

import argparse
import os
import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from rehab.cli import main as command
from rehab.core.safety.faults import FACTS
from tests.docs.documents import GUIDES, README, ROOT, USER, command_lines, rehab_commands

SHOWN = [(where, words) for document in GUIDES for where, words in rehab_commands(document)]
QUICK = ("list", "explain", "check", "verify", "measures", "--help")
PROSE = re.compile(r"`(?:\./run )?rehab ([a-z]+)[^`]*`")


def parse(words: list[str]) -> None:
    """As the command itself would. Raises SystemExit for what it would refuse."""
    if words[0].startswith("-"):
        assert words == ["--help"]
        return
    name, rest = words[0], words[1:]
    added = {point.name: point for point in entry_points(group="rehab.commands")}
    module = command._load(name, added)
    parser = argparse.ArgumentParser(f"rehab {name}")
    module.configure(parser)
    parser.parse_args(rest)


@pytest.mark.parametrize(("where", "words"), SHOWN, ids=[where for where, _ in SHOWN])
def test_it_can_be_typed(where: str, words: list[str]) -> None:
    parse(words)


@pytest.mark.parametrize("document", GUIDES, ids=lambda path: path.name)
def test_commands_that_the_text_mentions_exist(document: Path) -> None:
    known = {*command.COMMANDS, *(point.name for point in entry_points(group="rehab.commands"))}
    mentioned = set(PROSE.findall(document.read_text("utf-8")))
    assert mentioned, "it mentions none"
    assert mentioned <= known


def test_a_command_that_does_not_parse_is_noticed() -> None:
    with pytest.raises(SystemExit):
        parse(["run", "reach_active", "--no-such-option"])


USER_QUICK = [(where, words) for where, words in rehab_commands(USER) if words[0] in QUICK]


@pytest.mark.parametrize(("where", "words"), USER_QUICK, ids=[where for where, _ in USER_QUICK])
def test_the_quick_ones_of_the_user_guide_work(
    where: str, words: list[str], folder: Path, week_one: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The session's folder that the guide names stands for the one that its run has left."""
    monkeypatch.chdir(week_one)
    recorded = next(iter((week_one / "sessions").iterdir()))
    words = [re.sub(r"^sessions/20\S+$", str(recorded), word) for word in words]
    assert command.main(words) == 0, capsys.readouterr().err
    printed = capsys.readouterr().out
    assert printed or (week_one / "measures.json").exists()


def test_a_protocol_that_is_printed_into_a_file_can_be_checked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["explain", "reach_assisted"]) == 0
    (folder / "mine.yaml").write_text(capsys.readouterr().out)
    assert command.main(["check", "mine.yaml"]) == 0


def test_the_mistake_that_the_user_guide_shows_is_reported_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.search(r"```\n(week2\.yaml:.*?)```", USER.read_text("utf-8"), re.DOTALL)
    assert shown is not None
    (folder / "week2.yaml").write_text(
        "protocol: Week two\nversion: 1\ndevice: planar_arm\nblocks:\n  - name: training\n"
        "    reach: {targets: 8, radius: 10}\n    mode: active\n    trials: 40\n"
    )
    assert command.main(["check", "week2.yaml"]) == 1
    assert shown[1] in capsys.readouterr().out


def test_the_two_commands_of_the_readme_are_jobs_of_the_run_script() -> None:
    jobs = {words[1] for _, words in command_lines(README) if words[0] == "./run"}
    assert jobs == {"demo", "test"}
    script = (ROOT / "run").read_text("utf-8")
    assert all(re.search(rf"^  {job}\)$", script, re.MULTILINE) for job in jobs)
    assert os.access(ROOT / "run", os.X_OK)


def test_commands_that_the_advice_on_faults_names_exist() -> None:
    advice = " ".join(facts.help for facts in FACTS.values())
    named = set(re.findall(r'"rehab ([a-z]+)', advice))
    assert named and named <= set(command.COMMANDS)
    assert "rehab" not in re.sub(r'"rehab [a-z]+', "", advice), "a command stands in quotes"
