"""Plans with inserts, pages and switching, over real processes and a real terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time

import numpy as np
import pytest

from rehab import Recording, Session, controller
from rehab.core import registry
from rehab.core.trials import Choice, Page, Phase, Question, TrialPlan
from rehab.core.values import Acted
from rehab.protocol.plan import BlockPlan, Plan
from tests.e2e.conftest import BOUND, REHAB, session_folder

pytestmark = pytest.mark.e2e

PHASES = (Phase("hold", {"for": 0.2}), Phase("move", {"timeout": 3.0}), Phase("return", {"in": 0.8}))
TRIALS = tuple(TrialPlan(number=k + 1, target=k % 4, dynamics="field" if k == 1 else "") for k in range(3))


def test_a_scripts_own_controller_acts_in_the_trials_that_name_it_and_pages_wait_for_answers(tmp_path):
    @controller("drag", viscosity="5 N*s/m")
    def drag(state, reference, dt, *, viscosity):
        return state.jacobian.T @ (-viscosity * state.v)

    page = Page(text="Ready?", questions=(Question(name="ready"),))
    plan = Plan(
        protocol="Inserts", version=1, device="planar_arm",
        blocks=(
            BlockPlan(number=0, name="told", exercise="", controller="", trials=0, page=page),
            BlockPlan(number=1, name="field", exercise="reach", exercise_parameters={"targets": 4}, trials=3,
                      controller="transparent", trial_list=TRIALS, phases=PHASES, dynamics={"field": Choice("drag")}),
        ),
    )  # fmt: skip
    try:
        with Session("sim:planar_arm", "healthy", seed=3, out=tmp_path / "out") as session:
            session.prepare(plan)
            session.arm()
            for _ in session.follow(plan):
                if session.question is not None:
                    session.answer(session.question.name, True)
    finally:
        registry._local.pop(("controller", "drag"))
    recording = Recording.open(session.folder)
    assert [t.parameters["controller"] for t in recording.trials] == ["transparent", "drag", "transparent"]
    assert [(e.data["name"], e.data["value"]) for e in recording.events if e.kind == "answer"] == [
        ("ready", True), ("continue", True),
    ]  # fmt: skip
    blended = recording.ticks["acted"].astype(int) & Acted.BLEND > 0
    assert blended.any()
    assert np.abs(np.diff(recording.array("sent"), axis=0))[blended[1:]].max() < 0.3


def test_a_therapist_types_the_name_of_a_controller_and_the_session_goes_on_under_it(tmp_path):
    ours, theirs = pty.openpty()
    words = [*REHAB, "run", "reach_active", "--patient", "healthy", "--seed", "3", "--out", str(tmp_path / "out"),
             "--also", "impedance"]  # fmt: skip
    environment = {**os.environ, "TERM": "dumb"}
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        _until(ours, b"trial 1 ")
        os.write(ours, b"impedance\npain 3\n")
        _until(ours, b"trial 3 ")
        process.send_signal(2)
        _until(ours, b"arm was stopped")
        while process.poll() is None:
            _read(ours)
    os.close(ours)
    recording = Recording.open(session_folder(tmp_path / "out"))
    commands = [e.data for e in recording.events if e.kind == "command" and e.data["name"] == "switch"]
    assert commands == [{"name": "switch", "by": "rehab run", "controller": "impedance"}]
    assert [(e.data["name"], e.data["value"]) for e in recording.events if e.kind == "answer"] == [("pain", 3.0)]
    assert [t.parameters["controller"] for t in recording.trials[:3]][::2] == ["transparent", "impedance"]


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536) if select.select([terminal], [], [], 0.2)[0] else b""
    except OSError:  # the other end is closed
        return b""


def _until(terminal: int, words: bytes) -> None:
    seen, end = b"", time.monotonic() + BOUND
    while words not in seen:
        assert time.monotonic() < end, seen.decode(errors="replace")
        seen += _read(terminal)
