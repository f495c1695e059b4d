"""What the user asks for by joystick, switch, pedal or muscle: what a source says, and how long that counts.

    u = w(a) u_said        w = 1 for a ≤ A,  1 − (a − A)/F up to a = A + F,  then 0        A = 200 ms, F = 100 ms

u, u_said −1 … 1 in each dimension of the task · a age of what was said s: a source speaks at least every 50 ms, also
when nothing changes. So a command never stands when its source has died, hangs or was unplugged. After that it counts
again once it has been at rest: nobody is moved by a stick that came back deflected.
"""

from __future__ import annotations

from math import isfinite
from typing import ClassVar, NamedTuple, Protocol

from rehab.core.parameters import Parameters
from rehab.core.values import Floats

MOST_AGE = 0.200  # s, A
FADE = 0.100  # s, F
NEUTRAL = 0.1  # of full deflection: at rest


class Said(NamedTuple):
    """What one source says now. () where it says nothing of that kind."""

    intent: Floats = ()  # −1 … 1 a task dimension
    offer: Floats = ()  # unit direction that a scanning switch would choose now
    stop: bool = False  # the stop pedal is pressed
    run: bool = True  # a hold-to-run pedal, where there is one, is held


class Word(NamedTuple):
    """What all sources together say: from the inputs process to control. `time` s on the host's monotonic clock."""

    time: float
    intent: Floats
    offer: Floats
    stops: int = 0  # how often a stop was pressed: a short press is not missed
    pressed: bool = False  # a stop is pressed now
    run: bool = True
    lost: bool = False  # a source of intent does not answer
    pedal_lost: bool = False  # a pedal does not answer


class Sensor(Protocol):
    """A source of intent or stops; found by its name in the entry points `rehab.sensors`.

    Built as `cls(where, dimensions, **parameters)`: what stands behind the colon of SCHEME:WHERE, the number of task
    dimensions, SI values. Called from the inputs process, or, with a simulated clock, between the ticks.

    simulated  nobody commands: a script, a recording, a virtual user. It says the same at the same simulated time; for
               simulated devices only
    pedal      people rely on it to stop: when it is lost, the arm stops
    see        optional, (scene, hand m): what is on the screen now, and where the hand is; called before `poll`
    typed      it is no device: a window or a terminal sends its commands itself (`Session.steer`)
    """

    parameters: ClassVar[Parameters]
    simulated: ClassVar[bool]
    pedal: ClassVar[bool]
    typed: ClassVar[bool]

    def __init__(self, where: str, dimensions: int, **parameters: object) -> None: ...

    def open(self) -> None:
        """Raises BadInput with what is wrong and what could be opened."""
        ...

    def fileno(self) -> int | None:
        """A descriptor that becomes readable when there is news; None where there is none."""
        ...

    def poll(self, now: float, run: float) -> Said:
        """What it says at `now` (s, monotonic); `run` is the time in s since the exercise began, −1 before. Never
        waits. Raises DeviceLost when it is gone."""
        ...

    def close(self) -> None: ...


def weight(age: float) -> float:
    """w of a word `age` s old; of one from the future, or of none, nothing."""
    if not 0.0 <= age < MOST_AGE + FADE:
        return 0.0
    return 1.0 if age <= MOST_AGE else 1.0 - (age - MOST_AGE) / FADE


def clipped(intent: Floats, dimensions: int) -> Floats:
    """−1 … 1 in each of so many dimensions; a number that is none asks for nothing."""
    wanted = [min(1.0, max(-1.0, u)) if isfinite(u) else 0.0 for u in intent[:dimensions]]
    return tuple(wanted + [0.0] * (dimensions - len(wanted)))


def together(intents: list[Floats], dimensions: int) -> Floats:
    """Of several sources the sum, clipped."""
    return clipped(tuple([sum(parts) for parts in zip(*(clipped(u, dimensions) for u in intents), strict=True)]),
                   dimensions)  # fmt: skip


class Heard:
    """One source's words, as the loop takes them: aged, clipped, and after a loss from rest only."""

    def __init__(self, dimensions: int, *, from_rest: bool) -> None:
        """`from_rest`: the first word counts, too, once it has been at rest."""
        self._zero = (0.0,) * dimensions
        self._dimensions = dimensions
        self._waits = from_rest
        self._from_rest = from_rest

    def take(self, intent: Floats, age: float) -> Floats:
        """What counts of `intent`, said `age` s ago."""
        share = weight(age)
        if share <= 0.0:
            self._waits = self._from_rest
            return self._zero
        wanted = clipped(intent, self._dimensions)
        if self._waits:
            self._waits = any(abs(u) > NEUTRAL for u in wanted)
            return self._zero
        return wanted if share == 1.0 else tuple([share * u for u in wanted])
