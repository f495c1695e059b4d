"""The facts of the robot that a page plans for: of the open session, else of the simulation of that address."""

from __future__ import annotations

from typing import NamedTuple

from gui.viewmodels.desk import Desk
from rehab.core import registry
from rehab.core.address import EMULATOR, parse
from rehab.core.clock import MonotonicClock
from rehab.core.device import DeviceInfo

ANY = "planar_arm"  # what is shown of a robot whose facts come with its first session only


class Facts(NamedTuple):
    """`assumed`: the robot at that address was not asked; these are the facts of a common one."""

    info: DeviceInfo
    assumed: bool = False


def facts(desk: Desk) -> Facts:
    """For jobs: reads what a simulation says of itself. No robot is touched: a session alone opens one."""
    run = desk.run
    if run is not None and run.session is not None and not run.over and run.request.device == desk.device:
        return Facts(run.session.info)
    address = parse(desk.device)
    simulated = address.scheme in ("sim", EMULATOR)
    device = registry.find("device", "sim")(address.rest if simulated else ANY, clock=MonotonicClock())
    return Facts(device.info, not simulated)
