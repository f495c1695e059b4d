"""The patient's screen as a window, and the therapist's hand on it; driven by real keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui import i18n
from gui.qt import Qt, QtCore, QtWidgets, addon
from gui.theme import CONTRAST, LIGHT, application, dress
from gui.viewmodels import asked
from gui.viewmodels.patient_screen import Part, PatientScreen
from gui.viewmodels.screen_settings import Said, ScreenSettings
from gui.viewmodels.worker import Worker
from gui.views.patient_screen import PatientWindow, put
from gui.widgets.answers import AnswerButton
from gui.widgets.voice import Cues, Speech, samples
from rehab.core.clock import ManualClock
from tests.gui.day import nameless, too_small, truncated
from tests.gui.fake_session import FakeSession
from tests.gui.fake_watched import FakeWatched

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


class Screen:
    def __init__(self, qtbot: Any, folder: Path) -> None:
        application(CONTRAST)
        self.qtbot, self.clock = qtbot, ManualClock()
        self.session = FakeSession(folder, trials=8)
        self.watched = FakeWatched(self.session)
        self.model = PatientScreen(self.watched, ScreenSettings(), Worker(chained=False), clock=self.clock)
        self.window = PatientWindow(self.model)
        self.window._timer.stop()
        self.window.resize(1280, 800)
        self.window.show()
        self.step()

    def step(self, seconds: float = 0.05) -> None:
        self.session.advance(0.01)
        self.clock.advance(seconds)
        self.window.frame()
        for _ in range(3):
            QtWidgets.QApplication.processEvents()

    def run(self) -> None:
        self.session.prepare("x")
        self.session.arm()
        self.session.start()
        self.step()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.model.worker.busy, timeout=20_000)
        self.step()

    def key(self, key: Qt.Key) -> None:
        """One key, held for a tenth of a second, and nothing else."""
        target = QtWidgets.QApplication.focusWidget() or self.window
        self.qtbot.keyPress(target, key)
        self.step(0.1)
        self.qtbot.keyRelease(target, key)
        self.step(0.5)


@pytest.fixture
def screen(qtbot: Any, tmp_path: Path) -> Iterator[Screen]:
    made = Screen(qtbot, tmp_path)
    yield made
    made.window.close()
    made.window.deleteLater()
    made.model.worker.close()
    QtWidgets.QApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
    i18n.use("en")
    app = QtWidgets.QApplication.instance()
    assert isinstance(app, QtWidgets.QApplication)
    dress(app, LIGHT)


@pytest.mark.parametrize(("name", "key"), [("enter", Qt.Key.Key_Return), ("f8", Qt.Key.Key_F8)])
def test_a_whole_question_is_answered_by_one_key_alone(screen: Screen, name: Any, key: Qt.Key) -> None:
    screen.model.told(Said(settings=ScreenSettings(scan=True, key=name, dwell=1.0)))
    screen.run()
    screen.watched.question = asked.PAIN_QUESTION
    screen.step()
    while not screen.window.answers.buttons[7].offered:
        screen.step(0.2)
    screen.key(key)
    assert screen.window.instruction.text() == "7: is that right?"
    screen.key(key)
    screen.settle()
    assert screen.watched.answers == [("pain", 7)] and screen.model.part is Part.TRAIN
    assert screen.session.asked == ["prepare", "arm", "start"]  # the key stopped nothing and started nothing


def test_a_click_anywhere_is_the_switch_but_on_stop_it_stops(screen: Screen) -> None:
    screen.model.told(Said(settings=ScreenSettings(scan=True, key="click")))
    screen.run()
    screen.watched.question = asked.PAIN_QUESTION
    screen.step()
    screen.qtbot.mousePress(screen.window.canvas, Qt.MouseButton.LeftButton)
    screen.step(0.1)
    screen.qtbot.mouseRelease(screen.window.canvas, Qt.MouseButton.LeftButton)
    assert screen.model.chosen is not None
    screen.qtbot.mouseClick(screen.window.stop, Qt.MouseButton.LeftButton)
    screen.settle()
    assert screen.session.asked[-1] == "stop"


@pytest.mark.parametrize("scan", [False, True])
def test_the_space_bar_is_stop_also_on_an_answer(screen: Screen, scan: bool) -> None:
    screen.model.told(Said(settings=ScreenSettings(scan=scan)))
    screen.run()
    screen.watched.question = asked.PAIN_QUESTION
    screen.step()
    screen.window.answers.buttons[3].setFocus()
    screen.key(Qt.Key.Key_Space)
    screen.settle()
    assert screen.session.asked[-1] == "stop" and screen.watched.answers == []


def test_without_a_switch_tab_and_enter_answer(screen: Screen) -> None:
    screen.run()
    screen.watched.question = asked.PAIN_QUESTION
    screen.step()
    screen.key(Qt.Key.Key_Tab)
    screen.key(Qt.Key.Key_Tab)
    screen.key(Qt.Key.Key_Return)
    screen.settle()
    assert screen.watched.answers == [("pain", 2)]


def test_an_answer_is_touched(screen: Screen) -> None:
    screen.run()
    screen.watched.question = asked.BORG_QUESTION
    screen.step()
    screen.qtbot.mouseClick(screen.window.answers.buttons[7], Qt.MouseButton.LeftButton)
    screen.settle()
    assert screen.watched.answers == [("borg", 13)]


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
@pytest.mark.parametrize("language", ["en", "it"])
def test_everything_is_named_large_and_whole(screen: Screen, language: Any, size: tuple[int, int]) -> None:
    screen.window.resize(*size)
    screen.model.told(Said(settings=ScreenSettings(language=language)))
    screen.run()
    moments = [{}, {"phase": "rest", "text": "Rest"}]
    for scene in moments:
        screen.watched.scene = scene
        screen.step()
        assert (nameless(screen.window), too_small(screen.window), truncated(screen.window)) == ([], [], [])
    for question in (asked.PAIN_QUESTION, asked.BORG_QUESTION, asked.TIRED_QUESTION):
        screen.watched.question = question
        screen.step()
        assert (nameless(screen.window), too_small(screen.window), truncated(screen.window)) == ([], [], [])
        assert all(type_of(button) >= 12 for button in screen.window.answers.buttons), question.name
    assert screen.window.stop.height() >= 96


def type_of(button: AnswerButton) -> int:
    """px of the smallest type on it, as it is painted."""
    sizes: list[int] = []
    fitting = button._fitting

    def noted(*args: Any, **more: Any) -> Any:
        font = fitting(*args, **more)
        sizes.append(font.pixelSize())
        return font

    button._fitting = noted  # type: ignore[method-assign]
    button.grab()
    return min(sizes)


def test_the_picture_is_described_for_who_cannot_see_it(screen: Screen) -> None:
    screen.run()
    assert screen.window.canvas.accessibleDescription().startswith("The target is")


def test_the_glow_is_seen_on_the_canvas(screen: Screen) -> None:
    screen.run()

    def edge() -> str:
        return screen.window.canvas.grab().toImage().pixelColor(screen.window.canvas.width() // 2, 5).name().upper()

    assert edge() == CONTRAST.ground
    screen.watched.happen("trial_end", outcome="reached")
    screen.step()
    assert edge() == CONTRAST.good
    assert screen.window.praise.text() == "Well done, 7 more"


def test_with_one_monitor_it_is_a_window_beside_the_therapists(screen: Screen) -> None:
    app = QtWidgets.QApplication.instance()
    assert isinstance(app, QtWidgets.QApplication)
    put(screen.window, app.screens(), app.primaryScreen())
    assert not screen.window.isFullScreen()
    put(screen.window, app.screens(), None)  # another one is the first
    assert screen.window.isFullScreen()


def test_a_cue_for_the_overlooked_side_sounds_there_only() -> None:
    import numpy as np

    both = np.frombuffer(samples("go", "left"), dtype=np.int16).reshape(-1, 2)
    assert np.abs(both[:, 0]).max() > 3000 and np.abs(both[:, 1]).max() == 0


def test_a_computer_without_a_player_says_so_and_stays_silent(screen: Screen) -> None:
    cues = Cues(screen.window, find=lambda name: None)
    cues.play("success")
    assert cues.silent.startswith("No sound: install") and not cues.findChildren(QtCore.QProcess)


class MockSpeech:
    """As QtTextToSpeech with its engine `mock`."""

    class QTextToSpeech:
        said: list[str] = []  # noqa: RUF012

        def __init__(self, engine: str) -> None:
            self.engine = engine

        @staticmethod
        def availableEngines() -> list[str]:  # noqa: N802
            return ["mock"]

        def setLocale(self, locale: Any) -> None:  # noqa: N802
            self.locale = locale.name()

        def stop(self) -> None:
            pass

        def say(self, words: str) -> None:
            self.said.append(words)


def test_instructions_are_read_out_once_each_when_wanted(screen: Screen) -> None:
    module = addon("QtTextToSpeech") or MockSpeech
    speech = Speech("en", "mock", module)
    assert speech.silent == ""
    said: list[str] = []
    screen.window.speech = speech
    speech.say = said.append  # type: ignore[method-assign,assignment]
    screen.model.told(Said(settings=ScreenSettings(spoken=True)))
    screen.run()
    screen.step()
    screen.step()
    assert said == ["Reach the target"]


def test_without_a_voice_it_says_what_to_install() -> None:
    if addon("QtTextToSpeech") is None:
        assert 'pip install "PySide6-Addons' in Speech("en").silent
    only_mock = Speech("en", module=MockSpeech)
    assert only_mock.silent.startswith("No voice")
