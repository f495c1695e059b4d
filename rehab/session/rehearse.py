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
from msgspec import Struct

from rehab.core.errors import RehabError, SafetyStop
from rehab.core.person import PersonLayer
from rehab.core.stability import delay_of
from rehab.protocol.document import parsed
from rehab.protocol.leakage import leaks
from rehab.protocol.written import Written
from rehab.record.recording import Recording
from rehab.report.monitored import extremes
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
        stopped, heard = "", 0.0
        with session:
            plan = session.prepare(protocol)
            session.arm()
            try:
                for _ in session.follow(plan):
                    look = session.look()
                    t = look.values["t"] if look is not None else heard
                    if t - heard >= TOLD_EVERY:
                        heard = t
                        tell(len(session.trials), session.trials_planned, t)
            except SafetyStop as error:
                stopped = str(error)
            info = session.info
        leak = max((leak.distance for leak in leaks(plan.blocks, info, delay_of(info, None).seconds)), default=0.0)
        return _result(Recording.open(session.folder), session, stopped, leak, request.out)


def _result(recording: Recording, session: Session, stopped: str, leak: float, out: str) -> Result:
    most = {extreme.what: extreme for extreme in extremes(recording)}
    force, speed = most["Hand force, by the torque sent"], most["Speed of the hand"]
    outcomes = Counter(str(trial.outcome) for trial in session.trials)
    faults = tuple(f"{e.data['name']}: {e.data['message']}" for e in recording.events if e.kind == "fault")
    times = recording.ticks["t"][recording.ticks["enable"] == 1]
    return Result(
        trials=len(session.trials), planned=session.trials_planned, outcomes=dict(outcomes),
        seconds=float(times[-1] - times[0]) if len(times) else 0.0, force=force.value, force_limit=force.limit,
        speed=speed.value, speed_limit=speed.limit, leakage=leak, faults=faults, stopped=stopped,
        folder=str(session.folder) if out else "",
    )  # fmt: skip


def main() -> int:
    def say(what: object) -> None:
        sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
        sys.stdout.buffer.flush()

    try:
        request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
        result = rehearse(request, lambda trials, of, t: say({"trials": trials, "of": of, "t": t}))
    except (RehabError, msgspec.MsgspecError) as error:
        say({"error": str(error)})
        return 1
    say({"result": result})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
