"""The patient's screen is a process of its own: a real session does not notice whether it lives, and outlives it."""

from __future__ import annotations

import os
import signal

import pytest

from gui.viewmodels.asked import TIRED_QUESTION
from gui.viewmodels.second_screen import SecondScreen
from rehab.record.recording import Recording
from rehab.session.session import Session
from tests.e2e.conftest import processes_of, until

pytestmark = pytest.mark.e2e


@pytest.fixture
def screen():
    made = SecondScreen()
    yield made
    made.stop()


@pytest.fixture
def session(tmp_path):
    with Session("sim:planar_arm", "healthy", seed=1, out=tmp_path / "out") as opened:
        opened.prepare(tmp_path / "driven.yaml")
        yield opened


def alive(screen: SecondScreen) -> bool:
    screen.refresh()
    return screen.alive


def shown(screen: SecondScreen) -> bool:
    screen.refresh()
    return screen.shown


def test_killed_it_changes_nothing_and_the_session_goes_on(tmp_path, session, screen):
    screen.start(session.folder.name)
    session.arm()
    session.start()
    until(lambda: session.poll() or len(session.trials) >= 1, "no trial", every=0.05)
    until(lambda: shown(screen), "the patient's screen did not start")
    before = session.look().values["tick"]
    os.kill(screen.pid, signal.SIGKILL)
    until(lambda: not alive(screen), "it lives")
    assert "(-9)" in screen.problem and "goes on as before" in screen.problem
    done = len(session.trials)
    until(lambda: session.poll() is not None and len(session.trials) >= done + 2, "nothing moves", every=0.05)
    assert session.state == "running" and session.lost == ""
    assert session.look().values["tick"] > before
    screen.start(session.folder.name)  # and it comes back
    until(lambda: shown(screen), "it did not come back")
    session.stop()
    session.close()
    recording = Recording.open(session.folder)
    assert not [event for event in recording.events if event.kind == "fault"]


def test_it_goes_with_its_session(tmp_path, session, screen):
    screen.start(session.folder.name)
    until(lambda: shown(screen), "the patient's screen did not start")
    session.close()
    until(lambda: not alive(screen), "it stays after the session", seconds=60.0)
    assert screen.problem == ""
    assert not [words for _, words in processes_of(tmp_path) if "gui.patient" in words]


def test_it_goes_with_the_therapists_window(tmp_path, session, screen):
    screen.start(session.folder.name)
    until(lambda: shown(screen), "the patient's screen did not start")
    screen._process.stdin.close()  # as when that process is killed
    until(lambda: not alive(screen), "it stays without its window", seconds=60.0)


def test_an_answer_by_one_switch_reaches_the_window_and_the_record(tmp_path, session, monkeypatch):
    """Its own event loop presses the key: there is no other keyboard in a test."""
    driver = SecondScreen()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "sitecustomize.py").write_text(PRESSES)
    driver.choose(scan=True, dwell=0.5)
    driver.start(session.folder.name)
    driver.ask(TIRED_QUESTION)

    def answered():
        driver.refresh()
        return list(driver.answered)

    try:
        (answer,) = until(answered, "no answer came")
    finally:
        driver.stop()
    name, value = answer
    assert name == "fatigue" and value in range(11)
    until(lambda: [e for e in session.poll() if e.kind == "answer"] or [], "the session heard nothing")
    session.close()
    (said,) = [event.data for event in Recording.open(session.folder).events if event.kind == "answer"]
    assert (said["name"], said["value"], said["by"]) == ("fatigue", value, "patient's screen")


PRESSES = '''
"""In the patient's screen only: Enter, a tenth of a second long, every 1.2 s."""
import sys

if "gui.patient" in " ".join(sys.orig_argv):
    import gui.views.patient_screen

    def put(window, screens, primary, shown=gui.views.patient_screen.put):
        from gui.qt import Qt, QtCore, QtGui, QtWidgets

        def send(kind):
            target = QtWidgets.QApplication.focusWidget() or window
            key = QtGui.QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
            QtWidgets.QApplication.sendEvent(target, key)

        def press():
            send(QtCore.QEvent.Type.KeyPress)
            QtCore.QTimer.singleShot(300, lambda: send(QtCore.QEvent.Type.KeyRelease))

        shown(window, screens, primary)
        window.presser = QtCore.QTimer(window)
        window.presser.timeout.connect(press)
        window.presser.start(1200)

    gui.views.patient_screen.put = put
'''
