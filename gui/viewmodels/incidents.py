"""Incidents to practise, out of the vocabulary of fault scripts: what happens, what is right, and what people did.

What the robot does by itself is no reaction: an act is a press in the training window.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from gui.i18n import mark, tr

STOP, PAUSE, END, RESET, ON, ANEW = "stop", "pause", "end", "reset", "on", "anew"
GENTLER, STRETCH, OUT, RESUME = "gentler", "stretch", "out", "go_on"
ACTS = {
    STOP: mark("pressed STOP"), PAUSE: mark("pressed Pause"), END: mark("ended the session"),
    RESET: mark("cleared the fault"), ON: mark("pressed Start or Go on"), ANEW: mark("went on in a new session"),
    GENTLER: mark("chose to go on more gently"), STRETCH: mark("chose to stretch slowly"),
    OUT: mark("chose to lead the arm out"), RESUME: mark("chose to go on"),
}  # fmt: skip
EARLIEST, LATEST = 5.0, 15.0  # s after the arming, between which an incident comes


class Incident(NamedTuple):
    """
    title     in the list of what can be practised
    happened  what it was, told afterwards · right: what would have been right
    acts      that are right as the first one
    faults    entries of a fault script without their time
    """

    name: str
    title: str
    happened: str
    right: str
    acts: frozenset[str]
    faults: tuple[str, ...]

    def script(self, at: float) -> str:
        """A fault script in which it comes `at` s after the arming."""
        return "faults:\n" + "".join(f"  - {{at: {at:.3f} s, {words}}}\n" for words in self.faults)


INCIDENTS = {
    incident.name: incident
    for incident in (
        Incident(
            "spasm", mark("A spasm"), mark("The elbow cramped. The robot noticed, and the arm yielded."),
            mark("Let it pass, then choose: more gently, a slow stretch, or out. STOP is right too."),
            frozenset((STOP, GENTLER, STRETCH, OUT, END)),
            ("for: 3 s, field: patient, how: spasm, value: 15 N*m",),
        ),
        Incident(
            "lets_go", mark("The patient lets go"),
            mark("All effort of the patient was gone from one moment to the next. The robot only damped the motion."),
            mark("Pause or STOP, then see what is the matter with the patient."),
            frozenset((STOP, PAUSE, END)), ("field: patient, how: limp",),
        ),
        Incident(
            "cable", mark("The cable comes off"),
            mark("The connection to the robot was lost. The robot stopped by its own watchdog."),
            mark("Hold the limb, look at the plug, then go on in a new session or end this one. STOP is right too."),
            frozenset((STOP, ANEW, END)), ("field: link, how: unplug",),
        ),
        Incident(
            "sensor", mark("A sensor is wrong"),
            mark("The angle of the elbow froze while the arm moved on. The robot stopped."),
            mark("STOP, or end the session: a robot that does not know where the arm is must not go on."),
            frozenset((STOP, END)), ("field: q_1, how: stuck", "field: qd_1, how: off"),
        ),
        Incident(
            "estop", mark("Somebody presses the emergency stop"),
            mark("The emergency stop was pressed for two seconds. The power went off at once."),
            mark("Ask who pressed it and why, release the button, then clear the fault. STOP is right too."),
            frozenset((STOP, RESET, END)), ("for: 2 s, field: inputs, how: wrong, value: estop",),
        ),
        Incident(
            "hot", mark("The robot gets too hot"),
            mark("The robot reported that it was too hot, and stopped."),
            mark("STOP, or end the session: it has to cool down. Clearing the fault does not cool it."),
            frozenset((STOP, END)), ("field: status, how: wrong, value: over_temperature",),
        ),
        Incident(
            "power", mark("The power fails"),
            mark("The supply broke down for half a second. The robot had no force."),
            mark("Hold the limb, then clear the fault once the power is back, or end. STOP is right too."),
            frozenset((STOP, RESET, END)), ("for: 500 ms, field: power, how: off",),
        ),
    )
}  # fmt: skip
ANY = ""  # one of them, which the trainee does not know


def incident_words(name: str) -> str:
    return tr(INCIDENTS[name].title) if name in INCIDENTS else name


def act_words(name: str) -> str:
    return tr(ACTS[name]) if name in ACTS else tr("did nothing")


def drawn(wanted: str, dice: Random) -> tuple[Incident, float]:
    """The incident, and when it comes, in s after the arming."""
    incident = INCIDENTS[wanted or dice.choice(sorted(INCIDENTS))]
    return incident, dice.uniform(EARLIEST, LATEST)
