"""What became of a kind of signal goes into the results that `rehab faults` shows: build/signals.json."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from rehab.cli.faults import SIGNALS_FORMAT, results_file, signals_file
from tests.e2e.conftest import KILLS

SURELY = 10  # repetitions that stalls of the machine may spoil, beside as many as are asked for


class Figures:
    """Times (s) of one process and signal, a list each, and how many repetitions were done again."""

    def __init__(self, process: str, signal: str) -> None:
        self.process, self.signal = process, signal
        self.times: dict[str, list[float]] = {}
        self.done = self.again = 0

    @property
    def wanted(self) -> bool:
        return self.done < KILLS

    def add(self, **times: float) -> None:
        """One repetition. Words are joined by underscores."""
        self.done += 1
        for name, value in times.items():
            self.times.setdefault(name.replace("_", " "), []).append(value)

    def spoiled(self, why: object) -> None:
        """A stall of the machine came before the signal, or in its place: it proves nothing, and is done again."""
        self.again += 1
        assert self.again <= KILLS + SURELY, f"the machine stalled too often to prove anything: {why}"


@contextmanager
def figures(process: str, signal: str) -> Iterator[Figures]:
    row = Figures(process, signal)
    try:
        yield row
    except BaseException:
        _write(row, "failed")
        raise
    _write(row, "passed")


def _write(row: Figures, outcome: str) -> None:
    path = signals_file(results_file(None))
    path.parent.mkdir(parents=True, exist_ok=True)
    written = json.loads(path.read_text()) if path.exists() else {}
    rows = written.get("rows", []) if written.get("format") == SIGNALS_FORMAT else []
    new = {
        "process": row.process,
        "signal": row.signal,
        "outcome": outcome,
        "repetitions": row.done,
        "again": row.again,
        "times": {name: [round(value, 6) for value in values] for name, values in row.times.items()},
    }
    kinds = [(old["process"], old["signal"]) for old in rows]
    at = kinds.index((row.process, row.signal)) if (row.process, row.signal) in kinds else len(rows)
    rows[at : at + 1] = [new]
    path.write_text(json.dumps({"format": SIGNALS_FORMAT, "rows": rows}, indent=1) + "\n")
