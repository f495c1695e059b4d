"""Two arms and what a controller or an exercise sees of them: for the contract suites, and for tests of one's own."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from msgspec import structs

from rehab.core.device import DeviceInfo, JointInfo, LinkInfo, SafeStop
from rehab.core.gravity import Gravity
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Reference, State
from rehab.core.values import Acted, Action, Command, Decision, Floats


def planar_arm() -> DeviceInfo:
    """Two slim rods of 0.30 m, 1.0 kg and 0.33 m, 0.8 kg, hand straight ahead at home."""
    joints = tuple(
        JointInfo(name=name, q_min=q_min, q_max=2.6, speed=6.0, torque=20.0, growth=800.0, damping=b, yield_damping=1.0)
        for name, q_min, b in (("shoulder", -0.5, 0.5), ("elbow", 0.5, 0.3))
    )
    links = (
        LinkInfo(length=0.30, mass=1.0, centre=0.15, inertia=0.0075),
        LinkInfo(length=0.33, mass=0.8, centre=0.165, inertia=0.00726),
    )
    return DeviceInfo(
        model="test_arm", identity="T-1", firmware="1", kinematics="planar_2r", links=links, joints=joints,
        base=(0.0, 0.0), home=(0.6751, 1.6847), safe_stop=SafeStop.RAMP_OFF, holds_without_power=False,
        watchdog_s=0.02, period_s=0.001, simulated=True,
    )  # fmt: skip


def wrist() -> DeviceInfo:
    """One joint with a handle 0.25 m from its axis."""
    joint = JointInfo(
        name="wrist", q_min=-1.5, q_max=1.5, speed=6.0, torque=5.0, growth=400.0, damping=0.1, yield_damping=0.5
    )
    return DeviceInfo(
        model="test_wrist", identity="T-2", firmware="1", kinematics="single_joint",
        links=(LinkInfo(length=0.25, mass=0.4, centre=0.125, inertia=0.002),), joints=(joint,), base=(0.0, 0.0),
        home=(0.0,), safe_stop=SafeStop.YIELD, holds_without_power=True, watchdog_s=0.02, period_s=0.001,
        simulated=True,
    )  # fmt: skip


def upright(info: DeviceInfo) -> DeviceInfo:
    """The same arm standing in a vertical plane, with a force sensor at the hand."""
    return structs.replace(info, model=f"{info.model}_upright", gravity=(0.0, -9.81), force_sensor=True)


def pose(info: DeviceInfo, q: Floats, qd: Floats = ()) -> State:
    """What the loop makes of the arm at q (rad), moving at qd (rad/s)."""
    x, rows = kinematics_of(info).forward(q)
    jacobian, speeds = np.array(rows), np.array(qd or (0.0,) * info.n_joints)
    still = np.zeros(info.n_joints)
    return State(0.0, np.array(q), speeds, still, np.array(x), jacobian @ speeds, jacobian, np.zeros(len(x)), 0.0,
                 np.array(Gravity(info).torque(tuple(q))), np.zeros(len(x)))  # fmt: skip


def hand_at(info: DeviceInfo, x: Floats, v: Floats = ()) -> State:
    """The same with the hand put at x (m), joints left at home: for exercises, which look at nothing but the hand."""
    return _at_home(info)._replace(x=np.array(x, dtype=float), v=np.array(v or (0.0,) * len(x), dtype=float))


@lru_cache
def _at_home(info: DeviceInfo) -> State:
    return pose(info, info.home)


def reference_at(x: Floats, v: Floats = (), force: Floats = ()) -> Reference:
    zero = (0.0,) * len(x)
    return Reference(np.array(x, dtype=float), np.array(v or zero, dtype=float), np.array(force or zero, dtype=float))


def sent(info: DeviceInfo, torque: Floats = ()) -> Decision:
    """A decision like any other: no torque or that one (N·m), nothing acted."""
    return Decision(Command(torque or (0.0,) * info.n_joints, True, 0.02), Action.NONE, 0, Acted.NONE, 1.0)
