"""`rehab explain NAME`: a plug-in's equation, source and parameters; or a protocol as it is written."""

from __future__ import annotations

import argparse
from typing import Any

from rehab.cli.output import add_json, docstring, print_table, write_json

HELP = "explain a plug-in and its parameters, or show a protocol"
KINDS = ("controller", "exercise", "device", "patient", "simulator", "sensor")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help='for example "impedance", "reach" or "reach_active"')
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    found = _find(args.name)
    if args.json:
        write_json(found, args.json)
        return 0
    for number, entry in enumerate(found):
        if number:
            print()
        _print(entry)
    return 0


def _find(name: str) -> list[dict[str, Any]]:
    """Everything of that name, plain. Raises UnknownName."""
    from rehab.core import registry
    from rehab.core.errors import UnknownName
    from rehab.protocol.load import ready_protocols

    found = [_plugin(kind, name) for kind in KINDS if name in registry.names(kind)]
    ready = ready_protocols()
    if name in ready:
        found.append({"kind": "protocol", "name": name, "says": ready[name].read_text("utf-8")})
    if not found:
        known = [*ready, *(known for kind in KINDS for known in registry.names(kind))]
        raise UnknownName("plug-in or protocol", name, known)
    return found


def _plugin(kind: str, name: str) -> dict[str, Any]:
    from rehab.core import registry, units
    from rehab.core.parameters import Parameters

    plugin = registry.find(kind, name)
    entry: dict[str, Any] = {"kind": kind, "name": name, "says": docstring(plugin)}
    parameters = getattr(plugin, "parameters", None)
    if isinstance(parameters, Parameters):
        entry["parameters"] = [
            {
                "name": key,
                "unit": units.pretty(field.unit),
                "default": field.show(field.default),
                "allowed": field.allowed,
                "live": field.live,
                "says": field.says,
            }
            for key, field in parameters.items()
        ]
    return entry


def _print(entry: dict[str, Any]) -> None:
    if entry["kind"] == "protocol":
        print(
            entry["says"], end=""
        )  # as it is written: `rehab explain reach_active > mine.yaml` is a start of one's own
        return
    print(f"{entry['name']} ({entry['kind']})\n")
    print(entry["says"])
    if entry.get("parameters"):
        print()
        rows = [
            (p["name"], p["default"], p["allowed"], p["says"] + (" (may change while it runs)" if p["live"] else ""))
            for p in entry["parameters"]
        ]
        print_table(("parameter", "default", "allowed", ""), rows)
