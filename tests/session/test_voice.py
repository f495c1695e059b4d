"""The samples that are played: by their spectrum, their two sides and their steps."""

from __future__ import annotations

import numpy as np
import pytest

from rehab.core.sound import Tone
from rehab.session.voice import DUTY, LOUD, RATE, Voice


def played(voice: Voice, tone: Tone | None, seconds: float = 1.0) -> np.ndarray:
    return np.concatenate([voice.next(tone, RATE // 25) for _ in range(round(seconds * 25))]) / 32767.0


def loudest(sound: np.ndarray) -> float:
    """Hz of the highest line of the spectrum."""
    spectrum = np.abs(np.fft.rfft(sound.sum(axis=1)))
    return float(np.argmax(spectrum)) * RATE / len(sound)


@pytest.mark.parametrize("frequency", [220.0, 440.0, 880.0])
def test_a_tone_has_its_frequency(frequency):
    assert loudest(played(Voice(), Tone(frequency, 0.0, 0.0))) == pytest.approx(frequency, abs=1.0)


def test_left_and_right_are_as_loud_as_the_pan_says_and_as_loud_together_at_every_side():
    whole = []
    for pan, share in ((-1.0, 0.0), (0.0, 0.5), (1.0, 1.0)):
        sound = played(Voice(), Tone(440.0, pan, 0.0))[RATE // 2 :]
        left, right = (sound**2).mean(axis=0)
        assert right / (left + right) == pytest.approx(share, abs=1e-3)
        whole.append(left + right)
    assert whole == pytest.approx([0.5 * LOUD**2] * 3, rel=0.01)


def test_pulses_are_so_many_a_second():
    sound = np.abs(played(Voice(), Tone(440.0, 0.0, 5.0), 2.0)).max(axis=1)
    loud = np.convolve(sound, np.ones(100) / 100, "same") > 0.3 * LOUD * DUTY
    assert np.count_nonzero(np.diff(loud.astype(int)) == 1) == pytest.approx(10, abs=1)


def test_nothing_clicks_when_the_tone_changes():
    voice = Voice()
    course = [Tone(440.0, -1.0, 0.0), Tone(880.0, 1.0, 0.0), None, Tone(220.0, 0.0, 7.0)]
    sound = np.concatenate([played(voice, tone, 0.2) for tone in course])
    # a full sine of 880 Hz moves so much from sample to sample; a click would move several times that
    assert np.abs(np.diff(sound, axis=0)).max() < 1.2 * LOUD * 2.0 * np.pi * 880.0 / RATE


def test_silence_is_silent():
    assert not played(Voice(), None).any()


def test_a_cue_is_heard_over_silence_and_ends():
    voice = Voice()
    voice.cue("success")
    assert loudest(played(voice, None, 0.08)) == pytest.approx(659.3, abs=15.0)
    played(voice, None, 0.6)
    assert np.abs(played(voice, None, 0.2)).max() < 1e-3


def test_an_unknown_cue_is_no_sound():
    voice = Voice()
    voice.cue("no such cue")
    assert not played(voice, None, 0.2).any()
