"""`rehab run`: a protocol without the window, live in the terminal; leaves a recording and a report."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rehab.core.types import Trial
    from rehab.session.session import Session

AFTER_SPASM = ("end", "gentler", "out", "stretch")
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
    parser.add_argument("--participant", default="1", metavar="ID", help="which arm of a study's design (default: 1)")
    parser.add_argument("--fast", action="store_true", help="simulated clock: as fast as this machine goes")
    parser.add_argument("--out", type=Path, help="folder in which the session's folder is made")
    parser.add_argument(
        "--after-spasm",
        choices=AFTER_SPASM,
        default="end",
        help="what to do once the limb is quiet again, where nobody can be asked: go on with 70 %% of force and speed, "
        "lead it out to the exit pose, stretch it slowly; end (default; a terminal asks)",
    )
    parser.add_argument(
        "--also", action="append", default=[], metavar="CONTROLLER",
        help="a controller that may be switched to while it runs, by typing its name; may be given again",
    )  # fmt: skip
    parser.add_argument("--yes", action="store_true", help="answer questions by their defaults, wait for nobody")
    parser.add_argument("--arm", action="store_true", help="arm without asking for the typed word (hardware)")


def run(args: argparse.Namespace) -> int:
    from rehab.session.session import Session

    check_before(args.protocol, args.device)
    clock = "simulated" if args.fast else "real"
    session = Session(
        args.device, args.patient, seed=args.seed, clock=clock, out=args.out, faults=args.faults, by="rehab run",
        participant=args.participant,
    )  # fmt: skip
    return run_session(
        session, args.protocol, armed=args.arm, after_spasm=args.after_spasm, also=args.also, yes=args.yes
    )


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


def run_session(
    session: Session,
    protocol: str,
    *,
    seconds: float | None = None,
    armed: bool = False,
    after_spasm: str = "end",
    also: Sequence[str] = (),
    yes: bool = True,
) -> int:
    """Open, run, close, report. Exit code 0, or 3 after a safety stop; SIGINT stops the arm first and gives 130."""
    from rehab.cli.after_spasm import AfterSpasm
    from rehab.core.clock import MonotonicClock
    from rehab.protocol.load import find_protocol

    # a terminated run ends like an interrupted one: the arm first, then the recording. SIGINT is set too, since a shell
    # starts its background jobs with it ignored
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    from rehab.session.asking import default_answer

    asks = not yes and session.clock == "real" and sys.stdin.isatty()
    if not asks:
        session.answers = default_answer
    code, clock = 0, MonotonicClock()
    with session:
        try:
            # the file that is meant: a session takes the name of an exercise for that exercise ("spasticity")
            plan = session.prepare(find_protocol(protocol), also=also)
            if not session.info.simulated and not armed:
                _ask_to_arm()
            session.arm()
            begun = clock.now_ns()
            most = float("inf") if seconds is None else seconds
            watch = _watch(session, lambda: (clock.now_ns() - begun) * 1e-9 >= most, asks=asks)
            after = AfterSpasm(session, after_spasm, None if armed else _ask_to_arm)
            code = after.follow(session.follow(plan), watch)
            if session.ended_because:
                print(f"rehab: ended: {session.ended_because}", file=sys.stderr)
        except KeyboardInterrupt:
            print("rehab: interrupted; the arm was stopped", file=sys.stderr)
            code = 130
    if session.problem:
        print(f"rehab: the recording: {session.problem}", file=sys.stderr)
        code = code or 1
    report(session.folder)
    print(session.folder)
    return code


def _watch(
    session: Session, over: Callable[[], bool], *, asks: bool
) -> Callable[[Iterator[Trial | None]], None]:
    """Shows trials as they come; all that the session goes on with after a spasm in one view."""
    from rehab.cli.live import LiveView
    from rehab.cli.typed import Typed

    view = LiveView(session, total=session.trials_planned)
    typed = Typed(session, view.say, sys.stdin.fileno()) if asks else None

    def watch(trials: Iterator[Trial | None]) -> None:
        with view:
            for trial in trials:
                if trial is not None:
                    view.trial(trial)
                view.update()
                if typed is not None:
                    typed.poll()
                if over():
                    break

    return watch


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
