"""Runs the canonical experiments with virtual patients and draws what `rehab analyse` makes of them: the gallery.

    python docs/gallery/make_figures.py [NAME ...] [--recordings DIR]

Writes NAME.png and NAME.txt (all that `rehab analyse` printed) beside this file, and of each drawn experiment its
section in README.md: what was done, its figure, and the numbers found beside those expected. No number is written by
hand: what is found comes from the analysis, what is expected from theory in the analysis or from the virtual patient.
A recording that DIR holds already is not made again; one whose run did not end with exit code 0 is not kept. With all
of it to do it takes about half an hour.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rehab.cli.analyse import SHOWN
from rehab.cli.main import main as rehab
from sim.models import load
from sim.patients.patient import VirtualPatient
from sim.patients.person import Traits
from sim.patients.presets import PRESETS
from sim.patients.traits.spasticity import Spasticity
from sim.patients.written import read_traits

HERE = Path(__file__).parent
SEED = 7
TRUTH = "the virtual patient's own"
SMITH = "Smith et al. 2006, PLoS Biol. 4(6):e179"
Rows = dict[str, dict[str, Any]]  # as `rehab analyse --json` gives them, by name


class Number(NamedTuple):
    """A row to be shown, and what is expected of it: words, or an SI value that is worked out; nothing: what the
    analysis itself expects, by the source that it names."""

    row: str
    expected: str | Callable[[Rows, Traits], float] = ""
    source: str = ""


def stiffness(which: int) -> Callable[[Rows, Traits], float]:
    """N/m along the axis of that number (0 the softest) at the place that was measured."""

    def known(rows: Rows, who: Traits) -> float:
        place = (rows["place of the hand, x"]["value"], rows["place of the hand, y"]["value"])
        K = VirtualPatient(load("planar_arm"), who, SEED).endpoint_stiffness(place)
        return float(np.linalg.eigvalsh(K)[which])

    return known


def catch(rows: Rows, who: Traits) -> float:
    trait = who.of(Spasticity)
    angle = None if trait is None else trait.catch_angle(2.0 * trait.threshold)
    assert angle is not None
    return angle


def drift(rows: Rows, who: Traits) -> float:
    """rad, mean over the last cycle: the trials 153 to 160 of an error that stays."""
    rates, n = who.learning, np.arange(152, 160)
    assert rates is not None
    fast = rates.learn_fast * (1.0 - rates.keep_fast**n) / (1.0 - rates.keep_fast)
    slow = rates.learn_slow * (1.0 - rates.keep_slow**n) / (1.0 - rates.keep_slow)
    return float(np.radians(15.0) * (fast + slow).mean())


class Entry(NamedTuple):
    """One experiment. `protocol` and `patient` are names, or files beside this one; `analysis` what is drawn of it."""

    name: str
    protocol: str
    patient: str
    analysis: str
    says: str
    did: str
    numbers: tuple[Number, ...]


SADDLE = "Shadmehr & Mussa-Ivaldi 1994, J. Neurosci. 14(5): their field, a minimum-jerk reach"
AFTER = "Shadmehr & Mussa-Ivaldi 1994, J. Neurosci. 14(5)"
RISES = "Scheidt et al. 2000, J. Neurophysiol. 84(2)"
LEARNED = (
    Number("error fell by"),
    Number("after-effect, catch trials", "below 0", AFTER),
    Number("after-effect, first cycle after", "below 0", AFTER),
    Number("adaptation index, first third"), Number("adaptation index, last third"),
    Number("it rises with confidence", "above 0.95", RISES),
)  # fmt: skip
RATES = tuple(Number(f"two-state fit: {name}", "", SMITH) for name in ("A_f", "B_f", "A_s", "B_s"))
ENTRIES = (
    Entry("curl", "force_field_curl", "learner", "adaptation",
          "A curl field is learned: the hand leaves its line less and less, goes to the other side when the field is "
          "off, and in channels pushes against what is not there.",
          "Reaches of 10 cm to eight places: ten to each without a field, 24 in a curl field of 15 N·s/m, ten without. "
          "Among those in the field one to each place without it (catch trial) and three in a channel.",
          (*LEARNED, Number("10 cm in 0.5 s at 0°: peak force"))),
    Entry("saddle", "force_field_saddle", "learner", "adaptation",
          "The same in a saddle field, whose work and peak forces are known.",
          "As for the curl field. Here limb and robot push sideways in channels even before any field, differently in "
          "every direction; each place had one channel trial then, which is taken off: single points scatter by it, "
          "and the rise is asked within each place.",
          (*LEARNED,
           *(Number(f"10 cm in 0.5 s at {angle}°: {what}", "", SADDLE) for angle in (0, 45, 90, 135)
             for what in ("work", "peak force")))),
    Entry("rotation", "rotation_reversal", "learner", "rotation",
          "A turned cursor, then one turned the other way, then none: what is slow to learn comes back.",
          "Reaches to eight places: 40 with the cursor at the hand, 160 with it turned by 30°, some turned by −30°, "
          "then without a cursor, then with it.",
          (*RATES, Number("rebound while unseen: mean", "", SMITH),
           Number("rebound: peak of the two-state fit", "", SMITH), Number("rebound: at unseen trial", "", SMITH))),
    Entry("gradual", "rotation_gradual", "learner", "rotation",
          "A cursor that is turned little by little, and what is left without it.",
          "Reaches to eight places: 40 with the cursor at the hand, 160 while it is turned to 30° within 120, 40 "
          "without a cursor, 80 with it. A slow turn tells the fast memory from the slow one less surely than a step.",
          (*RATES, Number("unseen: compensation, first cycle", "above 0", "Krakauer et al. 2000, J. Neurosci. 20(23)"),
           Number("washout: compensation, first cycle", "above 0", "Krakauer et al. 2000, J. Neurosci. 20(23)"))),
    Entry("clamp", "rotation_clamp", "learner", "rotation",
          "A cursor that goes beside the target whatever the hand does: the hand drifts all the same.",
          "Reaches to eight places: 40 with the cursor at the hand, 160 with the cursor clamped 15° beside the target, "
          "which the participant is told to ignore, 40 without a cursor. People's drift is the same for small and "
          "large clamps (Morehead et al. 2017); this patient's grows with them: it learns in proportion to the error.",
          (Number("clamped: compensation, last cycle", drift, "Σ B e (1 − Aⁿ)/(1 − A) of its memories, e = 15°"),
           Number("unseen: compensation, first cycle", "above 0", "Morehead et al. 2017, J. Cogn. Neurosci. 29(6)"))),
    Entry("recovery", "spontaneous_recovery", "learner", "recovery",
          "A long field, a short opposite one, and error clamps: what the opposite one taught goes, and the first "
          "comes back.",
          "Reaches to one place: 60 without a field, 400 in a curl field with 40 channel trials among them, 20 in the "
          "opposite field, 100 error clamps (channels). An index tells somewhat less than what was learned: the wall "
          "gives a little, and what the limb's own stiffness then bears is not seen in it.",
          (Number("adaptation index, last 5 channels in the field", "", SMITH),
           Number("clamp: index of the first", "", SMITH), Number("rebound: mean", "", SMITH))),
    Entry("stiffness", "displacements.yaml", "slow_reacher.yaml", "stiffness",
          "Displacements off the predicted path, and the stiffness of the hand that answers them.",
          "88 reaches of 12 cm; in 24 the robot shifts the hand by 8 mm in one of eight directions off the way that it "
          "would have gone on, within 100 ms, for 250 ms (in form Burdet et al. 2000, J. Biomech. 33(12)). The patient "
          "is steadier than most; of one who is not, the analysis says how many displacements it would take.",
          (Number("stiffest", stiffness(1), TRUTH), Number("softest", stiffness(0), TRUTH),
           Number("share that is no spring", "0", "passive joints: Mussa-Ivaldi et al. 1985, J. Neurosci. 5(10)"))),
    Entry("catch", "stretches.yaml", "spastic", "catch_angle",
          "Stretches at rising speed: from some speed on the muscle catches, always at the same angle.",
          "Twelve stretches of the elbow's flexors at 8, 13.7, 23.4 and 40 cm/s (from right to left: the bend falls). "
          "The robot leads the hand to their beginning too: who is asked to hold it there has muscles at work when "
          "the stretch begins, and nothing is measured.",
          (Number("stretch at 23.4 cm/s: angle of catch", catch, TRUTH),
           Number("stretch at 40 cm/s: angle of catch", catch, TRUTH),
           Number("stretch at 8 cm/s: angle of catch", "none", "below the threshold: Lance 1980"),
           Number("stretch at 13.7 cm/s: angle of catch", "none", "below the threshold: Lance 1980"))),
    Entry("slacking", "guidance_slacking", "lets_the_robot.yaml", "slacking",
          "Help that is kept is leant on: the robot does more and more of the same movement.",
          "16 reaches alone, 40 led by a spring that stays as it is, 40 with assistance that is forgotten where it is "
          "not needed.",
          (Number("kept: verdict", "slacking", "Wolbrecht et al. 2008, IEEE TNSRE 16(3)"),
           Number("kept: share falls as effort rises", "yes", "by definition of the share"),
           Number("as needed: verdict", "not slacking", "Wolbrecht et al. 2008, IEEE TNSRE 16(3)"))),
    Entry("reflex", "reflex_preload", "healthy", "reflex",
          "Steps of torque under a preload, by cell of the design.",
          "Eight cells of 20: a preload of ±2 N·m at the elbow, then a step of ±3 N·m for 200 ms, with the word to "
          "resist or to let go. This patient has no reflex and hears no word: what answers is stiffness, damping and "
          "inertia, against the step in every cell, and equal for both words.",
          (*(Number(f"preload {load} N·m, step 3 N·m, {word}: torque, R1", "below 0", "passive limb")
             for load in (-2, 2) for word in ("resist", "let_go")),
           *(Number(f"preload {load} N·m, step -3 N·m, {word}: torque, R1", "above 0", "passive limb")
             for load in (-2, 2) for word in ("resist", "let_go")))),
    Entry("reach", "reach_active", "mild_stroke", "reach",
          "Reaching on one's own, with the ten measures of Kinarm's visually guided reach.",
          "16 reaches to eight places. The measures are Kinarm's (Coderre et al. 2010, Neurorehabil. Neural Repair "
          "24(6)); no number from outside is expected of a virtual patient.",
          (Number("reaching: path length ratio", "1 or more", "closed form"),
           Number("reaching: speed maxima count", "1 or more", "closed form"))),
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--recordings", type=Path, default=Path(tempfile.gettempdir()) / "rehab-gallery")
    args = parser.parse_args()
    for entry in ENTRIES:
        if not args.names or entry.name in args.names:
            draw(entry, recording(entry, args.recordings / entry.name))
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
    """NAME.png, NAME.txt with what was printed, and the section of README.md."""
    printed = io.StringIO()
    with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(printed):
        data = Path(place) / "found.json"
        figure = str(HERE / f"{entry.name}.png")
        code = rehab(["analyse", str(folder), "--as", entry.analysis, "--figure", figure, "--json", str(data)])
        (found,) = json.loads(data.read_text("utf-8")) if not code else (None,)
    if code:
        raise SystemExit(f"{entry.name}: {printed.getvalue()}")
    lines = printed.getvalue().splitlines()
    text = "\n".join(line for line in lines[1:] if not line.startswith("drawn:")).strip()  # without the folder's place
    (HERE / f"{entry.name}.txt").write_text(text + "\n", "utf-8")
    write(entry, section(entry, found["result"]))


def section(entry: Entry, result: dict[str, Any]) -> str:
    """What README.md says of it."""
    rows = {row["name"]: row for row in result["rows"]}
    protocol = HERE / entry.protocol
    who = PRESETS.get(entry.patient) or read_traits((HERE / entry.patient).read_text("utf-8"))
    table = ["| number | found | expected | by |", "| --- | --- | --- | --- |"]
    for number in entry.numbers:
        row = next(row for name, row in rows.items() if name == number.row or name.startswith(f"{number.row}, "))
        known = number.expected(rows, who) if callable(number.expected) else number.expected or row["expected"]
        assert known is not None, f"{entry.name}: nothing is expected of {number.row}"
        told = known if isinstance(known, str) else shown(known, row["unit"])
        found = shown(row["value"], row["unit"])
        if row.get("spread") is not None:
            found += f" ± {shown(row['spread'], row['unit'], 2)}"
        table.append(f"| {row['name']} | {found} | {told} | {number.source or row['source']} |")
    name = f"[{entry.protocol}]({entry.protocol})" if protocol.is_file() else f"`{entry.protocol}`"
    patient = f"[{entry.patient}]({entry.patient})" if entry.patient not in PRESETS else f"`{entry.patient}`"
    parts = [
        f"## {entry.name.capitalize()}", entry.says, f"Protocol {name}, patient {patient}. {entry.did}",
        f"![{entry.says}]({entry.name}.png)", "\n".join(table),
        f"Found: {result['verdict']}. [All numbers]({entry.name}.txt).",
        f"```console\n$ rehab {' '.join(command(entry))} --out DIR\n"
        f"$ rehab analyse DIR/* --as {entry.analysis}\n```",
    ]  # fmt: skip
    return "\n\n".join(parts)


def shown(value: float | str, unit: str, digits: int = 4) -> str:
    """As people read it."""
    if isinstance(value, str):
        return value
    factor, name = SHOWN.get(unit, (1.0, unit.replace("**", "^").replace("*", "·")))
    value = 0.0 if abs(value) < 1e-12 else factor * value
    return f"{value:.{digits}g}{'' if name == '°' or not name else ' '}{name}".replace("-", "−")


def write(entry: Entry, text: str) -> None:
    """README.md with that section new, and all others as they are."""
    readme = HERE / "README.md"
    known = readme.read_text("utf-8").split("\n## ") if readme.is_file() else [""]
    sections = {part.partition("\n")[0].lower(): f"## {part.strip()}" for part in known[1:]}
    sections[entry.name] = text
    parts = [
        "# Gallery: the canonical experiments with virtual patients",
        "What the windows look like: [every page](screens/README.md), in English and Italian.",
        "Made by `python docs/gallery/make_figures.py`; equal seeds give equal numbers. Every figure and every number "
        "found comes from `rehab analyse`; ± is half of the 95 % confidence. What is expected is theory or closed form "
        "as the analysis works it out, what the virtual patient really has, or what the paper named reports. The "
        "commands are meant for this folder.",
        *(sections[other.name] for other in ENTRIES if other.name in sections),
    ]
    readme.write_text("\n\n".join(parts) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
