"""What is known of the line: counted by the decoder and the transport, timed by the acknowledgements."""

from __future__ import annotations

from array import array

from devices.link.clocksync import ClockSync
from devices.link.codec import Decoder
from devices.link.transport import Line

KEPT = 1024  # round trips, the newest
_PENDING = 256  # commands under way whose time of sending is known; at 1 kHz a quarter of a second


class LinkStatistics:
    """Counters and round trips of one open device. Nothing here grows."""

    def __init__(self, decoder: Decoder, line: Line, sync: ClockSync) -> None:
        self._decoder, self._line, self._sync = decoder, line, sync
        self._seq = array("l", [-1] * _PENDING)
        self._sent = array("q", [0] * _PENDING)
        self._trips = array("d", [0.0] * KEPT)
        self.round_trips = 0  # how many were measured
        self.round_trip_max = 0.0  # s
        self.foreign_hellos = 0  # answers to a HELLO that this side did not send: another program is on the port

    def sent(self, seq: int, now_ns: int) -> None:
        """A COMMAND went out."""
        slot = seq % _PENDING
        self._seq[slot], self._sent[slot] = seq, now_ns

    def acknowledged(self, seq: int, now_ns: int) -> None:
        """A STATE named this COMMAND as the newest one accepted. Each counts once."""
        slot = seq % _PENDING
        if self._seq[slot] != seq:
            return
        self._seq[slot] = -1
        trip = (now_ns - self._sent[slot]) * 1e-9
        self._trips[self.round_trips % KEPT] = trip
        self.round_trips += 1
        if trip > self.round_trip_max:
            self.round_trip_max = trip

    @property
    def round_trip_p50(self) -> float:
        """Median of the newest 1024 command-to-acknowledgement times, s; 0 before the first. Not for the loop."""
        count = min(self.round_trips, KEPT)
        return sorted(self._trips[:count])[count // 2] if count else 0.0

    @property
    def frames(self) -> int:
        return self._decoder.frames

    @property
    def bad_crc(self) -> int:
        return self._decoder.bad_crc

    @property
    def bad_length(self) -> int:
        return self._decoder.bad_length

    @property
    def unknown(self) -> int:
        return self._decoder.unknown

    @property
    def duplicates(self) -> int:
        return self._decoder.duplicates

    @property
    def out_of_order(self) -> int:
        return self._decoder.out_of_order

    @property
    def gaps(self) -> int:
        return self._decoder.gaps

    @property
    def dropped(self) -> int:
        """Frames of ours that found no room in the port."""
        return self._line.dropped

    @property
    def low_latency(self) -> bool | None:
        """Whether the port's low-latency mode is on; None when it has none."""
        return self._line.low_latency

    @property
    def sync_round_trip(self) -> float:
        """Shortest TIMESYNC round trip of the window, s."""
        return self._sync.round_trip_ns * 1e-9

    @property
    def skew(self) -> float:
        """How much faster the device's clock runs, as a ratio."""
        return self._sync.skew

    def summary(self) -> dict[str, float | int | bool | None]:
        """All of it, plain, for events and reports."""
        return {
            "frames": self.frames,
            "gaps": self.gaps,
            "bad_crc": self.bad_crc,
            "bad_length": self.bad_length,
            "unknown": self.unknown,
            "duplicates": self.duplicates,
            "out_of_order": self.out_of_order,
            "dropped": self.dropped,
            "foreign_hellos": self.foreign_hellos,
            "round_trip_p50_us": round(self.round_trip_p50 * 1e6, 1),
            "round_trip_max_us": round(self.round_trip_max * 1e6, 1),
            "sync_round_trip_us": round(self.sync_round_trip * 1e6, 1),
            "skew_ppm": round(self.skew * 1e6, 2),
            "low_latency": self.low_latency,
        }
