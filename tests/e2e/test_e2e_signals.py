"""Control, recorder and window are killed, or stopped and let go on, in the middle of motion, again and again.

Asserted by the emulator's plant steps, by the rows of the recording and by the order of events; the times are figures
only (tests/e2e/signals.py says by which clocks).
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest

from rehab.realtime.ring import RingEvent
from rehab.record.recording import Recording
from tests.e2e.conftest import background, session_folder, until
from tests.e2e.figures import figures
from tests.e2e.signals import (
    HERE,
    STILL,
    Bench,
    Blow,
    Witness,
    any_fault,
    at_rest,
    bench_with_a_patient,
    comes_into_motion,
    is_fault,
    is_warning,
    ready,
    silent_after_the_watchdog,
    state,
    stopped,
    torque_gone,
    window,
)

pytestmark = [pytest.mark.e2e, pytest.mark.kill]
CONTROL, RECORDER = "rehab.session.control", "rehab.record.process"


@pytest.fixture
def bench(tmp_path, site) -> Iterator[Bench]:
    with bench_with_a_patient(tmp_path) as found:
        yield found


@pytest.fixture
def quick(site) -> None:
    """The device's default watchdog of 20 ms. A stall of the machine trips it: such a repetition is done again."""
    words = site.read_text().replace("watchdog: 500 ms", "watchdog: 20 ms")
    site.write_text(words.replace("overrun_stop: 800 ms", "overrun_stop: 100 ms"))


# control -------------------------------------------------------------------------------------------------------------


def control_ends(bench: Bench, number: signal.Signals, fault: int, how: str) -> None:
    with figures("control", how) as row:
        while row.wanted:
            with bench.session() as session:
                driving = session.follow(bench.protocol)
                if not comes_into_motion(session, driving):
                    row.spoiled("before the signal")
                    continue
                witness, control = Witness(bench.tmp_path), bench.pid_of(CONTROL)
                since = witness.read()
                blow = bench.blow(witness, control, number)
                noticed = witness.seen(since, any_fault, "the fault")
                faulted = witness.seen(since, state("faulted"), "the state")
                bench.blow(witness, control, signal.SIGCONT)
                told = stopped(driving)
                steps = bench.still_after(blow)
                if not any(map(is_fault(fault), witness.events[since:])):
                    row.spoiled(told)
                    continue
                assert f"F{fault}" in str(told)
                row.add(
                    signal_to_notice=noticed - blow.at,
                    signal_to_faulted=faulted - blow.at,
                    signal_to_torque_gone=torque_gone(steps),
                    last_command_to_torque_gone=silent_after_the_watchdog(steps),
                )


def test_f12_after_kill_9_of_control_no_plant_step_beyond_the_watchdog_has_torque(bench, quick):
    control_ends(bench, signal.SIGKILL, 12, "SIGKILL")


def test_f13_after_a_stop_of_control_no_plant_step_beyond_the_watchdog_has_torque(bench, quick):
    """The supervisor kills what stands still; SIGCONT comes after that."""
    control_ends(bench, signal.SIGSTOP, 13, "SIGSTOP until it is killed")


def test_f13_control_that_was_stopped_for_60_ms_never_moves_again_until_it_is_armed_anew(bench, quick):
    """That passes below the supervisor's notice: device and monitor alone must see to it. The session goes on after."""
    with figures("control", "SIGSTOP for 60 ms") as row:
        while row.wanted:
            with bench.session() as session:
                witness, control = Witness(bench.tmp_path), bench.pid_of(CONTROL)
                while row.wanted and not session.lost:
                    if session.state == "faulted":
                        session.reset()
                    driving = session.follow(bench.protocol)
                    if not comes_into_motion(session, driving):
                        row.spoiled("before the signal")
                        continue
                    since = witness.read()
                    blow = bench.blow(witness, control, signal.SIGSTOP)
                    time.sleep(0.060)  # the fault itself
                    bench.blow(witness, control, signal.SIGCONT)
                    told = stopped(driving)
                    steps = bench.still_after(blow)
                    noticed = witness.wait(since, any_fault, "the fault")
                    faulted = witness.wait(since, state("faulted"), "the state")
                    if session.lost:
                        row.spoiled(told)
                        continue
                    assert not any(map(state("running"), witness.events[since:]))
                    row.add(
                        signal_to_notice=noticed.t - blow.at,
                        signal_to_faulted=faulted.t - blow.at,
                        signal_to_torque_gone=torque_gone(steps),
                        last_command_to_torque_gone=silent_after_the_watchdog(steps),
                    )


