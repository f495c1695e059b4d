"""Alarm tones: bursts as the standard orders them, and a window that says when nobody can hear them."""

from __future__ import annotations

import wave
from typing import Any

import numpy as np
import pytest

from gui.viewmodels.words import Priority
from gui.widgets import tones
from gui.widgets.tones import RATE, Tones, burst, player

pytestmark = pytest.mark.window


def pulses(samples: np.ndarray) -> int:
    """Stretches of sound that a pause of 50 ms or more divides."""
    loud = np.abs(samples.astype(float)) > 500.0
    at = np.flatnonzero(loud)
    return 1 + int(np.count_nonzero(np.diff(at) > 0.05 * RATE))


@pytest.mark.parametrize(("priority", "count"), [(Priority.HIGH, 10), (Priority.MEDIUM, 3), (Priority.LOW, 2)])
def test_a_burst_has_as_many_pulses_as_its_priority_asks(priority: Priority, count: int) -> None:
    assert pulses(burst(priority)) == count


def test_the_main_tone_is_what_the_ear_places_best() -> None:
    """IEC 60601-1-8: between 150 and 1000 Hz, with at least four harmonics."""
    samples = burst(Priority.MEDIUM)[: round(0.2 * RATE)].astype(float)
    spectrum = np.abs(np.fft.rfft(samples))
    frequency = np.fft.rfftfreq(len(samples), 1.0 / RATE)
    assert frequency[int(spectrum.argmax())] == pytest.approx(440.0, abs=5.0)
    peaks = [spectrum[np.abs(frequency - 440.0 * k) < 10.0].max() for k in range(1, 6)]
    assert all(peak > 0.1 * peaks[0] for peak in peaks)


def test_the_first_player_that_is_there_is_used() -> None:
    assert player(lambda name: "/usr/bin/aplay" if name == "aplay" else None) == ("aplay", "-q")
    assert player(lambda name: None) == ()


def test_without_a_player_the_window_says_what_to_install(monkeypatch: pytest.MonkeyPatch, qtbot: Any) -> None:
    monkeypatch.setattr(tones, "player", lambda: ())
    monkeypatch.setattr(tones, "QtMultimedia", None)
    made = Tones()
    assert 'pip install "PySide6-Addons' in made.silent
    made.close()


def test_a_player_that_fails_is_said(monkeypatch: pytest.MonkeyPatch, qtbot: Any) -> None:
    monkeypatch.setattr(tones, "player", lambda: ("/nonexistent/aplay",))
    monkeypatch.setattr(tones, "QtMultimedia", None)
    made = Tones()
    assert made.silent == ""
    made.play(Priority.HIGH)
    qtbot.waitUntil(lambda: "/nonexistent/aplay cannot play it" in made.silent, timeout=20_000)
    made.close()


def test_a_player_is_given_the_sound_as_a_file(monkeypatch: pytest.MonkeyPatch, qtbot: Any, tmp_path: Any) -> None:
    heard = tmp_path / "heard"
    script = tmp_path / "play"
    script.write_text(f'#!/bin/sh\ncp "$1" {heard}\n')
    script.chmod(0o755)
    monkeypatch.setattr(tones, "player", lambda: (str(script),))
    monkeypatch.setattr(tones, "QtMultimedia", None)
    made = Tones()
    made.play(Priority.LOW)
    qtbot.waitUntil(lambda: heard.exists() and heard.stat().st_size == made.files[Priority.LOW].stat().st_size)
    with wave.open(str(heard)) as file:
        assert file.getnframes() == len(burst(Priority.LOW))
    made.close()
