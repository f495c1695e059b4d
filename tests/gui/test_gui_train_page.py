"""The training page in the shell, driven as a therapist drives it: by clicks and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.qt import Qt, QtGui, QtWidgets
from gui.theme import TARGET, application
from gui.viewmodels.run import Request, SessionRun, Stage
from gui.views.shell import Shell
from gui.views.training import TrainingView
from rehab.core.clock import ManualClock
from rehab.core.trials import Question
from tests.gui.conftest import WAIT, until
from tests.gui.desks import desk_with, shell_of
from tests.gui.fake_session import FakeSession
from tests.gui.test_gui_train_models import SPASM

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton
WHO = Request(patient="stroke", who="Maria Rossi", born=("born 3 May 1958, 67 years", "3 May 1958"), side="right arm")


@pytest.fixture
def shell(qtbot: Any, no_qt_warnings: None, fake: FakeSession, clock: ManualClock) -> Iterator[Shell]:
    application()
    run = SessionRun(WHO, lambda _: fake, lambda session: session.folder / "report.pdf", clock=clock)
    desk = desk_with(run)
    desk.alarms.checked = True
    made = shell_of(desk)
    made.sounder.tones.silent = ""
    until(qtbot, lambda: run.training is not None and run.training.can_start and view(made) is not None)
    yield made
    if desk.run is not None:
        desk.run.end()
        until(qtbot, lambda: desk.run is None or desk.run.over)
    made.close()
    made.deleteLater()


@pytest.fixture
def going(shell: Shell, qtbot: Any) -> Shell:
    """The arm moves."""
    qtbot.mouseClick(view(shell).controls.start, LEFT)
    until(qtbot, lambda: view(shell).model.can_pause)
    return shell


def view(shell: Shell) -> TrainingView:
    page: Any = shell.page
    return page.training


def press(qtbot: Any, button: QtWidgets.QAbstractButton) -> None:
    until(qtbot, lambda: button.isVisible() and button.isEnabled())
    qtbot.mouseClick(button, LEFT)


def spasm(shell: Shell, fake: FakeSession, qtbot: Any, **more: Any) -> None:
    fake.fail(24, "F24 spasm", "joint 2: 9.1 N·m", "YIELD", "let the spasm pass, then reset; go on gently")
    fake.event("adverse_event", **{**SPASM, **more})
    until(qtbot, view(shell).spasm.isVisible)


def test_easier_and_harder_change_the_help_and_the_slider_follows(going: Shell, fake: FakeSession, qtbot: Any) -> None:
    panel = view(going).help
    press(qtbot, panel.easier)
    until(qtbot, lambda: fake.settings == {"assistance": 70.0})
    until(qtbot, lambda: panel.slider.value() == 70)
    panel.slider.setFocus()
    qtbot.keyClick(panel.slider, Qt.Key.Key_Left)
    until(qtbot, lambda: fake.settings == {"assistance": 65.0})
    assert panel.value.text() == "65%"


@pytest.mark.parametrize(
    ("key", "asked"),
    [(Qt.Key.Key_F5, "set"), (Qt.Key.Key_F6, "set"), (Qt.Key.Key_F7, "mark"), (Qt.Key.Key_F8, "skip"),
     (Qt.Key.Key_F9, "repeat"), (Qt.Key.Key_F2, "pause")],
)  # fmt: skip
def test_one_key_does_what_a_pedal_or_a_hurried_hand_needs(
    going: Shell, fake: FakeSession, qtbot: Any, key: Qt.Key, asked: str
) -> None:
    going.activateWindow()
    fake.advance(0.2)
    until(qtbot, lambda: view(going).notes.skip.isEnabled())
    qtbot.keyClick(going, key)
    until(qtbot, lambda: asked in fake.asked)


def test_enter_presses_the_button_that_has_the_focus(shell: Shell, fake: FakeSession, qtbot: Any) -> None:
    start = view(shell).controls.start
    start.setFocus()
    qtbot.keyClick(start, Qt.Key.Key_Return)
    until(qtbot, lambda: fake.state == "running")


def test_a_chip_goes_into_the_record_and_says_so(going: Shell, fake: FakeSession, qtbot: Any) -> None:
    press(qtbot, view(going).notes.chips["fatigue"])
    until(qtbot, lambda: fake.notes == [(("fatigue",), "")])
    until(qtbot, lambda: view(going).notes.said.text() == "noted")


def test_free_text_is_there_only_while_the_arm_has_no_power_and_takes_spaces(
    going: Shell, fake: FakeSession, qtbot: Any
) -> None:
    field = view(going).notes.field
    assert not field.isVisible()
    view(going).model.stop()
    until(qtbot, field.isVisible)
    going.activateWindow()
    field.setFocus()
    stops = fake.asked.count("stop")
    qtbot.keyClicks(field, "left shoulder")
    assert field.text() == "left shoulder"
    assert fake.asked.count("stop") == stops
    qtbot.keyClick(field, Qt.Key.Key_Return)
    until(qtbot, lambda: fake.notes == [((), "left shoulder")])


@pytest.mark.parametrize(
    ("question", "words", "answer"),
    [
        (Question(name="pain", text="How much does it hurt?", kind="number", least=0.0, most=10.0), "7", 7.0),
        (Question(name="tired", text="Are you tired?"), "No", False),
        (Question(name="side", text="Which?", kind="choice", choices=("left", "right")), "right", "right"),
        (Question(name="continue", text="Go on", kind="key"), "Go on", True),
    ],
)
def test_a_question_is_shown_large_and_answered_with_one_press(
    going: Shell, fake: FakeSession, qtbot: Any, question: Question, words: str, answer: Any
) -> None:
    fake.question = question
    panel = view(going).question
    until(qtbot, panel.isVisible)
    button = next(b for b in panel.buttons if b.text().strip() == words)
    assert min(button.width(), button.height()) >= TARGET
    press(qtbot, button)
    until(qtbot, lambda: fake.notes == [(question.name, answer)])
    until(qtbot, view(going).workspace.isVisible)


def test_a_number_out_of_its_range_is_no_answer(going: Shell, fake: FakeSession, qtbot: Any) -> None:
    fake.question = Question(name="borg", text="How hard?", kind="number", least=6.0, most=20.0)
    panel = view(going).question
    until(qtbot, panel.isVisible)
    assert panel.field is not None
    going.activateWindow()
    panel.field.setFocus()
    qtbot.keyClicks(panel.field, "25")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert "6 to 20" in panel.problem.text()
    panel.field.setText("13")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    until(qtbot, lambda: fake.notes == [("borg", 13.0)])


def test_a_question_is_announced_and_its_first_answer_has_the_focus(
    going: Shell, fake: FakeSession, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QtGui.QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    going.activateWindow()
    fake.question = Question(name="tired", text="Are you tired?")
    until(qtbot, lambda: "Are you tired?" in said)
    until(qtbot, lambda: QtWidgets.QApplication.focusWidget() is view(going).question.buttons[0])


@pytest.mark.parametrize(
    ("act", "asked"), [("gentler", "resume_gentler"), ("stretch", "slow_stretch"), ("out", "get_out")]
)
def test_after_a_spasm_each_way_is_one_press(
    going: Shell, fake: FakeSession, qtbot: Any, act: str, asked: str
) -> None:
    fake.left = fake._plan
    spasm(going, fake, qtbot)
    press(qtbot, view(going).spasm.choices[act])
    until(qtbot, lambda: asked in fake.asked)


def test_a_stretch_counts_down_its_hold(going: Shell, fake: FakeSession, qtbot: Any) -> None:
    import msgspec

    spasm(going, fake, qtbot)
    press(qtbot, view(going).spasm.choices["stretch"])
    until(qtbot, lambda: view(going).model.after.way == "stretch")
    fake._reach = lambda: ((0.0, 0.0), (0.0, 0.0))  # type: ignore[method-assign]
    fake._scene = msgspec.structs.replace(fake.scenes[0], phase="slow_stretch_hold", level=0.4)
    fake.advance(0.01)
    until(qtbot, lambda: view(going).spasm.waiting.text() == "Held: 18 seconds left. STOP lets go")
    assert view(going).spasm.progress.value() == 400
    fake.event("way_end", way="slow_stretch", arrived=True)
    fake.state = "idle"
    fake.event("state", name="idle")
    fake.advance(0.01)
    until(qtbot, lambda: view(going).spasm.choices["out"].isEnabled())


def test_the_adverse_event_note_is_filled_in_and_kept(going: Shell, fake: FakeSession, qtbot: Any) -> None:
    chart: list[str] = []
    assert going.desk.run is not None
    going.desk.run.keep_note = chart.append
    spasm(going, fake, qtbot)
    panel = view(going).spasm
    until(qtbot, lambda: "Spasm no. 1" in panel.note.toPlainText())
    press(qtbot, panel.keep)
    until(qtbot, lambda: bool(fake.notes))
    assert fake.notes[0][0] == ("adverse event",)
    assert chart == [fake.notes[0][1]]
    assert "Maria Rossi" in chart[0]


def test_what_somebody_has_written_in_the_note_is_not_overwritten(going: Shell, fake: FakeSession, qtbot: Any) -> None:
    spasm(going, fake, qtbot)
    panel = view(going).spasm
    until(qtbot, lambda: bool(panel.note.toPlainText()))
    panel.note.setPlainText("She says it happens at night too.")
    fake.event("adverse_event", **{**SPASM, "next": "the fault was cleared"})
    until(qtbot, lambda: view(going).model.after.note["next"] != "")
    going.frame()
    assert panel.note.toPlainText() == "She says it happens at night too."


def test_three_spasms_advise_to_end(going: Shell, fake: FakeSession, qtbot: Any) -> None:
    spasm(going, fake, qtbot, number=3)
    fake.event("advice", words="three spasms: end the session", spasms=3)
    until(qtbot, lambda: view(going).spasm.advice.text() == "3 spasms in this session: end it now")


def test_a_lost_device_is_explained_and_goes_on_in_a_new_session(
    going: Shell, fake: FakeSession, qtbot: Any, tmp_path: Path
) -> None:
    second = FakeSession(tmp_path / "second", trials=9)
    run = going.desk.run
    assert run is not None
    run._open_session = lambda _: second
    fake.advance(4.5)
    fake.left = fake._plan
    fake.fail(9, "F09 device unplugged", "the line was hung up", "RAMP_OFF", "")
    panel = view(going).device
    until(qtbot, panel.isVisible)
    assert "does not drop" in panel.drops.text()
    assert panel.kept.text() == "2 trials are kept in the recording."
    assert "Go on at trial 3" in panel.go_on.text()
    press(qtbot, panel.go_on)
    until(qtbot, lambda: going.desk.run is not run)
    until(qtbot, lambda: view(going) is not None and view(going).head.counter.text() == "11 trials")
    assert fake.asked[-1] == "close"


def test_parking_needs_the_straps_out_and_the_same_person_back(going: Shell, fake: FakeSession, qtbot: Any) -> None:
    until(qtbot, lambda: not view(going).head.park.isEnabled())
    view(going).model.stop()
    until(qtbot, lambda: view(going).model.can_park)
    fake.live()
    press(qtbot, view(going).head.park)
    panel = view(going).park
    until(qtbot, panel.isVisible)
    assert "straps" in panel.words.text()
    press(qtbot, panel.yes)
    until(qtbot, lambda: fake.parked)
    going.desk.went.append(type(going.desk.went[-1])("today", {}))
    until(qtbot, lambda: going.strip.words.text() == "Maria Rossi · Parked")
    assert going.strip.stop.isVisibleTo(going.strip)
    going.desk.went.pop()
    press(qtbot, panel.yes)
    until(qtbot, lambda: panel.facts.text() == "born 3 May 1958, 67 years · right arm")
    press(qtbot, panel.no)
    assert fake.parked
    press(qtbot, panel.yes)
    press(qtbot, panel.yes)
    until(qtbot, lambda: not fake.parked)
    until(qtbot, lambda: view(going).controls.start.isEnabled())
    assert "Go on" in view(going).controls.start.text()


def test_an_alarm_is_played_and_silenced_but_stays(going: Shell, fake: FakeSession, qtbot: Any) -> None:
    played: list[Any] = []
    going.sounder.tones.play = played.append  # type: ignore[method-assign]
    fake.fail(16, "F16 emergency stop pressed", "", "TORQUE_OFF", "release the button, then reset")
    until(qtbot, lambda: bool(played))
    banner = view(going).banner
    press(qtbot, banner.heard)
    until(qtbot, lambda: "Sound off 1" in banner.heard.text())
    assert banner.isVisible()
    assert "F16" in banner.words


def test_the_alarm_sound_is_asked_for_once_and_a_no_stays(shell: Shell, qtbot: Any) -> None:
    shell.desk.alarms.checked = None
    check = view(shell).sound
    until(qtbot, check.isVisible)
    press(qtbot, check.no)
    until(qtbot, lambda: "F42" in check.words.text())
    press(qtbot, check.yes)
    until(qtbot, lambda: not check.isVisible())


def test_settings_are_changed_with_their_unit_or_refused_in_words(going: Shell, fake: FakeSession, qtbot: Any) -> None:
    view(going).side.setCurrentIndex(2)
    going.frame()
    panel = view(going).settings
    field = panel.fields["stiffness"]
    field.setFocus()
    field.setText("300 N/m")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    until(qtbot, lambda: fake.settings.get("stiffness") == 300.0)
    field.setText("9 kN/m")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "too large" in panel.problem.text()
    assert "set by built-in" in panel.limits.text()


def test_everything_is_named_and_large_enough(going: Shell, fake: FakeSession, qtbot: Any) -> None:
    kinds = (QtWidgets.QAbstractButton, QtWidgets.QLineEdit, QtWidgets.QSlider, QtWidgets.QPlainTextEdit)

    def wrong() -> list[str]:
        found = [w for kind in kinds for w in view(going).findChildren(kind) if w.isVisible()]
        return [
            f"{type(w).__name__} {w.accessibleName()} {w.width()}x{w.height()}"
            for w in found
            if not w.accessibleName() or min(w.width(), w.height()) < TARGET
        ]

    assert wrong() == []
    spasm(going, fake, qtbot)
    assert wrong() == []


@pytest.mark.parametrize("what", ["going", "spasm", "device", "parking"])
@pytest.mark.parametrize("language", ["en", "it"])
def test_the_page_fits_the_smallest_window(
    going: Shell, fake: FakeSession, qtbot: Any, what: str, language: str
) -> None:
    from gui import i18n

    fake.live()  # making all pages anew may take longer than a silent loop is believed
    try:
        going.speak(language)
        until(qtbot, lambda: view(going) is not None)
        if what == "spasm":
            spasm(going, fake, qtbot)
        elif what == "device":
            fake.fail(9, "F09 device unplugged", "", "RAMP_OFF", "")
            until(qtbot, lambda: view(going).device.isVisible())
        elif what == "parking":
            view(going).model.stop()
            press(qtbot, view(going).head.park)
            until(qtbot, lambda: view(going).park.isVisible() and not view(going).side.isVisible())
        going.frame()
        for _ in range(6):  # what was hidden leaves its layout by an event, and each layout around it by another
            QtWidgets.QApplication.processEvents()
        asked = going.minimumSizeHint()
        assert (asked.width() <= 1280, asked.height() <= 800) == (True, True), asked
    finally:
        i18n.use("en")


def test_without_a_session_the_page_says_what_to_do(qtbot: Any, no_qt_warnings: None) -> None:
    application()
    desk = desk_with(None)
    made = shell_of(desk)
    page: Any = made.page
    until(qtbot, page.opening.isVisible)
    assert page.opening.heading.text() == "No session is open"
    made.close()
    made.deleteLater()


def test_a_session_that_cannot_be_opened_may_be_tried_again(
    qtbot: Any, no_qt_warnings: None, fake: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gui.views import train
    from rehab.core.errors import BadInput

    def unplugged(_: Request) -> Any:
        raise BadInput("there is no /dev/ttyACM0")

    monkeypatch.setattr(train, "new_run", lambda request: SessionRun(request, lambda _: fake, lambda s: s.folder))
    desk = desk_with(SessionRun(WHO, unplugged, lambda s: s.folder))
    made = shell_of(desk)
    page: Any = made.page
    until(qtbot, page.opening.again.isVisible)
    assert page.opening.problem.text() == "there is no /dev/ttyACM0"
    press(qtbot, page.opening.again)
    until(qtbot, lambda: desk.run is not None and desk.run.stage is Stage.TRAINING)
    assert desk.run is not None
    desk.run.end()
    qtbot.waitUntil(lambda: desk.run is not None and desk.run.over, timeout=WAIT)
    made.close()
    made.deleteLater()
