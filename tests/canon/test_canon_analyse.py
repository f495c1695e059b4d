"""`rehab analyse`: which analysis, its table, JSON, figures, and words for what is not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from rehab.cli.main import main
from tests.canon import experiments as short

ONE = """blocks:
  - {name: baseline, reach: &r {targets: 2, radius: 10 cm}, trials: 2}
  - {name: field, reach: *r, trials: 4, dynamics: {force_field: {curl: 15 N*s/m}}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(short.run(tmp_path_factory.mktemp("analyse"), "field", ONE, "healthy"))


def test_what_was_done_picks_the_analysis_and_what_is_missing_is_said(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", folder]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{folder}\nadaptation: ")
    assert "error, first cycle" in out and " mm" in out
    for word in ("no catch trial", "no trial after the field", "no channel trial"):
        assert word in out
    assert "reach:" not in out  # general: only where nothing special fits


def test_another_one_may_be_asked_for(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", folder, "--as", "reach"]) == 0
    out = capsys.readouterr().out
    assert "reach: 6 of 6 targets were reached" in out
    for name in ("posture speed", "initial distance ratio", "min max speed difference", "max speed"):
        assert f"field: {name}" in out


def test_one_that_does_not_fit_says_what_it_needs_and_exits_with_1(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, needs in {
        "stiffness": "no displacement", "rotation": "the cursor was never turned", "catch_angle": "no stretch",
        "recovery": "the opposite field", "reflex": "no step of torque",
    }.items():  # fmt: skip
        assert main(["analyse", folder, "--as", name]) == 1
        assert needs in capsys.readouterr().out


def test_numbers_as_json_are_in_si_with_their_units(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", folder, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["analysis"] == "adaptation"
    row = next(row for row in found["result"]["rows"] if row["name"] == "error, first cycle")
    assert row["unit"] == "m" and 0.001 < row["value"] < 0.05


def test_a_figure_is_drawn_into_a_file_or_a_folder(folder: str, tmp_path: Path) -> None:
    file, place = tmp_path / "field.png", tmp_path / "figures"
    assert main(["analyse", folder, "--figure", str(file)]) == 0
    assert main(["analyse", folder, "--figure", str(place)]) == 0
    (other,) = place.iterdir()
    assert other.name.endswith("-adaptation.png")
    for path in (file, other):
        with Image.open(path) as image:
            assert image.width > 600
            assert len(image.convert("RGB").getcolors(100_000) or []) > 50  # something is drawn


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--as", "adaptatoin"], 'did you mean "adaptation"'),
        (["--with", "forearm=34 cm"], "--with needs --as"),
        (["--as", "catch_angle", "--with", "forearm=34"], 'has no unit'),
        (["--figure", "field.pdf"], "figures are PNG"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    folder: str, more: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", folder, *more]) == 2
    assert says in capsys.readouterr().err


def test_what_is_no_recording_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_all_analyses_are_listed_with_what_they_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "analyses"]) == 0
    out = capsys.readouterr().out
    for name in ("adaptation", "rotation", "recovery", "stiffness", "catch_angle", "slacking", "reflex", "reach"):
        assert f"{name} " in out
