"""After a spasm, in `rehab run`: what to do next, asked in a terminal or said beforehand by --after-spasm."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rehab.core.errors import BadInput, NotNow, SafetyStop
from rehab.core.safety.faults import Fault
from rehab.core.types import Trial

if TYPE_CHECKING:
    from rehab.session.session import Session

QUESTION = "After the spasm: [g]o on gentler, [s]low stretch, [o]ut to the exit pose, [e]nd? "
KEYS = {"g": "gentler", "s": "stretch", "o": "out", "e": "end"}
SAYS = {
    "gentler": "going on with the next trial, gentler",
    "out": "leading the limb to the exit pose",
    "stretch": "stretching slowly",
}
WAYS = ("out", "stretch")  # at their end the limb is let go, and the plan is not done
WITHIN = 60.0  # s of the session's time for a limb to become quiet, where nobody is asked
LOOK = 0.05  # s between two looks at the keyboard
Trials = Iterator[Trial | None]


class AfterSpasm:
    """Follows a session to its end.

    choice        "end", "gentler", "out" or "stretch": what to do where nobody can be asked, or shall not be
    ask_to_arm    has a person make sure of the limb; None where that was done beforehand
    """

    def __init__(self, session: Session, choice: str, ask_to_arm: Callable[[], None] | None) -> None:
        self.session, self.choice, self.ask_to_arm = session, choice, ask_to_arm
        self.asking = choice == "end" and sys.stdin.isatty() and sys.stdout.isatty()

    def follow(self, trials: Trials, watch: Callable[[Trials], None]) -> int:
        """`watch` the trials, and what is left of them after each spasm. The exit code."""
        session, act = self.session, ""
        while True:
            try:
                watch(trials)
                if act not in WAYS:
                    return 0
            except SafetyStop as stop:
                print(f"rehab: safety stop: {stop}", file=sys.stderr)
                by_hand = act in WAYS and session.fault is Fault.NONE
                if session.lost or session.state == "ended" or not (by_hand or session.spasm):
                    return 3
            if session.advice:
                print(f"rehab: {session.advice}", file=sys.stderr)
            act = self._asked() if self.asking else self._said(act)
            if act == "end":
                return 3
            trials = session.follow_on()
            print(f"rehab: {SAYS[act]}", file=sys.stderr)
            if act == "stretch" and self.asking:
                print("Press Enter to let the arm go.", file=sys.stderr)
                trials = self._until_enter(trials)

    def _said(self, done: str) -> str:
        """Where nobody is asked: gentler until the session advises to end; one way, and then the end."""
        if self.session.advice or done in WAYS:
            return "end"
        try:
            self._do(self.choice, WITHIN)
        except NotNow as error:
            print(f"rehab: {error}", file=sys.stderr)
            return "end"
        return self.choice

    def _asked(self) -> str:
        """What a person wants, and what can be done now."""
        while True:
            print(QUESTION, end="", file=sys.stderr, flush=True)
            self.session.advance()  # its time goes on, also for who types fast
            while not _typed(LOOK):
                self.session.advance()
            line = sys.stdin.readline()
            act = KEYS.get(line.strip().lower()[:1], "") if line else "end"
            if not act:
                continue
            try:
                self._do(act, 0.0)
                return act
            except (NotNow, BadInput) as error:
                print(f"rehab: {error}", file=sys.stderr)

    def _do(self, act: str, within: float) -> None:
        session = self.session
        if act == "end":
            return
        if not session.info.simulated:
            if session.state == "faulted":
                session.reset(within=within)
            if self.ask_to_arm is not None:
                self.ask_to_arm()
            session.arm()
        {"gentler": session.resume_gentler, "out": session.get_out, "stretch": session.slow_stretch}[act](within=within)

    def _until_enter(self, trials: Trials) -> Trials:
        for trial in trials:
            if _typed(0.0):
                sys.stdin.readline()
                self.session.stop()
            yield trial


def _typed(seconds: float) -> bool:
    """Whether a line was typed, waiting at most so long."""
    return bool(select.select([sys.stdin], [], [], seconds)[0])
