"""The way between the simulated device and who drives it, when a fault script is at work: no bytes, but their fate.

A damaged frame is dropped, as its CRC would have it; the second half of a split one comes a period later. What a host's
driver would refuse to be told twice or out of order is told here: the monitor's own look at it is what is then tested.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import TypeVar

from rehab.core.errors import DeviceLost
from rehab.core.values import Command, Sample
from sim.injection import Injection
from sim.line_faults import Direction

Frame = TypeVar("Frame")


class SimulatedLink:
    """Samples one way, commands the other. Times in µs of the device's clock, which is the host's."""

    def __init__(self, faults: Injection, period_us: int) -> None:
        self._faults = faults
        self._damaged = 0  # samples that the host's driver would have dropped
        self._up: Direction[Sample] = Direction(faults.up, period_us, damage=self._count, halves=_second_half)
        self._down: Direction[Command] = Direction(faults.down, period_us, damage=_dropped, halves=_second_half)
        self._sent = (-1, 0)  # sequence and status of the newest sample: one measurement is disturbed once
        self._newest: Sample | None = None  # that has arrived

    def told(self, now_ns: int, measured_us: int, sample: Sample) -> Sample:
        """What arrives, when `sample` is the newest there is. Raises DeviceLost once the link is unplugged."""
        now = now_ns // 1000
        self._check(now)
        if (sample.sequence, sample.status) != self._sent:  # armed or tripped between two periods: told at once
            self._sent = (sample.sequence, sample.status)
            self._up.put(measured_us, self._faults.sample(measured_us, sample))
        for arrived in self._up.take(now):
            self._newest = arrived
        newest = self._newest or sample
        age = now_ns * 1e-9 - newest.time
        return newest._replace(age=self._faults.number("age", now, age), damaged=self._damaged)

    def commands(self, now: int, command: Command | None = None) -> Iterable[Command]:
        """The commands that arrive, after one more was sent. Raises DeviceLost once the link is unplugged."""
        if command is not None:
            self._check(now)
            self._down.put(now, command)
        return self._down.take(now)

    def forget_commands(self) -> None:
        """The device was disarmed: none that is still under way may move it when it is armed again."""
        self._down.clear()

    def _count(self, sample: Sample, dice: Random, bits: int) -> None:
        self._damaged += 1

    def _check(self, now: int) -> None:
        if self._faults.unplugged(now):
            raise DeviceLost("unplugged by the fault script")


def _dropped(frame: Frame, dice: Random, bits: int) -> Frame | None:
    return None


def _second_half(frame: Frame) -> tuple[Frame | None, Frame]:
    return None, frame
