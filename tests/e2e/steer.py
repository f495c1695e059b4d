"""A script that runs a protocol with inputs: DEVICE PROTOCOL OUT PATIENT INPUT...; prints what stopped it."""

from __future__ import annotations

import sys

from rehab import Session
from rehab.core.errors import SafetyStop

if __name__ == "__main__":
    device, protocol, out, patient, *inputs = sys.argv[1:]
    session = Session(device, patient, seed=1, out=out, inputs=inputs)
    try:
        with session:
            for _ in session.run(protocol):
                pass
    except SafetyStop as stop:
        print(stop, file=sys.stderr)
        sys.exit(3)
