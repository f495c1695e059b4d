"""The arrow keys of the window or the terminal that runs the session (keyboard:arrows).

No process reads them: the window itself sends what they say with `Session.steer`, at least every 100 ms while a key is
down. The space bar stops, as everywhere.
"""

from __future__ import annotations

from typing import Any, ClassVar

from rehab.core.errors import BadInput
from rehab.core.intent import Said
from rehab.core.parameters import Parameters


class Keyboard:
    """The arrow keys of the window or the terminal steer; the space bar stops."""

    parameters: ClassVar[Parameters] = Parameters()
    simulated = pedal = False
    typed = True

    def __init__(self, where: str, dimensions: int, **parameters: Any) -> None:
        self.parameters.complete(parameters)
        if where != "arrows":
            raise BadInput(f'keyboard:{where}: only the arrow keys can be used, "keyboard:arrows"')

    @staticmethod
    def addresses() -> list[str]:
        return ["arrows"]

    def open(self) -> None: ...

    def close(self) -> None: ...

    def fileno(self) -> int | None:
        return None

    def poll(self, now: float, run: float) -> Said:
        return Said()
