"""Ways of daily life."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.adl import WAYS, Adl
from rehab.core.errors import Findings
from rehab.core.points import points_text
from tests.arms import planar_arm, pose
from tests.exercises.runs import trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x


def rests(trial, places, near=1e-6):
    """How long (s) the reference rests at each of these places (cm from home)."""
    moved = np.linalg.norm(np.diff(trial.x, axis=0, prepend=trial.x[:1]), axis=1)
    return [
        0.001 * np.sum((np.linalg.norm(trial.x - HOME - 0.01 * np.array(place), axis=1) < near) & (moved < 1e-12))
        for place in places
    ]


def test_drinking_goes_to_the_glass_to_the_mouth_and_back_and_rests_there():
    (trial,) = trials(Adl(ARM), ARM, 1)
    # the glass is grasped and later let go: twice one second; the sip takes one and a half
    assert rests(trial, [(8, 9), (0, -6)]) == pytest.approx([2.0, 1.5], abs=0.02)
    glass, mouth = (np.argmin(np.linalg.norm(trial.x - HOME - np.array(at), axis=1))
                    for at in ((0.08, 0.09), (0.0, -0.06)))  # fmt: skip
    assert glass < mouth
    assert trial.ended["outcome"] == "reached"


@pytest.mark.parametrize("task", WAYS)
def test_every_way_ends_where_it_begins_and_is_reached_by_a_hand_that_follows(task):
    (trial,) = trials(Adl(ARM, task=task), ARM, 1)
    assert trial.x[0] == pytest.approx(HOME, abs=1e-3)
    assert trial.x[-1] == pytest.approx(HOME, abs=1e-3)
    assert trial.ended["outcome"] == "reached"


@pytest.mark.parametrize("task", WAYS)
def test_at_ones_own_pace_it_gets_through_and_rests_as_well(task):
    (trial,) = trials(Adl(ARM, task=task, pace="own", time_limit=120.0), ARM, 1)
    assert trial.ended["outcome"] == "reached"
    assert trial.t[-1] > sum(WAYS[task].rests)


def test_wiping_covers_the_table_from_side_to_side():
    (trial,) = trials(Adl(ARM, task="wipe"), ARM, 1)
    offset = trial.x - HOME
    assert np.ptp(offset[:, 0]) == pytest.approx(0.2, abs=0.02)
    assert np.ptp(offset[:, 1]) == pytest.approx(0.11, abs=0.01)


def test_the_scale_makes_it_smaller():
    whole, half = (np.abs(trials(Adl(ARM, scale=scale), ARM, 1)[0].x - HOME).max() for scale in (1.0, 0.5))
    assert half == pytest.approx(0.5 * whole, rel=1e-3)


def test_a_taught_way_is_followed():
    points = ((0.0, 0.0), (0.05, 0.02), (0.06, 0.08))
    (trial,) = trials(Adl(ARM, task="taught", points=points_text(points)), ARM, 1)
    assert trial.x[-1] == pytest.approx(HOME + np.array(points[-1]), abs=1e-3)


def test_a_movement_that_the_arm_does_not_reach_is_refused():
    with pytest.raises(Findings, match="does not reach"):
        Adl(ARM, task="reach_shelf", scale=2.5)
