"""What a therapist does beside the arm: notes and marks, a trial left out or done again, a session that is parked.

A parked session belongs to somebody who is out of the straps: nothing can be armed until the same person is back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rehab.core.safety.faults import Fault
from rehab.session import messages

if TYPE_CHECKING:
    from rehab.session.loop import Loop

LONGEST = 400  # characters of a note: at most 1600 bytes, of an event's 2 KiB
MOST_CHIPS, CHIP = 8, 40  # ready words of one note, and characters of each


class Bedside:
    """Of one loop."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.parked = False

    def mark(self, request: messages.Mark) -> None:
        self._loop.event("mark", {"trial": self._loop.course.trial, "by": request.by})

    def note(self, request: messages.Note) -> None:
        chips, text = request.chips, request.text.strip()
        if not chips and not text:
            raise ValueError("the note is empty: choose a word or write something")
        if len(text) > LONGEST or len(chips) > MOST_CHIPS or any(len(chip) > CHIP for chip in chips):
            raise ValueError(f"the note has {len(text)} characters; {LONGEST} fit: write two notes")
        trial = self._loop.course.trial
        self._loop.event("note", {"chips": list(chips), "text": text, "trial": trial, "by": request.by})

    # trials ----------------------------------------------------------------------------------------------------------

    def skip(self, request: messages.Skip) -> None:
        if not self._loop.course.in_trial:
            raise ValueError("no trial is running; the next one begins by itself")
        self._tell_exercise("skip", "this exercise cannot leave a trial out")

    def repeat(self, request: messages.Repeat) -> None:
        """Between trials the tally learns it here; the running trial's end says so itself."""
        loop = self._loop
        if loop.course.tally is None or not (loop.course.in_trial or loop.course.tally.last is not None):
            raise ValueError("no trial of this block has ended yet")
        self._tell_exercise("repeat", "this exercise cannot do a trial again")
        if not loop.course.in_trial:
            loop.course.tally.once_more()
            loop.event("again", {"trial": loop.course.trial})

    def _tell_exercise(self, what: str, otherwise: str) -> None:
        loop = self._loop
        if loop.state not in ("running", "paused"):
            raise ValueError(f"the session is {loop.state}; this needs it to be running or paused")
        act: Any = getattr(loop.rig.exercise, what, None)
        if act is None:
            raise ValueError(otherwise)
        try:
            act()
        except Exception as error:  # anybody's
            words = f"exercise {type(loop.rig.exercise).__name__}: {type(error).__name__}: {error}"
            loop.rig.monitor.trip(Fault.SCRIPT_FAILED, words)

    # parking ---------------------------------------------------------------------------------------------------------

    def park(self, request: messages.Park) -> None:
        loop = self._loop
        if loop.rig.monitor.armed or loop.state in ("running", "paused", "armed"):
            raise ValueError("the arm still has power: stop it first")
        self.parked = True

    def unpark(self, request: messages.Unpark) -> None:
        if not self.parked:
            raise ValueError("the session is not parked")
        self.parked = False

    def refuse_parked(self) -> None:
        """Raises ValueError while the session is parked."""
        if self.parked:
            raise ValueError("the session is parked: confirm who is at the arm, then go on")
