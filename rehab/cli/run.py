"""`rehab run`: a protocol without the window, live in the terminal; leaves a recording and a report."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rehab.session.session import Session

HELP = "run a protocol: live progress, a recording, a report"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("protocol", help="a protocol file, or the name of one that ships (rehab list protocols)")
    parser.add_argument(
        "--device", default="sim:planar_arm", help="SCHEME:ADDRESS, for example sim:planar_arm (default)"
    )
    parser.add_argument(
        "--patient", help="a virtual patient, for simulated devices: a name (rehab list patients) or a file"
    )
    parser.add_argument("--seed", type=int, help="of everything random; drawn and recorded when not given")
    parser.add_argument("--faults", metavar="FILE", help="fault script for simulated devices (docs/fault-scripts.md)")
    parser.add_argument("--fast", action="store_true", help="simulated clock: as fast as this machine goes")
    parser.add_argument("--out", type=Path, help="folder in which the session's folder is made")
    parser.add_argument("--arm", action="store_true", help="arm without asking for the typed word (hardware)")


def run(args: argparse.Namespace) -> int:
    from rehab.session.session import Session

    check_before(args.protocol, args.device)
    clock = "simulated" if args.fast else "real"
    session = Session(
        args.device, args.patient, seed=args.seed, clock=clock, out=args.out, faults=args.faults, by="rehab run"
    )
    return run_session(session, args.protocol, armed=args.arm)


def check_before(name: str, device: str) -> None:
    """All that can be found wrong before a session begins. Of hardware the facts come with the open session only."""
    from rehab.cli.check import checked, device_info, look
    from rehab.core.address import parse
    from rehab.protocol.load import load_protocol, read_protocol
    from rehab.protocol.site import site_limits

    address = parse(device)
    if address.scheme == "sim":
        info, delay = look(address)
        checked(read_protocol(name), info, info.limits(site_limits()), delay)
    elif address.scheme == "emulator":  # its link's delay is measured by the session
        info = device_info(address)
        read_protocol(name).plan(info, info.limits(site_limits()))
    else:
        load_protocol(name)


def run_session(session: Session, protocol: str, *, seconds: float | None = None, armed: bool = False) -> int:
    """Open, run, close, report. Exit code 0, or 3 after a safety stop; SIGINT stops the arm first and gives 130."""
    from rehab.core.clock import MonotonicClock
    from rehab.core.errors import SafetyStop

    # a terminated run ends like an interrupted one: the arm first, then the recording. SIGINT is set too, since a shell
    # starts its background jobs with it ignored
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    code, clock = 0, MonotonicClock()
    with session:
        try:
            plan = session.prepare(protocol)
            if not session.info.simulated and not armed:
                _ask_to_arm()
            session.arm()
            begun = clock.now_ns()
            code = _follow(session, plan, lambda: seconds is not None and (clock.now_ns() - begun) * 1e-9 >= seconds)
        except SafetyStop as stop:
            print(f"rehab: safety stop: {stop}", file=sys.stderr)
            code = 3
        except KeyboardInterrupt:
            print("rehab: interrupted; the arm was stopped", file=sys.stderr)
            code = 130
    if session.problem:
        print(f"rehab: the recording: {session.problem}", file=sys.stderr)
        code = code or 1
    report(session.folder)
    print(session.folder)
    return code


def _follow(session: Session, plan: object, over: object) -> int:
    from rehab.cli.live import LiveView

    assert callable(over)
    with LiveView(session, total=session.trials_planned) as view:
        for trial in session.follow(plan):  # type: ignore[arg-type]
            if trial is not None:
                view.trial(trial)
            view.update()
            if over():
                break
    return 0


def _ask_to_arm() -> None:
    """Hardware moves a limb: a person types the word."""
    from rehab.core.errors import BadInput

    print("This device is not a simulation. Is the limb strapped in and the workspace clear?", file=sys.stderr)
    try:
        word = input("Type ARM to power the arm, anything else to leave: ")
    except EOFError:
        word = ""
    if word.strip() != "ARM":
        raise BadInput("not armed: nothing was moved (use --arm where nobody can type)")


def report(folder: Path) -> Path:
    """The PDF of a closed session, beside its recording."""
    from rehab.record.recording import Recording
    from rehab.report import session_report

    return session_report(Recording.open(folder), folder / "report.pdf")
