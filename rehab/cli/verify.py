"""`rehab verify REC`: is a recording complete and unchanged?"""

from __future__ import annotations

import argparse

from rehab.cli.output import STDOUT, add_json, write_json

HELP = "verify that a recording is complete and unchanged"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recording", metavar="REC", help="the folder of a session")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """0 when it is intact, 1 when it is not. Raises BadInput for a path that is no recording."""
    from rehab.core.errors import BadInput, RecordingError
    from rehab.record.verify import verify

    try:
        found = verify(args.recording)
    except RecordingError as error:
        raise BadInput(str(error)) from error
    if args.json:
        write_json(found, args.json)
    if args.json != STDOUT:
        print(found)
        for finding in found.findings:
            print(f"  {finding}")
    return 0 if found.ok else 1
