"""`rehab teach`: hold the limb, show a movement; it becomes an exercise file that protocols name."""

from __future__ import annotations

import argparse
import re
import select
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rehab.protocol.taught import Taught
    from rehab.session.session import Session

HELP = "teach a movement by hand: it becomes an exercise file"
LEAST = 0.02  # m of way, below which the hand has not moved


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="what the movement is called, for example comb")
    parser.add_argument("--device", default="sim:planar_arm", help="SCHEME:ADDRESS (default sim:planar_arm)")
    parser.add_argument("--patient", help="for simulated devices; therapist shows a movement (rehab list patients)")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--path", action="store_true", help="the whole way is noted down (default)")
    how.add_argument("--points", action="store_true", help="places: Enter, the switch or --every marks each")
    parser.add_argument("--seconds", type=float, default=20.0, help="time to show it in, 2 to 120 (default 20)")
    parser.add_argument("--every", type=float, default=0.0, metavar="S", help="with --points: one every S seconds")
    parser.add_argument("--tolerance", default="2 cm", help="how near is on the path, for those who follow it")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the exercise file (default: among the user's own)")
    parser.add_argument("--replace", action="store_true", help="a movement of that name may be replaced")
    parser.add_argument("--seed", type=int, help="of everything random; drawn when not given")
    parser.add_argument("--fast", action="store_true", help="simulated clock: as fast as this machine goes")
    parser.add_argument("--arm", action="store_true", help="arm without asking for the typed word (hardware)")


def run(args: argparse.Namespace) -> int:
    from rehab.protocol.taught import write_taught
    from rehab.session.session import Session

    target, tolerance = _checked(args)
    clock = "simulated" if args.fast else "real"
    session = Session(args.device, args.patient, seed=args.seed, clock=clock, by="rehab teach")
    with session:
        points = _record(session, args)
        model = session.info.model
    taught = _made(args, points, tolerance, model)
    write_taught(taught, target)
    _say(taught, target, args.name if args.out is None else str(args.out))
    return 0


def _checked(args: argparse.Namespace) -> tuple[Path, float]:
    """The file and the tolerance (m); whatever would be refused afterwards is refused before anything moves."""
    from rehab.core import units
    from rehab.core.errors import BadInput
    from rehab.protocol.taught import taught_root

    if not re.fullmatch(r"\w[\w-]{0,60}", args.name):
        raise BadInput(f'"{args.name}" is no name: letters, digits, _ and - only')
    if args.every and not args.points:
        raise BadInput("--every goes with --points: of a path every 5 mm is noted down")
    if args.out is not None and args.out.suffix not in (".yaml", ".yml"):
        raise BadInput(f"{args.out}: an exercise file ends in .yaml")
    target = args.out if args.out is not None else taught_root() / f"{args.name}.yaml"
    if target.exists() and not args.replace:
        raise BadInput(f"{target} is there already: choose another name, or --replace")
    try:
        return target, units.parse(args.tolerance, "m")
    except ValueError as error:
        raise BadInput(f'--tolerance: {error}; for example "2 cm"') from None


def _record(session: Session, args: argparse.Namespace) -> list[tuple[float, ...]]:
    """The points (m from home) in the order in which they were shown."""
    from rehab.cli.run import _ask_to_arm

    kind = "points" if args.points else "path"
    choices: dict[str, Any] = {"kind": kind, "seconds": args.seconds, "every": args.every}
    plan = session.prepare("teach", controller="transparent", trials=1, **choices)
    if not session.info.simulated and not args.arm:
        _ask_to_arm()
    session.arm()
    by_key = not args.fast and sys.stdin.isatty()
    if by_key:
        print("Enter marks a place; Ctrl-C stops." if args.points else "Enter ends it; Ctrl-C stops.", file=sys.stderr)
    points: list[tuple[float, ...]] = []
    for trial in session.follow(plan):
        for event in session.poll():
            if event.kind == "taught_point":
                points.append(tuple(event.data["x"]))
                print(f"\r{len(points)} points", end="", file=sys.stderr)
        if by_key and select.select([sys.stdin], [], [], 0.0)[0] and sys.stdin.readline():
            session.set("add_point" if args.points else "done", 1.0)
        if trial is not None:
            break
    print(file=sys.stderr)
    return points


def _made(args: argparse.Namespace, points: list[tuple[float, ...]], tolerance: float, model: str) -> Taught:
    """The path as it is kept: smoothed and simplified, or the places as they were marked."""
    from rehab.core.clock import wall_clock_iso
    from rehab.core.errors import BadInput
    from rehab.core.path import Path as Way
    from rehab.protocol.drawn import simplify, smooth
    from rehab.protocol.taught import Taught

    if len(set(points)) < 2 or Way(points).length < LEAST:
        helped = "; --patient therapist shows one on a simulated arm" if args.patient != "therapist" else ""
        raise BadInput(f"the hand did not move: there is nothing to keep{helped}")
    kept = tuple(points) if args.points else simplify(smooth(points))
    kind = "points" if args.points else "path"
    return Taught(
        name=args.name, points=kept, kind=kind, tolerance=tolerance, model=model, made=wall_clock_iso()[:10]
    )


def _say(taught: Taught, target: Path, called: str) -> None:
    from rehab.core.path import Path as Way
    from rehab.core.units import show

    called = called if "/" in called or not called.endswith((".yaml", ".yml")) else f"./{called}"
    length = show(Way(taught.points).length, "m")
    print(f"{taught.name}: {len(taught.points)} points, {length}, in {target}")
    print("in a protocol's block, instead of its exercise:")
    print(f"    trace: {{taught: {called}}}")
    print(f"    adl: {{taught: {called}}}")
