"""What a therapist does while training, without a window: help, work, notes, after a fault, parking, alarms."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gui import i18n
from gui.viewmodels.after import After
from gui.viewmodels.alarms import PAUSE, Alarms
from gui.viewmodels.effort import Effort
from gui.viewmodels.room import room_words
from gui.viewmodels.run import Request, SessionRun, Stage
from gui.viewmodels.training import TrainingModel
from gui.viewmodels.words import Message, Priority
from gui.viewmodels.worker import Worker
from rehab.core.clock import ManualClock
from rehab.core.device import SafeStop
from rehab.core.safety.faults import Fault
from rehab.core.trials import Question
from rehab.core.types import Outcome, Trial
from sim.models import load
from tests.gui.fake_session import FakeSession
from tests.gui.helpers import settle, wait_until

LIMITS = {"force": 40.0, "speed": 1.0, "torque": [], "joint_speed": []}
SPASM = {
    "number": 1, "id": 24, "name": "F24 spasm", "t": 1.0, "tick": 1, "block": "reaching", "trial": 2, "joint": 2,
    "torque": -9.1, "message": "", "limits": LIMITS, "who": {}, "next": "",
}  # fmt: skip


@pytest.fixture
def model(fake: FakeSession, worker: Worker, clock: ManualClock) -> TrainingModel:
    made = TrainingModel(fake, "reach_demo", worker, clock=clock)
    made.prepare()
    settle(made)
    made.start()
    settle(made)
    assert made.state == "running"
    return made


def spasm(model: TrainingModel, fake: FakeSession, **more: Any) -> None:
    fake.fail(24, "F24 spasm", "joint 2: 9.1 N·m", "YIELD", "let the spasm pass, then reset; go on gently")
    fake.event("adverse_event", **{**SPASM, **more})
    model.refresh()


# the robot's help ----------------------------------------------------------------------------------------------------


def test_easier_gives_more_help_and_harder_less(model: TrainingModel, fake: FakeSession) -> None:
    assert model.tuning.help == 60.0
    model.tuning.easier()
    model.refresh()
    settle(model)
    assert fake.settings == {"assistance": 70.0}
    model.tuning.harder()
    model.tuning.harder()
    model.refresh()
    settle(model)
    assert fake.settings == {"assistance": 50.0}


def test_help_stays_between_nothing_and_all(model: TrainingModel, fake: FakeSession) -> None:
    for _ in range(9):
        model.tuning.easier()
    assert model.tuning.help == 100.0
    for _ in range(20):
        model.tuning.harder()
    assert model.tuning.help == 0.0


def test_help_chosen_before_the_start_is_given_at_the_start(fake: FakeSession, worker: Worker) -> None:
    made = TrainingModel(fake, "reach_demo", worker)
    made.prepare()
    settle(made)
    made.tuning.easier()
    made.refresh()
    settle(made)
    assert fake.settings == {}
    made.start()
    settle(made)
    settle(made)
    assert fake.settings == {"assistance": 70.0}


def test_a_change_from_elsewhere_is_shown(model: TrainingModel, fake: FakeSession) -> None:
    fake.event("command", name="set", by="script", parameter="assistance", value=35.0)
    model.refresh()
    assert model.tuning.help == 35.0


def test_a_parameter_out_of_its_range_is_refused_with_what_is_allowed(model: TrainingModel) -> None:
    words = model.tuning.change("stiffness", "9 kN/m")
    assert "too large" in words
    assert "0 N/m to 3 kN/m" in words
    assert model.tuning.fields["stiffness"].value == 200.0


def test_a_change_that_the_session_refuses_is_taken_back_and_said(model: TrainingModel, fake: FakeSession) -> None:
    fake.refuse["set"] = "F36 too stiff for this device"
    assert model.tuning.change("stiffness", "2 kN/m") == ""
    model.refresh()
    settle(model)
    assert model.tuning.fields["stiffness"].value == 200.0
    assert model.messages[0].text == "F36 too stiff for this device"


# the work ------------------------------------------------------------------------------------------------------------


def trials(shares: list[float]) -> list[Trial]:
    return [
        Trial(
            k + 1, "reaching", 2.0 * k, 2.0 * k + 1, 0, 1, Outcome.REACHED,
            {"assistance_share": share, "movement_time": 1.0 + 0.01 * (k % 2)}, {"assistance": 60.0},
        )
        for k, share in enumerate(shares)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.41, "The patient does about 60% of the work"), (0.99, "The robot does nearly all of the work"),
        (0.02, "The patient does nearly all of the work"),
    ],
)  # fmt: skip
def test_the_work_is_shared_in_words(share: float, words: str) -> None:
    effort = Effort()
    assert "after the first trial" in effort.words
    effort.feed(trials([share] * 3))
    assert effort.words == words


def test_a_share_that_rises_while_the_movement_stays_is_said_kindly() -> None:
    effort = Effort()
    effort.feed(trials([0.2 + 0.03 * k for k in range(12)]))
    assert "A little less help" in effort.trend
    effort.feed(trials([0.8 - 0.03 * k for k in range(13)]))
    assert "Well done" in effort.trend


# notes, questions ----------------------------------------------------------------------------------------------------


def test_notes_and_marks_go_into_the_record(model: TrainingModel, fake: FakeSession) -> None:
    model.bedside.note(("pain",))
    model.bedside.note((), "  ")  # nothing
    model.bedside.mark()
    settle(model)
    assert fake.notes == [(("pain",), "")]
    assert model.bedside.kept == 2


def test_a_trial_is_skipped_only_while_it_runs(model: TrainingModel, fake: FakeSession) -> None:
    assert model.bedside.can_skip(model.state, model.exercise, model.in_trial)
    assert not model.bedside.can_skip(model.state, model.exercise, in_trial=False)
    assert not model.bedside.can_skip("faulted", model.exercise, in_trial=True)


def test_repeat_waits_until_the_trial_has_begun_again(model: TrainingModel, fake: FakeSession) -> None:
    assert model.bedside.can_repeat(model.state, model.exercise)
    model.bedside.repeat()
    settle(model)
    assert not model.bedside.can_repeat(model.state, model.exercise)
    fake.event("trial_start", number=2)
    model.refresh()
    assert model.bedside.can_repeat(model.state, model.exercise)


def test_an_exercise_that_cannot_repeat_is_not_asked_to(model: TrainingModel) -> None:
    assert not model.bedside.can_repeat("running", "passive_motion")
    assert model.bedside.can_skip("running", "passive_motion", in_trial=True)


def test_a_question_is_open_until_it_is_answered(model: TrainingModel, fake: FakeSession) -> None:
    question = Question(name="pain", kind="number", least=0.0, most=10.0)
    fake.question = question
    assert model.bedside.question is question
    model.bedside.answer(question, 3.0)
    settle(model)
    assert fake.notes == [("pain", 3.0)]
    assert model.bedside.question is None


# after a fault -------------------------------------------------------------------------------------------------------


def test_a_spasm_offers_its_ways_and_a_note(model: TrainingModel, fake: FakeSession) -> None:
    spasm(model, fake)
    assert model.after.kind == "spasm"
    note = model.after.note_text("Maria Rossi")
    for words in ("Maria Rossi", "Spasm no. 1", "trial 2", "joint 2", "9.1", "40"):
        assert words in note
    assert model.messages[0].action == ""  # the ways reset by themselves


def test_an_act_waits_for_a_quiet_limb_and_is_tried_again(
    model: TrainingModel, fake: FakeSession, clock: ManualClock
) -> None:
    spasm(model, fake)
    fake.refuse["resume_gentler"] = "the limb still pulls with 8.0 N·m"
    model.act("gentler")
    model.refresh()
    settle(model)
    assert (model.after.wanted, model.messages[-1].text) == ("gentler", "the limb still pulls with 8.0 N·m")
    fake.refuse.clear()
    clock.advance(0.5)
    fake.advance(0.001)
    model.refresh()
    settle(model)
    assert (model.state, model.after.kind, model.after.wanted) == ("running", "", "")


def test_stop_forgets_an_act_that_waits(model: TrainingModel, fake: FakeSession, clock: ManualClock) -> None:
    spasm(model, fake)
    fake.refuse["get_out"] = "the hand still moves"
    model.act("out")
    model.refresh()
    settle(model)
    model.stop()
    clock.advance(1.0)
    fake.refuse.clear()
    settle(model)
    assert model.after.wanted == ""
    assert "get_out" in fake.asked
    assert fake.asked[-1] == "stop"


def test_on_hardware_the_press_resets_and_arms_first(tmp_path: Path, worker: Worker, fake: FakeSession) -> None:
    hardware = FakeSession(tmp_path, info=msgspec.structs.replace(fake.info, simulated=False))
    model = TrainingModel(hardware, "reach_demo", worker)
    model.prepare()
    for _ in range(2):
        settle(model)
        model.start()
    settle(model)
    spasm(model, hardware)
    model.act("out")
    model.refresh()
    settle(model)
    assert hardware.asked[-3:] == ["reset", "arm", "get_out"]
    assert model.after.way == "out"


def test_three_spasms_advise_to_end(model: TrainingModel, fake: FakeSession) -> None:
    spasm(model, fake, number=3)
    fake.event("advice", words="three spasms: end the session", spasms=3)
    model.refresh()
    assert model.after.too_many == 3


def test_after_any_other_fault_start_goes_on_with_the_next_trial(model: TrainingModel, fake: FakeSession) -> None:
    fake.advance(4.5)
    fake.fail(16, "F16 emergency stop pressed", "", "TORQUE_OFF", "release the button, then reset")
    model.refresh()
    assert model.messages[0].action == "reset"
    model.reset()
    settle(model)
    assert (model.start_label, model.next_trial) == ("Go on", 3)
    model.start()
    settle(model)
    assert fake.asked[-1] == "resume_after_fault"


def test_going_on_after_a_stop_waits_for_a_quiet_limb_too(
    model: TrainingModel, fake: FakeSession, clock: ManualClock
) -> None:
    fake.advance(4.5)
    model.stop()
    settle(model)
    fake.refuse["resume_after_fault"] = "the limb has been quiet for 0.4 s only"
    model.start()
    settle(model)
    assert "Waiting: going on" in model.messages[-1].title
    fake.refuse.clear()
    clock.advance(0.5)
    model.refresh()
    settle(model)
    assert model.state == "running"


@pytest.mark.parametrize(
    ("device", "plug"),
    [("serial:/dev/ttyACM0", "USB cable"), ("emulator:planar_arm", "emulated"), ("moteus:can0", "can0")],
)
def test_a_lost_device_says_which_plug(device: str, plug: str) -> None:
    after = After(load("planar_arm"), device)
    after.hear("fault", {"id": 9})
    assert after.needs_a_new_session
    assert plug in after.plug


def test_a_lost_loop_blames_no_cable() -> None:
    after = After(load("planar_arm"), "serial:/dev/ttyACM0")
    after.hear("fault", {"id": int(Fault.CONTROL_LOST)})
    assert "No cable was pulled" in after.plug


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"holds_without_power": True}, "a brake holds it"), ({"safe_stop": SafeStop.YIELD}, "soft now"),
        ({"gravity": (0.0, -9.81), "safe_stop": SafeStop.RAMP_OFF}, "can drop"),
        ({"gravity": (), "safe_stop": SafeStop.RAMP_OFF}, "does not drop"),
    ],
)  # fmt: skip
def test_a_lost_device_says_whether_the_arm_drops(facts: dict[str, Any], words: str) -> None:
    assert words in After(msgspec.structs.replace(load("planar_arm"), **facts), "sim:x").drops


def test_the_new_session_takes_what_is_left_and_the_old_one_is_closed_first(
    fake: FakeSession, tmp_path: Path, clock: ManualClock
) -> None:
    second = FakeSession(tmp_path / "second", trials=9)
    opened = iter((fake, second))
    run = SessionRun(Request(), lambda _: next(opened), lambda s: s.folder / "report.pdf", clock=clock)
    wait_until(lambda: (run.refresh(), run.stage is Stage.TRAINING)[1])
    training = run.training
    assert training is not None
    settle(training)
    training.start()
    settle(training)
    fake.advance(14.5)
    training.refresh()
    fake.fail(9, "F09 device unplugged", "", "RAMP_OFF", "")
    run.refresh()
    follow = run.go_on_anew()
    assert run.over
    wait_until(lambda: (follow.refresh(), follow.training is not None)[1])
    assert fake.asked[-1] == "close"
    assert follow.request.follows == fake.folder.name
    assert follow.training is not None
    settle(follow.training)
    assert [trial.number for trial in follow.training.trials] == list(range(1, 8))
    assert follow.training.total == 7 + 9
    follow.close()


# parking -------------------------------------------------------------------------------------------------------------


def test_a_parked_session_cannot_be_started(model: TrainingModel, fake: FakeSession) -> None:
    assert not model.can_park
    model.stop()
    settle(model)
    assert model.can_park
    model.bedside.park()
    settle(model)
    assert (model.state_words, model.can_start) == ("Parked", False)
    model.bedside.unpark()
    settle(model)
    assert model.can_start


# the window lives, the disk has room ---------------------------------------------------------------------------------


def test_a_refresh_of_the_window_is_its_sign_of_life(fake: FakeSession, clock: ManualClock) -> None:
    run = SessionRun(Request(), lambda _: fake, lambda s: s.folder / "report.pdf", clock=clock)
    wait_until(lambda: (run.refresh(), run.stage is Stage.TRAINING)[1])
    before = fake.beats
    for _ in range(10):
        clock.advance(0.1)
        run.refresh()
    assert fake.beats == before + 10
    run.close()


def test_a_disk_that_is_nearly_full_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    assert room_words(tmp_path / "gone") == ""
    free = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free._replace(free=4_000_000_000))
    assert "about 13 sessions" in room_words(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free._replace(free=400_000_000_000))
    assert room_words(tmp_path) == ""


def test_a_filling_disk_is_said_while_it_runs_and_stays(
    model: TrainingModel, fake: FakeSession, clock: ManualClock
) -> None:
    fake.event("warning", id=30, name="F30 nothing can be recorded", message="2.1 GB left", help="")
    fake.event("warning", id=44, name="F44 the recorder is behind", message="", help="")
    model.refresh()
    assert {m.title[:3] for m in model.messages} == {"F30", "F44"}
    clock.advance(60.0)
    fake.advance(0.001)
    model.refresh()
    assert [m.title[:3] for m in model.messages] == ["F30"]
    assert model.messages[0].priority is Priority.MEDIUM


# alarms --------------------------------------------------------------------------------------------------------------

HIGH = Message(Priority.HIGH, "F24 spasm", "")
LOW = Message(Priority.LOW, "note", "")


@pytest.fixture
def alarms(clock: ManualClock) -> Alarms:
    return Alarms(clock)


def test_an_alarm_sounds_at_once_and_again(alarms: Alarms, clock: ManualClock) -> None:
    alarms.show([HIGH])
    assert alarms.sound() is Priority.HIGH
    assert alarms.sound() is None
    clock.advance(8.1)
    assert alarms.sound() is Priority.HIGH


def test_a_low_one_sounds_once(alarms: Alarms, clock: ManualClock) -> None:
    alarms.show([LOW])
    assert alarms.sound() is Priority.LOW
    clock.advance(1000.0)
    assert alarms.sound() is None


def test_hearing_it_silences_for_two_minutes_and_hides_nothing(alarms: Alarms, clock: ManualClock) -> None:
    alarms.show([HIGH])
    alarms.sound()
    alarms.heard()
    clock.advance(PAUSE - 1.0)
    assert alarms.sound() is None
    assert alarms.messages == (HIGH,)
    clock.advance(2.0)
    assert alarms.sound() is Priority.HIGH


def test_a_new_alarm_breaks_the_silence(alarms: Alarms) -> None:
    alarms.show([LOW])
    alarms.sound()
    alarms.heard()
    alarms.show([HIGH, LOW])
    assert alarms.sound() is Priority.HIGH


def test_one_that_comes_back_sounds_again(alarms: Alarms) -> None:
    alarms.show([HIGH])
    alarms.sound()
    alarms.heard()
    alarms.show([])
    alarms.sound()
    alarms.show([HIGH])
    assert alarms.sound() is Priority.HIGH


def test_signs_blink_as_often_as_the_standard_asks_and_never_faster_than_3_hz(
    alarms: Alarms, clock: ManualClock
) -> None:
    for message, least, most in ((HIGH, 1.4, 2.8), (Message(Priority.MEDIUM, "m", ""), 0.4, 0.8)):
        alarms.show([message])
        seen = []
        for _ in range(2000):
            seen.append(alarms.lit())
            clock.advance(0.01)
        changes = sum(a != b for a, b in pairwise(seen))
        assert least <= changes / 2 / 20.0 <= most
    alarms.show([LOW])
    assert alarms.lit()


def test_an_alarm_that_is_not_heard_is_a_fault_of_its_own(alarms: Alarms) -> None:
    assert alarms.fault is None
    alarms.checked = False
    assert alarms.fault is not None
    assert "F42" in alarms.fault.title
    alarms.checked = True
    assert alarms.fault is None
    alarms.no_sound = "Sound is off: install a player"
    assert alarms.fault is not None


def test_the_words_are_said_in_italian_too(model: TrainingModel, fake: FakeSession) -> None:
    i18n.use("it")
    try:
        spasm(model, fake)
        assert model.messages[0].title == "F24 spasmo"
        assert model.state_words == "Guasto"
        assert "Spasmo n. 1" in model.after.note_text("")
    finally:
        i18n.use("en")
