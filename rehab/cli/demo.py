"""`rehab demo`: a whole session on the simulated arm with a virtual patient, in a window or live in the terminal."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

HELP = "a whole session on the simulated arm: motion, recording, report"
PROTOCOL, DEVICE, PATIENT = "reach_demo", "sim:planar_arm", "stroke"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--headless", action="store_true", help="live in the terminal even if there is a screen")
    parser.add_argument("--seconds", type=float, help="end after this long (default: when the protocol ends)")
    parser.add_argument("--out", type=Path, help="folder in which the session's folder is made")
    parser.add_argument(
        "--device", default=DEVICE, help=f"default {DEVICE}; also emulator:planar_arm, over a serial line"
    )
    parser.add_argument("--patient", default=PATIENT, help=f"virtual patient, default {PATIENT}")
    parser.add_argument("--seed", type=int, default=1, help="of everything random, default 1")


def run(args: argparse.Namespace) -> int:
    screen = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if screen and not args.headless:
        return _window(args)
    from rehab.cli.run import run_session
    from rehab.session.session import Session

    session = Session(args.device, args.patient, seed=args.seed, out=args.out, by="rehab demo")
    return run_session(session, PROTOCOL, seconds=args.seconds)


def _window(args: argparse.Namespace) -> int:
    """The window is a command of its own, found by name like any other package's."""
    from rehab.core import registry

    module = registry.find("command", "gui")
    parser = argparse.ArgumentParser("rehab gui")
    module.configure(parser)
    words = [
        "--demo",
        "--device",
        args.device,
        "--patient",
        args.patient,
        "--protocol",
        PROTOCOL,
        "--seed",
        str(args.seed),
    ]
    if args.seconds is not None:
        words += ["--seconds", str(args.seconds)]
    if args.out is not None:
        words += ["--out", str(args.out)]
    return int(module.run(parser.parse_args(words)))
