"""The part of a Session that a therapist uses beside the arm, and with which a session goes on from another one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from rehab.protocol.plan import Plan
from rehab.session import messages
from rehab.session.left import Left


class Beside(ABC):
    """`parked`: nothing can be armed until somebody has confirmed who is at the arm."""

    by: str
    parked = False
    _left: Left | None = None

    def mark(self) -> None:
        """A moment to be found again in the record."""
        self._ask(messages.Mark(by=self.by))

    def note(self, chips: Sequence[str] = (), text: str = "") -> None:
        """Ready words, a text, or both, into the record."""
        self._ask(messages.Note(chips=tuple(chips), text=text, by=self.by))

    def skip(self) -> None:
        """Leave the running trial out."""
        self._ask(messages.Skip(by=self.by))

    def repeat(self) -> None:
        """The running trial once more, or between trials the one that ended last."""
        self._ask(messages.Repeat(by=self.by))

    def park(self) -> None:
        """The limb is out of the straps: nothing can be armed until `unpark`."""
        self._ask(messages.Park(by=self.by))

    def unpark(self) -> None:
        """The same person is at the arm again."""
        self._ask(messages.Unpark(by=self.by))

    @property
    def prepared(self) -> Plan | None:
        """The plan that was prepared last, by whichever window."""
        return self._left.whole if self._left is not None else None

    @property
    def left(self) -> Plan | None:
        """What of the prepared plan is left, from the next trial on; None when nothing is, or nothing was prepared."""
        return self._left.plan if self._left is not None else None

    @abstractmethod
    def _ask(self, request: messages.AnyRequest) -> None: ...
