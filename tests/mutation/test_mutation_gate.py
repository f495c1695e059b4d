"""The gate: no small error in the safety code goes unnoticed. A sample always, the whole when asked for."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.mutation import __main__ as gate
from tests.mutation import survivors
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.runner import Known

ROOT = Path(__file__).parents[2]
SAMPLE = 45
PAGE = ROOT / "docs/mutation.md"
# files whose every survivor is killed or explained
FINISHED = (
    "bounds.py", "damage.py", "detectors.py", "energy.py", "facts.py", "faults.py", "filters.py", "hold.py",
    "ladder.py", "monitor.py", "pace.py", "passivity.py", "reasons.py", "samples.py", "sent.py", "tank.py", "watch.py",
    "rehab/core/limits.py",
)  # fmt: skip

ADDS = '''\
"""Words for people."""
import math

LIMIT = 2.0  # N


class Sum:
    unit: str = "N"

    @property
    def both(self) -> float:
        return self.a + self.b

    def add(self, more):
        if more > LIMIT:
            raise ValueError("too much")
        self.say(
            more,
        )
'''


def mutate(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.mutation", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_no_mutant_of_a_sample_of_the_finished_files_survives_unexplained() -> None:
    """Which are drawn depends on the files' content only: the same code, the same verdict."""
    ended = mutate("--files", *FINISHED, "--most", str(SAMPLE))
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.long
def test_no_mutant_survives_unexplained_and_no_explanation_is_for_nothing() -> None:
    ended = mutate()
    print(ended.stdout)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def rows() -> list[tuple[str, int, int, int]]:
    """File, mutants, killed and explained of the page's table."""
    found = re.findall(r"^\| `([\w/]+\.py)` \| (\d+) \| (\d+) \| (\d+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return [(file, int(mutants), int(killed), int(explained)) for file, mutants, killed, explained in found]


def test_the_page_shows_the_finished_files_and_they_are_all_that_have_code() -> None:
    finished = {name if "/" in name else f"{gate.SAFETY}/{name}" for name in FINISHED}
    assert sorted(file for file, *_ in rows()) == sorted(finished)
    assert finished == {file for file in gate.targets() if any(mutants_of(file, (ROOT / file).read_text("utf-8")))}


def test_of_the_pages_mutants_all_were_killed_or_explained() -> None:
    explained = Counter(file for file, *_ in survivors.read().explained)
    for file, mutants, killed, without in rows():
        assert mutants == killed + without > 0
        assert without == explained[file], f"{file}: explained anew; python -m tests.mutation gives the new row"


# the gate itself ------------------------------------------------------------------------------------------------------


def made() -> list[Mutant]:
    return list(mutants_of("sum.py", ADDS))


@pytest.mark.parametrize(
    ("scope", "was", "now"),
    [
        ("", "LIMIT = 2.0", "LIMIT = 2.2"),
        ("", "LIMIT = 2.0", "LIMIT = 3.0"),
        ("Sum", 'unit: str = "N"', 'unit: str = ""'),
        ("Sum.both", "return self.a + self.b", "return self.a - self.b"),
        ("Sum.add", "if more > LIMIT:", "if more >= LIMIT:"),
        ("Sum.add", "if more > LIMIT:", "if not (more > LIMIT):"),
        ("Sum.add", 'raise ValueError("too much")', "pass"),
        ("Sum.add", 'raise ValueError("too much")', 'raise ValueError("")'),
        ("Sum.add", "self.say( ⏎ more, ⏎ )", "pass"),
    ],
)
def test_a_mutant_is_one_small_error_and_says_where(scope: str, was: str, now: str) -> None:
    (mutant,) = [mutant for mutant in made() if mutant.name == ("sum.py", scope, was, now)]
    before, after = ADDS.splitlines(), mutant.code.splitlines()
    assert [line for line in before if line not in after] + [line for line in after if line not in before]
    assert all(was.partition(" ⏎ ")[0] in line for line in before[mutant.lines[0] - 1 : mutant.lines[0]])


def test_documentation_imports_types_and_decorators_are_left_alone() -> None:
    for mutant in made():
        for part in ('"""Words for people."""', "import math", "unit: str", "@property", "-> float"):
            assert part in mutant.code


def test_every_mutant_is_another_program() -> None:
    codes = [mutant.code for mutant in made()]
    assert len({*codes, ADDS}) == len(codes) + 1


def test_every_file_of_the_safety_code_is_mutated() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "rehab/core/safety").glob("*.py")}
    assert set(gate.targets()) == files | {"rehab/core/limits.py"}


def test_a_sample_takes_the_same_number_of_each_file_and_all_of_a_small_one() -> None:
    def some(file: str, count: int) -> list[Mutant]:
        return [Mutant(file, "", "", str(k), (k,), "") for k in range(count)]

    mutants = [*some("large.py", 500), *some("small.py", 3), *some("middle.py", 100)]
    drawn = gate.sampled(mutants, 43, seed=1)
    assert Counter(mutant.file for mutant in drawn) == {"large.py": 20, "small.py": 3, "middle.py": 20}
    assert drawn == gate.sampled(mutants, 43, seed=1) != gate.sampled(mutants, 43, seed=2)


