"""What the participant answers: into the record, to the exercise that asked, and to the conditions that end a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rehab.core.safety.faults import Fault
from rehab.protocol.plan import Plan, StopIf
from rehab.session import messages

if TYPE_CHECKING:
    from rehab.session.loop import Loop


class Answers:
    """Of one loop. `enough` says which answer has ended the run, in words; "" while none has."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._stop_if: tuple[StopIf, ...] = ()
        self.enough = ""

    def begin(self, plan: Plan) -> None:
        self._stop_if, self.enough = plan.stop_if, ""

    def take(self, request: messages.Answer) -> None:
        loop, name, value = self._loop, request.name, request.value
        loop.event("answer", {"name": name, "value": value, "trial": loop.course.trial, "by": request.by})
        ends = [condition for condition in self._stop_if if condition.name == name and condition.met(value)]
        if ends:
            self.enough = f"{name} is {value}, and the protocol ends at {ends[0]}"
        if loop.state not in ("running", "paused"):
            return
        if self.enough:
            loop.course.end_run(self.enough)
            return
        exercise: Any = loop.rig.exercise
        hear = getattr(exercise, "answer", None)
        try:
            if hear is not None:
                hear(name, value)
        except Exception as error:  # anybody's
            words = f"exercise {type(exercise).__name__}: {type(error).__name__}: {error}"
            loop.rig.monitor.trip(Fault.SCRIPT_FAILED, words)
