"""What an editor is told of protocols: a JSON Schema (2020-12) from the frames and parameter tables that read them.

    # yaml-language-server: $schema=protocol.schema.json

It knows the plug-ins that are installed. A schema can ask for a unit, but not convert one: ranges of quantities stand
in the descriptions, and `rehab check` has the last word.
"""

from __future__ import annotations

from typing import Any

from rehab.core import registry
from rehab.core.errors import BadInput
from rehab.core.parameters import Parameters
from rehab.protocol.frames import (
    PHASES,
    QUESTIONS,
    SCALES,
    AskFrame,
    CursorFrame,
    DesignFrame,
    HandPulse,
    InsertFrame,
    JointPulse,
    OrderFrame,
    PauseFrame,
    RedoFrame,
)  # fmt: skip
from rehab.protocol.limits import IN_PROTOCOLS
from rehab.protocol.modes import available
from rehab.protocol.schema import BlockFrame, Frame, ProtocolFrame
from rehab.protocol.special import CROSSED, NONE
from rehab.protocol.values import PART, schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ONE = {"minProperties": 1, "maxProperties": 1, "additionalProperties": False}


def protocol_schema() -> dict[str, Any]:
    """The schema of a protocol file."""
    whole = _frame(ProtocolFrame)
    always = whole.pop("required")
    whole["properties"]["blocks"] |= {"items": {"$ref": "#/$defs/block"}}
    research = {"properties": {"profile": {"const": "research"}}, "required": ["profile"]}
    return {
        "$schema": DIALECT,
        "title": "A protocol of rehab",
        **whole,
        "if": research,
        "then": {"required": ["blocks"]},
        "else": {"required": always},
        "$defs": {"block": _block(), **_parts()},
    }


def _block() -> dict[str, Any]:
    block = _frame(BlockFrame)
    block["properties"]["mode"] = {"enum": sorted(available()), "description": "a training mode"}
    for name, parameters, says in _plugins("exercise"):
        block["properties"][name] = _parameters(parameters) | {"description": says}
    return block


def _parts() -> dict[str, Any]:
    controllers = {
        name: _parameters(parameters) | {"description": says} for name, parameters, says in _plugins("controller")
    }
    controller = {"anyOf": [{"enum": sorted(controllers)}, {"type": "object", "properties": controllers, **ONE}]}
    phases = {name: _frame(frame) for name, frame in PHASES.items()}
    crossed = {name: {"type": "array", "minItems": 2} for name in ("say", *CROSSED)}
    questions = {name: _frame(AskFrame) for name in QUESTIONS}
    return {
        "controller": controller,
        "dynamics": {"anyOf": [{"const": NONE}, {"$ref": "#/$defs/controller"}]},
        "limits": _parameters(IN_PROTOCOLS),
        "trial": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": phases, **ONE}},
        "order": _frame(OrderFrame),
        "redo": _frame(RedoFrame),
        "pause": _frame(PauseFrame),
        "cursor": _frame(CursorFrame),
        "insert": {"type": "object", "minProperties": 1, "additionalProperties": _frame(InsertFrame)},
        "perturb": {"anyOf": [_frame(JointPulse), _without(_frame(HandPulse), "direction")]},
        "cross": {"type": "object", "minProperties": 1, "properties": crossed, "additionalProperties": False},
        "ask": {
            "anyOf": [
                {"type": "array", "minItems": 1, "items": {"enum": list(QUESTIONS)}},
                {"type": "object", "minProperties": 1, "properties": questions, "additionalProperties": False},
            ]
        },
        "design": _frame(DesignFrame),
        "stop_if": {
            "type": "object",
            "minProperties": 1,
            "properties": {name: schema(scale) for name, scale in SCALES.items()},
            "additionalProperties": False,
        },
    }


def _frame(frame: type[Frame]) -> dict[str, Any]:
    """A frame's own schema, its nested frames inside it, its parts as references."""
    found = frame.model_json_schema(by_alias=True)
    inner = found.pop("$defs", {})
    plain: dict[str, Any] = _resolved(found, inner)
    return plain


def _resolved(value: Any, inner: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_resolved(entry, inner) for entry in value]
    if not isinstance(value, dict):
        return value
    if PART in value:
        return {"$ref": f"#/$defs/{value[PART]}"} | ({"description": d} if (d := value.get("description")) else {})
    if "$ref" in value:
        return _resolved(inner[value["$ref"].rpartition("/")[2]], inner)
    # titles are Python's names, and a default of null means that there is none
    kept = {key: part for key, part in value.items() if key != "title" and not (key == "default" and part is None)}
    return {key: _resolved(part, inner) for key, part in kept.items()}


def _without(frame: dict[str, Any], key: str) -> dict[str, Any]:
    """The frame without asking for a key: crossed factors may give it."""
    return frame | {"required": [name for name in frame.get("required", []) if name != key]}


def _parameters(parameters: Parameters) -> dict[str, Any]:
    properties = {name: schema(parameter) for name, parameter in parameters.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _plugins(kind: str) -> list[tuple[str, Parameters, str]]:
    """Name, parameters and first words of every plug-in that can be loaded and says what it takes."""
    found = []
    for name in registry.names(kind):
        try:
            plugin = registry.find(kind, name)
        except BadInput:  # `rehab list` says why
            continue
        if isinstance(getattr(plugin, "parameters", None), Parameters):
            found.append((name, plugin.parameters, (plugin.__doc__ or "").strip().partition("\n")[0]))
    return found
