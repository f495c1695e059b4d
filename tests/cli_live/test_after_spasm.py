"""`rehab run` after a spasm: what --after-spasm does, what a terminal asks, and what is printed."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from rehab import Recording
from rehab.cli import after_spasm
from rehab.cli.main import main

SPASM = "field: patient, how: spasm, for: 120 ms, value: 20 N*m"
REHAB = [sys.executable, "-P", "-m", "rehab", "run"]
BOUND = 120.0  # s: far beyond what anything here takes


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    script = spasms(tmp_path, "at: 3 s")
    (tmp_path / "short.yaml").write_text(
        "protocol: Short\nversion: 1\ndevice: planar_arm\nblocks:\n  - name: short\n    reach: {}\n"
        "    controller: {impedance: {}}\n    trials: 6\n"
    )
    return [
        *REHAB, str(tmp_path / "short.yaml"), "--fast", "--patient", "passive", "--seed", "1",
        "--faults", str(script), "--out", str(tmp_path),
    ]  # fmt: skip


def spasms(folder: Path, *times: str, how: str = SPASM) -> Path:
    path = folder / "spasms.yaml"
    path.write_text("faults:\n" + "".join(f"  - {{{time}, {how}}}\n" for time in times))
    return path


def ran(words: list[str], *more: str) -> tuple[subprocess.CompletedProcess[str], Recording]:
    done = subprocess.run([*words, *more], capture_output=True, text=True, timeout=BOUND, stdin=subprocess.DEVNULL)
    return done, Recording.open(done.stdout.splitlines()[-1])


def commands(recording: Recording) -> list[str]:
    return [event.data["name"] for event in recording.events if event.kind == "command"]


def test_without_a_terminal_a_spasm_ends_the_session_with_3(words: list[str]) -> None:
    done, recording = ran(words)
    assert done.returncode == 3
    assert done.stderr.startswith("rehab: safety stop: F24 spasm")
    assert commands(recording) == ["prepare", "arm", "start", "end"]


def test_gentler_goes_on_until_three_spasms_and_says_why_it_ends(words: list[str], tmp_path: Path) -> None:
    spasms(tmp_path, "at: 3 s", "at: 8 s", "at: 13 s")
    done, recording = ran(words, "--after-spasm", "gentler")
    assert done.returncode == 3
    assert commands(recording)[3:] == ["go_on", "go_on", "end"]
    assert done.stderr.splitlines()[-1] == "rehab: three spasms: end the session"


def test_gentler_with_one_spasm_ends_well_after_all_trials(words: list[str]) -> None:
    done, recording = ran(words, "--after-spasm", "gentler")
    assert done.returncode == 0
    assert [trial.number for trial in recording.trials] == [1, 2, 3, 4, 5, 6]
    assert done.stdout.count("trial 6 of 6") == 1


def test_out_leads_to_the_exit_pose_and_ends_with_3(words: list[str]) -> None:
    done, recording = ran(words, "--after-spasm", "out")
    assert done.returncode == 3
    (end,) = [event.data for event in recording.events if event.kind == "way_end"]
    assert (end["way"], end["arrived"]) == ("get_out", True)


def test_a_limb_out_of_range_is_said_and_the_session_ends(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    for number in (signal.SIGINT, signal.SIGTERM):  # the command sets its own
        request.addfinalizer(partial(signal.signal, number, signal.getsignal(number)))
    monkeypatch.setattr(after_spasm, "WITHIN", 8.0)
    spasms(tmp_path, "at: 3 s", how="field: patient, how: spasm, value: 20 N*m, for: 2 s")
    assert main([*words[len(REHAB) - 1 :], "--after-spasm", "out"]) == 3
    assert "outside its range: move the limb back by hand" in capsys.readouterr().err


def test_help_says_what_may_be_done(words: list[str]) -> None:
    text = subprocess.run([*REHAB, "--help"], capture_output=True, text=True, timeout=BOUND, check=True).stdout
    assert "--after-spasm {end,gentler,out,stretch}" in text


class Terminal:
    """A command at a terminal of its own."""

    def __init__(self, words: list[str]) -> None:
        self.master, slave = pty.openpty()
        environment = {**os.environ, "TERM": "dumb"}
        self.process = subprocess.Popen(words, stdin=slave, stdout=slave, stderr=slave, env=environment)
        os.close(slave)
        self.text, self.at = "", 0  # what was written, and up to where a test has looked

    def until(self, *words: str) -> str:
        """Read on, from where the last one ended, until one of these is written; which."""
        while not (found := [word for word in words if word in self.text[self.at :]]):
            ready, _, _ = select.select([self.master], [], [], BOUND)
            assert ready, f"none of {words} came: {self.text[self.at :]}"
            try:
                self.text += os.read(self.master, 65536).decode(errors="replace")
            except OSError:  # the other end is closed
                raise AssertionError(f"it ended without {words}: {self.text}") from None
        self.at += self.text[self.at :].index(found[0]) + len(found[0])
        return found[0]

    def insist(self, key: str, sign: str) -> None:
        """Answer the question so, again and again, while the limb is not quiet yet."""
        self.type(f"{key}\n")
        while self.until(sign, "[e]nd? ") != sign:
            self.type(f"{key}\n")

    def type(self, words: str) -> None:
        os.write(self.master, words.encode())

    def end(self) -> int:
        while select.select([self.master], [], [], BOUND)[0]:
            try:
                self.text += os.read(self.master, 65536).decode(errors="replace")
            except OSError:
                break
        return self.process.wait(BOUND)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)


@pytest.fixture
def terminal(words: list[str], request: pytest.FixtureRequest) -> Terminal:
    terminal = Terminal(words)
    request.addfinalizer(terminal.close)
    terminal.until("[e]nd? ")
    return terminal


def recording_of(terminal: Terminal) -> Recording:
    return Recording.open(terminal.text.strip().splitlines()[-1].strip())


def test_a_terminal_asks_until_it_is_told_to_end_and_a_stretch_is_let_go_by_enter(terminal: Terminal) -> None:
    terminal.type("what\n")
    terminal.until("[e]nd? ")
    terminal.insist("s", "Press Enter")
    terminal.type("\n")
    terminal.until("[e]nd? ")
    assert "safety stop: stopped: by rehab run" in terminal.text
    terminal.insist("o", "leading the limb")
    terminal.until("[e]nd? ")
    terminal.type("e\n")
    assert terminal.end() == 3
    names = commands(recording_of(terminal))
    assert names[3:] == ["slow_stretch", "stop", "get_out", "end"]


def test_an_interrupt_at_the_question_ends_with_130(terminal: Terminal) -> None:
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.end() == 130