ONE = """
classes: {boundary: the same on both sides}
survivors:
  - {file: sum.py, in: Sum.add, class: boundary, was: 'if more > LIMIT:', now: ['if more >= LIMIT:']}
"""


def read(tmp_path: Path, text: str) -> survivors.Survivors:
    page = tmp_path / "survivors.yaml"
    page.write_text(text, "utf-8")
    return survivors.read(page)


def test_an_explanation_belongs_to_the_mutant_that_it_quotes(tmp_path: Path) -> None:
    page = read(tmp_path, ONE)
    assert page.explained == {("sum.py", "Sum.add", "if more > LIMIT:", "if more >= LIMIT:"): "boundary"}
    assert page.without_mutant(made()) == []


def test_an_explanation_of_what_is_no_mutant_any_more_is_found(tmp_path: Path) -> None:
    page = read(tmp_path, ONE)
    changed = mutants_of("sum.py", ADDS.replace("more > LIMIT", "more > 2 * LIMIT"))
    assert page.without_mutant(changed) == list(page.explained)
    assert page.without_mutant(mutants_of("other.py", ADDS)) == []  # of other files nothing is said


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (ONE.replace("class: boundary", "class: unheard"), "classes at the top"),
        (ONE.replace("now: ['if more >= LIMIT:']", "now: []"), "an entry has"),
        (ONE.replace("in: Sum.add, ", ""), "an entry has"),
        (ONE.replace("sides}", "sides, unused: nothing}"), "without a survivor"),
        (ONE.replace("LIMIT:']", "LIMIT:', 'if more >= LIMIT:']"), "twice"),
    ],
)
def test_an_explanation_that_is_incomplete_or_of_no_class_is_refused(tmp_path: Path, wrong: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read(tmp_path, wrong)


WRONG = [(["--files", "tonk.py"], "no such file"), (["--most", "few"], "invalid")]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_arguments_that_cannot_be_are_refused(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        gate.main(arguments)
    assert words in capsys.readouterr().err


class Judge:
    """In place of the runner: only these survive."""

    def __init__(self, living: set[tuple[str, str, str, str]]) -> None:
        self.living, self.asked = living, 0
        self.known = Known({}, {}, {TANK: []}, {TANK: []}, [])

    def survives(self, mutant: Mutant) -> bool:
        self.asked += 1
        return mutant.name in self.living


TANK = "rehab/core/safety/tank.py"
ONE_OF_TANK = (TANK, "Tank.available", "return self.level - self.floor", "return self.level + self.floor")


@pytest.mark.parametrize(
    ("living", "explained", "arguments", "code", "words"),
    [
        ((), (), [], 0, ""),
        ((ONE_OF_TANK,), (), [], 1, "now:\n    - 'return self.level + self.floor'"),
        ((ONE_OF_TANK,), (ONE_OF_TANK,), [], 0, ""),
        ((), (ONE_OF_TANK,), [], 1, "for nothing, since it is killed"),
        ((), ((*ONE_OF_TANK[:3], "return 7"),), [], 1, "for nothing, since there is no such mutant"),
        ((), (ONE_OF_TANK,), ["--most", "9999"], 0, ""),  # a sample does not ask again
    ],
)
def test_what_survives_must_be_explained_and_what_is_explained_must_survive(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    living: tuple, explained: tuple, arguments: list[str], code: int, words: str,
) -> None:  # fmt: skip
    page = survivors.Survivors({"boundary": ""}, dict.fromkeys(explained, "boundary"))
    monkeypatch.setattr(gate, "Runner", lambda files: Judge(set(living)))
    monkeypatch.setattr(survivors, "read", lambda: page)
    assert gate.main(["--files", "tank.py", *arguments]) == code
    assert words in capsys.readouterr().out


RUNS = """
from pathlib import Path
from tests.mutation import runner
from tests.mutation.mutants import Mutant

file, tests = "rehab/core/safety/tank.py", ["tests/safety/test_safety_tank.py"]
source = Path(file).read_text("utf-8")
made = runner.Runner([file], tests)
runner.CPU_SECONDS = 2
draw = "granted = wanted if wanted < spare else spare"
lines = tuple(k for k, line in enumerate(source.splitlines(), 1) if draw in line)
for new in (draw, "granted = wanted", "raise OSError", "while True: pass"):
    print(made.survives(Mutant(file, "", "", "", lines, source.replace(draw, new))))
print(made.survives(Mutant(file, "", "", "", (1,), "1/0")), made.survives(Mutant(file, "", "", "", (99999,), source)))
assert Path(file).read_text("utf-8") == source
try:
    runner.Runner([file], ["tests/mutation/test_no_such.py"])
except runner.BaselineError as error:
    print(error)
"""


def test_a_mutant_is_killed_by_a_test_by_failing_to_import_and_by_never_ending_and_nothing_is_written() -> None:
    """Code without an error survives, and so does what no test executes; without tests that pass, no verdict."""
    ended = subprocess.run([sys.executable, "-c", RUNS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
    words = ended.stdout.splitlines()
    assert words[:4] == ["True", "False", "False", "False"]
    assert words[4] == "False True"
    assert words[5].startswith("the tests do not pass without a mutant")
