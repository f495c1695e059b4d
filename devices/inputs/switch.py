"""One switch that scans (devices.inputs.scanning): for somebody who can press, or sip, or blink, and no more than that.

switch:/dev/input/event4,dwell=800 ms,key=28. The space bar is never taken: it stops the arm.
"""

from __future__ import annotations

from typing import Any, ClassVar

from devices.inputs.events import Key, present
from devices.inputs.scanning import Scanning, Timing, directions
from rehab.core.intent import Said
from rehab.core.parameters import Parameters, choice, integer, quantity


class Switch:
    """One switch steers: directions are offered in turn, a press takes one."""

    parameters: ClassVar[Parameters] = Parameters(
        key=integer(0, least=0, most=767, says="code of the key or button; 0 takes any but the space bar"),
        dwell=quantity("1 s", unit="s", least="200 ms", most="10 s", says="how long each direction is offered"),
        directions=choice("four", ("four", "eight"), says="how many directions are offered in the plane"),
        mode=choice("hold", ("hold", "latch"), says="moves while it is held, or until the next press"),
        acceptance=quantity("50 ms", unit="s", least="0 s", most="2 s", says="a shorter press does not count"),
        lockout=quantity("200 ms", unit="s", least="0 s", most="3 s", says="after a press, the next counts later only"),
        longest=quantity("5 s", unit="s", least="500 ms", most="60 s", says="one movement lasts no longer"),
    )
    simulated = pedal = typed = False

    def __init__(self, where: str, dimensions: int, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        self._key = Key(where, p["key"])
        ways = directions(dimensions, 8 if p["directions"] == "eight" else 4)
        timing = Timing(p["dwell"], p["acceptance"], p["lockout"], p["longest"])
        self._scanning = Scanning(ways, timing, latch=p["mode"] == "latch")

    @staticmethod
    def addresses() -> list[str]:
        return present("event")

    def open(self) -> None:
        self._key.open()

    def close(self) -> None:
        self._key.file.close()

    def fileno(self) -> int | None:
        return self._key.file.fileno()

    def poll(self, now: float, run: float) -> Said:
        for down in self._key.presses():
            self._scanning.press(now, down)
        self._scanning.look(now)
        return Said(self._scanning.intent, self._scanning.offer)
