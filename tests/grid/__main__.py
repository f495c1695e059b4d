"""Runs the whole grid and writes docs/grid.md: python -m tests.grid [RESULTS.jsonl]

With a file of results (one JSON list a cell: exercise, mode, patient, outcome, fault, words, s) it goes on from there:
cells that stand in it are not run again, and new ones are added to it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from rehab.core.safety.faults import Fault
from tests.grid.cells import SHORT, Cell, Result, cells, run
from tests.grid.named import reason

PAGE = Path(__file__).parents[2] / "docs" / "grid.md"
INTRO = """# Every exercise, in every mode, with every virtual patient

One short session each on a simulated clock, at the simulated `planar_arm` (`python -m tests.grid` runs them and writes
this page; `pytest -m long tests/grid` judges them; a sample of them runs with all tests). A cell counts the modes: how
many sessions ended by themselves, and which faults ended the others. A fault that is not named with a reason in
`tests/grid/named.py` fails the tests.
"""
REACHED = """## Who succeeds

In how many of the seven modes the last trial was `reached`. Not everybody can in every mode: a limp arm is not helped
in `active` and `resistive`, and in `position_match` it stays where the robot leaves it, since no robot may answer for
it; there nothing leads a hand in `active` and `resistive`, so that there is no place to be brought back. The trials are
short, so that a slow patient runs out of time.
"""


def read(path: Path) -> dict[Cell, Result]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []
    return {Cell(*row[:3]): Result(row[3], Fault(row[4]), row[5], row[6]) for row in rows}


def results(path: Path | None) -> dict[Cell, Result]:
    found = read(path) if path is not None else {}
    for cell in cells():
        if cell not in found:
            result = found[cell] = run(cell)
            if path is not None:
                row = [*cell, result.outcome, int(result.fault), result.words, round(result.seconds, 1)]
                with path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return {cell: found[cell] for cell in cells()}


def page(found: dict[Cell, Result]) -> str:
    patients = list(dict.fromkeys(cell.patient for cell in found))
    exercises = list(dict.fromkeys(cell.exercise for cell in found))
    ended = sum(not result.fault for result in found.values())
    strange = sum(bool(result.fault) and not reason(cell, result.fault) for cell, result in found.items())
    named = len(found) - ended - strange
    words = f"{ended} ended by themselves, {named} by a named fault, {strange} by one that has no name yet"
    parts = [INTRO, f"{len(found)} sessions: {words}.\n"]
    parts.append("## How they ended\n")
    parts += ["| exercise | " + " | ".join(patients) + " |", "| --- |" + " --- |" * len(patients)]
    for exercise in exercises:
        here = [_counted(found, exercise, patient) for patient in patients]
        parts.append(f"| `{exercise}` | " + " | ".join(here) + " |")
    parts += ["", "## Outcomes of the last trial\n", "| exercise | reached | time was up | aborted | stopped |"]
    parts.append("| --- | --- | --- | --- | --- |")
    for exercise in exercises:
        counts = Counter(result.outcome for cell, result in found.items() if cell.exercise == exercise)
        numbers = " | ".join(str(counts[word]) for word in ("reached", "timeout", "aborted", "stopped"))
        parts.append(f"| `{exercise}` | {numbers} |")
    parts += ["", REACHED, "| exercise | " + " | ".join(patients) + " |", "| --- |" + " --- |" * len(patients)]
    for exercise in exercises:
        here = [str(sum(r.outcome == "reached" for c, r in found.items() if (c.exercise, c.patient) == (exercise, who)))
                for who in patients]  # fmt: skip
        parts.append(f"| `{exercise}` | " + " | ".join(here) + " |")
    parts += ["", "## The faults, and why they may come\n", "| fault | patient | where | why |"]
    parts.append("| --- | --- | --- | --- |")
    where: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for cell, result in found.items():
        if result.fault:
            why = reason(cell, result.fault) or "**not named**"
            where[result.fault.label, cell.patient, why].append(f"{cell.exercise} {cell.mode}")
    parts += [f"| {f} | `{p}` | {', '.join(sorted(cells))} | {why} |" for (f, p, why), cells in sorted(where.items())]
    parts += ["", "## How short they are\n", "| exercise | parameters |", "| --- | --- |"]
    parts += [f"| `{name}` | {', '.join(f'{k} {v}' for k, v in given.items())} |" for name, given in SHORT.items()]
    return "\n".join(parts) + "\n"


def _counted(found: dict[Cell, Result], exercise: str, patient: str) -> str:
    counts = Counter(r.fault for cell, r in found.items() if (cell.exercise, cell.patient) == (exercise, patient))
    whole = f"{counts.pop(Fault.NONE, 0)} ended"
    return ", ".join([whole, *(f"{n} F{int(fault):02}" for fault, n in sorted(counts.items()))])


if __name__ == "__main__":
    PAGE.write_text(page(results(Path(sys.argv[1]) if len(sys.argv) > 1 else None)), "utf-8")
    print(PAGE)
