"""Every exercise in every mode with every virtual patient runs to its end, or to a fault that is named (named.py)."""

from __future__ import annotations

import numpy as np
import pytest

from rehab.core import registry
from rehab.protocol.modes import available
from tests.grid.cells import SHORT, Cell, cells, run
from tests.grid.named import NAMED, reason

EVERY = list(cells())
SAMPLE = 24  # sessions of the usual run: half a minute of an idle machine; another choice each month would be none


def sample() -> list[Cell]:
    """Seeded, and such that every exercise, every mode and every patient comes at least once."""
    dice = np.random.default_rng(20261126)
    names = [sorted({cell[k] for cell in EVERY}) for k in range(3)]
    columns = [[str(name) for name in np.resize(dice.permutation(values), SAMPLE)] for values in names]
    return [Cell(*chosen) for chosen in zip(*columns, strict=True)]


def judged(cell: Cell) -> None:
    result = run(cell)
    if result.fault:
        assert reason(cell, result.fault), f"F{int(result.fault):02} {result.words}"
    else:
        assert result.outcome, "it ended without a trial"


@pytest.mark.parametrize("cell", sample(), ids=" ".join)
def test_a_sample_of_the_grid_runs_to_its_end_or_to_a_named_fault(cell: Cell) -> None:
    judged(cell)


@pytest.mark.long
@pytest.mark.parametrize("cell", EVERY, ids=" ".join)
def test_the_whole_grid_runs_to_its_end_or_to_a_named_fault(cell: Cell) -> None:
    judged(cell)


def test_a_limp_arm_is_led_round_the_turns_of_a_way_that_comes_back() -> None:
    """It ended by F23: beyond a sharp turn the nearest place, and with it the pull along the way, flipped."""
    result = run(Cell("adl", "path_guidance", "passive"))
    assert (result.outcome, result.fault) == ("reached", 0)


def test_the_grid_is_of_all_that_is_installed() -> None:
    assert {cell.exercise for cell in EVERY} == set(registry.names("exercise"))
    assert {cell.mode for cell in EVERY} == set(available())
    assert len(EVERY) == len(set(EVERY)) >= 1000
    chosen = sample()
    assert all({cell[k] for cell in chosen} == {cell[k] for cell in EVERY} for k in range(3))


def test_every_name_in_the_tables_is_that_of_something_installed() -> None:
    assert set(SHORT) <= set(registry.names("exercise"))
    for named in NAMED:
        assert named.reason
        assert set(named.patients) <= set(registry.names("patient"))
        assert set(named.exercises) <= set(registry.names("exercise"))
        assert set(named.modes) <= set(available())


def test_equal_seeds_give_equal_sessions() -> None:
    cell = Cell("reach", "assistive", "stroke")
    assert run(cell) == run(cell)
