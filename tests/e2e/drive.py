"""A researcher's script: runs a protocol until something stops it. `python drive.py DEVICE PROTOCOL OUT [PATIENT]`."""

import sys

from rehab import Session
from rehab.core.errors import SafetyStop

if __name__ == "__main__":
    device, protocol, out, *patient = sys.argv[1:]
    with Session(device=device, patient=patient[0] if patient else None, seed=1, out=out) as session:
        try:
            for trial in session.run(protocol):
                print(trial.number, trial.outcome, flush=True)
        except SafetyStop as stop:
            print(stop, file=sys.stderr)
            sys.exit(3)
