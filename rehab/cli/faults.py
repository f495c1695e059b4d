"""`rehab faults`: the fault matrix, as the last run of the tests has shown it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from rehab.cli.output import STDOUT, add_json, print_table, write_json

HELP = "show what the last test run has proven about every fault"
FORMAT = 1
MAKE = "make one with: ./run test"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--results", metavar="FILE", help="of another run (default: REHAB_FAULTS_RESULTS, else build/faults.json)"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """0 when every row was shown, 1 when one failed or is missing. Raises BadInput for results that cannot be read."""
    path = results_file(args.results)
    if not path.exists():
        print(f"there is no test run yet: {path} does not exist; {MAKE}")
        return 1
    rows, made = matrix(path)
    if args.json:
        write_json({"made": made, "rows": rows}, args.json)
    if args.json != STDOUT:
        shown = ("id", "words", "case", "body", "action", "ticks", "result", "test")
        titles = ("id", "fault", "how", "body", "action", "ticks", "result", "test")
        print_table(titles, [[row[name] for name in shown] for row in rows])
        print("\n" + summary(rows, made))
    return 0 if all(good(row) for row in rows) else 1


def results_file(named: str | None) -> Path:
    """The file that is asked for: by option, by environment, else of this checkout or this folder."""
    if named or os.environ.get("REHAB_FAULTS_RESULTS"):
        return Path(named or os.environ["REHAB_FAULTS_RESULTS"])
    root = Path(__file__).parents[2]
    return (root if (root / "pyproject.toml").exists() else Path()) / "build" / "faults.json"


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


def good(row: dict[str, str]) -> bool:
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
