"""What goes wrong beside the arm, in the real windows over real processes: the wrong person, a hand on the space bar, a
window that is killed, a cable that is pulled, a disk that fills."""

from __future__ import annotations

import resource
import shutil
import signal
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gui.qt import Qt
from gui.viewmodels.run import Request
from gui.viewmodels.waiting import sessions_waiting
from gui.widgets.buttons import IconButton
from rehab.clinic.clinic import Clinic
from rehab.core.values import Status
from rehab.realtime.layout import WIDTH
from rehab.record.recording import Recording
from rehab.record.verify import verify
from tests.e2e.conftest import background, emulator, nothing_stays, pid_of, processes_of, site, until  # noqa: F401
from tests.gui import real
from tests.gui.day import Office, clinic, demo_store, read_aloud  # noqa: F401

pytestmark = [pytest.mark.e2e, pytest.mark.window, pytest.mark.usefixtures("no_qt_warnings")]
SOAK = Path(__file__).parents[1] / "e2e" / "soak.py"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def make(
    qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Path,  # noqa: F811
) -> Iterator[Any]:  # fmt: skip
    """(device) -> the application, made when it is asked for; one a test."""
    made: list[Iterator[Office]] = []

    def make(device: str = "sim:planar_arm") -> Office:
        made.append(real.real_office(qtbot, clinic, tmp_path / "o", monkeypatch, device=device))
        return next(made[-1])

    (tmp_path / "o").mkdir()
    yield make
    for each in made:
        next(each, None)


def ready(app: Office, name: str = "Demo Uno") -> str:
    """Signed in, the identity confirmed, both questions answered; the patient's code."""
    if app.desk.acting is None:
        real.sign_in(app)
    code = real.open_patient(app, name)
    real.confirm(app)
    real.answer(app)
    app.wait(lambda: app.page.start.isEnabled())
    return code


# who is at the arm ---------------------------------------------------------------------------------------------------


def test_a_wrong_patient_is_refused_before_the_arm_has_power(make: Any) -> None:
    """Whose limits hold is decided by the identity that was confirmed; nobody else's plan runs under them (F36)."""
    app = make()
    wrong = ready(app, "Demo Due")
    run = app.desk.run
    stored = len(app.desk.acting.sessions.list(wrong))
    app.click(app.page.wrong)
    app.wait(lambda: not app.desk.session_open)
    app.settle()
    assert app.place == "patients" and app.desk.visit is None
    assert len(app.desk.acting.sessions.list(wrong)) == stored
    recording = Recording.open(run.folder)
    assert "arm" not in real.commands(recording)
    assert not (recording.ticks["status"].astype(int) & int(Status.ARMED)).any()

    app.go("today")
    right = ready(app, "Demo Uno")
    session = app.desk.run.session
    assert right in str(session.folder) + str(Recording.open(session.folder).metadata)
    others = app.desk.acting.charts.read(wrong).layer
    theirs = session.prepared
    app.click(app.page.not_now)
    app.wait(lambda: not app.desk.session_open)
    app.desk.go("train", request=Request("sim:planar_arm", "stroke", theirs, out=run.folder.parent, who="Demo Due",
                                         person=others))  # fmt: skip
    app.wait(lambda: real.view(app) is not None and "F36" in real.view(app).banner.words)
    shown = real.view(app).banner.words
    assert "limits of another patient or device" in shown and "prepare the protocol anew" in shown
    app.click(real.view(app).controls.start)
    app.wait(lambda: not real.model(app).worker.busy and "F36" in real.view(app).banner.words)
    assert real.model(app).resting and not real.model(app).has_run
    folder = app.desk.run.folder
    app.click(real.view(app).head.end)
    app.wait(lambda: not app.desk.session_open)
    assert not (Recording.open(folder).ticks["status"].astype(int) & int(Status.ARMED)).any()


def test_an_alarm_that_nobody_hears_is_said_and_stays_in_the_window(make: Any) -> None:
    """F42: a low priority, the arm goes on."""
    app = make()
    ready(app)
    real.begin(app)
    view = real.view(app)
    app.click(view.sound.no)
    app.wait(lambda: "F42 the alarm does not sound" in view.sound.words.text())
    real.train(app, 1)
    assert view.sound.isVisible() and "Check the loudspeaker" in view.sound.words.text()


