"""The device check of a shift: once a day and device. What can be seen is seen by itself; the stop has to be pressed.

link      samples come, and none is old; the fault that pressing the stop has latched is no matter of the link
timing    the loop keeps its period
homing    the joints stand still, inside their ranges, where the device says they may start
e-stop    pressed and let go again, both channels; a simulated device has none
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from gui.i18n import mark, tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model
from rehab.core.values import Inputs
from rehab.realtime.health import Level

if TYPE_CHECKING:
    from gui.viewmodels.training import TrainingModel

STILL = 0.05  # rad/s
ESTOP = int(Inputs.ESTOP_A | Inputs.ESTOP_B)
NAMES = {
    "link": mark("Link: samples come, none is old"),
    "timing": mark("Timing: the loop keeps its period"),
    "homing": mark("Position: the joints are at rest inside their range"),
    "estop": mark("Emergency stop: press it, then let it go"),
}


class Check(StrEnum):
    WAITING = "waiting"
    HALF = "half"  # the stop is pressed and has to be let go
    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"
    NONE = "none"  # this device has no such thing


SEEN = 1.5  # s of ticks after which health has its first words
LEVELS = {Level.GOOD: Check.GOOD, Level.FAIR: Check.FAIR, Level.BAD: Check.BAD}
WORDS = {
    Check.WAITING: mark("waiting"),
    Check.HALF: mark("pressed: let it go now"),
    Check.GOOD: mark("good"),
    Check.FAIR: mark("good enough"),
    Check.BAD: mark("not good"),
    Check.NONE: mark("not on a simulated device"),
}


class Shift(Model):
    """Fed with the open session; `passed` once all is good, or was today."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.checks = dict.fromkeys(NAMES, Check.WAITING)
        self.before: Any = None  # today's check, if there was one
        self.looked_up = False
        self._kept = False
        self._simulated = False
        device, acting = desk.device, self.acting
        self.ask(tr("Looking up the device check"), lambda: acting.checks.today(device), self._found)

    def _found(self, check: Any) -> None:
        self.looked_up, self.before = True, check

    @property
    def passed(self) -> bool:
        return self.before is not None or self._complete

    @property
    def _complete(self) -> bool:
        """Nobody's limb is in a simulated device: there it is enough that all has been seen."""
        if self._simulated:
            return Check.WAITING not in self.checks.values()
        return all(check in (Check.GOOD, Check.FAIR) for check in self.checks.values())

    def watch(self, training: TrainingModel) -> None:
        """Once a frame."""
        look = training.session.look()
        if look is None:
            return
        was, values, info = dict(self.checks), look.values, training.info
        self._simulated = info.simulated
        if training.health.ticks * info.period_s > SEEN:
            self.checks["link"] = LEVELS[training.health.link]
            self.checks["timing"] = LEVELS[training.health.timing.level]
        inside = all(j.q_min <= values[f"q_{k}"] <= j.q_max for k, j in enumerate(info.joints))
        still = all(abs(values[f"qd_{k}"]) < STILL for k in range(info.n_joints))
        self.checks["homing"] = Check.GOOD if inside and still else Check.BAD
        self.checks["estop"] = Check.NONE if info.simulated else self._pressed(int(values["inputs"]) & ESTOP)
        if self.checks != was:
            self.changed()

    def _pressed(self, channels: int) -> Check:
        now = self.checks["estop"]
        if now is Check.GOOD:
            return now
        if channels == ESTOP:
            return Check.HALF
        if channels:
            return Check.BAD  # one channel only: a broken wire
        return Check.GOOD if now is Check.HALF else Check.WAITING

    def keep(self) -> None:
        """Write it down, once a shift."""
        if self.before is None and self._complete and not self._kept:
            self._kept = True
            device, acting = self.desk.device, self.acting
            results = {name: str(check) for name, check in self.checks.items()}
            self.ask(tr("Saving the device check"), lambda: acting.checks.keep(device, results))
