"""A joystick: two axes steer.

    a = (raw − centre)/half range        u = â min(1, (|a| − d)/(1 − d))^c,  nothing for |a| ≤ d

a deflection −1 … 1 of both axes together, up is away from the body · d dead zone: no stick rests exactly there
c curve: 1 straight, 2 finer in the middle · u what is asked for. joystick:/dev/input/event3 or joystick:/dev/input/js0
"""

from __future__ import annotations

from math import hypot
from typing import Any, ClassVar

from devices.inputs.events import EV_ABS, EV_SYN, STICK_RANGE, SYN_DROPPED, Absolute, EventFile, present
from rehab.core.intent import Said
from rehab.core.parameters import Parameters, integer, number
from rehab.core.values import Floats

USUAL = Absolute(0, -STICK_RANGE, STICK_RANGE)


class Joystick:
    """A joystick or a gamepad steers in the plane; with one joint, its first axis."""

    parameters: ClassVar[Parameters] = Parameters(
        horizontal=integer(0, least=0, most=63, says="number of the axis to the right"),
        vertical=integer(1, least=0, most=63, says="number of the axis away from the body"),
        dead_zone=number(0.1, least=0.0, most=0.9, says="deflection that counts as none"),
        curve=number(1.5, least=1.0, most=4.0, says="1 straight, more is finer in the middle"),
    )
    simulated = pedal = typed = False

    def __init__(self, where: str, dimensions: int, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        self._file, self._dimensions = EventFile(where), dimensions
        self._codes = (p["horizontal"], p["vertical"])
        self._dead, self._curve = p["dead_zone"], p["curve"]
        self._axes: dict[int, Absolute] = {}

    @staticmethod
    def addresses() -> list[str]:
        return present("js")

    def open(self) -> None:
        self._file.open()
        self._look()

    def close(self) -> None:
        self._file.close()

    def fileno(self) -> int | None:
        return self._file.fileno()

    def _look(self) -> None:
        self._axes = {code: self._file.axis(code) or USUAL for code in self._codes}

    def poll(self, now: float, run: float) -> Said:
        for event in self._file.read():
            if event.kind == EV_SYN and event.code == SYN_DROPPED:
                self._look()
            elif event.kind == EV_ABS and event.code in self._axes:
                self._axes[event.code] = self._axes[event.code]._replace(value=event.value)
        right, down = (_deflection(self._axes[code]) for code in self._codes)
        return Said(shaped((right, -down)[: self._dimensions], self._dead, self._curve))


def shaped(a: Floats, dead: float, curve: float) -> Floats:
    """u of the deflection a."""
    size = hypot(*a)
    if size <= dead:
        return (0.0,) * len(a)
    wanted: float = min(1.0, (size - dead) / (1.0 - dead)) ** curve
    return tuple([wanted * c / size for c in a])


def _deflection(axis: Absolute) -> float:
    half = 0.5 * (axis.most - axis.least)
    return 0.0 if half <= 0.0 else min(1.0, max(-1.0, (axis.value - axis.least - half) / half))
