"""python -m tests.mutation: mutate rehab/core/safety and the limits, and show what no test notices.

Ends with 0 when every mutant is killed or explained in survivors.yaml and every explanation is needed; else with 1;
with 2 when the tests do not pass without a mutant.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.mutation import survivors
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.runner import ROOT, BaselineError, Runner

SAFETY = "rehab/core/safety"
LIMITS = "rehab/core/limits.py"


def targets() -> list[str]:
    """All files of the folder, whatever they are called, and the limits that they obey."""
    return [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / SAFETY).glob("*.py"))] + [LIMITS]


def sampled(mutants: Sequence[Mutant], most: int, seed: int) -> list[Mutant]:
    """The same number of each file, as far as it has so many, in the files' order."""
    chance, left, drawn = random.Random(seed), most, set()
    by_file: dict[str, list[int]] = {}
    for k, mutant in enumerate(mutants):
        by_file.setdefault(mutant.file, []).append(k)
    for share, places in enumerate(sorted(by_file.values(), key=len)):
        part = min(len(places), left // (len(by_file) - share))
        drawn.update(chance.sample(places, part))
        left -= part
    return [mutants[k] for k in sorted(drawn)]


def shown(mutant: Mutant) -> str:
    """As an entry of survivors.yaml, to be given a class."""
    lines = ("- file: " + mutant.file, "  in: " + mutant.scope, "  class: ?", f"  was: {_quoted(mutant.was)}",
             "  now:", f"    - {_quoted(mutant.now)}")  # fmt: skip
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", nargs="+", metavar="FILE", help="only these (rehab/core/safety/tank.py or tank.py)")
    parser.add_argument("--most", type=int, metavar="N", help="only so many mutants, drawn evenly over the files")
    parser.add_argument("--seed", type=int, metavar="S", help="of the drawing; without it the files' content decides")
    chosen = parser.parse_args(arguments)
    files = targets()
    if chosen.files:
        wanted = {name if "/" in name else f"{SAFETY}/{name}" for name in chosen.files}
        if wanted - set(files):
            parser.error(f"no such file: {', '.join(sorted(wanted - set(files)))}; there are {', '.join(files)}")
        files = [file for file in files if file in wanted]
    started, sources = time.monotonic(), {file: (ROOT / file).read_text("utf-8") for file in files}
    mutants = [mutant for file, source in sources.items() for mutant in mutants_of(file, source)]
    page = survivors.read()
    stale = dict.fromkeys(page.without_mutant(mutants), "there is no such mutant")
    run = mutants
    if chosen.most is not None:
        seed = zlib.crc32("".join(sources.values()).encode()) if chosen.seed is None else chosen.seed
        run = sampled(mutants, chosen.most, seed)
    try:
        runner = Runner(targets())
    except BaselineError as error:
        print(error, file=sys.stderr)
        return 2
    fates: Counter[tuple[str, str]] = Counter()
    unexplained, lived, explained = [], set(), page.explained
    for number, mutant in enumerate(run):
        if number % 50 == 0:
            print(f"{number} of {len(run)}: {mutant.file}", file=sys.stderr, flush=True)
        if chosen.most is not None and mutant.name in explained:
            fate = "explained"  # only the whole run asks again
        elif not runner.survives(mutant):
            fate = "killed"
        elif mutant.name in explained:
            fate = "explained"
            lived.add(mutant.name)
        else:
            fate = "unexplained"
            unexplained.append(mutant)
            print(f"# line {mutant.lines[0]}\n{shown(mutant)}", flush=True)
        fates[mutant.file, fate] += 1
    if chosen.most is None:
        ran = {mutant.name for mutant in run}
        stale |= {name: "it is killed" for name in explained if name in ran and name not in lived}
    _print_table([file for file in files if sources[file].count("\n") > 1], runner, fates)
    for (file, scope, was, now), why in stale.items():
        print(f"explained for nothing, since {why}: {file} {scope}: {was} → {now}")
    print(f"{len(run)} of {len(mutants)} mutants in {time.monotonic() - started:.0f} s")
    return 1 if unexplained or stale else 0


def _print_table(files: Sequence[str], runner: Runner, fates: Counter[tuple[str, str]]) -> None:
    columns = ("killed", "explained", "unexplained")
    print(f"\n{'file':<34}{'mutants':>9}{'killed':>9}{'explained':>11}{'unexplained':>13}{'lines not run':>15}")
    rows = [[fates[file, fate] for fate in columns] for file in files]
    missed = [len({*runner.known.missing[file], *runner.known.partial[file]}) for file in files]
    rows.append([sum(row[k] for row in rows) for k in range(3)])
    for name, row, lines in zip([*map(_short, files), "all"], rows, [*missed, sum(missed)], strict=True):
        print(f"{name:<34}{sum(row):>9}{row[0]:>9}{row[1]:>11}{row[2]:>13}{lines:>15}")


def _short(file: str) -> str:
    return Path(file).relative_to("rehab/core").as_posix()


if __name__ == "__main__":
    sys.exit(main())
