"""Timed commands from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.inputs.script import Script, read, ready
from rehab.core.errors import BadInput, UnknownName

TEXT = """\
commands:
  - {at: 1 s, steer: [0, 1]}
  - {at: 2 s, press: stop}
  - {at: 500 ms, steer: [0.5, 0]}
  - {at: 3 s, hold: false}
"""


def script(path: Path, text: str = TEXT) -> Script:
    file = path / "user.yaml"
    file.write_text(text)
    return Script(str(file), 2)


def test_commands_come_at_their_times_whatever_their_order_in_the_file(tmp_path: Path) -> None:
    one = script(tmp_path)
    at = {run: one.poll(100.0, run) for run in (-1.0, 0.0, 0.499, 0.5, 0.999, 1.0, 2.05, 2.2, 3.0)}
    assert [at[run].intent for run in (-1.0, 0.0, 0.499, 0.5, 0.999, 1.0)] == [
        (0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.5, 0.0), (0.5, 0.0), (0.0, 1.0)
    ]  # fmt: skip
    assert [at[run].stop for run in (1.0, 2.05, 2.2)] == [False, True, False]
    assert [at[run].run for run in (2.2, 3.0)] == [True, False]


def test_one_that_repeats_begins_again(tmp_path: Path) -> None:
    one = script(tmp_path, "repeat: 2 s\n" + TEXT.replace("2 s, press", "1.5 s, press"))
    assert one.poll(0.0, 41.2).intent == (0.0, 1.0)
    assert one.poll(0.0, 40.6).intent == (0.5, 0.0)


def test_a_tick_whose_time_was_added_up_counts_as_the_one_it_is(tmp_path: Path) -> None:
    one, t = script(tmp_path), 0.0
    for _ in range(500):
        t += 0.001
    assert t != 0.5
    assert one.poll(0.0, t).intent == (0.5, 0.0)


def test_all_mistakes_are_found_at_once_with_their_lines(tmp_path: Path) -> None:
    text = 'repeat: 2\ncommands:\n  - {at: 1 kg, steer: [0, 1]}\n  - {at: 1 s, steer: [0, 2]}\n  - {at: 2 s, hold: 3}\n'
    with pytest.raises(BadInput) as caught:
        script(tmp_path, text)
    for words in ("user.yaml:1:", "user.yaml:3:", "user.yaml:4:", "user.yaml:5:", "2 numbers, -1 to 1"):
        assert words in str(caught.value)


def test_a_script_that_does_not_exist_suggests_one_that_ships() -> None:
    with pytest.raises(UnknownName, match='did you mean "square"'):
        Script("squares", 2)


@pytest.mark.parametrize("name", sorted(ready()))
def test_every_script_that_ships_can_be_read(name: str) -> None:
    assert len(read(name, 2)[0]) > 2


def test_the_columns_of_a_recording_are_a_script_from_where_it_ran(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("t,intent_0,intent_1,state\n4.0,0,0,2\n4.5,0.1,0.2,3\n5.5,0.3,0.4,3\n6.0,0,0,0\n")
    one = Script(str(file), 2)
    assert one.poll(0.0, 0.5).intent == (0.1, 0.2)
    assert one.poll(0.0, 1.0).intent == (0.3, 0.4)


def test_a_table_without_its_columns_says_which(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("t,u\n0,1\n")
    with pytest.raises(BadInput, match="no column intent_0, intent_1"):
        Script(str(tmp_path / "a.csv"), 2)
