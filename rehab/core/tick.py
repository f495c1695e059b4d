"""One tick as a function of its arguments: read, check, estimate, reference, leash, controller, decide, write, observe.

No clock, no file, no hidden state: tests run it with a manual clock far faster than real time, and a recording replayed
through it gives the same bits. A script's exception, a NaN or a lost device never leaves it; it becomes a decision.
"""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

import numpy as np

from rehab.core.controller import Controller
from rehab.core.device import Device
from rehab.core.errors import DeviceLost
from rehab.core.exercise import Exercise
from rehab.core.kinematics import Kinematics, Rows
from rehab.core.safety.faults import Fault
from rehab.core.safety.monitor import Monitor
from rehab.core.types import NO_SCENE, Event, Reference, Scene, State
from rehab.core.values import Action, Decision, Floats, Health, Sample


class Rig(NamedTuple):
    """Who takes part in a tick. `rest` is the sample to go by before the first good one."""

    device: Device
    kinematics: Kinematics
    monitor: Monitor
    exercise: Exercise
    controller: Controller
    gravity: Floats
    rest: Sample


class Tick(NamedTuple):
    """What one tick did. `blame` is the failure of a plug-in in words, "" for none; `lost` says the device is gone."""

    sample: Sample
    state: State
    reference: Reference
    wish: Floats
    decision: Decision
    event: Event | None
    scene: Scene
    blame: str
    lost: bool


def estimate(t: float, sample: Sample, kinematics: Kinematics) -> tuple[State, Rows]:
    """Joint and task space from one sample: x = f(q), v = J q̇; and the Jacobian in plain rows."""
    x, rows = kinematics.forward(sample.q)
    jacobian, qd = np.array(rows), np.array(sample.qd)
    force = np.array(sample.force or (0.0,) * len(x))
    state = State(
        t, np.array(sample.q), qd, np.array(sample.tau), np.array(x), jacobian @ qd, jacobian, force, sample.age
    )
    return state, rows


def tick(rig: Rig, now: float, t: float, exercise_time: float, dt: float) -> Tick:
    """One tick at `now` (s, the samples' clock) and session time `t`; `exercise_time` leaves out pauses."""
    device, monitor = rig.device, rig.monitor
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
    state, rows = estimate(t, used, rig.kinematics)
    try:
        reference = rig.exercise.reference(exercise_time, state)
        stiffness = float(getattr(rig.controller, "stiffness", 0.0))
        if stiffness > 0.0:
            asked = tuple(np.asarray(reference.x, dtype=float).tolist())
            leashed = monitor.leash(asked, tuple(state.x.tolist()), stiffness)
            if leashed != asked:
                reference = reference._replace(x=np.array(leashed))
    except Exception as error:
        blame = f"exercise {type(rig.exercise).__name__}: {type(error).__name__}: {error}"
        monitor.trip(Fault.SCRIPT_FAILED, blame)
        reference = Reference(state.x, np.zeros_like(state.x), np.zeros_like(state.x))
    wish: Floats
    try:
        wish = tuple(np.asarray(rig.controller.update(state, reference, dt), dtype=float).tolist())
        if len(wish) != rig.kinematics.n_joints:
            raise ValueError(f"a torque for {rig.kinematics.n_joints} joints was expected, not {len(wish)} numbers")
    except Exception as error:
        blame = f"controller {type(rig.controller).__name__}: {type(error).__name__}: {error}"
        monitor.trip(Fault.PLUGIN_FAILED, blame)
        wish = (0.0,) * rig.kinematics.n_joints
    speed = hypot(*state.v.tolist())
    decision = monitor.decide(used, speed, wish, rig.gravity, rig.kinematics.force_map(rows), health)
    if not lost:
        try:
            device.write(decision.command)
        except DeviceLost as error:
            lost = True
            monitor.trip(Fault.DEVICE_LOST, str(error))
    event, scene = None, NO_SCENE
    try:
        event = rig.exercise.observe(exercise_time, state, decision)
        scene = rig.exercise.scene()
    except Exception as error:
        blame = f"exercise {type(rig.exercise).__name__}: {type(error).__name__}: {error}"
        monitor.trip(Fault.SCRIPT_FAILED, blame)
    return Tick(sample, state, reference, wish, decision, event, scene, blame, lost)
