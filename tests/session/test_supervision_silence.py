"""Who is silent for how long, and what follows: the reaction table of F13, F14, F15, with times given."""

from __future__ import annotations

import pytest

from rehab.core.safety.faults import Fault
from rehab.session.deadman import IDLE, Deadman, Heartbeat, Silence, Step

LOOK = 0.015  # s


def reactions(deadman: Deadman, start: float, seconds: float, armed: bool = True) -> list[tuple[int, Step]]:
    """What is due when nobody beats: ms since `start`, to the next look, and the step."""
    looks = range(1, round(seconds / LOOK) + 1)
    steps = [(round(1e3 * k * LOOK), deadman.due(start + k * LOOK, armed)) for k in looks]
    return [(at, step) for at, step in steps if step]


def test_f14_a_silent_window_is_warned_of_then_frozen_then_stopped():
    assert reactions(Deadman(7.0, "gui"), 7.0, 5.0) == [(210, Step.WARN), (510, Step.FREEZE), (2010, Step.STOP)]


def test_a_silent_script_is_never_frozen_for_nobody_could_resume_it():
    assert reactions(Deadman(7.0, "script"), 7.0, 5.0) == [(210, Step.WARN), (2010, Step.STOP)]


def test_a_window_that_beats_causes_nothing():
    deadman = Deadman(0.0, "gui")
    for k in range(1, 1000):
        if k % 5 == 0:
            deadman.beat(k * LOOK)
        assert deadman.due(k * LOOK, armed=True) is Step.NONE


def test_a_beat_after_the_freeze_begins_a_new_silence():
    deadman = Deadman(0.0, "gui")
    assert [step for _, step in reactions(deadman, 0.0, 0.6)] == [Step.WARN, Step.FREEZE]
    deadman.beat(0.6)
    assert reactions(deadman, 0.6, 0.6) == [(210, Step.WARN), (510, Step.FREEZE)]


def test_without_power_nothing_is_due_and_with_power_the_worst_at_once():
    deadman = Deadman(0.0, "gui")
    assert reactions(deadman, 0.0, 3.0, armed=False) == []
    assert deadman.due(3.02, armed=True) is Step.STOP


def test_f15_a_window_that_hangs_and_one_that_died_are_told_apart():
    deadman = Deadman(0.0, "gui")
    deadman.due(0.05, armed=True)
    assert deadman.fault is Fault.GUI_HUNG
    assert "does not answer (50 ms)" in deadman.words
    deadman.died()
    assert deadman.fault is Fault.GUI_LOST
    assert "gone" in deadman.words


def test_a_window_may_be_replaced_when_it_died_or_was_stopped_for_hanging():
    deadman = Deadman(0.0, "gui")
    reactions(deadman, 0.0, 1.9)
    assert not deadman.given_up
    reactions(deadman, 1.9, 0.2)
    assert deadman.given_up
    deadman.attached(2.2, "gui")
    assert not deadman.given_up
    deadman.died()
    assert deadman.given_up


def test_a_session_without_a_window_waits_ten_minutes():
    deadman = Deadman(0.0, "gui")
    deadman.died()
    now = 0.0
    while not deadman.over:
        now += 0.05
        deadman.due(now, armed=False)
    assert now == pytest.approx(600.0, abs=0.2)


def test_a_window_that_hangs_for_an_hour_does_not_end_the_session():
    deadman = Deadman(0.0, "gui")
    reactions(deadman, 0.0, 3600.0, armed=False)
    assert not deadman.over


def test_a_stall_of_the_whole_machine_is_held_against_nobody():
    deadman, heartbeat = Deadman(0.0, "gui"), Heartbeat(0.0, 0.020)
    heartbeat.hung(0.0, 5, armed=True)
    assert deadman.due(30.0, armed=True) is Step.NONE  # the watcher itself slept for 30 s
    assert heartbeat.hung(30.0, 5, armed=True) == 0.0
    assert Silence(0.0).look(30.0) < 0.1


@pytest.mark.parametrize(("overrun", "limit"), [(0.005, 0.100), (0.020, 0.100), (0.050, 0.250), (0.800, 4.0)])
def test_f13_an_armed_loop_is_hung_after_five_times_the_sites_overrun_limit_but_not_before_100_ms(overrun, limit):
    heartbeat, k = Heartbeat(0.0, overrun), 0
    heartbeat.hung(0.0, 1, armed=True)
    while not heartbeat.hung(k * LOOK, 1, armed=True):
        k += 1
    assert limit < k * LOOK <= limit + 2 * LOOK


def test_f13_a_loop_at_rest_may_take_ten_seconds_to_load():
    heartbeat, now = Heartbeat(0.0, 0.020), 0.0
    heartbeat.hung(0.0, 1, armed=False)
    while not heartbeat.hung(now, 1, armed=False):
        now += LOOK
    assert IDLE < now < IDLE + 0.1


def test_a_loop_that_ticks_is_never_hung():
    heartbeat = Heartbeat(0.0, 0.020)
    assert not any(heartbeat.hung(k * LOOK, k // 4, armed=True) for k in range(10_000))
