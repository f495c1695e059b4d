"""One tick as a function of its arguments: read, check, estimate, reference, leash, controller, decide, write, observe.

No clock, no file, no hidden state: tests run it with a manual clock far faster than real time, and a recording replayed
through it gives the same bits. A script's exception, a NaN or a lost device never leaves it; it becomes a decision.
"""

from __future__ import annotations

from collections.abc import Callable
from math import hypot, isfinite
from pathlib import PurePath
from traceback import walk_tb
from typing import Any, NamedTuple, Protocol

import numpy as np

from rehab.core.controller import Controller
from rehab.core.device import Device
from rehab.core.errors import DeviceLost
from rehab.core.exercise import Exercise
from rehab.core.gravity import Gravity
from rehab.core.kinematics import Kinematics, Rows
from rehab.core.safety.faults import Fault
from rehab.core.safety.monitor import Monitor
from rehab.core.types import NO_SCENE, Event, Reference, Scene, State
from rehab.core.values import Action, Decision, Floats, Health, Sample


class Meter(Protocol):
    """Learns how long each plug-in takes: the tick itself has no clock."""

    def begin(self) -> None:
        """A tick begins, with the reference."""
        ...

    def exercise(self) -> None:
        """The exercise is done with what it was asked."""
        ...

    def controller(self) -> None:
        """The controller, which was asked after the exercise, is done."""
        ...

    def ask(self) -> None:
        """The exercise is asked once more, what it has observed."""
        ...


class NoMeter:
    """Nobody wants to know."""

    def begin(self) -> None: ...

    exercise = controller = ask = begin


class Rig(NamedTuple):
    """Who takes part in a tick. `rest` is the sample to go by before the first good one; `intent` gives what the user
    asks for by joystick, switch or muscle, one number of −1 … 1 a task dimension; `meter` learns who takes how long."""

    device: Device
    kinematics: Kinematics
    monitor: Monitor
    exercise: Exercise
    controller: Controller
    gravity: Gravity
    rest: Sample
    intent: Callable[[], Floats] | None = None
    meter: Meter = NoMeter()


class Tick(NamedTuple):
    """What one tick did. `x`, `v`, `x_ref`, `v_ref` are the state's and the reference's in plain floats; `blame` is the
    failure of a plug-in in words, "" for none; `lost` says that the device is gone."""

    sample: Sample
    state: State
    x: Floats
    v: Floats
    x_ref: Floats
    v_ref: Floats
    wish: Floats
    decision: Decision
    event: Event | None
    scene: Scene
    blame: str
    lost: bool


def estimate(
    t: float, sample: Sample, kinematics: Kinematics, gravity: Floats, intent: Floats = ()
) -> tuple[State, Floats, Floats, Rows]:
    """Joint and task space from one sample: x = f(q), v = J q̇; and x, v and the Jacobian in plain floats."""
    x, rows = kinematics.forward(sample.q)
    v = tuple([sum([j * w for j, w in zip(row, sample.qd, strict=True)]) for row in rows])
    force = np.array(sample.force or (0.0,) * len(x))
    state = State(
        t,
        np.array(sample.q),
        np.array(sample.qd),
        np.array(sample.tau),
        np.array(x),
        np.array(v),
        np.array(rows),
        force,
        sample.age,
        np.array(gravity),
        np.array(intent or (0.0,) * len(x)),
    )
    return state, x, v, rows


