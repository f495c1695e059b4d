"""The live view in the terminal: a picture that moves where there is a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rehab.cli.braille import Canvas
from rehab.cli.live import LiveView, trial_line
from rehab.core.clock import ManualClock
from rehab.core.types import Outcome, Trial
from tests.gui.fake_session import FakeSession

TRIAL = Trial(5, "training", 10.0, 11.3, 0, 0, Outcome.REACHED, {"peak_speed": 0.312, "sparc": -1.62})


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def running(tmp_path: Path) -> FakeSession:
    session = FakeSession(tmp_path, trials=16)
    session.prepare("reach_demo")
    session.arm()
    session.start()
    session.advance(0.4)
    return session


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "40")
    return Terminal()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def test_where_there_is_no_terminal_each_trial_is_one_plain_line(running: FakeSession) -> None:
    stream = io.StringIO()
    with LiveView(running, total=16, stream=stream) as view:
        view.update()
        view.trial(TRIAL)
    assert stream.getvalue().splitlines() == [
        "trial 5 of 16  training  reached  1.3 s  peak 31 cm/s  sparc -1.62",
        "1 trial: 1 reached",
    ]


def test_a_dumb_terminal_and_one_without_braille_get_plain_lines(
    running: FakeSession, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Latin(Terminal):
        encoding = "latin-1"

    latin = Latin()
    monkeypatch.setenv("TERM", "dumb")
    for stream in (terminal, latin):
        with LiveView(running, stream=stream) as view:
            view.update()
            view.trial(TRIAL)
        assert "\x1b" not in stream.getvalue()
        assert "trial 5  training  reached" in stream.getvalue()


def test_in_a_terminal_it_shows_arm_progress_instruction_and_health(running: FakeSession, terminal: Terminal) -> None:
    with LiveView(running, total=16, stream=terminal) as view:
        view.trial(TRIAL)
        running.advance(1.2)
        view.update()
    shown = plain(terminal.getvalue())
    for words in (
        "Trial 1 of 16", "1 reached", "Reach the target", "cm/s of 100", "N of 40", "running",
        "device: 1 kHz, age 0.6 ms", "timing: 0 % late", "last  trial 5 of 16  training  reached",
    ):  # fmt: skip
        assert words in shown
    assert re.search("[\u2801-\u28ff]{4}", shown)


def test_the_picture_follows_the_hand(running: FakeSession, terminal: Terminal) -> None:
    from rich.console import Console

    def drawn() -> str:
        sheet = Console(file=io.StringIO(), width=100, height=40)
        sheet.print(view.frame())
        return sheet.file.getvalue()  # type: ignore[attr-defined]

    with LiveView(running, stream=terminal) as view:
        before = drawn()
        running.advance(0.3)
        assert drawn() != before


def test_a_low_terminal_leaves_the_arm_out(
    running: FakeSession, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINES", "15")
    with LiveView(running, total=16, stream=terminal) as view:
        view.update()
    shown = plain(terminal.getvalue())
    assert "Trial 1 of 16" in shown
    assert not re.search("[\u2801-\u28ff]", shown)


def test_it_draws_ten_times_a_second_however_often_it_is_called(running: FakeSession, terminal: Terminal) -> None:
    clock, frames = ManualClock(), []
    with LiveView(running, stream=terminal, clock=clock) as view:
        draw = view.frame
        view.frame = lambda: (frames.append(1), draw())[1]  # type: ignore[method-assign]
        for _ in range(1000):
            view.update()
            clock.advance(0.001)
        assert len(frames) == 10


def test_before_the_first_tick_it_waits(running: FakeSession, terminal: Terminal) -> None:
    running.look = lambda: None  # type: ignore[method-assign]
    with LiveView(running, stream=terminal) as view:
        view.update()
    assert "waiting for the first tick" in plain(terminal.getvalue())


def test_the_cursor_is_given_back_when_the_loop_is_left_by_an_error(running: FakeSession, terminal: Terminal) -> None:
    with pytest.raises(KeyboardInterrupt), LiveView(running, stream=terminal):
        raise KeyboardInterrupt
    written = terminal.getvalue()
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l")


def test_rich_is_loaded_only_to_draw() -> None:
    code = "import sys, rehab.cli.live; assert 'rich' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_trial_without_measures_is_still_a_line() -> None:
    bare = Trial(1, "", 0.0, 5.0, 0, 0, Outcome.TIMEOUT)
    assert trial_line(bare) == "trial 1  time was up  5.0 s"


def test_a_canvas_has_two_by_four_dots_a_character() -> None:
    canvas = Canvas(1, 1, (0.0, 1.0, 0.0, 3.0))
    canvas.dot((0.0, 3.0), "a")  # top left
    canvas.dot((1.0, 0.0), "a")  # bottom right
    assert list(canvas.runs()) == [[(chr(0x2800 + 0x01 + 0x80), "a")]]


def test_what_lies_outside_a_canvas_is_not_drawn() -> None:
    canvas = Canvas(2, 2, (0.0, 1.0, 0.0, 1.0))
    canvas.line((5.0, 5.0), (9.0, 5.0), "a")
    assert [text for line in canvas.runs() for text, _ in line] == ["  ", "  "]


def test_a_circle_keeps_its_shape_whatever_the_size_of_the_canvas() -> None:
    canvas = Canvas(40, 10, (-1.0, 1.0, -1.0, 1.0))
    canvas.circle((0.0, 0.0), 1.0, "a")
    lines = ["".join(text for text, _ in line) for line in canvas.runs()]
    width = max(len(line.rstrip()) for line in lines) - min(len(line) - len(line.lstrip()) for line in lines)
    assert 2 * width == pytest.approx(4 * len(lines), abs=3)
