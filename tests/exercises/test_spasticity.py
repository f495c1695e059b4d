"""Where a limb catches when it is stretched fast."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec import structs

from exercises.catch import LimbForce, Stretch
from exercises.spasticity import Spasticity
from rehab.core.errors import Findings
from rehab.core.kinematics import kinematics_of
from sim.patients.presets import SPASTIC
from sim.patients.traits.spasticity import Spasticity as Reflex
from tests.arms import hand_at, planar_arm, pose, sent, wrist
from tests.controllers.simulated import Bench
from tests.exercises.runs import DT, trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home)


def stretched(exercise: Spasticity, count: int, resists) -> list[dict]:
    """The ends of `count` stretches of a hand that follows and resists with `resists(place m, speed m/s)` N."""
    x = HOME.x
    exercise.start(hand_at(ARM, tuple(x)), ARM.limits(), np.random.default_rng(1))
    ends, before = [], x
    for k in range(120_000):
        state = hand_at(ARM, tuple(x))
        reference = exercise.reference(k * DT, state)
        place, speed = 0.10 - (x - HOME.x)[1], -(x - before)[1] / DT
        torque = state.jacobian.T @ np.array([0.0, -resists(place, speed)])
        event = exercise.observe(k * DT, state, sent(ARM, tuple(torque)))
        if event is not None and event.kind == "trial_end":
            ends.append(dict(event.data))
            if len(ends) == count:
                return ends
        before, x = x, reference.x
    raise AssertionError("too few stretches")


def test_the_speed_rises_evenly_in_ratio_to_the_fastest():
    found = trials(Spasticity(ARM, slowest=0.05, fastest=0.4, steps=4), ARM, 4)
    assert [trial.asked["speed"] for trial in found] == pytest.approx([0.05, 0.1, 0.2, 0.4], rel=1e-6)


def test_a_limb_that_catches_at_a_place_when_it_is_fast_is_found_there():
    ends = stretched(Spasticity(ARM), 4, lambda s, v: 20.0 if s > 0.10 and v > 0.2 else 1.0)
    assert "catch_at" not in ends[0] and "catch_at" not in ends[1]
    assert ends[3]["catch_at"] == pytest.approx(0.10, abs=0.002)
    assert len(ends[3]["catch_pose"]) == 2


def test_stiffness_that_is_there_slowly_too_is_no_catch():
    ends = stretched(Spasticity(ARM), 4, lambda s, v: 200.0 * s)
    assert not any("catch_at" in end for end in ends)


def test_the_peak_is_what_comes_on_top_of_the_slow_stretch():
    ends = stretched(Spasticity(ARM), 4, lambda s, v: 4.0 + (10.0 if v > 0.2 else 0.0))
    assert ends[3]["peak_resistance"] == pytest.approx(10.0, abs=0.1)


def test_a_fastest_speed_below_the_slowest_is_refused():
    with pytest.raises(Findings, match="not faster"):
        Spasticity(ARM, slowest=0.2, fastest=0.1)


def caught(patient: str, seed: int) -> list[float]:
    """Bends (deg) of the virtual elbow at the catches of one round, from the robot's pose that was reported."""
    bench = Bench("move_to", patient, exercise="spasticity", trials=4, seed=seed)
    bench.finish()
    ends = [event.data for event in bench.events if event.kind == "trial_end"]
    robot, limb = kinematics_of(bench.info), bench.body.patient.limb
    hands = [robot.forward(tuple(end["catch_pose"]))[0] for end in ends if "catch_pose" in end]
    bench.close()
    return [float(np.degrees(limb.kinematics.inverse(hand, (0.0, 1.0))[1])) for hand in hands]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_angle_of_catch_of_a_spastic_patient_is_found_within_two_degrees(seed, capsys):
    true = float(np.degrees(SPASTIC.of(Reflex).angle))
    found = caught("spastic", seed)
    with capsys.disabled():
        print(f"\nangle of catch: {', '.join(f'{angle:.1f}' for angle in found)}; true {true:.1f} deg")
    assert len(found) == 1  # in the fastest stretch only: the others are below the reflex's threshold
    assert found[0] == pytest.approx(true, abs=2.0)


@pytest.mark.parametrize("patient", ["healthy", "passive", "tremor"])
def test_a_limb_without_spasticity_does_not_catch(patient):
    assert caught(patient, 1) == []


def test_friction_and_inertia_of_the_device_are_no_force_of_the_limb():
    """One joint, by itself: what moves it is b q̇ + (I + m c²) q̈, by hand 0.1 and 0.002 + 0.4·0.125² kg·m²."""
    info = wrist()
    limb, home = LimbForce(info, (1.0,)), pose(info, info.home)
    limb.begin(home)
    inertia = 0.002 + 0.4 * 0.125**2
    for k in range(1000):
        t, w = k * DT, 6.0
        q, qd, qdd = 0.3 * (1.0 - np.cos(w * t)), 0.3 * w * np.sin(w * t), 0.3 * w * w * np.cos(w * t)
        limb.step(pose(info, (q,), (qd,)), (0.1 * qd + inertia * qdd,), DT)
        if t > 0.05:
            assert limb.force == pytest.approx(0.0, abs=0.02)  # of 0.7 N of friction and 0.4 N of inertia


def test_a_force_sensor_tells_the_force_itself():
    info = wrist()
    limb, home = LimbForce(structs.replace(info, force_sensor=True), (1.0,)), pose(info, info.home)
    limb.begin(home)
    for _ in range(100):
        limb.step(home._replace(force=np.array([-7.0])), (0.0,), DT)
    assert limb.force == pytest.approx(7.0, rel=1e-3)


def test_a_stretch_goes_at_its_speed_between_a_soft_beginning_and_a_soft_end():
    stretch = Stretch(0.2, 0.4, 0.2)
    t = np.linspace(0.0, stretch.duration, 2001)
    s, v = np.array([stretch.at(now) for now in t]).T
    assert (s[0], s[-1]) == (0.0, pytest.approx(0.2))
    assert np.gradient(s, t)[1:-1] == pytest.approx(v[1:-1], abs=2e-3)
    even = (s > 0.04) & (s < 0.16)
    assert v[even] == pytest.approx(np.full(even.sum(), 0.4))
    assert v[0] == v[-1] == 0.0
    assert np.abs(np.diff(v)).max() < 0.02


def test_nothing_is_asked_of_a_limb_that_is_led_to_the_start_and_stretched():
    exercise = Spasticity(ARM, length=0.1, slowest=0.1, fastest=0.2, steps=2)
    x, phases = HOME.x, set()
    exercise.start(hand_at(ARM, tuple(x)), ARM.limits(), np.random.default_rng(1))
    for k in range(8000):
        state = hand_at(ARM, tuple(x))
        x = exercise.reference(k * DT, state).x
        exercise.observe(k * DT, state, sent(ARM))
        scene = exercise.scene()
        phases.add(scene.phase)
        assert [target.role for target in scene.targets] == ["other"] and scene.text.startswith("Relax")
    assert phases == {"ready", "go", "return"}
