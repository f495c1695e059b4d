"""A running session is heard: real processes, samples through a pipe."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from tests.e2e.conftest import REHAB, in_motion, rehab, scripted, until

pytestmark = pytest.mark.e2e


def test_a_running_session_is_heard_and_the_sound_ends_with_it(tmp_path):
    with scripted("sim:planar_arm", tmp_path / "driven.yaml", tmp_path / "out", "healthy") as session:
        until(lambda: in_motion(tmp_path / "out", tmp_path), "nothing moves")
        with subprocess.Popen([*REHAB, "listen", "--raw"], stdout=subprocess.PIPE) as listener:
            sound = np.frombuffer(listener.stdout.read(3 * 22050 * 4), dtype=np.int16).reshape(-1, 2)
            session.terminate()
            listener.stdout.read()
            assert listener.wait(60) == 0
    spectrum = np.abs(np.fft.rfft(sound.sum(axis=1, dtype=float)))
    heard = np.argmax(spectrum) * 22050 / len(sound)
    assert np.abs(sound).max() > 3000
    assert 200.0 < heard < 1000.0  # an octave around the middle, and the cues


def test_without_a_session_it_says_so(tmp_path):
    done = rehab("listen", "--raw")
    assert done.returncode == 2
    assert "no session is running" in done.stderr
    assert sys.executable not in done.stderr
