"""`rehab new`: what is refused in words, and that what is made passes everything that we ask of our own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.cli import main as command
from rehab.cli import new
from rehab.core.errors import BadInput
from tests.fresh import Fresh

ROOT = Path(__file__).parents[2]
FILES = {".gitignore", "README.md", "pyproject.toml", "try.yaml", "src", "tests"}


def made(kind: str, name: str, where: Path) -> Path:
    assert command.main(["new", kind, name, "--dir", str(where)]) == 0
    return where / name


@pytest.mark.parametrize("kind", new.KINDS)
def test_a_package_has_a_module_tests_and_a_protocol_to_try_it(kind: str, tmp_path: Path) -> None:
    folder = made(kind, "my_own", tmp_path)
    assert {path.name for path in folder.iterdir()} == FILES
    assert [path.name for path in (folder / "src").iterdir()] == ["my_own.py"]
    assert [path.name for path in (folder / "tests").iterdir()] == ["test_my_own.py"]
    assert 'license = "Apache-2.0"' in (folder / "pyproject.toml").read_text()


@pytest.mark.parametrize("kind", new.KINDS)
def test_nothing_is_left_to_fill_in(kind: str) -> None:
    for path, text in new.rendered(kind, "my_own").items():
        assert "$" not in text, path


def test_the_next_three_commands_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = made("controller", "my_own", tmp_path / "a folder")
    steps = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert len(steps) == 3
    for step, words in zip(steps, ("pip install", "pytest", "rehab run"), strict=True):
        assert words in step and f"'{folder}" in step, "a path with a blank is quoted"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("My-Spring", 'for example "my_spring"'),
        ("3d", 'for example "d"'),
        ("ünï", "small letters"),
        ("a" * 33, "at most 32"),
        ("a__b", 'for example "a_b"'),
        ("../up", 'for example "up"'),
        ("", 'for example "my_controller"'),
        ("lambda", 'word of Python\'s own: choose another name, for example "my_lambda"'),
        ("impedance", 'there is a controller "impedance" already'),
        ("json", 'a Python module "json" already'),
        ("controllers", 'a Python module "controllers" already'),
        ("sys", 'a Python module "sys" already'),
        ("state", "a class State, a name that its module needs"),
        ("controller_contract", "a class ControllerContract"),
        ("exception", "a class Exception"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_words(
    name: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["new", "controller", "--dir", str(tmp_path), name]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir()), "nothing was written"


@given(st.text(max_size=50))
def test_every_name_is_taken_or_refused_and_what_is_proposed_instead_can_be_a_name(name: str) -> None:
    try:
        new.refuse_name("controller", name)
    except BadInput as error:
        proposed = re.search(r'for example "(.*)"$', str(error))
        assert proposed is not None and re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", proposed[1])


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = made("controller", "my_own", tmp_path)
    (folder / "src" / "my_own.py").write_text("mine")
    capsys.readouterr()
    assert command.main(["new", "controller", "my_own", "--dir", str(tmp_path)]) == 2
    assert "is there already; nothing was written" in capsys.readouterr().err
    assert (folder / "src" / "my_own.py").read_text() == "mine"


def test_a_file_where_a_folder_should_be_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("")
    assert command.main(["new", "controller", "my_own", "--dir", str(tmp_path / "taken")]) == 2
    assert "taken is a file" in capsys.readouterr().err


def test_when_the_disk_is_full_nothing_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *words: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert command.main(["new", "controller", "my_own", "--dir", str(tmp_path)]) == 2
    assert "No space left on device; nothing was left of it" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_without_the_tools_for_it_the_installation_is_left_to_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new, "_setuptools", lambda: 65)
    assert new.next_steps("device", "my_own", Path("my_own"))[0].endswith("pip install -e my_own")


def test_a_tool_that_the_path_does_not_lead_to_is_written_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    assert new._tool("pytest") == str(Path(sys.executable).parent / "pytest")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("name", ["my_own", "e" * new.LONGEST])
@pytest.mark.parametrize("kind", new.KINDS)
def test_what_is_made_passes_ruff_and_strict_mypy(kind: str, name: str, tmp_path: Path, cache: Path) -> None:
    folder = made(kind, name, tmp_path)
    for words in (["ruff", "check", "--no-cache", "."], ["mypy", "--cache-dir", str(cache)]):
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[pytest.mark.e2e] if kind == "device" else []) for kind in new.KINDS]
)
def test_the_three_commands_that_are_printed_install_it_test_it_and_run_it(
    kind: str, tmp_path: Path, runs: Path
) -> None:
    fresh = Fresh(tmp_path, runs)
    shown = fresh.run(f"rehab new {kind} my_own")
    for step in [line for line in shown.stdout.splitlines() if line.startswith("  ")]:
        done = fresh.run(step)
        assert done.returncode == 0, done.stdout + done.stderr
    session = fresh.folder / done.stdout.strip().splitlines()[-1]
    assert (session / "report.pdf").exists()
    assert list(fresh.runs.glob("*/*")) == []
    explained = fresh.run("rehab explain my_own")
    assert "my_own" in explained.stdout and explained.returncode == 0


def test_the_templates_are_in_the_wheel(tmp_path: Path) -> None:
    import zipfile

    for name in ("rehab", "pyproject.toml", "README.md", "LICENSE"):  # a copy: building leaves files behind
        (tmp_path / name).symlink_to(ROOT / name)
    words = ["pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(tmp_path / "w"), "."]
    done = subprocess.run([sys.executable, "-m", *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "w").glob("*.whl")
    packed = {Path(name).relative_to("rehab/templates") for name in zipfile.ZipFile(wheel).namelist()
              if name.startswith("rehab/templates/")}  # fmt: skip
    assert packed == {path.relative_to(ROOT / "rehab/templates") for path in (ROOT / "rehab/templates").glob("*/*")}
    assert packed
