"""The training window, driven as a person drives it."""

from __future__ import annotations

from typing import Any

import pytest

from gui.qt import Qt, QtCore, QtGui, QtWidgets, pg
from gui.theme import DARK, TARGET
from gui.viewmodels.run import Request, Stage
from gui.views.window import MainWindow
from tests.gui.conftest import until
from tests.gui.fake_session import FakeSession

pytestmark = pytest.mark.window
SPACE = Qt.Key.Key_Space
LEFT = Qt.MouseButton.LeftButton


def view(window: MainWindow) -> Any:
    assert window.training is not None
    return window.training


def press_on_screen(qtbot: Any, button: QtWidgets.QPushButton) -> None:
    qtbot.mouseClick(button, LEFT)


def test_pressing_start_prepares_arms_and_starts(ready: MainWindow, fake: FakeSession, qtbot: Any) -> None:
    press_on_screen(qtbot, view(ready).controls.start)
    until(qtbot, lambda: fake.state == "running")
    assert fake.asked == ["prepare", "arm", "start"]


def test_the_pause_button_pauses_and_then_resumes(running: MainWindow, fake: FakeSession, qtbot: Any) -> None:
    button = view(running).controls.pause
    press_on_screen(qtbot, button)
    until(qtbot, lambda: "Resume" in button.text() and button.isEnabled())
    assert fake.state == "paused"
    press_on_screen(qtbot, button)
    until(qtbot, lambda: "Pause" in button.text() and button.isEnabled())
    assert fake.asked[-2:] == ["pause", "resume"]


def test_stop_acts_when_it_is_pressed_not_when_it_is_let_go(running: MainWindow, fake: FakeSession, qtbot: Any) -> None:
    qtbot.mousePress(view(running).controls.stop, LEFT)
    until(qtbot, lambda: "stop" in fake.asked)
    until(qtbot, lambda: view(running).head.state.text() == "Stopped")


@pytest.mark.parametrize("place", ["text field", "start button", "pause button", "nowhere"])
def test_the_space_bar_stops_wherever_the_focus_is(
    running: MainWindow, fake: FakeSession, qtbot: Any, place: str
) -> None:
    field = QtWidgets.QLineEdit(view(running))
    field.show()
    target = {
        "text field": field,
        "start button": view(running).controls.start,
        "pause button": view(running).controls.pause,
        "nowhere": running,
    }[place]
    target.setFocus()
    qtbot.keyClick(target, SPACE)
    until(qtbot, lambda: "stop" in fake.asked)
    assert field.text() == ""
    assert "pause" not in fake.asked


def test_the_space_bar_stops_in_another_window_of_the_application_too(
    running: MainWindow, fake: FakeSession, qtbot: Any
) -> None:
    dialog = QtWidgets.QDialog()
    field = QtWidgets.QLineEdit(dialog)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(field, SPACE)
    until(qtbot, lambda: "stop" in fake.asked)
    assert field.text() == ""


def test_without_a_session_the_space_bar_types_a_space(window: MainWindow, fake: FakeSession, qtbot: Any) -> None:
    window.start.seed.setFocus()
    qtbot.keyClick(window.start.seed, SPACE)
    assert window.start.seed.text() == " "
    assert fake.asked == []


def test_counter_progress_and_targets_follow_the_snapshot(running: MainWindow, fake: FakeSession, qtbot: Any) -> None:
    fake.advance(4.5)  # two trials and a bit
    until(qtbot, lambda: view(running).head.counter.text() == "Trial 3 of 16")
    assert view(running).head.bar.value() == 125
    assert view(running).instruction.text() == "Reach the target"
    shown = view(running).workspace.picture
    assert [spot.at for spot in shown.spots if spot.role == "goal"] == [pytest.approx(fake.scenes[2].targets[0].x)]
    assert "Trial 2: reached, 1.0 s, peak 23 cm/s" in view(running).head.last.text()


