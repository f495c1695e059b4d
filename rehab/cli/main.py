"""The `rehab` command: finds the module of a command, runs it, and turns errors into words and exit codes.

    0  done        1  failed, or `check` found something     2  wrong usage or bad input
    3  a safety stop, or the device was lost                 130  interrupted (Ctrl-C)

A command is a module with `HELP` (one line), `configure(parser)` and `run(args) -> int`. Ours are in COMMANDS; other
packages add theirs through the entry point group rehab.commands. Modules import nothing heavy
before `run`. With INTERMIXED = True, words may stand between options.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from rehab.core.errors import BadInput, DeviceLost, Findings, RehabError, SafetyStop

DONE, FAILED, BAD_INPUT, STOPPED, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 3, 130, 141

COMMANDS = {  # in the order in which a newcomer meets them
    name: f"rehab.cli.{name}"
    for name in (
        "demo", "run", "teach", "listen", "stop", "list", "explain", "new", "check", "plan", "verify", "measures",
        "analyse", "faults", "bench", "clinic",
    )
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()  # a reader that went away shows here, not at interpreter exit
        return code
    except SystemExit as done:  # argparse: --help, --version, wrong usage
        return done.code if isinstance(done.code, int) else DONE if done.code is None else BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except RehabError as error:
        print(error if isinstance(error, Findings) else f"rehab: {error}", file=sys.stderr)
        return exit_code(error)


def exit_code(error: RehabError) -> int:
    """The exit code that an error means."""
    if isinstance(error, BadInput):
        return BAD_INPUT
    return STOPPED if isinstance(error, SafetyStop | DeviceLost) else FAILED


def _run(argv: list[str]) -> int:
    added = {point.name: point for point in entry_points(group="rehab.commands") if point.name not in COMMANDS}
    if not argv or argv[0].startswith("-"):
        parser = _frame(added)
        parser.parse_args(argv)  # --help and --version end here
        parser.print_help()
        return BAD_INPUT
    name, rest = argv[0], argv[1:]
    command = _load(name, added)
    own = argparse.ArgumentParser(prog=f"rehab {name}", description=command.HELP)
    command.configure(own)
    # words between and after options: what a script is given
    parse = own.parse_intermixed_args if getattr(command, "INTERMIXED", False) else own.parse_args
    return int(command.run(parse(rest)) or DONE)


def _load(name: str, added: dict[str, EntryPoint]) -> Any:
    if name in COMMANDS:
        return import_module(COMMANDS[name])
    if name in added:
        try:
            return added[name].load()
        except ImportError as error:
            raise BadInput(f'command "{name}" ({added[name].value}) cannot be loaded: {error}') from error
    near = get_close_matches(name, [*COMMANDS, *added], n=1)
    hint = f'; did you mean "rehab {near[0]}"?' if near else ""
    raise BadInput(f'there is no command "{name}"{hint} ("rehab --help" lists them)')


def _frame(added: dict[str, EntryPoint]) -> argparse.ArgumentParser:
    """The parser of `rehab --help`, which must come at once: of other packages not even the module is imported."""
    lines = {name: str(import_module(module).HELP) for name, module in COMMANDS.items()}
    lines |= {name: f"from package {point.value.split('.')[0]}" for name, point in sorted(added.items())}
    width = max(map(len, lines))
    parser = argparse.ArgumentParser(
        prog="rehab",
        usage="rehab COMMAND ...",
        description="A real-time loop, controllers and sessions for rehabilitation robots, or their simulation.",
        epilog="commands:\n"
        + "\n".join(f"  {name:{width}}  {says}" for name, says in lines.items())
        + '\n\n"rehab COMMAND --help" says more. This is not a certified medical device.',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"rehab {_version()}")
    return parser


def _version() -> str:
    from importlib.metadata import version

    return version("rehab-loop")


if __name__ == "__main__":
    sys.exit(main())
