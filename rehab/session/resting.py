"""The rest that a protocol asks for after so much work (`rest_every`): the session pauses by itself between two trials,
shows how long it still lasts, and goes on by itself.

Work is the time in which blocks run, pages apart; a pause as long as a rest is one. The arm is held softly where it is,
as in any pause; who commands may go on earlier, or stop.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from rehab.core.types import Scene

if TYPE_CHECKING:
    from rehab.session.loop import Loop

REST = 60.0  # s: between trials of minutes, muscle gets most of its strength back in one
WORDS = "Rest"


def picture(left: float) -> Scene:
    """What is seen with so many seconds left; the words on a line of their own."""
    return Scene(text=f"{WORDS}\n{ceil(left)} s", phase="rest")


class Resting:
    """Of one loop. `scene` is what is seen meanwhile; None while no rest is on."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.forget()

    def forget(self) -> None:
        """Another plan, or the same once more from its beginning."""
        self._work = self._paused = self._left = 0.0  # s
        self.scene: Scene | None = None

    def step(self, dt: float) -> None:
        """Once a tick of dt s."""
        loop = self._loop
        if loop.state == "running":
            self._work = 0.0 if self._left > 0.0 else self._work + (dt if loop.course.in_block else 0.0)
            self._left, self._paused, self.scene = 0.0, 0.0, None
        elif loop.state == "paused":
            self._paused += dt
            if self._paused >= REST:
                self._work = 0.0
            if self._left > 0.0:
                self._count_down(dt)
        else:
            self._left, self.scene = 0.0, None

    def look(self) -> None:
        """Between two trials: is a rest due?"""
        loop = self._loop
        if loop.state != "running" or not loop.course.in_block:
            return
        every = loop.course.blocks[loop.course.block].plan.rest_every
        if every and self._work >= every:
            self._left, self.scene = REST, picture(REST)
            loop.event("break", {"for": REST, "after": round(self._work, 3)})
            loop.pause()

    def _count_down(self, dt: float) -> None:
        before, self._left = self._left, self._left - dt
        if self._left <= 0.0:
            self._work = 0.0
            self._loop.resume()
        elif ceil(self._left) != ceil(before):
            self.scene = picture(self._left)
