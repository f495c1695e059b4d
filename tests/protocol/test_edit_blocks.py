"""Whole blocks of a protocol's text: one more, one less, another order; comments stay with what they are about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.errors import BadInput
from rehab.protocol.edit_blocks import added, moved, removed, without

TEXT = """\
# for Anna
protocol: Two things   # its title
version: 1
device: planar_arm
blocks:
  # easy at first
  - name: first
    reach: {radius: 8 cm}   # short
    mode: active
    trials: 4

  # then this
  - name: second
    reach: {radius: 10 cm}
    controller:
      impedance: {stiffness: 200 N/m}
    trials: 8
stop_if: {pain: ">= 5"}
"""


def names(text: str) -> list[str]:
    return [line.split("name: ")[1] for line in text.splitlines() if "- name: " in line]


def test_a_block_is_moved_with_the_comment_above_it() -> None:
    text = moved(TEXT, 1, 0)
    assert names(text) == ["second", "first"]
    assert text.index("# then this") < text.index("name: second") < text.index("# easy at first")
    assert text.endswith('stop_if: {pain: ">= 5"}\n') and text.startswith("# for Anna\nprotocol: Two things   # its")


def test_moving_there_and_back_changes_nothing() -> None:
    assert moved(moved(TEXT, 0, 1), 1, 0) == TEXT


def test_a_removed_block_takes_its_comment_along_and_nothing_else() -> None:
    text = removed(TEXT, 1)
    assert names(text) == ["first"] and "# then this" not in text
    assert "# short" in text and "stop_if" in text


def test_a_block_is_added_behind_the_last_or_before_one() -> None:
    block = {"name": "third", "reach": {"radius": "12 cm"}, "mode": "active", "trials": 2}
    assert names(added(TEXT, block)) == ["first", "second", "third"]
    assert names(added(TEXT, block, 0)) == ["third", "first", "second"]
    assert added(TEXT, block).endswith('stop_if: {pain: ">= 5"}\n')


def test_the_first_block_of_all_is_added_to_an_empty_list() -> None:
    text = added("protocol: New\nversion: 1\ndevice: planar_arm\nblocks:\n", {"name": "a", "reach": {}, "trials": 1})
    assert names(text) == ["a"]
    assert removed(text, 0) == "protocol: New\nversion: 1\ndevice: planar_arm\nblocks:\n"


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), max_size=6))
def test_any_moves_keep_every_line(moves: list[tuple[int, int]]) -> None:
    text = TEXT
    for index, to in moves:
        text = moved(text, index, to)
    assert sorted(text.splitlines()) == sorted(TEXT.splitlines())


def test_a_key_is_taken_out_with_all_that_hangs_on_it() -> None:
    assert without(TEXT, "blocks[1].controller") == TEXT.replace(
        "    controller:\n      impedance: {stiffness: 200 N/m}\n", ""
    )
    assert "reach: {}" in without(TEXT, "blocks[0].reach.radius")


@pytest.mark.parametrize("act", [lambda: removed(TEXT, 2), lambda: moved(TEXT, 0, 5), lambda: without(TEXT, "limits"),
                                 lambda: removed("blocks: [{name: a}]", 0),
                                 lambda: added("protocol: x\n", {"name": "a"}),
                                 lambda: removed("blocks:\n- &a {name: a}\n- *a\n", 0)])  # fmt: skip
def test_what_cannot_be_done_is_said(act: object) -> None:
    with pytest.raises(BadInput):
        act()  # type: ignore[operator]
