"""What the patient's screen shows: one thing at a time, in plain words. Knows no widget; polled once a frame.

The session's snapshot gives the picture, its events what happened; the therapist's window may ask and choose (`Said`).
Answers and STOP are all that goes back, over a worker, so that no slow session ever holds up a frame.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from math import dist
from typing import Any

from gui import i18n
from gui.i18n import mark, own, tr, trn
from gui.viewmodels import asked, guided
from gui.viewmodels.asked import Option
from gui.viewmodels.calm import Calm
from gui.viewmodels.scanning import Scanning
from gui.viewmodels.screen_settings import Said, ScreenSettings
from gui.viewmodels.watched import WatchedPort
from gui.viewmodels.worker import Worker
from rehab.core import registry
from rehab.core.clock import Clock, MonotonicClock
from rehab.core.errors import RehabError
from rehab.core.trials import Question
from rehab.realtime.layout import SESSION_STATES
from rehab.realtime.picture import Eye, Picture
from rehab.realtime.ring import RingEvent

PRAISE = 2.0  # s that it stays, at pace 1
SILENT = 10.0  # s without a tick: the session is gone, whatever its files say
PRESSING = ("Time was up", "Too slow", "Too late: start as soon as you see the target")


class Part(StrEnum):
    WAIT = "wait"
    TRAIN = "train"
    REST = "rest"
    ASK = "ask"
    PAUSED = "paused"
    STOPPED = "stopped"
    END = "end"


ICONS = {Part.WAIT: "fa6s.hourglass-half", Part.REST: "fa6s.mug-hot", Part.PAUSED: "fa6s.pause",
         Part.STOPPED: "fa6s.hand", Part.END: "fa6s.star", Part.ASK: "fa6s.comment-dots"}  # fmt: skip
PHASES = {"go": "fa6s.bullseye", "move": "fa6s.bullseye", "dwell": "fa6s.hand-back-fist", "home": "fa6s.house",
          "approach": "fa6s.house", "return": "fa6s.house", "hold": "fa6s.hand", "cue": "fa6s.ear-listen",
          "feedback": "fa6s.comment-dots"}  # fmt: skip
WORDS = {Part.WAIT: mark("We begin soon"), Part.REST: mark("Rest"), Part.PAUSED: mark("A short pause"),
         Part.STOPPED: mark("The arm has stopped"), Part.END: mark("Well done!")}  # fmt: skip
MORE = {Part.WAIT: mark("Lean back. Nothing moves yet."), Part.PAUSED: mark("The arm is held. It goes on in a moment."),
        Part.REST: mark("Let your arm lie in the support."), Part.STOPPED: mark("Somebody comes to you."),
        Part.END: mark("That was all for now.")}  # fmt: skip


class PatientScreen:
    """
    sounds    cues to be played, oldest first · spoken  words to be read out
    answered  name and value of what the patient has answered, for the therapist's window
    """

    def __init__(
        self, port: WatchedPort, settings: ScreenSettings, worker: Worker, *, clock: Clock | None = None
    ) -> None:
        self.port, self.settings, self.worker = port, settings, worker
        self._clock = clock or MonotonicClock()
        self.eye = Eye(port.info)
        self.picture: Picture | None = None
        self.level: float | None = None
        self.score: int | None = None
        self.sounds: deque[str] = deque()
        self.answered: deque[tuple[str, Any]] = deque()
        self.problem = ""
        self.words = ""  # of the therapist's window, while nothing else is shown
        self._state = "idle"
        self._phrases: Any = {}
        self._trials = self._done = 0  # of this block
        self._praised: float | None = None
        self._praise = ""
        self._rest_until: float | None = None
        self._stopped = self._complete = self._ended = False
        self._asked: deque[Question] = deque()  # by the therapist, and the steps of the set-up
        self._sent: Question | None = None  # of the session, answered: its word for it has not come yet
        self.question: Question | None = None
        self.options: tuple[Option, ...] = ()
        self.chosen: Option | None = None  # by the switch: is it right?
        self._scan: Scanning | None = None
        self._steps = 0
        self._cue: tuple[str, str] = ("", "")
        self._glow, self._targets, self._generation = Calm(False), Calm(0), 0
        self._last_spots: tuple[Any, ...] = ()
        self._beat, self._beat_at = -1, self.now()

    def now(self) -> float:
        return self._clock.now_ns() * 1e-9

    # once a frame ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Take in what is new. A session that cannot be read is over."""
        for done in self.worker.results():
            self.problem = done.error
            if done.name == "answer" and done.error:
                self._sent = None  # it did not arrive: ask again
        try:
            for event in self.port.events():
                self._happened(event)
            self._look()
        except (OSError, ValueError, KeyError, RehabError) as error:
            self.problem, self._ended = str(error), True
        self._choose_question()
        if self._scan is not None:
            before = self._scan.offer
            self._scan.look(self.now())
            self._scanned(before)

    def _look(self) -> None:
        look, now = self.port.look(), self.now()
        if self.port.heartbeat != self._beat:
            self._beat, self._beat_at = self.port.heartbeat, now
        self._ended = self._ended or self.port.gone or now - self._beat_at > SILENT
        if look is None:
            return
        values, scene = look
        number = int(values["state"])
        self._state = SESSION_STATES[number] if 0 <= number < len(SESSION_STATES) else "idle"
        picture = self.eye.see(look)
        if _jumped(self._last_spots, picture.spots):
            self._generation += 1
        self._last_spots = picture.spots
        if self._targets.see(now, self._generation) or self.picture is None:
            self.picture = picture
        else:  # targets that flash stay as they were; the hand is always true
            self.picture = picture._replace(spots=self.picture.spots)
        self.level, self.score = scene.level, scene.score
        if (scene.cue, scene.phase) != self._cue:
            self._cue = (scene.cue, scene.phase)
            if scene.cue and self._state == "running" and not (scene.cue == "miss" and not self.settings.hurry):
                self.sounds.append(scene.cue)

    def _happened(self, event: RingEvent) -> None:
        data = event.data
        match event.kind:
            case "block_start":
                self._trials, self._done = int(data.get("trials", 0)), 0
                self._phrases = _phrases(str(data.get("exercise", "")))
            case "trial_end":
                self._done += not data.get("redo")
                if data.get("outcome") == "reached":
                    self._commend()
            case "phase":
                least = data.get("least") if data.get("name") == "rest" else None
                self._rest_until = self.now() + float(least) if least is not None else None
            case "state":
                if data["name"] == "running":
                    self._stopped = self._complete = False
                self._ended = self._ended or data["name"] == "ended"
            case "stop" | "fault":
                self._stopped = True
            case "run_end":
                self._complete = not self._stopped

    def _commend(self) -> None:
        """Success: seen and heard."""
        self._praised = self.now()
        left = self._trials - self._done
        self._praise = trn("Well done, {n} more", "Well done, {n} more", left) if left > 0 else tr("Well done!")
        if self._cue[0] != "success":
            self.sounds.append("success")

    # what is shown --------------------------------------------------------------------------------------------------

    @property
    def part(self) -> Part:
        if self._state == "faulted" or self._stopped:
            return Part.STOPPED
        if self.question is not None:
            return Part.ASK
        if self._ended or (self._complete and self._state not in ("running", "paused")):
            return Part.END
        if self._state == "paused":
            return Part.PAUSED
        if self._state == "running" and self.picture is not None:
            return Part.REST if self.picture.phase == "rest" else Part.TRAIN
        return Part.WAIT

    @property
    def over(self) -> bool:
        """Nothing more will come; the window may go."""
        return self._ended

    @property
    def instruction(self) -> str:
        """One, in the patient's language."""
        part, picture = self.part, self.picture
        if part is Part.ASK and self.question is not None:
            if self.chosen is not None:
                return tr("{answer}: is that right?", answer=self.chosen.says)
            return asked.words(self.question)
        if part is Part.TRAIN and picture is not None:
            if picture.text in PRESSING and not self.settings.hurry:
                return tr("Take your time")
            return own({"en": picture.text, **self._phrases.get(picture.text, {})}) if picture.text else ""
        if part is Part.WAIT and self.words:
            return self.words
        return tr(WORDS[part])

    @property
    def more(self) -> str:
        """A second, smaller line."""
        if self.part is Part.ASK and self.question is not None and not self.options:
            return tr("Please tell your therapist.")
        return tr(MORE[self.part]) if self.part in MORE else ""

    @property
    def icon(self) -> str:
        if self.part is Part.TRAIN and self.picture is not None:
            return PHASES.get(self.picture.phase, "fa6s.bullseye")
        if self.question is not None and self.part is Part.ASK:
            return guided.ICONS.get(self.question.name, ICONS[Part.ASK])
        return ICONS[self.part]

    @property
    def praise(self) -> str:
        """For a while after a success."""
        if self._praised is None or self.now() - self._praised > PRAISE / self.settings.pace:
            return ""
        return self._praise

    @property
    def glow(self) -> bool:
        """The picture's frame is lit: success, as the ear hears it. Never faster than the eye may bear."""
        self._glow.see(self.now(), bool(self.praise))
        return bool(self._glow.state)

    @property
    def countdown(self) -> int | None:
        """s that a rest lasts yet."""
        if self.part is not Part.REST or self._rest_until is None:
            return None
        return max(0, int(self._rest_until - self.now() + 0.999))

    @property
    def progress(self) -> str:
        """How much of it is done; no clock runs."""
        if self.part not in (Part.TRAIN, Part.REST) or not self._trials:
            return ""
        left = self._trials - self._done
        return trn("{n} more", "{n} more", left) if left > 0 else ""

    @property
    def points(self) -> str:
        if self.score is None or self.part is not Part.TRAIN:
            return ""
        return trn("{n} point", "{n} points", self.score)

    @property
    def cue_side(self) -> str:
        """Where a target waits on the side that is overlooked: "left", "right" or ""."""
        side, picture = self.settings.neglect, self.picture
        if not side or self.part is not Part.TRAIN or picture is None:
            return ""
        at = picture.cursor or picture.hand
        goals = [spot.at[0] - at[0] for spot in picture.spots if spot.role == "goal"]
        return side if any((dx < -0.01) if side == "left" else (dx > 0.01) for dx in goals) else ""

    # questions ------------------------------------------------------------------------------------------------------

    def told(self, said: Said) -> None:
        """A line from the therapist's window."""
        if said.settings is not None:
            self.settings = said.settings
            i18n.use(said.settings.language)
            self._offer()
        if said.words is not None:
            self.words = said.words
        if said.ask is not None:
            self._asked.append(said.ask)
        if said.guide is not None:
            self._asked = deque(q for q in self._asked if q not in guided.STEPS)
            if said.guide:
                self._asked.extend(guided.STEPS)

    def _choose_question(self) -> None:
        """The session's own question first: it waits for it; then what the therapist wants to know."""
        theirs = self.port.question
        if theirs is self._sent:
            theirs = None
        wanted = theirs or (self._asked[0] if self._asked else None)
        if wanted is not self.question:
            self.question, self.chosen = wanted, None
            self._offer()

    def _offer(self) -> None:
        self.options = asked.options(self.question) if self.question is not None else ()
        self._offer_choices()

    def _offer_choices(self) -> None:
        count = len(self.choices)
        if not count or not self.settings.scan:
            self._scan = None
        elif self._scan is None:
            self._scan = Scanning(count, self.settings.timing)
        else:
            self._scan.begin(count, self.now())

    @property
    def choices(self) -> tuple[Option, ...]:
        """What can be pressed now: the answers, or whether the one that the switch took is right."""
        if self.chosen is not None:
            return (Option(True, tr("Yes")), Option(False, tr("Choose again")))
        return self.options

    @property
    def offer(self) -> int | None:
        """Which of the choices is offered to the switch; None while nobody scans."""
        return self._scan.offer if self._scan is not None else None

    @property
    def answers_wanted(self) -> tuple[Any, ...]:
        """Changes when other answers have to be shown."""
        return (self.question, self.chosen, self.settings.language, self.settings.scan)

    def switch(self, down: bool) -> None:
        """The patient's one switch."""
        if self._scan is not None:
            before = self._scan.offer
            self._scan.press(self.now(), down)
            self._scanned(before)

    def _scanned(self, before: int) -> None:
        scan = self._scan
        assert scan is not None
        if scan.offer != before:
            self.sounds.append("step")
        if scan.taken is None:
            return
        taken = self.choices[scan.taken]
        if self.chosen is not None:
            answer, self.chosen = self.chosen, None
            if taken.value:
                self._answer(answer)
            else:
                self._offer()
        elif len(self.options) > 2:  # a slip among many is likely
            self.chosen = taken
            self._offer_choices()
        else:
            self._answer(taken)

    def choose(self, number: int) -> None:
        """Touched, clicked, or chosen by key."""
        taken = self.choices[number]
        if self.chosen is None:
            self._answer(taken)
            return
        answer, self.chosen = self.chosen, None
        if taken.value:
            self._answer(answer)
        else:
            self._offer()

    def _answer(self, option: Option) -> None:
        question = self.question
        assert question is not None
        name, value = question.name, option.value
        if self._asked and question is self._asked[0]:
            self._asked.popleft()
            self.answered.append((name, value))
        else:
            self._sent = question
        self.question, self.options, self._scan = None, (), None
        self.sounds.append("go")
        if not self._ended:
            self.worker.submit("answer", lambda: self.port.answer(name, value))

    def stop(self) -> None:
        """The safe stop, ahead of everything else."""
        if not self._ended:
            self.worker.submit("stop", self.port.stop, urgent=True)


def _phrases(exercise: str) -> Any:
    """What that exercise says in other languages."""
    if exercise not in registry.names("exercise"):
        return {}
    return getattr(registry.find("exercise", exercise), "phrases", {})


def _jumped(before: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    """Does a target appear, vanish, change, or leap? One that glides does not."""
    if len(before) != len(after):
        return True
    return any(
        a.role != b.role or a.shape != b.shape or dist(a.at, b.at) > 2.0 * max(a.radius, b.radius)
        for a, b in zip(before, after, strict=True)
    )
