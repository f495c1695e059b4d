"""Stands in for a window: beats from its own loop, is no script. SIGUSR1: the therapist goes on; SIGTERM: closes.

python window.py new DEVICE PROTOCOL OUT [PATIENT]  |  python window.py attach SESSION PROTOCOL

The second kind waits for a line on its stdin before it attaches.
"""

import signal
import sys
import time

import scipy.signal  # noqa: F401  # measures need it: at the first trial's end it would stop the beats for a second

from rehab import Session

asked: list[int] = []


def begin(session, protocol):
    """What a therapist does: clear the fault, prepare, arm, start."""
    if session.state == "faulted":
        session.reset()
    session.prepare(protocol)
    session.arm()
    session.start()


if __name__ == "__main__":
    for number in (signal.SIGUSR1, signal.SIGTERM):
        signal.signal(number, lambda which, _: asked.append(which))
    if sys.argv[1] == "new":
        _, _, device, protocol, out, *patient = sys.argv
        session = Session(device, patient[0] if patient else None, seed=1, out=out, role="gui").open()
    else:
        _, _, name, protocol = sys.argv
        sys.stdin.readline()
        session = Session.attach(name)
    begin(session, protocol)
    print(session.folder.name, flush=True)
    while signal.SIGTERM not in asked:
        session.beat()
        session.poll()
        while asked and asked[0] == signal.SIGUSR1:
            asked.pop(0)
            session.resume() if session.state == "paused" else begin(session, protocol)
        time.sleep(0.05)
    session.close()
