from __future__ import annotations

from dataclasses import replace
from math import hypot

import numpy as np
import pytest

from rehab.core.device import DeviceInfo
from rehab.core.types import NO_SCENE, Scene, Target
from rehab.core.values import Floats
from sim.body import Body
from sim.patients.patient import VirtualPatient
from sim.patients.person import Traits
from sim.plants.closed_form import ClosedFormPlant

from .conftest import DT

HOME = (0.0, 0.42)
ABLE = Traits(reaction=0.2, movement=0.6)  # no noise, no spread: exact
AHEAD = Scene(targets=(Target((0.0, 0.52), 0.01),))
BACK = Scene(targets=(Target(HOME, 0.01, role="home"),))


def body_of(info: DeviceInfo, traits: Traits = ABLE, seed: int = 1) -> Body:
    return Body(info, ClosedFormPlant(info), VirtualPatient(info, traits, seed))


def run(body: Body, seconds: float, torque: Floats = (0.0, 0.0)) -> np.ndarray:
    path = []
    for _ in range(round(seconds / DT)):
        body.step(torque, DT)
        path.append(body.x)
    return np.array(path)


def test_without_a_scene_the_hand_stays_where_it_is(info: DeviceInfo):
    path = run(body_of(info), 3.0)
    assert np.abs(path - HOME).max() < 1e-9


def test_nothing_moves_before_the_reaction_time(info: DeviceInfo):
    body = body_of(info)
    run(body, 0.5)
    body.see(AHEAD)
    away = np.abs(run(body, 0.6) - HOME).max(axis=1)
    assert away[:200].max() < 1e-9
    assert away[300] > 1e-4


def test_the_reaction_time_counts_from_seeing(info: DeviceInfo):
    body = body_of(info, replace(ABLE, reaction=0.4))
    body.see(AHEAD)
    away = np.abs(run(body, 0.6) - HOME).max(axis=1)
    assert away[:400].max() < 1e-9 and away[-1] > 1e-4


def test_the_hand_moves_as_minimum_jerk_would(info: DeviceInfo):
    # on a robot that can be felt: near the closed form of the peak (1.875 D/T) and its time, not equal
    body = body_of(info)
    body.see(AHEAD)
    speed = np.linalg.norm(np.gradient(run(body, 1.5), DT, axis=0), axis=1)
    assert speed.max() == pytest.approx(1.875 * 0.1 / 0.6, rel=0.15)
    assert speed.argmax() * DT == pytest.approx(0.2 + 0.3, abs=0.08)
    s = np.clip((np.arange(1500) * DT - 0.2) / 0.6, 0.0, 1.0)
    assert np.corrcoef(speed, 30.0 * (s**2 - 2.0 * s**3 + s**4))[0, 1] > 0.95


def test_the_hand_arrives_and_is_held_there(info: DeviceInfo):
    body = body_of(info)
    body.see(AHEAD)
    path = run(body, 3.0)
    assert np.linalg.norm(path[-1000:] - (0.0, 0.52), axis=1).max() < 5e-3


def test_a_goal_that_moves_bends_the_movement_without_a_stop(info: DeviceInfo):
    body = body_of(info)
    body.see(AHEAD)
    run(body, 0.35)
    body.see(Scene(targets=(Target((0.1, 0.47), 0.01),)))
    path = run(body, 2.0)
    speed = np.linalg.norm(np.gradient(path, DT, axis=0), axis=1)
    assert np.linalg.norm(path[-1] - (0.1, 0.47)) < 5e-3
    assert speed[50:400].min() > 0.05


def test_an_equal_scene_is_not_a_new_goal(info: DeviceInfo):
    # the exercise may change the text or the cue: the movement goes on
    alone, told = body_of(info), body_of(info)
    for body in (alone, told):
        body.see(AHEAD)
        run(body, 0.4)
    told.see(Scene(targets=AHEAD.targets, text="Well done"))
    assert np.array_equal(run(alone, 0.5), run(told, 0.5))


def test_a_short_movement_is_followed_by_another(info: DeviceInfo):
    body = body_of(info, replace(ABLE, reach=0.6))
    body.see(AHEAD)
    path = run(body, 4.0)
    speed = np.linalg.norm(np.gradient(path, DT, axis=0), axis=1)
    assert np.linalg.norm(path[950] - (0.0, 0.52)) > 0.02  # after the first one
    assert np.linalg.norm(path[-1] - (0.0, 0.52)) < 6e-3
    assert speed[1000:].max() > 0.05


def test_after_the_last_attempt_the_patient_gives_up_and_tries_again_later(info: DeviceInfo):
    body = body_of(info, replace(ABLE, reach=0.5, attempts=1))
    body.see(AHEAD)
    path = run(body, 7.0)
    assert hypot(*(path[3000] - (0.0, 0.52))) > 0.04
    assert np.linalg.norm(path[1500:3500] - path[1500], axis=1).max() < 5e-3
    assert hypot(*(path[-1] - (0.0, 0.52))) < 0.035