def tick(rig: Rig, now: float, t: float, exercise_time: float, dt: float) -> Tick:
    """One tick at `now` (s, the samples' clock) and session time `t`; `exercise_time` leaves out pauses."""
    device, monitor, meter = rig.device, rig.monitor, rig.meter
    blame, lost = "", False
    try:
        sample = device.read()
    except DeviceLost as error:
        lost, sample = True, monitor.good or rig.rest
        monitor.trip(Fault.DEVICE_LOST, str(error))
    health = Health(Action.NONE, Fault.DEVICE_LOST, usable=False) if lost else monitor.check(now, sample)
    used = sample if health.usable else (monitor.good or rig.rest)
    if len(sample.q) != rig.kinematics.n_joints:
        sample = used  # the monitor has refused it; the row has room for as many joints as the device declares
    gravity = rig.gravity.torque(used.q)
    state, x, v, rows = estimate(t, used, rig.kinematics, gravity, rig.intent() if rig.intent is not None else ())
    meter.begin()
    try:
        reference = rig.exercise.reference(exercise_time, state)
        x_ref, v_ref = _plain(reference.x, len(x)), _plain(reference.v, len(x))
        if not isfinite(sum(x_ref) + sum(v_ref)):  # a law makes it a torque, and would be blamed for it
            raise ValueError(f"the reference is not finite: x {x_ref} m, v {v_ref} m/s")
        stiffness = float(getattr(rig.controller, "stiffness", 0.0))
        leashed = monitor.leash(x_ref, x, stiffness)
        if leashed is not x_ref:
            x_ref, reference = leashed, reference._replace(x=np.array(leashed))
    except Exception as error:
        blame = f"exercise {failed(rig.exercise, error)}"
        monitor.trip(Fault.SCRIPT_FAILED, blame)
        reference = Reference(state.x, np.zeros_like(state.x), np.zeros_like(state.x))
        x_ref, v_ref = x, (0.0,) * len(x)
    wish: Floats
    feed_forward: Floats = ()
    meter.exercise()
    try:
        wish = _plain(rig.controller.update(state, reference, dt), rig.kinematics.n_joints)
        for plugin in (rig.controller, rig.exercise):
            expected = getattr(plugin, "expected", None)
            if expected is not None:
                monitor.expect(now + float(expected[0]), float(expected[1]))
        declared = getattr(rig.controller, "feed_forward", None)
        if declared is not None:
            feed_forward = _plain(declared, rig.kinematics.n_joints)
    except Exception as error:
        blame = f"controller {failed(rig.controller, error)}"
        monitor.trip(Fault.PLUGIN_FAILED, blame)
        wish = (0.0,) * rig.kinematics.n_joints
    if not isfinite(sum(wish)):  # the monitor refuses it; it does not know whose it is
        name = type(rig.controller).__name__
        monitor.trip(Fault.TORQUE_NOT_FINITE, f"controller {name}: wished a torque that is not finite")
    meter.controller()
    speed = hypot(*v)
    decision = monitor.decide(used, speed, wish, gravity, rig.kinematics.force_map(rows), health, feed_forward)
    if not lost:
        try:
            device.write(decision.command)
        except DeviceLost as error:
            lost = True
            monitor.trip(Fault.DEVICE_LOST, str(error))
    event, scene = None, NO_SCENE
    meter.ask()
    try:
        if getattr(rig.controller, "demands_retry", False):
            retry = getattr(rig.exercise, "retry", None)
            if retry is not None:
                retry(exercise_time, state)
        event = rig.exercise.observe(exercise_time, state, decision)
        scene = rig.exercise.scene()
        if not isinstance(scene, Scene) or not isinstance(event, Event | None):
            event, scene = None, NO_SCENE
            raise TypeError("scene() gives a Scene, observe() an Event or None")
    except Exception as error:
        blame = f"exercise {failed(rig.exercise, error)}"
        monitor.trip(Fault.SCRIPT_FAILED, blame)
    meter.exercise()
    return Tick(sample, state, x, v, x_ref, v_ref, wish, decision, event, scene, blame, lost)


def failed(plugin: object, error: Exception) -> str:
    """Name of the plug-in, what it raised, and the deepest line of its own file at which it did, if there is one."""
    frames = [(f, line) for f, line in walk_tb(error.__traceback__) if not _ours(f.f_globals.get("__name__"))]
    files = [f.f_code.co_filename for f, _ in frames]
    lines = [line for (_, line), file in zip(frames, files, strict=True) if file == files[0]]
    where = f" ({PurePath(files[0]).name}:{lines[-1]})" if files else ""
    return f"{type(plugin).__name__}: {type(error).__name__}: {error}{where}"


def _ours(module: object) -> bool:
    return str(module).startswith("rehab.")


def _plain(values: Any, count: int) -> Floats:
    """The numbers of a vector that a plug-in gave; raises ValueError or TypeError if it is none of that length."""
    plain = tuple(np.asarray(values, dtype=float).tolist())
    if len(plain) != count:
        raise ValueError(f"{count} numbers were expected, not {len(plain)}")
    return plain
