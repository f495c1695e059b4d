"""The session's loop, tick by tick, without a process or a clock of its own."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec import structs

from rehab.core.limits import identity_of
from rehab.core.types import Reference
from rehab.core.values import Inputs
from rehab.session.messages import Arm, End, Pause, Prepare, Reset, Resume, Set, Start, Stop
from tests.session.conftest import TRIAL_TICKS, Bench, Spiteful, block, plan


def test_an_idle_loop_sends_zero_torque_and_no_enable(bench):
    bench.step(10)
    assert all(c.torque == (0.0, 0.0) and not c.enable for c in bench.device.sent)


def test_a_plan_runs_block_after_block_to_its_end_and_disarms(bench):
    bench.start(block(trials=2), block(number=2, name="second", trials=1))
    bench.step(3 * TRIAL_TICKS + 300)
    assert [t["block"] for t in bench.of("trial_start")] == ["first", "first", "second"]
    assert [t["number"] for t in bench.of("trial_end")] == [1, 2, 3]
    assert bench.kinds().count("block_end") == 2
    assert bench.kinds()[-1] == "rest"
    assert bench.loop.state == "idle"
    assert not bench.device.armed


def test_each_tick_is_one_row_numbered_without_gaps(bench):
    bench.start()
    bench.step(99)
    assert bench.ring.rows()[:, 0].tolist() == list(range(100))


def test_the_row_says_what_was_wished_and_what_was_really_sent(bench):
    bench.start()
    bench.step(30)
    names = [c.name for c in bench.ring.header().channels]
    row = dict(zip(names, bench.ring.rows()[-1], strict=False))
    assert row["wish_0"] == 2.0
    assert 0.0 < row["sent_0"] < 2.0
    assert row["sent_0"] == bench.torque
    assert row["state"] == 3.0
    assert row["trial"] == 1.0


def test_torque_fades_in_when_a_plan_starts(bench):
    bench.start(block(trials=50))
    bench.step(500)
    assert bench.torque == pytest.approx(1.0, abs=0.02)
    bench.step(600)
    assert bench.torque == pytest.approx(2.0)


def test_a_far_reference_is_refused_before_anything_moves(bench):
    error = bench.ask(Prepare(plan=plan(block(offset=0.3))), Arm(), Start())
    assert "rad away" in error
    bench.step(5)
    assert bench.of("fault")[0]["id"] == 43
    assert max(abs(c.torque[0]) for c in bench.device.sent) == 0.0


@pytest.mark.parametrize("request_", [Arm(), Start(), Pause(), Resume(), Reset()])
def test_what_does_not_fit_the_state_is_refused_in_words(bench, request_):
    assert "the session is idle" in bench.ask(request_)


def test_a_protocol_for_another_device_is_refused(bench):
    assert "protocol is for other_arm" in bench.ask(Prepare(plan=plan(block(), device="other_arm")))


def test_a_pause_stops_exercise_time_and_holds_the_arm(bench):
    bench.start(block(trials=50))
    bench.step(150)
    bench.ask(Pause())
    trials = len(bench.of("trial_start"))
    bench.step(1000)
    assert len(bench.of("trial_start")) == trials
    assert bench.torque == pytest.approx(0.0, abs=1e-6)
    assert bench.device.sent[-1].enable
    bench.ask(Resume())
    bench.step(1200)
    assert bench.torque == pytest.approx(2.0)
    assert len(bench.of("trial_start")) > trials


def test_the_participant_sees_no_target_during_a_pause(bench):
    bench.start(block(trials=50))
    bench.step(10)
    assert bench.glass.look().scene.targets
    bench.ask(Pause())
    bench.step()
    assert not bench.glass.look().scene.targets
    assert not bench.device.seen[-1].targets


def test_stop_ramps_off_within_a_hundred_ticks_and_says_who(bench):
    bench.start(block(trials=50))
    bench.step(1250)
    bench.ask(Stop(by="space bar"))
    bench.step(102)
    assert bench.torque == 0.0
    assert not bench.device.armed
    assert bench.of("stop") == [{"by": "space bar"}]
    assert bench.of("trial_end")[-1]["outcome"] == "stopped"


def test_a_fault_ends_the_trial_as_stopped_and_names_itself(bench):
    bench.start(block(trials=50))
    bench.step(50)
    bench.device.changes = {"inputs": int(Inputs.ESTOP_A)}
    bench.step(2)
    fault = bench.of("fault")[0]
    assert fault["name"] == "F16 emergency stop pressed"
    assert fault["help"] == "release the button, then reset"
    assert bench.of("trial_end")[-1]["outcome"] == "stopped"
    assert bench.loop.state == "faulted"
    assert not bench.device.armed


def test_reset_is_refused_while_the_emergency_stop_is_pressed(bench):
    bench.start()
    bench.device.changes = {"inputs": int(Inputs.ESTOP_A)}
    bench.step(2)
    assert "still pressed" in bench.ask(Reset())
    bench.device.changes = {}
    bench.step(2)
    assert bench.ask(Reset()) == ""
    assert bench.loop.state == "prepared"


def test_after_reset_and_arming_torque_comes_back_softly(bench):
    bench.start(block(trials=50))
    bench.step(1200)
    bench.device.changes = {"age": 0.5}
    bench.step(200)
    bench.device.changes = {}
    bench.step(2)
    assert bench.ask(Reset(), Arm(), Start()) == ""
    bench.step(10)
    assert 0.0 <= bench.torque < 0.01


def test_an_unplugged_device_is_a_named_fault_and_no_exception(bench):
    bench.start(block(trials=50))
    bench.step(50)
    bench.device.unplugged = True
    bench.step(200)
    assert bench.of("fault")[0]["name"] == "F09 device unplugged"
    assert "plug it in" in bench.ask(Reset())


@pytest.mark.parametrize(
    ("how", "fault", "words"),
    [
        ("raise", 39, "ZeroDivisionError: the user divided by zero"),
        ("nan", 2, "not finite"),
        ("short", 39, "2 numbers were expected"),
        ("none", 39, "controller Spiteful"),
        ("text", 39, "controller Spiteful"),
    ],
)
def test_a_misbehaving_controller_is_stopped_and_named(bench, monkeypatch, how, fault, words):
    monkeypatch.setattr(Spiteful, "how", how)
    bench.start(block(controller="spiteful", trials=50))
    bench.step(200)
    assert bench.of("fault")[0]["id"] == fault
    assert words in bench.of("fault")[0]["message"]
    assert all(np.isfinite(c.torque).all() for c in bench.device.sent)
    assert not bench.device.armed


def test_a_live_parameter_changes_at_the_next_tick_and_is_recorded(bench):
    bench.start(block(trials=50))
    bench.step(1200)
    assert bench.ask(Set(name="torque", value=3.0)) == ""
    bench.step(10)
    assert bench.torque == pytest.approx(3.0)
    assert {"name": "set", "by": "", "parameter": "torque", "value": 3.0} in bench.of("command")


@pytest.mark.parametrize(
    ("name", "value", "words"), [("torque", 99.0, "too large"), ("colour", 1.0, "cannot be changed")]
)
def test_a_live_change_out_of_range_or_unknown_is_refused(bench, name, value, words):
    bench.start()
    bench.step(10)
    assert words in bench.ask(Set(name=name, value=value))


def test_a_protocols_limits_tighten_the_monitors(bench):
    bench.start(block(limits={"force": 10.0}), limits={"force": 20.0, "speed": 0.4})
    assert bench.loop.rig.monitor.limits.force == 10.0
    assert bench.loop.rig.monitor.limits.who["force"] == "first"
    assert bench.loop.rig.monitor.limits.who["speed"] == "protocol"


def test_a_stall_of_the_loop_longer_than_the_limit_stops(bench):
    bench.start(block(trials=50))
    bench.step(50)
    bench.clock.advance(0.025)
    bench.step(2)
    assert bench.of("fault")[0]["name"] == "F27 the loop was late"


def test_ending_ramps_off_disarms_and_closes(bench):
    bench.start(block(trials=50))
    bench.step(1200)
    bench.ask(End())
    bench.step(150)
    assert bench.loop.state == "ended"
    bench.loop.close("normal")
    bench.events += bench.ring.events()
    assert bench.kinds()[-1] == "state"
    assert "timing" in bench.kinds()
    assert bench.device.closed == 1
    assert bench.ring.closed


def test_equal_seeds_draw_equal_and_other_seeds_other(bench):
    def draw(seed):
        other = Bench(seed)
        other.start()
        return other.loop.rig.exercise.draw

    assert draw(1) == draw(1) != draw(2)


def test_the_same_session_twice_gives_the_same_bits():
    def rows():
        bench = Bench()
        bench.start(block(trials=3))
        bench.step(500)
        return bench.ring.rows()

    assert rows().tobytes() == rows().tobytes()


def test_stop_takes_the_power_from_an_arm_that_yields_after_a_fault(bench):
    bench.start(block(trials=50))
    bench.step(1200)
    bench.device.changes = {"qd": (7.5, 0.0)}
    bench.step(30)
    assert bench.of("fault")[0]["action"] == "YIELD"
    assert bench.device.armed
    bench.ask(Stop(by="therapist"))
    bench.step(120)
    assert not bench.device.armed
    assert bench.loop.state == "faulted"


@pytest.mark.parametrize(
    ("what", "gives"),
    [
        ("reference", lambda *_: Reference(np.zeros(3), np.zeros(3), np.zeros(3))),
        ("reference", lambda *_: None),
        ("scene", lambda *_: "a picture"),
        ("observe", lambda *_: "trial_start"),
        ("observe", lambda *_: 1 / 0),
    ],
)
def test_a_misbehaving_exercise_is_stopped_and_named(bench, what, gives):
    bench.start(block(trials=50))
    bench.step(20)
    setattr(bench.loop.rig.exercise, what, gives)
    bench.step(200)
    assert bench.of("fault")[0]["name"] == "F38 the exercise failed"
    assert "exercise ShortTrials" in bench.of("fault")[0]["message"]
    assert not bench.device.armed


def test_a_plan_that_was_checked_for_another_patient_or_device_is_refused(bench):
    foreign = plan(block())
    for device, patient in (("T2", ""), ("T1", "P-17")):
        error = bench.ask(Prepare(plan=structs.replace(foreign, identity=identity_of(device, patient))))
        assert error.startswith("F36 ")
    assert bench.loop.state == "idle"
    assert bench.ask(Prepare(plan=structs.replace(foreign, identity=identity_of("T1")))) == ""


def test_the_limits_in_force_go_into_the_record_with_who_set_them(bench):
    bench.start(block(limits={"force": 10.0}))
    first, *_, last = bench.of("limits")
    assert (first["block"], last["block"]) == ("", "first")
    assert (last["values"]["force"], last["who"]["force"]) == (10.0, "first")
    assert last["joints"]["torque"] == [20.0, 20.0]
    assert last["identity"] == identity_of("T1")


def test_ending_after_a_fault_lets_the_ramp_go_to_its_end(bench):
    bench.start(block(trials=50))
    bench.step(1200)
    bench.device.changes = {"age": 0.5}
    bench.step(10)
    bench.ask(End())
    bench.step(20)
    assert bench.loop.state == "faulted"
    bench.step(200)
    assert bench.loop.state == "ended"
    assert not bench.device.sent[-1].enable
