"""Runs the canonical experiments with virtual patients and draws what `rehab analyse` makes of them: the gallery.

    python docs/gallery/make_figures.py [NAME ...] [--recordings DIR]

Writes NAME.png beside this file, and README.md with the command, the seed and the printed numbers of every experiment.
A recording that DIR holds already is not made again; one whose run did not end with exit code 0 is not kept. With all
of it to do it takes about half an hour.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from rehab.cli.main import main as rehab

HERE = Path(__file__).parent
SEED = 7


class Entry(NamedTuple):
    """One experiment. `protocol` and `patient` are names, or files beside this one; `analysis` what is drawn of it."""

    name: str
    protocol: str
    patient: str
    analysis: str
    says: str


ENTRIES = (
    Entry("curl", "force_field_curl", "learner", "adaptation",
          "A curl field is learned: the hand leaves its line less and less, goes to the other side when the field is "
          "off, and in channels pushes against what is not there."),
    Entry("saddle", "force_field_saddle", "learner", "adaptation",
          "The same in a saddle field, whose work and peak forces are known in closed form."),
    Entry("rotation", "rotation_reversal", "learner", "rotation",
          "A turned cursor, then one turned the other way, then none: what is slow to learn comes back."),
    Entry("gradual", "rotation_gradual", "learner", "rotation",
          "A cursor that is turned little by little, and what is left without it."),
    Entry("clamp", "rotation_clamp", "learner", "rotation",
          "A cursor that goes beside the target whatever the hand does: the hand drifts all the same."),
    Entry("recovery", "spontaneous_recovery", "learner", "recovery",
          "A long field, a short opposite one, and error clamps, in which the first comes back."),
    Entry("stiffness", "displacements.yaml", "slow_reacher.yaml", "stiffness",
          "Displacements off the predicted path, and the stiffness of the hand that answers them."),
    Entry("catch", "stretches.yaml", "spastic", "catch_angle",
          "Stretches at rising speed: from some speed on the muscle catches, always at the same angle."),
    Entry("slacking", "guidance_slacking", "lets_the_robot.yaml", "slacking",
          "Help that is kept is leant on: the share of the robot rises to all of the work."),
    Entry("reflex", "reflex_preload", "healthy", "reflex",
          "Steps of torque under a preload, by cell of the design."),
    Entry("reach", "reach_active", "mild_stroke", "reach",
          "Reaching on one's own, with the ten measures of Kinarm's visually guided reach."),
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--recordings", type=Path, default=Path(tempfile.gettempdir()) / "rehab-gallery")
    args = parser.parse_args()
    for entry in ENTRIES:
        if not args.names or entry.name in args.names:
            draw(entry, recording(entry, args.recordings / entry.name))
    index()
    return 0


def command(entry: Entry) -> list[str]:
    """As one would type it in this folder."""
    protocol = f"./{entry.protocol}" if entry.protocol.endswith(".yaml") else entry.protocol
    return ["run", protocol, "--patient", entry.patient, "--seed", str(SEED), "--fast"]


def recording(entry: Entry, folder: Path) -> Path:
    """The folder of the session, run now if it is not there. Raises SystemExit if the run fails."""
    if not folder.is_dir():
        unfinished = folder.with_name(f"{folder.name}.unfinished")  # until it is known how it ended, whatever ends us
        shutil.rmtree(unfinished, ignore_errors=True)
        words = [str(HERE / word) if (HERE / word).is_file() else word for word in command(entry)]
        print(f"{entry.name}: rehab {' '.join(command(entry))}", file=sys.stderr, flush=True)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                code = rehab([*words, "--yes", "--out", str(unfinished)])
            if code:
                raise SystemExit(f"{entry.name}: the run ended with {code}")
            unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    (manifest,) = folder.glob("*/manifest.json")
    return manifest.parent


def draw(entry: Entry, folder: Path) -> None:
    """NAME.png, and NAME.txt with what was printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        figure = str(HERE / f"{entry.name}.png")
        code = rehab(["analyse", str(folder), "--as", entry.analysis, "--figure", figure])
    if code:
        raise SystemExit(f"{entry.name}: {printed.getvalue()}")
    lines = printed.getvalue().splitlines()
    text = "\n".join(line for line in lines[1:] if not line.startswith("drawn:")).strip()  # without the folder's place
    (HERE / f"{entry.name}.txt").write_text(text + "\n", "utf-8")


def index() -> None:
    """README.md of everything that was ever drawn."""
    parts = [
        "# Gallery: the canonical experiments with virtual patients",
        "What the windows look like: [every page](screens/README.md), in English and Italian.",
        "Made by `python docs/gallery/make_figures.py`; equal seeds give equal numbers. Every figure and table comes "
        "from `rehab analyse`. The commands are meant for this folder; the tables say what is expected, and by whom.",
    ]
    for entry in ENTRIES:
        text = HERE / f"{entry.name}.txt"
        if not text.is_file():
            continue
        parts += [
            f"## {entry.name.capitalize()}", entry.says,
            f"```console\n$ rehab {' '.join(command(entry))} --out DIR\n"
            f"$ rehab analyse DIR/* --as {entry.analysis}\n```",
            f"![{entry.says}]({entry.name}.png)", f"```text\n{text.read_text('utf-8').rstrip()}\n```",
        ]  # fmt: skip
    (HERE / "README.md").write_text("\n\n".join(parts) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
