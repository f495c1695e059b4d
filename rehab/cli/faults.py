"""`rehab faults`: the fault matrix, as the last run of the tests has shown it, and the times of killed processes."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rehab.cli.output import STDOUT, add_json, print_table, write_json

HELP = "show what the last test run has proven about every fault, and how fast killed processes were noticed"
FORMAT = SIGNALS_FORMAT = 1
MAKE = "make one with: ./run test"
MAKE_SIGNALS = "make them with: REHAB_KILLS=20 ./run test tests/e2e -m kill"
PERCENTILES = {"min": 0.0, "p50": 0.5, "p95": 0.95, "max": 1.0}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--results", metavar="FILE", help="of another run (default: REHAB_FAULTS_RESULTS, else build/faults.json)"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """0 when every row was shown, 1 when one failed or is missing. Raises BadInput for results that cannot be read."""
    path = results_file(args.results)
    there = path.exists()
    rows, made = matrix(path) if there else ([], "")
    times = signals(signals_file(path))
    if args.json:
        write_json({"made": made, "rows": rows, "signals": times}, args.json)
    if args.json != STDOUT:
        if there:
            shown = ("id", "words", "case", "body", "action", "ticks", "result", "test")
            titles = ("id", "fault", "how", "body", "action", "ticks", "result", "test")
            print_table(titles, [[row[name] for name in shown] for row in rows])
            print("\n" + summary(rows, made))
        else:
            print(f"there is no test run yet: {path} does not exist; {MAKE}")
        print()
        if times:
            print_table(*signal_table(times))
        else:
            print(f"there are no times of killed and stopped processes yet; {MAKE_SIGNALS}")
    return 0 if there and all(good(row) for row in [*rows, *times]) else 1


def results_file(named: str | None) -> Path:
    """The file that is asked for: by option, by environment, else of this checkout or this folder."""
    if named or os.environ.get("REHAB_FAULTS_RESULTS"):
        return Path(named or os.environ["REHAB_FAULTS_RESULTS"])
    root = Path(__file__).parents[2]
    return (root if (root / "pyproject.toml").exists() else Path()) / "build" / "faults.json"


def signals_file(results: Path) -> Path:
    """What the tests that kill and stop processes wrote beside these results."""
    return results.with_name("signals.json")


def matrix(path: Path) -> tuple[list[dict[str, str]], str]:
    """One row a way in which a fault is shown, in the table's order; a fault without any is there, as missing."""
    import msgspec

    from rehab.core.errors import BadInput
    from rehab.core.safety.faults import FACTS, Fault

    try:
        written: Any = msgspec.json.decode(path.read_bytes())
        if written["format"] != FORMAT:
            raise BadInput(f"{path} is of another version of this program; {MAKE}")
        rows = [_row(row, FACTS[Fault(row["fault"])].words) for row in written["rows"]]
        for fate in written["fates"]:
            if fate["fate"] != "hardware":
                words = FACTS[Fault(fate["fault"])].words
                rows.append(_row({**fate, "case": fate["why"], "outcome": fate["fate"]}, words))
        made = str(written["made"])
    except (OSError, msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path} cannot be read as results: {error}; {MAKE}") from error
    known = {row["id"] for row in rows}
    missing = [fault for fault in Fault if fault and f"F{fault:02d}" not in known]
    rows += [_row({"fault": int(fault), "case": "–", "outcome": "missing"}, FACTS[fault].words) for fault in missing]
    return sorted(rows, key=lambda row: row["id"]), made


def _row(row: dict[str, Any], words: str) -> dict[str, str]:
    return {
        "id": f"F{row['fault']:02d}",
        "words": words,
        "case": str(row["case"]),
        "body": str(row.get("body", "–")),
        "action": str(row.get("action", row.get("expected", "–"))).lower().replace("_", " "),
        "ticks": str(row["ticks"]) if "ticks" in row else "–",
        "result": str(row["outcome"]),
        "test": str(row.get("test", "–")),
    }


def signals(path: Path) -> list[dict[str, Any]]:
    """One row a kind of signal and a time (s) that was taken; a kind that failed at once has one without. No file, no
    rows. A percentile is a value that was seen: p95 of 20 is the second largest."""
    import msgspec

    from rehab.core.errors import BadInput

    if not path.exists():
        return []
    rows: list[dict[str, Any]] = []
    try:
        written: Any = msgspec.json.decode(path.read_bytes())
        if written["format"] != SIGNALS_FORMAT:
            raise BadInput(f"{path} is of another version of this program; {MAKE_SIGNALS}")
        for kind in written["rows"]:
            about = {
                "process": str(kind["process"]),
                "signal": str(kind["signal"]),
                "result": str(kind["outcome"]),
                "repetitions": int(kind["repetitions"]),
                "again": int(kind["again"]),
            }
            for name, values in (kind["times"] or {"–": []}).items():
                ordered = sorted(map(float, values))
                rows.append({**about, "time": name, **{at: _seen(ordered, part) for at, part in PERCENTILES.items()}})
    except (OSError, msgspec.DecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path} cannot be read as times of signals: {error}; {MAKE_SIGNALS}") from error
    return rows


def _seen(ordered: Sequence[float], part: float) -> float | None:
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)] if ordered else None


def signal_table(rows: Sequence[dict[str, Any]]) -> tuple[Sequence[str], list[list[str]]]:
    """Titles and cells for people, times in ms."""
    titles = ("process", "signal", "time from … to", "n", *(f"{at} ms" for at in PERCENTILES), "result")
    return titles, [
        [row["process"], row["signal"], row["time"], str(row["repetitions"])]
        + ["–" if row[at] is None else f"{1e3 * row[at]:.1f}" for at in PERCENTILES]
        + [row["result"]]
        for row in rows
    ]


def good(row: dict[str, Any]) -> bool:
    """Shown, or left for later on purpose."""
    return row["result"] in ("passed", "deferred", "partly deferred")


def summary(rows: list[dict[str, str]], made: str) -> str:
    """ "121 of 121 rows passed; F35 F37 F42 deferred; run of 2026-11-23T..."."""
    tried = [row for row in rows if row["test"] != "–"]
    parts = [f"{sum(row['result'] == 'passed' for row in tried)} of {len(tried)} rows passed"]
    for result in ("failed", "skipped", "not run", "missing", "not yet shown", "deferred", "partly deferred"):
        ids = dict.fromkeys(row["id"] for row in rows if row["result"] == result)
        if ids:
            parts.append(f"{result}: {' '.join(ids)}")
    return "; ".join(parts) + f"; run of {made}"