# recorder ------------------------------------------------------------------------------------------------------------


def test_f30_after_kill_9_of_the_recorder_the_arm_stops_and_no_row_is_lost(bench):
    with figures("recorder", "SIGKILL") as row:
        while row.wanted:
            with bench.session() as session:
                driving = session.follow(bench.protocol)
                assert comes_into_motion(session, driving)
                witness = Witness(bench.tmp_path)
                since = witness.read()
                blow = bench.blow(witness, bench.pid_of(RECORDER), signal.SIGKILL)
                told = stopped(driving)
                fault = witness.wait(since, any_fault, "the stop")
                faulted = witness.wait(since, state("faulted"), "the state")
                rest = witness.wait(since, at_rest, "the end of torque")
                steps = bench.still_after(blow)
            assert fault.data["id"] == 30
            assert "the recorder died: killed by SIGKILL" in " ".join([str(told), *told.reasons])
            rows = Recording.open(session.folder).ticks
            assert not rows["enable"][rows["tick"] > rest.tick].any()
            row.add(
                signal_to_notice=fault.t - blow.at,
                signal_to_faulted=faulted.t - blow.at,
                signal_to_torque_gone=torque_gone(steps),
            )


def test_f44_a_recorder_that_stands_still_loses_no_row_and_its_return_moves_nothing(bench):
    """Short stops and one of three seconds, below a ring that holds a minute: the arm goes on, can be stopped all the
    while, and stays where it is when the recorder comes back."""
    with figures("recorder", "SIGSTOP, stop, SIGCONT") as row, bench.session() as session:
        witness, recorder = Witness(bench.tmp_path), bench.pid_of(RECORDER)
        while row.wanted:
            driving = session.follow(bench.protocol)
            assert comes_into_motion(session, driving)
            since = witness.read()
            bench.blow(witness, recorder, signal.SIGSTOP)
            witness.ticks_pass(3000 if row.done == 0 else 100)
            assert witness["state"] == 3
            blow = Blow(bench.step, witness.now)
            session.stop()
            idle = witness.wait(since, state("idle"), "the stop")
            stopped(driving)
            witness.wait(since, at_rest, "the end of torque")
            behind = witness.ring.written
            back = bench.blow(witness, recorder, signal.SIGCONT)
            until(lambda n=behind: len(Recording.open(session.folder).ticks["tick"]) >= n, "it writes no more")
            caught_up = witness.now
            steps = bench.still_after(blow)
            witness.read()
            assert not [event for event in witness.events[since:] if event.kind in ("fault", "warning")]
            row.add(
                stop_to_idle=idle.t - blow.at,
                stop_to_torque_gone=torque_gone(steps),
                SIGCONT_to_caught_up=caught_up - back.at,
            )


# window --------------------------------------------------------------------------------------------------------------


def steps_of_the_deadman(witness: Witness, since: int, fault: int) -> list[RingEvent]:
    """Warning, freeze, stop and the end of torque, in this order. A window that takes long to die hangs before."""
    seen = [
        witness.wait(since, is_warning(fault, 15), "the warning"),
        witness.wait(since, state("paused"), "the freeze"),
        witness.wait(since, is_fault(fault), "the stop"),
        witness.wait(since, at_rest, "the end of torque"),
    ]
    assert [event.tick for event in seen] == sorted(event.tick for event in seen)
    return seen


def times_of_the_deadman(seen: list[RingEvent], blow: Blow) -> dict[str, float]:
    names = ("signal_to_notice", "signal_to_paused", "signal_to_faulted")
    return {name: event.t - blow.at for name, event in zip(names, seen, strict=False)}


