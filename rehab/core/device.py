"""What a device is: facts about it, and the six methods a driver implements.

A simulator is a Device. Nothing above this protocol can tell a simulated arm from a real one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol, runtime_checkable

import msgspec
from msgspec import Struct

from rehab.core.limits import Limits, builtin_values, identity_of
from rehab.core.values import Command, Sample


class SafeStop(StrEnum):
    """What is safe when motion must end depends on gravity and on the device: a mandatory fact, without a default."""

    YIELD = "yield"  # stiffness fades; damping and gravity compensation stay
    RAMP_OFF = "ramp_off"  # torque fades to zero, then the power stage goes off
    TORQUE_OFF = "torque_off"  # the power stage goes off at once


class JointInfo(Struct, frozen=True, kw_only=True):
    """One joint. `damping` is the declared viscous friction b of the joint; `yield_damping` is B_y of the safe law."""

    name: str
    q_min: float  # rad
    q_max: float  # rad
    speed: float  # rad/s
    torque: float  # N·m
    growth: float  # N·m/s: how fast |τ| may grow
    damping: float  # N·m·s/rad
    yield_damping: float  # N·m·s/rad


class LinkInfo(Struct, frozen=True, kw_only=True):
    """One rigid link: length m, mass kg, centre of mass from its joint m, inertia about that centre kg·m²."""

    length: float
    mass: float
    centre: float
    inertia: float


class DeviceInfo(Struct, frozen=True, kw_only=True):
    """The facts of a device that everything else is computed from.

    kinematics  "single_joint" or "planar_2r"; base is where joint 1 sits (m), home the pose to start from (rad)
    watchdog_s  the device goes safe by itself after this long without a valid command; 0 = it has none
    """

    model: str
    identity: str  # serial number
    firmware: str
    kinematics: str
    links: tuple[LinkInfo, ...]
    joints: tuple[JointInfo, ...]
    base: tuple[float, ...]
    home: tuple[float, ...]
    safe_stop: SafeStop
    holds_without_power: bool
    watchdog_s: float
    period_s: float
    simulated: bool = False  # nobody's limb is in it: arming needs no typed word
    force_sensor: bool = False
    gravity: tuple[float, ...] = ()  # m/s² in the plane of motion, in the base's axes; () where it has no part in it

    @property
    def n_joints(self) -> int:
        return len(self.joints)

    def limits(self, site: dict[str, float] | None = None, *, patient: str = "") -> Limits:
        """Built-in limits as the site moved them, with the device's own on top; for that patient (a pseudonym)."""
        values, who = builtin_values(site)
        per_joint = dict.fromkeys(("torque", "growth", "q_min", "q_max", "joint_speed"), self.model)
        return Limits(
            torque=tuple(j.torque for j in self.joints),
            growth=tuple(j.growth for j in self.joints),
            q_min=tuple(j.q_min for j in self.joints),
            q_max=tuple(j.q_max for j in self.joints),
            joint_speed=tuple(j.speed for j in self.joints),
            values=values,
            who={**who, **per_joint},
            identity=identity_of(self.identity, patient),
        )


def info_from_json(data: bytes | str) -> DeviceInfo:
    """The facts as DESCRIBE and the model files carry them. Raises msgspec.ValidationError naming the field."""
    return msgspec.json.decode(data, type=DeviceInfo)


def info_to_json(info: DeviceInfo) -> bytes:
    return msgspec.json.encode(info)


@runtime_checkable
class Device(Protocol):
    """A driver. All methods are called from one thread, the loop's; `read` and `write` once a tick (budget 100 µs).

    Built as `cls(address, clock=clock, watchdog_limit=s)` (simulations in this process: patient and seed instead of a
    watchdog limit); `info` is valid after `open`.
    Errors: `open` and `arm` raise DeviceRefused; `read` and `write` raise DeviceLost when the device is gone;
    `disarm` and `close` never raise and may be called again.
    """

    info: DeviceInfo

    def open(self) -> None:
        """Connect and shake hands; nothing moves."""
        ...

    def arm(self) -> None:
        """Power on. Only after the device's own watchdog is confirmed to run."""
        ...

    def read(self) -> Sample:
        """The newest sample; never blocks; carries its age. With nothing new, the last one, older."""
        ...

    def write(self, command: Command) -> None:
        """Send one command; refuses (ValueError) what is not finite."""
        ...

    def disarm(self) -> None:
        """The immediate disable frame; idempotent; never raises."""
        ...

    def close(self) -> None:
        """Give the device back; idempotent; never raises."""
        ...
