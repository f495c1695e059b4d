"""`rehab check` and the stiffness that a device can hold at the delay of its link."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rehab.cli.main import main
from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.values import Command
from sim.models import load

PROTOCOL = """\
protocol: Held firmly
version: 1
device: planar_arm
blocks:
  - name: alone
    reach: {targets: 4, radius: 8 cm}
    mode: active
    trials: 4
  - name: firm
    reach: {targets: 4, radius: 8 cm}
    controller: {impedance: {damping_ratio: 1, stiffness: 3 kN/m}}
    trials: 4
"""
PLACE = "firm.yaml:11:59: blocks[1].controller.impedance.stiffness: "


@pytest.fixture(autouse=True)
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("REHAB_SITE", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    path = Path("firm.yaml")
    path.write_text(PROTOCOL)
    return path


class Bench:
    """A device with a link that measures `trip` as soon as something was exchanged over it."""

    info: DeviceInfo
    trip = 0.0

    def __init__(self, address: str, **options: Any) -> None:
        self.link = SimpleNamespace(round_trip_p50=0.0)
        self.commands: list[Command] = []
        opened.append(self)

    def open(self) -> None:
        self.info = load("planar_arm")

    def arm(self) -> None:
        raise AssertionError("check arms nothing")

    def read(self) -> None:
        if len(self.commands) > 10:
            self.link.round_trip_p50 = self.trip

    def write(self, command: Command) -> None:
        self.commands.append(command)

    def close(self) -> None:
        return None


opened: list[Bench] = []


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> type[Bench]:
    opened.clear()
    monkeypatch.setattr(registry, "_local", {("device", "bench"): Bench})
    monkeypatch.setattr(Bench, "trip", 0.0)
    return Bench


def test_a_block_that_is_too_stiff_for_the_link_is_one_finding_at_its_place(
    bench: type[Bench], capsys: pytest.CaptureFixture[str]
) -> None:
    bench.trip = 0.0024
    assert main(["check", "firm.yaml", "--device", "bench:1"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(PLACE + "at 3 ticks of delay planar_arm holds at most ")
    assert lines[0].endswith(" stably; 3 kN/m was asked for")
    assert lines[2].startswith("   |" + " " * 59 + "^^^^^^ ")
    assert "a faster link" in lines[2]
    assert lines[3:] == ["1 problem; nothing was started"]


def test_the_finding_stands_beside_all_the_others(firm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    firm.write_text(PROTOCOL.replace("radius: 8 cm}\n    mode", "radius: 8}\n    mode"))
    assert main(["check", "firm.yaml", "--device", "emulator:planar_arm", "--json"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert [(f["line"], f["column"]) for f in result["findings"]] == [(6, 33), (11, 59)]


def test_a_protocol_for_another_device_has_that_finding_only(
    bench: type[Bench], firm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.trip = 0.0024
    firm.write_text(PROTOCOL.replace("planar_arm", "planar_leg"))
    assert main(["check", "firm.yaml", "--device", "bench:1"]) == 1
    assert "1 problem" in capsys.readouterr().out


def test_a_fast_link_is_measured_without_power_and_holds_it(
    bench: type[Bench], capsys: pytest.CaptureFixture[str]
) -> None:
    bench.trip = 0.0009
    assert main(["check", "firm.yaml", "--device", "bench:1"]) == 0
    assert "at 1 tick of delay (measured: 0.9 ms)" in capsys.readouterr().out
    (device,) = opened
    assert len(device.commands) == 100
    assert all(command.torque == (0.0, 0.0) and not command.enable for command in device.commands)


def test_what_each_block_asks_and_may_is_printed_with_the_delay_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "firm.yaml"]) == 0
    out = capsys.readouterr().out
    assert "Stiffness, at 1 tick of delay (simulated in this process):" in out
    titles, row = out.partition("Stiffness")[2].splitlines()[1:3]
    assert titles.split() == ["block", "asked", "at", "most", "Colgate", "margin"]
    name, asked, unit, most, *_ = row.split()
    assert (name, asked, unit) == ("firm", "3", "kN/m")
    assert float(most) > 3.0


def test_a_link_that_was_not_measured_is_said_to_be_assumed(
    bench: type[Bench], firm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    firm.write_text(PROTOCOL.replace("3 kN/m", "200 N/m"))
    assert main(["check", "firm.yaml", "--device", "bench:1"]) == 0
    assert "at 2 ticks of delay (assumed: the link was not measured yet)" in capsys.readouterr().out


def test_a_protocol_that_holds_nothing_prints_no_stiffness(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "reach_active"]) == 0
    assert "Stiffness" not in capsys.readouterr().out


def test_the_bound_and_the_colgate_margin_are_in_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "firm.yaml", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["delay_s"], result["delay_how"]) == (0.001, "simulated in this process")
    alone, firm = result["blocks"]
    assert alone["held"] is None
    assert set(firm["held"]) == {"stiffness", "damping", "ticks", "bound", "colgate", "unit"}
    assert firm["held"]["stiffness"] == 3000.0
    assert firm["held"]["ticks"] == 1
    assert firm["held"]["bound"] > 3000.0
    assert 0.0 < firm["held"]["colgate"] < 1.0
