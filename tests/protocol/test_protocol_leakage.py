"""How far a channel is predicted to leak, against closed forms and the field's own numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from rehab.cli.main import main
from rehab.core import registry
from rehab.core.parameters import Parameters
from rehab.core.trials import Choice
from rehab.core.types import Array, Reference, State
from rehab.protocol.leakage import leaks, peak_force
from rehab.protocol.load import load_protocol
from sim.models import load
from tests.arms import wrist
from tests.protocol import stand_ins

INFO = load("planar_arm")
BLOCK = """\
protocol: Field and channel
version: 1
device: planar_arm
{more}blocks:
  - name: field
    reach: {{targets: 8, radius: 10 cm, movement_time: 500 ms}}
    mode: active
    each_target: 4
    dynamics: {{force_field: {{curl: 15 N.s/m}}}}
    insert: {{channel: {{per_target: 1, dynamics: {{channel: {{stiffness: {stiffness}, damping: 40 N.s/m}}}}}}}}
"""


class Saddle:
    """Shadmehr & Mussa-Ivaldi 1994: F = B v."""

    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, device: Any, **parameters: Any) -> None:
        self.matrix = np.array([[-10.1, -11.2], [-11.2, 11.1]])

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        torque: Array = state.jacobian.T @ (self.matrix @ state.v)
        return torque


class Broken(Saddle):
    """Raises."""

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        raise ZeroDivisionError("thirteen")


class Load(Saddle):
    """A constant 3 N against gravity's direction, in one dimension."""

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        torque: Array = state.jacobian.T @ np.array([3.0])
        return torque


@pytest.fixture(autouse=True)
def known(plugins: None) -> None:
    registry._local.clear()
    stand_ins.add()
    registry.add_local("controller", "saddle", Saddle)
    registry.add_local("controller", "broken", Broken)
    registry.add_local("controller", "load", Load)


def written(tmp_path: Path, stiffness: str = "2 kN/m", more: str = "") -> Path:
    path = tmp_path / "field.yaml"
    path.write_text(BLOCK.format(stiffness=stiffness, more=more))
    return path


def test_a_curl_field_is_as_strong_as_its_viscosity_times_the_peak_speed_of_minimum_jerk() -> None:
    curl = Choice("force_field", {"curl": 15.0, "sign": -1.0})
    assert peak_force(curl, INFO, 0.1, 0.5) == pytest.approx(15.0 * 1.875 * 0.1 / 0.5, rel=1e-4)  # 5.625 N


def test_the_saddle_field_reaches_the_force_of_the_literature() -> None:
    """Over 10 cm in 0.5 s at 0, 45, 90, 135 degrees: 5.6555, 5.6481, 5.9132, 5.9204 N."""
    assert peak_force(Choice("saddle", {}), INFO, 0.1, 0.5) == pytest.approx(5.9204, abs=2e-4)


def test_one_joint_is_pushed_along_its_arc() -> None:
    assert peak_force(Choice("load", {}), wrist(), 0.05, 0.5) == pytest.approx(3.0)


@pytest.mark.parametrize(("stiffness", "leak"), [("2 kN/m", 2.8125e-3), ("800 N/m", 7.03125e-3)])
def test_the_leak_is_the_fields_force_over_the_channels_stiffness(tmp_path: Path, stiffness: str, leak: float) -> None:
    plan = load_protocol(written(tmp_path, stiffness)).plan(INFO, INFO.limits())
    (found,) = leaks(plan.blocks, INFO, 0.001)
    assert found.distance == pytest.approx(leak, rel=1e-4)


def test_a_link_that_holds_less_lets_through_more(tmp_path: Path) -> None:
    plan = load_protocol(written(tmp_path)).plan(INFO, INFO.limits())
    (fast,), (slow,) = (leaks(plan.blocks, INFO, delay) for delay in (0.001, 0.004))
    assert slow.stiffness < 2000.0 == fast.stiffness
    assert slow.distance > fast.distance


def test_without_a_field_nothing_leaks(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text().replace("curl: 15", "curl: 0"))
    plan = load_protocol(path).plan(INFO, INFO.limits())
    assert leaks(plan.blocks, INFO, 0.001) == []


def test_a_field_that_is_the_blocks_own_controller_counts_and_one_that_a_mode_picks_does_not(tmp_path: Path) -> None:
    path = written(tmp_path)
    own = path.read_text().replace("    dynamics: {force_field: {curl: 15 N.s/m}}\n", "")
    path.write_text(own.replace("mode: active", "controller: {force_field: {curl: 15 N.s/m}}"))
    (leak,) = leaks(load_protocol(path).plan(INFO, INFO.limits()).blocks, INFO, 0.001)
    assert leak.force == pytest.approx(5.625, rel=1e-4)
    path.write_text(own.replace("mode: active", "controller: transparent"))
    assert leaks(load_protocol(path).plan(INFO, INFO.limits()).blocks, INFO, 0.001) == []


def test_a_channel_is_held_against_the_strongest_field_of_the_whole_protocol(tmp_path: Path) -> None:
    path = written(tmp_path, more="")
    clamp = "  - {name: clamp, reach: {}, mode: active, trials: 8, dynamics: {channel: {stiffness: 1 kN/m}}}\n"
    path.write_text(path.read_text() + clamp)
    plan = load_protocol(path).plan(INFO, INFO.limits())
    assert [(leak.block, round(leak.distance, 6)) for leak in leaks(plan.blocks, INFO, 0.001)] == [
        ("field", 0.002812), ("clamp", 0.005625)
    ]  # fmt: skip


def test_more_than_3_mm_is_refused_where_the_channel_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(written(tmp_path, "1 kN/m"))]) == 1
    out = capsys.readouterr().out
    assert "field.yaml:10:49: blocks[0].insert.channel.dynamics: leaks 5.625 mm: 5.6 N of field against 1 kN/m" in out
    assert "accept: [channel_leakage]" in out
    assert "1 problem" in out


def test_a_protocol_may_accept_it_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(written(tmp_path, "1 kN/m", "accept: [channel_leakage]\n"))]) == 0
    assert "5.625 mm" in capsys.readouterr().out


def test_it_is_printed_and_in_the_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(written(tmp_path))
    assert main(["check", path]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "2.812 mm" in line]
    assert line.split()[:2] == ["field:", "channel"]
    assert main(["check", path, "--json"]) == 0
    (channel,) = json.loads(capsys.readouterr().out)["channels"]
    assert (channel["block"], channel["leakage_m"]) == ("field", pytest.approx(2.8125e-3, rel=1e-4))


def test_a_law_that_fails_on_a_reaching_hand_is_named_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text().replace("{force_field: {curl: 15 N.s/m}}", "broken"))
    assert main(["check", str(path)]) == 2
    assert 'controller "broken" fails on a hand that reaches: ZeroDivisionError: thirteen' in capsys.readouterr().err
