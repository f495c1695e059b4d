"""What the loop lets somebody do after a fault, tick by tick; the limb of this device is quiet unless the test says."""

from __future__ import annotations

import pytest
from msgspec import structs

from rehab.core.safety.faults import Fault
from rehab.core.values import Inputs
from rehab.session.aftermath import gentler
from rehab.session.messages import Arm, End, GetOut, GoOn, Prepare, Reset, SlowStretch, Start, Stop, Trip
from tests.session.conftest import TRIAL_TICKS, Bench, block, plan

ACTS = [GoOn(share=0.7), GoOn(), GetOut(), SlowStretch()]
SPASM = Trip(fault=Fault.SPASM, message="the test says", action="YIELD")


def spasm(bench: Bench, then: int = 600) -> None:
    assert not bench.ask(SPASM)
    bench.step(1 + then)


def stopped_in_the_second_of_three(bench: Bench) -> None:
    bench.start(block(trials=3), block(number=2, name="second", trials=1))
    bench.step(TRIAL_TICKS + 50)


def test_the_plan_goes_on_with_the_trial_after_the_one_that_was_stopped_and_later_blocks_follow(bench):
    stopped_in_the_second_of_three(bench)
    spasm(bench)
    assert not bench.ask(GoOn())
    bench.step(2 * TRIAL_TICKS + 300)
    assert [(t["number"], t["block"]) for t in bench.of("trial_start")] == [
        (1, "first"), (2, "first"), (3, "first"), (4, "second")]  # fmt: skip
    assert [t["outcome"] for t in bench.of("trial_end")] == ["reached", "stopped", "reached", "reached"]
    assert [b.get("resumed") for b in bench.of("block_start")] == [None, 2, None]
    assert bench.kinds()[-1] == "rest"
    assert bench.loop.state == "idle"


def test_after_the_last_trial_of_a_block_the_next_block_comes(bench):
    bench.start(block(trials=1), block(number=2, name="second", trials=1))
    bench.step(50)
    spasm(bench)
    assert not bench.ask(GoOn())
    bench.step(TRIAL_TICKS + 300)
    assert [t["block"] for t in bench.of("trial_start")] == ["first", "second"]
    assert [b["number"] for b in bench.of("block_end")] == [1, 2]


def test_after_the_very_last_trial_there_is_nothing_to_go_on_with_but_a_way_out(bench):
    bench.start(block(trials=1))
    bench.step(50)
    spasm(bench)
    assert "no trial is left" in bench.ask(GoOn(share=0.7))
    assert bench.loop.state == "faulted"
    assert not bench.ask(GetOut())


def test_gentler_holds_for_all_that_is_left_and_for_each_spasm_anew(bench):
    bench.start(block(trials=3), block(number=2, name="second", trials=1, limits={"force": 20.0}))
    for _ in range(2):
        bench.step(50)
        spasm(bench)
        assert not bench.ask(GoOn(share=0.5))
    assert bench.loop.rig.monitor.limits.force == 0.25 * 40.0
    bench.step(TRIAL_TICKS + 1)
    assert bench.of("limits")[-1]["block"] == "second"
    assert bench.of("limits")[-1]["values"]["force"] == 0.25 * 20.0
    assert bench.of("limits")[-1]["who"]["force"] == "after spasm"


def test_limits_are_never_tightened_beyond_their_hard_range(bench):
    limits = bench.loop.limits.tighten("test", {"force": 1.2, "speed": 0.06})
    assert (gentler(limits, 0.5).force, gentler(limits, 0.5).speed) == (1.0, 0.05)


@pytest.mark.parametrize("share", [1.2, 0.0, -1.0, float("nan")])
def test_a_share_that_would_loosen_a_limit_or_leave_nothing_is_refused(bench, share):
    stopped_in_the_second_of_three(bench)
    spasm(bench)
    assert "may only be tightened" in bench.ask(GoOn(share=share))
    assert bench.loop.state == "faulted"
    assert not bench.device.sent[-1].torque[0]


@pytest.mark.parametrize("act", ACTS)
def test_without_a_fault_every_act_is_refused(bench, act):
    assert "this is for after a fault" in bench.ask(act)
    bench.start(block(trials=50))
    bench.step(50)
    assert "the session is running" in bench.ask(act)


@pytest.mark.parametrize("act", ACTS)
def test_every_act_waits_for_a_limb_that_moves(bench, act):
    stopped_in_the_second_of_three(bench)
    spasm(bench)
    bench.device.changes = {"qd": (0.4, 0.0)}
    bench.step(20)
    assert "cm/s" in bench.ask(act) or "pulls" in bench.ask(act)
    bench.device.changes = {}
    bench.step(20)
    assert bench.ask(act)
    bench.step(600)
    assert bench.ask(act) == ""


def test_a_spasm_is_not_reset_while_it_stands(bench):
    stopped_in_the_second_of_three(bench)
    spasm(bench, then=0)
    assert "quiet" in bench.ask(Reset())
    bench.step(600)
    assert not bench.ask(Reset())


@pytest.mark.parametrize("act", ACTS[:3])
def test_a_fault_whose_cause_stands_is_refused_in_words(bench, act):
    stopped_in_the_second_of_three(bench)
    bench.device.changes = {"inputs": int(Inputs.ESTOP_A)}
    bench.step(700)
    assert bench.ask(act) == "the emergency stop is still pressed"
    bench.device.changes = {}
    bench.step(5)
    assert not bench.ask(act)
    assert bench.device.armed


