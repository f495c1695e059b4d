"""The two examples of the design, exactly as they are written there."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from rehab.core import registry
from rehab.core.errors import Findings
from rehab.core.trials import Break, Choice, Page, Phase, Redo
from rehab.protocol.frames import QUESTIONS
from rehab.protocol.load import load_protocol
from rehab.protocol.parts import Insert, Order
from rehab.protocol.plan import Plan, StopIf
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


@pytest.fixture
def full() -> Plan:
    return planned(EXAMPLES / "full.yaml")


def test_the_short_one_loads_as_written() -> None:
    plan = planned(EXAMPLES / "short.yaml")
    assert (plan.protocol, plan.version, plan.device, plan.profile) == (
        "Reaching with assistance", 1, "planar_arm", "therapy"
    )  # fmt: skip
    assert plan.limits == {"speed": 0.6, "force": 30.0}
    assert [block.rest_every for block in plan.blocks] == [300.0, 300.0]
    assert [str(answer) for answer in plan.stop_if] == ["pain >= 5", "fatigue >= 7"]
    assert [(block.name, block.controller, block.trials) for block in plan.blocks] == [
        ("baseline", "transparent", 16),
        ("training", "assist_as_needed", 80),
    ]


def test_the_full_one_loads_as_written_with_a_title_of_its_file_and_for_any_device(full: Plan) -> None:
    assert (full.protocol, full.version, full.device, full.profile) == ("full", 1, "", "research")
    assert [block.name for block in full.blocks] == ["base", "field", "told", "rotate", "clamp", "excluded", "reflex"]
    assert [block.trials for block in full.blocks] == [80, 192, 0, 160, 40, 40, 160]
    assert full.design is not None and full.design.arms == ("cw", "ccw")


def test_its_phases_are_in_si_in_order_with_what_nobody_wrote_filled_in(full: Plan) -> None:
    assert full.blocks[0].phases == (
        Phase("hold", {"at": "start", "for": [0.4, 0.8]}),
        Phase("cue", {"show": "target", "ttl": 1, "photodiode": "flip"}),
        Phase("go", {"rt": [0.1, 0.6], "early": "redo", "late": "redo"}),
        Phase("move", {"until": "in_target", "timeout": 1.5}),
        Phase("dwell", {"for": 0.2}),
        Phase("feedback", {"mt": [0.4, 0.6], "slow": "too_slow", "fast": "too_fast", "for": 0.5}),
        Phase("return", {"cursor": "hidden", "by": "robot", "with": "move_to", "in": 1.0}),
    )


def test_what_is_said_once_for_all_blocks_holds_in_each(full: Plan) -> None:
    for block in full.blocks:
        if block.exercise:
            assert block.redo == Redo(when=("early", "late", "timeout", "fault"), place="end_of_block", most=3)
            assert block.order == Order("each_cycle", "same_target_twice")
            assert block.pause == Break(every=40, least=60.0)
            assert block.dynamics["move_to"] == Choice("move_to", {})


def test_its_field_has_dynamics_by_name_and_inserts(full: Plan) -> None:
    field = full.blocks[1]
    assert field.own.controller == "transparent"  # a researcher's block that names no controller
    assert field.ordinary == "force_field"
    assert field.dynamics["force_field"] == Choice("force_field", {"curl": 15.0, "sign": 1.0})
    assert field.dynamics["channel"] == Choice("channel", {"stiffness": 2000.0, "damping": 40.0, "ramp_in": "hold"})
    assert field.inserts == (
        Insert(name="channel", per_target=3, least=4, not_first=5, dynamics="channel"),
        Insert(name="catch", per_target=1, dynamics=""),
    )


def test_its_page_is_the_text_of_the_file_beside_it(full: Plan) -> None:
    told = full.blocks[2]
    text = (EXAMPLES / "strategy.md").read_text()
    assert told.page == Page(text=text, questions=(QUESTIONS["understood"],), until="key")
    assert (told.exercise, told.controller, told.trials, told.phases) == ("", "", 0, ())


def test_a_page_and_questions_of_a_block_with_trials_stand_before_and_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    block = "{name: base, reach: {}, trials: 8, show: Be quick., until: answers, ask: [pain, fatigue]}"
    path.write_text(f"profile: research\nblocks: [{block}]")
    before, base, after = planned(path).realise(1).blocks
    assert (before.name, before.page) == ("base: page", Page(text="Be quick.", until="answers"))
    assert (base.name, base.page, len(base.trial_list)) == ("base", None, 8)
    assert after.page == Page(questions=(QUESTIONS["pain"], QUESTIONS["fatigue"]), until="answers")
    assert [block.number for block in (before, base, after)] == [0, 0, 0]


def test_a_page_that_is_not_there_is_found_before_anything_moves(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "full.yaml", tmp_path)
    load_protocol(tmp_path / "full.yaml")
    with pytest.raises(Findings, match=r'blocks\[2\].show: there is no file "strategy.md" beside the protocol'):
        planned(tmp_path / "full.yaml")


@pytest.mark.parametrize("name", ["/etc/hostname.txt", "../secret.md"])
def test_a_page_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "full.yaml"
    path.write_text((EXAMPLES / "full.yaml").read_text().replace("strategy.md", name))
    with pytest.raises(Findings, match="does not lie beside the protocol"):
        planned(path)


def test_every_arm_has_blocks_of_its_own(full: Plan) -> None:
    signs = {arm: blocks[1].dynamics["force_field"].parameters["sign"] for arm, blocks in full.arms.items()}
    assert signs == {"cw": 1.0, "ccw": -1.0}


def test_a_mistake_in_what_many_blocks_share_is_said_once(tmp_path: Path) -> None:
    path = tmp_path / "full.yaml"
    path.write_text((EXAMPLES / "full.yaml").read_text().replace("radius: 10 cm}", "radius: 10}"))
    with pytest.raises(Findings) as caught:
        load_protocol(path)
    (found,) = caught.value.findings
    assert found.message == '"10" has no unit'


def test_the_plan_survives_json(full: Plan) -> None:
    assert msgspec.json.decode(msgspec.json.encode(full), type=Plan) == full


def test_an_answer_ends_the_session_by_its_comparison() -> None:
    pairs = [(">=", 5.0, True), (">", 5.0, False), ("<=", 5.0, True), ("<", 5.0, False), (">", 5.1, True)]
    for relation, answer, ends in pairs:
        assert StopIf(name="pain", sign=relation, value=5.0).met(answer) is ends
    assert not StopIf(name="pain", sign=">=", value=5.0).met("very much")
