"""After a spasm in real time: supervisor, control, recorder and an emulator with a limb in it."""

from __future__ import annotations

import pytest

from rehab import Recording, Session
from rehab.core.errors import SafetyStop
from rehab.core.types import Outcome
from rehab.record.adverse import adverse_events

pytestmark = pytest.mark.e2e
SPASM = "faults:\n  - {at: 4 s, for: 120 ms, field: patient, how: spasm, value: 20 N*m}\n"


def test_a_spasm_is_followed_by_the_way_out_and_then_by_the_trials_that_are_left(tmp_path):
    (tmp_path / "spasm.yaml").write_text(SPASM)
    session = Session("emulator:planar_arm", "passive", seed=1, out=tmp_path / "out", faults=tmp_path / "spasm.yaml")
    with session:
        before = []
        with pytest.raises(SafetyStop):
            before += session.run("reach", controller="impedance", trials=4)
        assert session.spasm
        session.get_out(within=60.0)
        assert list(session.run_on()) == []
        session.resume_gentler(within=60.0)
        after = list(session.run_on())
    assert session.problem == ""
    recording = Recording.open(session.folder)
    assert [trial.number for trial in recording.trials] == [1, 2, 3, 4]
    assert after[-1].outcome is Outcome.REACHED
    (way,) = [event.data for event in recording.events if event.kind == "way_end"]
    assert way["arrived"]
    commands = [event.data["name"] for event in recording.events if event.kind == "command"]
    assert commands == ["prepare", "arm", "start", "get_out", "go_on", "end"]
    (note,) = adverse_events(recording.events)
    assert "it arrived and was let go, then went on with 70% of force and speed (by script)" in note["next"]
