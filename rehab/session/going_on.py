"""What a script or a window may do with a session that a fault has stopped.

try:
    for trial in session.run("reach_active"): ...
except SafetyStop:
    session.resume_gentler(within=30.0)  # once the limb is quiet; or get_out(), slow_stretch(), resume_after_fault()
    for trial in session.run_on(): ...
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rehab.core.errors import NotNow, RehabError
from rehab.core.safety.faults import Fault
from rehab.core.types import Trial
from rehab.realtime.ring import RingEvent
from rehab.session import messages

if TYPE_CHECKING:
    from rehab.session.backends import Backend

GENTLER = 0.7  # of force and speed: plainly less, and still enough to reach
AGAIN = 0.1  # s between two tries


class GoingOn(ABC):
    """The part of a Session that begins after a fault.

    Each act is refused (NotNow, in words) unless the session has stopped by a fault whose cause is gone and the limb is
    quiet; `within` keeps asking for so many seconds of the session's time. A simulation is reset and armed by it; on
    hardware `reset` and `arm` come first, by whoever has made sure of the limb.
    """

    by: str
    state: str
    trials: list[Trial]
    advice = ""  # what the session advises, "" for nothing: to end it, after three spasms
    _fault: RingEvent | None = None
    _spasm_at = -1  # tick of the last spasm
    _stopped_by: str | None = None
    _at_rest = True
    _run_over = False
    _given = 0  # trials that were handed out

    def resume_gentler(self, share: float = GENTLER, *, within: float = 0.0) -> None:
        """Go on with the next trial, under `share` of the force and speed limits in all that is left of the plan."""
        self._act(messages.GoOn(share=share, by=self.by), within)

    def resume_after_fault(self, *, within: float = 0.0) -> None:
        """Go on with the next trial, under the same limits."""
        self._act(messages.GoOn(by=self.by), within)

    def get_out(self, *, within: float = 0.0) -> None:
        """Lead the limb slowly to the exit pose, the device's home, and let go: `run_on` sees it to its end."""
        self._act(messages.GetOut(by=self.by), within)

    def slow_stretch(self, *, within: float = 0.0) -> None:
        """After a spasm: lead the limb very slowly back to where it began, hold it for 30 s, let go; `stop` ends it."""
        self._act(messages.SlowStretch(by=self.by), within)

    @property
    def fault(self) -> Fault:
        """What has stopped the session; NONE when nothing has, or it was reset."""
        return Fault(self._fault.data["id"]) if self._fault is not None else Fault.NONE

    @property
    def spasm(self) -> bool:
        """Whether it is a spasm that has stopped the session: F24, or F19 or F20 with a sudden torque."""
        return self._fault is not None and self._spasm_at == self._fault.tick

    def run_on(self) -> Iterator[Trial]:
        """The trials that are left; after `get_out` and `slow_stretch` none, only their end. Raises as `run` does."""
        for trial in self.follow_on():
            if trial is not None:
                yield trial

    def follow_on(self) -> Iterator[Trial | None]:
        """Like `run_on`, but gives None every few milliseconds in between: for views that show progress."""
        try:
            while True:
                self._take()
                while self._given < len(self.trials):
                    self._given += 1
                    yield self.trials[self._given - 1]
                self._raise_if_stopped()
                if self._run_over and self._at_rest:
                    return
                yield None
                self.advance()
        except GeneratorExit:
            if self.state == "running":
                self.pause()
            raise

    def _act(self, request: messages.AnyRequest, within: float) -> None:
        def ask() -> None:
            before = self._fault, self._stopped_by, self._run_over, self._at_rest
            self._fault, self._stopped_by, self._run_over, self._at_rest = None, None, False, False
            try:
                self._ask(request)  # whatever stops it from now on is new
            except RehabError:
                self._fault, self._stopped_by, self._run_over, self._at_rest = before
                raise

        self._take()
        self._insist(ask, within)

    def _insist(self, ask: Callable[[], None], within: float) -> None:
        """Ask again while it is refused, for so many seconds."""
        until = self._time() + within
        while True:
            try:
                return ask()
            except NotNow:
                if self._time() >= until:
                    raise
            again = self._time() + AGAIN
            while self._time() < again and self.state != "ended" and not self._open.lost:
                self.advance()
                self._take()

    def _time(self) -> float:
        """The session's own, s."""
        look = self._open.snapshot.look()
        return look.values["t"] if look is not None else 0.0

    @property
    @abstractmethod
    def _open(self) -> Backend: ...

    @abstractmethod
    def _ask(self, request: messages.AnyRequest) -> None: ...

    @abstractmethod
    def _take(self) -> None: ...

    @abstractmethod
    def _raise_if_stopped(self) -> None: ...

    @abstractmethod
    def advance(self) -> None: ...

    @abstractmethod
    def pause(self) -> None: ...
