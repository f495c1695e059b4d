"""Muscle signals: the band of surface EMG, its envelope, shares of the maximum, and one axis from two muscles."""

from __future__ import annotations

import os
import pty
import tty
from math import pi
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.inputs.emg import Emg
from devices.inputs.muscles import RECTIFIED, Envelope, Level, command, maximum, tension
from rehab.core.errors import BadInput, DeviceLost
from rehab.core.types import Array

RATE = 2000.0
TIME = np.arange(0.0, 2.0, 1.0 / RATE)


def sine(hertz: float, size: float = 1.0) -> Array:
    return size * np.sin(2.0 * pi * hertz * TIME)


def envelope(signal: Array) -> float:
    """At the end of two seconds, its ripple averaged out."""
    return float(Envelope(RATE, 1).feed(signal[:, None])[-1000:].mean())


@pytest.mark.parametrize("hertz", [60.0, 100.0, 200.0])
def test_the_envelope_of_a_sine_in_the_band_is_its_rectified_mean(hertz: float) -> None:
    assert envelope(sine(hertz)) == pytest.approx(RECTIFIED, rel=0.03)


@pytest.mark.parametrize(("hertz", "less"), [(2.0, 0.02), (5.0, 0.07), (900.0, 0.1)])
def test_the_motion_of_electrodes_and_what_is_above_the_band_is_left_out(hertz: float, less: float) -> None:
    assert envelope(sine(hertz)) < less * RECTIFIED


def test_an_offset_of_the_amplifier_is_no_contraction() -> None:
    assert envelope(np.full_like(TIME, 3.0)) < 1e-3


def test_sample_by_sample_is_the_same_as_all_at_once() -> None:
    samples = np.stack([sine(80.0), sine(120.0, 0.5)], axis=1)
    whole, piecewise = Envelope(RATE, 2).feed(samples), Envelope(RATE, 2)
    parts = np.concatenate([piecewise.feed(samples[k : k + 7]) for k in range(0, len(samples), 7)])
    assert parts == pytest.approx(whole)


@given(st.floats(0.0, 2.0), st.floats(0.0, 2.0))
def test_two_muscles_make_one_axis(agonist: float, antagonist: float) -> None:
    level = Level(0.1, 0.5)
    u = command((agonist, antagonist), (1.0, 1.0), level)
    assert -1.0 <= u <= 1.0
    assert u == -command((antagonist, agonist), (1.0, 1.0), level)
    if max(agonist, antagonist) <= 0.1:
        assert u == 0.0


@pytest.mark.parametrize(("share", "wanted"), [(0.05, 0.0), (0.1, 0.0), (0.3, 0.5), (0.5, 1.0), (0.9, 1.0)])
def test_a_share_of_the_maximum_between_threshold_and_full_is_that_part_of_a_command(
    share: float, wanted: float
) -> None:
    assert tension(share, Level(0.1, 0.5)) == pytest.approx(wanted)


def written(path: Path, *channels: Array) -> Path:
    np.savetxt(path, np.stack(channels, axis=1), delimiter=",", fmt="%.5f")
    return path


@pytest.fixture
def mvc(tmp_path: Path) -> Path:
    return written(tmp_path / "mvc.csv", sine(100.0, 2.0), sine(100.0, 1.0))


def test_the_maximum_of_a_recorded_contraction_is_of_each_channel(mvc: Path) -> None:
    assert maximum(np.loadtxt(mvc, delimiter=","), RATE) == pytest.approx((2.0 * RECTIFIED, RECTIFIED), rel=0.05)


def test_a_recorded_file_commands_at_its_own_time(tmp_path: Path, mvc: Path) -> None:
    """A quarter of the maximum of the agonist: (0.25 − 0.1)/(0.5 − 0.1) of a command; then the antagonist alone."""
    one, rest = sine(100.0, 0.5), np.zeros_like(TIME)
    file = written(tmp_path / "a.csv", np.concatenate([one, rest]), np.concatenate([rest, sine(100.0, 0.3)]))
    emg = Emg(str(file), 2, rate=RATE, mvc=str(mvc), axis=1)
    assert emg.simulated
    emg.open()
    assert emg.poll(0.0, -1.0).intent == (0.0, 0.0)
    assert emg.poll(1.9, 1.9).intent == pytest.approx((0.0, 0.375), abs=0.05)
    assert emg.poll(3.9, 3.9).intent == pytest.approx((0.0, -0.5), abs=0.05)
    assert emg.poll(9.0, 9.0).intent == (0.0, 0.0), "when the recording is over nothing is asked for"
    emg.close()


def test_without_a_maximum_contraction_nobody_knows_how_much_is_much(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="mvc is missing"):
        Emg(str(tmp_path / "a.csv"), 2)


def test_a_maximum_contraction_that_holds_none_is_refused(tmp_path: Path) -> None:
    quiet = written(tmp_path / "quiet.csv", np.zeros_like(TIME), np.zeros_like(TIME))
    with pytest.raises(BadInput, match="no contraction in it"):
        Emg("/dev/ttyACM0", 2, mvc=str(quiet))


def test_an_amplifier_on_a_line_commands_and_is_lost_when_it_falls_silent(mvc: Path) -> None:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    emg = Emg(os.ttyname(theirs), 1, rate=RATE, mvc=str(mvc))
    assert not emg.simulated
    emg.open()
    now = 0.0
    signal = sine(100.0, 1.2)
    for k in range(0, 2400, 40):
        lines = b"".join(b"%.5f,0.0\n" % value for value in signal[k : k + 40]) + b"12,x\n"
        os.write(ours, lines)
        now += 0.02
        said = emg.poll(now, now)
    assert said.intent == pytest.approx((1.0,), abs=1e-6)
    emg.poll(now + 0.19, 0.0)
    with pytest.raises(DeviceLost, match="no sample for"):
        emg.poll(now + 0.3, 0.0)
    emg.close()
    os.close(ours)
    os.close(theirs)
