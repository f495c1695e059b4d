"""The three studies of the design, with fewer trials and nothing else changed, run whole with the real plug-ins."""

from __future__ import annotations

from math import hypot
from pathlib import Path

import pytest

from exercises.attempt import Attempt
from rehab.cli.main import main
from rehab.core.errors import BadInput
from rehab.core.trials import Phase, TrialPlan
from rehab.core.types import Outcome
from rehab.protocol.load import load_protocol, ready_protocols
from rehab.session.session import Session
from sim.models import load
from tests.canon.experiments import recorded

EXAMPLES = Path(__file__).parents[1] / "protocol" / "examples"
STUDIES = ("study_force_field", "study_rotation", "study_reflex")
FEWER = {
    "targets: 8": "targets: 2", "each_target: 10}": "each_target: 1}", "each_target: 24": "each_target: 6",
    "per_target: 3": "per_target: 1", "each_target: 20": "each_target: 2", "each_target: 5": "each_target: 1",
    "each_cell: 20": "each_cell: 1", "least: 60 s": "least: 100 ms",
}  # fmt: skip


def test_the_studies_that_ship_are_written_as_in_the_design() -> None:
    lines = (EXAMPLES / "full.yaml").read_text().splitlines()
    shipped = {line for study in STUDIES for line in ready_protocols()[study].read_text().splitlines()}
    assert [line for line in lines if line not in shipped] == []


def test_in_short_they_run_to_the_end_of_every_block_and_every_phase_is_stamped(tmp_path: Path) -> None:
    text = (EXAMPLES / "full.yaml").read_text()
    for whole, few in FEWER.items():
        assert whole in text
        text = text.replace(whole, few)
    (tmp_path / "full.yaml").write_text(text)
    (tmp_path / "strategy.md").write_text((EXAMPLES / "strategy.md").read_text())
    with Session("sim:planar_arm", "learner", seed=7, clock="simulated", out=tmp_path / "out") as session:
        plan = session.plan(tmp_path / "full.yaml").realise(7)
        for _ in session.run(tmp_path / "full.yaml"):
            pass
    trials = recorded(session.folder).trials
    done = [trial for trial in trials if not trial.parameters.get("redo")]
    wanted = [(block.name, number + 1) for block in plan.blocks for number in range(block.trials)]
    assert sorted((t.block, t.parameters["planned"]) for t in done) == sorted(wanted)
    assert {"channel", "catch"} <= {trial.parameters["insert"] for trial in done}
    assert all(trial.outcome is Outcome.REACHED for trial in done if trial.block in ("base", "reflex"))
    # at first 1.5 s do not suffice to mend 30 degrees; judged by the hand no trial would ever be reached
    assert sum(trial.outcome is Outcome.REACHED for trial in done if trial.block == "rotate") >= 2
    for trial in done:
        if trial.outcome is Outcome.REACHED and trial.block != "reflex":
            assert {"cue", "go", "move", "dwell"} <= set(trial.phases)
    assert all("perturb" in trial.phases for trial in done if trial.block == "reflex")


def test_a_factor_that_is_crossed_needs_no_second_target() -> None:
    info = load("planar_arm")
    plan = load_protocol("study_reflex").plan(info, info.limits())
    assert plan.blocks[0].trials == 160


@pytest.mark.parametrize(
    ("cursor", "there"),
    [
        ({}, (0.1, 0.0)), ({"rotate": 0.5}, (0.0878, -0.0479)), ({"clamp": 0.5}, (0.1, 0.0)),
        ({"scale": 2.0}, (0.05, 0.0)),
    ],
)
def test_what_is_brought_to_the_target_is_the_cursor_unless_it_is_clamped(
    cursor: dict[str, float], there: tuple[float, float]
) -> None:
    plan = TrialPlan(number=1, target=0, cursor=cursor)
    trial = Attempt(plan, (Phase("move"),), (0.0, 0.0), (0.1, 0.0), 0.01, None)  # type: ignore[arg-type]
    x, y = trial.judged(there)
    assert hypot(x - 0.1, y) < 1e-3


def test_a_protocol_that_has_an_exercises_name_is_what_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = []

    def prepare(self: Session, what: object, **choices: object) -> None:
        asked.append(what)
        raise BadInput("only to see what was asked for")

    monkeypatch.setattr(Session, "prepare", prepare)
    assert main(["run", "spasticity", "--seed", "7", "--fast", "--yes", "--out", str(tmp_path)]) == 2
    assert asked == [ready_protocols()["spasticity"]]
