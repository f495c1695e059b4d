"""Who does the work, robot or patient, and where that is going: in words that help and blame nobody."""

from __future__ import annotations

from collections.abc import Sequence

from gui.i18n import mark, shown_percent, tr
from rehab.core.types import Trial
from rehab.measures.slacking import Verdict, slacking_of

RECENT = 5  # trials whose mean is shown: one alone says little
TREND = 40  # trials that a trend is told from, at most: what is older is of another patient
ROUND = 0.05  # of the share: finer would pretend to a precision that nobody has
TRENDS = {
    Verdict.SLACKING: mark(
        "The robot does more and more of it, and the movement stays the same. A little less help may wake the "
        "patient's own effort."
    ),
    Verdict.TIRING: mark("The patient may be getting tired. A rest, or a little more help, may do good."),
    Verdict.ENGAGED: mark("The patient does more and more alone. Well done!"),
    Verdict.STEADY: "",
}


class Effort:
    """`patient` is the patient's share of the work, 0 … 1; None while it is not known."""

    def __init__(self) -> None:
        self.patient: float | None = None
        self.trend = ""  # words
        self._seen = -1

    def feed(self, trials: Sequence[Trial]) -> None:
        """All trials so far; only a new one costs anything."""
        if len(trials) == self._seen:
            return
        self._seen = len(trials)
        shares = [t.measures["assistance_share"] for t in trials[-TREND:] if "assistance_share" in t.measures]
        self.patient = 1.0 - sum(shares[-RECENT:]) / len(shares[-RECENT:]) if shares else None
        self.trend = ""
        if trials:
            verdict = slacking_of(trials[-TREND:]).get(trials[-1].block)
            self.trend = TRENDS[verdict.verdict] if verdict is not None else ""

    @property
    def words(self) -> str:
        """ "The patient does about 60 % of the work"."""
        if self.patient is None:
            return tr("Who does the work is known after the first trial")
        share = ROUND * round(self.patient / ROUND)
        if share >= 1.0 - ROUND:
            return tr("The patient does nearly all of the work")
        if share <= ROUND:
            return tr("The robot does nearly all of the work")
        return tr("The patient does about {share} of the work", share=shown_percent(share))
