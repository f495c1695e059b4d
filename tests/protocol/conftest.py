"""A small exercise, two controllers and a one-joint device, so that these tests stand without anybody's plug-ins."""

from __future__ import annotations

from typing import Any

import pytest

from rehab.core import registry
from rehab.core.device import DeviceInfo, JointInfo, LinkInfo, SafeStop
from rehab.core.errors import Finding, Findings
from rehab.core.parameters import Parameters, choice, integer, number, quantity


class Wave:
    """Waves the hand."""

    parameters = Parameters(
        radius=quantity("10 cm", unit="m", least="1 cm", most="35 cm"),
        times=integer(8, least=1, most=32),
        order=choice("shuffled", ("shuffled", "clockwise")),
        ratio=number(0.5, least=0.0, most=1.0),
        wait=quantity("1 s", unit="s", least="0 s", most="10 s"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        if parameters["radius"] > device.links[0].length:
            raise Findings([Finding("radius", "is farther than the arm reaches", "up to 20 cm")])


class Spring:
    """Pulls."""

    parameters = Parameters(
        stiffness=quantity("200 N/m", unit="N/m", least="0 N/m", most="5 kN/m"),
        wait=quantity("1 s", unit="s", least="0 s", most="10 s"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        if parameters["stiffness"] == 13.0:
            raise ZeroDivisionError("thirteen")


class Loose:
    """Does nothing."""

    parameters = Parameters()

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        pass


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_local", {})
    registry.add_local("exercise", "wave", Wave)
    registry.add_local("controller", "spring", Spring)
    registry.add_local("controller", "transparent", Loose)


@pytest.fixture
def info() -> DeviceInfo:
    joint = JointInfo(
        name="j", q_min=-1.0, q_max=1.0, speed=5.0, torque=10.0, growth=400.0, damping=0.5, yield_damping=1.0
    )
    return DeviceInfo(
        model="arm",
        identity="A1",
        firmware="1",
        kinematics="single_joint",
        links=(LinkInfo(length=0.2, mass=1.0, centre=0.1, inertia=0.01),),
        joints=(joint,),
        base=(0.0, 0.0),
        home=(0.0,),
        safe_stop=SafeStop.RAMP_OFF,
        holds_without_power=False,
        watchdog_s=0.02,
        period_s=0.001,
    )
