"""A protocol played on a virtual patient as fast as the machine goes, in a process of its own.

python -m rehab.session.rehearse, a Request as JSON on standard input; a line of JSON for everything that is told:

    {"trials": 3, "of": 24, "t": 31.2}                        how far it is, s of the session
    {"result": {...}}                                         a Result, the last line
    {"error": "..."}                                          why there is none, for people

A window reads the lines and stays alive meanwhile; ending the process cancels it. The folder of the recording is kept
only where the request names `out`.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from rehab.core.errors import RehabError, SafetyStop
from rehab.core.person import PersonLayer
from rehab.core.safety.faults import Fault
from rehab.protocol.document import parsed
from rehab.protocol.leakage import leaks
from rehab.protocol.plan import Plan
from rehab.protocol.written import Written
from rehab.session.asking import default_answer
from rehab.session.session import Session

TOLD_EVERY = 0.5  # s of the session


class Request(Struct, frozen=True, kw_only=True):
    """What is to be played. `text`: the protocol; `name`: of its file, for relative tables beside it."""

    text: str
    name: str = "plan.yaml"
    device: str = "sim:planar_arm"
    patient: str = "stroke"
    seed: int = 1
    participant: str = "1"
    person: PersonLayer | None = None
    out: str = ""


class Result(Struct, frozen=True, kw_only=True):
    """What came of it. SI."""

    trials: int = 0
    planned: int = 0
    outcomes: dict[str, int] = {}
    seconds: float = 0.0  # from arming to the end
    force: float = 0.0  # N, the robot's largest on the hand
    force_limit: float = 0.0
    speed: float = 0.0  # m/s, the hand's largest
    speed_limit: float = 0.0
    leakage: float = 0.0  # m, the worst channel's; 0 without one
    faults: tuple[str, ...] = ()  # in words, in order
    stopped: str = ""  # why it ended before its end
    folder: str = ""


def rehearse(request: Request, tell: Callable[[int, int, float], None]) -> Result:
    """Raises RehabError for a protocol that cannot be begun; a safety stop is a result."""
    path = Path(request.name)
    protocol = parsed(Written(request.text, path.name), path)
    if protocol.findings:
        raise protocol.written.error(protocol.findings)
    with tempfile.TemporaryDirectory() as scratch:
        session = Session(
            request.device, request.patient, seed=request.seed, clock="simulated", out=request.out or scratch,
            by="rehearsal", answers=default_answer, participant=request.participant, person=request.person,
        )  # fmt: skip
        faults: list[str] = []
        stopped = ""
        with session:
            plan = session.prepare(protocol)
            session.arm()
            heard = 0.0
            try:
                for _ in session.follow(plan):
                    faults += _faults(session)
                    look = session.look()
                    t = float(look.values["t"]) if look is not None else heard
                    if t - heard >= TOLD_EVERY:
                        heard = t
                        tell(len(session.trials), session.trials_planned, t)
            except SafetyStop as error:
                stopped = str(error)
            faults += _faults(session)
            limits, info = session.limits, session.info
        return _result(session, plan, stopped, tuple(faults))._replace_limits(
            plan.limits_of(plan.blocks[0], limits).force, plan.limits_of(plan.blocks[0], limits).speed,
            max((leak.distance for leak in leaks(plan.blocks, info, 2.0 * info.period_s)), default=0.0),
            str(session.folder) if request.out else "",
        )  # fmt: skip
