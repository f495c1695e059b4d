"""Changing a value in a protocol: nothing else in its text changes, and nobody's comment is lost."""

from __future__ import annotations

from difflib import ndiff
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from rehab.core.errors import BadInput
from rehab.protocol.edit import changed
from rehab.protocol.load import load_protocol, read_protocol

TEXT = """\
# of week 2
protocol: "Waving"          # its title
version: 2
device: arm
limits: {speed: 60 cm/s,   force: 30 N}   # gently
blocks:
  # the first
  - {name: alone, wave: &w {radius: 10 cm}, mode: active, trials: 16}
  - name: helped            # with a spring
    wave: *w
    controller: {spring: {stiffness: 0.3 kN/m}}
    say: |
      Go on.
      Slowly.
    trials: 4               # few
  - name: last
    wave:
      radius: 5 cm
      times: 3

    mode: active
    trials: 8
# the end
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "week2.yaml"
    path.write_text(TEXT)
    return path


def difference(before: str, after: str) -> list[str]:
    return [line for line in ndiff(before.splitlines(), after.splitlines()) if line[:1] in "+-"]


@pytest.mark.parametrize(
    ("where", "value", "line"),
    [
        ("version", 3, "version: 3"),
        ("protocol", "Waving, week 3", "protocol: 'Waving, week 3'          # its title"),
        ("protocol", "A: B", "protocol: 'A: B'          # its title"),
        ("limits.force", "25 N", "limits: {speed: 60 cm/s,   force: 25 N}   # gently"),
        ("limits.power", "5 W", "limits: {speed: 60 cm/s,   force: 30 N, power: 5 W}   # gently"),
        (
            "blocks[0].trials",
            20,
            "  - {name: alone, wave: &w {radius: 10 cm}, mode: active, trials: 20}",
        ),
        (
            "blocks[0].wave.radius",
            "12 cm",
            "  - {name: alone, wave: &w {radius: 12 cm}, mode: active, trials: 16}",
        ),
        (
            "blocks[0].wave",
            {"radius": "12 cm", "times": 4},
            "  - {name: alone, wave: &w {radius: 12 cm, times: 4}, mode: active, trials: 16}",
        ),
        ("blocks[1].trials", 20, "    trials: 20               # few"),
        ("blocks[1].controller.spring.stiffness", "1 kN/m", "    controller: {spring: {stiffness: 1 kN/m}}"),
        ("blocks[2].wave.radius", "6 cm", "      radius: 6 cm"),
    ],
)
def test_one_value_changes_one_line_and_nothing_else(path: Path, where: str, value: Any, line: str) -> None:
    after = read_protocol(path).set(where, value).source
    removed, added = difference(TEXT, after)
    assert added == f"+ {line}"
    assert removed.startswith("- ")


@pytest.mark.parametrize(
    ("where", "value", "before", "line"),
    [
        ("blocks[1].limits", {"force": "20 N"}, "    trials: 4               # few", "    limits: {force: 20 N}"),
        ("blocks[2].wave.wait", "2 s", "      times: 3", "      wait: 2 s"),
        ("blocks[2].limits", {"force": "20 N"}, "    trials: 8", "    limits: {force: 20 N}"),
        ("stop_if", {"pain": ">= 5"}, "    trials: 8", "stop_if: {pain: '>= 5'}"),
    ],
)
def test_a_key_that_was_not_there_is_a_line_behind_its_neighbours(
    path: Path, where: str, value: Any, before: str, line: str
) -> None:
    after = read_protocol(path).set(where, value).source
    assert difference(TEXT, after) == [f"+ {line}"]
    lines = after.splitlines()
    assert lines[lines.index(line) - 1] == before


def test_a_text_over_many_lines_becomes_one(path: Path) -> None:
    after = read_protocol(path).set("blocks[1].say", "Stop.").source
    assert difference(TEXT, after) == ["-     say: |", "+     say: Stop.", "-       Go on.", "-       Slowly."]


def test_what_an_alias_stands_for_is_changed_where_its_anchor_is(path: Path) -> None:
    with pytest.raises(BadInput, match=r'"blocks\[1\].wave" is an alias of blocks\[0\].wave: change it there'):
        read_protocol(path).set("blocks[1].wave.radius", "12 cm")


@pytest.mark.parametrize("where", ["blocks[9].trials", "blocks[0].wave.radius.deep", "nothing.at.all", "", "blocks[x]"])
def test_a_path_that_leads_nowhere_is_refused(path: Path, where: str) -> None:
    with pytest.raises(BadInput):
        read_protocol(path).set(where, 1)


def test_the_protocol_itself_stays_and_the_changed_one_says_what_is_wrong_with_it(path: Path) -> None:
    protocol = load_protocol(path)
    worse = protocol.set("blocks[0].trials", 0)
    assert (protocol.source, protocol.findings) == (TEXT, ())
    assert [(found.line, found.message) for found in worse.findings] == [(8, '"0" is too small')]


def test_a_protocol_is_saved_with_its_comments_and_read_again(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "week3.yaml"
    load_protocol(path).set("blocks[0].trials", 20).save(copy)
    assert difference(TEXT, copy.read_text())[1].endswith("trials: 20}")
    assert load_protocol(copy).blocks[0].trials == 20


def test_a_place_that_cannot_be_written_is_bad_input(path: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        load_protocol(path).save(tmp_path / "nowhere" / "week3.yaml")


FULL = (Path(__file__).parent / "examples" / "full.yaml").read_text()


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        return {p: v for key, part in value.items() for p, v in leaves(part, f"{path}.{key}".lstrip(".")).items()}
    if isinstance(value, list):
        return {p: v for index, part in enumerate(value) for p, v in leaves(part, f"{path}[{index}]").items()}
    return {path: value}


LEAVES = leaves(YAML(typ="safe").load(FULL))


@settings(deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.sampled_from(
        sorted(path for path in LEAVES if not path.startswith(tuple(f"blocks[{n}].reach" for n in range(1, 6))))
    ),
    st.one_of(st.integers(0, 99), st.booleans(), st.text(st.characters(codec="ascii", exclude_categories=["Cc"]))),
)
def test_any_value_can_be_put_anywhere_and_read_back_with_all_else_as_it_was(where: str, value: Any) -> None:
    after = changed(FULL, where, value)
    found = leaves(YAML(typ="safe").load(after))
    shared = (
        {f"blocks[{n}].reach." + where.rpartition(".")[2] for n in range(1, 6)} if "blocks[0].reach" in where else set()
    )
    assert {path for path in found if found[path] != LEAVES.get(path)} <= {where, *shared}
    assert found[where] == value
    assert len(difference(FULL, after)) <= 2
