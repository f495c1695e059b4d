"""Writes the guides' tables from the code that they describe: run `python docs/make_tables.py` after changing it.

A table stands between two marks, `<!-- table: NAME -->` and `<!-- /table -->`; tests/docs says when one is out of date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from rehab.cli import faults as shown
from rehab.cli import main as command
from rehab.core.limits import BUILTIN
from rehab.core.safety.faults import FACTS, Fault
from rehab.core.units import pretty, show
from rehab.core.values import Action
from rehab.measures.trial import DESCRIPTIONS
from rehab.protocol.modes import MODES, available
from rehab.realtime.layout import channels
from sim.patients import presets
from sim.patients.person import Traits
from sim.patients.presets import PRESETS
from sim.patients.traits.trait import Trait
from sim.patients.written import KINDS

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests are no package that is installed
from tests.faults.fates import DEFERRED, HARDWARE, NOT_YET, PARTLY, PROCESSES
from tests.faults.table import ROWS

DOCS = Path(__file__).parent
GUIDES = tuple(
    DOCS / f"{name}.md" for name in ("user-guide", "developer-guide", "hazards", "signals", "virtual-patients")
)
MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- /table -->)", re.DOTALL)

FATES = {"deferred": DEFERRED, "partly deferred": PARTLY, "not yet shown": NOT_YET}
STEPS = {
    Action.WARN: "warning", Action.LIMIT: "limited", Action.FREEZE: "held where it is", Action.YIELD: "goes soft",
    Action.RAMP_OFF: "stop", Action.TORQUE_OFF: "power off",
}  # fmt: skip
DOES = {  # what a person sees of each step of the stop ladder
    Action.WARN: "says so and goes on",
    Action.LIMIT: "gives less torque, and goes on",
    Action.FREEZE: "holds the arm softly; stops if it lasts",
    Action.YIELD: "goes soft and can be moved by hand",
    Action.RAMP_OFF: "stops",
    Action.TORQUE_OFF: "loses power at once",
}
REFUSED = (  # found before anything moves: the ladder is not asked
    Fault.WRONG_DEVICE, Fault.NO_REAL_TIME, Fault.CONFIG_INVALID, Fault.UNITS_SWAPPED, Fault.FOREIGN_LIMITS,
    Fault.PORT_SHARED, Fault.CODE_ALTERED, Fault.START_TOO_FAR,
)  # fmt: skip
DOES_ITSELF = {
    **dict.fromkeys(REFUSED, "does not begin to move"),
    **dict.fromkeys(DEFERRED, "does not know of it yet"),
    Fault.CONTROL_LOST: "stops by its own watchdog",
    Fault.CONTROL_HUNG: "stops by its own watchdog",
    Fault.POWER_LOSS: "is not concerned: the recording is",
    Fault.RECORD_TAMPERED: "is not concerned: the recording is",
}
CODES = {
    command.DONE: "done",
    command.FAILED: "what was asked about failed: `check` found a problem, `verify` found damage",
    command.BAD_INPUT: "wrong usage or bad input; one clear message, nothing was moved",
    command.STOPPED: "a safety stop ended the session, or the device was lost",
    command.INTERRUPTED: "interrupted with Ctrl-C; the arm was stopped first",
    command.BROKEN_PIPE: "whoever read the output went away",
}


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def faults() -> str:
    rows = [
        (fault.label, DOES_ITSELF.get(fault) or DOES[facts.action], facts.help)
        for fault, facts in FACTS.items()
        if fault
    ]
    return table(("fault", "the robot", "what to do"), rows)


def exit_codes() -> str:
    return table(("code", "means"), [(str(code), says) for code, says in CODES.items()])


def limits() -> str:
    rows = []
    for name, limit in BUILTIN.items():
        least, most = show(limit.least, limit.unit), show(limit.most, limit.unit)
        rows.append((f"`{name}`", show(limit.default, limit.unit), f"{least} to {most}", limit.tighter, limit.says))
    return table(("limit", "default", "the site may choose", "tighter is", "what it is"), rows)


def measures() -> str:
    rows = [(f"`{name}`", pretty(d.unit) or "–", d.says, d.better or "–") for name, d in DESCRIPTIONS.items()]
    return table(("measure", "unit", "what it is", "better is"), rows)


def columns() -> str:
    """The columns of one tick; a vector's first one stands for all."""
    rows = []
    for channel in channels(1, 1):
        name = f"`{channel.name}`, …" if channel.name.endswith("_0") else f"`{channel.name}`"
        rows.append((name, pretty(channel.unit) or "–", channel.says))
    return table(("column", "unit", "what it is"), rows)


