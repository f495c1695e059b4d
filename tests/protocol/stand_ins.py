"""Controllers and an exercise of the names that the examples use, so that nothing here needs anybody's own."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.parameters import Parameters, choice, number, quantity
from rehab.core.types import Array, Reference, State


class Nothing:
    """Does nothing."""

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        return np.zeros(len(state.q))


class ForceField:
    """A curl field: F = s c (v_y, −v_x)."""

    parameters: ClassVar[Parameters] = Parameters(
        curl=quantity("15 N*s/m", unit="N*s/m", least="0 N*s/m", most="40 N*s/m"),
        sign=number(1.0, least=-1.0, most=1.0),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        self.curl = parameters["curl"] * parameters["sign"]

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        force = self.curl * np.array([state.v[1], -state.v[0]])
        torque: Array = state.jacobian.T @ force
        return torque


class Channel(Nothing):
    """Holds beside the line."""

    parameters: ClassVar[Parameters] = Parameters(
        stiffness=quantity("1 kN/m", unit="N/m", least="0 N/m", most="10 kN/m"),
        damping=quantity("20 N*s/m", unit="N*s/m", least="0 N*s/m", most="200 N*s/m"),
        ramp_in=choice("hold", ("hold", "approach")),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        self.stiffness, self.damping = parameters["stiffness"], parameters["damping"]


class MoveTo(Nothing):
    """Moves the hand."""

    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        self.stiffness, self.damping = 300.0, 20.0


class Assist(Nothing):
    """Helps as needed."""

    parameters: ClassVar[Parameters] = Parameters(
        stiffness=quantity("200 N/m", unit="N/m", least="0 N/m", most="1 kN/m"),
        forgetting=quantity("4 s", unit="s", least="100 ms", most="10 min"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        self.stiffness = parameters["stiffness"]


class Perturbation(Nothing):
    """Pushes when it is told."""

    parameters: ClassVar[Parameters] = Parameters(
        trigger=choice("time", ("time", "event")), kind=choice("force", ("force", "position"))
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        self.told = parameters["trigger"] == "event"


class Posture:
    """Keeps the hand where it is."""

    parameters: ClassVar[Parameters] = Parameters(at=choice("centre", ("centre", "start")))

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        self.at = parameters["at"]


CONTROLLERS = {
    "force_field": ForceField,
    "channel": Channel,
    "move_to": MoveTo,
    "assist_as_needed": Assist,
    "perturbation": Perturbation,
}


def add() -> None:
    """Make them known in this process; whoever calls it puts registry._local back."""
    for name, plugin in CONTROLLERS.items():
        registry.add_local("controller", name, plugin)
    registry.add_local("exercise", "hold_posture", Posture)
