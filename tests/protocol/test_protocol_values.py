"""Ranges, counts and comparisons as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.parameters import Parameter, quantity
from rehab.protocol.values import Compared, Counted, HowMany, Seed, Span

TIME = quantity("0 s", unit="s", least="0 s", most="60 s")
WINDOW, EITHER, GAP = Span(TIME), Span(TIME, single=True), Span(Parameter("integer", 0, least=0))


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (WINDOW, "400..800 ms", [0.4, 0.8]),
        (WINDOW, "0.4 .. 0.8 s", [0.4, 0.8]),
        (WINDOW, "400 ms..1 s", [0.4, 1.0]),
        (WINDOW, "..600 ms", [0.0, 0.6]),
        (WINDOW, "400 ms..", [0.4, 60.0]),
        (WINDOW, "1e2..2e2 ms", [0.1, 0.2]),
        (EITHER, "200 ms", 0.2),
        (EITHER, "200..200 ms", [0.2, 0.2]),
        (GAP, "4..", [4, None]),
        (GAP, "4..12", [4, 12]),
        (GAP, "..12", [0, 12]),
        (Counted(2000), "40 trials", 40),
        (Counted(2000), "1 trial", 1),
        (Compared(0.0, 10.0), ">= 5", (">=", 5.0)),
        (Compared(0.0, 10.0), "<2.5", ("<", 2.5)),
        (HowMany(2000), 16, 16),
        (HowMany(2000), {"table": "trials.csv"}, "trials.csv"),
        (Seed(), "participant", "participant"),
        (Seed(), 7, 7),
    ],
)
def test_it_is_read_as_it_is_meant(kind: Any, written: Any, value: Any) -> None:
    assert kind.parse(written) == (pytest.approx(value) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("kind", "written", "said"),
    [
        (WINDOW, "800..400 ms", "ends before it begins"),
        (WINDOW, "400..800", "has no unit"),
        (WINDOW, "200 ms", "is not a range"),
        (WINDOW, "..", "has no end"),
        (WINDOW, "400..800 N", "is not a time"),
        (WINDOW, "a..b ms", "is not a number with a unit"),
        (WINDOW, "1..2..3 s", "is not a number with a unit"),
        (WINDOW, "1..90 s", "is too large"),
        (WINDOW, 3, "is not a range"),
        (EITHER, 3, "has no unit"),
        (GAP, "4", "is not a range"),
        (GAP, "1.5..2", "is not a range of whole numbers"),
        (GAP, "-1..", "is too small"),
        (Counted(2000), 40, "has no unit"),
        (Counted(2000), "40 s", "is not a number of trials"),
        (Counted(2000), "3000 trials", "is too large"),
        (Compared(0.0, 10.0), 5, "is not a comparison"),
        (Compared(0.0, 10.0), "== 5", "is not a comparison"),
        (Compared(0.0, 10.0), ">= 11", "is outside the scale"),
        (HowMany(2000), True, "is not a whole number"),
        (HowMany(2000), {"table": 3}, "is neither a number of trials nor a table"),
        (Seed(), -1, "is no seed"),
        (Seed(), True, "is no seed"),
    ],
)
def test_what_it_is_not_is_said_in_words_with_what_is_allowed(kind: Any, written: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        kind.parse(written)
    assert kind.allowed


@given(st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.lists(st.integers(), max_size=2)))
def test_nothing_that_is_written_makes_anything_but_words(value: Any) -> None:
    for kind in (WINDOW, EITHER, GAP, Counted(2000), Compared(0.0, 10.0), HowMany(2000), Seed()):
        try:
            kind.parse(value)
        except ValueError as error:
            assert str(error)
