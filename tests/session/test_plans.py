"""A whole plan on the simulated arm: pages, inserts, dynamics by trial, redo, rest, switching; and what is recorded."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from rehab import Recording, Session, controller
from rehab.core import registry
from rehab.core.errors import Findings
from rehab.core.trials import Break, Choice, Page, Phase, Question, Redo, TrialPlan
from rehab.core.values import Acted
from rehab.protocol.plan import BlockPlan, Plan, StopIf

PHASES = (
    Phase("hold", {"for": [0.2, 0.4]}),
    Phase("cue", {"ttl": 1, "photodiode": "flip"}),
    Phase("go", {"rt": [0.05, 1.5]}),
    Phase("move", {"timeout": 3.0}),
    Phase("dwell", {"for": 0.1}),
    Phase("feedback", {"mt": [0.3, 1.2], "for": 0.3}),
    Phase("return", {"in": 1.0, "with": "guide", "cursor": "hidden"}),
)
TRIALS = (
    TrialPlan(number=1, target=0, drawn={"hold.for": 0.25}),
    TrialPlan(number=2, target=2, dynamics="channel", insert="channel"),
    TrialPlan(number=3, target=1, dynamics="none", insert="catch", cursor={"rotate": 0.5}),
    TrialPlan(number=4, target=3, cell={"step": 3.0}, perturb={"at": "move", "after": 0.1, "torque": 1.0}),
)


@pytest.fixture
def corridor():
    """A wall on both sides of the straight line ahead, as a channel has; made of a user's function."""

    @controller("corridor", stiffness="300 N/m", damping="15 N*s/m")
    def corridor(state, reference, dt, *, stiffness, damping):
        way = reference.path
        if way is None:
            return np.zeros(2)
        along = np.array(way.at(0.0).direction)
        across = np.array([-along[1], along[0]])
        off = (state.x - np.array(way.points[0])) @ across
        return state.jacobian.T @ (across * (-stiffness * off - damping * (state.v @ across)))

    yield
    registry._local.pop(("controller", "corridor"))


def plan(*blocks: BlockPlan, **changes) -> Plan:
    numbered = tuple(msgspec.structs.replace(block, number=k) for k, block in enumerate(blocks))
    return Plan(**{"protocol": "Inserts", "version": 1, "device": "planar_arm", "blocks": numbered, **changes})


def told(**changes) -> BlockPlan:
    page = Page(text="Reach as straight as you can", questions=(Question(name="understood"),))
    return BlockPlan(number=0, name="told", exercise="", controller="", trials=0, page=page, **changes)


def field(**changes) -> BlockPlan:
    usual = {
        "number": 0, "name": "field", "exercise": "reach", "exercise_parameters": {"targets": 4, "radius": 0.08},
        "controller": "transparent", "trials": len(TRIALS), "trial_list": TRIALS, "phases": PHASES,
        "redo": Redo(when=("early", "late", "timeout"), most=1), "pause": Break(every=2, least=1.0),
        "dynamics": {"channel": Choice("corridor"), "none": Choice("transparent"), "guide": Choice("impedance")},
    }  # fmt: skip
    return BlockPlan(**{**usual, **changes})


def session(tmp_path: Path, **choices) -> Session:
    return Session("sim:planar_arm", "healthy", seed=3, clock="simulated", out=tmp_path, **choices)


def test_a_plan_with_inserts_runs_as_it_was_written_and_all_of_it_is_in_the_record(tmp_path, corridor):
    with session(tmp_path) as running:
        trials = list(running.run(plan(told(), field())))
    assert [trial.parameters["planned"] for trial in trials if not trial.parameters.get("redo")] == [1, 2, 3, 4]
    recording = Recording.open(running.folder)
    listed = [trial for event in recording.events if event.kind == "trial_list" for trial in event.data["trials"]]
    assert msgspec.convert(listed, tuple[TrialPlan, ...]) == TRIALS
    by = {trial.parameters["planned"]: trial for trial in recording.trials if not trial.parameters.get("redo")}
    assert [by[k].parameters["controller"] for k in (1, 2, 3, 4)] == ["transparent", "corridor", *["transparent"] * 2]
    assert [by[k].parameters["insert"] for k in (1, 2, 3, 4)] == ["", "channel", "catch", ""]
    assert by[3].parameters["cursor"] == {"rotate": 0.5}
    assert by[4].parameters["cell"] == {"step": 3.0}
    assert by[1].parameters["drawn"] == {"hold.for": 0.25}
    assert {trial.parameters["index"] for trial in by.values()} == {0, 1, 2, 3}
    assert all(trial.measures["movement_time"] > 0.0 for trial in by.values())
    assert all({"cue", "go", "move", "dwell"} <= set(trial.phases) for trial in by.values())
    assert [t.measures for t in recording.trials] == [t.measures for t in trials]
    pushed = [e for e in recording.events if e.kind == "phase" and e.data["name"] == "perturb"]
    assert [event.data["torque"] for event in pushed] == [1.0]
    assert [e.data["value"] for e in recording.events if e.kind == "answer"] == [False, True]


