"""The frames of a protocol's parts: which keys each has, how each is written, and what it is when nobody says.

trial     the phases of a trial, in order       order, redo, pause     how trials follow each other
cursor    how the hand is shown                 insert, perturb, cross which trials are special, and how
design    the arms of a study                   ask, stop_if           what the participant is asked
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from rehab.core.parameters import Parameter, choice, integer, number, quantity, text
from rehab.core.trials import Question
from rehab.protocol.schema import MOST_TRIALS, Frame
from rehab.protocol.values import Compared, Counted, Of, Reference, Seed, Span

MOST_TTL = 8  # trigger lines of the widest box in use
LANDMARKS = 63  # of an aiming report: one every 5.7 degrees, as in Bond & Taylor 2015, J. Neurophysiol. 113
QUESTIONS = {
    question.name: question
    for question in (
        Question(name="understood", text="Is that clear?", default=True),
        Question(name="aim", text="Which mark do you aim at?", kind="number"),
        Question(name="pain", text="How much does it hurt, from 0 to 10?", kind="number", least=0.0, most=10.0),
        Question(name="fatigue", text="How tired are you, from 0 to 10?", kind="number", least=0.0, most=10.0),
        Question(name="effort", text="How hard was it, from 0 to 10?", kind="number", least=0.0, most=10.0),
        Question(name="confidence", text="How sure are you, from 0 to 10?", kind="number", least=0.0, most=10.0),
    )
}
SCALES = {  # answers that may end a session
    name: Compared(question.least or 0.0, question.most)
    for name, question in QUESTIONS.items()
    if question.most is not None
}
REACTIONS = ("redo", "abort", "ignore")  # end the trial, to be repeated or not, or let it go on
FAILURES = ("early", "late", "timeout", "fault")
WINDOWS = ("rt", "mt", "choices")  # of a phase: any other list is a range from which each trial draws


def _time(least: str, most: str) -> Parameter:
    return quantity(least, unit="s", least=least, most=most)


def _words(*words: str, says: str) -> Of:
    return Of(choice(words[0], words, says=says))


def _text(says: str, default: str = "") -> Of:
    return Of(text(default, says=says))


TTL = Of(integer(1, least=1, most=MOST_TTL, says="trigger line that gets a pulse"))
LASTING = Of(Span(_time("0 ms", "60 s"), single=True))
WINDOW = Of(Span(_time("0 ms", "60 s")))
TIMEOUT = Of(_time("10 ms", "10 min"))
AFTER_MISTAKE = _words(*REACTIONS, says="what follows")


class PhaseFrame(Frame):
    """What every phase may have. What is not written is as the exercise has it."""

    name: Annotated[Any, _text("what the record calls it, where two of a kind are in a trial")] = None
    say: Annotated[Any, _text("words meanwhile")] = None
    cue: Annotated[Any, _text("a sound at its beginning")] = None
    cursor: Annotated[Any, _words("shown", "hidden", says="the hand's cursor meanwhile")] = None
    ttl: Annotated[Any, TTL] = None
    photodiode: Annotated[Any, _words("flip", "on", "off", says="the patch on the screen's edge")] = None


class Hold(PhaseFrame):
    """Wait there, still."""

    at: Annotated[Any, _words("start", "home", "centre", "target", says="where")] = None
    for_: Annotated[Any, LASTING] = Field(None, alias="for")
    timeout: Annotated[Any, TIMEOUT] = None
    settle: Annotated[Any, Of(_time("0 ms", "10 s"))] = None


class Cue(PhaseFrame):
    """Show what is coming."""

    show: Annotated[Any, _words("target", "home", "none", says="what appears")] = None
    for_: Annotated[Any, LASTING] = Field(None, alias="for")


class Go(PhaseFrame):
    """The signal to move, and when the movement must begin."""

    rt: Annotated[Any, WINDOW] = None
    early: Annotated[Any, AFTER_MISTAKE] = None
    late: Annotated[Any, AFTER_MISTAKE] = None


class Move(PhaseFrame):
    """The movement itself."""

    until: Annotated[Any, _words("in_target", "past", "stopped", "time", says="when it is over")] = None
    for_: Annotated[Any, LASTING] = Field(None, alias="for")
    timeout: Annotated[Any, TIMEOUT] = None
    in_: Annotated[Any, Of(Span(_time("100 ms", "60 s"), single=True))] = Field(None, alias="in")


class Dwell(PhaseFrame):
    """Stay in the target."""

    for_: Annotated[Any, LASTING] = Field(None, alias="for")
    timeout: Annotated[Any, TIMEOUT] = None


class Feedback(PhaseFrame):
    """Tell how it was."""

    mt: Annotated[Any, WINDOW] = None
    slow: Annotated[Any, _text("what is said of a slow movement")] = None
    fast: Annotated[Any, _text("what is said of a fast movement")] = None
    for_: Annotated[Any, LASTING] = Field(None, alias="for")


class Return(PhaseFrame):
    """Back to where the next trial starts."""

    by: Annotated[Any, _words("robot", "self", says="who moves")] = None
    with_: Annotated[Any, Reference("controller")] = Field(None, alias="with")
    in_: Annotated[Any, Of(Span(_time("100 ms", "60 s"), single=True))] = Field(None, alias="in")
    timeout: Annotated[Any, TIMEOUT] = None


class Ask(PhaseFrame):
    """A question within the trial."""

    text: Annotated[Any, _text("the question")] = None
    kind: Annotated[Any, _words("yes_no", "number", "choice", "text", "key", says="what is answered")] = None
    least: Annotated[Any, Of(number(0.0, says="smallest number"))] = None
    most: Annotated[Any, Of(number(10.0, says="largest number"))] = None
    choices: list[Annotated[Any, _text("an answer")]] | None = Field(None, description="a list of answers")
    default: Annotated[Any, _text("the answer where nobody can be asked")] = None
    landmarks: Annotated[Any, Of(integer(LANDMARKS, least=2, most=360, says="numbered marks around the start"))] = None
    timeout: Annotated[Any, TIMEOUT] = None


PHASES: dict[str, type[PhaseFrame]] = {
    "hold": Hold, "cue": Cue, "go": Go, "move": Move, "dwell": Dwell, "feedback": Feedback, "return": Return,
    "ask": Ask,
}  # fmt: skip


class AskFrame(Frame):
    """A question of a block: with `before`, in every trial before that phase; without, when the block is over."""

    landmarks: Annotated[Any, Of(integer(LANDMARKS, least=2, most=360, says="numbered marks around the start"))] = None
    before: Annotated[Any, _text("the phase of the trial that it precedes", "go")] = None


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
    place: Annotated[Any, _words("end_of_block", "at_once", says="where it comes again")] = "end_of_block"
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
    say: Annotated[Any, _text("what the participant is told before it")] = ""


class Pulse(Frame):
    """The time course of a perturbation: up in `rise`, there for `hold`, down in `rise`."""

    rise: Annotated[Any, Of(quantity("10 ms", unit="s", least="5 ms", most="1 s", says="time to its full size"))] = 0.01
    hold: Annotated[Any, Of(quantity("200 ms", unit="s", least="0 ms", most="5 s", says="time at it"))] = 0.2
    at: Annotated[Any, _text("the phase in which it comes; move, or else hold", "move")] = None
    after: Annotated[Any, LASTING] = None
    ttl: Annotated[Any, TTL] = None


class JointPulse(Pulse):
    """At one joint."""

    joint: Annotated[Any, _text("the joint's name")]
    step: Annotated[Any, Of(quantity("1 N*m", unit="N*m", least="-30 N*m", most="30 N*m", says="its torque"))] = None
    preload: Annotated[
        Any, Of(quantity("0 N*m", unit="N*m", least="-30 N*m", most="30 N*m", says="torque before it, from hold on"))
    ] = None


class HandPulse(Pulse):
    """At the hand, in one direction."""

    direction: Annotated[
        Any, Of(quantity("0 deg", unit="rad", least="-360 deg", most="360 deg", says="0: along x of the device"))
    ]
    step: Annotated[Any, Of(quantity("5 N", unit="N", least="0 N", most="60 N", says="its force"))] = None
    displace: Annotated[
        Any, Of(quantity("8 mm", unit="m", least="0 cm", most="5 cm", says="its shift of the hand"))
    ] = None
    preload: Annotated[
        Any, Of(quantity("0 N", unit="N", least="0 N", most="60 N", says="force before it, from hold on"))
    ] = None


class DesignFrame(Frame):
    """The arms of a study and who comes into which."""

    arms: dict[str, dict[str, Any]] = Field(min_length=1, max_length=20, description="{cw: {s: 1}, ccw: {s: -1}}")
    assign: Annotated[Any, Of(choice("permuted_blocks", ("permuted_blocks",), says="how people are assigned"))] = (
        "permuted_blocks"
    )
    seed: Annotated[Any, Of(Seed())] = "participant"
