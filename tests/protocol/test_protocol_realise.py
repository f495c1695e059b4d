"""The realised list of trials: every constraint that a protocol states holds, in every list."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise, product
from math import degrees
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehab.core import registry
from rehab.core.errors import BadInput, Findings
from rehab.core.trials import Phase, TrialPlan
from rehab.protocol.inserts import lack, placed
from rehab.protocol.load import load_protocol, one_block
from rehab.protocol.order import ordered
from rehab.protocol.parts import Insert
from rehab.protocol.plan import BlockPlan, Plan
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


def of(tmp_path: Path, *blocks: str, more: str = "") -> Plan:
    path = tmp_path / "study.yaml"
    path.write_text(f"profile: research\n{more}blocks:\n" + "".join(f"  - {{{block}}}\n" for block in blocks))
    return planned(path)


def refused(tmp_path: Path, *blocks: str, more: str = "") -> list[tuple[str, str]]:
    with pytest.raises(Findings) as caught:
        of(tmp_path, *blocks, more=more)
    return [(found.field, found.message) for found in caught.value.findings]


def cycles(values: list[Any], size: int) -> list[list[Any]]:
    return [values[k : k + size] for k in range(0, len(values), size)]


def targets(block: BlockPlan) -> list[int]:
    return [trial.target for trial in block.trial_list]


@pytest.fixture
def full() -> Plan:
    return planned(EXAMPLES / "full.yaml")


def test_in_200_lists_the_three_studies_keep_to_everything_they_state(full: Plan) -> None:
    for seed in range(200):
        base, field, told, rotate, clamp, excluded, reflex = full.realise(seed, f"P{seed + 1}").blocks
        assert told.trial_list == ()
        for block, repetitions in ((base, 10), (field, 24), (rotate, 20), (clamp, 5), (excluded, 5)):
            assert Counter(targets(block)) == dict.fromkeys(range(8), repetitions)  # each_target
            assert all(sorted(cycle) == list(range(8)) for cycle in cycles(targets(block), 8))  # shuffle: each_cycle
            assert all(a != b for a, b in pairwise(targets(block)))  # never: same_target_twice
        for block in (base, field, rotate, clamp, excluded, reflex):
            assert [trial.number for trial in block.trial_list] == list(range(1, block.trials + 1))
            assert all(0.4 <= trial.drawn["hold.for"] <= 0.8 for trial in block.trial_list)
        channel = [trial for trial in field.trial_list if trial.insert == "channel"]
        catch = [trial for trial in field.trial_list if trial.insert == "catch"]
        assert Counter(trial.target for trial in channel) == dict.fromkeys(range(8), 3)  # per_target: 3
        assert Counter(trial.target for trial in catch) == dict.fromkeys(range(8), 1)  # per_target: 1
        assert all(b.number - a.number > 4 for a, b in pairwise(channel))  # gap: 4..
        assert channel[0].number > 5  # not_first: 5
        assert {trial.dynamics for trial in channel} == {"channel"}
        assert {trial.dynamics for trial in catch} == {""}
        assert {trial.dynamics for trial in field.trial_list if not trial.insert} == {"force_field"}
        cells = [tuple(trial.cell.values()) for trial in reflex.trial_list]
        every = list(product((-2.0, 2.0), (-3.0, 3.0), ("resist", "let_go")))
        assert all(sorted(cycle) == sorted(every) for cycle in cycles(cells, 8))  # each_cell: 20, shuffle: each_cycle
        assert len(cells) == 20 * 8


def test_the_rotation_study_shows_the_cursor_as_it_says(full: Plan) -> None:
    *_, rotate, clamp, excluded, _ = full.realise(1).blocks
    assert all(
        (degrees(trial.cursor["rotate"]), trial.cursor["shown"]) == (pytest.approx(30.0), "move")
        for trial in rotate.trial_list
    )
    assert all(degrees(trial.cursor["clamp"]) == pytest.approx(15.0) for trial in clamp.trial_list)
    assert all(trial.cursor == {"shown": "never"} for trial in excluded.trial_list)
    assert {trial.say for trial in excluded.trial_list} == {"no_strategy"}
    kinds = [phase.kind for phase in rotate.phases]
    assert kinds == ["hold", "cue", "ask", "go", "move", "dwell", "feedback", "return"]
    assert rotate.phases[2] == Phase(
        "ask", {"name": "aim", "text": "Which mark do you aim at?", "kind": "number", "landmarks": 63}
    )


def test_the_reflex_study_perturbs_as_its_cell_says(full: Plan) -> None:
    for trial in full.realise(3).blocks[-1].trial_list:
        assert trial.perturb == {
            "joint": "elbow", "rise": 0.01, "hold": 0.2, "ttl": 2,
            "preload": trial.cell["preload"], "torque": trial.cell["step"],
        }  # fmt: skip
        assert trial.say == trial.cell["say"]


def test_the_field_has_the_sign_of_the_participants_arm(full: Plan) -> None:
    signs = {"cw": 1.0, "ccw": -1.0}
    for participant in range(1, 9):
        plan = full.realise(7, str(participant))
        assert plan.blocks[1].dynamics["force_field"].parameters["sign"] == signs[plan.arm]
        assert plan.arms == {}


def test_permuted_blocks_fill_the_arms_evenly_and_not_by_turns(full: Plan) -> None:
    arms = [full.realise(1, f"P{number:02d}").arm for number in range(1, 41)]
    assert all(Counter(four) == {"cw": 2, "ccw": 2} for four in cycles(arms, 4))
    assert len({tuple(four) for four in cycles(arms, 4)}) > 2


def test_who_comes_again_comes_into_the_same_arm_whatever_the_seed(full: Plan) -> None:
    for participant in ("3", "P03", "clinic-3"):
        assert len({full.realise(seed, participant).arm for seed in range(10)}) == 1


def test_an_id_without_a_number_gets_no_arm(full: Plan) -> None:
    with pytest.raises(BadInput, match='participant "Anna": an arm is assigned by the number'):
        full.realise(1, "Anna")


def test_the_same_seed_gives_the_same_list_and_another_one_another(full: Plan) -> None:
    assert full.realise(7, "2") == full.realise(7, "2")
    first, second = (full.realise(seed, "2").blocks[0] for seed in (7, 8))
    assert first.trial_list != second.trial_list


def test_seed_participant_gives_everybody_an_order_of_their_own_and_a_number_the_same(tmp_path: Path) -> None:
    block = "name: base, reach: {}, each_target: 4"
    own = of(tmp_path, block, more="design: {arms: {a: {s: 1}}, seed: participant}\n")
    same = of(tmp_path, block, more="design: {arms: {a: {s: 1}}, seed: 5}\n")
    assert targets(own.realise(1, "1").blocks[0]) != targets(own.realise(1, "2").blocks[0])
    assert targets(same.realise(1, "1").blocks[0]) == targets(same.realise(1, "2").blocks[0])


def test_blocks_alike_have_lists_that_differ(tmp_path: Path) -> None:
    first, second = of(
        tmp_path, "name: a, reach: {}, each_target: 4", "name: b, reach: {}, each_target: 4"
    ).realise(1).blocks  # fmt: skip
    assert targets(first) != targets(second)


def test_a_realised_plan_survives_json_and_is_plain_for_the_recording(full: Plan) -> None:
    plan = full.realise(7)
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan
    plain = plan.plain()
    assert plain["blocks"][1]["trial_list"][0]["number"] == 1
    assert msgspec.convert(plain, Plan) == plan


def test_a_seed_below_zero_is_refused(full: Plan) -> None:
    with pytest.raises(BadInput, match="seed -1"):
        full.realise(-1)


def test_a_short_protocol_is_realised_too_in_the_order_of_its_exercise() -> None:
    plan = planned(EXAMPLES / "short.yaml").realise(1)
    baseline, training = plan.blocks
    assert all(sorted(cycle) == list(range(8)) for cycle in cycles(targets(baseline), 8))
    assert all(a != b for a, b in pairwise(targets(training)))
    assert len(training.trial_list) == 80


def test_one_exercise_asked_for_in_python_is_realised_too() -> None:
    made: dict[str, Any] = {"order": "clockwise", "targets": 4}
    plan = one_block("reach", info=INFO, limits=INFO.limits(), trials=6, parameters=made).realise(1)
    assert targets(plan.blocks[0]) == [0, 1, 2, 3, 0, 1]


def test_an_exercise_without_places_of_which_nothing_is_said_chooses_itself(tmp_path: Path) -> None:
    plain, told = of(
        tmp_path, "name: still, hold_posture: {}, trials: 3", "name: told, hold_posture: {}, trials: 3, say: resist"
    ).realise(1).blocks  # fmt: skip
    assert plain.trial_list == ()
    assert [(trial.target, trial.say) for trial in told.trial_list] == [(-1, "resist")] * 3


@given(st.integers(0, 60), st.integers(2, 9), st.sampled_from(["each_cycle", "all", "none"]), st.integers(0, 99))
def test_every_order_has_each_target_equally_often_and_none_twice_in_a_row(
    count: int, places: int, shuffle: str, seed: int
) -> None:
    order = ordered(count, places, shuffle, apart=True, rng=np.random.default_rng(seed))
    assert len(order) == count
    times = Counter(order)
    assert max(times.values(), default=0) - min((times[p] for p in range(places)), default=0) <= 1
    assert all(a != b for a, b in pairwise(order))


def test_a_full_shuffle_is_not_bound_to_cycles_and_a_plain_order_is_not_shuffled() -> None:
    everything = ordered(80, 8, "all", apart=False, rng=np.random.default_rng(1))
    assert any(len(set(cycle)) < 8 for cycle in cycles(everything, 8))
    assert ordered(5, 3, "none", apart=True, rng=np.random.default_rng(1)) == [0, 1, 2, 0, 1]


def fits(marks: list[str], targets: list[int], inserts: list[Insert]) -> bool:
    """Every constraint, written down once more and plainly."""
    for insert in inserts:
        at = [index for index, mark in enumerate(marks) if mark == insert.name]
        if insert.count and len(at) != insert.count:
            return False
        if not insert.count and any(
            sum(targets[index] == place for index in at) != insert.per_target for place in set(targets)
        ):
            return False
        if any(index < insert.not_first for index in at):
            return False
        between = [b - a - 1 for a, b in pairwise(at)]
        if any(gap < insert.least or (insert.most >= 0 and gap > insert.most) for gap in between):
            return False
    return True


@st.composite
def puzzles(draw: st.DrawFn) -> tuple[list[int], list[Insert]]:
    places = draw(st.integers(1, 3))
    order = draw(st.lists(st.integers(0, places - 1), min_size=1, max_size=6))
    inserts = []
    for name in ("x", "y")[: draw(st.integers(1, 2))]:
        number = draw(st.integers(1, 3))
        least = draw(st.integers(0, 2))
        inserts.append(
            Insert(
                name=name,
                **({"count": number} if draw(st.booleans()) else {"per_target": min(number, 2)}),
                least=least,
                most=draw(st.sampled_from([-1, least, least + 1])),
                not_first=draw(st.integers(0, 2)),
            )
        )
    return order, inserts


@settings(deadline=None, max_examples=150)
@given(puzzles(), st.integers(0, 9))
def test_inserts_are_placed_whenever_any_placing_exists_and_never_otherwise(
    puzzle: tuple[list[int], list[Insert]], seed: int
) -> None:
    order, inserts = puzzle
    marks = placed(order, inserts, np.random.default_rng(seed))
    names = ["", *(insert.name for insert in inserts)]
    possible = any(fits(list(every), order, inserts) for every in product(names, repeat=len(order)))
    assert (marks is not None) == possible
    assert marks is None or fits(marks, order, inserts)
    if any(lack(insert, len(order), len(set(order))) for insert in inserts):
        assert not possible  # counting alone must not refuse what can be


def test_other_seeds_choose_other_trials_for_the_inserts(full: Plan) -> None:
    chosen = {
        tuple(trial.number for trial in full.realise(seed).blocks[1].trial_list if trial.insert == "channel")
        for seed in range(10)
    }
    assert len(chosen) == 10


def test_an_upper_end_of_a_gap_holds_too(tmp_path: Path) -> None:
    insert = "insert: {probe: {count: 12, gap: 2..5, dynamics: none}}"
    plan = of(tmp_path, f"name: a, reach: {{}}, each_target: 8, dynamics: force_field, {insert}")
    for seed in range(4):
        at = [trial.number for trial in plan.realise(seed).blocks[0].trial_list if trial.insert]
        assert len(at) == 12
        assert all(2 <= b - a - 1 <= 5 for a, b in pairwise(at))


def test_a_gap_that_cannot_be_kept_is_named_with_what_it_needs_and_what_there_is(tmp_path: Path) -> None:
    insert = "insert: {probe: {per_target: 2, gap: 3.., not_first: 1, dynamics: none}}"
    block = f"name: crowded, reach: {{targets: 4}}, each_target: 5, dynamics: force_field, {insert}"
    assert refused(tmp_path, block) == [
        (
            "blocks[0].insert.probe.gap",
            'block "crowded": 8 trials of "probe" with 3 others between them need 29 trials; '
            "the block has 19 after the first 1",
        )
    ]


def test_inserts_that_only_together_leave_no_room_are_named_together(tmp_path: Path) -> None:
    insert = "insert: {a: {count: 4, dynamics: none}, b: {count: 3, say: now}}"
    block = f"name: full, reach: {{targets: 2}}, each_target: 3, dynamics: force_field, {insert}"
    ((field, message),) = refused(tmp_path, block)
    assert field == "blocks[0].insert"
    assert re.fullmatch(r'block "full": no order of the 6 trials leaves room for 4 of "a", 3 of "b"', message)


def test_a_gradual_map_grows_evenly_to_its_whole_and_stays(tmp_path: Path) -> None:
    (block,) = of(
        tmp_path, "name: a, reach: {}, trials: 50, cursor: {map: {rotate: 40 deg, scale: 2, over: 40 trials}}"
    ).realise(1).blocks  # fmt: skip
    rotations = [degrees(trial.cursor["rotate"]) for trial in block.trial_list]
    assert rotations == pytest.approx([*range(1, 41), *([40.0] * 10)])
    assert [trial.cursor["scale"] for trial in block.trial_list][19] == pytest.approx(1.5)
    assert "over" not in block.trial_list[0].cursor


def test_an_insert_may_hide_the_cursor_perturb_and_say_something(tmp_path: Path) -> None:
    insert = "insert: {odd: {count: 3, cursor: {shown: never}, perturb: {direction: 90 deg, step: 5 N}, say: now}}"
    (block,) = of(tmp_path, f"name: a, reach: {{}}, trials: 8, {insert}").realise(1).blocks
    odd = [trial for trial in block.trial_list if trial.insert == "odd"]
    plain = [trial for trial in block.trial_list if not trial.insert]
    assert all((t.cursor, t.perturb["force"], t.say) == ({"shown": "never"}, 5.0, "now") for t in odd)
    assert len(odd) == 3
    assert all((t.cursor, t.perturb, t.say) == ({}, {}, "") for t in plain)


def test_the_time_of_a_perturbation_is_drawn_for_each_trial(tmp_path: Path) -> None:
    pulse = "perturb: {direction: 0 deg, step: 5 N, after: 100..300 ms}"
    (block,) = of(tmp_path, f"name: a, reach: {{}}, trials: 30, {pulse}").realise(1).blocks
    drawn = [trial.drawn["perturb.after"] for trial in block.trial_list]
    assert all(0.1 <= value <= 0.3 for value in drawn)
    assert len(set(drawn)) > 20
    assert all("after" not in trial.perturb for trial in block.trial_list)


def test_windows_are_not_drawn(full: Plan) -> None:
    assert {name for trial in full.realise(1).blocks[0].trial_list for name in trial.drawn} == {"hold.for"}


def test_a_trial_as_planned_is_one_that_an_exercise_can_follow(full: Plan) -> None:
    assert all(isinstance(trial, TrialPlan) for block in full.realise(1).blocks for trial in block.trial_list)
