"""What may be done after a real spasm, at both bodies: the limb pulls, the arm yields, and a person decides."""

from __future__ import annotations

from collections.abc import Iterator
from math import degrees, hypot
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from rehab.core.safety.faults import Fault
from rehab.session import ways
from rehab.session.messages import Arm, GetOut, GoOn, Prepare, SlowStretch, Start, Stop
from tests.faults.benches import BODIES, Emulated, Simulated

Bench = Simulated | Emulated
SECOND = 1000  # ticks
SPASM, RISE = 20.0, 60  # N·m at the elbow, ticks until it is there


@pytest.fixture(params=sorted(BODIES))
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Just when the spasm has made the arm yield, in the first of three trials."""
    bench = BODIES[request.param](patient="passive")
    plan = bench.plan()
    plan = structs.replace(plan, blocks=(structs.replace(plan.blocks[0], trials=3),))
    assert not bench.ask(Prepare(plan=plan), Arm(), Start())
    bench.step(SECOND // 2)
    pull(bench, SPASM, RISE)
    assert [fault["id"] for fault in bench.faults_seen()] == [Fault.SPASM]
    yield bench
    bench.close()


def pull(bench: Bench, torque: float, ticks: int) -> None:
    """The limb's torque goes there, evenly, unless the arm has yielded before."""
    limb: Any = bench.body.patient
    before, faults = limb.spasm, len(bench.faults_seen())
    for tick in range(ticks):
        limb.spasm = before + (torque - before) * (tick + 1) / ticks
        bench.step()
        if len(bench.faults_seen()) > faults:
            return


def pose(bench: Bench) -> tuple[float, ...]:
    return tuple(bench.body.q)


def until(bench: Bench, kind: str, most: int) -> dict[str, Any]:
    """Run until an event of that kind; its data."""
    seen = len(bench.events)
    for _ in range(most):
        bench.step()
        for event in bench.events[seen:]:
            if event.kind == kind:
                return dict(event.data)
    raise AssertionError(f"no {kind} in {most} ticks: {[event.kind for event in bench.events[seen:]]}")


def calm(bench: Bench) -> None:
    """The spasm passes, a little later, and the limb comes to rest."""
    bench.step(RISE)
    pull(bench, 0.0, RISE)
    bench.step(3 * SECOND)


def let_go(bench: Bench) -> bool:
    return not bench["enable"] and not any(bench.named("sent").values()) and not any(bench.body.torque)


@pytest.mark.parametrize("act", [GoOn(share=0.7), GoOn(), GetOut(), SlowStretch()])
def test_nothing_may_be_done_while_the_limb_still_pulls(bench: Bench, act: Any) -> None:
    assert "still pulls" in bench.ask(act)
    bench.step(50)
    assert bench.loop.state == "faulted"
    assert not [event for event in bench.events if event.kind == "command" and event.data["name"] not in
                ("prepare", "arm", "start")]  # fmt: skip


def test_a_pressed_emergency_stop_is_a_cause_that_stands(bench: Bench) -> None:
    calm(bench)
    bench.press(3)
    bench.step(50)
    assert "emergency stop is still pressed" in bench.ask(GetOut())
    assert bench.loop.state == "faulted"


def test_going_on_gentler_starts_the_next_trial_softly_under_tighter_limits_that_say_whose_they_are(
    bench: Bench,
) -> None:
    before = bench.loop.rig.monitor.limits
    calm(bench)
    assert not bench.ask(GoOn(share=0.7, by="therapist"))
    begun = until(bench, "trial_start", 50)
    assert begun["number"] == 2
    limits = bench.loop.rig.monitor.limits
    assert (limits.force, limits.speed) == (0.7 * before.force, 0.7 * before.speed)
    assert limits.joint_speed == tuple(0.7 * speed for speed in before.joint_speed)
    assert {limits.owner(name) for name in ("force", "speed")} == {"after spasm"}
    assert limits.owner("joint_speed", 1) == "after spasm"
    assert 0.0 < bench["scale"] < 0.2
    bench.step(SECOND)
    assert bench["scale"] == 1.0
    assert bench.loop.state == "running"


def test_the_command_is_in_the_record_at_its_tick_and_what_it_asked_for(bench: Bench) -> None:
    calm(bench)
    at = bench.loop.ticks
    bench.ask(GoOn(share=0.7, by="therapist"))
    bench.step()
    (event,) = [event for event in bench.events if event.kind == "command" and event.data["name"] == "go_on"]
    assert event.tick == at
    assert event.data == {"name": "go_on", "by": "therapist", "share": 0.7}


