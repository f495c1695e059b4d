"""Traces in fixed memory."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gui.viewmodels.traces import Traces


def feed(traces: Traces, t: np.ndarray) -> None:
    keep = traces.choose(t)
    traces.put(t[keep], [np.sin(t[keep])])


@given(st.lists(st.integers(1, 400), min_size=1, max_size=40))
def test_however_the_rows_come_the_trace_is_the_newest_sample_of_each_bin(batches: list[int]) -> None:
    traces, t = Traces(1, window=1.0, points=50), np.arange(sum(batches)) * 0.001
    first = 0
    for count in batches:
        feed(traces, t[first : first + count])
        first += count
    newest_of_bins = np.array([t[np.floor(t / 0.02 + 1e-6) == k][-1] for k in range(int(t[-1] / 0.02 + 1e-6) + 1)])[
        -50:
    ]
    np.testing.assert_allclose(traces.time() + t[-1], newest_of_bins, atol=1e-9)
    np.testing.assert_array_equal(traces.column(0), np.sin(newest_of_bins))


def test_memory_does_not_grow_and_a_trace_is_one_piece() -> None:
    traces = Traces(1, window=1.0, points=50)
    before = traces._memory
    for k in range(100):
        feed(traces, k + np.arange(1000) * 0.001)
    assert traces._memory is before
    assert len(traces) == 50
    assert traces.column(0).base is before
    assert traces.column(0).flags.c_contiguous


def test_without_samples_there_is_nothing_to_draw() -> None:
    traces = Traces(2)
    assert len(traces.time()) == len(traces.column(1)) == 0