def test_f14_after_kill_9_of_the_window_the_arm_freezes_then_stops_and_a_new_window_goes_on(bench):
    out = bench.out()
    with figures("gui", "SIGKILL") as row, ExitStack() as windows:
        process = windows.enter_context(window("new", bench.device, bench.protocol, out))
        witness = Witness(bench.tmp_path)
        bench.shows(witness.run.name)
        while row.wanted:
            until(lambda: witness.driven, "the session never moved")
            since = witness.read()
            blow = bench.blow(witness, process.pid, signal.SIGKILL)
            words = (sys.executable, HERE / "window.py", "attach", witness.run.name, bench.protocol)
            process = windows.enter_context(background(*words, stdin=subprocess.PIPE))  # loads meanwhile
            seen = steps_of_the_deadman(witness, since, 14)
            assert "the window is gone" in seen[2].data["message"]
            steps = bench.still_after(blow)
            process.stdin.write("\n")
            process.stdin.flush()
            ready(process)
            row.add(**times_of_the_deadman(seen, blow), signal_to_torque_gone=torque_gone(steps))
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    assert bench.whole(session_folder(out)).ticks["enable"][-1] == 0


@contextmanager
def session_of_a_window(bench: Bench, out: Path) -> Iterator:
    """The window's process and a witness; the therapist closes it at the end."""
    with window("new", bench.device, bench.protocol, out) as process:
        witness = Witness(bench.tmp_path)
        bench.shows(witness.run.name)
        yield process, witness
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    bench.whole(session_folder(out))


def goes_on_when_told(process: subprocess.Popen, witness: Witness, since: int) -> None:
    """Not before the therapist says so, though the window is back."""
    witness.read()
    assert not any(map(state("running"), witness.events[since:])), "it went on by itself"
    process.send_signal(signal.SIGUSR1)
    witness.wait(since, state("running"), "the therapist's word to go on")


def test_f15_a_window_that_hangs_freezes_the_arm_and_its_return_never_resumes_motion(bench):
    out = bench.out()
    with (
        figures("gui", "SIGSTOP until it is held") as row,
        session_of_a_window(bench, out) as (process, witness),
    ):
        while row.wanted:
            until(lambda: witness.driven, "the session never moved")
            since = witness.read()
            blow = bench.blow(witness, process.pid, signal.SIGSTOP)
            warned = witness.wait(since, is_warning(15), "the warning")
            paused = witness.wait(since, state("paused"), "the freeze")
            bench.blow(witness, process.pid, signal.SIGCONT)
            assert warned.tick <= paused.tick
            witness.ticks_pass(STILL)
            assert witness["state"] == 4
            goes_on_when_told(process, witness, since)
            row.add(signal_to_notice=warned.t - blow.at, signal_to_paused=paused.t - blow.at)
        assert not any(map(any_fault, witness.events))
    rows = Recording.open(session_folder(out)).ticks
    held = rows["state"] == 4
    assert held.sum() > STILL * row.done
    for axis in ("x_ref_0", "x_ref_1"):  # between the first tick of a pause and its last the reference stands
        assert not np.diff(rows[axis])[held[1:] & held[:-1]].any()


def test_f15_a_window_that_hangs_for_long_stops_the_arm_and_its_return_moves_nothing(bench):
    with (
        figures("gui", "SIGSTOP until it is stopped") as row,
        session_of_a_window(bench, bench.out()) as (process, witness),
    ):
        while row.wanted:
            until(lambda: witness.driven, "the session never moved")
            since = witness.read()
            blow = bench.blow(witness, process.pid, signal.SIGSTOP)
            seen = steps_of_the_deadman(witness, since, 15)
            bench.blow(witness, process.pid, signal.SIGCONT)
            assert "does not answer" in seen[2].data["message"]
            steps = bench.still_after(blow)
            goes_on_when_told(process, witness, since)
            row.add(**times_of_the_deadman(seen, blow), signal_to_torque_gone=torque_gone(steps))
