"""What a view shows of a session, and which of its buttons are enabled, from what TrainingModel has taken in."""

from __future__ import annotations

from abc import ABC, abstractmethod

from gui import i18n
from gui.i18n import mark, tr, trn
from gui.viewmodels.after import After
from gui.viewmodels.bedside import Bedside
from gui.viewmodels.ports import SessionPort
from gui.viewmodels.states import STATES
from gui.viewmodels.words import Message, Priority, fault_message, scene_words, time_left, trial_line
from gui.viewmodels.worker import Worker
from rehab.core.device import DeviceInfo
from rehab.core.safety.faults import Fault
from rehab.core.types import Trial
from rehab.protocol.plan import BlockPlan
from rehab.realtime.picture import Picture

SILENT = 0.5  # s without a new tick before the window says so
MOVING = ("armed", "running", "paused")  # states in which the power stage may be on
WATCHDOG = mark("The device stops by its own watchdog; end the session and look at the recording")
WARNED = 20.0  # s for which a warning is shown that nothing has followed from
STAYS = (Fault.DISK_FULL,)  # warnings of what does not pass by itself


class Shown(ABC):
    """The reading half of TrainingModel."""

    session: SessionPort
    worker: Worker
    info: DeviceInfo
    bedside: Bedside
    after: After
    blocks: tuple[BlockPlan, ...]
    block: int
    picture: Picture | None
    total: int
    trial: int
    lost: str
    stopped: bool
    interrupted: bool
    resting: bool
    _state: str
    _begun: int
    _fault: Message | None
    _notice: Message | None
    _warnings: dict[Fault, tuple[Message, float]]
    _tick: float
    _tick_at: float

    @property
    @abstractmethod
    def trials(self) -> list[Trial]: ...

    @property
    @abstractmethod
    def goes_on(self) -> bool: ...

    @abstractmethod
    def _now(self) -> float: ...

    @property
    def state(self) -> str:
        """A session state, or "lost", or "stopped" (idle, after a person's stop)."""
        if self.lost and self._state != "ended":
            return "lost"
        return "stopped" if self._state == "idle" and (self.stopped or self.interrupted) else self._state

    @property
    def state_words(self) -> str:
        parked = self.bedside.parked and self._state != "ended"
        shown = "parked" if parked else self.state
        return tr(STATES[shown])

    @property
    def instruction(self) -> str:
        """One instruction, plain words: the scene's, or what to press."""
        if self.state in ("running", "paused") and self.picture is not None:
            return scene_words(self.picture.text, self.exercise, i18n.language())
        if self.bedside.parked:
            return tr("Parked: the arm cannot be powered")
        prepared = tr("Press Start") if self.info.simulated else tr("Press Arm when the limb is strapped in")
        if self.goes_on:
            next_one = tr("Press Go on: trial {number} comes next", number=self.next_trial)
            prepared = next_one if self.info.simulated else prepared
        return {
            "idle": "",
            "prepared": prepared,
            "armed": tr("The arm is powered. Press {button}", button=self.go_label),
            "faulted": tr("The arm was stopped"),
            "stopped": prepared if self.resting else tr("The arm is coming to rest"),
            "lost": tr("The arm stops by itself when nothing commands it"),
        }.get(self.state, "")

    @property
    def exercise(self) -> str:
        """Of the present block, by its name in the registry; "" between blocks and on pages."""
        return self.blocks[self.block - 1].exercise if 0 < self.block <= len(self.blocks) else ""

    @property
    def next_trial(self) -> int:
        return (self.trials[-1].number if self.trials else 0) + 1

    @property
    def start_label(self) -> str:
        """On hardware arming is a press of its own."""
        arm = self.state in ("idle", "prepared", "stopped") and not self.info.simulated
        return tr("Arm") if arm else self.go_label

    @property
    def go_label(self) -> str:
        return tr("Go on") if self.goes_on else tr("Start")

    @property
    def can_start(self) -> bool:
        ready = self.state in ("idle", "prepared", "armed", "stopped") and (self.resting or self.state == "armed")
        return ready and not (self.worker.busy or self.bedside.parked or self.after.way)

    @property
    def can_park(self) -> bool:
        """The arm has no power and nothing has gone wrong that is not settled."""
        return self.state in ("idle", "prepared", "stopped") and self.resting and not self.bedside.parked

    @property
    def disarmed(self) -> bool:
        """No power, and none under way: a person may type, and the space bar is a space."""
        return self.resting and self._state not in MOVING and not self.worker.busy

    @property
    def can_pause(self) -> bool:
        return self.state == "running" and not self.worker.busy

    @property
    def can_resume(self) -> bool:
        return self.state == "paused" and not self.worker.busy

    @property
    def can_stop(self) -> bool:
        return self._state != "ended"

    @property
    def counter(self) -> str:
        """ "Trial 5 of 16"."""
        if self.total == 0:
            return tr("Trial –")
        if self.trial:
            return tr("Trial {number} of {total}", number=self.trial, total=max(self.total, self.trial))
        return trn("{n} trial", "{n} trials", self.total)

    @property
    def progress(self) -> float:
        """Share of the trials that are done, 0 to 1."""
        return min(1.0, len(self.trials) / self.total) if self.total else 0.0

    @property
    def left(self) -> str:
        """Time left, from how long the trials took, with the way back; "" while that is not known."""
        done = self.trials
        trials, remaining = done[self._begun :], self.total - len(done)
        if self.state not in ("running", "paused") or len(trials) < 2 or remaining <= 0:
            return ""
        return time_left(remaining * (trials[-1].start - trials[0].start) / (len(trials) - 1))

    @property
    def last_trial(self) -> tuple[str, ...]:
        """In words, the shorter the later."""
        return trial_line(self.trials[-1]) if self.trials else ()

    @property
    def messages(self) -> list[Message]:
        """The banner, worst first."""
        found = []
        if self._state == "faulted":
            found.append(self._fault or fault_message({"id": Fault.NONE}))
        if self.lost and self._state != "ended":
            text = f"{self.lost[:1].upper()}{self.lost[1:]}. {tr(WATCHDOG)}"
            found.append(Message(Priority.HIGH, tr("The session does not answer"), text))
        elif self._tick >= 0.0 and self._now() - self._tick_at > SILENT and self._state in MOVING:
            found.append(
                Message(
                    Priority.MEDIUM,
                    tr("The control loop is silent"),
                    tr("No new tick has come; press Stop if the arm moves"),
                )
            )
        if self._notice:
            found.append(self._notice)
        now = self._now()
        for fault, (message, at) in list(self._warnings.items()):
            if fault in STAYS or now - at < WARNED:
                found.append(message)
            else:
                del self._warnings[fault]
        if self.after.kind in ("device", "spasm"):  # a reset would be refused; or is part of what is offered there
            found = [message._replace(action="") for message in found]
        return sorted(found, key=lambda message: -message.priority)
