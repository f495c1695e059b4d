"""Does what a protocol asks for fit the device? Each exercise and controller is built once, as the session will."""

from __future__ import annotations

from typing import Any, NamedTuple

from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings, RehabError


class Chosen(NamedTuple):
    """A plug-in that is asked for, with its parameters in SI; `where` is the path of what asks for it."""

    kind: str
    name: str
    parameters: dict[str, Any]
    where: str


def unfit(chosen: Chosen, info: DeviceInfo) -> list[Finding]:
    """Why this device cannot do it; empty when it can. Fields are paths such as blocks[0].reach.radius."""
    return built(chosen, info)[1]


def built(chosen: Chosen, info: DeviceInfo) -> tuple[Any, list[Finding]]:
    """The plug-in for this device, or None and why it cannot be."""
    kind, name, parameters, where = chosen
    try:
        return registry.find(kind, name)(info, **parameters), []
    except Findings as error:
        return None, [found._replace(field=_path(found.field, name, where)) for found in error.findings]
    except RehabError as error:
        return None, [Finding(where, str(error))]
    except Exception as error:  # anybody's constructor: whatever it raises is a reason not to start, told with its name
        said = f'{kind} "{name}" cannot be built for {info.model}: {type(error).__name__}: {error}'
        return None, [Finding(where, said)]


def places_of(exercise: Any) -> int:
    """How many different targets a built exercise has to choose from; 0 when it does not say."""
    return int(getattr(exercise, "places", 0))


def _path(field: str, name: str, where: str) -> str:
    """A plug-in names its own parameters ("radius", or "reach.radius"); the path in the protocol goes before."""
    inside = field.removeprefix(f"{name}.") if field != name else ""
    return f"{where}.{inside}" if inside else where
