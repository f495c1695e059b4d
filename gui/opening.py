"""What a window's session is in truth: opened here, reported here, both off the window's thread."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gui.viewmodels.ports import SessionPort
from gui.viewmodels.run import Request


def open_session(request: Request) -> SessionPort:
    """The session of that request, open. Raises RehabError with words."""
    from rehab.session.session import Session

    session = Session(
        request.device, request.patient, seed=request.seed, out=request.out, by="window", person=request.person
    ).open()
    warm_up()
    return session


def warm_up() -> None:
    """Import what measures need, on this thread: at the first trial's end it would hold up the window for a second."""
    from rehab.measures.trial import trial_measures

    t = np.arange(400) * 0.001
    s = t / t[-1]
    way = 0.1 * (10 * s**3 - 15 * s**4 + 6 * s**5)
    trial_measures(t, np.stack([way, 0.0 * way], axis=1), start=(0.0, 0.0), target=(0.1, 0.0))


def write_report(session: SessionPort) -> Path:
    """The PDF of a closed session, beside its recording."""
    from rehab.record.recording import Recording
    from rehab.report import session_report

    return session_report(Recording.open(session.folder), session.folder / "report.pdf")
