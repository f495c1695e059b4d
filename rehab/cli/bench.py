"""`rehab bench`: the product's figures on this machine, beside peers where they are installed."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

HELP = "measure loop, tick, simulation, link, recording and window on this machine"
CHOICES = ("loop", "tick", "sim", "link", "record")
ASKED = (*CHOICES, "gui")  # gui opens a window: only when it is asked for


def _known(word: str) -> str:
    """Not `choices`: with "*" argparse holds the empty default against them."""
    if word not in ASKED:
        raise argparse.ArgumentTypeError(f'"{word}" is none of {", ".join(ASKED)}')
    return word


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="*", type=_known, default=[], metavar="{" + ",".join(ASKED) + "}",
        help="default: all but gui, which runs the demonstration twice, with and without its window",
    )
    parser.add_argument("--seconds", type=float, default=10.0, help="about how long each takes, default 10")
    parser.add_argument("--json", nargs="?", const="-", metavar="FILE", help="as JSON, to a file or to the terminal")


def run(args: argparse.Namespace) -> int:
    from rehab.session.bench import gui, link, loop, record, tick

    benches = {"tick": tick.tick, "sim": tick.sim, "link": link.run, "record": record.run, "loop": loop.run,
               "gui": gui.run}
    found: dict[str, list[dict[str, Any]]] = {}
    for name in benches:
        if name in (args.what or CHOICES):
            print(f"measuring {name} ...", file=sys.stderr, flush=True)
            found[name] = benches[name](args.seconds)
    if args.json == "-":
        print(json.dumps(found, indent=2))
        return 0
    if args.json:
        Path(args.json).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    for name, rows in found.items():
        for row in rows:
            print(f"{name}: {row['what']}")
            for key, value in row.items():
                if key != "what":
                    print(f"    {key:18} {value}")
    return 0
