"""What all pages share: the clinic store, who is signed in, the session that is open, and where to go next. No widgets.

The store and the disk are asked on a thread of their own: `ask` names the job, hands it over, and gives its result to
`then` at the next frame. A session has its own worker (SessionRun), so that no query ever delays a STOP.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.viewmodels.alarms import Alarms
from gui.viewmodels.worker import Done, Worker
from rehab.core.clock import Clock, MonotonicClock

if TYPE_CHECKING:
    from rehab.clinic import Acting, Clinic

    from gui.viewmodels.run import SessionRun

LOCK_AFTER = 600.0  # s without a key or a touch: a chart must not stay open on an empty chair


class Step(NamedTuple):
    """A page, and what it shows there."""

    place: str
    what: dict[str, Any]


class Desk:
    """One application.

    clinic   the store
    device   address of the robot that sessions use
    out      folder of the recordings; None = the default one
    """

    def __init__(
        self, clinic: Clinic, *, device: str = "sim:planar_arm", out: Path | None = None, clock: Clock | None = None
    ) -> None:
        self.clinic, self.device, self.out = clinic, device, out
        self._clock = clock or MonotonicClock()
        self.worker = Worker()
        self.acting: Acting | None = None
        self.alarms = Alarms(self._clock)
        self.run: SessionRun | None = None  # the open session, whichever page is shown
        self.went: list[Step] = []  # the way here, the present page last
        self.locked = False
        self._then: dict[str, Callable[[Done], None]] = {}
        self._numbers = count()
        self._touched = self._now()
        self._listeners: list[Callable[[Step], None]] = []

    # going ----------------------------------------------------------------------------------------------------------

    def when_going(self, act: Callable[[Step], None]) -> None:
        """Have that called with every page that is gone to."""
        self._listeners.append(act)

    def go(self, place: str, **what: Any) -> None:
        """Show a page: `desk.go("patient", patient=code)`."""
        self.went.append(Step(place, what))
        del self.went[:-50]
        self._show()

    def back(self) -> None:
        """The page before this one."""
        if len(self.went) > 1:
            self.went.pop()
            self._show()

    def home(self) -> None:
        """Where this user begins."""
        self.went.clear()
        self.go("today" if self.acting is not None else ("first_user" if self.clinic.empty else "sign_in"))

    def _show(self) -> None:
        for act in self._listeners:
            act(self.went[-1])

    # the store ------------------------------------------------------------------------------------------------------

    def ask(self, name: str, job: Callable[[], Any], then: Callable[[Done], None] | None = None) -> None:
        """Do a job off the window's thread; `then` gets its Done at a later frame. `name` tells people what it is."""
        key = f"{name}\0{next(self._numbers)}"
        if then is not None:
            self._then[key] = then
        self.worker.submit(key, job)

    @property
    def busy(self) -> str:
        """What is being done, in words; "" for nothing."""
        return self.worker.busy.partition("\0")[0]

    def refresh(self) -> None:
        """Once a frame: what was asked has come."""
        for done in self.worker.results():
            then = self._then.pop(done.name, None)
            if then is not None:
                then(Done(done.name.partition("\0")[0], done.value, done.error))
        if self.acting is not None and not self.locked and self._now() - self._touched > LOCK_AFTER:
            self.lock()

    # who ------------------------------------------------------------------------------------------------------------

    def signed_in(self, acting: Acting) -> None:
        """Somebody has signed in, or taken over: go on where the lock found the page, else at home."""
        resumed = self.locked and self.acting is not None and acting.user.id == self.acting.user.id
        self.acting, self.locked = acting, False
        self.touched()
        if resumed and len(self.went) > 1:
            self.back()
        else:
            self.home()

    def lock(self) -> None:
        """Hide everything personal; a session that is open goes on, and STOP stays."""
        if self.acting is not None and not self.locked:
            self.locked = True
            self.go("locked")

    def sign_out(self) -> None:
        self.acting, self.locked = None, False
        self.home()

    def touched(self) -> None:
        """A key, a click, a touch."""
        self._touched = self._now()

    def close(self) -> None:
        self.worker.close()

    def _now(self) -> float:
        return self._clock.now_ns() * 1e-9
