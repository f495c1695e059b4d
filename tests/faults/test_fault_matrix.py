"""Every row of the fault matrix on every body where it applies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.benches import BODIES
from tests.faults.table import ROWS, Row

CASES = [pytest.param(row, body, id=f"{row.test} {body}") for row in ROWS for body in row.bodies]


@pytest.mark.parametrize(("row", "body"), CASES)
def test_fault(row: Row, body: str, tmp_path: Path, seen_by_the_matrix: Callable) -> None:
    seen = row.show(BODIES.get(body), tmp_path)
    seen_by_the_matrix(seen)
    assert (seen.action, seen.fault) == (row.action, (row.shown_as or row.fault) if seen.fault else 0), seen
    assert row.words in seen.words
    assert seen.ticks <= row.within, seen
