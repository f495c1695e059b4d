"""Arrow keys of the terminal: what is pressed counts, repeats go on, the space bar stops."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from rehab.cli.keys import FIRST, NEXT, Keys
from rehab.core.clock import ManualClock


class Steered:
    def __init__(self) -> None:
        self.said: list[tuple[float, ...]] = []
        self.stops = 0

    def steer(self, *intent: float) -> None:
        self.said.append(intent)

    def stop(self) -> None:
        self.stops += 1


class Terminal:
    def __init__(self, dimensions: int = 2) -> None:
        self.session, self.clock = Steered(), ManualClock()
        self.read, self.write = os.pipe()
        self.keys = Keys(self.session, dimensions, self.read, self.clock)

    def type(self, text: str) -> None:
        os.write(self.write, text.encode())

    def wait(self, seconds: float) -> None:
        """Poll every 10 ms."""
        until = self.clock.now_ns() + round(seconds * 1e9)
        while self.clock.now_ns() < until:
            self.clock.sleep_until_ns(self.clock.now_ns() + 10_000_000)
            self.keys.poll()


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    with made.keys:
        yield made
    os.close(made.read)
    os.close(made.write)


@pytest.mark.parametrize(
    ("key", "intent"), [("A", (0.0, 1.0)), ("B", (0.0, -1.0)), ("C", (1.0, 0.0)), ("D", (-1.0, 0.0))]
)
def test_an_arrow_asks_for_its_direction_at_least_every_100_ms(
    terminal: Terminal, key: str, intent: tuple[float, float]
) -> None:
    terminal.type(f"\x1b[{key}")
    terminal.wait(0.5)
    assert len(terminal.session.said) >= 5
    assert set(terminal.session.said) == {intent}


def test_a_key_that_is_pressed_once_is_over_before_a_second(terminal: Terminal) -> None:
    terminal.type("\x1b[A")
    terminal.wait(FIRST + 0.1)
    assert terminal.session.said[-1] == (0.0, 0.0)
    said = len(terminal.session.said)
    terminal.wait(1.0)
    assert len(terminal.session.said) == said, "at rest nothing is said"


def test_a_key_that_repeats_goes_on_and_its_release_shows_at_once(terminal: Terminal) -> None:
    terminal.type("\x1b[A")
    terminal.wait(0.5)
    for _ in range(20):
        terminal.type("\x1b[A")
        terminal.wait(0.03)
    assert terminal.session.said[-1] == (0.0, 1.0)
    terminal.wait(NEXT + 0.02)
    assert terminal.session.said[-1] == (0.0, 0.0)


def test_another_arrow_takes_over(terminal: Terminal) -> None:
    terminal.type("\x1b[A")
    terminal.wait(0.1)
    terminal.type("\x1bOC")
    terminal.wait(0.1)
    assert terminal.session.said[-1] == (1.0, 0.0)


def test_the_space_bar_stops(terminal: Terminal) -> None:
    terminal.type(" ")
    terminal.wait(0.02)
    assert terminal.session.stops == 1
    assert terminal.session.said == []


def test_other_keys_ask_for_nothing(terminal: Terminal) -> None:
    terminal.type("abc\x1b[5~\n")
    terminal.wait(0.3)
    assert terminal.session.said == []


def test_one_joint_is_moved_by_up_and_down_as_well() -> None:
    terminal = Terminal(dimensions=1)
    with terminal.keys:
        terminal.type("\x1b[B")
        terminal.wait(0.1)
    assert terminal.session.said[-1] == (-1.0,)
    os.close(terminal.read)
    os.close(terminal.write)
