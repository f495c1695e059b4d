"""`rehab run script.py`: a researcher's script as it stands, in this process, as `python script.py` would run it.

Options become the defaults of every Session that it makes: they stand where the script says nothing, and where it says
something else a line on stderr says that the option was not used. What ends it becomes words and an exit code:

    0    it ran to its end            1, ...  the number that it gave to sys.exit itself
    2    it is broken, or asks for what cannot be: its line is named
    3    a safety stop; where the script's own controller or exercise was at fault, its name, tick and line are said
    130  interrupted

Each session that it has opened is closed, gets its report, and the path of its folder is printed, the last one last.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import TYPE_CHECKING, Any

from rehab.cli.main import BAD_INPUT, FAILED, INTERRUPTED, exit_code
from rehab.cli.output import report
from rehab.core.errors import BadInput, Findings, RehabError, UserCodeError
from rehab.session.defaults import Defaults, Settings

if TYPE_CHECKING:
    from rehab.session.session import Session

OPTIONS = {"device": "--device", "patient": "--patient", "seed": "--seed", "clock": "--fast", "out": "--out",
           "faults": "--faults", "participant": "--participant"}  # fmt: skip
PATIENCE = 5.0  # s for one call of the script's law or path, a thousand times what the slowest needs
LOOK = 1.0  # s between looks at what runs


class CommandLine(Defaults):
    """What was asked for on the command line, and the sessions that the script has opened."""

    def __init__(self, given: dict[str, Any]) -> None:
        super().__init__(Settings(**given))
        self.given, self.sessions = given, list[Any]()

    def settle(self, said: dict[str, Any]) -> Settings:
        for name, value in self.given.items():
            if said[name] is not None and str(said[name]) != str(value):
                words = f"the script says {name}={said[name]!r}: {OPTIONS[name]} is not used"
                print(f"rehab: {words}", file=sys.stderr, flush=True)
        return super().settle(said)

    def opened(self, session: Session) -> None:
        self.sessions.append(session)



def run_script(args: argparse.Namespace) -> int:
    """Run args.protocol with args.args; the exit code."""
    from rehab.session.session import Session

    path = Path(args.protocol)
    code = compiled(path)
    refuse_shadows(path.resolve().parent)
    given = {name: getattr(args, name, None) for name in OPTIONS} | {"clock": "simulated" if args.fast else None}
    defaults = CommandLine({name: value for name, value in given.items() if value is not None})
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like an interrupted one: the arm first
    signal.signal(signal.SIGINT, signal.default_int_handler)
    before, Session.defaults = Session.defaults, defaults
    try:
        with _as_main(path, args.args) as scope, hurried():
            result = _run(code, path, scope)
    finally:
        Session.defaults = before
        for session in defaults.sessions:
            session.close()
    left = _left(defaults.sessions)
    return result or left


def compiled(path: Path) -> CodeType:
    """The script. Raises BadInput where it cannot be read, or is no Python."""
    try:
        source = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from error
    try:
        return compile(source, str(path), "exec", dont_inherit=True)
    except SyntaxError as error:
        text = f"\n  | {error.text.strip()}" if error.text else ""
        raise BadInput(f"{path}:{error.lineno or 1}:{error.offset or 1}: {error.msg}{text}") from error
    except ValueError as error:
        raise BadInput(f"{path}: is no Python: {error}") from error


def refuse_shadows(folder: Path) -> None:
    """Raises BadInput where something beside the script would be imported in place of one of our packages, or of an
    installed plug-in's: the session would run other code than it names."""
    from importlib.metadata import entry_points

    from rehab.core.registry import KINDS

    ours = {point.value.split(".")[0].split(":")[0] for group in KINDS.values() for point in entry_points(group=group)}
    for name in sorted(ours | {"rehab"}):
        for beside in (folder / f"{name}.py", folder / name / "__init__.py"):
            if beside.is_file() and not _is_the_real_one(name, beside):
                thing = beside if beside.suffix == ".py" and beside.parent == folder else beside.parent
                raise BadInput(f'{thing} hides the installed package "{name}" from the script: give it another name')


