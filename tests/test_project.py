"""The project's frame: packages, versions, constraints, entry points, and `./run` before anything is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from importlib.metadata import distribution, distributions, entry_points
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from ruamel.yaml import YAML

import rehab
from rehab.core.registry import KINDS

ROOT = Path(__file__).parent.parent
OURS = {"rehab", "controllers", "devices", "exercises", "sim", "gui"}


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return found


def same(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def constraints() -> dict[str, str]:
    lines = (line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#"))
    return dict(line.split("==") for line in lines)


def closure() -> set[str]:
    """Every distribution that the installed project needs here, for running and developing, directly or not."""
    needed: set[str] = set()
    waiting: list[tuple[str, tuple[str, ...]]] = [(project()["name"], ("dev", ""))]
    while waiting:
        name, extras = waiting.pop()
        for text in distribution(name).requires or []:
            wanted = Requirement(text)
            applies = wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in extras)
            if applies and same(wanted.name) not in needed:
                needed.add(same(wanted.name))
                waiting.append((wanted.name, (*wanted.extras, "")))
    return needed


def test_no_dependency_ships_a_package_with_one_of_our_names() -> None:
    for found in distributions():
        if same(found.metadata["Name"]) == project()["name"]:
            continue
        tops = {path.parts[0].removesuffix(".py") for path in found.files or [] if path.parts}
        assert not tops & OURS, f"{found.metadata['Name']} ships {sorted(tops & OURS)}"


def test_what_is_imported_is_this_checkout() -> None:
    for name in OURS:
        module = __import__(name)
        assert module.__file__ is not None
        assert Path(module.__file__).is_relative_to(ROOT)


def test_every_package_says_that_it_is_typed() -> None:
    for name in OURS:
        assert (ROOT / name / "py.typed").is_file(), name


def test_every_entry_point_can_be_loaded() -> None:
    ours = project()["entry-points"]
    assert set(ours) <= set(KINDS.values())
    for group, points in ours.items():
        installed = {point.name: point for point in entry_points(group=group)}
        for name, value in points.items():
            assert installed[name].value == value, "pyproject.toml has changed: pip install -e ."
            assert installed[name].load() is not None


def test_constraints_pin_everything_that_is_needed_and_nothing_by_address() -> None:
    pinned = constraints()
    assert all(re.fullmatch(r"[0-9][0-9A-Za-z.+!]*", version) for version in pinned.values()), pinned
    assert closure() - set(pinned) == set()
    assert list(pinned) == sorted(pinned)


def test_what_is_required_allows_what_is_pinned() -> None:
    pinned = constraints()
    for text in [*project()["dependencies"], *project()["optional-dependencies"]["dev"]]:
        wanted = Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate():
            assert pinned[same(wanted.name)] in wanted.specifier, text


def test_the_version_is_one_in_all_places() -> None:
    version = project()["version"]
    assert rehab.__version__ == version
    assert str(YAML(typ="safe").load(ROOT / "CITATION.cff")["version"]) == version


def test_the_licence_is_the_one_that_is_declared() -> None:
    assert project()["license"] == YAML(typ="safe").load(ROOT / "CITATION.cff")["license"] == "Apache-2.0"
    words = (ROOT / "LICENSE").read_text()
    assert "Apache License" in words
    assert "END OF TERMS AND CONDITIONS" in words


def test_the_changelog_begins_with_what_is_not_released() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_decisions_are_numbered_without_gaps_and_titled_by_their_number() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        assert path.read_text().startswith(f"# {path.name[:4]} "), path.name


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """`./run` in a folder of its own, with stand-ins before everything on the path."""
    for name in ("run", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    return tmp_path


def stand_in(bare: Path, name: str, script: str) -> None:
    path = bare / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def run(bare: Path, *args: str) -> subprocess.CompletedProcess[str]:
    path = f"{bare / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
    environment = {"PATH": path, "HOME": str(bare), "TMPDIR": str(bare), "LC_ALL": "C"}
    return subprocess.run([str(bare / "run"), *args], env=environment, capture_output=True, text=True, check=False)


def no_python(bare: Path) -> None:
    for name in ("python3", *(f"python3.{minor}" for minor in range(11, 15))):
        stand_in(bare, name, "exit 1")


def pretend_to_install(bare: Path) -> None:
    """A python3 that is new enough, has every library, and whose venv holds a `rehab` that says what it was asked."""
    (bare / "made").mkdir()
    stand_in(bare, "uv", "exit 1")  # even where it is installed: what it cannot do, pip does
    stand_in(
        bare,
        "python3",
        f"""case "$*" in
  *"-m venv .venv") mkdir -p .venv/bin; cp {bare}/made/* .venv/bin/ ;;
  *ctypes*) cat >/dev/null ;;
esac""",
    )
    for name, script in (
        ("python", f'case "$*" in *install*) echo "$*" >>{bare}/installs ;; *pytest*) echo "pytest: $*" ;; esac'),
        ("rehab", 'echo "rehab: $*"; exit 7'),
    ):
        (bare / "made" / name).write_text(f"#!/bin/sh\n{script}\n")
        (bare / "made" / name).chmod(0o755)


def test_run_without_a_job_says_what_it_can_do(bare: Path) -> None:
    for args in ([], ["dance"]):
        done = run(bare, *args)
        assert done.returncode == 2
        assert "./run demo" in done.stderr
        assert done.stdout == ""


def test_without_python_311_there_is_one_clear_line(bare: Path) -> None:
    no_python(bare)
    done = run(bare, "demo")
    assert done.returncode == 1
    assert done.stderr.startswith("run: needs Python 3.11 or newer")
    assert len(done.stderr.splitlines()) == 1


def test_the_demo_gets_its_arguments_and_its_exit_code_comes_back(bare: Path) -> None:
    pretend_to_install(bare)
    done = run(bare, "demo", "--headless", "--out", "a folder")
    assert done.stdout == "rehab: demo --headless --out a folder\n"
    assert done.returncode == 7


def test_it_installs_once_and_again_when_the_project_changed(bare: Path) -> None:
    pretend_to_install(bare)
    installs = bare / "installs"
    for _ in range(2):
        run(bare, "rehab", "list")
    assert len(installs.read_text().splitlines()) == 1
    assert "-c constraints.txt -e ." in installs.read_text()
    with (bare / "constraints.txt").open("a") as file:
        file.write("# changed\n")
    run(bare, "rehab", "list")
    assert len(installs.read_text().splitlines()) == 2


def test_tests_need_what_developers_need_and_the_demo_is_content_with_that(bare: Path) -> None:
    pretend_to_install(bare)
    assert "pytest: -m pytest tests/core -x" in run(bare, "test", "tests/core", "-x").stdout
    assert "-e .[dev]" in (bare / "installs").read_text()
    run(bare, "demo")
    assert len((bare / "installs").read_text().splitlines()) == 1


def test_an_installation_that_fails_shows_its_last_words_and_is_tried_again(bare: Path) -> None:
    pretend_to_install(bare)
    (bare / "made" / "python").write_text('#!/bin/sh\ncase "$*" in *install*) echo no such index; exit 1 ;; esac\n')
    for _ in range(2):
        done = run(bare, "demo")
        assert done.returncode == 1
        assert "no such index" in done.stderr
        assert "the installation failed" in done.stderr


def test_who_may_not_install_system_packages_gets_the_line_to_paste(bare: Path) -> None:
    pretend_to_install(bare)
    stand_in(bare, "id", "echo 1000")
    script = (
        (bare / "bin" / "python3").read_text().replace("cat >/dev/null", "cat >/dev/null; echo libgl1; echo libegl1")
    )
    (bare / "bin" / "python3").write_text(script)
    done = run(bare, "test")
    assert done.returncode == 1
    assert 'sudo sh -c "apt-get update && apt-get install -y --no-install-recommends libgl1 libegl1"' in done.stderr
    assert run(bare, "demo", "--headless").stdout == "rehab: demo --headless\n"


def test_clean_removes_the_environment_and_leaves_recordings(bare: Path) -> None:
    for folder in (".venv", "sessions", "build", "rehab/__pycache__"):
        (bare / folder).mkdir(parents=True)
    assert run(bare, "clean").returncode == 0
    assert sorted(path.name for path in bare.iterdir() if path.is_dir()) == ["bin", "rehab", "sessions"]
    assert not list((bare / "rehab").iterdir())
