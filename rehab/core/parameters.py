"""A plug-in's parameters as data: the form in the window, the YAML schema and `rehab explain` all come from here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from rehab.core import units
from rehab.core.errors import Finding, Findings


@dataclass(frozen=True)
class Parameter:
    """One parameter. `kind` is quantity, number, integer, choice, flag or text; values are SI once parsed."""

    kind: str
    default: Any
    unit: str = ""  # SI, "" for dimensionless
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    says: str = ""  # one line for people
    live: bool = False  # may be changed while the session runs

    def parse(self, value: Any) -> Any:
        """The SI value of what a person wrote. Raises ValueError in words when it is not allowed."""
        match self.kind:
            case "quantity" | "number":
                parsed = units.parse(value, self.unit)
                self._inside(parsed, value)
                return parsed
            case "integer":
                if isinstance(value, bool) or not isinstance(value, int):
                    raise ValueError(f'"{value}" is not a whole number')
                self._inside(value, value)
                return value
            case "choice":
                if value not in self.choices:
                    near = get_close_matches(str(value), self.choices, n=1)
                    raise ValueError(
                        f'"{value}" is not one of these' + (f'; did you mean "{near[0]}"?' if near else "")
                    )
                return value
            case "flag":
                if not isinstance(value, bool):
                    raise ValueError(f'"{value}" is neither true nor false')
                return value
            case _:
                if not isinstance(value, str):
                    raise ValueError(f'"{value}" is not a text')
                return value

    def _inside(self, parsed: float, written: Any) -> None:
        if self.least is not None and parsed < self.least:
            raise ValueError(f'"{written}" is too small')
        if self.most is not None and parsed > self.most:
            raise ValueError(f'"{written}" is too large')

    @property
    def allowed(self) -> str:
        """What is allowed, in words: "a length from 1 cm to 35 cm"."""
        if self.kind == "choice":
            return "one of " + ", ".join(self.choices)
        if self.kind == "flag":
            return "true or false"
        if self.kind == "text":
            return "a text"
        what = "a whole number" if self.kind == "integer" else units.a_quantity_of(self.unit)
        least = None if self.least is None else units.show(self.least, self.unit)
        most = None if self.most is None else units.show(self.most, self.unit)
        if least is not None and most is not None:
            return f"{what} from {least} to {most}"
        if least is not None:
            return f"{what}, {least} or more"
        return f"{what} up to {most}" if most is not None else what

    def show(self, value: Any) -> str:
        """A parsed value as people read it."""
        if self.kind in ("quantity", "number"):
            return units.show(float(value), self.unit)
        return str(value).lower() if self.kind == "flag" else str(value)


def quantity(
    default: str, *, unit: str, least: str | None = None, most: str | None = None, says: str = "", live: bool = False
) -> Parameter:
    """A physical quantity; people must write its unit. `unit` is the SI unit it is kept in, for example "N/m"."""
    return Parameter(
        "quantity",
        units.parse(default, unit),
        unit,
        None if least is None else units.parse(least, unit),
        None if most is None else units.parse(most, unit),
        says=says,
        live=live,
    )


def number(
    default: float, *, least: float | None = None, most: float | None = None, says: str = "", live: bool = False
) -> Parameter:
    """A dimensionless number."""
    return Parameter("number", float(default), "", least, most, says=says, live=live)


def integer(default: int, *, least: int | None = None, most: int | None = None, says: str = "") -> Parameter:
    """A whole number."""
    return Parameter("integer", default, "", least, most, says=says)


def choice(default: str, choices: tuple[str, ...], *, says: str = "") -> Parameter:
    """One of a few words."""
    return Parameter("choice", default, choices=choices, says=says)


def flag(default: bool, *, says: str = "") -> Parameter:
    """True or false."""
    return Parameter("flag", default, says=says)


def text(default: str, *, says: str = "") -> Parameter:
    """Free text."""
    return Parameter("text", default, says=says)


def inferred(value: Any, *, live: bool = False) -> Parameter:
    """The parameter whose default is `value`, as a keyword of a decorator gives it: "200 N/m", a number, a flag, or a
    Parameter, which stays as it is. Numbers and quantities are `live` when asked. Raises ValueError for the rest."""
    if isinstance(value, Parameter):
        return value
    if isinstance(value, bool):
        return flag(value)
    if isinstance(value, int | float):
        return number(value, live=live)
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is none of: a quantity such as '200 N/m', a number, True or False, a Parameter")
    return quantity(value, unit=units.unit_of(value), live=live)


class Parameters(Mapping[str, Parameter]):
    """The parameters of one plug-in, by name, in order."""

    def __init__(self, **fields: Parameter) -> None:
        self._fields = fields

    def __getitem__(self, name: str) -> Parameter:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def defaults(self) -> dict[str, Any]:
        return {name: field.default for name, field in self._fields.items()}

    def parse(self, written: Mapping[str, Any], *, where: str = "") -> tuple[dict[str, Any], list[Finding]]:
        """SI values of everything (defaults filled in), and all findings at once; `where` prefixes their field."""
        values, findings = self.defaults(), []
        for name, value in written.items():
            path = f"{where}.{name}" if where else str(name)
            field = self._fields.get(name)
            if field is None:
                findings.append(self._unknown(str(name), path, value))
                continue
            try:
                values[name] = field.parse(value)
            except ValueError as error:
                findings.append(Finding(path, str(error), field.allowed, value=str(value)))
        return values, findings

    def complete(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """SI values of everything, from SI values of some: what a plug-in's constructor is given. Raises Findings for
        names that are not its own."""
        unknown = [self._unknown(name, name, value) for name, value in values.items() if name not in self._fields]
        if unknown:
            raise Findings(unknown)
        return {**self.defaults(), **values}

    def _unknown(self, name: str, path: str, value: Any) -> Finding:
        near = get_close_matches(name, list(self._fields), n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        known = "known: " + ", ".join(self._fields) if self._fields else "it has no parameters"
        return Finding(path, f"unknown parameter{hint}", known, value=str(value))