def _is_the_real_one(name: str, file: Path) -> bool:
    from importlib.util import find_spec

    spec = find_spec(name)
    return spec is not None and spec.origin is not None and Path(spec.origin).resolve() == file.resolve()


@contextmanager
def _as_main(path: Path, args: list[str]) -> Iterator[dict[str, Any]]:
    """The globals of a module `__main__` that looks to the script as if it had been started by itself."""
    module = ModuleType("__main__")
    module.__dict__.update(__file__=str(path), __builtins__=__builtins__)
    before = sys.modules["__main__"], sys.argv, list(sys.path)
    sys.modules["__main__"], sys.argv = module, [str(path), *args]
    sys.path.insert(0, str(path.resolve().parent))
    try:
        yield module.__dict__
    finally:
        sys.modules["__main__"], sys.argv, sys.path[:] = before


def _run(code: CodeType, path: Path, scope: dict[str, Any]) -> int:
    try:
        exec(code, scope)
    except SystemExit as done:
        if isinstance(done.code, str):
            print(done.code, file=sys.stderr)
            return FAILED
        return int(done.code or 0)
    except KeyboardInterrupt:
        print("rehab: interrupted; the arm was stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except RehabError as error:
        tick = f" (tick {error.tick})" if isinstance(error, UserCodeError) else ""
        print(f"rehab: {place(error, path)}{_gap(error)}{error}{tick}", file=sys.stderr)
        return exit_code(error)
    except Exception as error:
        line = place(error, path)
        source = "".join(f"\n  | {text}" for text in [_text(error, path)] if text)
        print(f"rehab: {line}{type(error).__name__}: {error}{source}{_elsewhere(error, path)}", file=sys.stderr)
        return BAD_INPUT
    return 0


def place(error: BaseException, path: Path) -> str:
    """ "script.py:12: ", the line of the script at which it ended; "" where none was reached."""
    line = next((line for frame, line in _frames(error) if frame.f_code.co_filename == str(path)), 0)
    return f"{path}:{line}: " if line else ""


def _frames(error: BaseException) -> list[tuple[FrameType, int]]:
    """The deepest first."""
    return list(traceback.walk_tb(error.__traceback__))[::-1]


def _text(error: BaseException, path: Path) -> str:
    import linecache

    found = next((line for frame, line in _frames(error) if frame.f_code.co_filename == str(path)), 0)
    linecache.checkcache(str(path))
    return linecache.getline(str(path), found).strip() if found else ""


def _elsewhere(error: BaseException, path: Path) -> str:
    """Where it was raised, if not in the script itself."""
    frame, line = _frames(error)[0]
    file = frame.f_code.co_filename
    return "" if file in (str(path), __file__) else f"\n  (raised at {file}:{line})"


def _gap(error: RehabError) -> str:
    return "\n" if isinstance(error, Findings) and len(error.findings) > 1 else ""


@contextmanager
def hurried() -> Iterator[None]:
    """On a simulated clock a law that never returns would stand for ever; here it raises after PATIENCE, so that the
    tick catches and names it like any other failure. In real time the supervisor does that, and sooner."""
    from rehab.core import tick
    from rehab.core.function_exercise import FunctionExercise

    watched = (tick.tick.__code__, FunctionExercise._checked.__code__)
    seen: dict[str, Any] = {"frame": None, "since": 0.0}

    def look(number: int, frame: FrameType | None) -> None:
        while frame is not None and frame.f_code not in watched:
            frame = frame.f_back
        if frame is not seen["frame"]:
            seen["frame"], seen["since"] = frame, time.monotonic()
        elif frame is not None and time.monotonic() - seen["since"] >= PATIENCE:
            raise TimeoutError(f"it did not return within {PATIENCE:g} s")

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
        seen.clear()


def _left(sessions: list[Session]) -> int:
    """Reports and folders of what was recorded; 1 where a recording has a problem."""
    code = 0
    for session in sessions:
        problem = session.problem
        try:
            report(session.folder)
        except RehabError as error:
            problem = problem or str(error)
        if problem:
            print(f"rehab: the recording: {problem}", file=sys.stderr)
            code = FAILED
        print(session.folder)
    return code
