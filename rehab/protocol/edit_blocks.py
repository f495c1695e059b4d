"""Whole blocks of a protocol's text: one more, one less, another order; a key less. All else stays as it is written.

A block is the lines from its dash to the next one's; the comment right above a dash belongs to the block below it.
Raises BadInput for what cannot be done so, for example a list of blocks within one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from rehab.core.errors import BadInput
from rehab.protocol.edit import _child, _composed, _end, _inline, _path, _steps

HAND = "change the text itself"


class _Blocks(NamedTuple):
    lines: list[str]  # with their ends
    spans: list[tuple[int, int]]  # of each block: first line, and the one behind the last
    column: int  # of the dash
    empty_at: int  # the line behind "blocks:", where there are none


def added(source: str, block: Mapping[str, Any], at: int | None = None) -> str:
    """With one block more, before block `at`, else behind the last. Values as they are written: "10 cm"."""
    found = _blocks(source)
    pad = " " * found.column
    rows = [f"{key}: {_inline(value)}\n" for key, value in block.items()]
    written = [f"{pad}- {rows[0]}", *(f"{pad}  {row}" for row in rows[1:])]
    if not found.spans:
        where = found.empty_at
    else:
        where = found.spans[-1][1] if at is None or at >= len(found.spans) else found.spans[at][0]
    lines = list(found.lines)
    if where and not lines[where - 1].endswith("\n"):
        lines[where - 1] += "\n"
    return _sound("".join([*lines[:where], *written, *lines[where:]]))


def removed(source: str, index: int) -> str:
    """Without block `index`, from 0."""
    found = _blocks(source)
    begin, end = _span(found, index)
    return _sound("".join([*found.lines[:begin], *found.lines[end:]]))


def moved(source: str, index: int, to: int) -> str:
    """Block `index` in place `to`, both from 0."""
    found = _blocks(source)
    _span(found, to)
    pieces = ["".join(found.lines[slice(*span)]) for span in found.spans]
    pieces = [piece if piece.endswith("\n") else piece + "\n" for piece in pieces]
    _span(found, index)
    pieces.insert(to, pieces.pop(index))
    begin, end = found.spans[0][0], found.spans[-1][1]
    return _sound("".join([*found.lines[:begin], *pieces, *found.lines[end:]]))


def without(source: str, where: str) -> str:
    """Without one key, by its path: blocks[0].mode."""
    node = _composed(source)
    *above, last = _steps(where)
    for number, step in enumerate(above):
        child = _child(node, step)
        if child is None:
            raise BadInput(f'{where}: there is no "{_path(above[: number + 1])}" in the protocol')
        node = child
    pairs = node.value if node.id == "mapping" else []
    at = next((k for k, (key, _) in enumerate(pairs) if key.value == last), None)
    if at is None:
        raise BadInput(f'{where}: there is no "{last}" in the protocol')
    key, value = pairs[at]
    if node.flow_style:
        begin, end = key.start_mark.index, value.end_mark.index
        if at + 1 < len(pairs):
            end = pairs[at + 1][0].start_mark.index
        elif at:
            begin = pairs[at - 1][1].end_mark.index
        return _sound(source[:begin] + source[end:])
    begin = source.rfind("\n", 0, key.start_mark.index) + 1
    if source[begin : key.start_mark.index].strip():
        raise BadInput(f"{where}: stands in a line with something else; {HAND}")
    line = source.find("\n", max(_end(value) - 1, key.start_mark.index))
    return _sound(source[:begin] + (source[line + 1 :] if line >= 0 else ""))


def _blocks(source: str) -> _Blocks:
    top = _composed(source)
    lines = source.splitlines(keepends=True)
    pairs = {key.value: (key, value) for key, value in top.value} if top.id == "mapping" else {}
    if "blocks" not in pairs:
        raise BadInput(f'there is no "blocks:" in the protocol; {HAND}')
    key, node = pairs["blocks"]
    if node.id == "scalar" and not node.value.strip():
        return _Blocks(lines, [], key.start_mark.column + 2, key.start_mark.line + 1)
    if node.id != "sequence" or node.flow_style:
        raise BadInput(f"the blocks are not written one below the other; {HAND}")
    starts = [item.start_mark.line for item in node.value]
    if len(set(starts)) != len(starts) or any(not lines[line].lstrip().startswith("-") for line in starts):
        raise BadInput(f"a block does not begin in the line of its dash; {HAND}")
    last = source.count("\n", 0, max(_end(node) - 1, 0)) + 1
    while last < len(lines) and not lines[last].strip():
        last += 1
    firsts = [_with_comment(lines, line, key.start_mark.line + 1) for line in starts]
    return _Blocks(lines, list(zip(firsts, [*firsts[1:], last], strict=True)), node.start_mark.column, 0)


def _with_comment(lines: list[str], line: int, least: int) -> int:
    while line > least and lines[line - 1].lstrip().startswith("#"):
        line -= 1
    return line


def _span(found: _Blocks, index: int) -> tuple[int, int]:
    if not 0 <= index < len(found.spans):
        raise BadInput(f"there is no block {index + 1}: the protocol has {len(found.spans)}")
    return found.spans[index]


def _sound(text: str) -> str:
    """Still YAML: an anchor, say, may have gone with the block that had it. Raises BadInput."""
    _composed(text)
    return text
