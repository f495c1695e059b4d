"""Where a reach would go on to: of a minimum-jerk movement, exactly there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rehab.core.minimum_jerk import MinimumJerk
from rehab.core.onward import SLOW, onward

START = (0.02, 0.40)


@given(
    angle=st.floats(0.0, 6.28), length=st.floats(0.05, 0.3), duration=st.floats(0.4, 2.0), share=st.floats(0.25, 0.75)
)
def test_a_minimum_jerk_reach_is_predicted_to_go_on_as_it_does(
    angle: float, length: float, duration: float, share: float
) -> None:
    target = (START[0] + length * np.cos(angle), START[1] + length * np.sin(angle))
    reach = MinimumJerk(START, target, begin=0.0, duration=duration)
    now = share * duration
    x, v = reach.at(now)
    assume(np.hypot(*v) > SLOW)
    ahead = onward(x, v, START, target)
    for later in (0.1, 0.3, 0.8):
        s = later * (duration - now)
        assert ahead.at(s)[0] == pytest.approx(reach.at(now + s)[0], abs=1e-6)


@pytest.mark.parametrize(
    ("x", "v", "target"),
    [
        (START, (0.0, 0.0), (0.12, 0.40)),  # waits
        ((0.118, 0.40), (0.05, 0.0), (0.12, 0.40)),  # is there
        ((0.05, 0.40), (-0.2, 0.0), (0.12, 0.40)),  # comes back
        (START, (0.1, 0.0), START),  # goes nowhere
    ],
)
def test_a_hand_that_is_on_no_way_is_predicted_to_stay(
    x: tuple[float, float], v: tuple[float, float], target: tuple[float, float]
) -> None:
    assert onward(x, v, START, target).at(0.3) == (x, (0.0, 0.0))
