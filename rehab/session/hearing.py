"""How the loop hears the user: the newest word of the inputs, what of it counts, and what follows from it.

A stop that was pressed stops, before anything else of its tick. A hold-to-run pedal that is let go pauses, and what it
paused goes on when it is pressed again. Silence of the inputs process is told once (F45); of one that reads a pedal it
stops the arm (F46).
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING

from rehab.core.intent import MOST_AGE, Heard, Word, clipped, together
from rehab.core.safety.faults import Fault
from rehab.core.values import Floats
from rehab.realtime.words import SILENCE
from rehab.session import messages, told

if TYPE_CHECKING:
    from rehab.session.loop import Loop

Listen = Callable[[float, float], Word]  # (now, run) -> the newest word; run in s since the exercise began, else −1
HOLD = "hold-to-run pedal"
NO_AGE = -1.0


class Hearing:
    """Once a tick `step`; then `intent` and `offer` (as long as the task's dimensions) and `age` (s) are this tick's.

    listen   where words come from; None: no inputs but what is typed
    pedal    one of them is a pedal
    """

    def __init__(self, loop: Loop, dimensions: int, listen: Listen | None, *, pedal: bool) -> None:
        self._loop, self._listen, self._pedal = loop, listen, pedal
        self._zero: Floats = (0.0,) * dimensions
        self._dimensions = dimensions
        self._from_inputs = Heard(dimensions, from_rest=True)
        self._typed = Heard(dimensions, from_rest=False)
        self._steer: tuple[float, Floats] = (float("-inf"), self._zero)
        self._word = SILENCE
        self._began: float | None = None
        self._stops = 0
        self._held = False  # the pedal paused what runs
        self._told = True  # nothing is missed before the first word
        self.intent = self.offer = self._zero
        self.age = NO_AGE

    def steer(self, now: float, intent: Floats) -> None:
        """What was typed into a window. Raises ValueError for what is no intent."""
        if len(intent) != self._dimensions or not all(map(isfinite, intent)):
            raise ValueError(f"an intent is {self._dimensions} numbers of -1 to 1, not {list(intent)}")
        self._steer = (now, clipped(intent, self._dimensions))

    @property
    def obstacle(self) -> str:
        """Why the arm may not be armed; "" for nothing."""
        if self._word.pressed:
            return "the stop pedal is still pressed"
        if self._pedal and (self._word.pedal_lost or self.age > MOST_AGE or self.age < 0.0):
            return "F46 the pedal does not answer: plug it in, or leave it out of the inputs"
        return ""

    def step(self, now: float) -> None:
        """Listen, at `now` (s, monotonic)."""
        typed_at, typed = self._steer
        typed = self._typed.take(typed, now - typed_at)
        if self._listen is None:
            self.intent = typed
            return
        state = self._loop.state
        if state not in ("running", "paused"):
            self._began, self._held = None, False
        elif self._began is None:
            self._began = now
        word = self._word = self._listen(now, now - self._began if self._began is not None else -1.0)
        age = now - word.time
        heard = self._from_inputs.take(word.intent, age)
        self.intent = together([typed, heard], self._dimensions)
        self.age = age if isfinite(age) else NO_AGE
        offer = word.offer if age <= MOST_AGE else ()
        self.offer = offer if len(offer) == self._dimensions else self._zero
        self._obey(word, age)

    def _obey(self, word: Word, age: float) -> None:
        loop = self._loop
        if word.stops != self._stops:
            self._stops = word.stops
            loop.handle(messages.Stop(by="stop pedal"))
        silent = age > MOST_AGE
        if self._pedal and (silent or word.pedal_lost):
            words = f"no word from it for {1e3 * age:.0f} ms" if silent else "its line is gone"
            loop.rig.monitor.trip(Fault.PEDAL_LOST, words)
        if silent and not self._told:
            self._tell(Fault.PEDAL_LOST if self._pedal else Fault.INPUT_LOST, age)
        self._told = silent
        if not word.run and loop.state == "running":
            self._held = not loop.handle(messages.Pause(by=HOLD))
        elif word.run and self._held and loop.state == "paused":
            self._held = bool(loop.handle(messages.Resume(by=HOLD)))

    def _tell(self, fault: Fault, age: float) -> None:
        words = f"the inputs have not spoken for {1e3 * age:.0f} ms; what they asked for fades to nothing"
        self._loop.event("warning", told.fault(fault, words))
