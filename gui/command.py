"""`rehab gui`: the application, or with --demo one session at once. Nothing heavy is imported before it runs."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

HELP = "the therapist's window; --demo shows a whole session at once"
PROTOCOL = "reach_demo"
EXIT = "REHAB_GUI_EXIT"  # set to 1: the window closes by itself, once painted or after --seconds (tests, documentation)


def configure(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--demo", action="store_true", help="open, arm and start at once: simulated devices only")
    add(
        "--seconds",
        type=float,
        metavar="N",
        help="with --demo: end after N seconds of motion (default: with the protocol)",
    )
    add(
        "--store",
        metavar="PATH",
        help="the clinic's store: a file or a database URL (default: $REHAB_CLINIC, else in the user's data folder)",
    )
    add("--language", choices=("en", "it"), help="until somebody signs in (default: the system's)")
    add("--theme", choices=("light", "dark", "contrast"), help="until somebody signs in (default: light)")
    add("--device", default="sim:planar_arm", metavar="D", help="SCHEME:ADDRESS (default: sim:planar_arm)")
    add("--patient", metavar="P", help="with --demo: virtual patient at the arm (default: stroke at simulated devices)")
    add(
        "--protocol",
        default=PROTOCOL,
        metavar="NAME",
        help="with --demo: a protocol file or the name of a ready one (default: reach_demo)",
    )
    add("--seed", type=int, metavar="N", help="with --demo: of everything random; drawn when not given")
    add("--out", type=Path, metavar="DIR", help="folder in which the session's folder is made")
    add("--dark", action="store_true", help="with --demo: light on dark, as --theme dark")
    add(
        "--patient-screen",
        nargs="?",
        const="",
        metavar="SESSION",
        help="only the patient's screen of a running session (its id; may be left out while one is running)",
    )
    add("--screenshot", type=Path, metavar="FILE", help="with --demo: save the window as a PNG shortly before it ends")


def run(args: argparse.Namespace) -> int:
    from rehab.core.errors import BadInput

    if args.patient_screen is not None:
        from gui.patient import show
        from gui.viewmodels.screen_settings import ScreenSettings
        from rehab.session.listening import the_session

        session = the_session(args.patient_screen or None).name
        return show(session, ScreenSettings(language=args.language or "en"), from_window=False)
    if args.seconds is not None and not args.seconds > 0.0:
        raise BadInput(f"--seconds {args.seconds:g}: more than 0")
    if not args.demo and (args.seconds is not None or args.screenshot is not None):
        raise BadInput("--seconds and --screenshot go with --demo")
    if not args.demo and args.patient is None and args.protocol == PROTOCOL and args.seed is None:
        from gui.desktop import desktop

        theme = args.theme or ("dark" if args.dark else None)
        return desktop(
            args.store, device=args.device, out=args.out, language=args.language, theme=theme,
            leave=os.environ.get(EXIT) == "1",
        )  # fmt: skip
    if args.screenshot is not None and not args.screenshot.absolute().parent.is_dir():
        raise BadInput(f"--screenshot {args.screenshot}: there is no folder {args.screenshot.absolute().parent}")
    from gui.launch import launch
    from gui.viewmodels.run import Request
    from gui.viewmodels.start import SIMULATED

    simulated = args.device.partition(":")[0] in SIMULATED
    patient = args.patient or ("stroke" if simulated else None)
    return launch(
        Request(args.device, patient, args.protocol, args.seed, args.out),
        demo=args.demo,
        seconds=args.seconds,
        dark=args.dark or args.theme == "dark",
        screenshot=args.screenshot,
        leave=args.seconds is not None and os.environ.get(EXIT) == "1",
    )
