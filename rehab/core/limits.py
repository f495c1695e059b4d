"""Limits: the tightest of built-in, site, device, patient, protocol and block, and who tightened.

A built-in limit has a hard range and a default. The site may move the default inside the hard range (in both
directions); every later layer may only tighten.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from rehab.core.errors import Finding, Findings
from rehab.core.values import Floats


class Builtin(NamedTuple):
    """One built-in limit in SI. `tighter` says which way is safer: "less" or "more"."""

    default: float
    least: float
    most: float
    unit: str
    tighter: str
    says: str


BUILTIN: dict[str, Builtin] = {
    "speed": Builtin(1.0, 0.05, 2.0, "m/s", "less", "speed of the hand; above it only braking torque is sent"),
    "force": Builtin(40.0, 1.0, 150.0, "N", "less", "force of the robot on the hand"),
    "start_distance": Builtin(0.2617993877991494, 0.01, 0.5, "rad", "less", "joint angle, pose to reference, at start"),
    "jump": Builtin(0.02, 0.002, 0.2, "rad", "less", "step of a joint between samples beyond what its speed allows"),
    "stale_fade": Builtin(0.005, 0.002, 0.2, "s", "less", "age of a sample at which the robot begins to yield"),
    "stale_stop": Builtin(0.020, 0.005, 1.0, "s", "less", "age of a sample at which the session stops"),
    "overrun_stop": Builtin(0.020, 0.005, 1.0, "s", "less", "lateness of one tick at which the session stops"),
    "rate_stop": Builtin(0.80, 0.0, 0.99, "", "more", "share of ticks in a second below which the session stops"),
    "watchdog": Builtin(0.020, 0.005, 1.0, "s", "less", "the device goes safe after this long without a valid command"),
    "soft_start": Builtin(1.0, 0.3, 5.0, "s", "more", "time in which torque fades in after arming or resuming"),
}
TIMING = ("stale_fade", "stale_stop", "overrun_stop", "rate_stop", "watchdog")  # what a noisy test machine may widen


class Limits(NamedTuple):
    """The effective limits, plain floats. `who[name]` is the layer that set each."""

    torque: Floats  # N·m per joint
    growth: Floats  # N·m/s per joint: how fast |τ| may grow; shrinking is free
    q_min: Floats  # rad
    q_max: Floats  # rad
    joint_speed: Floats  # rad/s
    values: Mapping[str, float]  # the built-in ones, by name
    who: Mapping[str, str]

    @property
    def speed(self) -> float:
        return self.values["speed"]

    @property
    def force(self) -> float:
        return self.values["force"]

    def tighten(self, who: str, wanted: Mapping[str, float], *, field: str = "limits") -> Limits:
        """A layer's limits on top. Raises Findings for a name that is unknown, a value that is not finite or outside
        the hard range. A value looser than the present one changes nothing: the tighter stays, with its owner."""
        values, owners, findings = dict(self.values), dict(self.who), []
        for name, value in wanted.items():
            builtin = BUILTIN.get(name)
            if builtin is None:
                findings.append(Finding(f"{field}.{name}", "unknown limit", "known: " + ", ".join(BUILTIN)))
            elif not (math.isfinite(value) and builtin.least <= value <= builtin.most):
                findings.append(Finding(f"{field}.{name}", f"{value:g} is outside the hard range", _range(builtin)))
            elif (value < values[name]) if builtin.tighter == "less" else (value > values[name]):
                values[name], owners[name] = value, who
        if findings:
            raise Findings(findings)
        return self._replace(values=values, who=owners)


def _range(builtin: Builtin) -> str:
    return f"{builtin.least:g} to {builtin.most:g} {builtin.unit}".rstrip()


def builtin_values(site: Mapping[str, float] | None = None) -> tuple[dict[str, float], dict[str, str]]:
    """Defaults as the site moved them, and who set each. Raises Findings outside the hard range."""
    values = {name: limit.default for name, limit in BUILTIN.items()}
    who = dict.fromkeys(BUILTIN, "built-in")
    findings = []
    for name, value in (site or {}).items():
        builtin = BUILTIN.get(name)
        if builtin is None:
            findings.append(Finding(f"limits.{name}", "unknown limit", "known: " + ", ".join(BUILTIN)))
        elif not (math.isfinite(value) and builtin.least <= value <= builtin.most):
            findings.append(Finding(f"limits.{name}", f"{value:g} is outside the hard range", _range(builtin)))
        else:
            values[name], who[name] = value, "site"
    if findings:
        raise Findings(findings)
    return values, who
