"""`rehab check`, with the plug-ins that are installed and the simulated arm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehab.cli.main import main
from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.protocol.load import ready_protocols

THREE_MISTAKES = """\
# week 2
protocol: Reaching, week 2
version: 1
device: planar_arm
blocks:
  - name: baseline
    reach: {targets: 8, radius: 10}
    mode: active
    trials: 16
  - name: training
    reach: {targets: 8, radius: 45 cm}
    controller: {impedance: {stifness: 200 N/m}}
    trials: 80
"""


@pytest.fixture(autouse=True)
def no_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REHAB_SITE", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def week2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("week2.yaml")
    path.write_text(THREE_MISTAKES)
    return path


@pytest.mark.parametrize("name", sorted(ready_protocols()))
def test_every_protocol_that_ships_is_sound_on_the_arm_it_is_for(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", name]) == 0
    out = capsys.readouterr().out
    assert "is sound on planar_arm" in out
    assert "force" in out and "protocol" in out  # the limits, and who set them


def test_three_mistakes_are_three_findings_shown_where_they_are(
    week2: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(week2)]) == 1
    shown = capsys.readouterr()
    assert shown.err == ""
    lines = shown.out.splitlines()
    lines[5] = lines[5].partition("up to ")[0]  # how far the arm reaches is its model's business
    assert lines == [
        'week2.yaml:7:33: blocks[0].reach.radius: "10" has no unit',
        "   |     reach: {targets: 8, radius: 10}",
        '   |                                 ^^ a length from 1 cm to 50 cm, for example "10 cm"',
        'week2.yaml:11:33: blocks[1].reach.radius: "45 cm" is too large: '
        "planar_arm does not reach 8 targets at that distance",
        "   |     reach: {targets: 8, radius: 45 cm}",
        "   |                                 ^^^^^ ",
        'week2.yaml:12:30: blocks[1].controller.impedance.stifness: unknown parameter; did you mean "stiffness"?',
        "   |     controller: {impedance: {stifness: 200 N/m}}",
        "   |                              ^^^^^^^^ known: space, stiffness, joint_stiffness, damping_ratio, assistance",
        "3 problems; nothing was started",
    ]


def test_what_the_arm_cannot_reach_is_found_before_anything_moves(
    week2: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    week2.write_text(THREE_MISTAKES.replace("radius: 10}", "radius: 10 cm}").replace("stifness", "stiffness"))
    assert main(["check", str(week2)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("week2.yaml:11:33: blocks[1].reach.radius: ")
    assert "planar_arm does not reach" in out
    assert "1 problem; nothing was started" in out


def test_findings_as_json_carry_their_places(week2: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(week2), "--json"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert result["ok"] is False
    first = result["findings"][0]
    assert (first["file"], first["line"], first["column"], first["value"]) == ("week2.yaml", 7, 33, "10")


def test_json_into_a_file_leaves_the_text_on_the_screen(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check", "reach_assisted", "--json", str(tmp_path / "check.json")]) == 0
    assert "is sound" in capsys.readouterr().out
    result = json.loads((tmp_path / "check.json").read_text())
    assert (result["ok"], result["trials"]) == (True, 48)
    assert result["blocks"][1]["who"]["force"] == "protocol"


def test_a_limit_that_is_looser_than_the_sites_is_said_not_to_act(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("limits: {force: 20 N}")
    monkeypatch.setenv("REHAB_SITE", str(site))
    assert main(["check", "reach_active"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("force")]
    assert "20 N" in line and "site" in line and "30 N was asked for" in line


def test_a_broken_site_file_is_bad_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("limits: {force: 20}")
    monkeypatch.setenv("REHAB_SITE", str(site))
    assert main(["check", "reach_active"]) == 2
    assert 'limits.force: "20" has no unit' in capsys.readouterr().err


@pytest.mark.parametrize("name", ["reach_activ", "./nowhere.yaml"])
def test_a_protocol_that_is_not_there_is_bad_input(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", name]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_model_that_nobody_simulates_is_a_finding_at_the_device(
    week2: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    week2.write_text(THREE_MISTAKES.replace("planar_arm", "planar_leg"))
    assert main(["check", str(week2)]) == 1
    out = capsys.readouterr().out
    assert "week2.yaml:4:9: device: " in out
    assert "week2.yaml:7:33: " in out


def test_the_named_device_is_opened_read_and_closed_and_never_armed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.models import load

    calls: list[str] = []

    class Bench:
        """A device on the bench."""

        info: DeviceInfo

        def __init__(self, address: str, **options: Any) -> None:
            calls.append(address)

        def open(self) -> None:
            calls.append("open")
            self.info = load("planar_arm")

        def arm(self) -> None:
            calls.append("arm")

        def close(self) -> None:
            calls.append("close")

    monkeypatch.setattr(registry, "_local", {("device", "bench"): Bench})
    assert main(["check", "reach_active", "--device", "bench:table 3"]) == 0
    assert calls == ["table 3", "open", "close"]


def test_an_address_without_a_scheme_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "reach_active", "--device", "planar_arm"]) == 2
    assert '"sim:planar_arm"' in capsys.readouterr().err
