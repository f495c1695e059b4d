"""Who does the work: does assistance fall as the patient does more, or does the patient lean on the robot?

    share    of the robot in the work that moves the hand, by trial (rehab.measures.effort)
    verdict  by block: its trend beside that of the error (rehab.measures.slacking)

Wolbrecht et al. 2008, IEEE TNSRE 16(3); Marchal-Crespo & Reinkensmeyer 2009, J. NeuroEng. Rehabil. 6:20.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from rehab.core.errors import MeasureError
from rehab.core.parameters import Parameters
from rehab.core.types import Trial
from rehab.measures.analyses.recorded import Session, mean_of, running_median
from rehab.measures.analyses.result import Curve, Panel, Result, Row
from rehab.measures.slacking import LEAST_TRIALS, Verdict, slacking_of, trend

SHARE, WORK = "assistance_share", "patient_work"


class SlackingAnalysis:
    """Assistance share and the patient's work by trial; the verdict on every block with assistance."""

    says: ClassVar[str] = "who does the work: assistance share, and whether the patient leans on the robot"
    general: ClassVar[bool] = False
    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, **parameters: Any) -> None:
        self.parameters.complete(parameters)

    def fits(self, session: Session) -> bool:
        return any("assistance" in trial.parameters for trial in session.trials)

    def analyse(self, session: Session) -> Result:
        blocks: dict[str, list[Trial]] = {}
        for trial in session.trials:
            if SHARE in trial.measures:
                blocks.setdefault(trial.block, []).append(trial)
        if not blocks:
            raise MeasureError("no trial has an assistance share: nobody moved the hand, or the device is unknown")
        verdicts = slacking_of(session.trials)
        rows: list[Row] = []
        missing = []
        for block, trials in blocks.items():
            rows += _rows(block, trials)
            found = verdicts.get(block)
            if found is not None:
                rows.append(Row(f"{block}: verdict", str(found.verdict)))
                rows.append(Row(f"{block}: share, a trial", found.share.slope))
                rows.append(Row(f"{block}: confidence of that", found.share.confidence))
            elif any("assistance" in trial.parameters for trial in trials):
                missing.append(f"{block}: {len(trials)} trials with assistance; a verdict needs {LEAST_TRIALS}")
            else:
                missing.append(f"{block}: nobody helped there, so there is no verdict")
        leaning = [block for block, found in verdicts.items() if found.verdict is Verdict.SLACKING]
        if leaning:
            verdict = f"slacking in {', '.join(leaning)}: the robot does more and more of the same movement"
        else:
            verdict = "; ".join(f"{block}: {found.verdict}" for block, found in verdicts.items())
        return Result(verdict or "too few trials for a verdict", tuple(rows), _panels(blocks), tuple(missing))


def _rows(block: str, trials: list[Trial]) -> list[Row]:
    shares = [trial.measures[SHARE] for trial in trials]
    works = [trial.measures[WORK] for trial in trials]
    part = max(1, len(trials) // 4)
    rows = []
    for name, some in (("first quarter", shares[:part]), ("last quarter", shares[-part:])):
        mean, spread = mean_of(some)
        rows.append(Row(f"{block}: assistance share, {name}", mean, "", spread))
    mean, spread = mean_of(works)
    rows.append(Row(f"{block}: work of the patient, a trial", mean, "J", spread))
    if len(trials) >= LEAST_TRIALS and np.ptp(works) > 0.0:
        order = np.argsort(works)
        against = trend(np.array(works)[order], np.array(shares)[order])
        rows.append(Row(f"{block}: share falls as effort rises", "yes" if against.falls() else "not for sure"))
    return rows


def _panels(blocks: dict[str, list[Trial]]) -> tuple[Panel, ...]:
    share: list[Curve] = []
    work: list[Curve] = []
    for hue, (block, trials) in enumerate(blocks.items()):
        numbers = [float(trial.number) for trial in trials]
        values = [trial.measures[SHARE] for trial in trials]
        works = [1000 * trial.measures[WORK] for trial in trials]
        for curves, y in ((share, values), (work, works)):
            curves.append(Curve(block, numbers, y, "points", hue))
            curves.append(Curve("", numbers, running_median(y, 9), "line", hue))
    return (
        Panel("Assistance", "trial", "share of the robot in the work", tuple(share)),
        Panel("Effort", "trial", "work of the patient / mJ", tuple(work)),
    )
