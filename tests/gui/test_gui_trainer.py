"""Practice: an incident comes, the first act is timed, and the trainee sees how it went."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.opening import new_run
from gui.viewmodels.incidents import EARLIEST, INCIDENTS, LATEST, drawn
from gui.viewmodels.practice import Trainer, Watch, practice_plan
from rehab.clinic.clinic import Clinic
from rehab.clinic.records import PracticeTry
from rehab.realtime.ring import RingEvent
from sim.faults import read_faults
from sim.models import load
from tests.gui.day import Office, clinic, demo_store, office  # noqa: F401
from tests.gui.test_gui_day_real import moves

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


# the model, without a window -----------------------------------------------------------------------------------------


def injected(t: float) -> RingEvent:
    return RingEvent("injected", round(1000 * t), t, {"field": "patient", "how": "spasm"})


@given(came=st.floats(0.0, 1e4), after=st.floats(0.0, 60.0), act=st.sampled_from(sorted(INCIDENTS["spasm"].acts)))
def test_the_reaction_is_the_time_from_the_incident_to_the_first_act(came: float, after: float, act: str) -> None:
    watch = Watch(INCIDENTS["spasm"])
    watch.acted("pause", came - 1.0)  # before it came: no reaction
    watch.hear(injected(came))
    watch.acted(act, came + after)
    watch.acted("on", came + after + 0.5)  # the first counts
    assert watch.reaction == pytest.approx(after, abs=1e-6)
    assert (watch.act, watch.right) == (act, True)


def test_to_go_on_as_if_nothing_had_happened_is_never_the_right_act() -> None:
    for incident in INCIDENTS.values():
        watch = Watch(incident)
        watch.hear(injected(1.0))
        watch.acted("on", 2.0)
        assert not watch.right and watch.reaction == 1.0


def test_nothing_done_is_no_reaction() -> None:
    watch = Watch(INCIDENTS["cable"])
    watch.acted("stop", 3.0)
    assert watch.reaction is None and watch.act == "" and not watch.right


@pytest.mark.parametrize("name", INCIDENTS)
def test_every_incident_is_a_sound_fault_script_for_an_arm_with_somebody_at_it(name: str) -> None:
    script = read_faults(INCIDENTS[name].script(6.25))
    script.fit(load("planar_arm"), patient=True, wire=False)
    assert {entry.start for entry in script.entries} == {6.25}


def test_any_incident_may_be_drawn_and_comes_within_its_time() -> None:
    found = [drawn("", Random(seed)) for seed in range(200)]
    assert {incident.name for incident, _ in found} == set(INCIDENTS)
    assert all(EARLIEST <= at <= LATEST for _, at in found)
    assert drawn("cable", Random(1))[0] is INCIDENTS["cable"]


def test_the_plan_is_one_that_a_therapist_could_have_made() -> None:
    plan = practice_plan("reach", load("planar_arm"))
    assert [block.exercise for block in plan.blocks] == ["reach"] and plan.findings == ()


def test_progress_compares_the_first_right_reactions_with_the_last() -> None:
    trainer = Trainer.__new__(Trainer)
    right = {"virtual": "stroke", "exercise": "reach", "incident": "spasm", "act": "stop", "right": True}
    wrong = PracticeTry(**{**right, "right": False}, reaction=0.1)
    times = [3.0, 2.5, 2.8, 2.0, 2.2, 1.9, 1.2, 1.4, 1.0, 1.3]  # oldest first; medians 2.5 and 1.3
    trainer.tries = (wrong, *(PracticeTry(**right, reaction=t) for t in reversed(times)))
    assert trainer.medians == (2.5, 1.3)
    assert trainer.right == (10, 11) and trainer.best("spasm") == 1.0
    trainer.tries = trainer.tries[:-1]
    assert trainer.medians is None


# the windows, their sessions played ----------------------------------------------------------------------------------


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


def begun(app: Office, incident: str) -> Any:
    """Chosen and begun by hand; the arm moves. The training model."""
    page = app.go("trainer")
    app.wait(lambda: page.begin.isEnabled())
    page.incident.setCurrentIndex(page.incident.findData(incident))
    app.click(page.begin)
    app.wait(lambda: app.place == "train" and app.desk.run.training is not None and app.desk.run.training.can_start)
    app.wait(lambda: app.page.training is not None)
    app.click(app.page.training.controls.start)
    training = app.desk.run.training
    app.wait(lambda: training.state == "running")
    return training


def test_a_spasm_is_answered_with_stop_and_the_time_is_kept(app: Office) -> None:
    acting = app.signed_in()
    app.trials = 20
    begun(app, "spasm")
    practice, session = app.desk.practice, app.sessions[0]
    assert practice is not None and app.requests[0].practice and "spasm" in app.requests[0].faults.read_text()
    assert "virtual patient" in app.page.practice.words.text() and app.page.practice.isVisible()
    assert not app.page.practice.result.isVisible()
    session.event("injected", field="patient", how="spasm")
    app.wait(lambda: practice.watch.came is not None)
    app.click(app.page.training.controls.stop)
    app.wait(lambda: app.page.practice.result.isVisible())
    app.click(app.page.practice.result)
    app.wait(lambda: app.place == "trainer")
    app.settle()
    (tried,) = acting.practice.list()
    assert (tried.incident, tried.act, tried.right) == ("spasm", "stop", True)
    assert tried.reaction == practice.watch.reaction and tried.reaction is not None
    assert app.page.verdict.text() == "That was right"
    assert "cramped" in app.page.happened.text() and "pressed STOP" in app.page.did.text()
    assert app.page.table.rowCount() == 1
    assert not app.requests[0].faults.exists(), "the recording of a practice is nobody's, and goes"


def test_nothing_goes_into_a_chart(app: Office) -> None:
    acting = app.signed_in()
    before = {line.patient: len(acting.sessions.list(line.patient)) for line in acting.patients.search(mine=True)}
    begun(app, "lets_go")
    assert app.desk.visit is None and app.requests[0].person is None
    app.desk.run.end()
    app.wait(lambda: app.place == "trainer")
    app.settle()
    assert before == {code: len(acting.sessions.list(code)) for code in before}
    assert acting.practice.list() == ()  # no incident had come
    assert app.page.verdict.text() == "The session ended before an incident came"


def test_to_clear_a_fault_that_has_to_cool_down_is_not_right(app: Office) -> None:
    acting = app.signed_in()
    training = begun(app, "hot")
    app.sessions[0].event("injected", field="status", how="wrong")
    app.wait(lambda: app.desk.practice.watch.came is not None)
    training._state = "faulted"
    training.reset()
    app.desk.practice.finish()
    app.wait(lambda: app.place == "trainer")
    app.settle()
    (tried,) = acting.practice.list()
    assert (tried.act, tried.right) == ("reset", False)
    assert app.page.verdict.text() == "Not the right thing first"


def test_while_a_session_is_open_no_other_is_begun(app: Office) -> None:
    app.signed_in()
    begun(app, "cable")
    page = app.go("trainer")
    app.shell.frame()
    assert not page.begin.isEnabled() and page.why_not.isVisible()


# the real simulated session ------------------------------------------------------------------------------------------


@pytest.fixture
def real(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    monkeypatch.setenv("REHAB_SELF_TEST", "0.5")
    yield from office(qtbot, clinic, tmp_path, monkeypatch, new_run=new_run)


@pytest.mark.e2e
@pytest.mark.parametrize(("name", "state"), [("estop", "faulted"), ("cable", "faulted"), ("lets_go", "running")])
def test_a_real_incident_is_seen_answered_and_timed(
    real: Office, name: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.viewmodels.incidents.EARLIEST", 1.0)
    monkeypatch.setattr("gui.viewmodels.incidents.LATEST", 1.5)
    acting = real.signed_in()
    page = real.go("trainer")
    real.wait(lambda: page.begin.isEnabled())
    page.incident.setCurrentIndex(page.incident.findData(name))
    real.click(page.begin)
    real.wait(lambda: real.desk.run is not None and real.desk.run.training is not None)
    training = real.desk.run.training
    real.wait(lambda: real.page.training is not None and training.can_start)
    real.click(real.page.training.controls.start)
    practice = real.desk.practice
    real.wait(lambda: practice.watch.came is not None or (moves(training) and False))
    real.wait(lambda: training.state == state)
    real.click(real.page.training.controls.stop)
    real.wait(lambda: practice.can_finish and not training.worker.busy)
    real.click(real.page.practice.result)
    real.wait(lambda: real.place == "trainer")
    real.settle()
    (tried,) = acting.practice.list()
    assert (tried.incident, tried.act, tried.right) == (name, "stop", True)
    assert 0.0 < tried.reaction < 20.0
