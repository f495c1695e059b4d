"""Teaching a movement: a session in which somebody leads the limb, then the points, to be edited and named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.i18n import tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.drawn import Drawn
from gui.viewmodels.errors import told
from gui.viewmodels.facts import Facts, facts
from gui.viewmodels.model import Model
from gui.viewmodels.run import Request, SessionRun, Stage
from rehab.core.address import EMULATOR, parse
from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput
from rehab.realtime.picture import Eye, Spot

if TYPE_CHECKING:
    from rehab.core.person import PersonLayer
    from rehab.protocol.taught import Taught

PATH, POINTS = "path", "points"
LEAST = 0.02  # m of way, below which the hand has not moved
MARK = 0.008  # m: radius of a point in the picture
TEXT = """\
protocol: {title}
version: 1
device: {device}
blocks:
  - name: teach
    teach: {{kind: {kind}, seconds: {seconds} s}}
    mode: active
    trials: 1
"""


class TeachModel(Model):
    """`taught` is what there is to keep: of the recording just made, edited since."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.code = ""
        self.layer: PersonLayer | None = None
        self.info: DeviceInfo | None = None
        self.run: SessionRun | None = None
        self.kind = PATH
        self.taught: Taught | None = None
        self.past: list[Taught] = []
        self.saved = ""  # the name, once it was
        self._stage: tuple[Any, ...] = ()
        self._reading = False

    def load(self, patient: str) -> None:
        self.code, desk, acting = patient, self.desk, self.acting

        def job() -> tuple[Facts, PersonLayer | None]:
            return facts(desk), acting.charts.read(patient).layer if patient else None

        def have(found: tuple[Facts, PersonLayer | None]) -> None:
            self.info, self.layer = found[0].info, found[1]

        self.ask(tr("Reading the limits"), job, have)

    # recording ------------------------------------------------------------------------------------------------------

    @property
    def recording(self) -> bool:
        return self.run is not None and not self.run.over

    @property
    def can_begin(self) -> bool:
        return self.info is not None and not self.desk.session_open and not self._reading

    def begin(self, kind: str, seconds: int) -> None:
        """Open the session; the arm is armed by `start`."""
        from rehab.protocol.document import parsed
        from rehab.protocol.written import Written

        if not self.can_begin or self.info is None:
            return
        self.kind, self.saved = kind, ""
        text = TEXT.format(title="Teaching a movement", device=self.info.model, kind=kind, seconds=seconds)
        protocol = parsed(Written(text, "teach.yaml"), Path("teach.yaml"))
        simulated = parse(self.desk.device).scheme in ("sim", EMULATOR)
        leads = "therapist" if simulated else None
        self.run = self.desk.begin(
            Request(self.desk.device, leads, protocol, out=self.desk.out, person=self.layer)
        )
        self.run.when_over(self._over)
        self.changed()

    @property
    def can_start(self) -> bool:
        training = self.run.training if self.run is not None and self.recording else None
        return training is not None and training.can_start

    def start(self) -> None:
        if self.run is not None and self.run.training is not None:
            self.run.training.start()

    def add_point(self) -> None:
        self._set("add_point")

    def done(self) -> None:
        """The movement was shown."""
        self._set("done")

    def _set(self, name: str) -> None:
        run = self.run
        if run is not None and run.session is not None and run.training is not None and run.training.state == "running":
            session: Any = run.session
            run.worker.submit("set", lambda: session.set(name, 1.0))

    def end(self) -> None:
        """Without waiting for the time to be up; what was shown until then is kept."""
        if self.run is not None and self.recording:
            self.run.end()

    def _over(self, run: SessionRun) -> None:
        if run.stage is Stage.FAILED or run.folder is None:
            self.problem = run.problem
            self.changed()
            return
        folder, info, kind = run.folder, self.info, self.kind
        assert info is not None
        self._reading = True
        self.ask(tr("Reading what was shown"), lambda: read_shown(folder, kind, info.model), self._have)

    def _have(self, taught: Taught) -> None:
        self.taught, self.past = taught, []

    def refresh(self) -> None:
        """Once a frame."""
        run = self.run
        self._reading = self._reading and self.waiting > 0
        stage = (run.stage, run.training.state, run.training.can_start) if run is not None and run.training else (run,)
        if stage != self._stage:
            self._stage = stage
            self.changed()

    # editing --------------------------------------------------------------------------------------------------------

    def move(self, index: int, axis: int, cm: float) -> None:
        from rehab.protocol.taught import move

        if self.taught is not None:
            point = list(self.taught.points[index])
            point[axis] = 0.01 * cm
            self._edit(move(self.taught, index, tuple(point)))

    def delete(self, index: int) -> None:
        from rehab.protocol.taught import delete

        if self.taught is not None:
            try:
                self._edit(delete(self.taught, index))
            except BadInput as error:
                self.problem = told(error)
                self.changed()

    def insert(self, index: int) -> None:
        """A point halfway to the next one; behind the last where there is none."""
        from rehab.protocol.taught import insert

        if self.taught is not None:
            points = self.taught.points
            a, b = points[index], points[min(index + 1, len(points) - 1)]
            self._edit(insert(self.taught, index + 1, tuple(0.5 * (p + q) for p, q in zip(a, b, strict=True))))

    def undo(self) -> None:
        if self.past:
            self.taught = self.past.pop()
            self.changed()

    def _edit(self, taught: Taught) -> None:
        if self.taught is not None and taught != self.taught:
            self.past.append(self.taught)
            self.taught, self.saved, self.problem = taught, "", ""
            self.changed()

    @property
    def picture(self) -> Drawn:
        """The way on the device, its points marked."""
        if self.info is None or self.taught is None:
            return Drawn()
        eye = Eye(self.info)
        home, _ = eye.kinematics.forward(self.info.home)
        ways = [eye.place(tuple(h + c for h, c in zip(home, p, strict=True))) for p in self.taught.points]
        arm = tuple((float(x), float(y)) for x, y in eye.kinematics.points(self.info.home))
        from rehab.core.types import Shape

        return Drawn(arm, tuple(Spot(at, MARK, "goal", Shape.CIRCLE) for at in ways), (tuple(ways),))

    def save(self, name: str, *, replace: bool = False) -> None:
        """Among the taught paths, where plans find it."""
        from msgspec.structs import replace as with_

        from rehab.protocol.taught import taught_root, write_taught

        if self.taught is None:
            return
        if not re.fullmatch(r"\w[\w-]{0,60}", name):
            self.problem = tr("A name has letters, digits, _ and - only, for example comb")
            self.changed()
            return
        taught = with_(self.taught, name=name)

        def job() -> str:
            target = taught_root() / f"{name}.yaml"
            if target.exists() and not replace:
                raise BadInput(tr('"{name}" is there already: choose another name, or let it be replaced', name=name))
            write_taught(taught, target)
            return name

        def have(kept: str) -> None:
            self.saved = kept

        self.ask(tr("Saving the movement"), job, have)


def read_shown(folder: Path, kind: str, model: str) -> Taught:
    """The points of a recording: a path smoothed and thinned, places as they were marked."""
    from rehab.core.clock import wall_clock_iso
    from rehab.core.path import Path as Way
    from rehab.protocol.drawn import simplify, smooth
    from rehab.protocol.taught import Taught
    from rehab.record.recording import Recording

    events = Recording.open(folder).events
    points = [tuple(float(c) for c in e.data["x"]) for e in events if e.kind == "taught_point"]
    if len(set(points)) < 2 or Way(points).length < LEAST:
        raise BadInput(tr("The hand did not move: there is nothing to keep. Begin again, and lead the limb."))
    kept = tuple(points) if kind == POINTS else simplify(smooth(points))
    return Taught(name="", points=kept, kind=kind, model=model, made=wall_clock_iso()[:10])
