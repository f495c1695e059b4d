"""One session from the request to the report: open, train, close, report; each step off the window's thread.

opening ──▶ training ──▶ finishing ──▶ ended
    ╰──▶ failed (nothing was recorded)
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.i18n import mark, tr
from gui.viewmodels.ports import SessionPort
from gui.viewmodels.room import room_words
from gui.viewmodels.shown import MOVING
from gui.viewmodels.training import TrainingModel
from gui.viewmodels.words import Message, Priority, summary
from gui.viewmodels.worker import Worker
from rehab.core.clock import Clock, MonotonicClock
from rehab.core.errors import NotNow, RehabError
from rehab.core.types import Trial

BEAT = 0.1  # s between two signs of life of the window (rehab.session.session)
OPENING = mark("Connecting to the device and testing the loop's timing")
RESTING, CLOSING = mark("Bringing the arm to rest"), mark("Closing the recording")
REPORTING = mark("Writing the report")

if TYPE_CHECKING:
    from rehab.core.person import PersonLayer


class Request(NamedTuple):
    """What session is wanted.

    attach    id of a running one that has lost its window: it is taken over
    protocol  a name, a path, or a plan
    before    trials of the session `follows`, which this one goes on from
    faults    fault script, for simulated devices
    practice  nobody's session: no report, and the window says so
    """

    device: str = "sim:planar_arm"
    patient: str | None = None
    protocol: Any = "reach_demo"  # whatever `session.prepare` takes: a name, a path, a rehab.protocol Protocol
    seed: int | None = None
    out: Path | None = None
    who: str = ""  # the person's name, as shown
    born: tuple[str, ...] = ()  # birth date, as shown: whole, and in forms for less room
    side: str = ""  # left or right, as shown
    by: str = "window"  # who commands, for the record
    attach: str = ""
    before: tuple[Trial, ...] = ()
    follows: str = ""
    person: PersonLayer | None = None  # their pseudonym, and the limits of their file
    faults: Path | None = None
    practice: bool = False


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

    `keep_note(text)`, where somebody has set it, puts an adverse-event note into the chart; the record has it anyway.
    `refresh` is called from the window's event loop and is its sign of life: a window that hangs stops the arm.
    """

    keep_note: Callable[[str], None] | None = None

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
        self.step = OPENING
        self.session: SessionPort | None = None
        self.training: TrainingModel | None = None
        self.report: Path | None = None
        self.folder: Path | None = None
        self.problem = ""
        self.faulted = False  # a safety stop ended it
        self._ending = self._given_up = False
        self._fault = ""
        self._begun: float | None = None
        self._when_over: list[Callable[[SessionRun], None]] = []
        self._beaten = -BEAT
        self.parked_at: float | None = None
        self.room: Message | None = None  # the disk is nearly full
        self._open_session = open_session
        self.worker.submit("open", lambda: open_session(request))

    def when_over(self, act: Callable[[SessionRun], None]) -> None:
        """Have that called once, when everything is saved, or nothing could be opened."""
        self._when_over.append(act)

    def refresh(self) -> None:
        """Once a frame."""
        self._step()
        if self.over and not self.may_follow:
            waiting, self._when_over = self._when_over, []
            for act in waiting:
                act(self)

    @property
    def may_follow(self) -> bool:
        """It should have gone on from another session and could not be opened: the plug may still be out. Until
        somebody gives up, what that session was part of is not over."""
        return self.stage is Stage.FAILED and bool(self.request.follows) and not self._given_up

    def give_up(self) -> None:
        """It is not tried again."""
        self._given_up = True
        self.refresh()

    def hand_on(self, following: SessionRun) -> None:
        """Whoever waits for this one's end, and keeps its notes, does so for that one."""
        following.keep_note = self.keep_note
        following._when_over, self._when_over = self._when_over, []

    def _step(self) -> None:
        self._beat()
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
            self.stage, self.step = Stage.FINISHING, RESTING
            self.worker.submit("end", self._end, urgent=True)

    def close(self) -> None:
        """The thread's end; call it when the stage is ended or failed."""
        self.worker.close()

    @property
    def who(self) -> str:
        """Whose session it is, as shown."""
        return self.request.who or (self.request.patient or "").replace("_", " ")

    def nameless(self, words: str) -> str:
        """With the pseudonym for the name of who trains: recordings know no names."""
        person, who = self.request.person, self.request.who
        return words.replace(who, person.patient) if who and person is not None and person.patient else words

    @property
    def over(self) -> bool:
        return self.stage in (Stage.ENDED, Stage.FAILED)

    @property
    def moved_for(self) -> float:
        """Seconds since the first motion; 0 before."""
        return self._now() - self._begun if self._begun is not None else 0.0

    @property
    def summary(self) -> str:
        """ "12 trials: 11 reached, 1 too slow"."""
        return summary(self.session.trials if self.session is not None else [])

    def go_on_anew(self) -> SessionRun:
        """A new session with what this one has left, for when its device or its loop is gone; this one is ended first.
        Its trials stay counted, and it keeps its recording."""
        session, training = self.session, self.training
        assert session is not None and training is not None and session.left is not None
        request = self.request._replace(
            attach="", protocol=session.left, before=tuple(training.trials), follows=session.folder.name, faults=None
        )
        finish = self._finish

        def after_this(wanted: Request) -> SessionPort:
            if session.state != "ended":
                session.close()
            with contextlib.suppress(RehabError, OSError):  # its report can be made later; the patient waits
                finish(session)
            return self._open_session(wanted)

        following = SessionRun(request, after_this, finish, clock=self._clock)
        self.hand_on(following)
        self.stage, self.step = Stage.ENDED, ""
        training.ended()
        self.close()
        return following

    def _opening(self) -> None:
        for done in self.worker.results():
            if done.error:
                self.stage, self.problem = Stage.FAILED, done.error
                return
            session: SessionPort = done.value
            self.session, self.folder = session, session.folder
            request = self.request
            self.training = TrainingModel(
                session, request.protocol, self.worker, clock=self._clock, before=request.before,
                follows=request.follows,
            )  # fmt: skip
            self.stage = Stage.TRAINING
            words = room_words(session.folder)
            self.room = Message(Priority.LOW, tr("The disk is nearly full"), words) if words else None
            if self._ending:
                self.end()
            elif session.prepared is not None:
                pass  # taken over: the plan is there
            elif self.auto and session.info.simulated:  # on hardware a person arms
                self.training.start()
            else:
                self.training.prepare()

    def _training(self) -> None:
        training = self.training
        assert training is not None
        training.refresh()
        if training.state != "ended":  # a session that ends by itself after a fault has ended by it
            self.faulted = training.state in ("faulted", "lost")
            self._fault = f"{training.messages[0].title}: {training.messages[0].text}" if self.faulted else ""
        if training.has_run and self._begun is None:
            self._begun = self._now()
        parked = training.bedside.parked
        self.parked_at = None if not parked else self.parked_at if self.parked_at is not None else self._now()
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

    def _beat(self) -> None:
        """The window lives."""
        now = self._now()
        if self.session is not None and not self.over and now - self._beaten >= 0.5 * BEAT:
            self._beaten = now
            with contextlib.suppress(NotNow):  # not open any more
                self.session.beat()

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
            self.step = CLOSING
            session.close()
        self.step = REPORTING
        return self._finish(session)

    def _finishing(self) -> None:
        assert self.training is not None and self.session is not None
        for done in self.worker.results():
            if done.name != "end":
                continue
            self.report = done.value
            problem = self.session.problem
            recording = tr("the recording: {problem}", problem=problem) if problem else ""
            self.problem = "; ".join(words for words in (self._fault, self.problem, recording, done.error) if words)
            self.training.ended()
            self.stage = Stage.ENDED
