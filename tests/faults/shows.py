"""How a fault is shown: each makes a function of (bench class, a folder) that gives what was Seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rehab.core.errors import RehabError
from rehab.core.safety.faults import Fault
from rehab.core.values import Acted, Action
from rehab.session import messages
from tests.faults.benches import Bench, Seen

Show = Callable[[Any, Path], Seen]
Do = Callable[[Bench], None]


def latches(
    entries: str = "", *, do: Do | None = None, then: Do | None = None, most: int = 150, patient: str | None = None,
    controller: str = "impedance", **plan: Any,
) -> Show:  # fmt: skip
    """Something goes wrong while the hand is led along its circle; a fault is latched. `then` looks at what follows."""

    def show(body: type[Bench], folder: Path) -> Seen:
        bench = body(entries, patient)
        bench.start(controller, **plan)
        if do is not None:
            do(bench)
        seen = bench.latched(most)
        if then is not None:
            then(bench)
        return seen

    return show


def worsens(entries: str, most: int = 150) -> Show:
    """One fault is latched, and a worse one takes its place: the second is seen."""

    def show(body: type[Bench], folder: Path) -> Seen:
        bench = body(entries)
        bench.start("impedance")
        bench.latched(most)
        bench.events.clear()
        return bench.latched(most)

    return show


def passes(
    action: Action, entries: str = "", *, do: Do | None = None, most: int = 60, controller: str = "impedance",
    check: Do | None = None, acted: Acted = Acted.NONE, patient: str | None = None, **plan: Any,
) -> Show:  # fmt: skip
    """A tick's action is that, and nothing is latched; with NONE that must hold for all the ticks."""

    def show(body: type[Bench], folder: Path) -> Seen:
        bench = body(entries, patient)
        bench.start(controller, **plan)
        if do is not None:
            do(bench)
        if action is Action.NONE:
            worst = Action.NONE
            for _ in range(most):
                bench.step()
                worst = max(worst, Action(int(bench["action"])))
                assert not bench.faults_seen(), bench.faults_seen()
                if check is not None:
                    check(bench)
            return Seen(0, worst.name, 0, "nothing is latched")
        seen = bench.passing(action, most, acted)
        if check is not None:
            check(bench)
        return seen

    return show


def refused(ask: Callable[[Bench], str]) -> Show:
    """The session says no in words, and the arm stays without power."""

    def show(body: type[Bench], folder: Path) -> Seen:
        bench = body()
        words = ask(bench)
        bench.step(150)
        assert not bench["enable"]
        return Seen(0, "REFUSED" if words else "NONE", 0, words)

    return show


def raises(call: Callable[[Path], Any]) -> Show:
    """Bad input: one error of ours in words, before there is a session."""

    def show(body: Any, folder: Path) -> Seen:
        try:
            call(folder)
        except RehabError as error:
            return Seen(0, "REFUSED", 0, str(error))
        return Seen(0, "NONE", 0, "nothing was refused")

    return show


def told(fault: Fault, action: str = "") -> Do:
    """What the supervisor says to the loop when another process is in trouble."""

    def do(bench: Bench) -> None:
        error = bench.ask(messages.Trip(fault=int(fault), message=f"the test says: {fault.label}", action=action))
        assert not error, error

    return do


def stalls(seconds: float) -> Do:
    """The loop does not run for that long; its clock does."""

    def do(bench: Bench) -> None:
        bench.clock.advance(seconds)
        bench.begun = bench.clock.now_ns() * 1e-9

    return do


def reset_is_refused(words: str) -> Do:
    def do(bench: Bench) -> None:
        error = bench.ask(messages.Reset())
        assert words in error, error

    return do


def stays_stopped(bench: Bench) -> None:
    """The cause is gone, the fault stays latched, no torque is sent; only a reset frees it, and does not arm."""
    bench.step(200)
    assert bench.loop.state == "faulted"
    assert not bench["enable"]
    assert not bench.ask(messages.Reset()), "the reset was refused though the cause is gone"
    bench.step(5)
    assert bench.loop.state == "prepared"
    assert not bench["enable"]
