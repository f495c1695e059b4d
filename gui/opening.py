"""What a window's session is in truth: opened or taken over here, reported here, both off the window's thread."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gui.viewmodels.ports import SessionPort
from gui.viewmodels.run import Request, SessionRun


def open_session(request: Request) -> SessionPort:
    """The session of that request, open: a new one, or one whose window is gone. Raises RehabError with words.

    It is a window's: whoever has it says with `beat`, from Qt's event loop, that the window lives.
    """
    from rehab.session.session import Session

    warm_up()
    if request.attach:
        return Session.attach(request.attach, by=request.by)
    return Session(
        request.device, request.patient, seed=request.seed, out=request.out, by=request.by, role="gui",
        person=request.person, faults=request.faults,
    ).open()  # fmt: skip


def new_run(request: Request) -> SessionRun:
    """A session with its end, for `desk.run`: whoever shows pages calls its `refresh` once a frame."""
    return SessionRun(request, open_session, no_report if request.practice else write_report)


def warm_up() -> None:
    """Import what measures need, on this thread: at the first trial's end it would hold up the window for a second."""
    import scipy.stats  # noqa: F401  # trends

    from rehab.measures.trial import trial_measures

    t = np.arange(400) * 0.001
    s = t / t[-1]
    way = 0.1 * (10 * s**3 - 15 * s**4 + 6 * s**5)
    trial_measures(t, np.stack([way, 0.0 * way], axis=1), start=(0.0, 0.0), target=(0.1, 0.0))


def no_report(session: SessionPort) -> Path:
    """Of what was practised: there is nobody to read it."""
    return session.folder


def write_report(session: SessionPort) -> Path:
    """The PDF of a closed session, beside its recording."""
    from rehab.record.recording import Recording
    from rehab.report import session_report

    return session_report(Recording.open(session.folder), session.folder / "report.pdf")
