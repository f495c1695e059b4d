"""Perturbation: ramp–hold–ramp, at the time, the place or the word that was asked for, and declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controllers.impedance import Impedance
from controllers.perturbation import ANSWER, Perturbation
from controllers.pulse import LOADING, MARGIN
from controllers.transparent import Transparent
from rehab.core.errors import Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.minimum_jerk import MinimumJerk
from rehab.core.types import Event
from rehab.protocol.load import ready_protocols
from rehab.session.session import Session
from tests.arms import hand_at, planar_arm, pose, reference_at, wrist
from tests.controllers.simulated import Bench

ARM = planar_arm()
HOME = tuple(pose(ARM, ARM.home).x)
DT = 0.001
PERTURB = Event("phase", {"name": "perturb"})
HERE = reference_at(HOME)


def force_of(torque: Any) -> np.ndarray:
    return np.array(kinematics_of(ARM).hand_force(tuple(np.asarray(torque).tolist()), ARM.home))


def forces(controller: Perturbation, ticks: int, x: tuple[float, float] = HOME) -> np.ndarray:
    return np.array([force_of(controller.update(hand_at(ARM, x), HERE, DT)) for _ in range(ticks)])


def told(data: dict[str, Any] | None = None, **parameters: Any) -> Perturbation:
    controller = Perturbation(ARM, trigger="event", **parameters)
    controller.reset(pose(ARM, ARM.home))
    controller.heed(Event("phase", {"name": "perturb", **(data or {})}))
    return controller


def test_a_push_is_a_ramp_a_hold_and_a_ramp() -> None:
    pushed = forces(told(force=10.0, direction=np.pi / 2, rise=0.05, hold=0.2), 400)
    assert pushed[:, 0] == pytest.approx(np.zeros(400), abs=1e-9)
    t = (np.arange(400) + 1) * DT
    assert pushed[:, 1] == pytest.approx(10.0 * np.interp(t, [0.0, 0.05, 0.25, 0.3], [0.0, 1.0, 1.0, 0.0]), abs=1e-6)


def test_a_push_at_a_joint_is_torque_at_that_joint_alone() -> None:
    controller = told(joint=2, torque=-3.0)
    for _ in range(100):
        torque = controller.update(pose(ARM, ARM.home), HERE, DT)
    assert torque == pytest.approx([0.0, -3.0])


@pytest.mark.parametrize("joint", ["elbow", 2])
def test_what_it_is_told_goes_before_its_parameters(joint: Any) -> None:
    controller = told({"joint": joint, "torque": 2.0, "rise": 0.01, "hold": 0.05}, force=30.0)
    torques = np.array([controller.update(pose(ARM, ARM.home), HERE, DT) for _ in range(100)])
    assert torques[:, 0] == pytest.approx(np.zeros(100))
    assert torques[20, 1] == pytest.approx(2.0)
    assert not torques[70:].any()


def test_it_cannot_be_told_more_than_a_person_may_ask_for() -> None:
    assert np.linalg.norm(forces(told({"force": 1e6}), 100)[-1]) == pytest.approx(60.0)


def test_between_pulses_it_is_its_base() -> None:
    state, near = pose(ARM, ARM.home, (0.5, -0.3)), reference_at((HOME[0] + 0.02, HOME[1]))
    for base, plain in (("transparent", Transparent(ARM)), ("impedance", Impedance(ARM, stiffness=800.0))):
        controller = Perturbation(ARM, base=base, trigger="event", stiffness=800.0)
        assert controller.update(state, near, DT) == pytest.approx(plain.update(state, near, DT))


def test_on_an_impedance_a_displacement_moves_its_reference_smoothly() -> None:
    pulled = forces(told(kind="position", base="impedance", displacement=0.02, stiffness=500.0, rise=0.1), 500)
    assert pulled[150] == pytest.approx([10.0, 0.0], abs=1e-6)
    assert np.abs(np.diff(pulled, axis=0)).max() < 1.0  # its speed of 0.375 m/s comes without a step
    assert pulled[-1] == pytest.approx([0.0, 0.0], abs=1e-9)


def test_from_transparency_a_displacement_is_a_spring_that_comes_and_goes() -> None:
    x = (HOME[0] + 0.03, HOME[1] - 0.02)
    controller = told(kind="position", base="transparent", displacement=0.02, stiffness=500.0, rise=0.1)
    pulled = forces(controller, 500, x)
    assert pulled[0] == pytest.approx([0.0, 0.0], abs=1e-3)
    assert pulled[150] == pytest.approx([10.0, 0.0], abs=1e-6)
    assert np.abs(np.diff(pulled, axis=0)).max() < 1.0
    assert not pulled[410:].any()


def begins(controller: Perturbation, seconds: float) -> list[int]:
    """Ticks at which a pulse begins."""
    state = hand_at(ARM, HOME)
    size = [float(np.abs(controller.update(state, HERE, DT)).max()) for _ in range(round(seconds / DT))]
    return [k for k in range(1, len(size)) if size[k] > 0.0 and size[k - 1] == 0.0]


@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_random_times_keep_their_interval_and_come_again_with_their_seed(seed: int) -> None:
    asked: dict[str, Any] = {"least": 0.5, "most": 0.8, "rise": 0.01, "hold": 0.02, "seed": seed}
    times = begins(Perturbation(ARM, **asked), 3.0)
    assert len(times) >= 3
    assert all(540 <= b - a <= 841 for a, b in zip([-40, *times], times, strict=False))
    assert begins(Perturbation(ARM, **asked), 3.0) == times


def test_another_seed_brings_other_times() -> None:
    first, second = (begins(Perturbation(ARM, least=0.5, most=2.0, seed=seed), 4.0) for seed in (1, 2))
    assert first != second


def test_a_random_place_is_met_once_a_trial_between_a_fifth_and_four_fifths_of_the_way() -> None:
    controller, places = Perturbation(ARM, trigger="place", rise=0.005, hold=0.0), []
    for trial in range(20):
        controller.heed(Event("trial_start", {"start": [0.0, 0.40], "target": [0.0, 0.50]}))
        met = []
        for k in range(1000):
            torque = controller.update(hand_at(ARM, (0.01, 0.40 + 1e-4 * k)), HERE, DT)
            if np.abs(torque).max() > 0.0:
                met.append(k / 1000)
        assert len(met) in range(9, 12), trial
        places.append(met[0])
    assert 0.2 <= min(places) < 0.35
    assert 0.65 < max(places) <= 0.801


def test_while_it_acts_and_while_the_limb_may_answer_it_is_expected() -> None:
    controller = told(force=10.0, rise=0.05, hold=0.2)
    declared = []
    for _ in range(800):
        controller.update(pose(ARM, ARM.home), HERE, DT)
        declared.append(controller.expected)
    assert all(e is not None and e[0] == ANSWER for e in declared[:300])
    largest = float(np.abs(pose(ARM, ARM.home).jacobian.T @ (10.0, 0.0)).max())
    assert declared[290] is not None
    assert declared[290][1] == pytest.approx(2.0 * largest)
    assert declared[400] is not None
    assert declared[400][0] == pytest.approx(ANSWER - 0.101)
    assert declared[650:] == [None] * 150


@pytest.mark.parametrize("base", ["transparent", "impedance"])
def test_what_a_pulse_adds_is_declared_as_feed_forward(base: str) -> None:
    for kind in ("force", "position"):
        controller = told(kind=kind, base=base)
        quiet = Perturbation(ARM, base=base, trigger="event")
        for _ in range(100):
            state = hand_at(ARM, (HOME[0] + 0.01, HOME[1]))
            torque, without = controller.update(state, HERE, DT), quiet.update(state, HERE, DT)
            assert torque - without == pytest.approx(controller.feed_forward)
        assert np.abs(controller.feed_forward).max() > 0.1
        assert not quiet.feed_forward.any()


def test_what_cannot_be_is_refused_with_all_reasons() -> None:
    with pytest.raises(Findings) as caught:
        Perturbation(ARM, joint=3, kind="position", least=5.0, most=2.0)
    assert [found.field for found in caught.value.findings] == ["joint", "joint", "least"]


def test_on_a_line_it_pushes_one_way_or_the_other() -> None:
    info = wrist()
    for direction, way in ((0.0, 1.0), (np.pi, -1.0)):
        controller = Perturbation(info, trigger="event", force=10.0, direction=direction)
        controller.heed(PERTURB)
        for _ in range(100):
            torque = controller.update(pose(info, (0.0,)), reference_at((0.0,)), DT)
        assert torque == pytest.approx([way * 2.5])


def loaded(told: dict[str, Any], **parameters: Any) -> Perturbation:
    controller = Perturbation(ARM, trigger="event", **parameters)
    controller.reset(pose(ARM, ARM.home))
    controller.heed(Event("phase", {"name": "start", "perturb": told}))
    return controller


def torques(controller: Perturbation, seconds: float) -> np.ndarray:
    ticks = round(seconds / DT)
    return np.array([controller.update(pose(ARM, ARM.home), HERE, DT) for _ in range(ticks)])


def test_a_preload_comes_from_the_first_phase_on_in_half_a_second_and_stays_under_the_pulse() -> None:
    controller = loaded({"joint": "elbow", "preload": 2.0, "torque": -3.0})
    assert torques(controller, 0.2) == pytest.approx(np.zeros((200, 2)), abs=1e-12)  # the hand is not held yet
    controller.heed(Event("phase", {"name": "hold"}))
    rising = torques(controller, 0.6)
    assert rising[:, 1] == pytest.approx(2.0 * np.minimum(1.0, (np.arange(600) + 1) * DT / LOADING), abs=1e-9)
    assert rising[:, 0] == pytest.approx(np.zeros(600), abs=1e-12)
    controller.heed(Event("phase", {"name": "perturb", "joint": "elbow", "torque": -3.0, "rise": 0.01, "hold": 0.1}))
    assert torques(controller, 0.06)[-1, 1] == pytest.approx(2.0 - 3.0)
    assert controller.feed_forward == pytest.approx([0.0, -1.0])
    assert torques(controller, 0.2)[-1, 1] == pytest.approx(2.0)


def test_a_preload_goes_with_its_trial() -> None:
    controller = loaded({"joint": "elbow", "preload": 2.0})
    controller.heed(Event("phase", {"name": "hold"}))
    torques(controller, 0.6)
    controller.heed(Event("trial_end", {"outcome": "reached"}))
    falling = torques(controller, 0.6)
    assert np.abs(np.diff(falling[:, 1])).max() == pytest.approx(2.0 * DT / LOADING, rel=1e-6)
    assert falling[-1] == pytest.approx([0.0, 0.0])


def test_a_preload_at_the_hand_is_a_force_in_its_direction() -> None:
    controller = loaded({"direction": np.pi / 2, "preload": 6.0, "force": 1.0})
    controller.heed(Event("phase", {"name": "home"}))
    assert force_of(torques(controller, 0.6)[-1]) == pytest.approx([0.0, 6.0], abs=1e-9)


def test_a_trial_without_a_preload_has_none_of_the_one_before() -> None:
    controller = loaded({"joint": "elbow", "preload": 2.0})
    controller.heed(Event("phase", {"name": "hold"}))
    torques(controller, 0.6)
    controller.heed(Event("phase", {"name": "start", "perturb": {"joint": "elbow", "torque": 1.0}}))
    controller.heed(Event("phase", {"name": "hold"}))
    assert torques(controller, 0.6)[-1] == pytest.approx([0.0, 0.0])


def test_after_a_pause_the_preload_comes_back_by_its_ramp() -> None:
    controller = loaded({"joint": "elbow", "preload": 2.0})
    controller.heed(Event("phase", {"name": "hold"}))
    torques(controller, 0.6)
    controller.reset(pose(ARM, ARM.home))
    again = torques(controller, 0.6)
    assert again[0, 1] < 0.01 and again[-1, 1] == pytest.approx(2.0)


def test_in_the_reflex_study_the_preload_is_there_before_the_step(tmp_path: Path) -> None:
    """The ready protocol, one trial of each combination, in a session on a simulated clock."""
    path = tmp_path / "reflex.yaml"
    path.write_text(ready_protocols()["reflex_preload"].read_text("utf-8").replace("each_cell: 20", "each_cell: 1"))
    loads = []
    with Session("sim:planar_arm", "healthy", seed=1, clock="simulated", out=tmp_path) as session:
        for trial in session.run(path):
            rows, names = session.rows(), session.channels
            before = rows[rows[:, names.index("t")] < trial.phases["perturb"], names.index("sent_1")][-20:]
            loads.append(trial.parameters["perturb"]["preload"])
            assert before.mean() == pytest.approx(loads[-1], abs=0.3)
    assert sorted(loads) == [-2.0] * 4 + [2.0] * 4


def test_a_displacement_in_a_reach_is_off_the_way_that_the_hand_would_have_gone_on() -> None:
    """A hand that goes on as predicted feels only the displacement; held where it was it would feel K·v·t."""
    target = (HOME[0] + 0.12, HOME[1])
    reach = MinimumJerk(HOME, target, begin=0.0, duration=1.0)
    parameters = {"kind": "position", "stiffness": 500.0, "rise": 0.1, "hold": 0.3, "direction": np.pi / 2}
    felt = {}
    for displacement in (0.0, 0.01):
        controller = Perturbation(ARM, trigger="event", displacement=displacement, **parameters)
        controller.reset(pose(ARM, ARM.home))
        controller.heed(Event("trial_start", {"start": list(HOME), "target": list(target)}))
        controller.heed(PERTURB)
        transparent = Transparent(ARM)
        for k in range(250):
            x, v = reach.at(0.4 + k * DT)
            state = hand_at(ARM, x, v)
            torque = controller.update(state, HERE, DT) - transparent.update(state, HERE, DT)
        felt[displacement] = np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), tuple(state.q.tolist())))
    assert felt[0.0] == pytest.approx([0.0, 0.0], abs=0.3)  # one tick of the way
    assert felt[0.01] - felt[0.0] == pytest.approx([0.0, 5.0], abs=0.01)


def at_angles(shoulder: float, elbow: float, speed: float = 0.0) -> Any:
    return pose(ARM, (shoulder, elbow), (0.0, speed))


def test_a_preload_fades_before_the_end_of_the_range_towards_which_it_goes_and_only_there() -> None:
    controller = loaded({"joint": "elbow", "preload": 2.0})
    controller.heed(Event("phase", {"name": "hold"}))
    torques(controller, 0.6)
    high, low = ARM.joints[1].q_max, ARM.joints[1].q_min

    def acts(elbow: float) -> float:
        return float(controller.update(at_angles(ARM.home[0], elbow), HERE, DT)[1])

    assert acts(high - MARGIN) == pytest.approx(2.0)
    assert acts(high - 0.75 * MARGIN) == pytest.approx(1.5)
    assert acts(high) <= 0.0
    assert acts(low + 0.75 * MARGIN) == pytest.approx(2.0)
    steps = np.diff([acts(high - MARGIN + 0.001 * k) for k in range(round(MARGIN / 0.001))])
    assert np.abs(steps).max() < 0.03


def test_what_a_preload_has_set_in_motion_is_braked_before_the_end_of_the_range_and_not_on_the_way_back() -> None:
    controller = loaded({"joint": "shoulder", "preload": 2.0})
    controller.heed(Event("phase", {"name": "hold"}))
    torques(controller, 0.6)
    near = ARM.joints[1].q_max - 0.6 * MARGIN
    out = controller.update(at_angles(ARM.home[0], near, 1.0), HERE, DT)[1]
    back = controller.update(at_angles(ARM.home[0], near, -1.0), HERE, DT)[1]
    base = controller.update(at_angles(ARM.home[0], near), HERE, DT)[1]
    assert out < -0.7
    assert abs(back - base) < 0.3  # the friction that the base takes away


@pytest.mark.parametrize(("joint", "preload"), [("shoulder", 2.0), ("elbow", -2.0)])
def test_a_limp_arm_under_a_preload_comes_to_rest_at_the_end_of_its_range_without_chatter(
    joint: str, preload: float
) -> None:
    """The monitor took the torque away and gave it back from tick to tick; it ended as F26, F24 or F18."""
    bench = Bench("perturbation", "passive", exercise="hold_posture", trials=1, trigger="event", duration=3.0)
    bench.step(1000)
    bench.controller.heed(Event("phase", {"name": "start", "perturb": {"joint": joint, "preload": preload}}))
    bench.controller.heed(Event("phase", {"name": "hold"}))
    bench.finish()
    names = [channel.name for channel in bench.loop_channels()]
    sent = bench.ring.between(1000, bench.ring.written)[:, [names.index("sent_0"), names.index("sent_1")]]
    bench.close()
    assert np.abs(np.diff(sent, axis=0)).max() < 0.5  # N·m a tick
