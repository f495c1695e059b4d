"""What can be written at a place of a protocol, from its JSON schema: the keys of the mapping there, or its words."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

KEY = re.compile(r"^(\s*(?:- )*)([\w.]+):(.*)$")


class Offer(NamedTuple):
    """One thing that may stand there, and what it is for."""

    word: str
    says: str = ""


def offers(schema: dict[str, Any], lines: list[str], line: int, column: int) -> list[Offer]:
    """For the cursor at `line`, `column` (from 0), those that begin with what stands before it."""
    before = lines[line][:column] if line < len(lines) else ""
    value = re.match(r"^\s*(?:- )?([\w.]+):\s+([\w.]*)$", before)
    if value is not None:  # the word after a key
        place = _resolved(schema, _at(schema, [*_above(lines, line, before), value[1]]))
        return [Offer(word) for word in _words(schema, place) if word.startswith(value[2]) and word != value[2]]
    typed = re.search(r"([\w.]*)$", before)
    prefix = typed[1] if typed is not None else ""
    path = _above(lines, line, before)
    inline = before[: len(before) - len(prefix)]
    for key in _open_braces(inline):
        path = [*path, key]
    found = _keys(schema, _at(schema, path))
    return [Offer(k, s) for k, s in sorted(found.items()) if k.startswith(prefix) and k != prefix]


def _above(lines: list[str], line: int, before: str) -> list[str]:
    """The keys that the line is inside of, outermost first."""
    indent = len(re.match(r"^[\s-]*", before)[0])  # type: ignore[index]
    path: list[str] = []
    for k in range(line - 1, -1, -1):
        found = KEY.match(lines[k])
        if found is None or lines[k].lstrip().startswith("#"):
            continue
        at, (key, rest) = len(found[1]), (found[2], found[3])
        if at < indent and not rest.split("#")[0].strip():
            path.insert(0, key)
            indent = at - 2 * found[1].count("- ")
    return path


def _open_braces(text: str) -> list[str]:
    """Keys whose {...} is still open at the end of the text."""
    stack: list[str] = []
    for found in re.finditer(r"([\w.]+):\s*\{|\{|\}", text):
        if found[0] == "}":
            stack = stack[:-1]
        else:
            stack.append(found[1] or "")
    return [key for key in stack if key]


def _at(schema: dict[str, Any], path: list[str]) -> dict[str, Any]:
    here = schema
    for key in path:
        here = _items(schema, here)
        options = _branches(schema, here)
        named = [b["properties"][key] for b in options if key in b.get("properties", {})]
        any_key = [b["additionalProperties"] for b in options if isinstance(b.get("additionalProperties"), dict)]
        here = (named + any_key or [{}])[0]
    return _items(schema, here)


def _items(schema: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    here = _resolved(schema, here)
    while isinstance(here.get("items"), dict):
        here = _resolved(schema, here["items"])
    return here


def _resolved(schema: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in here:
        here = schema["$defs"][here["$ref"].rpartition("/")[2]]
    return here


def _branches(schema: dict[str, Any], here: dict[str, Any]) -> list[dict[str, Any]]:
    found = [here]
    for other in here.get("anyOf", []):
        found += _branches(schema, _items(schema, other))
    return found


def _keys(schema: dict[str, Any], here: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for branch in _branches(schema, here):
        for key, part in branch.get("properties", {}).items():
            found[key] = str(part.get("description", ""))
    return found


def _words(schema: dict[str, Any], here: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for branch in _branches(schema, here):
        found += [str(word) for word in branch.get("enum", [])]
        found += [str(branch["const"])] if "const" in branch else []
        if branch.get("type") == "boolean":
            found += ["true", "false"]
    return list(dict.fromkeys(found))
