"""`rehab list` and `rehab explain`, with the plug-ins that are installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rehab.cli.main import main
from rehab.core import registry
from rehab.protocol.load import ready_protocols


def test_list_shows_every_kind_with_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    for title in ("controllers", "devices", "exercises", "protocols", "patients"):
        assert f"{title}\n" in out
    for name in ("impedance", "transparent", "reach", "reach_active", "sim", "emulator", "stroke"):
        assert any(line.startswith(f"{name} ") and len(line.split()) > 2 for line in out.splitlines()), name


def test_list_of_one_kind_shows_that_kind_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "protocols", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert list(listed) == ["protocols"]
    assert [entry["name"] for entry in listed["protocols"]] == sorted(ready_protocols())


def test_one_plugin_that_cannot_be_loaded_does_not_hide_the_others(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib.metadata import EntryPoint

    points = {
        "broken": EntryPoint("broken", "no_such_package.x:Y", "rehab.controllers"),
        "impedance": EntryPoint("impedance", "controllers.impedance:Impedance", "rehab.controllers"),
    }
    monkeypatch.setattr(registry, "_installed", lambda kind: points)
    assert main(["list", "controllers"]) == 0
    out = capsys.readouterr().out
    assert "cannot be loaded: No module named 'no_such_package'" in out
    assert "\nimpedance" in out


def test_explain_shows_the_equation_its_source_and_every_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "impedance"]) == 0
    out = capsys.readouterr().out
    assert "F = K (x_r − x)" in out
    assert "Hogan 1985" in out
    (line,) = [line for line in out.splitlines() if line.startswith("stiffness")]
    assert "200 N/m" in line and "from 0 N/m to 3 kN/m" in line and "may change while it runs" in line


def test_explain_as_json_into_a_file_prints_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["explain", "reach", "--json", str(tmp_path / "reach.json")]) == 0
    assert capsys.readouterr().out == ""
    (entry,) = json.loads((tmp_path / "reach.json").read_text())
    radius = next(parameter for parameter in entry["parameters"] if parameter["name"] == "radius")
    assert (radius["unit"], radius["default"]) == ("m", "10 cm")


def test_explain_of_a_protocol_is_the_file_itself_so_that_it_can_be_copied(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "reach_active"]) == 0
    assert capsys.readouterr().out == ready_protocols()["reach_active"].read_text()


def test_explain_of_an_unknown_name_suggests_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "impedence"]) == 2
    assert 'did you mean "impedance"?' in capsys.readouterr().err


def test_a_json_file_that_cannot_be_written_is_bad_input(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["list", "--json", str(tmp_path / "no" / "x.json")]) == 2
    assert "cannot be written" in capsys.readouterr().err