def test_the_target_is_drawn_where_it_is(running: MainWindow, fake: FakeSession, qtbot: Any) -> None:
    fake.advance(0.4)
    workspace = view(running).workspace
    until(qtbot, lambda: bool(workspace.picture.spots))
    target = fake.scenes[0].targets[0]
    qtbot.waitExposed(running)
    image = workspace.grab().toImage()
    rim = workspace.to_pixels((target.x[0], target.x[1] + target.radius)).toPoint()
    colours = {image.pixelColor(rim.x() + i, rim.y() + j).name() for i in range(-3, 4) for j in range(-3, 4)}
    assert view(running).workspace._theme.accent.lower() in colours


def test_the_six_curves_show_what_was_measured(running: MainWindow, fake: FakeSession, qtbot: Any) -> None:
    fake.advance(0.9)  # out to the first target, 10 cm to the right
    until(qtbot, lambda: abs(curve_end(running, 0, 0) - 10.0) < 0.01)
    assert abs(curve_end(running, 0, 1)) < 0.01
    fake.advance(0.5)  # on the way back
    until(qtbot, lambda: curve_end(running, 1, 0) < -10.0)
    assert abs(curve_end(running, 2, 0)) > 1.0


def curve_end(window: MainWindow, plot: int, curve: int) -> float:
    _, values = view(window).traces.plots[plot]._curves[curve].getData()
    return float(values[-1])


def test_a_fault_shows_its_words_and_reset_clears_it(running: MainWindow, fake: FakeSession, qtbot: Any) -> None:
    fake.fail(6, "F06 no fresh samples", "the newest sample is 24 ms old", "RAMP_OFF", "check the cable")
    banner = view(running).banner
    until(qtbot, banner.isVisible)
    assert banner.words == "ALARM: F06 no fresh samples The newest sample is 24 ms old. Check the cable"
    assert not view(running).controls.start.isEnabled()
    press_on_screen(qtbot, banner.button)
    until(qtbot, lambda: not banner.isVisible())
    assert fake.asked[-1] == "reset"
    until(qtbot, view(running).controls.start.isEnabled)


