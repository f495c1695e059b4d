"""Nothing on the patient's screen flashes: each region changes its brightness at most three times a second.

WCAG 2.2, 2.3.1: no more than three flashes in a second. A flash is two changes, there and back; here the changes
themselves are counted, so that it is one and a half. The first change is shown at once; one that comes too early waits.
"""

from __future__ import annotations

from collections.abc import Hashable

LEAST = 1.0 / 3.0  # s between two changes of one region


class Calm:
    """One region. `state` is what is shown of it."""

    def __init__(self, state: Hashable, least: float = LEAST) -> None:
        self.state, self._least = state, least
        self._changed: float | None = None

    def see(self, now: float, wanted: Hashable) -> bool:
        """True: what is wanted is shown from now (s) on, or already. False: it must wait, what is shown stays."""
        if wanted == self.state:
            return True
        if self._changed is not None and now - self._changed < self._least:
            return False
        self.state, self._changed = wanted, now
        return True
