"""How device and timing fare, in words for people, from the rows as they come: for windows and terminals.

These are the figures to look at while it runs; the certificate in the recording is rehab.realtime.timing's.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.limits import builtin_values
from rehab.core.types import Array
from rehab.core.values import Acted, Inputs, Status
from rehab.realtime.layout import channels

LATE = 1.5  # nominal periods: longer ones count as late
FAIR_SHARE, BAD_SHARE = 0.001, 0.05  # of periods late
EVERY = 1.0  # s between new words: text that changes faster cannot be read
HELD = 1.0  # s for which words about a filter stay, so that they do not flicker
FILTERS = {
    Acted.FINITE: "a value that was not finite",
    Acted.LEASH: "distance to the reference",
    Acted.GROWTH: "how fast torque may grow",
    Acted.SATURATION: "the torque limit",
    Acted.POWER: "the power limit",
    Acted.POSITION: "the range of motion",
    Acted.VELOCITY: "the speed limit",
    Acted.PASSIVITY: "passivity",
    Acted.SOFT_START: "soft start",
    Acted.BLEND: "a change of controller",
}
TROUBLES = {
    Status.FAULTED: "reports a fault",
    Status.WATCHDOG_TRIPPED: "its watchdog tripped",
    Status.OVER_TEMPERATURE: "too hot",
    Status.BROWN_OUT: "supply voltage too low",
    Status.ENCODER_ERROR: "encoder error",
    Status.INTERNAL_ERROR: "internal error",
}


class Level(IntEnum):
    GOOD = 0
    FAIR = 1
    BAD = 2


class Words(NamedTuple):
    level: Level
    text: str


class Health:
    """Feed it every row; read `device`, `timing` and `limited`."""

    def __init__(self, info: DeviceInfo) -> None:
        self.info = info
        names = [channel.name for channel in channels(info.n_joints, kinematics_of(info).n_task)]
        self._at = {name: column for column, name in enumerate(names)}
        self._sent = slice(self._at["sent_0"], self._at["sent_0"] + info.n_joints)
        limits, _ = builtin_values()
        self._fade, self._stop = limits["stale_fade"], limits["stale_stop"]
        self.ticks = 0
        self.late = 0
        self.skipped = 0
        self._ages: list[float] = []  # means of the batches of this second
        self._since: Array | None = None  # the row at which this second began
        self.device = Words(Level.FAIR, "device: waiting for samples")
        self.timing = Words(Level.FAIR, "timing: waiting for ticks")
        self.limited = ""
        self._limited_at = -np.inf

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
    def late_share(self) -> float:
        return self.late / self.ticks if self.ticks else 0.0

    def _say(self, last: Array) -> None:
        assert self._since is not None
        at = self._at
        time = last[at["t"]] - self._since[at["t"]]
        rate = (last[at["sample_sequence"]] - self._since[at["sample_sequence"]]) / time
        age = sum(self._ages) / len(self._ages)
        level = Level.BAD if age > self._stop else Level.FAIR if age > self._fade else Level.GOOD
        if rate < 0.95 / self.info.period_s:
            level = max(level, Level.FAIR)
        words = f"device: {frequency(rate)}, age {1e3 * age:.1f} ms"
        troubles = [says for bit, says in TROUBLES.items() if int(last[at["status"]]) & bit]
        if int(last[at["inputs"]]) & (Inputs.ESTOP_A | Inputs.ESTOP_B):
            troubles.insert(0, "emergency stop pressed")
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
        bits = int(np.bitwise_or.reduce(rows[:, self._at["acted"]].astype(np.int64)))
        if bits:
            acting = rows[rows[:, self._at["acted"]] != 0.0]
            torque = float(np.abs(acting[:, self._sent]).max())
            self.limited = f"{torque:.1f} N·m: limited by " + ", ".join(s for bit, s in FILTERS.items() if bits & bit)
            self._limited_at = now
        elif now - self._limited_at > HELD:
            self.limited = ""


def frequency(hertz: float) -> str:
    """1 kHz, 640 Hz."""
    return f"{hertz / 1000:.3g} kHz" if hertz >= 995.0 else f"{hertz:.0f} Hz"


def percent(share: float) -> str:
    """0.02 %, 3 %; shares that are not zero are never shown as zero."""
    if share == 0.0:
        return "0 %"
    return "< 0.01 %" if share < 5e-5 else f"{100 * share:.2f} %" if share < 0.1 else f"{100 * share:.0f} %"
