"""The frame of a protocol file: the keys that are always the same. Anything else in it is refused.

    protocol: Reaching with assistance        its title
    version: 1                                the author's own count of changes
    device: planar_arm                        the model it is written for
    limits: {speed: 0.6 m/s, force: 30 N}     tighten what the device and the site allow
    blocks:
      - {name: training, reach: {radius: 10 cm}, controller: {impedance: {stiffness: 200 N/m}}, trials: 80}

A block holds, beside the keys of BlockFrame, one key that is the name of an exercise, with the exercise's parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from rehab.core.errors import Finding

MOST_TRIALS = 2000


class Frame(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class BlockFrame(Frame):
    """One block, without its exercise."""

    name: str = Field(min_length=1, max_length=80, description='a short name of its own, for example "training"')
    trials: int = Field(ge=1, le=MOST_TRIALS, description=f"a whole number from 1 to {MOST_TRIALS}")
    mode: str | None = Field(None, description="the name of a training mode")
    controller: Any = Field(None, description="the name of a controller, or {name: {parameters}}")
    limits: Any = Field({}, description='limits of this block, for example "{force: 20 N}"')


class ProtocolFrame(Frame):
    """The whole file."""

    protocol: str = Field(min_length=1, max_length=200, description="its title, in words")
    version: int = Field(ge=1, description="a whole number, 1 at first")
    device: str = Field(min_length=1, description='the model of the device, for example "planar_arm"')
    blocks: list[dict[str, Any]] = Field(
        min_length=1, max_length=200, description='a list; each block begins with "- name: "'
    )
    limits: Any = Field({}, description='limits of the whole protocol, for example "{force: 30 N}"')


_WORDS = {
    "missing": "is missing",
    "string_type": '"{value}" is not a text; put quotes around it',
    "string_too_short": "is empty",
    "string_too_long": "is too long",
    "int_type": '"{value}" is not a whole number',
    "greater_than_equal": '"{value}" is too small',
    "less_than_equal": '"{value}" is too large',
    "list_type": "is not a list",
    "too_short": "is empty",
    "too_long": "has too many entries",
    "dict_type": '"{value}" is not a block with keys',
}


def frame_findings(
    frame: type[Frame], written: Mapping[str, Any], where: str, more: Sequence[str] = ()
) -> list[Finding]:
    """What is wrong with the keys of a frame, in words. `more`: other names that a wrong key may have meant."""
    try:
        frame.model_validate(dict(written))
    except ValidationError as error:
        return [_finding(frame, found, where, more) for found in error.errors(include_url=False)]
    return []


def unknown_key(name: str, where: str, known: Sequence[str]) -> Finding:
    near = get_close_matches(name, known, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    path = f"{where}.{name}" if where else name
    return Finding(path, f'unknown key "{name}"{hint}', "known: " + ", ".join(known), value=name)


def _finding(frame: type[Frame], error: ErrorDetails, where: str, more: Sequence[str]) -> Finding:
    first = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        return unknown_key(first, where, [*frame.model_fields, *more])
    path = where
    for step in error["loc"]:
        path = f"{path}[{step}]" if isinstance(step, int) else f"{path}.{step}".lstrip(".")
    value = str(error["input"]) if isinstance(error["input"], str | int | float) else ""
    words = _WORDS.get(error["type"], error["msg"])
    return Finding(path, words.replace("{value}", value), frame.model_fields[first].description or "", value=value)
