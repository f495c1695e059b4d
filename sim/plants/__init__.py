"""Plants: rigid-body engines behind one protocol."""

from __future__ import annotations

from importlib.util import find_spec
from typing import ClassVar, Protocol

from rehab.core.device import DeviceInfo
from rehab.core.registry import find
from rehab.core.values import Floats


class Plant(Protocol):
    """The robot's rigid bodies, stepped with torque. Joint damping as the device declares it is the plant's to apply.

    Built as `cls(info)` at the home pose, at rest. Raises BadInput for kinematics it cannot do.
    """

    engine: ClassVar[str]  # for the recording: which physics made these numbers
    q: Floats  # rad
    qd: Floats  # rad/s

    def __init__(self, info: DeviceInfo) -> None: ...

    def reset(self, q: Floats, qd: Floats) -> None:
        """Put the joints at q (rad), moving at qd (rad/s)."""
        ...

    def step(self, torque: Floats, hand_force: Floats, dt: float) -> None:
        """One step of dt seconds with constant joint torque (N·m) and a force on the hand (N, world axes).

        Raises ValueError, with nothing changed, for a value that is not finite: one NaN would stay for good.
        """
        ...

    def close(self) -> None:
        """Free the engine; idempotent."""
        ...


def make_plant(info: DeviceInfo, engine: str = "auto") -> Plant:
    """The plant of that engine ("auto": pybullet where it is installed, else closed_form). Raises UnknownName."""
    if engine == "auto":
        engine = "pybullet" if find_spec("pybullet") else "closed_form"
    plant: Plant = find("simulator", engine)(info)
    return plant