def test_no_change_of_dynamics_steps_the_torque_that_is_sent(tmp_path, corridor):
    with session(tmp_path) as running:
        list(running.run(plan(field())))
    recording = Recording.open(running.folder)
    blended = recording.ticks["acted"].astype(int) & Acted.BLEND > 0
    assert blended.sum() > 4 * 190  # a channel, a catch, a rest, a guided return after each trial
    steps = np.abs(np.diff(recording.array("sent"), axis=0)).max(axis=1)
    assert steps[blended[1:]].max() < 0.15  # N·m a tick; the controllers differ by up to some N·m


def test_equal_seeds_give_equal_ticks_with_all_of_that(tmp_path, corridor):
    def ticks(name: str) -> bytes:
        with session(tmp_path / name) as running:
            list(running.run(plan(told(), field(trials=2, trial_list=TRIALS[:2]))))
        recording = Recording.open(running.folder)
        return b"".join(recording.ticks[c].tobytes() for c in recording.ticks if not c.startswith("host_"))

    assert ticks("a") == ticks("b")


def test_questions_are_answered_by_who_was_named_for_it(tmp_path):
    asked = []

    def answers(question: Question):
        asked.append(question.name)
        return {"understood": True}.get(question.name)

    with session(tmp_path, answers=answers) as running:
        list(running.run(plan(told())))
    assert asked == ["understood", "continue"]
    events = Recording.open(running.folder).events
    assert [e.data["value"] for e in events if e.kind == "answer"] == [True, True]


def test_an_answer_that_is_too_much_ends_the_run_and_the_session_says_why(tmp_path):
    asks = Page(questions=(Question(name="pain", kind="number", least=0.0, most=10.0, default=6),), until="answers")
    page = BlockPlan(number=0, name="pain", exercise="", controller="", trials=0, page=asks)
    stop_if = (StopIf(name="pain", sign=">=", value=5.0),)
    with session(tmp_path) as running:
        trials = list(running.run(plan(page, field(trial_list=(), phases=(), dynamics={}), stop_if=stop_if)))
        assert running.ended_because == "pain is 6, and the protocol ends at pain >= 5"
    assert trials == []


def test_a_controller_is_switched_in_the_loop_of_a_script(tmp_path):
    with session(tmp_path) as running:
        done, also = [], [{"impedance": {"stiffness": 150.0}}]
        for trial in running.run("reach", controller="transparent", trials=3, also=also):
            done.append(trial)
            if trial.number == 1:
                running.switch("impedance")
                running.set("stiffness", 180.0)
                running.set("home_dwell", "200 ms")
    assert [trial.parameters["controller"] for trial in done] == ["transparent", "impedance", "impedance"]
    assert done[-1].parameters["stiffness"] == 180.0
    assert done[-1].parameters["home_dwell"] == 0.2


def test_what_is_wrong_with_a_controller_to_switch_to_is_told_before_anything_moves(tmp_path):
    with session(tmp_path) as running, pytest.raises(Findings) as refused:
        running.prepare("reach", controller="transparent", also=["impedanze", {"impedance": {"stiffnes": "1 N/m"}}])
    assert [finding.field for finding in refused.value.findings] == ["also.impedanze", "also.impedance.stiffnes"]


def test_trials_that_will_be_done_again_are_added_to_what_is_planned(tmp_path, corridor):
    move = Phase("move", {"timeout": 0.3})
    block = field(trials=1, trial_list=TRIALS[:1], phases=(PHASES[0], move, PHASES[-1]), pause=None)
    with session(tmp_path) as running:
        trials = list(running.run(plan(block)))
        assert running.trials_planned == len(trials) == 2
    assert [trial.parameters.get("redo", False) for trial in trials] == [True, False]
