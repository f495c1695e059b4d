"""A simulated arm that follows a fault script beside one that does not: what is told, and what is true."""

from __future__ import annotations

from collections.abc import Callable
from math import sin
from typing import NamedTuple

from msgspec import structs

from rehab.core.clock import ManualClock
from rehab.core.values import Command, Inputs, Sample
from sim.device import SimulatedDevice
from sim.faults import read_faults

BEGIN, END, TICKS = 10, 30, 50  # the fault of a case is active from tick 10 to before tick 30
WINDOW = "at: 10 ms, for: 20 ms"


class Told(NamedTuple):
    """Lists by tick; tick 0 is the sample before arming."""

    told: list[Sample]
    true: list[Sample]


def late(tick: int) -> int:
    """ns after the tick's beginning at which the sample is read: gives each an age."""
    return tick % 5 * 100_000


def disturbed(
    script: str | None, clock: ManualClock, *, seed: int = 1, patient: str | None = "healthy", force: bool = True
) -> SimulatedDevice:
    """An open device that follows these entries of a script."""
    faults = None if script is None else read_faults(f"faults: [{script}]")
    device = SimulatedDevice("planar_arm", clock=clock, patient=patient, seed=seed, engine="closed_form", faults=faults)
    device.info = structs.replace(device.info, force_sensor=force)
    device.open()
    return device


def samples(
    script: str | None, *, ticks: int = TICKS, seed: int = 1, act: Callable[[SimulatedDevice, int], None] | None = None
) -> list[Sample]:
    """Arm at tick 0, move the arm and the switches about, read once a tick."""
    clock = ManualClock(4_999_000_000)
    device = disturbed(script, clock, seed=seed)
    clock.advance(0.001)
    found = [device.read()]
    device.arm()
    for tick in range(1, ticks):
        device.write(Command((2.0 * sin(tick), 1.5 - 0.1 * tick), True, 0.02))
        device.set_inputs(Inputs.SWITCH_1 if tick % 7 < 3 else Inputs.TTL_2)
        if act is not None:
            act(device, tick)
        clock.sleep_until_ns(5_000_000_000 + tick * 1_000_000 + late(tick))
        found.append(device.read())
    device.close()
    return found


def both(script: str, **options) -> Told:
    return Told(samples(script, **options), samples(None, **options))
