"""YAML text -> plain values, and where in the text each of them stands.

Reads YAML 1.2's nodes (ruamel.yaml) rather than finished objects: so every value and key keeps its line and column,
all repeated keys are found in one pass, and nothing but text, numbers, truth values, lists and mappings can come out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rehab.core.errors import Finding
from rehab.protocol.findings import FileFindings

MOST_VALUES = 20_000  # aliases of aliases can make a small file unfold without end
_TAG = "tag:yaml.org,2002:"
_KINDS = ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
_WORDS = {  # what the parser says -> what a person can act on
    "\\t": "a tab; indent with spaces",
    "mapping values are not allowed here": 'a ":" cannot stand here; is the indentation wrong, or do quotes miss?',
    "expected a single document": 'a second document ("---") begins; one file holds one protocol',
    "found undefined alias": "this name was not defined before with &",
    "could not find expected ':'": 'a key without its ":"',
    "expected '<document start>'": "this line does not fit the indentation of those above",
    "expected <block end>": "this line does not fit the indentation of those above",
    "found unexpected end of stream": "a quote is not closed",
    "expected ',' or": "a bracket is not closed, or a comma is missing",
}


class Place(NamedTuple):
    """Line and column, 1-based, and the text that stands there when it is one value."""

    line: int
    column: int
    text: str


class Written:
    """A file's values, the problems of its text (`findings`), and the places of both. What cannot be read is None."""

    def __init__(self, source: str, file: str) -> None:
        self.source, self.file = source, file
        self.findings: list[Finding] = []
        self.value: Any = None
        self._values: dict[str, Place] = {}
        self._keys: dict[str, Place] = {}
        self._count = 0
        node = self._compose()
        if node is not None:
            self.value = self._convert(node, "", ())
        elif not self.findings:
            self.findings.append(Finding("", "the file is empty", file=file, line=1, column=1))

    def placed(self, finding: Finding, *, key: bool = False) -> Finding:
        """The finding with its place: the value's, or with `key` its key's. What is missing is shown at its parent."""
        first, second = (self._keys, self._values) if key else (self._values, self._keys)
        path = finding.field
        if finding.file and finding.file != self.file:
            return finding  # of a file beside this one, which has its own places
        place = first.get(path) or second.get(path)
        while place is None and path:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
            place = self._values.get(path)
        place = place or Place(1, 1, "")
        value = place.text if place.text and path == finding.field else finding.value
        return finding._replace(file=self.file, line=place.line, column=place.column, value=value)

    def settled(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Those of the text and these, each with its place, in the file's order, the first of each field.

        A value that is empty, say, is not also reported as no length. Two keys may be repeated in one place, though.
        """
        fields = {finding.field for finding in self.findings}
        kept = list(dict.fromkeys(self.findings))
        for finding in findings:
            if finding.field not in fields:
                fields.add(finding.field)
                kept.append(self.placed(finding, key=finding.message.startswith("unknown ")))
        return tuple(sorted(_once(kept), key=lambda finding: (finding.line, finding.column)))

    def error(self, findings: Sequence[Finding], others: Mapping[str, str] | None = None) -> FileFindings:
        """All of them, each place and problem once; `others`: the text of other files in which some are, by name."""
        return FileFindings(_once(findings), {self.file: self.source, **(others or {})})

    def _compose(self) -> Any:
        from ruamel.yaml import YAML  # 20 ms: only who reads a file pays for it
        from ruamel.yaml.error import YAMLError

        try:
            return YAML(typ="safe", pure=True).compose(self.source)
        except YAMLError as error:
            self.findings.append(self._syntax(error))
        except RecursionError:
            self.findings.append(Finding("", "the file is nested too deeply", file=self.file, line=1, column=1))
        return None

    def _syntax(self, error: Any) -> Finding:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = str(getattr(error, "problem", "") or "") + " " + str(getattr(error, "context", "") or "")
        if mark is None:  # a character that YAML does not allow anywhere; only its position is known
            before = self.source[: getattr(error, "position", 0)]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            return Finding("", "a character that cannot be printed", file=self.file, line=line, column=column)
        words = next((words for said, words in _WORDS.items() if said in problem), problem.strip())
        return Finding("", f"not YAML: {words}", file=self.file, line=mark.line + 1, column=mark.column + 1)

    def _convert(self, node: Any, path: str, above: tuple[int, ...]) -> Any:
        self._count += 1
        self._values[path] = self._place(node)
        if id(node) in above:
            return self._bad(path, "refers to itself")
        if self._count > MOST_VALUES:
            if self._count == MOST_VALUES + 1:
                self._bad(path, f"the file holds more than {MOST_VALUES} values")
            return None
        tag = str(node.tag or "")
        if not tag.startswith(_TAG) or tag.removeprefix(_TAG) not in _KINDS:
            return self._bad(path, f'the tag "{tag}" means nothing here', "leave it out")
        if node.id == "sequence":
            items = enumerate(node.value)
            return [self._convert(item, f"{path}[{index}]", (*above, id(node))) for index, item in items]
        if node.id == "mapping":
            return self._mapping(node, path, (*above, id(node)))
        return self._scalar(node.value, tag.removeprefix(_TAG), path)

    def _mapping(self, node: Any, path: str, above: tuple[int, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value) if key.id == "scalar" else "?"
            field = f"{path}.{name}" if path else name
            place = self._place(key)
            if key.id != "scalar":
                self._keys[field] = place
                self.findings.append(self.placed(Finding(field, "a key must be a word"), key=True))
            elif name in values or field in self._keys:
                first = self._keys[field]
                found = Finding(field, f'"{name}" stands here twice', f"the first is in line {first.line}", self.file)
                self.findings.append(found._replace(line=place.line, column=place.column, value=name))
            else:
                self._keys[field] = place
                values[name] = self._convert(value, field, above)
        return values

    def _scalar(self, text: str, kind: str, path: str) -> Any:
        try:
            match kind:
                case "null":
                    return self._bad(path, "nothing is written here", "a value, or leave the key out", key=True)
                case "bool":
                    return text.lower() == "true"
                case "int":
                    whole = int(text.replace("_", ""), 0 if text.lstrip("+-")[:2].lower() in ("0x", "0o") else 10)
                    return whole if abs(whole) < 2**53 else self._bad(path, f'"{text[:40]}" is too large a number')
                case "float":
                    return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
                case _:
                    return text  # dates and the like are text: no key asks for one
        except ValueError:
            return self._bad(path, f'"{text[:40]}" is not a number')

    def _bad(self, path: str, message: str, allowed: str = "", *, key: bool = False) -> None:
        self.findings.append(self.placed(Finding(path, message, allowed), key=key))

    def _place(self, node: Any) -> Place:
        mark, end = node.start_mark, node.end_mark
        text = ""
        if node.id == "scalar" and mark.line == end.line:
            text = self.source[mark.index : end.index] if hasattr(mark, "index") else str(node.value)
        return Place(mark.line + 1, mark.column + 1, text)


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """Without what an alias, or another arm of a study, repeats: the same problem of the same key in the same place."""
    found: dict[tuple[Any, ...], Finding] = {}
    for finding in findings:
        key = re.split(r"[.\]]", finding.field.removesuffix("]"))[-1]
        found.setdefault((finding.file, finding.line, finding.column, finding.message, key), finding)
    return list(found.values())
