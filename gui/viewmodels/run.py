"""One session from the request to the report: open, train, close, report; each step off the window's thread.

opening ──▶ training ──▶ finishing ──▶ ended
    ╰──▶ failed (nothing was recorded)
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.viewmodels.ports import SessionPort
from gui.viewmodels.training import MOVING, TrainingModel
from gui.viewmodels.words import tally
from gui.viewmodels.worker import Worker
from rehab.core.clock import Clock, MonotonicClock
from rehab.core.errors import NotNow

if TYPE_CHECKING:
    from rehab.core.person import PersonLayer


class Request(NamedTuple):
    """What session is wanted."""

    device: str = "sim:planar_arm"
    patient: str | None = None
    protocol: Any = "reach_demo"  # whatever `session.prepare` takes: a name, a path, a rehab.protocol Protocol
    seed: int | None = None
    out: Path | None = None
    who: str = ""  # the person's name, as shown
    person: PersonLayer | None = None  # their pseudonym, and the limits of their file


class Stage(StrEnum):
    OPENING = "opening"
    TRAINING = "training"
    FINISHING = "finishing"
    ENDED = "ended"
    FAILED = "failed"


class SessionRun:
    """A session and its end.

    open_session  (request) -> an open session; raises RehabError with words
    finish        (session) -> path of the report, once the session is closed
    auto          arm and start without being asked (demonstration, simulated devices only)
    seconds       end after this long from the first motion; None = when the protocol ends
    """

    def __init__(
        self,
        request: Request,
        open_session: Callable[[Request], SessionPort],
        finish: Callable[[SessionPort], Path],
        *,
        auto: bool = False,
        seconds: float | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.request, self.auto, self.seconds = request, auto, seconds
        self._clock = clock or MonotonicClock()
        self._finish = finish
        self.worker = Worker()
        self.stage = Stage.OPENING
        self.step = "Connecting to the device and testing the loop's timing"
        self.session: SessionPort | None = None
        self.training: TrainingModel | None = None
        self.report: Path | None = None
        self.folder: Path | None = None
        self.problem = ""
        self.faulted = False  # a safety stop ended it
        self._ending = False
        self._fault = ""
        self._begun: float | None = None
        self._when_over: list[Callable[[SessionRun], None]] = []
        self.worker.submit("open", lambda: open_session(request))

    def when_over(self, act: Callable[[SessionRun], None]) -> None:
        """Have that called once, when everything is saved, or nothing could be opened."""
        self._when_over.append(act)

    def refresh(self) -> None:
        """Once a frame."""
        self._step()
        if self.over:
            waiting, self._when_over = self._when_over, []
            for act in waiting:
                act(self)

    def _step(self) -> None:
        if self.stage is Stage.OPENING:
            self._opening()
        elif self.stage is Stage.TRAINING:
            self._training()
        elif self.stage is Stage.FINISHING:
            self._finishing()

    def end(self) -> None:
        """Stop what moves, close the recording, write the report. May be called again, and in every stage."""
        self._ending = True
        if self.stage is Stage.TRAINING and self.session is not None:
            self.stage, self.step = Stage.FINISHING, "Bringing the arm to rest"
            self.worker.submit("end", self._end, urgent=True)

    def close(self) -> None:
        """The thread's end; call it when the stage is ended or failed."""
        self.worker.close()

    @property
    def who(self) -> str:
        """Whose session it is, as shown."""
        return self.request.who or (self.request.patient or "").replace("_", " ")

    @property
    def over(self) -> bool:
        return self.stage in (Stage.ENDED, Stage.FAILED)

    @property
    def moved_for(self) -> float:
        """Seconds since the first motion; 0 before."""
        return self._now() - self._begun if self._begun is not None else 0.0

    @property
    def summary(self) -> str:
        """ "12 trials: 11 reached, 1 time was up"."""
        trials = self.session.trials if self.session is not None else []
        return f"{len(trials)} trial{'s' * (len(trials) != 1)}: {tally(trials)}" if trials else "No trial was done"

    def _opening(self) -> None:
        for done in self.worker.results():
            if done.error:
                self.stage, self.problem = Stage.FAILED, done.error
                return
            session: SessionPort = done.value
            self.session, self.folder = session, session.folder
            self.training = TrainingModel(session, self.request.protocol, self.worker, clock=self._clock)
            self.stage = Stage.TRAINING
            if self._ending:
                self.end()
            elif self.auto and session.info.simulated:  # on hardware a person arms
                self.training.start()
            else:
                self.training.prepare()

    def _training(self) -> None:
        training = self.training
        assert training is not None
        training.refresh()
        self.faulted = training.state in ("faulted", "lost")
        self._fault = f"{training.messages[0].title}: {training.messages[0].text}" if self.faulted else ""
        if training.has_run and self._begun is None:
            self._begun = self._now()
        timed_out = self.seconds is not None and self.moved_for >= self.seconds
        stopped = training.state == "stopped" and training.resting
        complete = stopped if training.stopped else training.over and training.resting
        complete = complete and (self.auto or not training.stopped)
        if timed_out or complete or training.state == "ended":
            self.end()
        elif self.auto and self.seconds is not None and self._cannot_start(training):
            self.problem = "; ".join(message.text for message in training.messages)
            self.end()

    def _cannot_start(self, training: TrainingModel) -> bool:
        """A demonstration that nobody watches must not wait for ever for a start that was refused."""
        return not training.has_run and not self.worker.busy and bool(training.messages)

    def _now(self) -> float:
        return self._clock.now_ns() * 1e-9

    def _end(self) -> Path:
        """On the worker's thread."""
        session = self.session
        assert session is not None
        try:
            if session.state in MOVING:
                session.stop()
        except NotNow:
            pass  # it came to rest by itself meanwhile
        finally:
            self.step = "Closing the recording"
            session.close()
        self.step = "Writing the report"
        return self._finish(session)

    def _finishing(self) -> None:
        assert self.training is not None and self.session is not None
        for done in self.worker.results():
            if done.name != "end":
                continue
            self.report = done.value
            recording = f"the recording: {self.session.problem}" if self.session.problem else ""
            self.problem = "; ".join(words for words in (self._fault, self.problem, recording, done.error) if words)
            self.training.ended()
            self.stage = Stage.ENDED
