"""The real window, offscreen, with a therapist at it who presses what it offers: Go on with a session, Start, Go on.

python therapist.py new DEVICE PROTOCOL OUT [PATIENT]  |  python therapist.py attach

Each press is a click on the real button. Says every new trial ("trial 3") and press; SIGTERM closes the window.
"""

import sys
from pathlib import Path

from gui import event_loop
from gui.qt import Qt, QtCore
from gui.theme import application
from gui.viewmodels.run import Request
from gui.viewmodels.waiting import sessions_waiting
from gui.widgets.waiting import WaitingSessions
from tests.gui.desks import desk_with, shell_of


class Therapist:
    def __init__(self, shell, desk):
        self.shell, self.desk = shell, desk
        self.pressed, self.trial = set(), 0

    def act(self):
        run, view = self.desk.run, self.shell.page.training
        if run is not None and run.problem and run.over:
            print("problem", run.problem, flush=True)
            self.shell.close()
        if run is None or view is None or view.run is not run:
            return
        if view.model.trial != self.trial and view.model.state == "running":
            self.trial = view.model.trial
            print("trial", self.trial, flush=True)
        if view.device.isVisible() and view.device.go_on.isVisible():
            self.press("go on anew", view.device.go_on, run)
        elif view.banner.button.isVisible():
            self.press("reset", view.banner.button, run)
        elif view.controls.start.isEnabled():
            self.press("start", view.controls.start, run)

    def press(self, what, button, run):
        if (what, id(run)) not in self.pressed:
            self.pressed.add((what, id(run)))
            print("pressed", button.text().strip(), flush=True)
            button.click()


if __name__ == "__main__":
    app = application()
    desk = desk_with(None)
    shell = shell_of(desk)
    desk.alarms.checked = True
    if sys.argv[1] == "new":
        _, _, device, protocol, out, *patient = sys.argv
        desk.go("train", request=Request(device, patient[0] if patient else None, protocol, 1, Path(out)))
    else:
        offered = WaitingSessions()
        offered.chosen.connect(lambda request: desk.go("train", request=request))
        offered.show_sessions(sessions_waiting())
        print("offered", len(offered.buttons), flush=True)
        offered.buttons[0].click()
    therapist = Therapist(shell, desk)
    timer = QtCore.QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(therapist.act)
    timer.start(50)
    shell.closed.connect(app.quit)
    event_loop.run(app, shell.close)
