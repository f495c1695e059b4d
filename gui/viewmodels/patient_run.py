"""Patient-run mode, on the therapist's side: the patient answers and says "ready"; the plan begins within the limits.

The therapist allows it, for this visit; sees how far the patient is; and can take over at any moment by pressing what
is on the page anyway. Hardware is never armed this way: a person stands beside it for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gui.i18n import tr
from gui.viewmodels import asked, guided
from gui.viewmodels.screen_settings import Said
from rehab.core.trials import Question

if TYPE_CHECKING:
    from gui.viewmodels.visit import Visit

STEPS = tuple(step.name for step in guided.STEPS)


class PatientRun:
    """
    allowed   the patient goes through the set-up alone
    step      how many of the steps are done
    exertion  the patient's last answer on Borg's scale
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self.allowed = False
        self.step = 0
        self.exertion: int | None = None
        self._ready = self._asked_after = self._guiding = False
        self._told = ""

    def show(self) -> None:
        """Open the patient's screen on this visit's session."""
        run = self._visit.run
        if run is not None and run.session is not None and not run.over:
            self._guiding, self._told = False, ""
            self._visit.desk.screen.start(run.session.folder.name)

    def allow(self, allowed: bool) -> None:
        self.allowed = allowed
        self.step, self._ready = 0, False
        self._visit.changed()

    def ask_before(self) -> None:
        """Pain and fatigue, answered by the patient."""
        for question in (asked.PAIN_QUESTION, asked.TIRED_QUESTION):
            self.ask(question)

    def ask(self, question: Question) -> None:
        self._visit.desk.screen.ask(question)

    @property
    def words(self) -> str:
        """Where the patient is; "" when nobody runs it alone."""
        if not self.allowed:
            return ""
        if not self._visit.desk.screen.alive:
            return tr("The patient runs it alone: open the patient's screen")
        if self.step >= len(STEPS):
            return tr("The patient has said: ready")
        return tr("The patient gets ready alone: step {number} of {total}", number=self.step + 1, total=len(STEPS))

    def refresh(self) -> None:
        """Once a frame."""
        visit, screen = self._visit, self._visit.desk.screen
        while screen.answered:
            self._heard(*screen.answered.popleft())
        if not screen.alive:
            self._guiding = False
            return
        guiding = self.allowed and visit.waits_for_start
        if guiding != self._guiding:
            self._guiding, self.step = guiding, 0
            screen.say(Said(guide=guiding))
        if self._ready:
            self._begin()
        if visit.part == "ended" and not self._asked_after:
            self._asked_after = True
            self.ask_before()

    def _heard(self, name: str, value: Any) -> None:
        visit = self._visit
        if name in STEPS and self.allowed:
            self.step = max(self.step, STEPS.index(name) + 1)
        ended = visit.part == "ended"
        if name == "pain":
            visit.ask_after(pain=int(value)) if ended else visit.ask_pain(int(value))
        elif name == "fatigue":
            visit.ask_after(fatigue=int(value)) if ended else visit.ask_fatigue(int(value))
        elif name == asked.BORG_QUESTION.name:
            self.exertion = int(value)
        elif name == guided.STRAPS and visit.strapping_runs:
            visit.straps_on()
        elif name == guided.READY and self.allowed:
            self._ready = True
        visit.changed()

    def _begin(self) -> None:
        """As the therapist's Start does; whatever forbids that forbids this."""
        visit = self._visit
        training = visit.run.training if visit.run is not None else None
        if training is None:
            return
        if visit.waits_for_start and training.info.simulated:
            if visit.can_start:
                self._ready = False
                visit.start()
            else:
                self._tell(tr("Please wait a moment"))
        elif training.state == "armed" and training.can_start:
            self._ready = False
            training.start()
        else:
            self._tell(tr("Your therapist switches the arm on"))

    def _tell(self, words: str) -> None:
        if words != self._told:
            self._told = words
            self._visit.desk.screen.say(Said(words=words))
