"""A script of commands, for simulations and tests: what the user asks for, and when.

    repeat: 8 s                          # begin again every 8 s; without it the last command stays
    commands:
      - {at: 0 s, steer: [0, 1]}         # straight ahead, fully
      - {at: 2.5 s, steer: [0, 0]}
      - {at: 3 s, press: stop}           # a short press on a stop pedal
      - {at: 4 s, hold: false}           # a hold-to-run pedal is let go

script:FILE. Times count from the beginning of the exercise; before it the user rests. A .csv file with the columns t,
intent_0, intent_1 does the same; with a column state, as in a recording, its t counts from where the exercise ran, so
that a session can be played again. With a simulated clock a
command comes at its very tick.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from rehab.core.errors import BadInput, Finding, UnknownName
from rehab.core.intent import Said
from rehab.core.parameters import Parameters
from rehab.core.units import parse
from rehab.core.values import Floats
from rehab.protocol.written import Written
from rehab.realtime.layout import SESSION_STATES

KEYS = ("at", "steer", "press", "hold")
PRESS = 0.1  # s that a press lasts
MOST_BYTES = 64 << 20
EXAMPLE = "- {at: 1 s, steer: [0, 1]}"
RUNNING, PAUSED = (float(SESSION_STATES.index(name)) for name in ("running", "paused"))
AFTER = 1e-9  # s: a tick whose time was added up counts as the one it is


class Entry(NamedTuple):
    """From `at` (s) on; what is None stays as it was."""

    at: float
    steer: Floats | None = None
    press: bool = False
    hold: bool | None = None


class Script:
    """Timed commands from a file, for simulations and tests."""

    parameters: ClassVar[Parameters] = Parameters()
    simulated = True
    pedal = typed = False

    def __init__(self, where: str, dimensions: int, **parameters: Any) -> None:
        self.parameters.complete(parameters)
        self._zero = (0.0,) * dimensions
        entries, self._repeat = read(where, dimensions)
        self._steers = [entry for entry in entries if entry.steer is not None]
        self._holds = [entry for entry in entries if entry.hold is not None]
        self._presses = [entry.at for entry in entries if entry.press]
        self._steer_times = [entry.at for entry in self._steers]
        self._hold_times = [entry.at for entry in self._holds]

    @staticmethod
    def addresses() -> list[str]:
        return list(ready())

    def open(self) -> None: ...

    def close(self) -> None: ...

    def fileno(self) -> int | None:
        return None

    def poll(self, now: float, run: float) -> Said:
        if run < 0.0:
            return Said(self._zero)
        t = run + AFTER
        if self._repeat:
            t %= self._repeat
        k, h = bisect_right(self._steer_times, t) - 1, bisect_right(self._hold_times, t) - 1
        steer = self._steers[k].steer if k >= 0 else None
        pressed = any(at <= t < at + PRESS for at in self._presses)
        return Said(steer or self._zero, stop=pressed, run=self._holds[h].hold is not False if h >= 0 else True)


def ready() -> dict[str, Path]:
    """Name -> file of the scripts that ship."""
    return {path.stem: path for path in sorted((Path(__file__).parent / "scripts").glob("*.yaml"))}


def read(where: str, dimensions: int) -> tuple[list[Entry], float]:
    """The commands of a file, or of a script that ships, and after how many s it begins again. Raises BadInput."""
    path = ready().get(where, Path(where))
    if path.suffix not in (".yaml", ".yml", ".csv"):
        if "/" in where:
            raise BadInput(f"{path}: a script is a .yaml or a .csv file")
        raise UnknownName("script", where, list(ready()))
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"{path}: more than {MOST_BYTES >> 20} MB")
        source = path.read_text("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: byte {error.start} is not UTF-8 text; is this a script?") from error
    return (_table(source, str(path), dimensions), 0.0) if path.suffix == ".csv" else _yaml(source, path, dimensions)


def _table(source: str, file: str, dimensions: int) -> list[Entry]:
    """From the first row of the exercise on: a recording begins before it."""
    reader = csv.DictReader(source.splitlines())
    names = [f"intent_{k}" for k in range(dimensions)]
    missing = [name for name in ("t", *names) if name not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(f"{file}: there is no column {', '.join(missing)} (needed: t, {', '.join(names)})")
    entries: list[Entry] = []
    ran = False
    for number, row in enumerate(reader, 2):
        try:
            runs = float(row.get("state", RUNNING)) in (RUNNING, PAUSED)
            ran, last = runs, ran  # the tick in which the exercise ends is recorded as over
            if runs or last:
                entries.append(Entry(float(row["t"]), tuple(float(row[name]) for name in names)))
        except (TypeError, ValueError):
            raise BadInput(f"{file}:{number}: a row holds a time in s and {dimensions} numbers of -1 to 1") from None
    first = entries[0].at if entries and "state" in (reader.fieldnames or ()) else 0.0
    return sorted(entry._replace(at=entry.at - first) for entry in entries)


def _yaml(source: str, path: Path, dimensions: int) -> tuple[list[Entry], float]:
    written = Written(source, str(path))
    found: list[Finding] = []
    value = written.value
    if not isinstance(value, dict) or not isinstance(value.get("commands"), list):
        found.append(Finding("commands", "is missing, or no list", f"commands: a list such as {EXAMPLE}"))
        raise written.error(written.settled(found))
    found += [Finding(key, "unknown key", "known: repeat, commands") for key in value if key not in
              ("repeat", "commands")]  # fmt: skip
    repeat = _seconds(value.get("repeat", "0 s"), "repeat", found)
    entries = [_entry(k, one, dimensions, found) for k, one in enumerate(value["commands"])]
    if found or written.findings:
        raise written.error(written.settled(found))
    return sorted(entries, key=lambda entry: entry.at), repeat


def _entry(number: int, value: Any, dimensions: int, found: list[Finding]) -> Entry:
    at = f"commands[{number}]"
    if not isinstance(value, dict) or "at" not in value or not set(value) & {"steer", "press", "hold"}:
        found.append(Finding(at, "is no command", f"a time and steer, press or hold, for example {EXAMPLE}"))
        return Entry(0.0)
    found += [Finding(f"{at}.{key}", "unknown key", "known: " + ", ".join(KEYS)) for key in value if key not in KEYS]
    steer, hold = value.get("steer"), value.get("hold")
    if steer is not None and not _numbers(steer, dimensions):
        found.append(Finding(f"{at}.steer", "is not what this arm can be steered by", f"{dimensions} numbers, -1 to 1"))
        steer = None
    if value.get("press", "stop") != "stop":
        found.append(Finding(f"{at}.press", "is unknown", "stop"))
    if hold is not None and not isinstance(hold, bool):
        found.append(Finding(f"{at}.hold", "is neither true nor false", "true or false"))
    return Entry(
        _seconds(value["at"], f"{at}.at", found), None if steer is None else tuple(map(float, steer)),
        "press" in value, hold if isinstance(hold, bool) else None,
    )  # fmt: skip


def _numbers(value: Any, dimensions: int) -> bool:
    return isinstance(value, list) and len(value) == dimensions and all(
        isinstance(u, int | float) and not isinstance(u, bool) and -1.0 <= u <= 1.0 for u in value
    )  # fmt: skip


def _seconds(value: Any, field: str, found: list[Finding]) -> float:
    try:
        seconds = parse(value, "s")
    except ValueError as error:
        found.append(Finding(field, str(error), "a time of 0 s or more, for example 2.5 s"))
        return 0.0
    if not 0.0 <= seconds < 1e6:
        found.append(Finding(field, "is no such time", "a time of 0 s or more, for example 2.5 s"))
    return float(seconds)
