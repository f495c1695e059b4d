"""Channel: walls beside the line, nothing along it; they rise, fade, and let go."""

from __future__ import annotations

import pathlib
from math import cos, pi, sin
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.channel import Channel
from rehab.core.errors import Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.path import Path, line
from rehab.core.types import Event
from rehab.session.session import Session
from tests.arms import hand_at, planar_arm, pose, reference_at, wrist

ARM = planar_arm()
DT = 0.001
START, TARGET = (0.0, 0.40), (0.0, 0.50)
TRIAL = Event("trial_start", {"start": list(START), "target": list(TARGET)})
K, D, W = 1000.0, 20.0, 0.05
speed = st.floats(-1.0, 1.0)


def force_of(
    channel: Channel, x: tuple[float, float], v: tuple[float, float] = (0.0, 0.0), dt: float = DT, **more: Any
) -> np.ndarray:
    torque = channel.update(hand_at(ARM, x, v), reference_at(START)._replace(**more), dt)
    return np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))


def up(trial: Event = TRIAL, **parameters: Any) -> Channel:
    """A channel whose walls have risen."""
    channel = Channel(ARM, **parameters)
    channel.reset(hand_at(ARM, START))
    channel.heed(trial)
    here = tuple(trial.data["start"])
    for _ in range(20):
        force_of(channel, here, dt=0.1)
    return channel


@given(st.floats(-0.037, 0.037), st.floats(0.3, 0.55), speed, speed)
def test_the_walls_push_back_across_the_line_and_never_along_it(dx: float, y: float, vx: float, vy: float) -> None:
    assert force_of(up(), (dx, y), (vx, vy)) == pytest.approx([-K * dx - D * vx, 0.0], abs=1e-9)


@given(st.floats(0.0, 2 * pi), st.floats(-0.06, 0.06), st.floats(-0.05, 0.15), speed, speed)
def test_whatever_the_line_nothing_pulls_along_it(around: float, side: float, on: float, vx: float, vy: float) -> None:
    t = np.array([cos(around), sin(around)])
    trial = Event("trial_start", {"start": [0.0, 0.45], "target": (np.array([0.0, 0.45]) + 0.1 * t).tolist()})
    x = np.array([0.0, 0.45]) + on * t + side * np.array([-t[1], t[0]])
    assert force_of(up(trial), tuple(x), (vx, vy)) @ t == pytest.approx(0.0, abs=1e-9)


def test_they_fade_to_nothing_over_the_last_quarter_of_their_width() -> None:
    for share, faded in ((0.7, 1.0), (0.75, 1.0), (0.8, 0.8), (0.9, 0.4), (1.0, 0.0), (1.2, 0.0)):
        assert force_of(up(), (share * W, 0.45))[0] == pytest.approx(-faded * K * share * W, abs=1e-9)


@given(st.sampled_from([0.0, 0.75 * W, W, -W]), speed, speed)
def test_nothing_jumps_at_the_line_at_the_fade_or_at_the_edge(dx: float, vx: float, vy: float) -> None:
    before, behind = (force_of(up(), (dx + side, 0.45), (vx, vy)) for side in (-1e-6, 1e-6))
    assert np.linalg.norm(behind - before) < 0.02


def test_they_rise_over_one_and_a_half_seconds() -> None:
    channel, forces = Channel(ARM), []
    channel.heed(TRIAL)
    for _ in range(1600):
        forces.append(force_of(channel, (0.01, 0.45))[0])
    assert forces[:1500] == pytest.approx([-10.0 * (k + 1) / 1500 for k in range(1500)])
    assert forces[1500:] == pytest.approx([-10.0] * 100)


def test_a_hand_that_broke_out_is_free_until_it_is_back_at_the_line() -> None:
    channel = up()
    force_of(channel, (1.1 * W, 0.45))
    for share in (0.9, 0.6, 0.3, 0.11):
        assert not force_of(channel, (share * W, 0.45)).any()
    forces = [force_of(channel, (0.09 * W, 0.45))[0] for _ in range(250)]
    assert forces[:200] == pytest.approx([-K * 0.09 * W * (k + 1) / 200 for k in range(200)])
    assert forces[-1] == pytest.approx(-K * 0.09 * W)


def test_after_the_trial_they_sink_without_a_step_and_the_next_line_waits_for_that() -> None:
    channel = up()
    channel.heed(Event("trial_end", {"outcome": "reached"}))
    channel.heed(Event("trial_start", {"start": [0.0, 0.5], "target": [0.1, 0.5]}))
    forces = np.array([force_of(channel, (0.01, 0.48)) for _ in range(2000)])
    assert np.abs(np.diff(forces, axis=0)).max() <= 20.0 / 200 + 1e-9
    assert forces[0] == pytest.approx([-10.0 * 199 / 200, 0.0])
    assert forces[-1] == pytest.approx([0.0, 20.0])


def test_without_a_trial_or_a_path_there_are_no_walls() -> None:
    channel = Channel(ARM)
    assert not any(force_of(channel, (0.03, 0.45), (1.0, 0.0)).any() for _ in range(2000))


def test_a_path_of_the_reference_goes_before_the_line_of_the_trial() -> None:
    channel, across = Channel(ARM), line((-0.1, 0.45), (0.1, 0.45))
    channel.heed(TRIAL)
    for _ in range(1501):
        force = force_of(channel, (0.03, 0.46), path=across)
    assert force == pytest.approx([0.0, -10.0])


