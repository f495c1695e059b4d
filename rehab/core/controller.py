"""What a controller is: a law from (state, reference, dt) to a wished torque, and its parameters as data."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

from rehab.core.device import DeviceInfo
from rehab.core.parameters import Parameters
from rehab.core.types import Array, Reference, State
from rehab.core.values import Floats


class Spring(NamedTuple):
    """A spring and its damper, with which a controller holds the hand or the joints; no stiffness: a damper alone."""

    stiffness: float  # N/m at the hand, the stiffest direction; in joints N·m/rad
    damping: float | Floats  # N·s/m; in joints N·m·s/rad (n,)
    joint: bool = False


@runtime_checkable
class Controller(Protocol):
    """(state, reference, dt) -> wished torque. No I/O, no clock, no memory but its own; called from the loop.

    Built as `cls(device_info, **parameters)` with SI values. `stiffness` (N/m), if declared, lets the monitor leash the
    reference so that the spring cannot exceed the force limit. With `damping` (N·s/m), its virtual damping, it is what
    the device must hold stably at its link's delay (rehab.core.stability); a change while running is tried on a second
    one, so building should take less than a millisecond.

    Optional, each a plain attribute or method:
    spring        Spring, what it holds with where that is not `stiffness` towards the reference: a wall, a place of its
                  own, joints, a damper alone. It is judged for stability instead of `stiffness`, and leashes nothing
    feed_forward  N·m (n,), the part of the wish that is no spring: what it costs is paid from the energy tank
    expected      (s, N·m) while a declared perturbation acts: for so long the limb may answer with so much more torque
    settling      s from being switched in until it acts in full (a channel's walls rise); a go waits for it
    heed(event)   told of every event of the exercise (trial_start, phase, trial_end, ...) at its tick
    adapted       name -> number (SI), what it has made of its own parameters so far: every trial's record says it
    demands_retry     true in a tick in which the try should begin again: the exercise is asked by its `retry`
    set(name, value)  change a live parameter (SI) while running, without a step of torque
    The arm's own weight is each law's to hold, and `hand_torque` the one place where that is done: what is wished at
    rest on the reference is `state.gravity`. The monitor adds g(q) by itself only where it yields or fades.
    """

    parameters: ClassVar[Parameters]

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None: ...

    def reset(self, state: State) -> None:
        """Forget: called before the first update, after a pause and when switched in. What was learnt of the patient in
        trials that were completed may stay."""
        ...

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        """Wished torque N·m, shape (n_joints,). Budget 100 µs; a raising or non-finite law is stopped and named."""
        ...


def hand_torque(state: State, force: Array) -> Array:
    """τ = Jᵀ F + g(q), N·m (n,): what makes `force` (N, (d,)) at the hand of an arm that holds its own weight. Laws in
    joints add `state.gravity` likewise."""
    torque: Array = state.jacobian.T @ force + state.gravity
    return torque
