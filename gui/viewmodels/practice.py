"""Practice: a virtual patient sits in, an incident comes, and the first thing the trainee does is timed.

incident ── `injected` in the recording's own time ──┐
first act ── a press in the training window ─────────┴─▶ reaction = t(act) - t(incident)

The very same session and window as with a patient; nothing of it goes into a chart, and its recording is thrown away.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.i18n import tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.facts import facts
from gui.viewmodels.incidents import Incident, drawn
from gui.viewmodels.library import EXERCISE, entries
from gui.viewmodels.model import Model
from gui.viewmodels.run import Request, SessionRun
from gui.viewmodels.virtual import VIRTUAL
from gui.viewmodels.worker import Done
from rehab.core import registry
from rehab.core.device import DeviceInfo

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting
    from rehab.clinic.records import PracticeTry
    from rehab.realtime.ring import RingEvent

NOT_TO_TREAT = ("therapist",)  # presets that are no patients
USUAL_PATIENT, USUAL_EXERCISE = "stroke", "reach"
MISSED = 20.0  # s after the incident in which nothing was done
TRIALS = 60  # enough to go on until the incident, and after it
LAST = 5  # tries that a median is of


class Choices(NamedTuple):
    """What can be practised with: presets and exercises that this robot can do, with their titles."""

    info: DeviceInfo
    patients: tuple[str, ...]
    exercises: tuple[tuple[str, str], ...]


class Watch:
    """Sees one practice session: when the incident came, and what was done first. Times are s of the session."""

    def __init__(self, incident: Incident) -> None:
        self.incident = incident
        self.came: float | None = None
        self.act = ""
        self.acted_at: float | None = None

    def hear(self, event: RingEvent) -> None:
        if event.kind == "injected" and self.came is None:
            self.came = event.t

    def acted(self, act: str, t: float) -> None:
        """A command of the trainee's; before the incident it is no reaction, and after the first none counts."""
        if self.came is not None and not self.act:
            self.act, self.acted_at = act, t

    @property
    def reaction(self) -> float | None:
        if self.came is None or self.acted_at is None:
            return None
        return max(0.0, self.acted_at - self.came)

    @property
    def right(self) -> bool:
        return self.act in self.incident.acts


class Practice:
    """One practice session of the desk, from opening to the result, which `over` says is there.

    at       s after the arming, when the incident comes
    by       user id of the trainee
    problem  why nothing could be opened
    """

    def __init__(
        self, desk: Desk, incident: Incident, *, at: float, virtual: str, exercise: str, seed: int, model: str
    ) -> None:
        assert desk.acting is not None
        self.desk, self.virtual, self.exercise = desk, virtual, exercise
        self.watch = Watch(incident)
        self.by = desk.acting.user.id
        self.over, self.problem = False, ""
        self._acting: Acting = desk.acting
        self._at, self._seed, self._device = at, seed, f"sim:{model}"
        self._folder: Path | None = None

    def begin(self, protocol: Any, folder: Path) -> None:
        """Open it. `folder` is its own: the script, then the recording; thrown away at the end."""
        self._folder = folder
        script = folder / "incident.yaml"
        script.write_text(self.watch.incident.script(self._at), "utf-8")
        self.desk.practice = self
        request = Request(
            self._device, self.virtual, protocol, self._seed, folder, who=tr("Practice"),
            by=self._acting.user.name, faults=script, practice=True,
        )  # fmt: skip
        self.desk.begin(request).when_over(self._ended)

    def refresh(self) -> None:
        """Once a frame: whichever session goes on is watched."""
        run = self.desk.run
        if not self.over and run is not None and run.training is not None:
            run.training.watch = self.watch

    def finish(self) -> None:
        """Enough practised."""
        if not self.over and self.desk.run is not None:
            self.desk.run.end()

    @property
    def can_finish(self) -> bool:
        """The trainee has done something about the incident, or has missed it."""
        training = self.desk.run.training if self.desk.run is not None else None
        if self.over or self.watch.came is None or training is None:
            return False
        return bool(self.watch.act) or training.session_time - self.watch.came > MISSED

    def _ended(self, run: SessionRun) -> None:
        self.over = True
        self.problem = run.problem if run.training is None else ""
        self.desk.ask(tr("Saving what was practised"), self._save, self._saved)
        if self.desk.went and self.desk.went[-1].place == "train":
            self.desk.go("trainer")

    def _save(self) -> None:
        from rehab.clinic.records import PracticeTry

        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        watch = self.watch
        if watch.came is not None:
            self._acting.practice.keep(PracticeTry(
                virtual=self.virtual, exercise=self.exercise, incident=watch.incident.name, act=watch.act,
                right=watch.right, reaction=watch.reaction,
            ))  # fmt: skip

    def _saved(self, done: Done) -> None:
        self.problem = self.problem or done.error


