"""F05: frames that came damaged. One is dropped and nothing is lost; many say that the cable is not to be trusted."""

from __future__ import annotations

from collections import deque

from rehab.core.safety.faults import Fault
from rehab.core.safety.ladder import Trip

IN_A_ROW = 5  # damaged frames without a good one between
SHARE = 0.01  # of the frames of a second
SECOND = 0.950  # s in which one frame more than that is too many: at the very share, jitter makes no fault of it


class Damage:
    """`total`: damaged frames that the driver has counted so far. To be asked only when that has changed."""

    def __init__(self, period: float, trip: Trip) -> None:
        self._trip = trip
        self._most = int(SHARE / period)  # a second
        self.total = 0
        self._good = 0  # sequence of the newest good frame when the row began
        self.forget()

    def forget(self) -> None:
        """A repaired line begins anew."""
        self._row = 0
        self._times: deque[float] = deque(maxlen=self._most + 1)  # s, of the newest damaged frames

    def seen(self, now: float, total: int, sequence: int) -> None:
        """At `now` (s) the driver has counted `total` damaged frames; `sequence` is that of its newest good one."""
        more, self.total = total - self.total, total
        if more <= 0:
            return  # the driver has begun to count anew
        self._row = self._row + more if sequence == self._good else more
        self._good = sequence
        if self._row >= IN_A_ROW:
            self._trip(Fault.FRAME_CRC, f"{self._row} frames in a row came damaged; {IN_A_ROW - 1} are allowed")
            return
        times = self._times
        times.extend([now] * more)
        if len(times) > self._most and now - times[0] < SECOND:
            self._trip(Fault.FRAME_CRC, f"{len(times)} frames of a second came damaged; {self._most} are allowed")
