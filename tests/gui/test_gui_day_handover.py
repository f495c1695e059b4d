"""Handover, and users."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.viewmodels.handover import FRAMES, read_replay
from rehab.clinic.clinic import Clinic
from tests.gui.day import PASSWORD, Office, clinic, demo_store, office  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from rehab.session.session import Session

    with Session("sim:planar_arm", "stroke", seed=1, clock="simulated", out=tmp_path_factory.mktemp("rec")) as session:
        for _ in session.run("reach", trials=3):
            pass
    return session.folder


def test_the_replay_shows_the_hand_where_it_was(recorded: Path) -> None:
    from rehab.record.recording import Recording

    replay = read_replay(recorded)
    recording = Recording.open(recorded)
    last = int((recording.ticks["trial"] > 0).nonzero()[0][-1])
    assert 1.0 < len(replay.pictures) / FRAMES <= 20.1
    step = 0.04  # m: the hand moves at most so far in the last thirtieth of a second
    hand, there = replay.pictures[-1].hand, recording.array("x")[last]
    assert abs(hand[0] - there[0]) < step and abs(hand[1] - there[1]) < step


def test_the_replay_plays_and_stops_at_its_end(app: Office, recorded: Path) -> None:
    acting = app.signed_in()
    code = app.patient("Demo Uno")
    session = acting.sessions.begin(code, device="sim:planar_arm")
    acting.sessions.recorded(session.id, str(recorded))
    acting.sessions.end(session.id, "done", trials=3, reached=3)
    page = app.go("handover", patient=code)
    app.wait(lambda: page.replay is not None and page.replay.isVisible())
    view = page.replay
    app.click(view.play)
    assert view.playing and view.at == 0
    view.tick(100.0)
    view.tick(100.5)
    assert view.at == pytest.approx(0.5 * FRAMES, abs=1)
    view.tick(200.0)
    assert not view.playing and view.at == len(view.replay.pictures) - 1


def test_limits_stand_there_with_their_reasons(app: Office) -> None:
    acting = app.signed_in()
    code = app.patient("Demo Uno")
    acting.charts.set_limit(code, "force", 12.0, reason="sore wrist")
    app.go("handover", patient=code)
    said = " ".join(w.text() for w in app.page.findChildren(_label()) if w.isVisible())
    assert "sore wrist" in said and "12" in said


def test_access_is_given_for_a_while_with_a_reason_and_taken_back(app: Office) -> None:
    acting = app.signed_in()
    code = app.patient("Demo Due")
    page = app.go("handover", patient=code)
    page.colleague.setCurrentIndex(page.colleague.findText("Remo Demo"))
    app.click(page.give)
    app.shell.frame()
    assert "why" in page.problem.text() and acting.access.list(code) == ()
    app.type(page.reason, "covers on Friday")
    app.click(page.give)
    app.settle()
    app.settle()
    (grant,) = acting.access.list(code)
    assert (grant.user, grant.reason) == ("Remo Demo", "covers on Friday")
    page.model.revoke(grant.id)
    app.settle()
    assert acting.access.list(code) == ()


def test_an_administrator_adds_a_user_who_can_sign_in(app: Office) -> None:
    app.signed_in("carla")
    page = app.go("users")
    app.click(page.new)
    app.settle()
    for line, words in ((page.full_name, "Luca Verdi"), (page.name, "luca"), (page.password, "quite long 1"),
                        (page.pin, "4711")):  # fmt: skip
        app.type(line, words)
    page.roles["therapist"].setChecked(True)
    app.click(page.add)
    app.settle()
    app.settle()
    assert app.desk.clinic.sign_in("luca", "quite long 1").user.roles == {"therapist"}
    assert "Luca Verdi" in page.saved.text() and page.password.text() == ""


def test_a_locked_user_is_unlocked_and_gets_a_new_password(app: Office) -> None:
    from rehab.core.errors import AccessError

    for _ in range(6):
        with pytest.raises(AccessError):
            app.desk.clinic.sign_in("marco", "wrong")
    app.signed_in("carla")
    page = app.go("users")
    marco = next(user for user in page.model.users if user.name == "marco")
    page.model.choose(marco.id)
    app.settle()
    app.click(page.unlock)
    app.settle()
    assert app.desk.clinic.sign_in("marco", PASSWORD).user.name == "marco"
    app.settle()
    app.type(page.password, "another long 1")
    app.click(page.set_password)
    app.settle()
    assert app.desk.clinic.sign_in("marco", "another long 1").user.name == "marco"


def test_the_last_administrator_cannot_give_the_role_away(app: Office) -> None:
    app.signed_in("carla")
    anna = next(user for user in app.desk.acting.users.list() if user.name == "anna")
    app.desk.acting.users.set_roles(anna.id, ["therapist"])
    page = app.go("users")
    page.model.choose(app.desk.acting.user.id)
    app.settle()
    page.roles["technician"].setChecked(True)
    page.roles["administrator"].setChecked(False)
    app.click(page.save_roles)
    app.settle()
    assert page.problem.isVisible() and page.problem.text()


def _label() -> Any:
    from gui.qt import QtWidgets

    return QtWidgets.QLabel