def test_along_a_circle_only_the_radius_is_walled() -> None:
    points = [(0.1 * cos(2 * pi * k / 720), 0.45 + 0.1 * sin(2 * pi * k / 720)) for k in range(720)]
    channel, circle = Channel(ARM), Path(points, closed=True)
    for k in range(4000):
        a = 2 * pi * k / 2000
        force = force_of(channel, (0.11 * cos(a), 0.45 + 0.11 * sin(a)), path=circle)
        if k > 1500:
            assert force == pytest.approx([-10.0 * cos(a), -10.0 * sin(a)], abs=0.1)


def test_in_a_hold_they_are_up_before_go() -> None:
    """The shortest hold in use lasts 400 ms."""
    channel = Channel(ARM, ramp_in="hold")
    channel.heed(TRIAL)
    channel.heed(Event("phase", {"name": "hold"}))
    for _ in range(400):
        force = force_of(channel, (0.01, 0.40))
    assert force[0] == pytest.approx(-10.0)


def test_between_the_walls_there_may_be_room() -> None:
    channel = up(gap=0.01)
    assert not force_of(channel, (0.009, 0.45)).any()
    assert force_of(channel, (0.03, 0.45))[0] == pytest.approx(-K * 0.02)
    assert force_of(channel, (-0.03, 0.45))[0] == pytest.approx(K * 0.02)
    with pytest.raises(Findings, match="no room for the walls"):
        Channel(ARM, gap=0.04, width=0.05)


def test_a_hand_on_a_line_has_no_sideways() -> None:
    with pytest.raises(Findings, match="moves along a line"):
        Channel(wrist())


def test_the_walls_are_what_the_device_must_hold_stably() -> None:
    channel = Channel(ARM, stiffness=2000.0, damping=40.0)
    assert (channel.spring.stiffness, channel.spring.damping) == (2000.0, 40.0)
    assert not hasattr(channel, "stiffness")


def test_an_aborted_trial_of_no_length_has_no_line() -> None:
    channel = Channel(ARM)
    channel.heed(Event("trial_start", {"start": list(pose(ARM, ARM.home).x), "target": list(pose(ARM, ARM.home).x)}))
    assert not any(force_of(channel, (0.03, 0.45)).any() for _ in range(300))


def rising(*heard: Event, seconds: float = 0.35, **parameters: Any) -> float:
    """Share of the walls that is up after so long, beside a line of the reference, after these events."""
    channel, way = Channel(ARM, **parameters), line(START, TARGET)
    channel.reset(hand_at(ARM, START))
    for event in heard:
        channel.heed(event)
    for _ in range(round(seconds / DT)):
        force = force_of(channel, (0.01, 0.40), path=way)
    return float(-force[0] / 10.0)


@pytest.mark.parametrize("named", [("start",), ("start", "home"), ("anything of a protocol",)])
def test_they_rise_from_the_start_of_a_trial_on_whatever_its_phases_are_called(named: tuple[str, ...]) -> None:
    heard = [Event("dynamics", {"name": "channel"}), *(Event("phase", {"name": name}) for name in named)]
    assert rising(*heard, ramp_in="hold") == pytest.approx(1.0)
    assert rising(*heard) == pytest.approx(0.35 / 1.5, abs=0.01)


@pytest.mark.parametrize("name", ["approach", "return", "feedback"])
def test_on_the_way_back_they_rise_slowly(name: str) -> None:
    assert rising(Event("phase", {"name": name}), ramp_in="hold") == pytest.approx(0.35 / 1.5, abs=0.01)


@pytest.mark.parametrize("parameters", [{}, {"ramp": 0.4}, {"ramp_in": "hold"}, {"ramp_in": "hold", "ramp": 0.25}])
def test_the_time_that_it_declares_is_that_in_which_they_are_up(parameters: dict[str, Any]) -> None:
    heard = [Event("dynamics", {"name": "channel"}), Event("phase", {"name": "start"})]
    settling = Channel(ARM, **parameters).settling
    assert rising(*heard, seconds=settling, **parameters) == pytest.approx(1.0, abs=0.01)
    assert rising(*heard, seconds=0.8 * settling, **parameters) < 0.85


def test_in_a_session_a_go_comes_when_the_walls_are_up(tmp_path: pathlib.Path) -> None:
    protocol = tmp_path / "p.yaml"
    protocol.write_text(
        "protocol: Walls\nversion: 1\ndevice: planar_arm\nblocks:\n  - name: walls\n    reach: {targets: 2}\n"
        "    controller: transparent\n    each_target: 2\n"
        "    insert: {channel: {count: 2, dynamics: {channel: {ramp: 1 s}}}}\n"
    )
    with Session("sim:planar_arm", "healthy", seed=2, clock="simulated", out=tmp_path) as session:
        trials = list(session.run(protocol))
        events = session.poll()
    assert {trial.parameters["insert"] for trial in trials} == {"", "channel"}
    switched = [e.t for e in events if e.kind == "dynamics" and e.data["name"] == "channel"]
    gone = [next(e.t for e in events if e.kind == "phase" and e.data["name"] == "go" and e.t > t) for t in switched]
    assert min(go - t for go, t in zip(gone, switched, strict=True)) >= 1.0 + 0.4 - 0.01  # and what is blended
