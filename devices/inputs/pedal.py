"""A foot switch: a press stops the arm, or the arm moves only while it is held.

pedal:/dev/input/event5 stops; pedal:/dev/input/event5,does=hold is a hold-to-run pedal: let go, the arm is held softly
where it is, pressed again it goes on, softly. A pedal that is opened by a press (normally closed) is told so. When its
line, or the process that reads it, is lost, the arm stops (F46). It is a convenience beside the device's own emergency
stop, which needs no software.
"""

from __future__ import annotations

from typing import Any, ClassVar

from devices.inputs.events import Key, present
from rehab.core.intent import Said
from rehab.core.parameters import Parameters, choice, integer


class Pedal:
    """A foot switch that stops the arm, or that must be held for it to move."""

    parameters: ClassVar[Parameters] = Parameters(
        does=choice("stop", ("stop", "hold"), says="a press stops; or the arm moves only while it is held"),
        key=integer(0, least=0, most=767, says="code of its key or button; 0 takes any but the space bar"),
        contact=choice("open", ("open", "closed"), says="of the switch when nobody is on it"),
    )
    simulated = typed = False
    pedal = True

    def __init__(self, where: str, dimensions: int, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        self._key = Key(where, p["key"])
        self._stops, self._closed = p["does"] == "stop", p["contact"] == "closed"

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
        """A press that is over again when it is looked at was a press all the same."""
        seen = [down is not self._closed for down in self._key.presses()]
        pressed = self._key.down is not self._closed
        if self._stops:
            return Said(stop=pressed or any(seen))
        return Said(run=pressed and all(seen))
