"""What can be changed while it runs: the help that the robot gives, and every live parameter of the present block."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from gui.viewmodels.figures import shown_quantity
from gui.viewmodels.ports import SessionPort
from gui.viewmodels.worker import Worker
from rehab.core import registry
from rehab.core.errors import RehabError
from rehab.core.parameters import Parameter
from rehab.protocol.plan import BlockPlan

ASSISTANCE = "assistance"
STEP = 10.0  # %: one press of Easier or Harder, small enough to be taken back by the other
SETTABLE = ("running", "paused")  # a wish before that waits for the start


class Live(NamedTuple):
    """One parameter that may change now. `value` is SI."""

    name: str
    field: Parameter
    value: float
    of: str  # the plug-in whose it is

    @property
    def shown(self) -> str:
        return shown_quantity(self.value, self.field.unit)


class Tuning:
    """Of one session. `ask` has a command done by name; `doing` says that an earlier one is still under way."""

    def __init__(self, session: SessionPort, worker: Worker, ask: Callable[[str, Callable[[], Any]], None]) -> None:
        self._session, self._worker, self._ask = session, worker, ask
        self.fields: dict[str, Live] = {}
        self._changed: dict[tuple[int, str], float] = {}  # (block, parameter) -> as it was changed last
        self._block: BlockPlan | None = None
        self._number = 0
        self._wanted: dict[str, float] = {}  # not sent yet

    def begin(self, number: int, block: BlockPlan) -> None:
        """The present block, counted from 1."""
        if (number, block) == (self._number, self._block):
            return
        self._number, self._block = number, block
        self._collect()

    def _collect(self) -> None:
        block = self._block
        assert block is not None
        self.fields = {}
        whose = (
            ("controller", block.controller, block.controller_parameters),
            ("exercise", block.exercise, block.exercise_parameters),
        )
        for kind, plugin, values in whose:
            for name, field in _live(kind, plugin).items():
                value = self._changed.get((self._number, name), values.get(name, field.default))
                value = self._wanted.get(name, value)
                self.fields.setdefault(name, Live(name, field, float(value), plugin))

    def hear(self, kind: str, data: Mapping[str, Any]) -> None:
        """A parameter was changed, by this window or another one."""
        if kind == "command" and data.get("name") == "set":
            name, value = str(data["parameter"]), float(data["value"])
            self._changed[self._number, name] = value
            if name in self.fields and name not in self._wanted:
                self.fields[name] = self.fields[name]._replace(value=value)

    def change(self, name: str, written: str | float) -> str:
        """A new value: text with its unit, or SI. Words when it is not allowed, else "" and it is on its way."""
        live = self.fields[name]
        text = f"{written!r} {live.field.unit}".strip() if isinstance(written, float) else written
        try:
            value = live.field.parse(text)
        except ValueError as error:
            return f"{error}: {live.field.allowed}"
        self._wanted[name] = float(value)
        self.fields[name] = live._replace(value=float(value))
        return ""

    def send(self, state: str) -> None:
        """Once a frame: the newest wishes, one at a time, when nothing else is under way."""
        if not self._wanted or self._worker.busy or state not in SETTABLE:
            return
        name, value = self._wanted.popitem()
        self._ask(f"set {name}", lambda: self._session.set(name, value))

    def refused(self) -> None:
        """What was sent was refused: what holds is shown again."""
        if self._block is not None:
            self._collect()

    # the one that matters most ---------------------------------------------------------------------------------------

    @property
    def help(self) -> float | None:
        """How much of its help the robot gives, in %; None where the controller has no such thing."""
        live = self.fields.get(ASSISTANCE)
        return live.value if live is not None else None

    def easier(self) -> None:
        self._step(STEP)

    def harder(self) -> None:
        self._step(-STEP)

    def _step(self, by: float) -> None:
        if self.help is not None:
            self.change(ASSISTANCE, min(100.0, max(0.0, self.help + by)))


def _live(kind: str, plugin: str) -> Mapping[str, Parameter]:
    try:
        found = registry.find(kind, plugin) if plugin else None
    except RehabError:  # a script's own
        return {}
    if found is None or not hasattr(found, "set"):
        return {}
    return {name: field for name, field in found.parameters.items() if field.live}
