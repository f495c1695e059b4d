"""`rehab emulate`: a device that is not there, on a pseudo terminal."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "be a device on a pseudo terminal; the first line on stdout is its address"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Emulates a device that speaks our own link (docs/link.md), in a process and with a clock and watchdog of its "
        "own. Ends on SIGTERM or Ctrl-C. SIGUSR1 presses its emergency stop, SIGUSR2 releases it."
    )
    add = parser.add_argument
    add("model", metavar="DEVICE", help="model to be, for example planar_arm")
    add("--patient", metavar="P", help="virtual patient who holds it, a name or a file (default: nobody)")
    add("--seed", metavar="N", type=int, default=0, help="seed of the virtual patient (default: 0)")
    add("--eyes", metavar="SNAPSHOT", type=Path, help="snapshot file of the session whose scene the patient sees")
    add("--engine", metavar="E", default="auto", help="engine of the plant: auto, pybullet, closed_form")
    add("--trace", metavar="FILE", type=Path, help="keep the last plant steps in a new file that outlives the process")
    add(
        "--faults", metavar="FILE", help="fault script to follow, or the name of one that ships (docs/fault-scripts.md)"
    )
    add("--identity", metavar="ID", help="serial number to answer with (at most 12 ASCII characters)")
    add("--protocol-major", metavar="N", type=int, default=1, help="protocol major to claim, for tests of refusal")


def run(args: argparse.Namespace) -> int:
    from rehab.core.errors import BadInput
    from sim import models
    from sim.emulators.process import emulate
    from sim.faults import load_faults

    if not 0 <= args.protocol_major <= 255:
        raise BadInput(f"--protocol-major {args.protocol_major}: it travels in one byte, 0 to 255")
    return emulate(
        models.load(args.model),
        patient=args.patient,
        seed=args.seed,
        engine=args.engine,
        identity=args.identity,
        protocol_major=args.protocol_major,
        eyes=args.eyes,
        trace=args.trace,
        faults=None if args.faults is None else load_faults(args.faults),
    )
