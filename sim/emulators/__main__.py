"""`python -P -m sim.emulators DEVICE ...`: the same as `rehab emulate`, without the command line of the product."""

from __future__ import annotations

import argparse
import sys

from rehab.core.errors import BadInput
from sim.emulators import command


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sim.emulators")
    command.configure(parser)
    try:
        return command.run(parser.parse_args())
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
