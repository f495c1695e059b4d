"""The application over an invented clinic, for as long as it is let: signs in, trains the first patient of the day and
looks about, as a therapist would in an hour. Offscreen, in its own process, everything else real.

python soak.py STORE OUT SECONDS

It turns the leaves beside the picture, marks moments, notes, pauses, stops and goes on, looks at other pages and comes
back. Says "moving" at the first motion and "over N" with the number of trials done; then closes the window. An arm that
does not move within two minutes is given up, with words about where it stands.
"""

import sys
import time
from pathlib import Path

from gui import event_loop
from gui.opening import new_run
from gui.qt import Qt, QtCore, QtWidgets
from gui.theme import application
from gui.viewmodels.desk import Desk
from gui.views.shell import Shell
from rehab.clinic.clinic import Clinic
from rehab.clinic.demo import fill

PASSWORD = "demo-password"
PLAN = """\
protocol: An hour of reaching
version: 1
device: planar_arm
blocks:
  - name: reaching
    reach: {targets: 8, radius: 10 cm}
    controller: {impedance: {stiffness: 400 N/m}}
    trials: 2000
"""
EVERY = 100  # ms between two thoughts of the therapist
PATIENCE = 120.0  # s until the arm moves
TURN, NOTE, PAUSE, AWAY, STOP = 7, 31, 97, 143, 301  # s, without a common measure


class Therapist:
    def __init__(self, shell: Shell, seconds: float) -> None:
        self.shell, self.desk, self.seconds = shell, shell.desk, seconds
        self.made, self.begun, self.done, self.gave_up = time.monotonic(), 0.0, 0, False

    def act(self) -> None:
        desk, page = self.desk, self.shell.page
        place, visit = desk.went[-1].place, desk.visit
        if desk.run is not None and desk.run.over:
            print("over", len(desk.run.training.trials) if desk.run.training else 0, desk.run.problem, flush=True)
            self.shell.close()
        elif self.gave_up:
            pass
        elif not self.begun and time.monotonic() - self.made > PATIENCE:
            self.give_up()
        elif desk.busy:
            pass
        elif place == "today" and visit is None and page.open_buttons:
            next(iter(page.open_buttons.values())).click()
        elif place == "patient" and visit is None and page.confirm.isEnabled():
            page.confirm.click()
        elif place == "prepare" and visit is not None:
            visit.ask_pain(2)
            visit.ask_fatigue(3)
            (page.again if page.again.isVisible() else page.start).click()
        elif visit is not None and desk.run is not None and desk.run.training is not None:
            self.train(desk.run.training, page, place)
        elif place == "train" and page.opening.again.isVisible():
            page.opening.again.click()

    def train(self, model, page, place: str) -> None:
        now = time.monotonic()
        if not self.begun and model.state == "running":
            self.begun = now
            print("moving", flush=True)
        if not self.begun:
            self.go_on(model)  # a loaded machine may pause or stop the arm before it was seen to move
            return
        second = int(now - self.begun)
        if second >= self.seconds:
            self.desk.run.end()
            return
        self.go_on(model)
        if second == self.done:
            return
        self.done = second
        if place != "train":
            self.desk.go("train")
        elif second % STOP == 0:
            self.shell.stop()
        elif second % AWAY == 0:
            self.desk.go("patients" if second % 2 else "today")
        elif second % PAUSE == 0:
            model.pause()
        elif second % NOTE == 0:
            page.training.notes.chips["fatigue"].click()
            model.bedside.mark()
        elif second % TURN == 0:
            side = page.training.side
            side.setCurrentIndex((side.currentIndex() + 1) % side.count())

    def give_up(self) -> None:
        self.gave_up = True
        labels = self.shell.findChildren(QtWidgets.QLabel)
        shown = " | ".join(label.text() for label in labels if label.isVisible() and label.text())
        print(f"it never moved; at {self.desk.went[-1].place}: {shown}", file=sys.stderr, flush=True)
        if self.desk.run is not None:
            self.desk.run.end()
        self.shell.close()

    def go_on(self, model) -> None:
        if model.can_resume:
            model.resume()
        elif model.state in ("stopped", "prepared") and model.can_start:
            model.start()
        elif model.state == "faulted" and not model.worker.busy:
            model.reset()


def main(store: Path, out: Path, seconds: float) -> None:
    app = application()
    clinic = Clinic.open(store)
    if clinic.empty:
        fill(clinic)
    acting = clinic.sign_in("anna", PASSWORD)
    for line in acting.patients.search(mine=True):
        acting.plans.add(line.patient, "An hour of reaching", PLAN, device="planar_arm")
    desk = Desk(clinic, out=out, new_run=new_run)
    shell = Shell(desk)
    desk.alarms.checked = True
    shell.show()
    desk.signed_in(acting)
    therapist = Therapist(shell, seconds)
    timer = QtCore.QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(therapist.act)
    timer.start(EVERY)
    shell.closed.connect(app.quit)
    event_loop.run(app, shell.close)
    clinic.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
