"""One switch among many answers, and regions that may not flash: pure laws, time as an argument."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.viewmodels.calm import LEAST, Calm
from gui.viewmodels.scanning import Scanning, Timing

TIMING = Timing(dwell=1.0, acceptance=0.05, lockout=0.3)
MOMENTS = st.lists(st.tuples(st.floats(0.001, 3.0), st.booleans()), max_size=60)


def test_answers_are_offered_in_turn_each_for_the_dwell() -> None:
    scan = Scanning(3, TIMING)
    offers = []
    for k in range(9):
        scan.look(0.5 * k)
        offers.append(scan.offer)
    assert offers == [0, 0, 1, 1, 2, 2, 0, 0, 1]


def test_a_held_press_takes_what_was_offered_when_it_began() -> None:
    scan = Scanning(3, TIMING)
    scan.look(0.0)
    scan.press(0.98, True)  # the next would come at 1.0
    scan.look(1.04)
    assert scan.taken == 0


def test_a_tremor_takes_nothing() -> None:
    scan = Scanning(3, TIMING)
    scan.look(0.0)
    scan.press(0.5, True)
    scan.press(0.53, False)
    scan.look(0.9)
    assert scan.taken is None


def test_a_bouncing_switch_does_not_answer_the_next_question() -> None:
    scan = Scanning(3, TIMING)
    scan.press(0.0, True)
    scan.look(0.1)
    scan.begin(2, 0.1)
    scan.press(0.15, False)
    scan.press(0.2, True)
    scan.look(0.35)
    assert scan.taken is None
    scan.press(0.4, False)
    scan.press(0.5, True)
    scan.look(0.6)
    assert scan.taken == 0


@given(MOMENTS)
def test_waiting_never_answers(moments: list[tuple[float, bool]]) -> None:
    scan, now = Scanning(4, TIMING), 0.0
    for step, _ in moments:
        now += step
        scan.look(now)
        assert scan.taken is None and 0 <= scan.offer < 4


@given(MOMENTS, st.integers(1, 15))
def test_only_a_press_that_lasts_is_taken_and_then_nothing_changes(
    moments: list[tuple[float, bool]], count: int
) -> None:
    scan, now, since, taken = Scanning(count, TIMING), 0.0, None, None
    for step, down in moments:
        now += step
        held = since is not None and now - since >= TIMING.acceptance - 1e-9
        scan.press(now, down)
        if taken is not None:
            assert scan.taken == taken
        elif scan.taken is not None:
            assert held
            taken = scan.taken
        since = (since if since is not None else now) if down else None


@pytest.mark.parametrize(("count", "dwell"), [(0, 1.0), (3, 0.0), (3, -1.0)])
def test_nothing_to_offer_or_no_time_for_it_is_refused(count: int, dwell: float) -> None:
    with pytest.raises(ValueError, match="things to offer"):
        Scanning(count, Timing(dwell=dwell))


@given(st.lists(st.tuples(st.floats(0.001, 0.5), st.integers(0, 3)), max_size=200))
def test_a_region_changes_at_most_three_times_in_any_second(course: list[tuple[float, int]]) -> None:
    calm, now, changes = Calm(0), 0.0, []
    for step, wanted in course:
        now += step
        before = calm.state
        shown = calm.see(now, wanted)
        assert shown == (calm.state == wanted)
        if calm.state != before:
            changes.append(now)
    for k, first in enumerate(changes):
        assert sum(first <= other < first + 1.0 - 1e-9 for other in changes[k:]) <= 3


def test_a_first_change_is_shown_at_once_and_one_that_waited_when_its_time_has_come() -> None:
    calm = Calm("dark")
    assert calm.see(10.0, "lit")
    assert not calm.see(10.1, "dark") and calm.state == "lit"
    assert calm.see(10.0 + LEAST + 1e-6, "dark") and calm.state == "dark"
