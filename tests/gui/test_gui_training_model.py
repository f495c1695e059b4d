"""What the window shows, without a window: the view model against a session that plays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gui.viewmodels.training import LOST, TrainingModel
from gui.viewmodels.words import Priority
from gui.viewmodels.worker import Worker
from rehab.core.clock import ManualClock
from rehab.core.device import JointInfo, LinkInfo
from rehab.core.values import Acted
from rehab.realtime.health import Level
from tests.gui.fake_session import FakeSession
from tests.gui.helpers import settle


@pytest.fixture
def model(fake: FakeSession, worker: Worker, clock: ManualClock) -> TrainingModel:
    return TrainingModel(fake, "reach_demo", worker, clock=clock)


def run(model: TrainingModel) -> TrainingModel:
    model.prepare()
    settle(model)
    model.start()
    settle(model)
    assert model.state == "running"
    return model


def test_view_models_do_not_import_qt() -> None:
    code = (
        "import sys, gui.viewmodels.training, gui.viewmodels.run, gui.viewmodels.start, gui.command, rehab.cli.live\n"
        "assert not [m for m in sys.modules if m.split('.')[0] in ('PySide6', 'pyqtgraph', 'shiboken6')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize(
    ("after", "enabled"),
    [
        ([], {"start", "stop"}),
        (["prepare"], {"start", "stop"}),
        (["prepare", "arm"], {"start", "stop"}),
        (["prepare", "arm", "start"], {"pause", "stop"}),
        (["prepare", "arm", "start", "pause"], {"resume", "stop"}),
        (["prepare", "arm", "start", "stop"], {"start", "stop"}),
    ],
)
def test_the_state_decides_which_buttons_are_enabled(
    model: TrainingModel, fake: FakeSession, after: list[str], enabled: set[str]
) -> None:
    for command in after:
        getattr(fake, command)(*(["reach_demo"] if command == "prepare" else []))
    model.refresh()
    can = {"start": model.can_start, "pause": model.can_pause, "resume": model.can_resume, "stop": model.can_stop}
    assert {name for name, allowed in can.items() if allowed} == enabled


def test_a_fault_leaves_only_stop_and_reset(model: TrainingModel, fake: FakeSession) -> None:
    run(model)
    fake.fail(6, "F06 no fresh samples", "the newest is old", "RAMP_OFF", "check the cable")
    model.refresh()
    assert (model.can_start, model.can_pause, model.can_resume, model.can_stop) == (False, False, False, True)
    message = model.messages[0]
    assert (message.priority, message.title, message.action) == (Priority.HIGH, "F06 no fresh samples", "reset")
    assert message.text == "The newest is old. Check the cable"


def test_a_fault_whose_event_was_missed_is_named_from_the_tick(model: TrainingModel, fake: FakeSession) -> None:
    run(model)
    fake.fail(6, "F06 no fresh samples", "", "RAMP_OFF", "")
    fake.poll()
    model.refresh()
    assert model.messages[0].title == "F06 no fresh samples"


def test_on_hardware_arming_is_a_press_of_its_own(tmp_path: Path, worker: Worker, fake: FakeSession) -> None:
    import msgspec

    hardware = FakeSession(tmp_path, info=msgspec.structs.replace(fake.info, simulated=False))
    model = TrainingModel(hardware, "reach_demo", worker)
    model.prepare()
    settle(model)
    assert model.start_label == "Arm"
    model.start()
    settle(model)
    assert hardware.asked == ["prepare", "arm"]
    assert model.start_label == "Start"
    model.start()
    settle(model)
    assert hardware.asked == ["prepare", "arm", "start"]


def test_a_stop_between_arming_and_starting_prevents_the_start(model: TrainingModel, fake: FakeSession) -> None:
    model.prepare()
    settle(model)
    fake.hold("arm")
    model.start()
    fake.reached("arm")
    model.stop()
    fake.go_on()
    settle(model)
    assert fake.asked == ["prepare", "arm", "stop"]
    assert model.state == "stopped"


def test_the_counter_progress_and_time_left_follow_the_trials(model: TrainingModel, fake: FakeSession) -> None:
    run(model)
    assert model.counter == "Trial 1 of 16"
    assert model.left == ""  # nobody knows after no trial
    fake.advance(10.0)
    model.refresh()
    assert model.counter == "Trial 6 of 16"
    assert model.progress == pytest.approx(5 / 16)
    assert model.left == "about 20 s left"
    assert model.last_trial == (
        "Trial 5: time was up, 1.0 s, peak 23 cm/s", "Trial 5: time was up, 1.0 s", "Trial 5: time was up"
    )  # fmt: skip


def test_the_run_is_over_when_all_trials_are_done(model: TrainingModel, fake: FakeSession) -> None:
    run(model)
    fake.advance(31.0)
    model.refresh()
    assert not model.over
    fake.advance(2.0)
    model.refresh()
    assert model.over
    assert model.resting
    assert len(fake.trials) == 16


def test_a_stop_from_elsewhere_is_not_taken_for_the_end(model: TrainingModel, fake: FakeSession) -> None:
    run(model)
    fake.advance(4.5)
    fake.stop()
    model.refresh()
    assert (model.state, model.over) == ("stopped", False)


def test_after_a_stop_start_goes_on_with_the_next_trial(model: TrainingModel, fake: FakeSession) -> None:
    run(model)
    fake.advance(4.5)
    model.stop()
    settle(model)
    assert (model.state, model.can_start, model.start_label) == ("stopped", True, "Go on")
    model.start()
    settle(model)
    assert fake.asked[-1] == "resume_after_fault"
    assert model.total == 16


def test_after_a_stop_the_plan_may_begin_anew_and_its_trials_are_added(model: TrainingModel, fake: FakeSession) -> None:
    run(model)
    fake.advance(4.5)
    model.stop()
    settle(model)
    model.begin_anew()
    settle(model)
    assert fake.asked[-3:] == ["prepare", "arm", "start"]
    assert model.total == 2 + 16


def test_health_says_rate_age_and_lateness_in_words(model: TrainingModel, fake: FakeSession) -> None:
    model.refresh()
    fake.advance(1.2)
    model.refresh()
    assert model.health.device == (Level.GOOD, "device: 1 kHz, age 0.6 ms")
    assert model.health.timing == (Level.GOOD, "timing: 0 % late")


def test_what_limited_the_torque_is_named_and_stays_to_be_read(model: TrainingModel, fake: FakeSession) -> None:
    model.refresh()
    fake.overrides = {"acted": float(Acted.GROWTH | Acted.SATURATION), "sent_1": -12.0}
    fake.advance(0.01)
    fake.overrides = {}
    model.refresh()
    growth, force = "elbow growth 800 N·m/s", "force 40 N"
    assert model.health.limited == f"12.0 N·m sent · {growth}: limited by planar_arm · {force}: limited by built-in"
    fake.advance(0.9)
    model.refresh()
    assert model.health.limited != ""
    fake.advance(0.2)
    model.refresh()
    assert model.health.limited == ""


def test_a_loop_that_falls_silent_is_warned_of_then_lost(
    model: TrainingModel, fake: FakeSession, clock: ManualClock
) -> None:
    run(model)
    clock.advance(1.0)
    model.refresh()
    assert model.messages[0].title == "The control loop is silent"
    assert model.state == "running"
    clock.advance(LOST)
    model.refresh()
    assert model.state == "lost"
    assert model.messages[0].priority is Priority.HIGH
    assert model.can_stop


def test_a_loop_that_loads_a_plan_for_seconds_is_neither_silent_nor_lost(
    model: TrainingModel, fake: FakeSession, clock: ManualClock
) -> None:
    model.refresh()
    clock.advance(4.0 * LOST)
    model.refresh()
    assert (model.state, model.messages) == ("idle", [])
    clock.advance(2.0 * LOST)
    model.refresh()
    assert model.state == "lost"


def test_ticks_that_come_again_find_a_session_that_was_taken_for_lost(
    model: TrainingModel, fake: FakeSession, clock: ManualClock
) -> None:
    run(model)
    clock.advance(1.5 * LOST)
    model.refresh()
    assert model.state == "lost"
    fake.advance(0.01)
    model.refresh()
    assert model.state == "running" and model.messages == []


def test_a_session_that_raises_is_lost_and_never_raises_into_the_window(
    model: TrainingModel, fake: FakeSession
) -> None:
    run(model)
    fake.look = lambda: 1 / 0  # type: ignore[method-assign,return-value,assignment]
    model.refresh()
    assert model.state == "lost"
    assert "division by zero" in model.messages[0].text


def test_a_look_that_fails_once_is_no_lost_session(model: TrainingModel, fake: FakeSession, clock: ManualClock) -> None:
    """The loop may be held up while it writes the snapshot: then there is nothing consistent to see just now."""
    run(model)
    look, fake.look = fake.look, lambda: None  # type: ignore[method-assign,assignment]
    model.refresh()
    assert model.state == "running"
    clock.advance(1.5 * LOST)
    model.refresh()
    assert model.state == "lost" and "snapshot is gone" in model.messages[0].text.lower()
    fake.look = look  # type: ignore[method-assign]


def test_the_picture_is_of_the_arm_as_it_is(model: TrainingModel, fake: FakeSession) -> None:
    run(model)
    fake.advance(0.6)
    model.refresh()
    picture = model.picture
    assert picture is not None
    assert picture.arm[0] == (0.0, 0.0)
    assert picture.hand == pytest.approx(fake._x)
    assert picture.cursor == pytest.approx(fake._x)
    assert picture.speed == pytest.approx(np.hypot(*[model.traces.column(2)[-1], model.traces.column(3)[-1]]))
    assert model.trail()[-1] == pytest.approx(fake._x)


def test_the_traced_force_is_that_of_the_torque_sent(model: TrainingModel, fake: FakeSession) -> None:
    run(model)
    fake.advance(0.4)  # half way: the fake's robot pushes with 9 N, 0.4 rad off the way to the right
    model.refresh()
    x, y = (column[-1] for column in model.columns()[4:])
    assert (x, y) == pytest.approx((9.0 * np.cos(0.4), 9.0 * np.sin(0.4)), rel=0.02)


def test_a_single_joint_is_shown_along_its_arc(tmp_path: Path, worker: Worker, fake: FakeSession) -> None:
    import msgspec

    joint = JointInfo(
        name="wrist", q_min=-1.0, q_max=1.0, speed=6.0, torque=5.0, growth=200.0, damping=0.1, yield_damping=0.2
    )
    info = msgspec.structs.replace(
        fake.info, kinematics="single_joint", joints=(joint,), home=(0.0,),
        links=(LinkInfo(length=0.2, mass=0.5, centre=0.1, inertia=0.001),),
    )  # fmt: skip
    session = FakeSession(tmp_path, info=info)
    model = run(TrainingModel(session, "reach_demo", worker))
    session.advance(0.9)
    model.refresh()
    assert model.picture is not None
    assert len(model.columns()) == 3
    assert model.picture.spots[0].at == pytest.approx((0.2 * np.cos(0.4), -0.2 * np.sin(0.4)))
