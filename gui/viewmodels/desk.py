"""What all pages share: the clinic store, who is signed in, the session that is open, and where to go next. No widgets.

The store and the disk are asked on a thread of their own: `ask` names the job, hands it over, and gives its result to
`then` at the next frame. A session has its own worker (SessionRun), so that no query ever delays a STOP.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.i18n import tr
from gui.viewmodels.alarms import Alarms
from gui.viewmodels.person import ROLES
from gui.viewmodels.second_screen import SecondScreen
from gui.viewmodels.worker import Done, Worker
from rehab.core.clock import Clock, MonotonicClock
from rehab.core.errors import AccessError

if TYPE_CHECKING:
    from gui.viewmodels.practice import Practice
    from gui.viewmodels.run import Request, SessionRun
    from gui.viewmodels.visit import Visit
    from rehab.clinic.acting import Acting
    from rehab.clinic.clinic import Clinic
    from rehab.clinic.records import User

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
    new_run  (request) -> the session that was asked for, opening; None = this desk opens none
    """

    def __init__(
        self,
        clinic: Clinic,
        *,
        device: str = "sim:planar_arm",
        out: Path | None = None,
        clock: Clock | None = None,
        new_run: Callable[[Request], SessionRun] | None = None,
    ) -> None:
        self.clinic, self.device, self.out = clinic, device, out
        self._clock = clock or MonotonicClock()
        self._new_run = new_run
        self.worker = Worker(chained=False)
        self.acting: Acting | None = None
        self.alarms = Alarms(self._clock)
        self.run: SessionRun | None = None  # the open session, whichever page is shown
        self.visit: Visit | None = None  # whose it is, from the confirmed identity to the signature
        self.practice: Practice | None = None  # the newest: under way, or what came of it
        self.screen = SecondScreen()  # the patient's
        self._demo: bool | None = None
        self._drafts: dict[int, dict[str, Any]] = {}  # by user
        self.roles: Mapping[str, frozenset[str]] = {}  # which page is for whom; whoever shows pages says so
        self.went: list[Step] = []  # the way here, the present page last
        self.locked = False
        self.notice = ""  # told to who signs in next
        self._then: dict[str, Callable[[Done], None]] = {}
        self._numbers = count()
        self._touched = self.now()
        self._listeners: list[Callable[[Step], None]] = []
        self._greeters: list[Callable[[User], None]] = []

    # going ----------------------------------------------------------------------------------------------------------

    def when_going(self, act: Callable[[Step], None]) -> None:
        """Have that called with every page that is gone to."""
        self._listeners.append(act)

    def may_go(self, place: str) -> bool:
        """Has the present user a role that this page is for?"""
        wanted = self.roles.get(place)
        return not wanted or (self.acting is not None and not wanted.isdisjoint(self.acting.user.roles))

    def go(self, place: str, **what: Any) -> None:
        """Show a page: `desk.go("patient", patient=code)`. Raises AccessError for one that is not for this user."""
        if not self.may_go(place):
            roles = ", ".join(tr(words) for role, words in ROLES.items() if role in self.roles[place])
            raise AccessError(tr('The page "{place}" is for: {roles}', place=place, roles=roles), "role")
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
        self.screen.refresh()
        if self.visit is not None:
            self.visit.refresh()
        if self.practice is not None:
            self.practice.refresh()
        if self.acting is not None and not self.locked and self.now() - self._touched > LOCK_AFTER:
            self.lock()

    @property
    def local(self) -> dt.datetime:
        """Day and hour of the clinic's clock, here; ages, appointments and reports go by it."""
        return self.clinic.now().astimezone()

    @property
    def today(self) -> dt.date:
        return self.local.date()

    @property
    def demo(self) -> bool:
        """Are all people in the store invented? Every page says so then."""
        if self._demo is None:
            self._demo = bool(self.clinic.demo)
        return self._demo

    def became_demo(self) -> None:
        """The store was filled with invented people just now."""
        self._demo = True

    # the session ----------------------------------------------------------------------------------------------------

    def begin(self, request: Request) -> SessionRun:
        """Open a session; the one before must be over."""
        if self.run is not None:
            self.run.close()
        assert self._new_run is not None
        self.run = self._new_run(request)
        return self.run

    @property
    def session_open(self) -> bool:
        return self.run is not None and not self.run.over

    @property
    def session_place(self) -> str:
        """The page of the open session: before its start that where the patient is made ready, for those who may."""
        waits = self.visit is not None and self.visit.waits_for_start
        return "prepare" if waits and self.may_go("prepare") else "train"

    # who ------------------------------------------------------------------------------------------------------------

    def when_signed_in(self, act: Callable[[User], None]) -> None:
        """Have that called with everybody who signs in or takes over, before a page of theirs is shown."""
        self._greeters.append(act)

    def signed_in(self, acting: Acting) -> None:
        """Somebody has signed in, or taken over: go on where the lock found the page; else at home, or at the session
        that is open."""
        before = self.acting
        same = before is not None and acting.user.id == before.user.id
        resumed = self.locked and same
        self.acting, self.locked, self.notice = acting, False, ""
        self.touched()
        if not same:
            for greet in self._greeters:
                greet(acting.user)
            if before is not None and self.visit is not None:
                self.visit.taken_over(before, acting)
        if resumed and len(self.went) > 1:
            self.back()
            return
        self.home()
        if self.session_open:
            self.go(self.session_place)

    def lock(self) -> None:
        """Hide everything personal; a session that is open goes on, and STOP stays."""
        if self.acting is not None and not self.locked:
            self.locked = True
            self.go("locked")

    def sign_out(self) -> None:
        """Not while a session is open: somebody has to be there for it."""
        if (acting := self.acting) is None or self.session_open:
            return
        self._drafts.pop(acting.user.id, None)
        self.ask(tr("Signing out"), acting.sign_out)
        self.acting, self.locked, self.visit, self.practice = None, False, None, None
        self.home()

    def put_out(self, why: str) -> None:
        """Nobody is signed in any more: what was known of everybody may not hold. `why` is told at the entrance."""
        self._drafts.clear()
        self.acting, self.locked, self.visit, self.practice, self._demo = None, False, None, None, None
        self.notice = why
        self.home()

    @property
    def drafts(self) -> dict[str, Any]:
        """What the present user has typed and not saved yet, by page; until they sign out."""
        assert self.acting is not None
        return self._drafts.setdefault(self.acting.user.id, {})

    def touched(self) -> None:
        """A key, a click, a touch."""
        self._touched = self.now()

    def close(self) -> None:
        self.screen.stop()
        self.worker.close()

    def now(self) -> float:
        """s on a clock that only goes forward."""
        return self._clock.now_ns() * 1e-9
