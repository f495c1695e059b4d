"""`rehab plan PROTOCOL --seed N`: the list of trials as it will be, before anybody sits down. Nothing moves."""

from __future__ import annotations

import argparse
import sys

from rehab.cli.output import add_json, print_table, write_json

HELP = "show the realised list of trials of a protocol; nothing moves"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("protocol", metavar="PROTOCOL", help="a file, or the name of one that ships")
    parser.add_argument("--seed", type=int, required=True, help="of the session; the same seed gives the same list")
    parser.add_argument(
        "--participant", metavar="ID", default="1", help='whose list, for example "P07"; 1 when left out'
    )
    parser.add_argument("--device", metavar="ADDRESS", help="without it, a simulation of the protocol's device")
    parser.add_argument("--csv", action="store_true", help="as CSV, one row a trial, for {table: FILE} or analysis")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    from rehab.cli.check import device_of
    from rehab.protocol.load import read_protocol
    from rehab.protocol.site import site_limits
    from rehab.protocol.tables import to_csv

    protocol = read_protocol(args.protocol)
    info, _ = device_of(protocol, args.device)
    plan = protocol.plan(info, info.limits(site_limits())).realise(args.seed, args.participant)
    if args.json:
        write_json(plan.plain(), args.json)
    if args.csv:
        sys.stdout.write(to_csv(plan.blocks))
    elif args.json != "-":
        arm = f", arm {plan.arm}" if plan.arm else ""
        print(f'"{plan.protocol}": {plan.trials} trials with seed {args.seed}{arm}\n')
        _print(plan.blocks)
    return 0


def _print(blocks: object) -> None:
    """The table for people: only what is not empty somewhere, and quantities in the units that people read."""
    from rehab.protocol.tables import columns, shown

    titles = columns(blocks)  # type: ignore[arg-type]
    rows = [shown(block, trial) for block in blocks for trial in block.trial_list]  # type: ignore[attr-defined]
    used = [title for title in titles if any(row.get(title) for row in rows)]
    names = [title.partition(" [")[0].removeprefix("cell.").removeprefix("drawn.") for title in used]
    print_table(names, [[row.get(title, "") for title in used] for row in rows])
