"""Which trials of a block are special: a random choice that keeps to every constraint, or the proof that there is none.

With y = 1 where trial i belongs to insert l, a random cost c for each (i, l), and the targets t already in order:

    minimise Σ c y     so that       Σ_l y ≤ 1 in each trial
    Σ_i y = count, or Σ_{i: t_i = t} y = per_target for each t        y = 0 in the first `not_first` trials
    Σ y ≤ 1 in any least + 1 trials in a row
    y_i ≤ z_i + Σ y in the most + 1 trials after it, Σ z = 1, z ≤ y    (z marks the last one: nothing need follow it)

A mixed-integer programme, solved by HiGHS through scipy (deterministic, exact when it says that there is none). The
random costs make the choice random; they are not a uniform draw among all choices, and need not be.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from rehab.protocol.parts import Insert

NEAR = 0.2  # relative distance from the least cost that is near enough: cost has no meaning, only chance
OPTIMAL, INFEASIBLE = 0, 2  # of scipy.optimize.milp


class _Rows:
    """The constraints least ≤ A y ≤ most, row by row."""

    def __init__(self) -> None:
        self._row: list[int] = []
        self._column: list[int] = []
        self._value: list[float] = []
        self._least: list[float] = []
        self._most: list[float] = []

    def add(self, columns: Sequence[int], least: float, most: float, minus: Sequence[int] = ()) -> None:
        self._row += [len(self._least)] * (len(columns) + len(minus))
        self._column += [*columns, *minus]
        self._value += [1.0] * len(columns) + [-1.0] * len(minus)
        self._least.append(least)
        self._most.append(most)

    def constraint(self, size: int) -> object:
        from scipy.optimize import LinearConstraint
        from scipy.sparse import coo_array

        shape = (len(self._least), size)
        return LinearConstraint(
            coo_array((self._value, (self._row, self._column)), shape).tocsc(), self._least, self._most
        )


def placed(targets: Sequence[int], inserts: Sequence[Insert], rng: Generator) -> list[str] | None:
    """The name of each trial's insert, "" for an ordinary one; None when this order of targets leaves no room."""
    from scipy.optimize import Bounds, milp

    trials, kinds = len(targets), len(inserts)
    bounded = [index for index, insert in enumerate(inserts) if insert.most >= 0]
    size = trials * (kinds + len(bounded))
    rows, upper = _Rows(), np.ones(size)
    for i in range(trials):
        rows.add([kind * trials + i for kind in range(kinds)], 0.0, 1.0)
    for kind, insert in enumerate(inserts):
        y = range(kind * trials, (kind + 1) * trials)
        upper[kind * trials : kind * trials + insert.not_first] = 0.0
        if insert.count:
            rows.add(y, insert.count, insert.count)
        else:
            for place in sorted(set(targets)):
                rows.add([y[i] for i in range(trials) if targets[i] == place], insert.per_target, insert.per_target)
        for i in range(max(1, trials - insert.least)):
            rows.add(y[i : i + insert.least + 1], 0.0, 1.0)
    for number, kind in enumerate(bounded):
        y = range(kind * trials, (kind + 1) * trials)
        z = range((kinds + number) * trials, (kinds + number + 1) * trials)
        rows.add(z, 1.0, 1.0)
        for i in range(trials):
            rows.add([z[i]], -1.0, 0.0, minus=[y[i]])
            rows.add([z[i], *y[i + 1 : i + inserts[kind].most + 2]], 0.0, np.inf, minus=[y[i]])
    cost = np.concatenate([rng.random(kinds * trials), np.zeros(len(bounded) * trials)])
    found = milp(
        cost, integrality=np.ones(size), bounds=Bounds(0.0, upper), constraints=rows.constraint(size),
        options={"mip_rel_gap": NEAR},
    )  # fmt: skip
    if found.status == INFEASIBLE:
        return None
    if found.status != OPTIMAL:
        raise RuntimeError(f"the solver gave up: {found.message}")
    chosen = found.x[: kinds * trials].reshape(kinds, trials) > 0.5
    return [next((insert.name for kind, insert in enumerate(inserts) if chosen[kind, i]), "") for i in range(trials)]


def lack(insert: Insert, trials: int, places: int) -> tuple[str, str] | None:
    """Why an insert cannot fit by itself, by counting: the key that asks too much, and the words; None when it may."""
    number = insert.count or insert.per_target * places
    free = trials - insert.not_first
    after = f" after the first {insert.not_first}" if insert.not_first else ""
    if number > free:
        key = "count" if insert.count else "per_target"
        return key, f'{number} trials of "{insert.name}" were asked for; the block has {max(free, 0)}{after}'
    needed = number + (number - 1) * insert.least
    if needed > free:
        words = f'{number} trials of "{insert.name}" with {insert.least} others between them need {needed} trials'
        return "gap", f"{words}; the block has {free}{after}"
    return None
