"""What view models of pages have in common: jobs for the store, what came of them, and what has been typed so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gui.viewmodels.desk import Desk
from gui.viewmodels.worker import Done

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting


class Model:
    """`version` counts up with every change that a view has to show; it looks once a frame.

    problem  words of the last job that failed; "" once one went well
    waiting  how many jobs are under way
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.problem = ""
        self.version = 0
        self.waiting = 0

    @property
    def acting(self) -> Acting:
        """Who is signed in; pages that need somebody are not shown before."""
        assert self.desk.acting is not None
        return self.desk.acting

    def changed(self) -> None:
        self.version += 1

    def ask(self, name: str, job: Callable[[], Any], then: Callable[[Any], None] | None = None) -> None:
        """Have the store do it; `then` gets what it gave, at a later frame. Words of a failure go to `problem`."""
        self.waiting += 1

        def came(done: Done) -> None:
            self.waiting -= 1
            self.problem = done.error
            if not done.error and then is not None:
                then(done.value)
            self.changed()

        self.desk.ask(name, job, came)