def test_who_has_given_up_lets_the_hand_be_led(info: DeviceInfo):
    held, led = body_of(info), body_of(info, replace(ABLE, attempts=0))
    for body in (held, led):
        body.see(Scene(targets=(Target(HOME, 0.03),)) if body is held else AHEAD)
        run(body, 1.0)
        run(body, 1.0, (0.0, 0.8))
    assert hypot(led.x[0] - HOME[0], led.x[1] - HOME[1]) > 3.0 * hypot(held.x[0] - HOME[0], held.x[1] - HOME[1])


def test_a_relaxed_limb_stays_where_it_was_led(info: DeviceInfo):
    body = body_of(info)
    run(body, 1.0, (0.0, 1.0))
    left = body.x
    path = run(body, 3.0)
    assert hypot(left[0] - HOME[0], left[1] - HOME[1]) > 0.03
    assert hypot(*(path[-1] - HOME)) > 0.5 * hypot(left[0] - HOME[0], left[1] - HOME[1])


def test_the_strength_is_the_most_that_the_joints_give(info: DeviceInfo):
    # against a hand that is held fast, the static force is what the joints' torque makes of it: 5 % of 40 N·m
    patient = VirtualPatient(info, replace(ABLE, strength=0.05), 1)
    patient.see(Scene(targets=(Target((0.15, 0.55), 0.01),)))
    force = (0.0, 0.0)
    for step in range(2000):
        force = patient.force(step * DT, HOME, (0.0, 0.0), DT)
    (a, b), (c, d) = patient.limb.kinematics.forward((patient.limb.chain.q1, patient.limb.chain.q2))[1]
    joints = (a * force[0] + c * force[1], b * force[0] + d * force[1])
    assert max(map(abs, joints)) == pytest.approx(2.0, rel=1e-3)


def test_noise_grows_with_effort(info: DeviceInfo):
    still, busy = body_of(info, replace(ABLE, noise=0.3)), body_of(info, replace(ABLE, noise=0.3))
    quiet = body_of(info)
    for body in (busy, quiet):
        body.see(AHEAD)
    assert np.abs(run(still, 1.0) - HOME).max() < 1e-9
    assert np.abs(run(busy, 1.0) - run(quiet, 1.0)).max() > 1e-3


def test_a_limp_patient_sees_and_does_nothing(info: DeviceInfo):
    body = body_of(info, replace(ABLE, acts=False))
    body.see(AHEAD)
    assert np.abs(run(body, 3.0) - HOME).max() < 1e-9


def test_home_is_gone_back_to(info: DeviceInfo):
    body = body_of(info)
    body.see(AHEAD)
    run(body, 1.5)
    body.see(BACK)
    assert np.linalg.norm(run(body, 1.5)[-1] - HOME) < 5e-3


def test_when_the_goal_goes_away_the_limb_relaxes(info: DeviceInfo):
    led = []
    for after in (AHEAD, NO_SCENE):
        body = body_of(info)
        body.see(AHEAD)
        run(body, 1.2)
        body.see(after)
        before = run(body, 1.0)[-1]
        led.append(np.linalg.norm(run(body, 0.3, (0.0, 1.0))[-1] - before))
    assert led[1] > 2.0 * led[0]


def test_a_goal_out_of_reach_is_reached_for_and_nothing_breaks(info: DeviceInfo):
    body = body_of(info)
    body.see(Scene(targets=(Target((0.7, 0.3), 0.01),)))
    path = run(body, 3.0)
    assert np.isfinite(path).all()
    assert path[-1, 0] > 0.1


def test_equal_seeds_give_equal_bits_and_others_do_not(info: DeviceInfo):
    traits = replace(ABLE, noise=0.2, spread=0.1)
    paths = []
    for seed in (1, 1, 2):
        body = body_of(info, traits, seed)
        body.see(AHEAD)
        paths.append(run(body, 2.0))
    assert np.array_equal(paths[0], paths[1])
    assert np.abs(paths[0] - paths[2]).max() > 1e-3


def test_nobody_runs_the_elbow_into_its_ligaments(info: DeviceInfo):
    """Asked to reach out of reach, the limb goes as far as it goes: it comes to rest short of straight (0.09 rad)."""
    body = body_of(info)
    body.see(Scene(targets=(Target((0.45, 0.35), 0.015),)))
    bends = []
    for _ in range(3000):
        body.step((0.0, 0.0), DT)
        bends.append(body.patient.limb.bend())
    assert min(bends) > 0.15
    assert bends[-1] < 0.5


def test_a_hand_is_held_in_its_place_against_a_steady_load_for_as_long_as_it_lasts(info: DeviceInfo):
    """2 N·m at the robot's elbow are about 6 N at the hand: it gives way by centimetres, and is brought back."""
    body = body_of(info)
    body.see(BACK)
    loaded = run(body, 20.0, torque=(0.0, 2.0))
    away = np.hypot(*(loaded - HOME).T)
    assert away.max() > 0.015
    assert away[-15000:].max() < 0.01