def test_the_way_out_reaches_the_exit_pose_slowly_under_half_the_force_and_lets_go(bench: Bench) -> None:
    calm(bench)
    home = np.array(bench.device.info.home)
    assert np.abs(np.array(pose(bench)) - home).max() > 0.2
    full = bench.loop.rig.monitor.limits.force
    assert not bench.ask(GetOut())
    limits = bench.loop.rig.monitor.limits
    assert (limits.force, limits.owner("force")) == (0.5 * full, "get out")
    kinematics, fastest, hardest = bench.loop.kinematics, 0.0, 0.0
    while bench.loop.state == "running":
        bench.step()
        fastest = max(fastest, hypot(bench["v_0"], bench["v_1"]))
        sent = (bench["sent_0"], bench["sent_1"])
        hardest = max(hardest, hypot(*kinematics.hand_force(sent, (bench["q_0"], bench["q_1"]))))
    assert np.abs(np.array(pose(bench)) - home).max() < 0.05
    assert fastest < 0.2
    assert hardest < 1.02 * limits.force  # of a pose that is one sample older
    until(bench, "rest", 150)
    bench.step(5)
    assert let_go(bench)
    assert not bench.faults_seen()[1:]


def test_a_new_spasm_on_the_way_out_makes_the_arm_yield_again(bench: Bench) -> None:
    calm(bench)
    assert not bench.ask(GetOut())
    bench.step(SECOND)
    pull(bench, SPASM, RISE)
    assert [fault["action"] for fault in bench.faults_seen()] == ["YIELD", "YIELD"]
    assert bench.loop.state == "faulted"
    bench.step(60)
    assert bench["scale"] == 0.0
    notes = [event.data for event in bench.events if event.kind == "adverse_event"]
    assert (notes[-1]["number"], notes[-1]["block"]) == (2, "get_out")


@pytest.mark.parametrize(
    ("torque", "ticks", "fault", "notes"), [(SPASM, RISE, Fault.SPASM, 1), (8.0, 3 * SECOND, Fault.FORCE_LIMIT, 0)]
)
def test_under_a_tight_force_limit_a_sudden_pull_is_noted_as_a_spasm_and_a_steady_one_is_not(
    request: pytest.FixtureRequest, torque: float, ticks: int, fault: Fault, notes: int
) -> None:
    bench = Simulated(patient="passive")
    request.addfinalizer(bench.close)
    bench.start(limits={"force": 12.0})
    pull(bench, torque, ticks)
    assert [seen["id"] for seen in bench.faults_seen()] == [fault]
    assert len([event for event in bench.events if event.kind == "adverse_event"]) == notes


def test_a_stop_on_the_way_out_lets_go_at_once(bench: Bench) -> None:
    calm(bench)
    assert not bench.ask(GetOut())
    bench.step(SECOND)
    assert not bench.ask(Stop(by="therapist"))
    bench.step(110)
    assert let_go(bench)
    assert bench.loop.state == "idle"


def test_a_slow_stretch_leads_back_to_where_the_spasm_began_no_joint_faster_than_5_degrees_a_second(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "HOLD_TIME", 0.5)
    began = [bench["q_0"], bench["q_1"]]
    calm(bench)
    away = np.abs(np.array(pose(bench)) - began).max()
    assert away > 0.2
    assert not bench.ask(SlowStretch())
    fastest = 0.0
    while bench.loop.state == "running":
        bench.step()
        fastest = max(fastest, abs(bench["qd_0"]), abs(bench["qd_1"]))
    assert np.abs(np.array(pose(bench)) - began).max() < 0.1
    assert degrees(fastest) < 1.2 * 5.0  # of the hand behind its spring
    until(bench, "rest", 150)
    bench.step(5)
    assert let_go(bench)


def test_a_slow_stretch_waits_while_the_limb_pulls_and_goes_on_when_it_gives_way(bench: Bench) -> None:
    calm(bench)
    assert not bench.ask(SlowStretch())
    bench.step(2 * SECOND)
    pull(bench, 2.5, 2 * SECOND)  # tone that rises slowly: no spasm
    bench.step(2 * SECOND)
    before = bench["x_ref_0"], bench["x_ref_1"]
    bench.step(2 * SECOND)
    assert hypot(bench["x_ref_0"] - before[0], bench["x_ref_1"] - before[1]) < 1e-3
    assert not bench.faults_seen()[1:]
    pull(bench, 0.0, SECOND)
    bench.step(2 * SECOND)
    assert hypot(bench["x_ref_0"] - before[0], bench["x_ref_1"] - before[1]) > 0.01