class Trainer(Model):
    """The page: what to practise, what came of it, and how the trainee gets on. `tries` newest first."""

    def __init__(self, desk: Desk, *, dice: Random | None = None) -> None:
        super().__init__(desk)
        self._dice = dice or Random()
        self.choices: Choices | None = None
        self.tries: tuple[PracticeTry, ...] | None = None

    def load(self) -> None:
        if self.choices is None:
            self.ask(tr("Reading the exercises"), lambda: _choices(self.desk), self._have_choices)
        acting = self.acting
        self.ask(tr("Reading the practice so far"), lambda: acting.practice.list(), self._have_tries)

    def _have_choices(self, found: Choices) -> None:
        self.choices = found

    def _have_tries(self, found: tuple[PracticeTry, ...]) -> None:
        self.tries = found

    @property
    def last(self) -> Practice | None:
        """The newest of this user's that is over."""
        last = self.desk.practice
        return last if last is not None and last.over and last.by == self.acting.user.id else None

    @property
    def can_begin(self) -> bool:
        return self.choices is not None and not self.desk.session_open and not self.waiting

    def begin(self, virtual: str, exercise: str, incident: str) -> None:
        """`incident` "": one of them, drawn, and not told."""
        choices = self.choices
        if not self.can_begin or choices is None:
            return
        seed = self._dice.randrange(2**32)
        chosen, at = drawn(incident, self._dice)

        def job() -> tuple[Any, Path]:
            protocol = practice_plan(exercise, choices.info)
            return protocol, Path(tempfile.mkdtemp(prefix="rehab-practice-"))

        def have(made: tuple[Any, Path]) -> None:
            if self.desk.session_open:
                made[1].rmdir()
                return
            model = choices.info.model
            practice = Practice(
                self.desk, chosen, at=at, virtual=virtual, exercise=exercise, seed=seed, model=model
            )
            practice.begin(*made)
            self.desk.go("train")

        self.ask(tr("Preparing the practice"), job, have)

    # how the trainee gets on ----------------------------------------------------------------------------------------

    @property
    def right(self) -> tuple[int, int]:
        """How many of all tries were right."""
        tries = self.tries or ()
        return sum(tried.right for tried in tries), len(tries)

    @property
    def medians(self) -> tuple[float, float] | None:
        """s: the median reaction of the first five and of the last five right ones; None before there are ten."""
        times = [tried.reaction for tried in reversed(self.tries or ()) if tried.right and tried.reaction is not None]
        if len(times) < 2 * LAST:
            return None
        return median(times[:LAST]), median(times[-LAST:])

    def best(self, incident: str) -> float | None:
        """s: the quickest right reaction to that incident so far."""
        times = [t.reaction for t in self.tries or () if t.incident == incident and t.right and t.reaction is not None]
        return min(times, default=None)


def _choices(desk: Desk) -> Choices:
    info = facts(desk).info
    there = set(registry.names("patient"))
    patients = [name for name in VIRTUAL if name in there and name not in NOT_TO_TREAT]
    exercises = [(e.name, e.title) for e in entries(info) if e.kind == EXERCISE and not e.why_not]
    return Choices(info, tuple(patients), tuple(exercises))


def practice_plan(exercise: str, info: DeviceInfo) -> Any:
    """A plan of that one exercise, as a therapist would make it. Raises Findings."""
    from gui.viewmodels.plan_text import NEW, add_block
    from rehab.protocol.document import parsed
    from rehab.protocol.edit import changed
    from rehab.protocol.written import Written

    text = add_block(NEW.format(title=tr("Practice"), device=info.model), EXERCISE, exercise, info)
    text = changed(text, "blocks[0].trials", TRIALS)
    protocol = parsed(Written(text, "practice.yaml"), Path("practice.yaml"))
    if protocol.findings:
        raise protocol.written.error(protocol.findings)
    return protocol
