"""F05: frames that came damaged. One is dropped and nothing is lost; many say that the cable is not to be trusted."""

from __future__ import annotations

from rehab.core.safety.faults import Fault
from rehab.core.safety.ladder import Trip

IN_A_ROW = 5  # damaged frames without a good one between
SHARE = 0.01  # of the frames of the last second
SLOTS, SLOT = 10, 0.100  # the last second in pieces of 100 ms


class Damage:
    """`total`: damaged frames that the driver has counted so far. To be asked only when that has changed."""

    def __init__(self, period: float, trip: Trip) -> None:
        self._trip = trip
        self._most = SHARE / period  # a second
        self.total = 0
        self.forget()

    def forget(self) -> None:
        """A repaired line begins anew."""
        self._slots = [0] * SLOTS
        self._slot = 0  # number of the newest slot since the clock's zero
        self._good = -1  # sequence of the newest good frame when the row began
        self._row = 0

    def seen(self, now: float, total: int, sequence: int) -> None:
        """At `now` (s) the driver has counted `total` damaged frames; `sequence` is that of its newest good one."""
        more, self.total = total - self.total, total
        if more <= 0:
            return  # the driver has begun to count anew
        self._row = self._row + more if sequence == self._good else more
        self._good = sequence
        slot = int(now / SLOT)
        for k in range(min(SLOTS, slot - self._slot)):
            self._slots[(slot - k) % SLOTS] = 0
        self._slot = slot
        self._slots[slot % SLOTS] += more
        second = sum(self._slots)
        if self._row >= IN_A_ROW:
            self._trip(Fault.FRAME_CRC, f"{self._row} frames in a row came damaged; {IN_A_ROW - 1} are allowed")
        elif second > self._most:
            self._trip(Fault.FRAME_CRC, f"{second} frames of a second came damaged; {self._most:.0f} are allowed")
