"""The measures of a visually guided reach, by block and by target: the set of Kinarm Standard Tests.

Definitions in rehab.measures.reaching. Made for every session with reaches in which nothing more special is looked for.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from rehab.core.errors import MeasureError
from rehab.core.parameters import Parameters
from rehab.core.types import Outcome
from rehab.measures.analyses.recorded import Reach, Session, mean_of, reaches
from rehab.measures.analyses.result import Curve, Panel, Result, Row
from rehab.measures.reaching import POSTURE, UNITS, reaching_set

SHOWN = 48  # paths of a block in the figure


class Reaching:
    """Ten measures by block, and the hand's paths."""

    says: ClassVar[str] = "reaching: the ten measures of Kinarm's visually guided reach"
    general: ClassVar[bool] = True
    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, **parameters: Any) -> None:
        self.parameters.complete(parameters)

    def fits(self, session: Session) -> bool:
        return any(len(trial.parameters.get("target", ())) == 2 for trial in session.trials)

    def analyse(self, session: Session) -> Result:
        found = reaches(session)
        if not found:
            raise MeasureError("no trial reaches from a start to a target: there is nothing to measure as a reach")
        rows, missing = [], []
        blocks = list(dict.fromkeys(reach.trial.block for reach in found))
        for block in blocks:
            sets = [self._measures(session, reach) for reach in found if reach.trial.block == block]
            for name, unit in UNITS.items():
                values = [one[name] for one in sets if name in one]
                if values:
                    mean, spread = mean_of(values)
                    rows.append(Row(f"{block}: {name.replace('_', ' ')}", mean, unit, spread))
                else:
                    missing.append(f"{block}: {name.replace('_', ' ')} is defined on none of its trials")
        hits = sum(reach.trial.outcome is Outcome.REACHED for reach in found)
        return Result(f"{hits} of {len(found)} targets were reached", tuple(rows), _panels(found), tuple(missing))

    def _measures(self, session: Session, reach: Reach) -> dict[str, float]:
        go = float(reach.part.t[0])
        try:
            part = session.part(go - POSTURE, float(reach.part.t[-1]))
            return reaching_set(part.x, reach.trial.parameters["target"], fs=part.fs, go=part.row(go))
        except MeasureError:
            return {}


def _panels(found: list[Reach]) -> tuple[Panel, ...]:
    paths, speeds = [], []
    for hue, block in enumerate(dict.fromkeys(reach.trial.block for reach in found)):
        some = [reach for reach in found if reach.trial.block == block][-SHOWN:]
        for k, reach in enumerate(some):
            rows = slice(reach.first, reach.last + 1, 5)
            path = 100 * reach.part.x[rows]
            paths.append(Curve("" if k else block, path[:, 0].tolist(), path[:, 1].tolist(), "line", hue))
            speed = 100 * np.linalg.norm(reach.part.v[rows], axis=1)
            time = reach.part.t[rows] - reach.part.t[reach.first]
            speeds.append(Curve("" if k else block, time.tolist(), speed.tolist(), "line", hue))
    return (
        Panel("Hand paths", "x / cm", "y / cm", tuple(paths), equal=True),
        Panel("Speed of the hand", "time from movement onset / s", "speed / (cm/s)", tuple(speeds)),
    )
