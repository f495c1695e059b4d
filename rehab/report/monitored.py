"""What the safety monitor did, which limits were in force, and how the loop kept time: facts for the report."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from rehab.core import units
from rehab.core.kinematics import kinematics_of
from rehab.core.limits import BUILTIN, Limits
from rehab.core.values import Acted
from rehab.realtime.limited import Deciding, limits_of
from rehab.report.recorded import Recorded, column

MOST_POSES = 20_000  # ticks whose hand force is computed, those of the largest torque: 50 ms

FILTERS = {
    Acted.FINITE: "Value that is not finite replaced",
    Acted.LEASH: "Reference held near the hand",
    Acted.GROWTH: "Growth of torque limited",
    Acted.SATURATION: "Torque or hand force limited",
    Acted.POWER: "Power into the limb limited",
    Acted.POSITION: "No torque beyond a joint's range",
    Acted.VELOCITY: "Braking only, above the speed limit",
    Acted.PASSIVITY: "Energy taken out",
    Acted.SOFT_START: "Soft start",
    Acted.BLEND: "Changing the controller",
}

LIMITING = (Acted.LEASH, Acted.GROWTH, Acted.SATURATION, Acted.POWER, Acted.POSITION, Acted.VELOCITY)


class Extreme(NamedTuple):
    """The largest value of something that has a limit, both in the same unit."""

    what: str
    value: float
    limit: float
    unit: str


def shares(recording: Recorded) -> list[tuple[str, int, float]]:
    """Filter in words, ticks it acted in, share of the ticks with the power stage on; the most active first."""
    acted, enabled = column(recording, "acted").astype(np.int64), column(recording, "enable") == 1
    powered = int(np.count_nonzero(enabled))
    if not powered:
        return []
    rows = []
    for bit, words in FILTERS.items():
        count = int(np.count_nonzero((acted & int(bit) != 0) & enabled))
        if count:
            rows.append((words, count, count / powered))
    return sorted(rows, key=lambda row: -row[1])


def deciding(recording: Recorded) -> dict[str, list[str]]:
    """Filter in words -> the limits behind it while it acted, with who set them, each block under its own limits."""
    acted, enabled = column(recording, "acted").astype(np.int64), column(recording, "enable") == 1
    tick = column(recording, "tick")
    sent, q = recording.array("sent"), recording.array("q")
    speed = np.linalg.norm(recording.array("v"), axis=1)
    told = [(float(event.tick), event.data) for event in recording.events if event.kind == "limits"]
    told = told or [(-math.inf, {})]
    told[0] = (-math.inf, told[0][1])  # the first ones hold from the beginning
    ends = [first for first, _ in told[1:]] + [math.inf]
    found: dict[str, list[str]] = {}
    for (first, data), end in zip(told, ends, strict=True):
        limits = Deciding(recording.info, limits_of(data, recording.info))
        here = enabled & (tick >= first) & (tick < end)
        for bit in LIMITING:
            when = here & (acted & int(bit) != 0)
            if when.any():
                names = found.setdefault(FILTERS[bit], [])
                names += [name for name in limits.words(bit, sent[when], q[when], speed[when]) if name not in names]
    return found


def limited_share(recording: Recorded) -> float:
    """Share of the powered ticks in which any filter but the soft start changed the wish; NaN without such ticks."""
    acted, enabled = column(recording, "acted").astype(np.int64), column(recording, "enable") == 1
    powered = int(np.count_nonzero(enabled))
    return float(np.count_nonzero((acted & ~int(Acted.SOFT_START) != 0) & enabled)) / powered if powered else math.nan


def extremes(recording: Recorded) -> list[Extreme]:
    """Largest torque sent at each joint, largest hand force and hand speed, each with its limit."""
    info, found_limits = recording.info, limits(recording)
    if not len(column(recording, "t")):
        return []
    sent, q, v = recording.array("sent"), recording.array("q"), recording.array("v")
    found = [
        Extreme(f"Torque sent, {joint.name}", _largest(sent[:, k]), found_limits.torque[k], "N*m")
        for k, joint in enumerate(info.joints)
    ]
    # by size of the torque: the largest force is among the largest torques of nearly equal poses
    arm, largest = kinematics_of(info), np.argsort(-np.linalg.norm(np.nan_to_num(sent), axis=1))[:MOST_POSES]
    poses = zip(sent[largest].tolist(), q[largest].tolist(), strict=True)
    force = max((math.hypot(*arm.hand_force(tuple(tau), tuple(pose))) for tau, pose in poses if any(tau)), default=0.0)
    found.append(Extreme("Hand force, by the torque sent", force, found_limits.force, "N"))
    if info.force_sensor:
        measured = _largest(np.linalg.norm(recording.array("force"), axis=1))
        found.append(Extreme("Hand force, by the sensor", measured, found_limits.force, "N"))
    found.append(Extreme("Speed of the hand", _largest(np.linalg.norm(v, axis=1)), found_limits.speed, "m/s"))
    return found


def _largest(values: np.ndarray[Any, Any]) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if len(finite) else math.nan


def limits(recording: Recorded) -> Limits:
    """What was in force at the end: from the metadata, else the session's last event, else the device."""
    written: Any = recording.metadata.get("limits")
    if not (isinstance(written, Mapping) and isinstance(written.get("values"), Mapping)):
        # the last ones are those of the last block, tightened by protocol and block
        written = next((event.data for event in reversed(list(recording.events)) if event.kind == "limits"), None)
    return limits_of(written, recording.info)


