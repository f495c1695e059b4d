"""A law that changes its mind without a step."""

from __future__ import annotations

import numpy as np
import pytest

from rehab.core.blend import BLEND_TIME
from rehab.core.handover import Handover

DT = 0.001


def test_without_a_change_the_wish_is_made() -> None:
    handover = Handover()
    assert handover.step((1.0, 2.0), DT) == (1.0, 2.0)
    assert handover.step((5.0, -3.0), DT) == (5.0, -3.0)


def test_after_a_change_the_wish_is_reached_in_even_steps() -> None:
    handover = Handover()
    made = [handover.step((8.0,), DT)[0]]
    handover.change()
    made += [handover.step((2.0,), DT)[0] for _ in range(250)]
    assert made[1] == 8.0
    assert np.diff(made[1:])[:200] == pytest.approx(-6.0 * DT / BLEND_TIME)
    assert made[-1] == 2.0


def test_a_second_change_begins_from_what_was_made() -> None:
    handover = Handover()
    handover.step((8.0,), DT)
    handover.change()
    made = [handover.step((0.0,), DT)[0] for _ in range(100)]
    handover.change()
    assert handover.step((20.0,), DT)[0] == pytest.approx(made[-1])


def test_what_is_forgotten_does_not_fade() -> None:
    handover = Handover()
    handover.step((8.0,), DT)
    handover.forget()
    handover.change()
    assert handover.step((1.0,), DT) == (1.0,)
