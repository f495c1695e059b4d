"""What a block becomes: dynamics by name, pulses, rests, what stands nearer wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehab.core import registry
from rehab.core.errors import Findings
from rehab.core.trials import Break, Choice, Redo
from rehab.protocol.load import load_protocol
from rehab.protocol.plan import BlockPlan, Plan
from sim.models import load
from tests.protocol import stand_ins

INFO = load("planar_arm")
CHANNEL = "dynamics: {{channel: {{stiffness: {}}}}}"


@pytest.fixture(autouse=True)
def known(plugins: None) -> None:
    registry._local.clear()
    stand_ins.add()


def of(tmp_path: Path, *blocks: str, more: str = "") -> Plan:
    path = tmp_path / "study.yaml"
    path.write_text(f"profile: research\n{more}blocks:\n" + "".join(f"  - {{{block}}}\n" for block in blocks))
    return load_protocol(path).plan(INFO, INFO.limits())


def only(tmp_path: Path, block: str, more: str = "") -> BlockPlan:
    (found,) = of(tmp_path, block, more=more).blocks
    return found


def test_two_inserts_with_one_controller_are_two_dynamics(tmp_path: Path) -> None:
    soft, firm = (f"{{per_target: 1, {CHANNEL.format(k)}}}" for k in ("1 kN/m", "2 kN/m"))
    block = only(tmp_path, f"name: a, reach: {{}}, each_target: 4, insert: {{soft: {soft}, firm: {firm}}}")
    assert {name: choice.parameters["stiffness"] for name, choice in block.dynamics.items()} == {
        "soft": 1000.0, "firm": 2000.0
    }  # fmt: skip


def test_a_name_that_is_taken_by_other_dynamics_gets_a_number(tmp_path: Path) -> None:
    insert = f"insert: {{force_field: {{per_target: 1, {CHANNEL.format('1 kN/m')}}}}}"
    block = only(tmp_path, f"name: a, reach: {{}}, each_target: 4, dynamics: force_field, {insert}")
    assert (block.ordinary, block.inserts[0].dynamics) == ("force_field", "force_field_2")
    assert block.dynamics["force_field_2"].controller == "channel"


def test_dynamics_named_by_a_word_have_their_defaults_and_none_is_the_blocks_own_controller(tmp_path: Path) -> None:
    field, plain = of(
        tmp_path,
        "name: a, reach: {}, trials: 8, dynamics: force_field",
        "name: b, reach: {}, trials: 8, dynamics: none",
    ).blocks
    assert field.dynamics == {"force_field": Choice("force_field", {"curl": 15.0, "sign": 1.0})}
    assert (plain.ordinary, plain.dynamics) == ("", {})


def test_a_block_with_a_perturbation_gets_what_gives_it_told_by_the_trial(tmp_path: Path) -> None:
    pushed, moved = of(
        tmp_path,
        "name: a, hold_posture: {}, trials: 8, perturb: {joint: elbow, step: 3 N.m}",
        "name: b, hold_posture: {}, trials: 8, perturb: {direction: 90 deg, displace: 8 mm}",
    ).blocks
    assert pushed.dynamics == {"perturbation": Choice("perturbation", {"trigger": "event", "kind": "force"})}
    assert moved.dynamics["perturbation"].parameters["kind"] == "position"
    assert pushed.ordinary == moved.ordinary == "perturbation"


def test_an_insert_with_a_perturbation_gets_it_in_its_own_trials_only(tmp_path: Path) -> None:
    insert = "insert: {push: {count: 2, perturb: {joint: elbow, step: 3 N.m}}}"
    plan = of(tmp_path, f"name: a, reach: {{}}, trials: 8, dynamics: force_field, {insert}").realise(1)
    dynamics = {trial.insert: trial.dynamics for trial in plan.blocks[0].trial_list}
    assert dynamics == {"": "force_field", "push": "perturbation"}
    acting = plan.blocks[0].dynamics["perturbation"]
    assert acting == Choice("perturbation", {"trigger": "event", "kind": "force"})


def test_what_a_block_says_stands_above_what_the_protocol_says(tmp_path: Path) -> None:
    more = "redo: {when: [timeout]}\npause: {every: 40, least: 60 s}\n"
    first, second = of(
        tmp_path,
        "name: a, reach: {}, trials: 8",
        "name: b, reach: {}, trials: 8, redo: {when: [early], most: 1}, pause: {every: 4}",
        more=more,
    ).blocks
    assert (first.redo, first.pause) == (Redo(when=("timeout",)), Break(every=40, least=60.0))
    assert (second.redo, second.pause) == (Redo(when=("early",), most=1), Break(every=4, least=0.0))


def test_the_shorter_time_until_a_rest_is_due_holds(tmp_path: Path) -> None:
    blocks = of(
        tmp_path,
        "name: a, reach: {}, trials: 8",
        "name: b, reach: {}, trials: 8, limits: {rest_every: 2 min, force: 20 N}",
        "name: c, reach: {}, trials: 8, limits: {rest_every: 20 min}",
        more="limits: {rest_every: 5 min}\n",
    ).blocks
    assert [block.rest_every for block in blocks] == [300.0, 120.0, 300.0]
    assert blocks[1].limits == {"force": 20.0}  # a rest is no limit of the machine


def test_a_phase_may_come_twice_under_a_name_of_its_own(tmp_path: Path) -> None:
    trial = "trial: [{hold: {for: 1..2 s}}, {move: {}}, {hold: {name: settle, at: target, for: 100..200 ms}}]\n"
    plan = of(tmp_path, "name: a, reach: {}, trials: 8", more=trial).realise(1)
    drawn = plan.blocks[0].trial_list[0].drawn
    assert 1.0 <= drawn["hold.for"] <= 2.0
    assert 0.1 <= drawn["settle.for"] <= 0.2


def test_a_therapists_block_must_say_how_it_is_controlled(tmp_path: Path) -> None:
    path = tmp_path / "week.yaml"
    path.write_text("protocol: x\nversion: 1\ndevice: planar_arm\nblocks: [{name: a, reach: {}, trials: 8}]\n")
    with pytest.raises(Findings, match="neither a mode nor a controller"):
        load_protocol(path)


def test_a_count_that_is_misspelt_is_not_also_missing(tmp_path: Path) -> None:
    with pytest.raises(Findings) as caught:
        of(tmp_path, "name: a, reach: {}, each_targt: 8")
    (found,) = caught.value.findings
    assert found.message == 'unknown key "each_targt"; did you mean "each_target"?'
