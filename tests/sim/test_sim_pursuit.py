"""A goal that moves is followed; one that jumps is a new one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import cos, dist, pi, sin

import numpy as np
import pytest

from rehab.core.gravity import Gravity
from rehab.core.types import CursorMap, Scene, Target
from sim.patients.presets import HEALTHY, MILD_STROKE, PASSIVE, STROKE, UNCOOPERATIVE
from sim.patients.pursuit import Seen, seeing
from tests.sim.trials import DT, HOME, KNEE, body_of

PICTURE = 20  # steps
RADIUS, TURN = 0.05, 4.0  # m, s


def on_circle(t):
    angle = 2.0 * pi * t / TURN
    return (HOME[0] + RADIUS * sin(angle), HOME[1] + RADIUS * (1.0 - cos(angle)))


def shown(x, size=0.01, cursor=None):
    return Scene(targets=(Target(tuple(x), size),), cursor=cursor or CursorMap(centre=HOME))


def followed(traits, *, seconds=8.0, way=on_circle, cursor=None, seed=1):
    """Hand and goal, m (n, 4), each step, with 50 pictures a second; the pictures begin after 1 s at rest."""
    body, rows = body_of(traits, seed), []
    for k in range(round((1.0 + seconds) / DT)):
        goal = way(max(0.0, k * DT - 1.0))
        if k % PICTURE == 0:
            body.see(shown(goal, cursor=cursor))
        body.step((0.0, 0.0), DT)
        rows.append((*body.x, *goal))
    return body, np.array(rows)


def error(rows, after=2.0):
    e = np.hypot(*(rows[:, :2] - rows[:, 2:]).T)[round((1.0 + after) / DT) :]
    return float(np.sqrt((e**2).mean()))


def test_a_healthy_hand_stays_within_a_centimetre_of_a_goal_that_goes_round():
    assert error(followed(HEALTHY)[1]) < 0.008


def test_who_is_affected_follows_less_well():
    healthy, mild, stroke = (error(followed(traits)[1]) for traits in (HEALTHY, MILD_STROKE, STROKE))
    assert 1.3 * healthy < mild and 1.3 * mild < stroke < 0.05


def test_who_anticipates_nothing_comes_late():
    """A lag of about δ and of what the answer takes, 2/ω = 0.26 s at constant speed less the speed that is matched."""

    def late(traits):
        rows = followed(traits)[1][3000:]
        hand, goal = rows[:, :2], rows[:, 2:]
        lags = range(0, 400, 10)
        errors = [np.hypot(*(goal[: len(goal) - n] - hand[n:]).T).mean() for n in lags]
        return lags[int(np.argmin(errors))] * DT

    assert late(HEALTHY) < 0.04
    assert late(replace(HEALTHY, feed_forward=0.0)) > 0.09


def test_a_limp_limb_follows_nothing():
    assert np.ptp(followed(PASSIVE, seconds=3.0)[1][:, :2], axis=0).max() < 1e-3


def test_nothing_happens_before_it_was_seen_to_move():
    rows = followed(replace(HEALTHY, noise=0.0), seconds=1.0)[1]
    still = rows[900:1000, :2].mean(axis=0)
    moved = np.hypot(*(rows[1000:, :2] - still).T) > 5e-4
    assert moved.any()
    assert int(np.argmax(moved)) * DT >= seeing(HEALTHY)


def test_a_goal_that_jumps_meanwhile_is_answered_as_a_new_one_after_the_reaction():
    body, _ = followed(replace(HEALTHY, spread=0.0), seconds=4.0)
    intention = body.patient.intention
    assert intention.movement is None  # it pursues
    body.see(shown((HOME[0] + 0.1, HOME[1] - 0.05)))
    waited = 0
    while intention.movement is None and waited < 1000:
        body.step((0.0, 0.0), DT)
        waited += 1
    assert waited * DT == pytest.approx(HEALTHY.reaction, abs=0.005)
    assert intention.movement.end == pytest.approx((HOME[0] + 0.1, HOME[1] - 0.05), abs=0.03)


def test_a_goal_that_comes_to_rest_is_reached():
    body, rows = followed(HEALTHY, seconds=4.0, way=lambda t: on_circle(min(t, 2.0)))
    assert dist(rows[-1, :2], rows[-1, 2:]) <= 0.005 + 1e-3
    assert body.patient.intention.towards == ()


def test_what_is_meant_never_steps():
    body = body_of(replace(HEALTHY, noise=0.0))
    meant = []
    for k in range(5000):
        t = k * DT
        goal = on_circle(t) if t < 2.0 else (HOME[0] + 0.08, HOME[1]) if t < 2.6 else on_circle(t - 2.0)
        if k % PICTURE == 0:
            body.see(shown(goal))
        body.step((0.0, 0.0), DT)
        meant.append(body.patient.limb.kinematics.forward(body.patient._q)[0])
    assert max(dist(a, b) for a, b in pairwise(meant)) < 1.0 * DT  # m/s


def test_a_turned_cursor_is_corrected_for_by_looking():
    """By half of what is seen each time; a hand that did not look would be off by 2 sin(15°) of the way."""
    turned = CursorMap(rotation=pi / 6.0, centre=HOME)
    way = lambda t: (HOME[0] + 0.08 * sin(min(t, 5.0) * 0.3), HOME[1])  # noqa: E731
    _, rows = followed(HEALTHY, seconds=5.0, way=way, cursor=turned)
    beside = dist(turned.place(tuple(rows[-1, :2])), rows[-1, 2:])
    assert beside < 0.4 * 2.0 * sin(pi / 12.0) * dist(rows[-1, 2:], HOME)


def test_who_is_contrary_stays_behind_on_purpose():
    assert error(followed(replace(UNCOOPERATIVE, muscles=()))[1]) > 3.0 * error(followed(HEALTHY)[1])


def test_equal_seeds_follow_alike():
    assert (followed(STROKE, seconds=2.0)[1] == followed(STROKE, seconds=2.0)[1]).all()


def test_it_follows_along_a_line_too():
    body, holds = body_of(HEALTHY, info=KNEE), Gravity(KNEE)
    home, errors = body.x[0], []
    for k in range(5000):
        goal = home + 0.05 * sin(2.0 * pi * k * DT / TURN)
        if k % PICTURE == 0:
            body.see(shown((goal,)))
        body.step(holds.torque(body.q), DT)
        errors.append(abs(body.x[0] - goal))
    assert np.mean(errors[2000:]) < 0.01


def test_pictures_tell_place_and_velocity_as_they_were():
    seen = Seen(0.0, (0.0, 0.0))
    for k in range(1, 20):
        assert seen.goes_to(0.02 * k, (0.002 * k, 0.0))
    glance = seen.at(0.21)
    assert glance.x == pytest.approx((0.021, 0.0))
    assert glance.v == pytest.approx((0.1, 0.0))
    assert seen.moves(0.3) and not seen.moves(5.0)
    assert seen.at(5.0).v == (0.0, 0.0)


def test_pictures_of_a_jump_are_of_another_goal():
    seen = Seen(0.0, (0.0, 0.0))
    assert seen.goes_to(0.02, (0.01, 0.0))
    assert not seen.goes_to(0.04, (0.05, 0.0))
    assert not seen.goes_to(0.04, None)
