"""`rehab bench`: what is measured when, and by what."""

from __future__ import annotations

import argparse
import os
import time

import pytest

from rehab.cli import bench
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
    monkeypatch.setattr(gui, "_measure", lambda what, words, seconds: spans.append(seconds) or {})
    gui.run(5.0)
    gui.run(30.0)
    assert spans == [20.0, 20.0, 30.0, 30.0]


def test_the_processor_time_of_a_process_is_that_of_the_kernel():
    until = time.process_time() + 0.1
    while time.process_time() < until:
        pass
    assert gui._cpu(os.getpid()) == pytest.approx(time.process_time(), abs=0.1)
