"""Limits: the tightest of built-in, site, device, patient, protocol and block, and who tightened.

A built-in limit has a hard range and a default. The site may move the default inside the hard range (in both
directions); every later layer may only tighten. Limits carry whose they are, so that those of another patient or of
another device are refused (F36).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
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
    # a limb is moved with 1 to 10 W; 30 W is a firm push of 30 N at the full 1 m/s
    "power": Builtin(30.0, 1.0, 200.0, "W", "less", "power of the robot into the limb, at any instant"),
    # what a strong helper gives in the mean: a fighting patient is led with 40 N at 0.2 m/s for 8 W
    "refill": Builtin(8.0, 0.0, 50.0, "W", "less", "power that assistance may give on average"),
    "tank": Builtin(3.0, 0.2, 10.0, "J", "less", "energy that assistance may give at once, on top of refill"),
    "kinetic": Builtin(2.0, 0.05, 20.0, "J", "less", "energy of the moving robot at the hand; a second limit of speed"),
    # without a declared stiffness the spring is unknown; a reach of 10 cm that nobody follows stays within
    "leash": Builtin(0.25, 0.01, 1.0, "m", "less", "distance hand to reference, where no stiffness is declared"),
    "spasm": Builtin(6.0, 6.0, 30.0, "N*m", "less", "sudden torque of the limb at a joint at which the robot yields"),
}

PER_JOINT = {"torque": "less", "q_min": "more", "q_max": "less", "joint_speed": "less"}
# growth is not among them: torque that may grow only slowly throws the hand out of a wall


def identity_of(device: str, patient: str = "") -> str:
    """Whose limits they are: a hash of the device's identity (its serial number) and the patient's pseudonym."""
    return hashlib.sha256(f"{len(device)}|{device}|{patient}".encode()).hexdigest()[:16]


class Limits(NamedTuple):
    """The effective limits, plain floats. `who[name]` is the layer that set each; `owner` knows it by joint too."""

    torque: Floats  # N·m per joint
    growth: Floats  # N·m/s per joint: how fast |τ| may grow; shrinking is free
    q_min: Floats  # rad
    q_max: Floats  # rad
    joint_speed: Floats  # rad/s
    values: Mapping[str, float]  # the built-in ones, by name
    who: Mapping[str, str]
    identity: str = ""  # of identity_of; "" is nobody's

    @property
    def speed(self) -> float:
        return self.values["speed"]

    @property
    def force(self) -> float:
        return self.values["force"]

    def belongs_to(self, device: str, patient: str = "") -> bool:
        """Were these limits made for that device (its identity) and that patient (their pseudonym, "" for none)?"""
        return self.identity == identity_of(device, patient)

    def owner(self, name: str, joint: int | None = None) -> str:
        """The layer that set a limit; of PER_JOINT and growth, for that joint (0-based)."""
        return self.who.get(f"{name}_{joint}") or self.who[name]

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
            elif _tighter(value, values[name], builtin.tighter):
                values[name], owners[name] = value, who
        if findings:
            raise Findings(findings)
        return self._replace(values=values, who=owners)

    def tighten_joint(
        self, who: str, name: str, values: Sequence[float | None], *, field: str = "limits.joints"
    ) -> Limits:
        """A layer's limits of the joints on top: `name` of PER_JOINT, one SI value a joint, None where it says nothing.

        A looser value changes nothing. Raises Findings for an unknown name, another number of joints, a value that is
        not finite (torque and speed: not positive), or a range of motion that would be empty.
        """
        if name not in PER_JOINT:
            raise Findings([Finding(f"{field}.{name}", "unknown limit of joints", "known: " + ", ".join(PER_JOINT))])
        present: Floats = getattr(self, name)
        if len(values) != len(present):
            wrong = f"{len(values)} values for {len(present)} joints"
            raise Findings([Finding(f"{field}.{name}", wrong, "one value a joint, null where nothing is said")])
        result, owners, findings = list(present), dict(self.who), []
        for joint, value in enumerate(values):
            if value is None:
                continue
            where = f"{field}.{name}[{joint}]"
            if not math.isfinite(value) or (name in ("torque", "joint_speed") and value <= 0.0):
                findings.append(Finding(where, f"{value:g} is no limit", "a finite number, more than 0 if no angle"))
            elif name == "q_min" and value >= self.q_max[joint]:
                findings.append(Finding(where, "leaves no range", f"less than {self.q_max[joint]:g} rad"))
            elif name == "q_max" and value <= self.q_min[joint]:
                findings.append(Finding(where, "leaves no range", f"more than {self.q_min[joint]:g} rad"))
            elif _tighter(value, present[joint], PER_JOINT[name]):
                result[joint], owners[f"{name}_{joint}"] = value, who
        if findings:
            raise Findings(findings)
        changed = {name: tuple(result), "who": owners}
        return self._replace(**changed)  # type: ignore[arg-type]


def _tighter(value: float, present: float, way: str) -> bool:
    return value < present if way == "less" else value > present


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
