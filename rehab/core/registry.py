"""Name -> plug-in, from entry points: ours and third parties' alike. The core has no favourites.

Functions that a user decorates with `@controller` or `@exercise` are found under the same names, in their own process.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from rehab.core.errors import BadInput, UnknownName

KINDS = {
    "controller": "rehab.controllers",
    "device": "rehab.devices",
    "exercise": "rehab.exercises",
    "simulator": "rehab.simulators",
    "patient": "rehab.patients",
    "sensor": "rehab.sensors",
    "command": "rehab.commands",
    "analysis": "rehab.measures",
}
_local: dict[tuple[str, str], Any] = {}


@cache
def _installed(kind: str) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=KINDS[kind])}


def names(kind: str) -> list[str]:
    """Everything of that kind, sorted, without importing any of it."""
    return sorted({*_installed(kind), *(name for k, name in _local if k == kind)})


def find(kind: str, name: str) -> Any:
    """The plug-in of that name. Raises UnknownName, or BadInput when its package cannot be imported."""
    if (kind, name) in _local:
        return _local[kind, name]
    point = _installed(kind).get(name)
    if point is None:
        raise UnknownName(kind, name, names(kind))
    try:
        return point.load()
    except ImportError as error:
        raise BadInput(f'{kind} "{name}" ({point.value}) cannot be loaded: {error}') from error


def is_installed(kind: str, name: str) -> bool:
    """Whether a package brings it, so that every process of a session finds the same."""
    return name in _installed(kind)


def add_local(kind: str, name: str, plugin: Any) -> None:
    """Make a plug-in known in this process only."""
    _local[kind, name] = plugin


def local(kind: str, name: str) -> Any | None:
    """The plug-in if it was defined in this process, for example in a user's script."""
    return _local.get((kind, name))