# stop ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("focus", ["pause", "tab", "easier", "another page"])
def test_the_space_bar_stops_the_arm_wherever_the_focus_is(make: Any, focus: str) -> None:
    app = make()
    ready(app)
    real.begin(app)
    view, model, run = real.view(app), real.model(app), app.desk.run
    real.train(app, 1)
    app.wait(lambda: real.moves(app))
    if focus == "another page":
        app.desk.go("patients")
        app.page.search.setFocus()
    else:
        {"pause": view.controls.pause, "tab": view.side.tabBar(), "easier": view.notes.chips["pain"]}[focus].setFocus()
    real.key(app, Qt.Key.Key_Space)
    app.wait(lambda: model.state == "stopped" and model.resting)
    assert focus != "another page" or app.page.search.text() == ""
    assert model.bedside.kept == 0  # the chip that had the focus was not pressed
    app.desk.go("train")
    real.end(app)
    recording = Recording.open(run.folder)
    assert [event["by"] for event in real.events(recording, "stop")][:1] == ["anna"]
    assert not real.events(recording, "fault")
    assert recording.ticks["enable"][-1] == 0 and not recording.ticks["sent_0"][-1]


# the window dies -----------------------------------------------------------------------------------------------------


def test_a_killed_window_is_taken_over_from_today_after_who_it_is_was_confirmed(
    make: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with background(sys.executable, SOAK, tmp_path / "clinic.db", tmp_path / "o", 600) as first:
        assert first.stdout.readline().strip() == "moving", first.stderr.read()
        (run,) = (tmp_path / "run").glob("*/*")
        first.send_signal(signal.SIGKILL)
        first.wait()
        until(lambda: [one for one in sessions_waiting() if one.state == "faulted"], "no session waits, made safe")
    app = make()
    real.sign_in(app)
    (lost,) = [b for b in app.page.findChildren(IconButton) if b.isVisible() and "Take it over" in b.text()]
    app.click(lost)
    app.wait(lambda: app.place == "patient")
    app.settle()
    app.click(app.page.confirm)
    app.wait(lambda: app.place == "train" and real.view(app) is not None and real.model(app).state == "faulted")
    view, model, visit = real.view(app), real.model(app), app.desk.visit
    app.wait(lambda: "F14 the window died" in view.banner.words)
    app.click(view.banner.button)
    app.wait(lambda: view.controls.start.isEnabled())
    assert "Go on" in view.controls.start.text()
    before = len(model.trials)
    app.click(view.controls.start)
    real.train(app, before + 2)
    record = real.end(app)
    assert visit.record.id == record.id and Path(record.folder).name == run.name
    recording = Recording.open(Path(record.folder))
    assert verify(recording.folder).ok and (np.diff(recording.ticks["tick"]) == 1).all()
    assert [event["id"] for event in real.events(recording, "fault")] == [14]
    numbers = [event["number"] for event in real.events(recording, "trial_start")]
    assert numbers == list(range(1, len(numbers) + 1)) and record.trials == len(recording.trials)


# the cable -----------------------------------------------------------------------------------------------------------


def test_a_pulled_cable_says_which_plug_and_goes_on_with_the_next_trial_once_it_is_in_again(
    make: Any, tmp_path: Path
) -> None:
    port = tmp_path / "robot"
    with emulator("--patient", "healthy") as (device, path):
        port.symlink_to(path)
        app = make(f"serial:{port}")
        code = ready(app, "Demo Tre")
        real.begin(app)
        real.train(app, 2)
        first = app.desk.run.folder
        device.kill()  # the pty is closed
        device.wait()
        view = real.view(app)
        app.wait(lambda: view.device.isVisible())
    words = read_aloud(view.device)
    assert "The robot is not connected any more" in words
    assert f"Look at the USB cable between the robot and this computer ({port})" in words
    assert "does not drop" in words
    done = len(real.model(app).trials)
    assert f"{done} trials are kept" in words
    app.click(view.device.go_on)  # before anybody has put the plug in
    app.wait(lambda: app.place == "train" and app.page.opening.again.isVisible())
    assert f"no port {port};" in app.page.opening.problem.text().replace("\u200b", "")
    with emulator("--patient", "healthy") as (_, path):
        port.unlink()
        port.symlink_to(path)
        app.click(app.page.opening.again)
        app.wait(lambda: real.view(app) is not None and real.view(app).controls.start.isEnabled())
        assert real.model(app).next_trial == done + 1
        app.click(real.view(app).controls.start)
        real.train(app, done + 2)
        second = app.desk.run.folder
        record = real.end(app)
    assert record.patient == code and record.trials >= done + 2
    assert app.desk.acting.sessions.last(code).id == record.id
    before, after = Recording.open(first), Recording.open(second)
    assert [event["id"] for event in real.events(before, "fault")] == [9]
    assert real.events(after, "follows") == [{"session": first.name, "trials": done}]
    assert real.events(after, "trial_start")[0]["number"] == done + 1
    assert verify(first).ok and verify(second).ok


# the disk ------------------------------------------------------------------------------------------------------------

Usage = namedtuple("Usage", "total used free")
SESSION = 600.0 * 1000.0 * WIDTH * 8.0  # bytes of ten minutes
DISK = """\
import collections, os, pathlib, shutil
Usage = collections.namedtuple("Usage", "total used free")
shutil.disk_usage = lambda path: Usage(10**12, 0, int(pathlib.Path(os.environ["REHAB_TEST_FREE"]).read_text()))
"""


class Disk:
    """What this disk says is free, to every process: it is asked for on each look."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def has_room_for(self, sessions: float) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(str(int(sessions * SESSION)))
        fresh.replace(self.path)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk(tmp_path / "free")
    (tmp_path / "startup").mkdir()
    (tmp_path / "startup" / "sitecustomize.py").write_text(DISK)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "startup"))
    monkeypatch.setenv("REHAB_TEST_FREE", str(made.path))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, int(made.path.read_text())))
    return made


def test_a_disk_that_is_nearly_full_is_said_before_and_during_and_the_session_goes_on(make: Any, disk: Disk) -> None:
    disk.has_room_for(13)
    app = make()
    ready(app)
    assert app.page.room.isVisible()
    assert "The disk is nearly full" in app.page.room.text() and "about 13 sessions" in app.page.room.text()
    real.begin(app)
    view = real.view(app)
    app.wait(lambda: "about 13 sessions" in view.banner.words)
    disk.has_room_for(0.5)
    app.wait(lambda: "F30 nothing can be recorded" in view.banner.words or (real.moves(app) and False))
    assert "Make room" in view.banner.words
    done = len(real.model(app).trials)
    real.train(app, done + 2)
    record = real.end(app)
    assert record.outcome == "cut_short" and record.trials >= done + 2
    assert verify(Path(record.folder)).ok


def test_without_room_for_ten_sessions_none_begins_and_the_window_says_what_to_do(make: Any, disk: Disk) -> None:
    disk.has_room_for(5)
    app = make()
    real.sign_in(app)
    real.open_patient(app)
    visit = real.confirm(app)
    real.answer(app)
    app.wait(lambda: app.page.again.isVisible())
    assert "Make room there" in app.page.problem.text()
    disk.has_room_for(1000)
    app.click(app.page.again)
    app.wait(lambda: app.page.start.isEnabled())
    assert not app.page.room.isVisible() and visit.problem == ""


def test_a_full_disk_stops_the_arm_says_so_and_ends_the_session(make: Any, tmp_path: Path) -> None:
    """F30: the limit on the size of files gives the error of a full disk; the second recorder inherits it."""
    app = make()
    ready(app)
    model = real.begin(app)
    real.train(app, 1)
    visit = app.desk.visit
    most = (app.desk.run.folder / "ticks.frames").stat().st_size + 100_000
    for module in ("rehab.session.supervisor", "rehab.record.process"):
        resource.prlimit(pid_of(tmp_path, module), resource.RLIMIT_FSIZE, (most, most))
    heard: list[str] = []

    def said() -> bool:
        heard.append(" ".join(f"{m.title} {m.text}" for m in app.desk.alarms.messages))
        return bool(app.place == "after")

    app.wait(said)
    app.wait(lambda: not visit.waiting and visit.record.state == "ended")
    app.settle()
    assert any("F30 nothing can be recorded" in words for words in heard)
    assert model.resting
    assert visit.record.outcome == "stopped" and visit.record.trials >= 1
    assert "recorder" in app.page.problem.text()
    ticks = Recording.open(Path(visit.record.folder)).ticks["tick"]
    assert (np.diff(ticks) == 1).all()
    until(lambda: not processes_of(tmp_path), "processes stay")
    for path in (tmp_path / "run").glob("*/*"):  # it holds what no disk would take; this test's end needs it no more
        shutil.rmtree(path)

