"""A patient who learns: the memory itself, then forces and turned cursors in closed loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import degrees, pi, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.kinematics import Kinematics, kinematics_of
from rehab.core.types import CursorMap, Scene, Target
from rehab.core.values import Floats
from sim.patients.person import Traits
from sim.patients.traits.learning import Learning
from sim.patients.traits.two_state import TwoState, TwoStateMap
from tests.sim.trials import ARM, CURL, HOME, KNEE, NULL, body_of, directions, reach

SMITH = (0.59, 0.21, 0.992, 0.02)
EXACT = Traits(reaction=0.2, movement=0.6, attempts=20, learning=Learning())  # no noise, no spread
AHEAD = pi / 2.0
TURNED = CursorMap(rotation=radians(30.0), centre=HOME)
UNSEEN = CursorMap(rotation=radians(30.0), centre=HOME, shown=False)


def played(schedule: list[float]) -> list[float]:
    """Output before each trial of that schedule; nan is an error clamp."""
    memory, outputs = TwoState(1, SMITH), []
    for p in schedule:
        outputs.append(memory.net[0])
        memory.learn((0.0 if np.isnan(p) else p - memory.net[0],))
    return [*outputs, memory.net[0]]


def test_the_memory_is_smiths_to_six_digits():
    # net x after n trials of +1 and the rebound in an error clamp: computed independently, design reference values
    outputs = played([1.0] * 400 + [-1.0] * 20 + [np.nan] * 40)
    after = {1: 0.230000, 2: 0.320840, 5: 0.390944, 10: 0.429428, 100: 0.703135, 400: 0.750678}
    assert {n: outputs[n] for n in after} == pytest.approx(after, abs=5e-7)
    rebound = outputs[420:]
    assert max(rebound) == pytest.approx(0.161456, abs=5e-7)
    assert int(np.argmax(rebound)) == 10


def test_a_long_schedule_ends_at_its_asymptote():
    g = 0.21 / 0.41 + 0.02 / 0.008
    assert played([1.0] * 5000)[-1] == pytest.approx(g / (1.0 + g), abs=1e-9)


@given(angle=st.floats(-3.1, 3.1), errors=st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=30))
def test_a_map_trained_in_one_direction_is_that_memory_and_knows_nothing_across(angle, errors):
    u, across = (np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))
    plain, whole = TwoState(1, SMITH), TwoStateMap(2, SMITH)
    for e in errors:
        plain.learn((e,))
        whole.learn(u, (e * across[0], e * across[1]))
    assert np.dot(whole.of(u), across) == pytest.approx(plain.net[0], abs=1e-12)
    assert whole.of(across) == pytest.approx((0.0, 0.0), abs=1e-12)


# --- force fields -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def curl() -> dict[str, np.ndarray]:
    """Deviation to the left (m) of each trial of a learner, and of one who does not learn, in a clockwise field."""
    found = {}
    for name, traits in (("learner", EXACT), ("other", replace(EXACT, learning=None))):
        body = body_of(traits)
        for phase, field, cycles in (("before", NULL, 1), ("field", CURL, 8), ("after", NULL, 1)):
            found[f"{name} {phase}"] = np.array([reach(body, a, field).aside for a in directions(cycles)])
            if (name, phase) == ("learner", "field"):
                found["W"] = np.array(body.patient.learner.field.net)
    return found


def test_in_a_curl_field_the_error_falls_over_64_trials(curl):
    error = np.abs(curl["learner field"]).reshape(8, 8).mean(axis=1)
    assert error[-2:].mean() < 0.7 * error[0]
    still = np.abs(curl["other field"]).reshape(8, 8).mean(axis=1)
    assert still[-1] == pytest.approx(still[0], rel=0.05)  # the same hand, without learning


def test_when_the_field_goes_the_hand_deviates_to_the_other_side(curl):
    before, field, after = (curl[f"learner {phase}"].mean() for phase in ("before", "field", "after"))
    assert field < before - 5e-3
    assert after > before + 3e-3
    assert curl["other after"].mean() == pytest.approx(curl["other before"].mean(), abs=5e-4)


def test_a_catch_trial_in_the_middle_goes_to_the_other_side():
    body = body_of(EXACT)
    base = reach(body, AHEAD).aside
    for _ in range(20):
        reach(body, AHEAD, CURL)
    assert reach(body, AHEAD).aside > base + 3e-3
    assert reach(body, AHEAD, CURL).aside < base - 3e-3


def resisting(kinematics: Kinematics, near: Floats, damping: Sequence[float]) -> np.ndarray:
    """J⁻ᵀ b J⁻¹, N·s/m with the hand at home: what the damping of joints (N·m·s/rad) is at the hand."""
    inverse = np.linalg.inv(np.array(kinematics.forward(kinematics.inverse(HOME, near))[1]))
    return inverse.T @ np.diag(damping) @ inverse


def test_what_is_learned_is_all_that_a_moving_hand_meets_and_nothing_else(curl):
    """The field, the friction of the robot's joints and that of the limb's own tissue, all by the same share."""
    limb = body_of(EXACT).patient.limb
    met = (
        np.array(CURL)
        - resisting(kinematics_of(ARM), ARM.home, [joint.damping for joint in ARM.joints])
        - resisting(limb.kinematics, limb.home, [limb.tissue] * 2)
    )
    learned = curl["W"]
    share = (learned * met).sum() / (met * met).sum()
    assert 0.45 < share < 0.75
    assert np.linalg.norm(learned - share * met) < 0.05 * np.linalg.norm(learned)


def test_pressed_into_a_channel_the_learner_pushes_against_the_wall_and_forgets():
    body = body_of(EXACT)
    for _ in range(30):
        reach(body, AHEAD, CURL)
    learned = body.patient.learner.field.of((0.0, 1.0))[0]
    reached = reach(body, AHEAD, channel=3000.0)
    assert abs(reached.aside) < 4e-3
    assert reached.aside > 3e-4  # a clockwise field pushes right; what was learned pushes left, into the wall
    for _ in range(10):
        reach(body, AHEAD, channel=3000.0)
    assert 0.2 * learned < body.patient.learner.field.of((0.0, 1.0))[0] < 0.8 * learned


def test_a_leg_learns_a_load_against_which_it_moves():
    body = body_of(EXACT, info=KNEE)
    home = body.x[0]
    for _ in range(15):
        for x, role in ((home + 0.08, "goal"), (home, "home")):
            body.see(Scene(targets=(Target((x,), 0.01, role),)))
            for _ in range(1500):
                body.step((-8.0 * body.qd[0] if role == "goal" else 0.0,), 0.001)
    # 8 N·m·s/rad at 0.4 m are 50 N·s/m against the hand, beside the joint's own friction of 6
    assert body.patient.learner.field.net[0][0] < -10.0


# --- the cursor -------------------------------------------------------------------------------------------------


def test_the_aim_follows_two_state_theory_in_closed_loop():
    body = body_of(EXACT)
    cursors = [CursorMap(centre=HOME)] * 3 + [TURNED] * 20 + [CursorMap(centre=HOME)] * 5
    expected = played([cursor.rotation for cursor in cursors])
    for cursor, before in zip(cursors, expected, strict=False):
        assert body.patient.learner.angle.net[0] == pytest.approx(before, abs=1e-6)
        reach(body, AHEAD, cursor=cursor)
    assert body.patient.learner.angle.net[0] == pytest.approx(expected[-1], abs=1e-6)


def initial_angle(path: np.ndarray) -> float:
    """Degrees from straight ahead to where the hand is 4 cm out; positive is left."""
    x, y = path[np.argmax(np.hypot(*path.T) > 0.04)]
    return degrees(np.arctan2(-x, y))


def test_the_hand_is_aimed_against_the_rotation_and_goes_on_so_when_it_is_gone():
    body = body_of(EXACT)
    base = initial_angle(reach(body, AHEAD).path)
    turned = [initial_angle(reach(body, AHEAD, cursor=TURNED).path) for _ in range(20)]
    assert turned[0] == pytest.approx(base, abs=3.0)
    assert turned[-1] == pytest.approx(base - degrees(body.patient.learner.angle.net[0]), abs=3.0)
    assert turned[-1] < base - 10.0
    hidden = initial_angle(reach(body, AHEAD, cursor=CursorMap(shown=False, centre=HOME)).path)
    assert hidden < base - 10.0


def test_a_hidden_cursor_teaches_nothing_and_the_aim_fades():
    body = body_of(EXACT)
    for _ in range(10):
        reach(body, AHEAD, cursor=TURNED)
    memory = body.patient.learner.angle
    fast, slow = memory.fast[0], memory.slow[0]
    reach(body, AHEAD, cursor=UNSEEN)
    assert memory.fast[0] == pytest.approx(0.59 * fast) and memory.slow[0] == pytest.approx(0.992 * slow)


def test_a_clamped_cursor_teaches_the_same_error_again_and_again():
    body = body_of(EXACT)
    beside = radians(15.0)
    clamp = CursorMap(centre=HOME, clamp=(-np.sin(beside), np.cos(beside)))
    memory, errors = body.patient.learner.angle, []
    for _ in range(6):
        fast = memory.fast[0]
        reach(body, AHEAD, cursor=clamp, seconds=1.5)
        errors.append((memory.fast[0] - 0.59 * fast) / 0.21)
    assert errors == pytest.approx([beside] * 6, abs=radians(0.5))


def test_every_patient_finds_the_target_with_a_turned_cursor():
    body = body_of(replace(EXACT, learning=None))
    for angle in (0.0, 2.0, 4.0):
        assert reach(body, angle, cursor=TURNED, seconds=6.0).arrived
    unseen = reach(body, AHEAD, cursor=UNSEEN)
    assert abs(initial_angle(unseen.path)) < 10.0 and unseen.arrived
