"""`rehab clinic`: users, patients, plans and sessions from the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rehab.cli.output import STDOUT, add_json, print_table, write_json

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting
    from rehab.clinic.clinic import Clinic

HELP = "the clinic store: users, patients, plans, sessions"
ROLES = ("therapist", "researcher", "technician", "administrator")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "The clinic store is a file: $REHAB_CLINIC, else one in the user's data folder. Passwords and PINs are asked "
        "for on a terminal; elsewhere each is a line of standard input."
    )
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    first = _command(commands, "init", _init, "make the first user, an administrator and therapist", user=False)
    first.add_argument("name", help="the user's short name")
    first.add_argument("full_name", help='for example "Maria Rossi"')
    first.add_argument("--language", choices=("en", "it"), default="en")
    demo = _command(commands, "demo", _demo, "fill a store of its own with invented people", user=False)
    demo.add_argument("--seed", type=int, default=1)
    _users(commands)
    _patients(commands)
    plan = _command(commands, "plan", _plan, "a patient's plan: show it, or put a protocol in force")
    plan.add_argument("patient", metavar="ID")
    plan.add_argument("--protocol", type=Path, metavar="FILE", help="the new plan; the one in force is superseded")
    plan.add_argument("--aim", default="", help="what it is for")
    for name, does, says in (("sessions", _sessions, "a patient's sessions"), ("who", _who, "who looked at a patient")):
        one = _command(commands, name, does, says)
        one.add_argument("patient", metavar="ID")
        add_json(one)


def _users(commands: Any) -> None:
    commands = _group(commands, "user", "who may sign in: add, list, unlock")
    add = _command(commands, "add", _user_add, "a new user; asks for your password, theirs and their PIN")
    add.add_argument("name")
    add.add_argument("full_name")
    add.add_argument("--role", action="append", choices=ROLES, required=True, help="may be given again")
    add.add_argument("--language", choices=("en", "it"), default="en")
    add_json(_command(commands, "list", _user_list, "all users"))
    unlock = _command(commands, "unlock", _user_unlock, "let a user in after too many wrong passwords")
    unlock.add_argument("name")


def _patients(commands: Any) -> None:
    commands = _group(commands, "patient", "patients: add, list, import")
    found = _command(commands, "list", _patient_list, "patients, or those that a text finds")
    found.add_argument("text", nargs="?", default="", help="name, birth date or code")
    add_json(found)
    add = _command(commands, "add", _patient_add, "a new patient")
    add.add_argument("given_name")
    add.add_argument("family_name")
    add.add_argument("--born", metavar="DATE", help="1958-05-03 or 3/5/1958; or by --codice-fiscale")
    add.add_argument("--sex", choices=("F", "M", "X"), default="")
    add.add_argument("--side", choices=("left", "right"), default="")
    add.add_argument("--codice-fiscale", default="", metavar="CODE")
    add.add_argument("--diagnosis", default="")
    worklist = _command(commands, "import", _patient_import, "patients from a worklist; a dry run without --do")
    worklist.add_argument("file", type=Path, help="CSV, headings in the first line")
    worklist.add_argument("--do", action="store_true", help="add those that can be added")


def _group(commands: Any, name: str, says: str) -> Any:
    return commands.add_parser(name, help=says, description=says).add_subparsers(required=True, metavar="WHAT")


def _command(
    commands: Any, name: str, does: Callable[..., int], says: str, *, user: bool = True
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=says, description=says)
    parser.add_argument("--store", metavar="PLACE", help="a file or a database URL, instead of $REHAB_CLINIC")
    if user:
        parser.add_argument("--user", metavar="NAME", help="who acts (default: your name on this machine)")
    parser.set_defaults(does=does, acts=user)
    return parser


def run(args: argparse.Namespace) -> int:
    from rehab.cli.secret import signed_in
    from rehab.clinic.clinic import Clinic

    clinic = Clinic.open(args.store)
    try:
        code: int = args.does(signed_in(clinic, args.user) if args.acts else clinic, args)
    finally:
        clinic.close()
    return code


def _init(clinic: Clinic, args: argparse.Namespace) -> int:
    from rehab.cli.secret import new_secret
    from rehab.core.errors import BadInput

    if not clinic.empty:
        raise BadInput(f"{clinic.where} has users already: an administrator adds others (rehab clinic user add)")
    password = new_secret(f"password of {args.name}")
    clinic.create_first(args.name, args.full_name, password, new_secret("PIN, 4 to 8 digits"), args.language)
    print(f"{args.name} is administrator and therapist of {clinic.where}")
    return 0


def _demo(clinic: Clinic, args: argparse.Namespace) -> int:
    from rehab.clinic.demo import fill
    from rehab.clinic.demo_people import PASSWORD, PIN, USERS

    fill(clinic, args.seed)
    print(f"DEMO: invented people only, in {clinic.where}")
    print_table(("user", "roles"), [(name, ", ".join(roles)) for name, _, roles, _ in USERS])
    print(f'password "{PASSWORD}", PIN {PIN}')
    return 0


def _user_list(acting: Acting, args: argparse.Namespace) -> int:
    users = acting.users.list()
    rows = [
        (u.name, u.full_name, ", ".join(sorted(u.roles)), "locked" if u.locked else "" if u.active else "left")
        for u in users
    ]
    return _table(("name", "full name", "roles", "state"), rows, users, args)


def _user_add(acting: Acting, args: argparse.Namespace) -> int:
    from rehab.cli.secret import new_secret

    password, pin = new_secret(f"password for {args.name}"), new_secret("PIN, 4 to 8 digits")
    user = acting.users.add(args.name, args.full_name, args.role, password, pin, language=args.language)
    print(f"{user.name}: {user.full_name}, {', '.join(sorted(user.roles))}")
    return 0


def _user_unlock(acting: Acting, args: argparse.Namespace) -> int:
    from rehab.core.errors import UnknownName

    users = {user.name: user.id for user in acting.users.list()}
    if args.name not in users:
        raise UnknownName("user", args.name, tuple(users))
    acting.users.unlock(users[args.name])
    print(f"{args.name} may try again")
    return 0


def _patient_list(acting: Acting, args: argparse.Namespace) -> int:
    lines = acting.patients.search(args.text)
    rows = [(p.patient, p.full_name, f"{p.birth_date}", p.sex, p.side, "mine" if p.mine else "") for p in lines]
    return _table(("id", "name", "born", "sex", "side", ""), rows, lines, args)


def _patient_add(acting: Acting, args: argparse.Namespace) -> int:
    from rehab.clinic.records import NewPatient
    from rehab.clinic.search import read_date
    from rehab.core.errors import BadInput

    born = read_date(args.born) if args.born else None
    if args.born and born is None:
        raise BadInput(f'--born: "{args.born}" is no date such as 1958-05-03 or 3/5/1958')
    added = acting.patients.add(
        NewPatient(
            given_name=args.given_name, family_name=args.family_name, birth_date=born, sex=args.sex, side=args.side,
            codice_fiscale=args.codice_fiscale, diagnosis=args.diagnosis,
        )
    )  # fmt: skip
    print(f"{added.patient}: {added.full_name}, {added.birth_date}, {added.sex}")
    return 0


def _patient_import(acting: Acting, args: argparse.Namespace) -> int:
    from rehab.core.errors import BadInput

    try:
        text = args.file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{args.file}: cannot be read as UTF-8 text: {error}") from error
    lines = acting.patients.import_worklist(text, dry_run=not args.do)
    for line in lines:
        print(f"{line.number}: {line.says}{f' ({line.patient})' if line.patient else ''}")
    if not args.do:
        print("nothing was changed: --do adds them")
    return 1 if any(line.action == "wrong" for line in lines) else 0


def _plan(acting: Acting, args: argparse.Namespace) -> int:
    from rehab.clinic.codes import as_code
    from rehab.protocol.load import load_protocol

    patient = as_code(args.patient)
    if args.protocol is not None:
        protocol = load_protocol(args.protocol)
        plan = acting.plans.add(patient, protocol.title, protocol.source, device=protocol.device, aim=args.aim)
        print(f'plan {plan.number}, "{plan.title}", is in force')
        return 0
    current = acting.plans.current(patient)
    if current is None:
        print("no plan is in force")
        return 1
    print(current.protocol, end="" if current.protocol.endswith("\n") else "\n")
    return 0


def _sessions(acting: Acting, args: argparse.Namespace) -> int:
    from rehab.clinic.codes import as_code

    found = acting.sessions.list(as_code(args.patient))
    rows = [
        (f"{s.begun.astimezone():%Y-%m-%d %H:%M}", s.title, s.device, f"{s.robot / 60:.0f} min",
         f"{s.reached} of {s.trials}", s.outcome or s.state, s.therapist, "signed" if s.signed else "")
        for s in found
    ]  # fmt: skip
    return _table(("begun", "plan", "device", "robot", "reached", "outcome", "therapist", ""), rows, found, args)


def _who(acting: Acting, args: argparse.Namespace) -> int:
    from rehab.clinic.codes import as_code

    found = acting.audit.who(as_code(args.patient))
    rows = [
        (f"{row.at.astimezone():%Y-%m-%d %H:%M:%S}", row.user, row.says, "refused" if row.refused else "")
        for row in found
    ]
    return _table(("when", "who", "what", ""), rows, found, args)


def _table(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]], values: object, args: argparse.Namespace) -> int:
    if args.json:
        write_json(values, args.json)
    if args.json != STDOUT:
        print_table(titles, rows)
    return 0
