"""The exercise and the controller of a session in which nothing runs: reference at the hand, zero wish."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator

from rehab.core.device import DeviceInfo
from rehab.core.limits import Limits
from rehab.core.parameters import Parameters
from rehab.core.types import NO_SCENE, Array, Event, Reference, Scene, State
from rehab.core.values import Decision


class Rest:
    """No trials, an empty scene, the reference at the hand."""

    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        pass

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        pass

    def reference(self, t: float, state: State) -> Reference:
        return Reference(state.x, np.zeros_like(state.x), np.zeros_like(state.x))

    def scene(self) -> Scene:
        return NO_SCENE

    def observe(self, t: float, state: State, decision: Decision) -> Event | None:
        return None


class Nothing:
    """Wishes no torque."""

    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        self._zero = np.zeros(device.n_joints)

    def reset(self, state: State) -> None:
        pass

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        return self._zero