def modes() -> str:
    usable = available()
    rows = [
        (f"`{mode}`", f"`{controller}`" if controller else "–", "yes" if mode in usable else "not yet")
        for mode, controller in MODES.items()
    ]
    return table(("mode", "controller it picks", "available"), rows)


def hazards() -> str:
    """The fault table for risk managers: the code's detectors and actions, joined with the tests that show them."""
    about = YAML(typ="safe").load((DOCS / "hazards.yaml").read_text("utf-8"))
    rows = []
    for fault, facts in FACTS.items():
        if not fault:
            continue
        said = about[f"F{fault:02d}"]
        does = "not built yet" if fault in DEFERRED else "refused" if fault in REFUSED else STEPS[facts.action]
        hazard = f"{said['hazard']} ({said['severity']})"
        control = f"{facts.where}: {facts.detector} → **{does}**"
        row = (f"F{fault:02d} {facts.words}", hazard, said["cause"], control, facts.priority, shown_by(fault))
        rows.append((*row, said["residual"]))
    return table(("fault", "hazard", "cause", "control", "alarm", "shown by", "left"), rows)


def shown_by(fault: Fault) -> str:
    """ "-k F05: 2 ways (emulator)", tests with real processes, or why none."""
    rows = [row for row in ROWS if row.fault is fault]
    bodies = dict.fromkeys(body for row in rows for body in row.bodies)
    ways = f"{len(rows)} way{'s' * (len(rows) != 1)} ({', '.join(bodies)})"
    parts = [f"`-k F{fault:02d}`: {ways}"] if rows else []
    parts += [f"processes (`{test.rpartition('::')[2]}`)" for test in PROCESSES.get(fault, ())]
    parts += [f"{fate} ({of[fault]})" for fate, of in FATES.items() if fault in of]
    return "; ".join(parts)


def hardware() -> str:
    return table(("fault", "to be shown on the device"), [(fault.label, why) for fault, why in HARDWARE.items()])


def signals() -> str:
    """The times of one run of the tests that kill and stop processes, kept in signals.json (format of build/)."""
    return table(*shown.signal_table(shown.signals(DOCS / "signals.json")))


def patients() -> str:
    return table(("name", "who it is"), [(f"`{name}`", _first_line(getattr(presets, name))) for name in PRESETS])


def traits() -> str:
    """Every key of a patient's file: first those of the patient itself, then those of each trait."""
    rows = [("", *row) for row in _keys(Traits)]
    for name, kind in KINDS.items():
        says = _first_line(sys.modules[kind.__module__])
        rows += [(f"`{name}`", "", "", "", says), *(("", *row) for row in _keys(kind))]
    return table(("trait", "key", "if left out", "allowed", "what it is"), rows)


def _keys(kind: type[Trait]) -> list[tuple[str, str, str, str]]:
    return [(f"`{key}`", p.show(p.default), p.allowed, p.says) for key, p in kind.parameters().items()]


def _first_line(of: Any) -> str:
    return str(of.__doc__).partition("\n")[0]


TABLES: dict[str, Callable[[], str]] = {
    "faults": faults,
    "exit_codes": exit_codes,
    "limits": limits,
    "measures": measures,
    "columns": columns,
    "modes": modes,
    "hazards": hazards,
    "hardware": hardware,
    "signals": signals,
    "patients": patients,
    "traits": traits,
}


def renewed(text: str) -> str:
    """The text with every marked table as the code has it now. Raises KeyError for a mark that names no table."""
    return MARKED.sub(lambda found: found[1] + TABLES[found[2]]() + found[3], text)


def main() -> int:
    for guide in GUIDES:
        before = guide.read_text("utf-8")
        after = renewed(before)
        if after != before:
            guide.write_text(after, "utf-8")
            print(f"{guide.name}: renewed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
