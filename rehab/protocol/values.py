"""How single values are written in a protocol, beside a plug-in's own parameters: ranges, counts, comparisons.

    400..800 ms      a range: one unit serves both ends; "4.." and "..600 ms" leave an end open
    40 trials        a count of trials
    ">= 5"           a comparison

Each has what a Parameter has: `parse` (raises ValueError in words), `allowed` (in words) and here `schema`, what an
editor is told. `Of` lets pydantic read a field of a frame by any of them, so that a file's frames and the parameters of
plug-ins speak with one voice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, Protocol

from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from rehab.core import units
from rehab.core.parameters import Parameter

ARM = r"^\$arm\.[A-Za-z_]\w*$"  # a value that each arm of a study has its own of
QUANTITY = r"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*[A-Za-zµ°%]"
OPERATORS = (">=", "<=", ">", "<")
PART = "x-part"  # in a frame's schema: the name of a part that has a schema of its own
SAID = "said"  # the type of an error that brings its own words
_BOUND = re.compile(r"\s*(>=|<=|>|<)\s*([-+]?\d+(?:\.\d+)?)\s*$")
_NUMBER = re.compile(r"\s*[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*")


class Kind(Protocol):
    """A way to write a value."""

    @property
    def allowed(self) -> str: ...

    def parse(self, value: Any) -> Any: ...


@dataclass(frozen=True)
class Span:
    """A range, both ends in it, as [least, most] in SI. `end` is what one end may be; an open end is that of `end`, or
    None where it has none. `single`: one value may stand instead, and stays one value."""

    end: Parameter
    single: bool = False

    def parse(self, value: Any) -> Any:
        if not isinstance(value, str) or ".." not in value:
            if self.single:
                return self.end.parse(value)
            raise ValueError(f'"{value}" is not a range')
        left, right = (part.strip() for part in value.split("..", 1))
        if not left and not right:
            raise ValueError(f'"{value}" has no end')
        if self.end.unit and not _unit(right or left):
            raise ValueError(f'"{value}" has no unit')
        if left and right and not _unit(left):
            left = f"{left} {_unit(right)}".strip()
        least = self._end(left, value) if left else self.end.least
        most = self._end(right, value) if right else self.end.most
        if least is not None and most is not None and least > most:
            raise ValueError(f'"{value}" ends before it begins')
        return [least, most]

    def _end(self, text: str, whole: str) -> Any:
        if self.end.kind != "integer":
            return self.end.parse(text)
        if not re.fullmatch(r"[-+]?\d+", text):
            raise ValueError(f'"{whole}" is not a range of whole numbers')
        return self.end.parse(int(text))

    @property
    def allowed(self) -> str:
        if self.end.kind == "integer":
            return f'a range of whole numbers from {units.show(float(self.end.least or 0), "")}, for example "4.."'
        what = f"{self.end.allowed}, or a range of it" if self.single else f"a range: {self.end.allowed} each end"
        return f'{what}, for example "{_example(self.end)}"'


@dataclass(frozen=True)
class Counted:
    """A number of trials, "40 trials": the word is asked for as a unit is."""

    most: int

    def parse(self, value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            raise ValueError(f'"{value}" has no unit')
        found = re.fullmatch(r"\s*(\d{1,9})\s+trials?\s*", value) if isinstance(value, str) else None
        if found is None:
            raise ValueError(f'"{value}" is not a number of trials')
        count = int(found[1])
        if count > self.most:
            raise ValueError(f'"{value}" is too large')
        return count

    @property
    def allowed(self) -> str:
        return f'0 to {self.most} trials, for example "40 trials"'


@dataclass(frozen=True)
class Compared:
    """A comparison with a number between two, ">= 5", as (operator, number)."""

    least: float
    most: float

    def parse(self, value: Any) -> tuple[str, float]:
        found = _BOUND.match(value) if isinstance(value, str) else None
        if found is None:
            raise ValueError(f'"{value}" is not a comparison')
        number = float(found[2])
        if not (isfinite(number) and self.least <= number <= self.most):
            raise ValueError(f'"{value}" is outside the scale')
        return found[1], number

    @property
    def allowed(self) -> str:
        return f'{", ".join(OPERATORS)} and a number from {self.least:g} to {self.most:g}, for example ">= 5"'


@dataclass(frozen=True)
class HowMany:
    """A number of trials, or {table: FILE}: every trial as a row of a table has it."""

    most: int

    def parse(self, value: Any) -> int | str:
        if isinstance(value, Mapping):
            if set(value) != {"table"} or not isinstance(value["table"], str):
                raise ValueError("is neither a number of trials nor a table")
            return value["table"]
        return int(self._number.parse(value))

    @property
    def _number(self) -> Parameter:
        return Parameter("integer", 1, least=1, most=self.most)

    @property
    def allowed(self) -> str:
        return f"{self._number.allowed}, or {{table: trials.csv}}"


@dataclass(frozen=True)
class Seed:
    """Whose order of trials it is: "participant", everybody an own one, or a number, the same for all."""

    def parse(self, value: Any) -> str | int:
        if value == "participant":
            return "participant"
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise ValueError(f'"{value}" is no seed')

    @property
    def allowed(self) -> str:
        return "participant, or a whole number"


class Of:
    """For `Annotated[Any, Of(kind)]` in a frame: the field is read by that kind."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return schema(self.kind)

    def _read(self, value: Any) -> Any:
        try:
            return self.kind.parse(value)
        except ValueError as error:
            # the words are data, not a template: pydantic would look for {} in them
            raise PydanticCustomError(SAID, "said", {"words": str(error), "allowed": self.kind.allowed}) from error


