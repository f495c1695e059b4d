"""What may keep hardware from being armed: altered code (F41), no real-time scheduling (F28)."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

from rehab.session.integrity import Installation, installation, obstacles


@pytest.fixture
def site_packages(tmp_path: Path) -> Path:
    """Two packages as a wheel would have put them, with their RECORD."""
    for name in ("rehab", "sim"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f'"""{name}"""\n')
        (tmp_path / name / "inside.py").write_text(f"name = {name!r}\n")
    about = tmp_path / "rehab_loop-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Name: rehab-loop\nVersion: 1\n")
    lines = []
    for path in sorted(tmp_path.glob("*/*.py")):
        data = path.read_bytes()
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{path.relative_to(tmp_path)},sha256={digest},{len(data)}")
    (about / "RECORD").write_text("\n".join([*lines, "rehab_loop-1.dist-info/RECORD,,"]) + "\n")
    return tmp_path


def wheel(root: Path) -> Distribution:
    return PathDistribution(root / "rehab_loop-1.dist-info")


def origins(root: Path) -> dict[str, Path]:
    return {name: root / name / "__init__.py" for name in ("rehab", "sim")}


def test_a_wheel_as_it_was_installed_is_fine(site_packages):
    found = installation(wheel(site_packages), origins(site_packages))
    assert found == Installation("wheel")
    assert found.words == "wheel: as installed"


def test_f41_a_file_that_another_wheel_wrote_over_is_named(site_packages):
    (site_packages / "sim" / "inside.py").write_text("name = 'altered'\n")
    found = installation(wheel(site_packages), origins(site_packages))
    assert found.problems == ("sim/inside.py was changed after it was installed",)


def test_f41_a_missing_file_is_named(site_packages):
    (site_packages / "rehab" / "inside.py").unlink()
    found = installation(wheel(site_packages), origins(site_packages))
    assert len(found.problems) == 1
    assert found.problems[0].startswith("rehab/inside.py: No such file")


def test_f41_a_file_that_everybody_may_write_is_named(site_packages):
    (site_packages / "rehab" / "inside.py").chmod(0o666)
    found = installation(wheel(site_packages), origins(site_packages))
    assert found.problems == ("rehab/inside.py can be written by everybody",)


def test_f41_a_package_that_is_imported_from_elsewhere_is_named(site_packages, tmp_path):
    shadow = tmp_path / "elsewhere" / "sim" / "__init__.py"
    found = installation(wheel(site_packages), {**origins(site_packages), "sim": shadow})
    assert found.problems == (f"sim is imported from {shadow}",)


def test_a_wheel_without_its_list_of_files_proves_nothing(site_packages):
    (site_packages / "rehab_loop-1.dist-info" / "RECORD").unlink()
    assert installation(wheel(site_packages), {}).problems == ("its list of files (RECORD) is missing",)


def test_an_editable_install_says_that_it_was_not_checked(site_packages):
    where = {"url": "file:///somewhere", "dir_info": {"editable": True}}
    (site_packages / "rehab_loop-1.dist-info" / "direct_url.json").write_text(json.dumps(where))
    found = installation(wheel(site_packages), {})
    assert found.words == "editable: not checked"


def test_many_problems_are_counted():
    assert Installation("wheel", ("a", "b", "c", "d", "e")).words == "wheel: a; b; c and 2 more"


GOOD, EDITABLE, ALTERED = Installation("wheel"), Installation("editable"), Installation("wheel", ("sim was changed",))


@pytest.mark.parametrize("installed", [GOOD, EDITABLE, ALTERED, Installation("unknown")])
def test_a_simulation_may_always_be_armed(installed):
    assert obstacles(True, False, installed, ()) == ()


def test_hardware_with_everything_in_order_may_be_armed():
    assert obstacles(False, True, GOOD, ()) == ()


def test_f28_hardware_without_real_time_scheduling_is_refused_unless_the_site_allows_it():
    (words,) = obstacles(False, False, GOOD, ())
    assert words.startswith("F28")
    assert "allow: {no_real_time: true}" in words
    assert obstacles(False, False, GOOD, ("no_real_time",)) == ()


@pytest.mark.parametrize("kind", ["editable", "unknown"])
def test_f41_hardware_from_code_that_nothing_vouches_for_is_refused_unless_the_site_allows_it(kind):
    (words,) = obstacles(False, True, Installation(kind), ())
    assert words.startswith("F41")
    assert "allow: {editable: true}" in words
    assert obstacles(False, True, Installation(kind), ("editable",)) == ()


def test_f41_no_site_can_allow_altered_code():
    (words,) = obstacles(False, True, ALTERED, ("editable", "no_real_time"))
    assert "sim was changed" in words
