"""One controller fades into another without a step."""

from __future__ import annotations

import numpy as np
import pytest

from rehab.core.blend import BLEND_TIME, Blend
from rehab.core.parameters import Parameters
from tests.arms import planar_arm, pose, reference_at

ARM = planar_arm()
STATE = pose(ARM, ARM.home)
REFERENCE = reference_at(tuple(STATE.x))
DT = 0.001


class Constant:
    parameters = Parameters()

    def __init__(self, torque: float, **declared: float) -> None:
        self.torque, self.resets, self.events = torque, 0, []
        for name, value in declared.items():
            setattr(self, name, value)

    def reset(self, state):
        self.resets += 1

    def heed(self, event):
        self.events.append(event)

    def update(self, state, reference, dt):
        return np.full(2, self.torque)


def test_the_torque_goes_from_the_old_to_the_new_in_even_steps():
    blend = Blend(Constant(1.0), Constant(5.0), STATE)
    torques = [1.0] + [blend.update(STATE, REFERENCE, DT)[0] for _ in range(250)]
    assert torques[-1] == 5.0
    assert np.diff(torques)[:200] == pytest.approx(4.0 * DT / BLEND_TIME)
    assert blend.over


def test_the_new_one_forgets_and_the_old_one_goes_on():
    old, new = Constant(1.0), Constant(2.0)
    Blend(old, new, STATE)
    assert (old.resets, new.resets) == (0, 1)


def test_the_declared_stiffness_is_mixed_like_the_torque():
    blend = Blend(Constant(0.0, stiffness=100.0), Constant(0.0, stiffness=300.0), STATE)
    assert blend.stiffness == 100.0
    for _ in range(100):
        blend.update(STATE, REFERENCE, DT)
    assert blend.stiffness == pytest.approx(200.0)


def test_one_without_a_spring_fades_out_as_a_spring_of_less_and_less():
    blend = Blend(Constant(0.0, stiffness=100.0), Constant(0.0), STATE)
    for _ in range(200):
        blend.update(STATE, REFERENCE, DT)
    assert blend.stiffness == 0.0


def test_neither_declares_a_spring_then_the_blend_does_not():
    assert not hasattr(Blend(Constant(0.0), Constant(1.0), STATE), "stiffness")


def test_after_a_pause_only_the_new_one_is_left():
    new = Constant(2.0)
    blend = Blend(Constant(1.0), new, STATE)
    blend.reset(STATE)
    assert blend.over and blend.update(STATE, REFERENCE, DT)[0] == 2.0


def test_events_go_to_the_new_one():
    new = Constant(2.0)
    Blend(Constant(1.0), new, STATE).heed("an event")
    assert new.events == ["an event"]


def test_a_perturbation_that_either_declares_is_declared_by_the_blend():
    assert Blend(Constant(1.0, expected=(0.1, 3.0)), Constant(2.0), STATE).expected == (0.1, 3.0)
    assert Blend(Constant(1.0), Constant(2.0, expected=(0.2, 4.0)), STATE).expected == (0.2, 4.0)
    assert Blend(Constant(1.0), Constant(2.0), STATE).expected is None


def test_once_it_is_over_the_old_ones_perturbation_is_no_longer_declared():
    blend = Blend(Constant(1.0, expected=(0.1, 3.0)), Constant(2.0), STATE)
    blend.reset(STATE)
    assert blend.expected is None


def test_a_retry_that_the_new_one_demands_is_passed_on():
    new = Constant(2.0)
    blend = Blend(Constant(1.0, demands_retry=True), new, STATE)
    assert not blend.demands_retry
    new.demands_retry = True
    assert blend.demands_retry


@pytest.mark.parametrize("declares", ["old", "new"])
def test_a_feed_forward_that_only_one_declares_is_faded_and_keeps_its_length(declares):
    made = {"old": Constant(1.0), "new": Constant(2.0)}
    made[declares].feed_forward = [3.0, -4.0]
    blend = Blend(made["old"], made["new"], STATE)
    found = []
    for _ in range(200):
        blend.update(STATE, REFERENCE, DT)
        found.append(list(blend.feed_forward))
    assert found[99] == pytest.approx([1.5, -2.0])
    assert found[-1] == pytest.approx([3.0, -4.0] if declares == "new" else [0.0, 0.0])
