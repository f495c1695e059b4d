"""Sessions whose window is gone: what a new window offers at its start, and the Today page with it."""

from __future__ import annotations

from gui.i18n import tr
from gui.viewmodels.run import Request
from gui.viewmodels.states import STATES
from gui.viewmodels.words import model_words
from rehab.session.waiting import Waiting, waiting


def sessions_waiting() -> list[Waiting]:
    """Running sessions without a window, oldest first. Takes a moment: ask for it off the window's thread."""
    return waiting()


def waiting_words(session: Waiting) -> str:
    """ "A session (planar arm, paused) has lost its window. No trial is lost."."""
    model = session.device.partition(":")[2]
    return tr(
        "A session ({device}, {state}) has lost its window. No trial is lost.",
        device=model_words(model), state=tr(STATES[session.state]).lower(),
    )  # fmt: skip


def request_for(
    session: Waiting, *, who: str = "", born: tuple[str, ...] = (), side: str = "", by: str = "window"
) -> Request:
    """Take that session over; who its patient is must be confirmed by a person, as before every session."""
    return Request(
        session.device, session.patient, attach=session.session, who=who, born=born, side=side, by=by,
    )  # fmt: skip
