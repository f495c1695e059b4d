"""`rehab list`: what is installed, one line each."""

from __future__ import annotations

import argparse

from rehab.cli.output import add_json, first_line, print_table, write_json

HELP = "list controllers, devices, exercises, protocols, patients, sensors, analyses"
KINDS = ("controllers", "devices", "exercises", "protocols", "patients", "sensors", "analyses")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", nargs="?", choices=KINDS, help="without it, all of them")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    kinds = [args.kind] if args.kind else list(KINDS)
    found = {kind: _entries(kind) for kind in kinds}
    if args.json:
        write_json({kind: [{"name": n, "says": s} for n, s in rows] for kind, rows in found.items()}, args.json)
        return 0
    for number, (kind, rows) in enumerate(found.items()):
        if number:
            print()
        print_table((kind, ""), rows)
    return 0


def _entries(kind: str) -> list[tuple[str, str]]:
    if kind == "protocols":
        from rehab.protocol.load import read_protocol, ready_protocols

        return [(name, read_protocol(name).title) for name in ready_protocols()]
    from rehab.core import address, registry

    singular = "analysis" if kind == "analyses" else kind.removesuffix("s")
    entries = [(name, _says(singular, name)) for name in registry.names(singular)]
    if kind == "sensors":
        entries += [(found, "can be used now") for found in _all_present(singular)]
    if kind == "devices":
        entries.append((address.EMULATOR, "A simulated device in a process of its own, behind a real serial line."))
        entries += [(found, "can be opened now") for found in _all_present(singular)]
    return sorted(entries)


def _all_present(kind: str) -> list[str]:
    from rehab.core import registry

    return [found for name in registry.names(kind) for found in _present(kind, name)]


def _present(kind: str, scheme: str) -> list[str]:
    """The addresses of that scheme that could be opened now: models to simulate, ports and joysticks that exist."""
    from rehab.core import registry
    from rehab.core.errors import BadInput

    try:
        addresses = getattr(registry.find(kind, scheme), "addresses", list)
    except BadInput:  # said in the line of the device itself
        return []
    return [found if ":" in found else f"{scheme}:{found}" for found in addresses()]


def _says(kind: str, name: str) -> str:
    from rehab.core import registry
    from rehab.core.errors import BadInput

    try:
        found = registry.find(kind, name)
        return str(found.says) if kind == "analysis" else first_line(found)
    except BadInput as error:  # one package that cannot be loaded must not hide the others
        return str(error)
