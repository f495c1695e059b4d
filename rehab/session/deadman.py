"""Who has fallen silent, and what follows: pure, with the time as an argument (fault table F13 to F15).

Silence is counted only while the watcher itself was awake: a stall of the whole machine, which stopped the watcher too,
is held against nobody.
"""

from __future__ import annotations

from enum import IntEnum

from rehab.core.safety.faults import Fault

OVERRUNS = 5  # the loop is taken for hung after five times the lateness that one tick may have ...
LEAST = 0.100  # s ... but not before this
IDLE = 10.0  # s, for a loop that is not armed: it may be loading a protocol
WARN_AFTER, FREEZE_AFTER, STOP_AFTER = 0.200, 0.500, 2.000  # s without a beat of the window
WINDOW_MAY_RETURN = 600.0  # s in which a session without a window waits for a new one
AWAKE = 0.060  # s: the watcher looks more often than this


class Silence:
    """How long nobody was heard."""

    def __init__(self, now: float) -> None:
        self._looked, self.seconds = now, 0.0

    def look(self, now: float) -> float:
        """Seconds of silence up to now."""
        self.seconds += min(AWAKE, max(0.0, now - self._looked))
        self._looked = now
        return self.seconds

    def heard(self, now: float) -> None:
        self._looked, self.seconds = now, 0.0


class Heartbeat:
    """The loop's: a sequence that grows with every tick."""

    def __init__(self, now: float, overrun_stop: float) -> None:
        """`overrun_stop` is the site's limit (s): where machines stall, the site widens both together."""
        self.armed_limit = max(LEAST, OVERRUNS * overrun_stop)
        self._silence, self._sequence = Silence(now), -1

    def hung(self, now: float, sequence: int, armed: bool) -> float:
        """Seconds without a tick when they are too many, else 0."""
        if sequence != self._sequence:
            self._sequence = sequence
            self._silence.heard(now)
            return 0.0
        silent = self._silence.look(now)
        return silent if silent > (self.armed_limit if armed else IDLE) else 0.0


class Step(IntEnum):
    """What a silent window leads to."""

    NONE = 0
    WARN = 1
    FREEZE = 2
    STOP = 3


class Deadman:
    """The window's, or the script's. One that is gone or hangs cannot stop the arm any more, so the arm stops.

    role  "gui": warn, freeze, stop. "script": warn, stop: it has no button to go on with after a freeze, and its death
          ends the session anyway.
    """

    def __init__(self, now: float, role: str) -> None:
        self.attached(now, role)

    def attached(self, now: float, role: str) -> None:
        """Somebody has taken charge."""
        self.role, self.dead = role, False
        self._silence, self._taken = Silence(now), Step.NONE

    def beat(self, now: float) -> None:
        self._silence.heard(now)
        self._taken = Step.NONE

    def died(self) -> None:
        """Its connection is closed. What follows comes at the same times."""
        self.dead = True

    def due(self, now: float, armed: bool) -> Step:
        """The step to take now; each once in a silence, and none while the arm has no power."""
        silent = self._silence.look(now)
        step = Step.STOP if silent > STOP_AFTER else Step.FREEZE if silent > FREEZE_AFTER else Step.NONE
        if step is Step.NONE and silent > WARN_AFTER:
            step = Step.WARN
        if step is Step.FREEZE and self.role != "gui":
            step = Step.WARN
        if not armed or step <= self._taken:
            return Step.NONE
        self._taken = step
        return step

    @property
    def silent(self) -> float:
        """Seconds, as of the last look."""
        return self._silence.seconds

    @property
    def given_up(self) -> bool:
        """A new window may take over."""
        return self.dead or self.silent > STOP_AFTER

    @property
    def over(self) -> bool:
        """No window came back: the session may end."""
        return self.dead and self.silent > WINDOW_MAY_RETURN

    @property
    def fault(self) -> Fault:
        return Fault.GUI_LOST if self.dead else Fault.GUI_HUNG

    @property
    def words(self) -> str:
        who = "window" if self.role == "gui" else "script"
        return f"the {who} {'is gone' if self.dead else 'does not answer'} ({self.silent * 1e3:.0f} ms)"
