"""Runs mutants: one forked child each, in which the mutated file is imported instead of the one in the folder.

Nothing is written: a child gets the mutant's code in memory. It runs the tests that executed the mutated statement when
nothing was wrong, the quickest first, until one fails. Its time is limited in seconds of the processor, so that a busy
machine changes nothing. The parent has imported everything but the files to be mutated and what imports them, so that a
child starts at once.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple

import coverage
import pytest
from hypothesis import Phase, settings

from tests.mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
# what is fast, needs no other process, and says what the files are for
SLOW = "tests/safety/test_safety_sessions.py"
SAFETY = [path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob("tests/safety/test_*.py"))]
TESTS = (
    *(file for file in SAFETY if file != SLOW),
    "tests/core/test_limits.py",
    "tests/core/test_limits_exact.py",
    "tests/docs/test_docs_hazards.py",
    "tests/docs/test_docs_tables.py",
)
PLAIN = ("-p", "no:qt", "-p", "no:benchmark", "-p", "no:cov", "-p", "no:xdist", "-x", "--tb=no", "--assert=plain")
EXAMPLES = 20  # of each property that does not ask for more
CPU_SECONDS = 60  # about ten times what all these tests take
REAL_SECONDS = 600  # for a child that waits for ever
PASSED, FAILED, INTERRUPTED, USAGE = 0, 1, 2, 4  # pytest's exit codes


class BaselineError(RuntimeError):
    """The tests do not pass, or do not run, with nothing mutated."""


class Known(NamedTuple):
    """What the run without a mutant showed."""

    tests: dict[str, float]  # id: seconds
    covers: dict[str, dict[int, list[str]]]  # file: line: ids
    missing: dict[str, list[int]]  # file: lines that no test executes
    partial: dict[str, list[int]]  # file: lines of which a branch is never taken
    modules: list[str]


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def module_of(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


# in a child -----------------------------------------------------------------------------------------------------------


class _InMemory(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from code at hand."""

    def __init__(self, file: str, code: CodeType) -> None:
        self._name, self._path, self._code = module_of(file), str(ROOT / file), code

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        return importlib.util.spec_from_file_location(name, self._path, loader=self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


class _Few:
    """Properties are tried on a few examples, always the same, and what fails is not made smaller."""

    def pytest_sessionstart(self) -> None:
        phases = (Phase.explicit, Phase.generate)
        usual = settings.get_profile("repeatable")
        settings.register_profile("mutation", usual, phases=phases, max_examples=EXAMPLES)
        settings.load_profile("mutation")


class _Chosen:
    """Only these tests, in this order; and which of them fails is written to `told`."""

    def __init__(self, ids: Sequence[str], told: int) -> None:
        self._place, self._told = {name: k for k, name in enumerate(ids)}, told

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os.write(self._told, report.nodeid.encode())

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((item for item in items if item.nodeid in self._place), key=lambda i: self._place[i.nodeid])


class _Watched:
    """Notes what each test executes and how long it takes."""

    def __init__(self, files: Sequence[str]) -> None:
        self._files = files
        self.tests: dict[str, float] = {}
        self._coverage = coverage.Coverage(
            data_file=None, branch=True, config_file=False, include=[str(ROOT / file) for file in files]
        )
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        try:
            return (yield)
        finally:
            self._coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.tests[report.nodeid] = self.tests.get(report.nodeid, 0.0) + report.duration

    def known(self) -> Known:
        self._coverage.stop()
        data = self._coverage.get_data()
        covers, missing, partial = {}, {}, {}
        for file in self._files:
            path = str(ROOT / file)
            lines = data.contexts_by_lineno(path)
            covers[file] = {line: sorted(filter(None, ids)) for line, ids in lines.items()}
            analysis = self._coverage._analyze(path)
            missing[file] = sorted(analysis.missing)
            partial[file] = sorted(set(analysis.missing_branch_arcs()) - analysis.missing)
        return Known(self.tests, covers, missing, partial, sorted(sys.modules))


def _pytest(files: Sequence[str], *plugins: object) -> int:
    return int(pytest.main([*PLAIN, *files], plugins=[_Few(), *plugins]))


# the parent -----------------------------------------------------------------------------------------------------------


def _forked(job: Callable[[], int]) -> int:
    """What the job returned in a child that nobody hears, or minus the signal that ended it."""
    gc.collect()
    gc.freeze()  # a child's collector need not touch, and so copy, what is here
    child = os.fork()
    if child == 0:
        code = 70
        try:
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(nowhere, stream)
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(REAL_SECONDS)
            code = job()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


class Runner:
    """Made once: runs the tests without a mutant and prepares for the others."""

    def __init__(self, files: Sequence[str], tests: Sequence[str] = TESTS) -> None:
        self.files, self.tests = tuple(files), tuple(tests)
        self._killers: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)  # by file and function
        with tempfile.TemporaryDirectory(prefix="rehab-mutation-") as folder:
            os.environ["REHAB_FAULTS_RESULTS"] = str(Path(folder) / "faults.json")
            self.known = self._baseline(Path(folder) / "known.json")
        self._prepare()
        if _forked(lambda: _pytest(self.tests)) != PASSED:
            raise BaselineError("the tests fail once everything is imported: no mutant's fate would mean anything")

    def _baseline(self, path: Path) -> Known:
        def job() -> int:
            watched = _Watched(self.files)
            code = _pytest(self.tests, watched)
            path.write_text(json.dumps(watched.known()._asdict()), "utf-8")
            return code

        code = _forked(job)
        if code != PASSED:
            raise BaselineError(f"the tests do not pass without a mutant (pytest ended with {code})")
        told = json.loads(path.read_text("utf-8"))
        covers = {file: {int(line): ids for line, ids in lines.items()} for file, lines in told["covers"].items()}
        return Known(**{**told, "covers": covers})

    def _prepare(self) -> None:
        """Import what the tests import, but for the files to be mutated and whatever needs them."""
        blocked = {module_of(file) for file in self.files}

        class Refused(importlib.abc.MetaPathFinder):
            def find_spec(self, name: str, path: object = None, target: object = None) -> None:
                if name in blocked:
                    raise ImportError(name)

        guard: Any = Refused()
        sys.meta_path.insert(0, guard)
        for name in self.known.modules:
            if name.partition(".")[0] not in ("tests", "conftest", "__main__"):
                with contextlib.suppress(Exception):  # what cannot be imported now is imported by the children
                    importlib.import_module(name)
        sys.meta_path.remove(guard)

    def tests_for(self, mutant: Mutant) -> list[list[str]]:
        """Those that executed the statement; for what is executed on import all, but those first that executed anything
        of the file. In parts, each with the quickest first; the first part is the test file that is likeliest to fail.
        """
        lines, tests = self.known.covers[mutant.file], self.known.tests
        found = {name for line in mutant.lines for name in lines.get(line, ())}
        rest: set[str] = set()
        if not found and any(line in lines for line in mutant.lines):
            found, rest = {name for names in lines.values() for name in names}, set(tests)
        likely = self._likely(mutant, Counter(_file_of(name) for name in found or rest))
        first = {name for name in found | rest if _file_of(name) == likely}
        return [sorted(part, key=tests.__getitem__) for part in (first, found - first, rest - found - first) if part]

    def _likely(self, mutant: Mutant, files: Counter[str]) -> str:
        """The test file that killed most mutants of the same function; or that is about the file; or knows it best."""
        killers = self._killers[mutant.file, mutant.scope] or self._killers[mutant.file, ""]
        about = [file for file in files if file.endswith(f"_{Path(mutant.file).stem}.py")]
        likely = [file for file, _ in killers.most_common(1)] or about or [file for file, _ in files.most_common(1)]
        return likely[0] if likely else ""

    def survives(self, mutant: Mutant) -> bool:
        parts = self.tests_for(mutant)
        if not parts:
            return True
        heard, told = os.pipe()

        def job() -> int:
            sys.meta_path.insert(0, _InMemory(mutant.file, compile(mutant.code, str(ROOT / mutant.file), "exec")))
            try:
                importlib.import_module(module_of(mutant.file))
            except Exception:
                return FAILED
            for names in parts:
                code = _pytest(sorted({_file_of(name) for name in names}), _Chosen(names, told))
                if code != PASSED:
                    break
            return code

        code = _forked(job)
        os.close(told)
        with os.fdopen(heard, encoding="utf-8") as words:
            killer = _file_of(words.read())
        if killer:
            self._killers[mutant.file, mutant.scope][killer] += 1
        if code not in (PASSED, FAILED, INTERRUPTED, USAGE, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM):
            raise RuntimeError(f"pytest ended with {code} for {mutant.name}")
        return code == PASSED
