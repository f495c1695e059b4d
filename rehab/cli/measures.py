"""`rehab measures REC`: the outcome measures of every trial, and their medians."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from rehab.cli.output import STDOUT, add_json, print_table, write_json

if TYPE_CHECKING:
    from rehab.core.types import Trial

HELP = "print the outcome measures of a recording"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recording", metavar="REC", help="the folder of a session, finished or not")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """0; also for a recording that was never closed. Raises BadInput for a path that is no recording."""
    from rehab.core.errors import BadInput, RecordingError
    from rehab.measures.slacking import slacking_of
    from rehab.measures.summary import completed, measured, medians
    from rehab.measures.trial import DESCRIPTIONS, METHOD
    from rehab.record.recording import Recording

    try:
        recording = Recording.open(args.recording)
        trials = recording.trials
    except RecordingError as error:
        raise BadInput(str(error)) from error
    state = recording.metadata.get("state")
    done, names, middles = completed(trials), measured(trials), medians(trials)
    slack = slacking_of(trials)
    if args.json:
        units = {name: DESCRIPTIONS[name].unit for name in names}
        write_json(
            {
                "recording": str(recording.folder), "state": state, "damage": recording.damage, "method": METHOD,
                "units": units, "trials": trials, "completed": len(done), "median": middles,
                "slacking": {block: {**found._asdict(), "share": found.share._asdict(), "error": found.error._asdict()}
                             for block, found in slack.items()},
            },
            args.json,
        )  # fmt: skip
    if args.json != STDOUT:
        if state != "closed":
            print(f"this recording is {state}: its last moments may be missing")
        if recording.damage:
            print(f"this recording is damaged: {recording.damage}")
        _print(trials, names, middles, len(done))
        for block, verdict in slack.items():
            print(f"{block}: {verdict} ({verdict.measure.replace('_', ' ')} beside it)")
    return 0


def _print(trials: list[Trial], names: list[str], medians: dict[str, float], done: int) -> None:
    if not trials:
        print("no trial was begun")
        return
    titles = ["trial", "block", "outcome", *(name.replace("_", " ") for name in names)]
    rows = [[str(t.number), t.block, str(t.outcome), *(_cell(n, t.measures) for n in names)] for t in trials]
    if medians:
        rows.append(["", f"median of {done}", "completed", *(_cell(n, medians) for n in names)])
    print_table(titles, rows)


def _cell(name: str, measures: dict[str, Any]) -> str:
    from rehab.core.units import show
    from rehab.measures.trial import DESCRIPTIONS

    if name not in measures:
        return "–"
    unit = DESCRIPTIONS[name].unit
    return show(measures[name], unit) if unit else f"{measures[name]:.4g}"
