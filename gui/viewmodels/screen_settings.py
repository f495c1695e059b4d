"""What the therapist chooses for this patient's screen; travels between the two windows as JSON."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from gui.viewmodels.scanning import Timing
from rehab.core.trials import Question

KEYS = ("enter", "click", "f5", "f8", "f12")  # what a switch may send; the space bar is STOP and no answer


class ScreenSettings(Struct, frozen=True, kw_only=True):
    """
    neglect  the side that the patient overlooks: cues are shown and sound there
    scan     one switch answers: answers are offered in turn, each for `dwell` s
    key      what the switch sends
    pace     1 is usual; less gives more time for everything that waits for the patient or is shown for a while
    hurry    say "too slow" and "time was up" as the exercise does; without it nobody is pressed
    """

    language: Literal["en", "it"] = "en"
    neglect: Literal["", "left", "right"] = ""
    scan: bool = False
    key: Literal["enter", "click", "f5", "f8", "f12"] = "enter"
    dwell: float = 1.5
    pace: float = 1.0
    sound: bool = True
    spoken: bool = False
    hurry: bool = False

    def __post_init__(self) -> None:
        if not 0.5 <= self.dwell <= 10.0:
            raise ValueError(f"dwell {self.dwell:g} s: 0.5 to 10")
        if not 0.25 <= self.pace <= 2.0:
            raise ValueError(f"pace {self.pace:g}: 0.25 to 2")

    @property
    def timing(self) -> Timing:
        return Timing(dwell=self.dwell / self.pace)


class Said(Struct, frozen=True, kw_only=True):
    """One line between the two windows: what is asked, chosen, begun; what was answered."""

    settings: ScreenSettings | None = None
    ask: Question | None = None
    guide: bool | None = None  # the patient goes through the set-up alone
    words: str | None = None  # to be shown while nothing else is
    shown: bool | None = None  # it is to be seen now
    answered: tuple[str, bool | int | float | str] | None = None
