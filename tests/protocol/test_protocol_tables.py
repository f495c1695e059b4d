"""The realised list as a table, and trials that are written out in one."""

from __future__ import annotations

from math import radians
from pathlib import Path

import msgspec
import pytest

from rehab.core import registry
from rehab.core.errors import Findings
from rehab.protocol.load import load_protocol
from rehab.protocol.plan import Plan
from rehab.protocol.tables import read_table, shown, to_csv
from sim.models import load
from tests.protocol import stand_ins

EXAMPLES = Path(__file__).parent / "examples"
INFO = load("planar_arm")


@pytest.fixture(autouse=True)
def known(plugins: None) -> None:
    registry._local.clear()
    stand_ins.add()


def planned(path: Path) -> Plan:
    return load_protocol(path).plan(INFO, INFO.limits())


def with_table(folder: Path, table: str, block: str = "reach: {targets: 4}, dynamics: force_field") -> Plan:
    (folder / "trials.csv").write_text(table)
    path = folder / "study.yaml"
    path.write_text(f"profile: research\nblocks:\n  - {{name: a, {block}, trials: {{table: trials.csv}}}}\n")
    return planned(path)


def test_a_table_of_all_trials_read_back_is_the_same_trials() -> None:
    plan = planned(EXAMPLES / "full.yaml").realise(7)
    text = to_csv(plan.blocks)
    for block in plan.blocks:
        if block.exercise:
            trials, findings = read_table(text, "trials.csv", block)
            assert findings == []
            assert trials == block.trial_list


def test_its_columns_name_their_units() -> None:
    header = to_csv(planned(EXAMPLES / "full.yaml").realise(7).blocks).splitlines()[0].split(",")
    assert header[:6] == ["block", "number", "target", "insert", "dynamics", "say"]
    assert {"cursor.rotate [rad]", "perturb.torque [N*m]", "perturb.rise [s]", "perturb.ttl", "drawn.hold.for [s]"} <= {
        *header
    }


def test_a_block_takes_its_trials_from_a_table_in_other_units_too(tmp_path: Path) -> None:
    table = "target,dynamics,cursor.rotate [deg],say\n3,,30,\n0,force_field,,go on\n"
    (block,) = with_table(tmp_path, table).realise(1).blocks
    assert block.trials == 2
    first, second = block.trial_list
    assert (first.target, first.dynamics, first.cursor) == (3, "", {"rotate": pytest.approx(radians(30.0))})
    assert (second.target, second.dynamics, second.cursor, second.say) == (0, "force_field", {}, "go on")


def test_without_a_column_trials_have_what_the_block_says(tmp_path: Path) -> None:
    special = "cursor: {map: {rotate: 30 deg}}, perturb: {joint: elbow, step: 1 N.m}"
    block = f"reach: {{targets: 4}}, dynamics: {{perturbation: {{trigger: event}}}}, {special}"
    (settled,) = with_table(tmp_path, "target,perturb.torque [N*m]\n3,2\n1,\n", block).realise(1).blocks
    first, second = settled.trial_list
    assert first.dynamics == second.dynamics == "perturbation"
    assert first.cursor == {"rotate": pytest.approx(radians(30.0)), "shown": "always"}
    assert (first.perturb["joint"], first.perturb["torque"], first.perturb["hold"]) == ("elbow", 2.0, 0.2)
    assert second.perturb == {}  # the column is there, and empty


def test_what_a_table_leaves_open_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "trials.csv").write_text("target,drawn.hold.for [ms]\n1,500\n2,\n")
    path = tmp_path / "study.yaml"
    trial = "trial: [{hold: {for: 400..800 ms}}]"
    path.write_text(f"profile: research\n{trial}\nblocks: [{{name: a, reach: {{}}, trials: {{table: trials.csv}}}}]\n")
    first, second = planned(path).realise(1).blocks[0].trial_list
    assert first.drawn == {"hold.for": 0.5}
    assert 0.4 <= second.drawn["hold.for"] <= 0.8


def test_rows_of_other_blocks_are_passed_over(tmp_path: Path) -> None:
    (block,) = with_table(tmp_path, "block,target\nb,1\na,2\n\nb,3\na,0\n").realise(1).blocks
    assert [(trial.number, trial.target) for trial in block.trial_list] == [(1, 2), (2, 0)]


@pytest.mark.parametrize(
    ("table", "place", "said"),
    [
        ("targt\n1\n", (1, 1), 'unknown column "targt"'),
        ("target,cursor.rotate\n1,30\n", (1, 8), '"cursor.rotate" has no unit'),
        ("target,cursor.rotate [N]\n1,30\n", (1, 8), "is not an angle"),
        ("target,cursor.shown [s]\n1,move\n", (1, 8), '"cursor.shown" has no use for a unit'),
        ("target,cursor.shown\n1,mve\n", (2, 3), '"mve" is not one of these; did you mean "move"?'),
        ("target,drawn.hold.for [s]\n1,0.5\n", (1, 8), 'unknown column "drawn.hold.for [s]"'),
        ("target\n1\n9\n", (3, 1), 'there is no target "9"'),
        ("target,cursor.rotate [deg]\n1,nan\n", (2, 3), "is not a number with a unit"),
        ("", (1, 1), 'has no trial of block "a"'),
    ],
)
def test_what_is_wrong_in_a_table_is_said_in_its_own_lines(
    tmp_path: Path, table: str, place: tuple[int, int], said: str
) -> None:
    with pytest.raises(Findings) as caught:
        with_table(tmp_path, table)
    (found,) = caught.value.findings
    assert (found.file, found.line, found.column) == ("trials.csv", *place)
    assert said in found.message


def test_people_read_degrees_and_no_target_where_there_is_none() -> None:
    plan = planned(EXAMPLES / "full.yaml").realise(7)
    rotate, reflex = plan.blocks[3], plan.blocks[6]
    assert shown(rotate, rotate.trial_list[0])["cursor.rotate [rad]"] == "30°"
    assert shown(reflex, reflex.trial_list[0])["target"] == ""
    assert shown(reflex, reflex.trial_list[0])["perturb.torque [N*m]"] in ("3 N·m", "-3 N·m")


def test_a_plan_with_a_table_survives_json(tmp_path: Path) -> None:
    plan = with_table(tmp_path, "target\n1\n").realise(1)
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan
