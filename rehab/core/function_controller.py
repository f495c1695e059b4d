"""A controller made from a function `f(state, reference, dt, **parameters) -> wished torque`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.parameters import Parameters
from rehab.core.ramp import Ramp
from rehab.core.types import Array, Reference, State

Law = Callable[..., Array]


class FunctionController:
    """The class behind `@controller`. What the law returns goes to the monitor as it is: that is where it is checked.
    The law is of the hand: an arm that has weight in its plane of motion is held up for it, as by every controller.

    Quantities and numbers may be changed while running; they move to the new value over 200 ms.
    """

    parameters: ClassVar[Parameters] = Parameters()
    recipe: ClassVar[Any] = None
    law: ClassVar[Law]

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        self._values = self.parameters.complete(parameters)
        self._ramps = {name: Ramp(self._values[name]) for name, field in self.parameters.items() if field.live}

    def set(self, name: str, value: float) -> None:
        self._ramps[name].to(value)

    def reset(self, state: State) -> None:
        for ramp in self._ramps.values():
            ramp.finish()

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        for name, ramp in self._ramps.items():
            self._values[name] = ramp.step(dt)
        torque = self.law(state, reference, dt, **self._values)
        return np.asarray(torque) + state.gravity if state.gravity.any() else torque


def make_controller(name: str, law: Law, parameters: Parameters) -> type[FunctionController]:
    """The class of that name. It travels to another process by value, with the function inside."""
    return type(
        name, (FunctionController,), {"parameters": parameters, "law": staticmethod(law), "__doc__": law.__doc__}
    )
