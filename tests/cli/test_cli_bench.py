"""`rehab bench`: what is measured when, and by what."""

from __future__ import annotations

import argparse
import os
import time

import pytest

from gui import command as gui_command
from rehab.cli import bench
from rehab.cli import run as run_command
from rehab.protocol.load import load_protocol
from rehab.session.bench import gui


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    bench.configure(parser)
    return parser.parse_args(words)


def test_the_window_is_measured_only_when_it_is_asked_for(monkeypatch, capsys):
    asked: list[str] = []
    for name in ("tick.tick", "tick.sim", "link.run", "record.run", "loop.run", "gui.run"):
        monkeypatch.setattr(f"rehab.session.bench.{name}", lambda seconds, name=name: asked.append(name) or [])
    bench.run(parsed())
    assert "gui.run" not in asked
    asked.clear()
    bench.run(parsed("gui", "--seconds", "20"))
    assert asked == ["gui.run"]


def test_a_window_is_measured_for_twenty_seconds_at_least(monkeypatch):
    spans = []
    monkeypatch.setattr(gui, "_measure", lambda what, window, seconds: spans.append(seconds) or {})
    gui.run(5.0)
    gui.run(30.0)
    assert spans == [20.0, 20.0, 30.0, 30.0]


def test_the_loop_is_compared_over_the_same_session_with_and_without_a_window(tmp_path):
    protocol = tmp_path / "window.yaml"
    protocol.write_text(gui.PROTOCOL)
    sessions = []
    for window in (True, False):
        name, *words = gui._words(protocol, window)
        parser = argparse.ArgumentParser()
        (gui_command if window else run_command).configure(parser)
        args = parser.parse_args(words)
        assert name == ("gui" if window else "run")
        sessions.append((args.protocol, args.device, args.patient, args.seed))
    assert sessions[0] == sessions[1] == (str(protocol), "sim:planar_arm", "stroke", 1)
    plan = load_protocol(str(protocol)).blocks
    assert sum(block.trials for block in plan) * 1.0 > 10 * 60.0  # s: a trial takes a second at least


def test_only_the_window_has_a_share_of_a_core(monkeypatch):
    monkeypatch.setattr(gui, "_measure", lambda what, window, seconds: {"what": what, "of_a_core_percent": 5.0})
    window, alone = gui.run(20.0)
    assert window == {"what": "window", "of_a_core_percent": 5.0}
    assert alone == {"what": "no window"}


def test_the_processor_time_of_a_process_is_that_of_the_kernel():
    until = time.process_time() + 0.1
    while time.process_time() < until:
        pass
    assert gui._cpu(os.getpid()) == pytest.approx(time.process_time(), abs=0.1)
