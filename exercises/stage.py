"""What the participant sees of a trial: targets, words, the cursor as the trial maps it, the photodiode's patch."""

from __future__ import annotations

from collections.abc import Mapping
from math import atan2, cos, dist, pi, sin

from msgspec.structs import replace

from exercises.attempt import Attempt
from exercises.phase_list import name_of
from rehab.core.about import Phrases
from rehab.core.trials import Phase
from rehab.core.types import CursorMap, Scene, Target
from rehab.core.values import Floats

REACHING = ("go", "move", "dwell")
WORDS: Mapping[str, str] = {  # by kind of phase, reason or verdict; an exercise may have its own
    "approach": "Go to the centre and wait",
    "hold": "Go to the centre and wait",
    "cue": "Wait",
    "go": "Reach the target",
    "move": "Reach the target",
    "dwell": "Stay in the target",
    "return": "Back to the centre",
    "retry": "Too far from the way. Back to the centre, then once more",
    "rest": "Rest",
    "early": "Too early: wait for the target",
    "late": "Too late: start as soon as you see the target",
    "timeout": "Time was up",
    "over": "Done",
    "too_slow": "Too slow",
    "too_fast": "Too fast",
    "good": "Good",
}
PHRASES: Phrases = {
    WORDS["approach"]: {"it": "Vada al centro e aspetti"},
    WORDS["cue"]: {"it": "Aspetti"},
    WORDS["go"]: {"it": "Raggiunga il bersaglio"},
    WORDS["dwell"]: {"it": "Resti nel bersaglio"},
    WORDS["return"]: {"it": "Torni al centro"},
    WORDS["retry"]: {"it": "Troppo lontano dal percorso. Torni al centro e riprovi"},
    WORDS["rest"]: {"it": "Riposo"},
    WORDS["early"]: {"it": "Troppo presto: aspetti il bersaglio"},
    WORDS["late"]: {"it": "Troppo tardi: parta appena vede il bersaglio"},
    WORDS["timeout"]: {"it": "Tempo scaduto"},
    WORDS["over"]: {"it": "Finito"},
    WORDS["too_slow"]: {"it": "Troppo lento"},
    WORDS["too_fast"]: {"it": "Troppo veloce"},
    WORDS["good"]: {"it": "Bene"},
}


class Stage:
    """`scene` stays the same object while nothing changes."""

    def __init__(self, home: Floats, size: float, words: Mapping[str, str]) -> None:
        self._home, self._size, self._words = home, size, {**WORDS, **words}
        self._at_home = (Target(home, size, "home"),)
        self.begin()

    def begin(self) -> None:
        self.scene = Scene()
        self._trial: Attempt | None = None
        self._cursor = CursorMap()
        self._inside: bool | None = None
        self._patch = False

    def resize(self, places: float) -> None:
        """Places are so large (radius, m) from the next phase on."""
        self._size, self._at_home = places, (Target(self._home, places, "home"),)

    def word(self, key: str) -> str:
        """The words for a key; one that has none is read out."""
        return self._words.get(key) or key.replace("_", " ").capitalize()

    def between(self, kind: str) -> None:
        """Between trials the cursor is where the hand is."""
        self._show(kind, self.word(kind), self._at_home, CursorMap())

    def rest(self, seconds: int) -> None:
        """How long a rest still lasts, on a line of its own."""
        self._show("rest", f"{self.word('rest')}\n{seconds} s", self._at_home, CursorMap())

    def enter(self, trial: Attempt, phase: Phase) -> None:
        if trial is not self._trial:
            self._trial, self._cursor = trial, trial.cursor
        self._inside = None
        self._patch = {"flip": not self._patch, "on": True, "off": False}.get(
            str(phase.values.get("photodiode", "")), self._patch
        )
        text, targets, cue = self._of(trial, phase)
        text, cue = str(phase.values.get("say", text)), str(phase.values.get("cue", cue))
        self._show(name_of(phase), text, targets, self._mapped(trial, phase), cue)

    def dwell(self, trial: Attempt, phase: Phase, *, inside: bool) -> None:
        """The hand is in the target, or has left it again."""
        if inside is not self._inside:
            self._inside = inside
            name = name_of(phase) if inside else name_of(_kind_in(trial, "move") or phase)
            text = self.word("dwell" if inside else "move")
            self._show(name, text, self._goal(trial), self._mapped(trial, phase))

    def _of(self, trial: Attempt, phase: Phase) -> tuple[str, tuple[Target, ...], str]:
        """Text, targets and sound of a phase."""
        values, goal = phase.values, self._goal(trial)
        match phase.kind:
            case "hold":
                at_target = values.get("at") == "target"
                text = self.word("dwell" if at_target else "hold")
                return trial.plan.say or text, goal if at_target else self._at_home, ""
            case "cue":
                waits = "for" in values and _kind_in(trial, "go") is not None
                seen = {"home": self._at_home, "none": ()}.get(
                    str(values.get("show")), self._goal(trial, "other") if waits else goal
                )
                return self.word("cue"), seen, ""
            case "go":
                return self.word("go"), goal, "go"
            case "move":
                return self.word("move"), goal, "" if _kind_in(trial, "go") else "go"
            case "feedback":
                key = trial.reason or trial.verdict or "good"
                return self.word(key), goal, "success" if key == "good" else "miss" if trial.reason else key
            case "return":
                if _kind_in(trial, "feedback"):
                    return self.word("return"), self._at_home, ""
                told = trial.reason in ("early", "late")
                return self.word(trial.reason if told else "return"), self._at_home, _sound(trial)
            case "retry":
                return self.word("retry"), self._at_home, "miss"
            case "ask":
                marks = self._ring(trial.goal, int(values["landmarks"])) if "landmarks" in values else ()
                return str(values.get("text", "")), marks or self.scene.targets, ""
            case _:
                return self.word(phase.kind), goal, ""

    def _mapped(self, trial: Attempt, phase: Phase) -> CursorMap:
        shown = trial.plan.cursor.get("shown", "always")
        visible = shown == "always" or (shown == "move" and phase.kind in REACHING)
        if "cursor" in phase.values:
            visible = phase.values["cursor"] == "shown"
        return self._cursor if visible else replace(self._cursor, shown=False)

    def _show(self, name: str, text: str, targets: tuple[Target, ...], cursor: CursorMap, cue: str = "") -> None:
        scene = Scene(targets=targets, text=text, cue=cue, cursor=cursor, patch=self._patch, phase=name)
        if scene != self.scene:
            self.scene = scene

    def _goal(self, trial: Attempt, role: str = "goal") -> tuple[Target, ...]:
        return (Target(trial.goal, self._size, role),)

    def _ring(self, target: Floats, count: int) -> tuple[Target, ...]:
        """Landmarks for a report of where one aims: evenly around the start, from the target on, clockwise."""
        if len(target) != 2:
            return ()
        out, first = dist(target, self._home), atan2(target[1] - self._home[1], target[0] - self._home[0])
        angles = (first - 2.0 * pi * k / count for k in range(count))
        return tuple(
            Target((self._home[0] + out * cos(a), self._home[1] + out * sin(a)), 0.3 * self._size, "other")
            for a in angles
        )


def _kind_in(trial: Attempt, kind: str) -> Phase | None:
    return next((phase for phase in trial.phases if phase.kind == kind), None)


def _sound(trial: Attempt) -> str:
    if not trial.reason:
        return "success"
    return "" if trial.reason == "at_target" else "miss"
