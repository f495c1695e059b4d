"""Each sample is paired with the torque that acted when it was measured, by its age and the commands' delay."""

from __future__ import annotations

import pytest

from rehab.core.safety.sent import Sent
from tests.safety.conftest import PERIOD

MEMORY = 33  # ticks


def sent(ticks: int, delay: float = 0.0) -> Sent:
    """Torque 1, 2, 3, ... N·m was sent, one a tick."""
    made = Sent(1, PERIOD)
    made.delay = delay
    for k in range(1, ticks + 1):
        made.put((float(k),))
    return made


def test_nothing_was_sent_before_the_first_tick():
    made = Sent(3, PERIOD)
    assert made.torque == made.zero == made.acting(0.01) == (0.0, 0.0, 0.0)


def test_the_delay_is_unknown_at_first_and_taken_as_none():
    assert Sent(1, PERIOD).delay == 0.0


@pytest.mark.parametrize(
    ("age_ms", "delay_ms", "ago"),  # the torque of so many ticks before the last one
    [
        (0.0, 0.0, 0),
        (0.499, 0.0, 0),
        (0.501, 0.0, 1),  # nearer to the tick before
        (1.499, 0.0, 1),
        (1.501, 0.0, 2),
        (0.0, 0.501, 1),
        (1.0, 2.0, 3),
        (31.4, 0.0, 31),
        (32.4, 0.0, 32),
        (32.6, 0.0, 32),  # no older one is known
        (500.0, 0.0, 32),
    ],
)
def test_a_sample_is_paired_with_the_torque_that_acted_when_it_was_measured(age_ms, delay_ms, ago):
    assert sent(100, delay_ms / 1e3).acting(age_ms / 1e3) == (100.0 - ago,)


@pytest.mark.parametrize("delay", [0.0, 0.0002, 0.0008])
def test_a_sample_is_fresh_when_the_last_torque_acted_on_it(delay):
    made = sent(100, delay)
    for tenth in range(12):
        age = (tenth + 0.01) * 1e-4
        assert (age < made.fresh) is (made.acting(age) == made.torque)


def test_with_the_power_off_nothing_acted():
    made = sent(100)
    made.nothing()
    assert made.torque == (0.0,)
    assert {made.acting(k * PERIOD) for k in range(2 * MEMORY)} == {(0.0,)}


@pytest.mark.parametrize(("age", "ago"), [(0.5, 1), (1.5, 2), (32.5, 32), (33.5, 32)])
def test_half_way_between_two_ticks_the_earlier_torque_acted(age, ago):
    made = Sent(1, 1.0)
    for k in range(100):
        made.put((float(k),))
    assert made.acting(age) == (99.0 - ago,)
