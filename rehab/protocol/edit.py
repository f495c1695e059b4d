"""Changing one value in a protocol's text, so that nothing else in it changes: no comment, no space, no quote.

ruamel.yaml says where each node stands and how a value is written; the text between stays as its author left it. A key
that is not there yet is added behind the last of its neighbours.
"""

from __future__ import annotations

import io
import json
import re
from typing import Any

from rehab.core.errors import BadInput

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
WIDE = 10_000  # columns: a value is never broken into lines
Step = str | int


def changed(source: str, where: str, value: Any) -> str:
    """The text with `value` (plain) at a path such as blocks[0].trials. Raises BadInput for a path that leads nowhere,
    or into what stands elsewhere: what an alias means is changed where its anchor is."""
    steps = _steps(where)
    node = _composed(source)
    first = _places(node)
    for number, step in enumerate(steps):
        here = _path(steps[: number + 1])
        child = _child(node, step)
        if child is None:
            if number + 1 < len(steps) or isinstance(step, int) or node.id != "mapping":
                raise BadInput(f'{where}: there is no "{here}" in the protocol')
            return _checked(source, _added(source, node, step, value), where)
        if first[id(child)] != here:
            raise BadInput(f'{where}: "{here}" is an alias of {first[id(child)]}: change it there')
        node = child
    begin, end = node.start_mark.index, node.end_mark.index
    if node.id != "scalar" and not node.flow_style:
        end = _end(node)
    anchor = f"&{node.anchor} " if node.anchor else ""
    line = "\n" if source[begin:end].endswith("\n") else ""
    return _checked(source, source[:begin] + anchor + _inline(value) + line + source[end:], where)


def _composed(source: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        node = YAML(typ="safe", pure=True).compose(source)
    except YAMLError as error:
        raise BadInput(f"the text is not YAML, so nothing can be changed in it: {error}") from error
    if node is None:
        raise BadInput("the protocol is empty")
    return node


def _steps(where: str) -> list[Step]:
    steps: list[Step] = []
    at = 0
    while at < len(where):
        found = _STEP.match(where, at)
        if found is None:
            break
        steps.append(found[1] if found[1] is not None else int(found[2]))
        at = found.end()
    if at < len(where) or not steps:
        raise BadInput(f'"{where}" is no path in a protocol, for example "blocks[0].trials"')
    return steps


def _path(steps: list[Step]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")


def _places(node: Any) -> dict[int, str]:
    """Where each node is written: its first path in the order of the text; at any other it is an alias."""
    found: dict[int, str] = {}

    def walk(node: Any, steps: list[Step]) -> None:
        if id(node) in found:
            return
        found[id(node)] = _path(steps)
        for step, child in _children(node):
            walk(child, [*steps, step])

    walk(node, [])
    return found


def _children(node: Any) -> list[tuple[Step, Any]]:
    if node.id == "mapping":
        return [(key.value, value) for key, value in node.value if key.id == "scalar"]
    return list(enumerate(node.value)) if node.id == "sequence" else []


def _child(node: Any, step: Step) -> Any:
    return next((child for name, child in _children(node) if name == step and type(name) is type(step)), None)


def _added(source: str, node: Any, key: Step, value: Any) -> str:
    """The text with one key more in a mapping."""
    entry = f"{key}: {_inline(value)}"
    if node.flow_style:
        at = node.end_mark.index - 1  # its closing bracket
        before = source[:at].rstrip()
        return (
            before + ("" if before.endswith(("{", ",")) else ",") + f"{' ' if node.value else ''}{entry}" + source[at:]
        )
    end = _end(node)
    end = end if source[end - 1 : end] == "\n" else source.find("\n", end)
    before = source if end < 0 else source[:end]
    rest = "" if end < 0 else source[end:]
    indent: str = " " * node.value[0][0].start_mark.column
    return (
        before
        + ("" if before.endswith("\n") else "\n")
        + indent
        + entry
        + (rest if rest.startswith("\n") else "\n" + rest)
    )


def _end(node: Any) -> int:
    """Where a node's last value ends; a block's own end is only where the next thing begins."""
    if node.id == "scalar" or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if node.id == "mapping" else last)


def _inline(value: Any) -> str:
    """The value as it is written within a line."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.width = True, WIDE
    text = io.StringIO()
    single = not isinstance(value, dict | list)
    yaml.dump([value] if single else value, text)
    written = text.getvalue().strip()
    written = written[1:-1].strip() if single else written
    try:
        if yaml.load(f"{{a: {written}}}") == {"a": value}:
            return written
    except YAMLError:  # "?x" is written bare, and not read so
        pass
    return json.dumps(value, ensure_ascii=False)


def _checked(before: str, after: str, where: str) -> str:
    """`after`, if it differs from `before` at that place and nowhere else. Raises BadInput."""
    old, new = (_leaves(_composed(text), [], set()) for text in (before, after))
    place = _path(_steps(where))
    odd = [path for path in old.keys() | new.keys() if old.get(path) != new.get(path)]
    if any(not (path == place or path.startswith((f"{place}.", f"{place}["))) for path in odd):
        raise BadInput(f"{where}: cannot be changed without touching what is beside it; edit the text")
    return after


def _leaves(node: Any, steps: list[Step], seen: set[int]) -> dict[str, str]:
    """Every single value by its path, where it is written."""
    if id(node) in seen:
        return {}
    seen.add(id(node))
    if node.id == "scalar":
        return {_path(steps): f"{node.tag} {node.value}"}
    return {
        path: text for step, child in _children(node) for path, text in _leaves(child, [*steps, step], seen).items()
    }
