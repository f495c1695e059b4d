"""How device and timing fare, in words for people, from the rows as they come: for windows and terminals.

These are the figures to look at while it runs; the certificate in the recording is rehab.realtime.timing's.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.limits import Limits
from rehab.core.types import Array
from rehab.core.values import Acted, Inputs, Status
from rehab.realtime.layout import channels
from rehab.realtime.limited import Deciding, limits_of

LATE = 1.5  # nominal periods: longer ones count as late
FAIR_SHARE, BAD_SHARE = 0.001, 0.05  # of periods late
EVERY = 1.0  # s between new words: text that changes faster cannot be read
HELD = 1.0  # s for which words about a filter stay, so that they do not flicker
TROUBLES = {
    Status.FAULTED: "reports a fault",
    Status.WATCHDOG_TRIPPED: "its watchdog tripped",
    Status.OVER_TEMPERATURE: "too hot",
    Status.BROWN_OUT: "supply voltage too low",
    Status.ENCODER_ERROR: "encoder error",
    Status.INTERNAL_ERROR: "internal error",
}
STANDING = sum(bit for bit in TROUBLES if bit not in (Status.FAULTED, Status.WATCHDOG_TRIPPED))


class Level(IntEnum):
    GOOD = 0
    FAIR = 1
    BAD = 2


class Words(NamedTuple):
    level: Level
    text: str


class Health:
    """Feed it every row, and `hear` every event of kind "limits"; read `device`, `timing` and `limited`."""

    def __init__(self, info: DeviceInfo) -> None:
        self.info = info
        names = [channel.name for channel in channels(info.n_joints, kinematics_of(info).n_task)]
        self._at = {name: column for column, name in enumerate(names)}
        self._vectors = {
            name: [column for k, column in enumerate(self._at.values()) if names[k].rpartition("_")[0] == name]
            for name in ("sent", "q", "v")
        }
        self._deciding = Deciding(info)
        self.ticks = 0
        self.late = 0
        self.skipped = 0
        self._ages: list[float] = []  # means of the batches of this second
        self._since: Array | None = None  # the row at which this second began
        self.device = Words(Level.FAIR, "device: waiting for samples")
        self.link = Level.FAIR  # as `device`, but for what is latched until somebody arms
        self.timing = Words(Level.FAIR, "timing: waiting for ticks")
        self.limited = ""
        self.acting = 0  # bits of Acted behind `limited`
        self.rate: float | None = None  # Hz, fresh samples in the last second; None before the first
        self.age = 0.0  # s, mean of a sample in the last second
        self.troubles: tuple[str, ...] = ()  # what the device reports
        self._limited_at = -np.inf

    def hear(self, data: Mapping[str, Any]) -> None:
        """The limits that are in force from now on, as their event says them."""
        self._deciding = Deciding(self.info, limits_of(data, self.info))

    def feed(self, rows: Array) -> None:
        """New rows (k, WIDTH), in order."""
        if not len(rows):
            return
        at, last = self._at, rows[-1]
        if self._since is None:
            self._since = rows[0]
        self.ticks += len(rows)
        self.late += int(np.count_nonzero(rows[:, at["dt"]] > LATE * self.info.period_s))
        self.skipped += int(rows[:, at["skipped"]].sum())
        self._ages.append(float(rows[:, at["sample_age"]].mean()))
        self._limit(rows)
        if last[at["t"]] - self._since[at["t"]] >= EVERY:
            self._say(last)

    @property
    def limits(self) -> Limits:
        """In force now."""
        return self._deciding.limits

    @property
    def late_share(self) -> float:
        return self.late / self.ticks if self.ticks else 0.0

    def _say(self, last: Array) -> None:
        assert self._since is not None
        at = self._at
        time = last[at["t"]] - self._since[at["t"]]
        rate = (last[at["sample_sequence"]] - self._since[at["sample_sequence"]]) / time
        age = sum(self._ages) / len(self._ages)
        limits = self._deciding.limits.values
        self.rate, self.age = float(rate), age
        bad, fair = age > limits["stale_stop"], age > limits["stale_fade"]
        level = Level.BAD if bad else Level.FAIR if fair else Level.GOOD
        if rate < 0.95 / self.info.period_s:
            level = max(level, Level.FAIR)
        words = f"device: {frequency(rate)}, age {1e3 * age:.1f} ms"
        troubles = [says for bit, says in TROUBLES.items() if int(last[at["status"]]) & bit]
        if int(last[at["inputs"]]) & (Inputs.ESTOP_A | Inputs.ESTOP_B):
            troubles.insert(0, "emergency stop pressed")
        self.troubles = tuple(troubles)
        self.link = Level.BAD if int(last[at["status"]]) & STANDING else level
        if troubles:
            level, words = Level.BAD, words + ", " + ", ".join(troubles)
        self.device = Words(level, words)
        share = self.late_share
        level = Level.BAD if share > BAD_SHARE else Level.FAIR if share > FAIR_SHARE else Level.GOOD
        self.timing = Words(
            level, f"timing: {percent(share)} late" + (f", {self.skipped} skipped" if self.skipped else "")
        )
        self._since, self._ages = last, []

    def _limit(self, rows: Array) -> None:
        now = float(rows[-1, self._at["t"]])
        bits = rows[:, self._at["acted"]].astype(np.int64)
        acting = bits != 0
        if acting.any():
            sent, q, v = (rows[:, self._vectors[name]] for name in ("sent", "q", "v"))
            speed = np.hypot.reduce(v, axis=1)
            found: list[str] = []
            for bit in Acted:
                when = (bits & int(bit)) != 0
                if when.any():
                    found += self._deciding.words(bit, sent[when], q[when], speed[when])
            torque = float(np.abs(sent[acting]).max())
            self.limited = " · ".join([f"{torque:.1f} N·m sent", *dict.fromkeys(found)])
            self._limited_at = now
            self.acting = int(np.bitwise_or.reduce(bits))
        elif now - self._limited_at > HELD:
            self.limited, self.acting = "", 0


def frequency(hertz: float) -> str:
    """1 kHz, 640 Hz."""
    return f"{hertz / 1000:.3g} kHz" if hertz >= 995.0 else f"{hertz:.0f} Hz"


def percent(share: float) -> str:
    """0.02 %, 3 %; shares that are not zero are never shown as zero."""
    if share == 0.0:
        return "0 %"
    return "< 0.01 %" if share < 5e-5 else f"{100 * share:.2f} %" if share < 0.1 else f"{100 * share:.0f} %"