def test_a_fault_is_announced_to_screen_readers(
    running: MainWindow, fake: FakeSession, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QtGui.QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    fake.fail(16, "F16 emergency stop pressed", "", "TORQUE_OFF", "release the button, then reset")
    until(qtbot, lambda: bool(said))
    assert said == ["ALARM: F16 emergency stop pressed. Release the button, then reset"]


def test_a_refused_command_is_shown_in_words(ready: MainWindow, fake: FakeSession, qtbot: Any) -> None:
    fake.refuse["arm"] = "the emergency stop is pressed"
    press_on_screen(qtbot, view(ready).controls.start)
    until(qtbot, view(ready).banner.isVisible)
    assert "Not done: arming the emergency stop is pressed" in view(ready).banner.words
    assert "start" not in fake.asked


def test_a_session_whose_snapshot_vanishes_is_shown_as_lost(running: MainWindow, fake: FakeSession, qtbot: Any) -> None:
    fake.vanished = True
    until(qtbot, lambda: view(running).head.state.text() == "No connection")
    assert "The session does not answer" in view(running).banner.words
    assert view(running).controls.stop.isEnabled()
    assert not view(running).controls.pause.isEnabled()


def test_ending_stops_first_then_closes_and_says_where_the_report_is(
    running: MainWindow, fake: FakeSession, qtbot: Any
) -> None:
    press_on_screen(qtbot, view(running).head.end)
    until(qtbot, lambda: running.run is not None and running.run.stage is Stage.ENDED)
    assert fake.asked[-2:] == ["stop", "close"]
    ended = view(running).ended
    assert ended.isVisible()
    assert ended.title.text().replace("\u200b", "") == f"Session ended: report saved to {fake.folder / 'report.pdf'}"
    assert [button.isEnabled() for button in (ended.report, ended.folder, ended.new)] == [True] * 3


def test_the_report_is_opened_by_the_desktop(
    running: MainWindow, fake: FakeSession, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QtGui.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    press_on_screen(qtbot, view(running).head.end)
    until(qtbot, lambda: view(running).ended.isVisible())
    press_on_screen(qtbot, view(running).ended.report)
    press_on_screen(qtbot, view(running).ended.folder)
    assert opened == [str(fake.folder / "report.pdf"), str(fake.folder)]


def test_a_new_session_begins_on_the_start_page(running: MainWindow, qtbot: Any) -> None:
    press_on_screen(qtbot, view(running).head.end)
    until(qtbot, lambda: view(running).ended.isVisible())
    press_on_screen(qtbot, view(running).ended.new)
    assert running.pages.currentWidget() is running.start


def test_closing_the_window_while_the_arm_moves_stops_first(running: MainWindow, fake: FakeSession, qtbot: Any) -> None:
    assert not running.close()
    until(qtbot, lambda: not running.isVisible())
    assert fake.asked[-2:] == ["stop", "close"]


def test_the_start_page_refuses_what_makes_no_sense_in_words(window: MainWindow, qtbot: Any) -> None:
    window.start.device.setText("serial:/dev/ttyACM0")
    press_on_screen(qtbot, window.start.open)
    assert "a virtual patient sits at a sim: or emulator: device only" in window.start.problem_words
    assert window.run is None


def test_the_start_page_opens_the_session_it_describes(window: MainWindow, qtbot: Any) -> None:
    window.start.seed.setText("7")
    press_on_screen(qtbot, window.start.open)
    assert window.run is not None
    assert window.run.request == Request("sim:planar_arm", "stroke", "reach_demo", 7)


def test_a_click_changes_between_light_and_dark(ready: MainWindow, qtbot: Any) -> None:
    press_on_screen(qtbot, view(ready).head.theme)
    assert ready.palette().color(QtGui.QPalette.ColorRole.Window).name() == DARK.ground.lower()


INTERACTIVE = (
    QtWidgets.QAbstractButton, QtWidgets.QLineEdit, QtWidgets.QComboBox, QtWidgets.QListWidget, pg.PlotWidget,
)  # fmt: skip


def interactive(page: QtWidgets.QWidget) -> list[QtWidgets.QWidget]:
    return [widget for widget in page.findChildren(QtWidgets.QWidget) if isinstance(widget, INTERACTIVE)]


def test_every_interactive_widget_has_a_name_and_is_large_enough(running: MainWindow, qtbot: Any) -> None:
    widgets = interactive(running)
    assert len(widgets) >= 15
    assert [type(widget).__name__ for widget in widgets if not widget.accessibleName()] == []
    view(running).banner.show()
    for page in (running.start, view(running)):
        running.pages.setCurrentWidget(page)
        for panel in (view(running).controls, view(running).ended):
            view(running).bottom.setCurrentWidget(panel)
            QtCore.QCoreApplication.processEvents()
            small = [
                (widget.accessibleName(), widget.width(), widget.height())
                for widget in interactive(page)
                if widget.isVisible() and min(widget.width(), widget.height()) < TARGET
            ]
            assert small == []


def test_stop_is_the_biggest_button(running: MainWindow) -> None:
    controls = view(running).controls
    areas = [button.width() * button.height() for button in (controls.stop, controls.start, controls.pause)]
    assert areas[0] >= 1.5 * max(areas[1:])


def test_everything_on_the_training_page_is_reached_with_the_tab_key(ready: MainWindow, qtbot: Any) -> None:
    ready.activateWindow()
    view(ready).controls.start.setFocus()
    seen = set()
    for _ in range(12):
        seen.add(QtWidgets.QApplication.focusWidget())
        qtbot.keyClick(QtWidgets.QApplication.focusWidget(), Qt.Key.Key_Tab)
    wanted = {view(ready).controls.start, view(ready).controls.stop, view(ready).head.theme, view(ready).head.end}
    assert wanted <= seen
