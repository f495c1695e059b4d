"""The frame of a protocol file: the keys that are always the same. Anything else in it is refused.

    protocol: Reaching with assistance        its title
    version: 1                                the author's own count of changes
    device: planar_arm                        the model it is written for
    limits: {speed: 0.6 m/s, force: 30 N}     tighten what the device and the site allow
    blocks:
      - {name: training, reach: {radius: 10 cm}, controller: {impedance: {stiffness: 200 N/m}}, trials: 80}

A block holds, beside the keys of BlockFrame, one key that is the name of an exercise, with the exercise's parameters.
What belongs to studies (phases, dynamics, inserts, arms) has frames of its own in rehab.protocol.frames; a block's
`trial`, `order`, `redo` and `pause` stand above the protocol's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from rehab.core.errors import Finding
from rehab.core.parameters import choice, integer
from rehab.protocol.values import SAID, HowMany, Kind, Of, Reference

MOST_TRIALS = 2000
PROFILES = ("therapy", "research")
ACCEPTABLE = ("channel_leakage",)  # what `rehab check` refuses unless the protocol accepts it by name
_COUNT = integer(10, least=1, most=MOST_TRIALS, says="how often each comes")


class Frame(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class BlockFrame(Frame):
    """One block, without its exercise."""

    name: str = Field(min_length=1, max_length=80, description='a short name of its own, for example "training"')
    trials: Annotated[Any, Of(HowMany(MOST_TRIALS))] = None
    each_target: Annotated[Any, Of(_COUNT)] = None
    each_cell: Annotated[Any, Of(_COUNT)] = None
    mode: str | None = Field(None, description="the name of a training mode")
    controller: Annotated[Any, Reference("controller")] = Field(
        None, description="the name of a controller, or {name: {parameters}}"
    )
    limits: Annotated[Any, Reference("limits")] = Field(
        {}, description='limits of this block, for example "{force: 20 N}"'
    )
    dynamics: Annotated[Any, Reference("dynamics")] = None
    insert: Annotated[Any, Reference("insert")] = None
    cross: Annotated[Any, Reference("cross")] = None
    perturb: Annotated[Any, Reference("perturb")] = None
    cursor: Annotated[Any, Reference("cursor")] = None
    trial: Annotated[Any, Reference("trial")] = None
    order: Annotated[Any, Reference("order")] = None
    redo: Annotated[Any, Reference("redo")] = None
    pause: Annotated[Any, Reference("pause")] = None
    show: str | None = Field(
        None, min_length=1, description="a text, or the name of a .md or .txt file beside this one"
    )
    until: Annotated[Any, Of(choice("key", ("key", "answers"), says="what ends the page"))] = None
    ask: Annotated[Any, Reference("ask")] = None
    say: str = Field("", max_length=200, description="what the participant is told before each trial")


class ProtocolFrame(Frame):
    """The whole file."""

    protocol: str = Field(min_length=1, max_length=200, description="its title, in words")
    version: int = Field(ge=1, description="a whole number, 1 at first")
    device: str = Field(min_length=1, description='the model of the device, for example "planar_arm"')
    blocks: list[dict[str, Any]] = Field(
        min_length=1, max_length=200, description='a list; each block begins with "- name: "'
    )
    limits: Annotated[Any, Reference("limits")] = Field(
        {}, description='limits of the whole protocol, for example "{force: 30 N}"'
    )
    profile: Annotated[Any, Of(choice("therapy", PROFILES, says="who it is for"))] = "therapy"
    design: Annotated[Any, Reference("design")] = None
    trial: Annotated[Any, Reference("trial")] = None
    order: Annotated[Any, Reference("order")] = None
    redo: Annotated[Any, Reference("redo")] = None
    pause: Annotated[Any, Reference("pause")] = None
    stop_if: Annotated[Any, Reference("stop_if")] = None
    accept: list[Annotated[Any, Of(choice("channel_leakage", ACCEPTABLE, says="what is accepted"))]] = Field(
        [], description="a list of " + ", ".join(ACCEPTABLE)
    )


class ResearchFrame(ProtocolFrame):
    """Of `profile: research`: a study may be written without a title of its own, and for any device that can do it."""

    protocol: str = Field("", min_length=1, max_length=200, description="its title, in words")
    version: int = Field(1, ge=1, description="a whole number, 1 at first")
    device: str = Field("", min_length=1, description='the model of the device, for example "planar_arm"')


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
    "model_type": '"{value}" is not a set of keys',
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


def read_part(frame: type[Frame], written: Any, where: str, findings: list[Finding]) -> dict[str, Any] | None:
    """A part of a protocol: its values in SI by the keys of the file, what nobody wrote at its default or left out
    where it has none. None, with findings, when anything is wrong."""
    if not isinstance(written, Mapping):
        keys = ", ".join(f"{key}: ..." for key in _keys(frame))
        findings.append(Finding(where, f'"{written}" is not a set of keys', f"{{{keys}}}", value=str(written)))
        return None
    wrong = frame_findings(frame, written, where)
    findings += wrong
    return None if wrong else frame.model_validate(dict(written)).model_dump(by_alias=True, exclude_none=True)


def unknown_key(name: str, where: str, known: Sequence[str]) -> Finding:
    near = get_close_matches(name, known, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    path = f"{where}.{name}" if where else name
    return Finding(path, f'unknown key "{name}"{hint}', "known: " + ", ".join(known), value=name)


def _finding(frame: type[Frame], error: ErrorDetails, where: str, more: Sequence[str]) -> Finding:
    path, inner, field = where, frame, None
    for step in error["loc"]:
        parent = path
        path = f"{path}[{step}]" if isinstance(step, int) else f"{path}.{step}".lstrip(".")
        if isinstance(step, str):
            owner, field = inner, _keys(inner).get(step)
            inner = _frame_in(field) or inner
    last = str(error["loc"][-1])
    if error["type"] == "extra_forbidden":
        return unknown_key(last, parent, [*_keys(owner), *(more if owner is frame else ())])
    value = str(error["input"]) if isinstance(error["input"], str | int | float) else ""
    if error["type"] == SAID:
        said = error["ctx"]
        return Finding(path, said["words"], said["allowed"], value=value)
    words = _WORDS.get(error["type"], error["msg"])
    return Finding(path, words.replace("{value}", value), _allowed(field), value=value)


def _keys(frame: type[Frame]) -> dict[str, FieldInfo]:
    """The fields of a frame by their keys in the file: "for" is no name in Python."""
    return {field.alias or name: field for name, field in frame.model_fields.items()}


def kinds_of(frame: type[Frame]) -> dict[str, Kind]:
    """How each key of a frame is written, of those that are single values."""
    found = {
        key: next((of.kind for of in field.metadata if isinstance(of, Of)), None) for key, field in _keys(frame).items()
    }
    return {key: kind for key, kind in found.items() if kind is not None}


def _frame_in(field: FieldInfo | None) -> type[Frame] | None:
    annotation = None if field is None else field.annotation
    return next((a for a in (annotation, *get_args(annotation)) if isinstance(a, type) and issubclass(a, Frame)), None)


def _allowed(field: FieldInfo | None) -> str:
    if field is None:
        return ""
    return field.description or next((of.kind.allowed for of in field.metadata if isinstance(of, Of)), "")
