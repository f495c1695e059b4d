"""What the patient's screen watches, played: the synthetic reach of FakeSession, and questions when a test asks one."""

from __future__ import annotations

from typing import Any

from rehab.core.errors import RehabError
from rehab.core.trials import Question
from rehab.realtime.ring import RingEvent
from rehab.realtime.snapshot import Look
from tests.gui.fake_session import FakeSession


class FakeWatched:
    def __init__(self, session: FakeSession) -> None:
        self.session, self.info = session, session.info
        self.question: Question | None = None
        self.answers: list[tuple[str, Any]] = []
        self.gone = False
        self.refuse = ""
        self.scene: dict[str, Any] = {}  # fields put into every scene
        self._events: list[RingEvent] = []

    @property
    def heartbeat(self) -> int:
        return self.session._ticks

    def look(self) -> Look | None:
        import msgspec

        look = self.session.look()
        if look is None or not self.scene:
            return look
        return Look(look.values, msgspec.structs.replace(look.scene, **self.scene))

    def events(self) -> list[RingEvent]:
        found, self._events = self._events, []
        return found + self.session.poll()

    def happen(self, kind: str, **data: Any) -> None:
        self._events.append(RingEvent(kind, 0, 0.0, data))

    def answer(self, name: str, value: Any) -> None:
        if self.refuse:
            raise RehabError(self.refuse)
        self.answers.append((name, value))
        if self.question is not None and self.question.name == name:
            self.question = None

    def stop(self) -> None:
        self.session.stop()