def people(value: float, unit: str) -> str:
    """An SI value as people read it, with a real minus and the degree sign where it belongs: "−28.7°"."""
    shown = units.show(value, unit) if math.isfinite(value) else "–"
    return shown.replace("-", "−")


def limit_rows(recording: Recorded) -> list[tuple[str, str, str]]:
    """What is limited, the value in people's units, who set it."""
    info, found = recording.info, limits(recording)
    rows = []
    for k, joint in enumerate(info.joints):
        span = f"{people(found.q_min[k], 'rad')} to {people(found.q_max[k], 'rad')}"
        owners = dict.fromkeys((found.owner("q_min", k), found.owner("q_max", k)))
        rows.append((f"{joint.name}: range", span, ", ".join(owners)))
        rows.append((f"{joint.name}: torque", people(found.torque[k], "N*m"), found.owner("torque", k)))
        growth = f"{found.growth[k]:g} N·m/s"
        rows.append((f"{joint.name}: growth of torque", growth, found.owner("growth", k)))
        rows.append((f"{joint.name}: speed", people(found.joint_speed[k], "rad/s"), found.owner("joint_speed", k)))
    for name, limit in BUILTIN.items():
        if name in found.values:
            shown = people(found.values[name], limit.unit) if limit.unit else f"{100 * found.values[name]:.0f} %"
            rows.append((limit.says, shown, found.owner(name)))
    return rows


TIMING = (
    ("ticks", "Ticks with the power stage on", "{:,.0f}"),
    ("rate_hz", "Rate", "{:.1f} Hz"),
    ("period_p50_us", "Period, median", "{:,.0f} µs"),
    ("period_p99_us", "Period, 99 % are at most", "{:,.0f} µs"),
    ("period_p999_us", "Period, 99.9 % are at most", "{:,.0f} µs"),
    ("period_max_us", "Period, longest", "{:,.0f} µs"),
    ("late_share", "Periods longer than 1.5 nominal", "{:.3%}"),
    ("skipped", "Ticks skipped", "{:,.0f}"),
)


def timing_rows(recording: Recorded) -> list[tuple[str, str]]:
    """The timing certificate in words."""
    timing = recording.timing
    rows = [
        (words, form.format(float(timing[key])).replace(",", " ").replace("%", " %"))
        for key, words, form in TIMING
        if isinstance(timing.get(key), int | float) and math.isfinite(float(timing[key]))
    ]
    if timing.get("scheduling"):
        rows.append(("Scheduling", str(timing["scheduling"])))
    if timing.get("clock"):
        rows.append(("Clock", str(timing["clock"])))
    return rows
