"""What a colleague needs in one look, the last seconds of the last session, and who else may see the patient."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gui.i18n import tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model
from rehab.core.errors import BadInput
from rehab.core.types import NO_SCENE
from rehab.realtime.picture import Eye, Picture, Point
from rehab.realtime.snapshot import Look

if TYPE_CHECKING:
    from rehab.clinic.records import Grant, Handover, User

SECONDS = 20.0  # of the replay
FRAMES = 30.0  # a second
ARROW = 0.20  # m: the force arrow at the force limit
HOURS = (4, 12, 24, 72, 168)  # h that access can be given for


class Replay(NamedTuple):
    """Pictures, FRAMES a second, and what a workspace needs to show them."""

    pictures: tuple[Picture, ...]
    box: tuple[float, float, float, float]  # m
    middle: Point  # m
    force_scale: float  # m/N


class HandoverModel(Model):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.code = ""
        self.handover: Handover | None = None
        self.grants: tuple[Grant, ...] = ()
        self.colleagues: tuple[User, ...] = ()
        self.replay: Replay | None = None
        self.no_replay = ""  # why there is none

    def load(self, patient: str) -> None:
        if patient != self.code:
            self.handover, self.replay = None, None
        self.code, self.no_replay, acting = patient, "", self.acting
        self.ask(tr("Reading the handover"), lambda: acting.handover(patient), self._have)
        self._load_access()

    def _load_access(self) -> None:
        acting, patient = self.acting, self.code

        def job() -> tuple[tuple[Grant, ...], tuple[User, ...]]:
            return acting.access.list(patient), acting.users.list()

        self.ask(tr("Reading who has access"), job, self._have_access)

    def _have(self, handover: Handover) -> None:
        self.handover = handover
        session = handover.session
        if session is None:
            self.no_replay = tr("There is no session yet")
        elif not session.folder or not Path(session.folder).is_dir():
            self.no_replay = tr("The recording of the last session is not on this machine")
        else:
            folder = Path(session.folder)
            self.ask(tr("Reading the recording"), lambda: read_replay(folder), self._have_replay)

    def _have_replay(self, replay: Replay) -> None:
        self.replay = replay

    def _have_access(self, found: tuple[tuple[Grant, ...], tuple[User, ...]]) -> None:
        self.grants, self.colleagues = found

    def grant(self, user: int, hours: int, reason: str) -> None:
        """Until then, and written down; a reason is asked for."""
        if not reason.strip():
            self.problem = tr("Write why access is given: it is shown to the patient who asks")
            self.changed()
            return
        acting, patient = self.acting, self.code
        until = self.desk.clinic.now() + dt.timedelta(hours=hours)
        self.ask(
            tr("Giving access"),
            lambda: acting.access.grant(patient, user, until, reason.strip()),
            lambda _: self._load_access(),
        )

    def revoke(self, grant: int) -> None:
        acting = self.acting
        self.ask(tr("Ending access"), lambda: acting.access.revoke(grant), lambda _: self._load_access())


def read_replay(folder: Path) -> Replay:
    """The last SECONDS of trials in a recording, as pictures."""
    import numpy as np

    from rehab.record.recording import Recording

    recording = Recording.open(folder)
    info, ticks = recording.info, recording.ticks
    moving = np.flatnonzero(ticks["trial"] > 0)
    if not len(moving):
        raise BadInput(tr("The last session has no trial to show"))
    t, last = ticks["t"], int(moving[-1])
    first = int(np.searchsorted(t, t[last] - SECONDS))
    rows = np.unique(np.searchsorted(t, np.arange(t[first], t[last], 1.0 / FRAMES)))
    eye = Eye(info)
    d, n = eye.kinematics.n_task, info.n_joints
    names = [*(f"q_{k}" for k in range(n)), *(f"sent_{k}" for k in range(n)), *(f"x_{k}" for k in range(d)),
             *(f"v_{k}" for k in range(d))]  # fmt: skip
    columns = np.stack([ticks[name][rows] for name in names], axis=1).tolist()
    pictures = tuple(eye.see(Look(dict(zip(names, row, strict=True)), NO_SCENE)) for row in columns)
    return Replay(pictures, eye.box(), eye.home(), ARROW / info.limits().force)
