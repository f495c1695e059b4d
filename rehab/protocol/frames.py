"""The frames of a protocol's parts: which keys each has, how each is written, and what it is when nobody says.

trial     the phases of a trial, in order       order, redo, pause     how trials follow each other
cursor    how the hand is shown                 insert, perturb, cross which trials are special, and how
design    the arms of a study                   ask, stop_if           what the participant is asked
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from rehab.core.parameters import Parameter, choice, integer, number, quantity, text
from rehab.protocol.schema import MOST_TRIALS, Frame
from rehab.protocol.values import Compared, Counted, Of, Reference, Seed, Span

MOST_TTL = 8  # trigger lines of the widest box in use
QUESTIONS = ("understood", "aim", "pain", "fatigue", "effort", "confidence")
SCALES = {  # what may end a session, and its scale: numeric ratings, and Borg's ratio scale CR10 of effort
    name: Compared(0.0, 10.0) for name in ("pain", "fatigue", "effort")
}
REACTIONS = ("redo", "end", "ignore")  # repeat it later · end the trial · note it and go on
FAILURES = ("early", "late", "timeout", "slow", "fast", "fault")
DRAWN = ("for", "in", "after")  # a range of these is drawn anew for each trial; any other range is a window


def _time(least: str, most: str) -> Parameter:
    return quantity(least, unit="s", least=least, most=most)


TTL = Of(integer(1, least=1, most=MOST_TTL, says="trigger line that gets a pulse"))
LASTING = Of(Span(_time("0 ms", "60 s"), single=True))
WINDOW = Of(Span(_time("0 ms", "60 s")))
AFTER_MISTAKE = Of(choice("ignore", REACTIONS, says="what follows"))


class Hold(Frame):
    """Wait there, still."""

    at: Annotated[Any, Of(choice("start", ("start", "centre", "target", "here"), says="where"))] = "start"
    for_: Annotated[Any, LASTING] = Field(alias="for")


class Cue(Frame):
    """Show what is coming."""

    show: Annotated[Any, Of(choice("target", ("target", "start", "nothing"), says="what appears"))] = "target"
    for_: Annotated[Any, LASTING] = Field(None, alias="for")
    ttl: Annotated[Any, TTL] = None
    photodiode: Annotated[Any, Of(choice("flip", ("flip", "on", "off"), says="patch on the screen's edge"))] = None


class Go(Frame):
    """The signal to move, and when the movement must begin."""

    rt: Annotated[Any, WINDOW] = None
    early: Annotated[Any, AFTER_MISTAKE] = "ignore"
    late: Annotated[Any, AFTER_MISTAKE] = "ignore"
    ttl: Annotated[Any, TTL] = None


class Move(Frame):
    """The movement itself."""

    until: Annotated[Any, Of(choice("in_target", ("in_target", "past_target", "still"), says="when it is over"))] = (
        "in_target"
    )
    timeout: Annotated[Any, Of(_time("10 ms", "60 s"))]


class Dwell(Frame):
    """Stay in the target."""

    for_: Annotated[Any, LASTING] = Field(alias="for")


class Feedback(Frame):
    """Tell how it was."""

    mt: Annotated[Any, WINDOW] = None
    slow: Annotated[Any, Of(text("", says="what is said of a slow movement"))] = "too_slow"
    fast: Annotated[Any, Of(text("", says="what is said of a fast movement"))] = "too_fast"
    for_: Annotated[Any, LASTING] = Field(0.5, alias="for")


class Return(Frame):
    """Back to where the next trial starts."""

    by: Annotated[Any, Of(choice("robot", ("robot", "participant"), says="who moves"))] = "robot"
    with_: Annotated[Any, Reference("controller")] = Field(None, alias="with")
    in_: Annotated[Any, Of(Span(_time("100 ms", "60 s"), single=True))] = Field(None, alias="in")
    cursor: Annotated[Any, Of(choice("shown", ("shown", "hidden"), says="the hand's cursor meanwhile"))] = "shown"


class Ask(Frame):
    """A question within the trial."""

    what: Annotated[Any, Of(choice("aim", QUESTIONS, says="which question"))]
    landmarks: Annotated[Any, Of(integer(63, least=2, most=360, says="numbered marks around the start"))] = None


PHASES: dict[str, type[Frame]] = {
    "hold": Hold, "cue": Cue, "go": Go, "move": Move, "dwell": Dwell, "feedback": Feedback, "return": Return,
    "ask": Ask,
}  # fmt: skip


class AskFrame(Frame):
    """A question of a block: with `before`, in every trial before that phase; without, when the block is over."""

    landmarks: Annotated[Any, Of(integer(63, least=2, most=360, says="numbered marks around the start"))] = None
    before: Annotated[Any, Of(choice("go", tuple(PHASES), says="the phase of the trial that it precedes"))] = None


class OrderFrame(Frame):
    """In which order targets and cells come."""

    shuffle: Annotated[Any, Of(choice("each_cycle", ("each_cycle", "all", "none"), says="what is shuffled"))] = (
        "each_cycle"
    )
    never: Annotated[Any, Of(choice("same_target_twice", ("same_target_twice",), says="what is avoided"))] = ""


class RedoFrame(Frame):
    """Which trials are repeated, and where."""

    when: list[Annotated[Any, Of(choice("timeout", FAILURES, says="what went wrong"))]] = Field(
        min_length=1, description="a list of " + ", ".join(FAILURES)
    )
    place: Annotated[
        Any, Of(choice("end_of_block", ("end_of_block", "next", "later"), says="where it comes again"))
    ] = "end_of_block"
    most: Annotated[Any, Of(integer(3, least=1, most=20, says="how often one trial is repeated"))] = 3


class PauseFrame(Frame):
    """A rest after so many trials."""

    every: Annotated[Any, Of(integer(40, least=1, most=MOST_TRIALS, says="trials between two rests"))]
    least: Annotated[Any, Of(quantity("60 s", unit="s", least="0 s", most="1 h", says="how long at least"))] = 0.0


class MapFrame(Frame):
    """From the hand to its cursor."""

    rotate: Annotated[Any, Of(quantity("0 deg", unit="rad", least="-180 deg", most="180 deg", says="by how much"))] = (
        None
    )
    scale: Annotated[Any, Of(number(1.0, least=0.05, most=20.0, says="how far the cursor goes for the hand's way"))] = (
        None
    )
    clamp: Annotated[
        Any,
        Of(
            quantity("0 deg", unit="rad", least="-180 deg", most="180 deg", says="the cursor's angle beside the target")
        ),
    ] = None
    over: Annotated[Any, Of(Counted(MOST_TRIALS))] = 0


class CursorFrame(Frame):
    """How the participant sees the hand."""

    map: MapFrame | None = Field(None, description="{rotate: 30 deg}, with scale, clamp, over")
    shown: Annotated[Any, Of(choice("always", ("always", "move", "never"), says="when"))] = "always"


class InsertFrame(Frame):
    """Which trials of a block are special, and how: they take the place of ordinary ones."""

    per_target: Annotated[Any, Of(integer(1, least=1, most=MOST_TRIALS, says="how many for each target"))] = None
    count: Annotated[Any, Of(integer(1, least=1, most=MOST_TRIALS, says="how many in all"))] = None
    gap: Annotated[Any, Of(Span(Parameter("integer", 0, least=0)))] = None
    not_first: Annotated[Any, Of(integer(0, least=0, most=MOST_TRIALS, says="none among so many at the beginning"))] = 0
    dynamics: Annotated[Any, Reference("dynamics")] = None
    cursor: Annotated[Any, Reference("cursor")] = None
    perturb: Annotated[Any, Reference("perturb")] = None
    say: Annotated[Any, Of(text("", says="what the participant is told before it"))] = ""


class Pulse(Frame):
    """The time course of a perturbation: ramp, hold, ramp."""

    rise: Annotated[Any, Of(quantity("10 ms", unit="s", least="0 ms", most="5 s", says="time to its full size"))] = 0.01
    hold: Annotated[Any, Of(quantity("200 ms", unit="s", least="0 ms", most="60 s", says="time at it"))] = 0.2
    fall: Annotated[Any, Of(quantity("10 ms", unit="s", least="0 ms", most="5 s", says="time back to nothing"))] = None
    at: Annotated[Any, Of(choice("go", tuple(PHASES), says="the phase in which it comes"))] = "go"
    after: Annotated[Any, LASTING] = None
    ttl: Annotated[Any, TTL] = None


class JointPulse(Pulse):
    """At one joint."""

    joint: Annotated[Any, Of(text("", says="the joint's name"))]
    step: Annotated[Any, Of(quantity("1 N*m", unit="N*m", least="-50 N*m", most="50 N*m", says="its torque"))] = None
    preload: Annotated[
        Any, Of(quantity("0 N*m", unit="N*m", least="-50 N*m", most="50 N*m", says="torque before it, from hold on"))
    ] = None


class HandPulse(Pulse):
    """At the hand, in one direction."""

    direction: Annotated[
        Any, Of(quantity("0 deg", unit="rad", least="-360 deg", most="360 deg", says="from the way to the target"))
    ]
    step: Annotated[Any, Of(quantity("5 N", unit="N", least="-150 N", most="150 N", says="its force"))] = None
    displace: Annotated[
        Any, Of(quantity("8 mm", unit="m", least="-5 cm", most="5 cm", says="its shift of the hand"))
    ] = None
    preload: Annotated[
        Any, Of(quantity("0 N", unit="N", least="-150 N", most="150 N", says="force before it, from hold on"))
    ] = None


class DesignFrame(Frame):
    """The arms of a study and who comes into which."""

    arms: dict[str, dict[str, Any]] = Field(min_length=1, max_length=20, description="{cw: {s: 1}, ccw: {s: -1}}")
    assign: Annotated[Any, Of(choice("permuted_blocks", ("permuted_blocks",), says="how people are assigned"))] = (
        "permuted_blocks"
    )
    seed: Annotated[Any, Of(Seed())] = "participant"
