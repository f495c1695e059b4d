"""A page between blocks: what the participant reads and is asked, while the arm is held softly where it is.

    page ──▶ question ──▶ question ──▶ … ──▶ continue ──▶ list_end
"""

from __future__ import annotations

from collections import deque
from math import inf
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator

from rehab.core.device import DeviceInfo
from rehab.core.limits import Limits
from rehab.core.parameters import Parameters
from rehab.core.trials import Page, Question, plain
from rehab.core.types import Event, Reference, Scene, State
from rehab.core.values import Decision

PIECE = 400  # characters of a page in one event: at most 1600 bytes, of 2 KiB
CONTINUE = Question(name="continue", text="Go on", kind="key", default=True)


class PageShown:
    """An Exercise without trials. One question at a time; a page that waits for the key ends with CONTINUE."""

    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, device: DeviceInfo, page: Page) -> None:
        self._page = page
        self._questions = page.questions + ((CONTINUE,) if page.until == "key" else ())

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._at, self._zero = state.x.copy(), np.zeros_like(state.x)
        self._left = deque(self._questions)
        self._asked = ""
        self._over, self._now = False, -inf
        text = self._page.text
        pieces = [text[k : k + PIECE] for k in range(0, len(text), PIECE)] or [""]
        self._events = deque([Event("phase", {"name": "page"})])
        for number, piece in enumerate(pieces):
            self._events.append(Event("page", {"piece": number + 1, "of": len(pieces), "text": piece}))
        self._scene = Scene(text=text, phase="page")

    def reference(self, t: float, state: State) -> Reference:
        return Reference(self._at, self._zero, self._zero)

    def scene(self) -> Scene:
        return self._scene

    def answer(self, name: str, value: Any) -> None:
        """An answer to the present question; CONTINUE goes on from whichever question it is."""
        if name == self._asked:
            self._asked = ""

    def observe(self, t: float, state: State, decision: Decision) -> Event | None:
        if t <= self._now:
            return None
        self._now = t
        if not self._events and not self._asked:
            if self._left:
                self._ask(self._left.popleft())
            elif not self._over and t >= self._page.least:
                self._over = True
                self._events.append(Event("list_end", {}))
        return self._events.popleft() if self._events else None

    def _ask(self, question: Question) -> None:
        self._asked = question.name
        self._events.append(Event("ask", plain(question)))
        if question.kind != "key":
            text = f"{self._page.text}\n\n{question.text or question.name}".strip()
            self._scene = Scene(text=text, phase="ask")
