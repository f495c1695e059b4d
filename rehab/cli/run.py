"""`rehab run`: a protocol without the window, live in the terminal, or a script; leaves a recording and a report."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from rehab.core.errors import BadInput

if TYPE_CHECKING:
    from rehab.core.person import PersonLayer
    from rehab.core.types import Trial
    from rehab.session.session import Session

AFTER_SPASM = ("end", "gentler", "out", "stretch")
HELP = "run a protocol or a script: live progress, a recording, a report"
INTERMIXED = True


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "protocol",
        help="a protocol file, or the name of one that ships (rehab list protocols); or a script (FILE.py), "
        "for whose sessions --device, --patient, --seed, --fast, --out, --faults and --participant are the defaults",
    )
    parser.add_argument(
        "args", nargs="*", metavar="ARG", help="what a script finds in sys.argv; after -- its own options too"
    )
    parser.add_argument("--device", help="SCHEME:ADDRESS, for example sim:planar_arm (default)")
    parser.add_argument(
        "--patient", help="a virtual patient, for simulated devices: a name (rehab list patients) or a file"
    )
    parser.add_argument(
        "--input", action="append", default=[], metavar="SCHEME:WHERE",
        help="what the user commands with, for example joystick:/dev/input/js0, pedal:/dev/input/event5, script:FILE "
        "(rehab list sensors); may be given again",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, help="of everything random; drawn and recorded when not given")
    parser.add_argument("--faults", metavar="FILE", help="fault script for simulated devices (docs/fault-scripts.md)")
    parser.add_argument("--participant", metavar="ID", help="which arm of a study's design (default: 1)")
    parser.add_argument(
        "--for", dest="whom", metavar="ID",
        help="a person of the clinic store, by code: their limits hold, and the session goes into their file",
    )  # fmt: skip
    parser.add_argument("--user", metavar="NAME", help="with --for: who acts (asks for the password)")
    parser.add_argument("--despite", default="", metavar="WHY", help="with --for: train although the checklist says no")
    parser.add_argument("--fast", action="store_true", help="simulated clock: as fast as this machine goes")
    parser.add_argument("--out", type=Path, help="folder in which the session's folder is made")
    parser.add_argument(
        "--after-spasm",
        choices=AFTER_SPASM,
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
    if args.protocol.endswith(".py"):
        return _run_script(args)
    if args.args:
        raise BadInput(f'"{" ".join(args.args)}": a protocol takes no further words; a script (FILE.py) does')
    if args.whom is not None:
        return _run_for(args)
    check_before(args.protocol, args.device or "sim:planar_arm")
    return _run(args, _session(args))


def _run_script(args: argparse.Namespace) -> int:
    from rehab.cli.script import run_script

    for name in ("after_spasm", "also", "yes", "arm", "for", "user", "despite"):
        if getattr(args, {"for": "whom"}.get(name, name)):
            option = "--" + name.replace("_", "-")
            raise BadInput(f"{option} goes with a protocol; a script says in its own words what is to happen")
    return run_script(args)


def _run_for(args: argparse.Namespace) -> int:
    """For somebody of the clinic store, whom we look up before anything opens."""
    from rehab.cli.for_patient import ForPatient
    from rehab.cli.secret import signed_in
    from rehab.clinic.clinic import Clinic

    clinic = Clinic.open()
    try:
        whom = ForPatient(signed_in(clinic, args.user), args.whom, virtual=args.patient)
        check_before(args.protocol, args.device or "sim:planar_arm", whom.layer)
        whom.confirm(ask=not args.yes and sys.stdin.isatty())
        session = _session(args, whom.layer)
        with whom.kept(session, args.protocol, args.despite) as ending:
            ending.code = _run(args, session)
    finally:
        clinic.close()
    return ending.code


def _session(args: argparse.Namespace, person: PersonLayer | None = None) -> Session:
    from rehab.session.session import Session

    clock = "simulated" if args.fast else "real"
    return Session(
        args.device, args.patient, seed=args.seed, clock=clock, out=args.out, faults=args.faults, by="rehab run",
        participant=args.participant, person=person, inputs=args.input,
    )  # fmt: skip


def _run(args: argparse.Namespace, session: Session) -> int:
    return run_session(
        session, args.protocol, armed=args.arm, after_spasm=args.after_spasm or "end", also=args.also, yes=args.yes
    )


def check_before(name: str, device: str, person: PersonLayer | None = None) -> None:
    """All that can be found wrong before a session begins. Of hardware the facts come with the open session only."""
    from rehab.cli.check import device_info, look
    from rehab.core.address import parse
    from rehab.core.person import limits_for
    from rehab.protocol.load import load_protocol, read_protocol
    from rehab.protocol.site import site_limits
    from rehab.protocol.soundness import checked

    address = parse(device)
    if address.scheme == "sim":
        info, delay = look(address)
        checked(read_protocol(name), info, limits_for(info, site_limits(), person), delay)
    elif address.scheme == "emulator":  # its link's delay is measured by the session
        info = device_info(address)
        read_protocol(name).plan(info, limits_for(info, site_limits(), person))
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
    from rehab.cli.output import report
    from rehab.core.clock import MonotonicClock
    from rehab.protocol.load import find_protocol

    # a terminated run ends like an interrupted one: the arm first, then the recording. SIGINT is set too, since a shell
    # starts its background jobs with it ignored
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    from rehab.session.asking import default_answer

    typed_with = any(text.startswith("keyboard:") for text in session.inputs)
    asks = not yes and not typed_with and session.clock == "real" and sys.stdin.isatty()
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
            watch = _watch(session, lambda: (clock.now_ns() - begun) * 1e-9 >= most, asks=asks, steers=typed_with)
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
    session: Session, over: Callable[[], bool], *, asks: bool, steers: bool
) -> Callable[[Iterator[Trial | None]], None]:
    """Shows trials as they come; all that the session goes on with after a spasm in one view."""
    from rehab.cli.keys import Keys
    from rehab.cli.live import LiveView
    from rehab.cli.typed import Typed
    from rehab.core.kinematics import kinematics_of

    view = LiveView(session, total=session.trials_planned)
    typed = Typed(session, view.say, sys.stdin.fileno()) if asks else None
    keys = Keys(session, kinematics_of(session.info).n_task, sys.stdin.fileno()) if steers else None

    def watch(trials: Iterator[Trial | None]) -> None:
        with view, keys or nullcontext():
            for trial in trials:
                if trial is not None:
                    view.trial(trial)
                view.update()
                for each in (typed, keys):
                    if each is not None:
                        each.poll()
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
