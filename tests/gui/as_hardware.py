"""`rehab emulate` that does not say it is a simulation: for what the window asks of real robots only, the check of the
emergency stop and a press of its own to arm. Arguments as of `rehab emulate`. Nobody's limb is in it all the same."""

import sys

from rehab.cli.main import main
from sim.emulators import device

if __name__ == "__main__":
    device.SIMULATION = 0  # type: ignore[misc]
    sys.exit(main(["emulate", *sys.argv[1:]]))
