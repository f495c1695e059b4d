"""The device's clock on the host's time scale.

    offset = ((t2 − t1) + (t3 − t4)) / 2        round trip = (t4 − t1) − (t3 − t2)        (docs/link.md, section 5)

t1, t4 host, t2, t3 device. A queue on the way lengthens the round trip and spoils the offset by half of it, so only the
quickest exchanges of a window are believed (Mills, RFC 5905, the clock filter), and a line is fitted through them:

    offset(t) = a + b·(t − t̄)        b the skew of the device's clock

An asymmetric line cannot be seen: half of the difference stays as an error of every age. So does half of the time for
which an answer waits until the loop looks, at most half a period.
"""

from __future__ import annotations

import numpy as np

EXCHANGES = 250  # kept: 5 s at 50 Hz
WINDOW_NS = 5_000_000_000
BELIEVED = 0.05  # share of the window with the shortest round trips
AT_LEAST = 4  # exchanges are believed however few there are
FIT_EVERY = 5  # exchanges between two fits, once the window is no longer young
SPAN_NS = 1_000_000_000  # below this the line is too short for a slope
MOST_SKEW = 500e-6  # crystals keep 100 ppm; a steeper line is noise


class Unwrap32:
    """Counts a 32-bit counter on past its wraps; what is up to 2³¹ older than the newest is placed before it."""

    def __init__(self) -> None:
        self.value: int | None = None

    def __call__(self, low: int) -> int:
        """The whole number nearest to the newest one whose lower 32 bits are `low`."""
        if self.value is None:
            self.value = low
            return low
        ahead = (low - self.value) & 0xFFFF_FFFF
        whole = self.value + (ahead if ahead < 0x8000_0000 else ahead - 0x1_0000_0000)
        self.value = max(self.value, whole)
        return whole


class ClockSync:
    """Takes TIMESYNC exchanges, tells host time from device time. Times in ns; arrays are made once and never grow."""

    def __init__(self) -> None:
        self._at = np.zeros(EXCHANGES)  # ns since the first exchange, middle of the exchange on the host's clock
        self._offset = np.zeros(EXCHANGES)  # ns, device − host, less the first one
        self._trip = np.zeros(EXCHANGES)  # ns
        self.reset()

    def reset(self) -> None:
        """Forget: another device, or the same after it restarted."""
        self.exchanges = 0
        self._base_host = self._base_offset = 0
        self._a = self._b = self._centre = 0.0
        self.round_trip_ns = 0.0  # the shortest of those believed

    @property
    def ready(self) -> bool:
        return self.exchanges > 0

    @property
    def skew(self) -> float:
        """How much faster the device's clock runs, as a ratio."""
        return self._b

    def add(self, t1: int, t2: int, t3: int, t4: int) -> None:
        """One exchange, all in ns, device times unwrapped. One that cannot be is ignored."""
        trip = (t4 - t1) - (t3 - t2)
        if trip < 0 or t4 < t1 or t3 < t2:
            return
        middle, offset = (t1 + t4) // 2, (t2 - t1 + t3 - t4) // 2
        if self.exchanges == 0:
            self._base_host, self._base_offset = middle, offset
        slot = self.exchanges % EXCHANGES
        self._at[slot] = middle - self._base_host
        self._offset[slot] = offset - self._base_offset
        self._trip[slot] = trip
        self.exchanges += 1
        if self.exchanges <= EXCHANGES or self.exchanges % FIT_EVERY == 0:
            self._fit(self._at[slot])

    def _fit(self, now: float) -> None:
        count = min(self.exchanges, EXCHANGES)
        fresh = self._at[:count] >= now - WINDOW_NS
        trip = np.where(fresh, self._trip[:count], np.inf)
        wanted = max(AT_LEAST, round(BELIEVED * int(np.count_nonzero(fresh))))
        limit = np.partition(trip, wanted - 1)[wanted - 1] if wanted < count else np.inf
        believed = fresh & (trip <= limit)
        at, offset = self._at[:count][believed], self._offset[:count][believed]
        self._centre = float(at.mean())
        self._a = float(offset.mean())
        from_centre = at - self._centre
        spread = float(from_centre @ from_centre)
        if spread > 0.0 and at.max() - at.min() >= SPAN_NS:
            self._b = min(max(float(from_centre @ offset) / spread, -MOST_SKEW), MOST_SKEW)
        self.round_trip_ns = float(trip.min())

    def host_ns(self, device_ns: int) -> int:
        """When it was on the host's clock: t = d − a − b·(t − t̄), solved for t. Only after an exchange."""
        shifted = device_ns - self._base_offset - self._base_host  # ns since the first exchange, but for a and b
        return self._base_host + round((shifted - self._a + self._b * self._centre) / (1.0 + self._b))
