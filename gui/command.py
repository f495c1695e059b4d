"""`rehab gui`: the therapist's window. Nothing heavy is imported before it runs."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

HELP = "the therapist's window; --demo shows a whole session at once"
EXIT = "REHAB_GUI_EXIT"  # set to 1: a demonstration with --seconds closes its window by itself (tests, documentation)


def configure(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--demo", action="store_true", help="open, arm and start at once: simulated devices only")
    add(
        "--seconds",
        type=float,
        metavar="N",
        help="with --demo: end after N seconds of motion (default: with the protocol)",
    )
    add("--device", default="sim:planar_arm", metavar="D", help="SCHEME:ADDRESS (default: sim:planar_arm)")
    add("--patient", metavar="P", help="virtual patient who holds the arm (default: stroke at simulated devices)")
    add(
        "--protocol",
        default="reach_demo",
        metavar="NAME",
        help="a protocol file or the name of a ready one (default: reach_demo)",
    )
    add("--seed", type=int, metavar="N", help="of everything random; drawn and recorded when not given")
    add("--out", type=Path, metavar="DIR", help="folder in which the session's folder is made")
    add("--dark", action="store_true", help="light on dark")
    add("--screenshot", type=Path, metavar="FILE", help="with --demo: save the window as a PNG shortly before it ends")


def run(args: argparse.Namespace) -> int:
    from rehab.core.errors import BadInput

    if args.seconds is not None and not args.seconds > 0.0:
        raise BadInput(f"--seconds {args.seconds:g}: more than 0")
    if not args.demo and (args.seconds is not None or args.screenshot is not None):
        raise BadInput("--seconds and --screenshot go with --demo")
    if args.screenshot is not None and not args.screenshot.absolute().parent.is_dir():
        raise BadInput(f"--screenshot {args.screenshot}: there is no folder {args.screenshot.absolute().parent}")
    from gui.launch import launch
    from gui.viewmodels.run import Request
    from gui.viewmodels.start import SIMULATED

    simulated = args.device.partition(":")[0] in SIMULATED
    patient = args.patient or ("stroke" if simulated else None)
    return launch(
        Request(args.device, patient, args.protocol, args.seed, args.out),
        demo=args.demo,
        seconds=args.seconds,
        dark=args.dark,
        screenshot=args.screenshot,
        leave=args.seconds is not None and os.environ.get(EXIT) == "1",
    )