def test_an_unplugged_device_needs_a_new_session(bench):
    stopped_in_the_second_of_three(bench)
    bench.device.unplugged = True
    bench.step(700)
    assert "open a new session" in bench.ask(GoOn())


def test_a_joint_outside_its_range_is_brought_back_by_hand(bench):
    stopped_in_the_second_of_three(bench)
    spasm(bench, then=0)
    bench.device.q = (0.8, 2.7)
    bench.step(700)
    assert bench.ask(GetOut()) == "joint 2 is 6 degrees outside its range: move the limb back by hand"


def test_hardware_is_reset_and_armed_by_hand_before(bench):
    bench.loop.info = structs.replace(bench.loop.info, simulated=False)
    stopped_in_the_second_of_three(bench)
    spasm(bench)
    assert "reset, make sure of the limb, arm" in bench.ask(GoOn())
    assert not bench.ask(Reset(), Arm())
    bench.step(20)
    assert not bench.ask(GoOn(share=0.7))
    bench.step(5)
    assert bench.of("trial_start")[-1]["number"] == 3


def test_begun_anew_nothing_is_left_to_go_on_with(bench):
    stopped_in_the_second_of_three(bench)
    spasm(bench)
    assert not bench.ask(Reset(), Arm(), Start())
    assert "the session is running" in bench.ask(GoOn())


def test_what_begins_right_after_a_reset_begins_where_the_arm_is(bench):
    stopped_in_the_second_of_three(bench)
    spasm(bench, then=0)
    bench.device.q = (1.0, 1.2)
    bench.step(700)
    assert not bench.ask(GoOn())
    x, _ = bench.loop.kinematics.forward((1.0, 1.2))
    assert bench.loop.rig.exercise._at.tolist() == pytest.approx(x)


def test_a_spasm_that_asks_for_a_stretch_needs_a_spasm(bench):
    stopped_in_the_second_of_three(bench)
    bench.ask(Trip(fault=Fault.GUI_LOST, message="the test says", action="RAMP_OFF"))
    bench.step(800)
    assert "there was none" in bench.ask(SlowStretch())


def test_after_a_way_the_plan_may_still_go_on(bench):
    stopped_in_the_second_of_three(bench)
    spasm(bench)
    assert not bench.ask(GetOut())
    bench.step(50)
    bench.ask(Stop())
    assert "coming to rest" in bench.ask(GoOn())
    bench.step(600)
    assert not bench.ask(GoOn(share=0.7))
    bench.step(5)
    assert bench.of("trial_start")[-1]["number"] == 3


def test_the_third_spasm_of_a_session_advises_to_end_it(bench):
    bench.start(block(trials=9))
    for number in range(3):
        assert not bench.of("advice"), number
        bench.step(50)
        spasm(bench)
        bench.ask(GoOn())
    (advice,) = bench.of("advice")
    assert advice == {"words": "three spasms: end the session", "spasms": 3}


def test_each_spasm_leaves_a_note_that_says_when_where_under_which_limits_and_what_came_next(bench):
    bench.start(block(trials=3, limits={"force": 30.0}))
    bench.step(TRIAL_TICKS + 50)
    bench.ask(SPASM)
    at = bench.loop.ticks
    bench.step()
    (first,) = bench.of("adverse_event")
    assert (first["number"], first["tick"], first["block"], first["trial"], first["next"]) == (1, at, "first", 2, "")
    assert first["t"] == pytest.approx(next(event.t for event in bench.events if event.kind == "fault"))
    assert first["joint"] in (1, 2)
    assert (first["limits"]["force"], first["who"]["force"]) == (30.0, "first")
    assert first["message"] == "the test says"
    bench.step(600)
    bench.ask(GoOn(share=0.7, by="therapist"))
    last = bench.of("adverse_event")[-1]
    assert last == {**first, "next": "went on with 70% of force and speed (by therapist)"}


def test_the_note_says_all_that_was_done_up_to_the_end(bench):
    stopped_in_the_second_of_three(bench)
    spasm(bench)
    bench.ask(GetOut(by="anna"), Stop(by="anna"))
    bench.step(150)
    bench.ask(End(by="anna"))
    done = ("the limb was led towards the exit pose", "the arm was let go", "the session was ended")
    assert bench.of("adverse_event")[-1]["next"] == ", then ".join(f"{words} (by anna)" for words in done)


def test_other_faults_are_no_adverse_event(bench):
    bench.start()
    bench.step(50)
    bench.ask(Trip(fault=Fault.GUI_LOST, message="the test says", action="RAMP_OFF"))
    bench.step(5)
    assert not bench.of("adverse_event")


def test_a_new_plan_forgets_the_old_one(bench):
    stopped_in_the_second_of_three(bench)
    spasm(bench)
    bench.ask(Reset(), Prepare(plan=plan(block())))
    assert "after a fault" in bench.ask(GoOn())


def test_the_same_session_with_a_spasm_twice_gives_the_same_bits():
    def rows() -> bytes:
        bench = Bench()
        stopped_in_the_second_of_three(bench)
        spasm(bench)
        bench.ask(GoOn(share=0.7))
        bench.step(200)
        return bench.ring.rows().tobytes()

    assert rows() == rows()
