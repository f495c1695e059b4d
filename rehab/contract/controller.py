"""What every controller must do. A subclass gives the fixture `make`: (device, **parameters) -> controller.

    class TestMySpring(ControllerContract):
        @pytest.fixture
        def make(self):
            return MySpring

Every check runs on four arms: of two joints and of one, lying and upright with a force sensor. A controller that
refuses one of them (Findings) gets another in its place; `arm` may be given too, by a law for one arm only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import cos, pi, sin
from typing import Any

import numpy as np
import pytest

from rehab.contract.arms import planar_arm, pose, reference_at, upright, wrist
from rehab.core.controller import Controller
from rehab.core.device import DeviceInfo
from rehab.core.errors import Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.path import line
from rehab.core.types import Event, Reference, State

Make = Callable[..., Any]
DT = 0.001
ARMS: dict[str, Callable[[], DeviceInfo]] = {
    "two joints": planar_arm,
    "one joint": wrist,
    "two joints upright": lambda: upright(planar_arm()),
    "one joint upright": lambda: upright(wrist()),
}
NONSENSE: tuple[Any, ...] = (
    None, "", "left", [], [1.0], [0.1, 0.4, 0.2], ["a", "b"], float("nan"), float("inf"), -1, {"x": 1}, True,
)  # fmt: skip


def swing(arm: DeviceInfo, seconds: float) -> Iterator[tuple[State, Reference]]:
    """A hand that sways about home once a second, pushes on the force sensor, and is wanted at home."""
    home, period = pose(arm, arm.home), 2.0 * pi
    force = np.array((5.0, -3.0)[: len(home.x)])
    for k in range(round(seconds / DT)):
        t = k * DT
        q = tuple(q + 0.35 * sin(period * t + j) for j, q in enumerate(arm.home))
        qd = tuple(0.35 * period * cos(period * t + j) for j in range(arm.n_joints))
        yield pose(arm, q, qd)._replace(t=t, force=force * sin(2.0 * t)), reference_at(tuple(home.x))


def trial(arm: DeviceInfo) -> Event:
    """A trial from home along the last axis."""
    x, _ = kinematics_of(arm).forward(arm.home)
    return Event("trial_start", {"start": list(x), "target": [*x[:-1], x[-1] + 0.1], "index": 0})


def tell(controller: Any, event: Event) -> None:
    if hasattr(controller, "heed"):
        controller.heed(event)


class ControllerContract:
    @pytest.fixture
    def make(self) -> Make:
        raise NotImplementedError("a subclass of ControllerContract gives the fixture `make`: the controller's class")

    @pytest.fixture(params=ARMS)
    def arm(self, request: pytest.FixtureRequest, make: Make) -> DeviceInfo:
        """An arm that the controller fits: where it refuses one, the same with all that a device can have; and where it
        refuses a line too, an arm in a plane."""
        first: DeviceInfo = ARMS[request.param]()
        for info in (first, upright(first), upright(planar_arm())):
            try:
                make(info)
            except Findings:
                continue
            return info
        raise AssertionError("it refuses every arm")

    def test_it_is_a_controller(self, make: Make, arm: DeviceInfo) -> None:
        """It has `parameters`, `reset` and `update`: all that the loop calls."""
        assert isinstance(make(arm), Controller)

    def test_its_defaults_are_inside_their_own_ranges(self, make: Make, arm: DeviceInfo) -> None:
        """What a person gets who writes nothing is allowed, and each parameter says what it is for (forms and `rehab
        explain` show it)."""
        for name, field in make(arm).parameters.items():
            assert field.says, f"{name} says nothing to people"
            if field.kind in ("quantity", "number", "integer"):
                assert field.least is None or field.default >= field.least, name
                assert field.most is None or field.default <= field.most, name

    def test_it_refuses_a_parameter_that_is_not_its_own(self, make: Make, arm: DeviceInfo) -> None:
        """A typing error in a protocol must not pass for a setting."""
        with pytest.raises((Findings, TypeError)):
            make(arm, no_such_parameter=1.0)

    def test_torque_is_one_finite_number_a_joint_anywhere_in_the_range_of_motion(
        self, make: Make, arm: DeviceInfo
    ) -> None:
        """At 200 poses and speeds within the joints' limits, with dt of one tick, two, and after a stall. Anything else
        stops the session (F02, F39)."""
        rng, controller = np.random.default_rng(3), make(arm)
        controller.reset(pose(arm, arm.home))
        for _ in range(200):
            q = tuple(rng.uniform(j.q_min, j.q_max) for j in arm.joints)
            state = pose(arm, q, tuple(rng.uniform(-j.speed, j.speed) for j in arm.joints))
            reference = reference_at(tuple(rng.normal(state.x, 0.05)), tuple(rng.normal(0.0, 0.2, len(state.x))))
            torque = np.asarray(controller.update(state, reference, rng.choice([DT, 2 * DT, 0.05])))
            assert torque.shape == (arm.n_joints,)
            assert np.isfinite(torque).all()

    def test_only_the_arms_own_weight_is_held_at_rest_on_the_reference(self, make: Make, arm: DeviceInfo) -> None:
        """The hand is where it is wanted and still: no law pushes there. An upright arm needs g(q), and nothing else
        adds it."""
        state, controller = pose(arm, arm.home), make(arm)
        controller.reset(state)
        torque = controller.update(state, reference_at(tuple(state.x)), DT)
        assert np.asarray(torque) == pytest.approx(state.gravity, abs=1e-9)

    def test_it_starts_again_at_every_reset(self, make: Make, arm: DeviceInfo) -> None:
        """After `reset` the same motion gives the same torque: nothing is left of before, so that a session can be
        repeated."""
        controller = make(arm)

        def run() -> list[list[float]]:
            torques: list[list[float]] = []
            for state, reference in swing(arm, 0.3):
                if not torques:
                    controller.reset(state)
                    tell(controller, trial(arm))
                torques.append(np.asarray(controller.update(state, reference, DT)).tolist())
            return torques

        assert run() == run()

    def test_it_heeds_every_event_and_raises_for_none(self, make: Make, arm: DeviceInfo) -> None:
        """`heed`, if there is one, is told of all that an exercise says, also of what it does not expect."""
        controller, state = make(arm), pose(arm, arm.home)
        controller.reset(state)
        keys = ("start", "target", "name", "joint", "direction", "torque", "force", "displacement", "rise", "hold")
        events = [Event(kind) for kind in ("trial_start", "trial_end", "phase", "dynamics", "anything")]
        events += [Event("phase", {"name": name}) for name in ("hold", "go", "move", "perturb", "return")]
        for nonsense in NONSENSE:
            events += [Event("trial_start", dict.fromkeys(keys, nonsense)), Event("dynamics", {"name": nonsense})]
            events += [Event("phase", {**dict.fromkeys(keys, nonsense), "name": "perturb"})]
            events += [Event("trial_start", {"start": list(state.x), "target": list(state.x)}), Event("trial_end")]
        for event in events:
            tell(controller, event)
            assert np.isfinite(controller.update(state, reference_at(tuple(state.x)), DT)).all(), event

    def test_a_reference_on_a_path_is_a_reference(self, make: Make, arm: DeviceInfo) -> None:
        """Exercises that lead along a way give it with the reference; a law that needs none ignores it."""
        controller, x = make(arm), pose(arm, arm.home).x
        path = line(tuple(x), (*x[:-1], x[-1] + 0.1))
        for state, reference in swing(arm, 0.1):
            assert np.isfinite(controller.update(state, reference._replace(path=path), DT)).all()

    def test_it_leaves_what_it_is_given_unchanged(self, make: Make, arm: DeviceInfo) -> None:
        """State and reference are others' too: the monitor judges and the recorder writes the same arrays."""
        state, controller = pose(arm, arm.home, (0.3,) * arm.n_joints), make(arm)
        reference = reference_at(tuple(state.x + 0.02))
        before = [array.copy() for array in (*state[1:8], state.gravity, *reference[:3])]
        controller.update(state, reference, DT)
        after = (*state[1:8], state.gravity, *reference[:3])
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))

    def test_two_of_them_share_nothing(self, make: Make, arm: DeviceInfo) -> None:
        """A session builds several of one class; none may remember what another has felt."""
        def run(controller: Controller) -> list[list[float]]:
            controller.reset(pose(arm, arm.home))
            torques = []
            for k in range(50):
                state = pose(arm, tuple(q + 0.002 * k for q in arm.home), (0.1,) * arm.n_joints)
                torques.append(np.asarray(controller.update(state, reference_at(tuple(state.x + 0.01)), DT)).tolist())
            return torques

        first, second = make(arm), make(arm)
        alone = run(first)
        assert run(second) == alone

    def test_a_live_parameter_reaches_both_ends_of_its_range_without_a_step(self, make: Make, arm: DeviceInfo) -> None:
        """However a gain is changed while running, no tick steps the torque: by more than a tenth of what acts. Tried
        at five places, with every word of every choice, and with everything else that is off by default turned on where
        the device allows it. rehab.core.ramp does that."""
        fields = make(arm).parameters
        words = [{}] + [{name: word} for name, field in fields.items() for word in field.choices]
        for name, field in fields.items():
            if not field.live or None in (field.least, field.most) or not accepted(make, arm, {name: field.most}):
                continue
            most = 0.0
            for chosen in words:
                settings = self._settings(make, arm, name, dict(chosen))
                for turned in (0.0, -0.6, -0.05, 0.05, 0.6):
                    change, acting = self._change(make, arm, name, settings, turned)
                    size = float(np.abs(change).max())
                    step = np.abs(np.diff(change, axis=0)).max()
                    assert step <= max(0.1 * max(size, acting), 1e-9), (name, chosen, turned)
                    most = max(most, size)
            assert most > 0.0, f"{name} is called live and changes nothing"

    def _settings(self, make: Make, arm: DeviceInfo, name: str, settings: dict[str, Any]) -> dict[str, Any]:
        """With everything else turned on, and the parameter itself at its least."""
        fields = make(arm).parameters
        for number, (other, its) in enumerate(fields.items()):
            if other == name or not its.live or its.default != 0.0 or its.most is None:
                continue
            more = {**settings, other: its.most / (2 + number), name: fields[name].most}
            if accepted(make, arm, more):
                settings[other] = more[other]
        least = {**settings, name: fields[name].least}
        return least if accepted(make, arm, least) else settings

    def _change(
        self, make: Make, arm: DeviceInfo, name: str, settings: dict[str, Any], turned: float
    ) -> tuple[np.ndarray, float]:
        """Torque of one that is changed after two seconds less that of one that is not, N·m (ticks, joints), and the
        largest of that one, its weight left out. Both see the hand turned from home by that angle (rad), ever faster,
        and pushing, and a user who steers nearly for a goal."""
        changed, other, change = make(arm, **settings), make(arm, **settings), []
        there, t = pose(arm, (arm.home[0] + turned, *arm.home[1:])), 0.0
        home, axes = tuple(pose(arm, arm.home).x), len(there.x)
        goal = (home[0] + 0.3, *home[1:])
        wanted, force = reference_at(home)._replace(goals=(goal,)), np.array((5.0, -3.0)[:axes])
        there = there._replace(intent=np.array((0.8, 0.1)[:axes]))
        for controller in (changed, other):
            controller.reset(pose(arm, arm.home))
            tell(controller, trial(arm))
        for k in range(450):
            dt = DT if k >= 200 else 10.0 * DT
            t += dt
            if k == 200:
                changed.set(name, make(arm).parameters[name].most)
            qd = np.array((0.2, 0.1)[: arm.n_joints]) * (1.0 + t)
            state = there._replace(t=t, qd=qd, v=there.jacobian @ qd, force=t * force)
            torque, as_before = (np.array(one.update(state, wanted, dt)) for one in (changed, other))
            if k >= 199:
                change.append(torque - as_before)
        return np.array(change), float(np.abs(as_before - there.gravity).max())

    def test_a_declared_stiffness_is_the_force_per_metre_that_it_makes(self, make: Make, arm: DeviceInfo) -> None:
        """The monitor leashes the reference by `stiffness`: were it less than the real one, a spring could exceed the
        force limit."""
        controller, state, kinematics = make(arm), pose(arm, arm.home), kinematics_of(arm)
        stiffness = getattr(controller, "stiffness", None)
        if stiffness is None:
            return
        controller.reset(state)
        torque = controller.update(state, reference_at((state.x[0] + 0.01, *state.x[1:])), DT)
        force = kinematics.hand_force(tuple((np.asarray(torque) - state.gravity).tolist()), arm.home)
        assert np.linalg.norm(force) <= 0.01 * stiffness * (1 + 1e-6)


def accepted(make: Make, arm: DeviceInfo, parameters: dict[str, Any]) -> bool:
    try:
        make(arm, **parameters)
    except Findings:
        return False
    return True
