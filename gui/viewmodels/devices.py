"""The technician's page: devices that could be opened, limits in force, timing here, and copies of the store."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.i18n import shown_number, tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.figures import shown_quantity
from gui.viewmodels.form import who_words
from gui.viewmodels.model import Model
from gui.viewmodels.plan_check import ground_of
from rehab.core import registry
from rehab.core.errors import BadInput
from rehab.core.limits import BUILTIN

if TYPE_CHECKING:
    from rehab.clinic.backup import Copy

SECONDS = 5.0  # of the timing test
AROUND = 8.0  # s that starting and ending it take beside, at most; the bar is only a guess then
LATE = 500.0  # us: half a period of 1 ms
PACKAGES = ("rehab-loop", "PySide6-Essentials", "numpy", "SQLAlchemy")


class Found(NamedTuple):
    """A device that could be opened now."""

    address: str
    simulated: bool
    ours: bool  # the one that this desk uses


class LimitRow(NamedTuple):
    name: str
    value: str
    who: str
    says: str


class Fact(NamedTuple):
    """One line of the environment check. `good` None: a fact, neither good nor bad."""

    what: str
    value: str
    good: bool | None = None


class Ground(NamedTuple):
    devices: tuple[Found, ...]
    limits: tuple[LimitRow, ...]
    facts: tuple[Fact, ...]
    model: str
    assumed: bool


class DevicesModel(Model):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.ground: Ground | None = None
        self.timing: tuple[Fact, ...] = ()
        self.copied: Copy | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._begun = 0.0

    def load(self) -> None:
        def have(found: Ground) -> None:
            self.ground = found

        self.ask(tr("Looking for devices"), lambda: look(self.desk), have)

    # the timing test ------------------------------------------------------------------------------------------------

    @property
    def testing(self) -> bool:
        return self._process is not None

    @property
    def share(self) -> float:
        """How far the test is, 0 … 1, by the time it takes."""
        return min(0.99, (self.desk.now() - self._begun) / (SECONDS + AROUND)) if self.testing else 0.0

    def test(self) -> None:
        """An empty loop of 1 kHz in a process of its own; never beside an open session."""
        if self.testing or self.desk.session_open:
            return
        self.timing, self._begun = (), self.desk.now()
        words = [sys.executable, "-m", "rehab", "bench", "loop", "--seconds", f"{SECONDS:g}", "--json", "-"]
        self._process = process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

        def job() -> tuple[Fact, ...]:
            out, wrong = process.communicate()
            if process.returncode:
                last = wrong.decode("utf-8", "replace").strip().splitlines()
                raise BadInput(tr("The test ended without a result: {why}", why=last[-1] if last else "?"))
            return timing_facts(json.loads(out)["loop"][0])

        def have(facts: tuple[Fact, ...]) -> None:
            self.timing = facts

        self.ask(tr("Testing the timing"), job, have)
        self.changed()

    def refresh(self) -> None:
        """Once a frame."""
        if self._process is not None and self._process.poll() is not None and not self.waiting:
            self._process = None
            self.changed()

    def leave(self) -> None:
        if self._process is not None:
            self._process.terminate()

    # copies ---------------------------------------------------------------------------------------------------------

    def save(self, file: Path) -> None:
        acting = self.acting

        def have(copy: Copy) -> None:
            self.copied = copy

        self.ask(tr("Copying the store"), lambda: acting.backup.save(file), have)

    def restore(self, file: Path) -> None:
        """Everybody has to sign in again then: what was known of them may not hold any more."""
        if self.desk.session_open:
            self.problem = tr("A session is open: end it before a copy is put back")
            self.changed()
            return
        acting = self.acting

        def have(copy: Copy) -> None:
            self.copied = copy
            self.desk.put_out(tr("A copy of the store has been put back: sign in again."))

        self.ask(tr("Putting the copy back"), lambda: acting.backup.restore(file), have)


def look(desk: Desk) -> Ground:
    """What there is now. No device is opened."""
    found = []
    for scheme in registry.names("device"):
        try:
            addresses: list[str] = getattr(registry.find("device", scheme), "addresses", list)()
        except BadInput:
            continue
        for address in addresses:
            whole = address if ":" in address else f"{scheme}:{address}"
            found.append(Found(whole, scheme == "sim", whole == desk.device))
    ground = ground_of(desk, None)
    limits = tuple(
        LimitRow(name, shown_quantity(ground.limits.values[name], BUILTIN[name].unit), _who(ground.limits.who[name]),
                 BUILTIN[name].says)
        for name in BUILTIN
    )  # fmt: skip
    return Ground(tuple(found), limits, environment(desk), ground.info.model, ground.assumed)


def _who(layer: str) -> str:
    return tr("built in") if layer == "built-in" else who_words(layer)


def environment(desk: Desk) -> tuple[Fact, ...]:
    from rehab.record.folder import sessions_root

    folder = desk.out or sessions_root()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e9
    python = ".".join(str(part) for part in sys.version_info[:3])
    rows = [Fact(tr("Room for recordings"), shown_number(free, 1, "GB"), free > 5.0), Fact("Python", python)]
    return (*rows, *(Fact(name, version(name)) for name in PACKAGES), Fact(tr("Clinic store"), desk.clinic.where))


def timing_facts(row: dict[str, Any]) -> tuple[Fact, ...]:
    """What the test measured, and whether it is good enough to move a limb."""
    scheduling = str(row["scheduling"])
    real, locked = "FIFO" in scheduling, "mlockall" in scheduling
    late = float(row["late_p999_us"])
    yes, no = tr("yes"), tr("no: a clinic's machine should allow it")
    return (
        Fact(tr("Real-time scheduling"), yes if real else no, real),
        Fact(tr("Memory locked"), yes if locked else no, locked),
        Fact(tr("Rate"), shown_number(float(row["rate_hz"]), 1, "Hz"), abs(float(row["rate_hz"]) - 1000.0) < 1.0),
        Fact(tr("Late, 999 of 1000 ticks within"), shown_number(late / 1000.0, 3, "ms"), late < LATE),
        Fact(tr("Latest tick"), shown_number(float(row["late_max_us"]) / 1000.0, 3, "ms")),
        Fact(tr("Skipped ticks"), str(row["skipped"]), row["skipped"] == 0),
    )