class Reference:
    """For `Annotated[Any, Reference(name)]`: anything, read elsewhere; an editor finds it under #/$defs/name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.any_schema()

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {PART: self.name}


def schema(kind: Kind) -> dict[str, Any]:
    """JSON Schema of how a kind is written. A unit is asked for; what it must be is in the description, since a schema
    cannot convert."""
    match kind:
        case Span():
            one = [_schema(kind.end)] if kind.single else []
            found: dict[str, Any] = {"anyOf": [*one, {"type": "string", "pattern": r"\.\."}]}
        case Counted():
            found = {"type": "string", "pattern": r"^\s*[0-9]+\s+trials?\s*$"}
        case Compared():
            found = {"type": "string", "pattern": _BOUND.pattern.replace(r"\d", "[0-9]").replace("(?:", "(")}
        case Seed():
            found = {"anyOf": [{"const": "participant"}, {"type": "integer", "minimum": 0}]}
        case HowMany():
            table = {"type": "object", "properties": {"table": {"type": "string"}}, "required": ["table"]}
            found = {"anyOf": [_schema(kind._number), {**table, "additionalProperties": False}]}
        case Parameter():
            found = _schema(kind)
            if kind.says:
                return {**found, "description": f"{kind.says}: {kind.allowed}"}
        case _:
            found = {}
    return {**found, "description": kind.allowed}


def _schema(parameter: Parameter) -> dict[str, Any]:
    of_arm = {"type": "string", "pattern": ARM}
    bounds = {"minimum": parameter.least, "maximum": parameter.most}
    inside = {key: value for key, value in bounds.items() if value is not None and abs(value) < inf}
    match parameter.kind:
        case "quantity":
            return {"type": "string", "anyOf": [{"pattern": QUANTITY}, {"pattern": ARM}]}
        case "number":
            return {"anyOf": [{"type": "number", **inside}, of_arm]}
        case "integer":
            return {"anyOf": [{"type": "integer", **inside}, of_arm]}
        case "choice":
            return {"anyOf": [{"enum": list(parameter.choices)}, of_arm]}
        case "flag":
            return {"anyOf": [{"type": "boolean"}, of_arm]}
        case _:
            return {"type": "string"}


def _unit(text: str) -> str:
    return _NUMBER.sub("", text, count=1)


def _example(end: Parameter) -> str:
    return f"400..800 {'ms' if end.unit == 's' else units.pretty(end.unit)}".strip()
