"""Mutants of a file: its code with one small error each, as a person might make it.

The operators are mutmut's (arithmetic, comparison and boolean operators, arguments, assignments, keywords, numbers)
and some that it lacks: a condition turned round, a call or a `raise` left out, a number a tenth larger or one less, a
text left out. Unlike mutmut, constants, classes' bodies and properties are mutated too: the thresholds stand there.
Types, imports, documentation and decorators are not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, CodePosition, CodeSpan, MetadataWrapper, PositionProvider
from mutmut.mutation import mutators

NOT_MUTATED = (cst.Annotation, cst.Import, cst.ImportFrom, cst.Decorator)
GAP = " ⏎ "  # between lines of code in one line of text


class Mutant(NamedTuple):
    """`was` and `now` are the changed lines; with file and scope they name it wherever it stands."""

    file: str
    scope: str  # Class.method, or "" for the file itself
    was: str
    now: str
    lines: tuple[int, ...]  # of the statement
    code: str

    @property
    def name(self) -> tuple[str, str, str, str]:
        return self.file, self.scope, self.was, self.now


def a_tenth_more(node: cst.BaseNumber) -> Iterator[cst.BaseNumber]:
    if isinstance(node, cst.Float) and node.evaluated_value:
        yield node.with_changes(value=repr(1.1 * node.evaluated_value))


def one_less(node: cst.BaseNumber) -> Iterator[cst.BaseExpression]:
    if isinstance(node, cst.Integer):
        yield cst.parse_expression(f"({node.evaluated_value - 1})")


def no_text(node: cst.SimpleString) -> Iterator[cst.SimpleString]:
    if not node.value.endswith('"""'):
        yield node.with_changes(value='""' if node.evaluated_value else '"XX"')


def left_out(node: cst.Expr | cst.Raise) -> Iterator[cst.CSTNode]:
    if isinstance(node, cst.Raise) or isinstance(node.value, cst.Call):
        yield cst.Pass()


OPERATORS: list[tuple[type[cst.CSTNode], Any]] = [
    *((kind, make) for kind, make in mutators.mutation_operators if make is not mutators.operator_string),
    (cst.BaseNumber, a_tenth_more),
    (cst.BaseNumber, one_less),
    (cst.SimpleString, no_text),
    (cst.Expr, left_out),
    (cst.Raise, left_out),
]


class _Places(cst.CSTVisitor):
    """All nodes that may be mutated, with their scope, the lines of their statement, first byte and length."""

    METADATA_DEPENDENCIES = (PositionProvider, ByteSpanPositionProvider)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[cst.CSTNode, str, tuple[int, ...], CodeSpan]] = []
        self.conditions: set[cst.CSTNode] = set()
        self._scope: list[str] = []
        self._lines: list[tuple[int, ...]] = [()]

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, NOT_MUTATED):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._scope.append(node.name.value)
        if isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            place = self.get_metadata(PositionProvider, node)
            head = place.end if isinstance(node, cst.SimpleStatementLine) else self._start_of_body(node)
            self._lines.append(tuple(range(place.start.line, head.line + 1)))
        if isinstance(node, cst.If | cst.While):
            self.conditions.add(node.test)
        span = self.get_metadata(ByteSpanPositionProvider, node, None)
        if span is not None:
            self.found.append((node, ".".join(self._scope), self._lines[-1], span))
        return True

    def _start_of_body(self, node: cst.BaseCompoundStatement) -> CodePosition:
        return self.get_metadata(PositionProvider, node.body).start

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._scope.pop()
        if isinstance(original_node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            self._lines.pop()


def mutants_of(file: str, source: str) -> Iterator[Mutant]:
    """Every mutant that is Python, in the order of the file."""
    places, code = _Places(), source.encode()
    MetadataWrapper(cst.parse_module(source)).visit(places)
    seen = {source}
    for node, scope, lines, span in places.found:
        start, end = span.start, span.start + span.length
        before, old, after = code[:start], code[start:end].decode(), code[end:]
        for new in _instead(node, old, node in places.conditions):
            text = before.decode() + new + after.decode()
            if text not in seen and _is_python(text):
                seen.add(text)
                yield Mutant(file, scope, *_changed(source, text), lines, text)


def _instead(node: cst.CSTNode, old: str, condition: bool) -> Iterator[str]:
    """What may stand in place of a node whose code is `old`."""
    if condition:
        yield f"not ({old})"
    for kind, make in OPERATORS:
        if isinstance(node, kind):
            for other in make(node):
                new = cst.Module([]).code_for_node(other)
                yield new if old[:1].isspace() else new.strip()


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _changed(source: str, text: str) -> tuple[str, str]:
    """The lines that differ, without their indentation and comments."""
    was, now = source.splitlines(), text.splitlines()
    while was and now and was[0] == now[0]:
        was, now = was[1:], now[1:]
    while was and now and was[-1] == now[-1]:
        was, now = was[:-1], now[:-1]
    return _joined(was), _joined(now)


def _joined(lines: list[str]) -> str:
    return GAP.join(line.partition("  # ")[0].strip() for line in lines)
