"""A person's own limits on top of a device's: each with who set it, so that a window can say so."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.limits import PER_JOINT, Limits


class PersonLimit(Struct, frozen=True, kw_only=True):
    """One limit in SI. who: "the patient's file, MR, 3 May". joint (0-based) and model with a limit of PER_JOINT."""

    who: str
    name: str
    value: float
    joint: int = -1
    model: str = ""


class PersonLayer(Struct, frozen=True):
    """The limits of one person, by pseudonym; they only ever tighten, in any order."""

    patient: str = ""
    limits: tuple[PersonLimit, ...] = ()

    def on(self, limits: Limits, model: str) -> Limits:
        """On top of built-in, site and device limits of the device `model`. Another model's joints say nothing.

        Raises Findings for a limit that is no limit here, or a range of motion that would be empty.
        """
        for limit in self.limits:
            if limit.name not in PER_JOINT:
                limits = limits.tighten(limit.who, {limit.name: limit.value}, field="patient")
            elif limit.model == model:
                if not 0 <= limit.joint < len(limits.torque):
                    wrong = f"{model} has no joint {limit.joint + 1}"
                    raise Findings([Finding(f"patient.{limit.name}", wrong, f"1 to {len(limits.torque)}")])
                joints: list[float | None] = [None] * len(limits.torque)
                joints[limit.joint] = limit.value
                limits = limits.tighten_joint(limit.who, limit.name, joints, field="patient")
        return limits


def limits_for(info: DeviceInfo, site: Mapping[str, float] | None = None, person: PersonLayer | None = None) -> Limits:
    """Built-in, site and device limits; with a person's on top they are that person's (F36). Raises Findings."""
    if person is None:
        return info.limits(dict(site or {}))
    return person.on(info.limits(dict(site or {}), patient=person.patient), info.model)
