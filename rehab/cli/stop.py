"""`rehab stop`: the safe stop of every session of this user that is running, from any terminal."""

from __future__ import annotations

import argparse
import sys

HELP = "stop every running session, now"


def configure(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace) -> int:
    import select
    import socket

    from rehab.session import messages, stale

    stopped = 0
    for folder in stale.running():
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(str(folder / "socket"))
            except OSError as error:
                print(f"rehab: {folder.name} does not answer: {error.strerror}", file=sys.stderr)
                continue
            line = messages.Line(connection)
            line.send(messages.Stop(id=1, by="rehab stop"))
            select.select([line], [], [], 2.0)
            done = any(isinstance(reply, messages.Ack) and not reply.error for reply in line.replies())
            print(f"{folder.name}: {'stopped' if done else 'asked to stop; no answer came'}")
            stopped += done
    if not stopped:
        print("no session was stopped: none is running", file=sys.stderr)
        return 1
    return 0
