"""Controllers and exercises from a function of three lines."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from math import cos, pi, sin
from typing import Any

import cloudpickle
import numpy as np
import pytest

from rehab.contract.controller import ControllerContract, Make
from rehab.contract.exercise import DT, ExerciseContract, events, follower, run
from rehab.core import registry
from rehab.core.decorators import controller, describe, exercise, rebuild
from rehab.core.errors import BadInput, Findings, UnknownName
from rehab.core.parameters import integer, quantity
from tests.arms import hand_at, planar_arm, pose, reference_at

ARM = planar_arm()


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a test makes known is forgotten after it."""
    before = dict(registry._local)
    yield
    registry._local.clear()
    registry._local.update(before)


def spring(state: Any, reference: Any, dt: float, *, stiffness: float) -> Any:
    """A spring."""
    return state.jacobian.T @ (stiffness * (reference.x - state.x))


def circle(t: float, *, radius: float, duration: float) -> tuple[float, float]:
    return radius * cos(2 * pi * t / duration), radius * sin(2 * pi * t / duration)


def stroke(t: float, *, length: float) -> tuple[float, float]:
    """A line, run once: it ends elsewhere than it began."""
    return length * t / 2.0, 0.0


def make_spring(device: Any, **parameters: Any) -> Any:
    return rebuild(
        "controller", "spring", spring, {"stiffness": quantity("200 N/m", unit="N/m", says="spring", live=True)}
    )(device, **parameters)


class TestAFunctionAsAController(ControllerContract):
    @pytest.fixture
    def make(self) -> Make:
        return make_spring


class TestAFunctionAsAnExercise(ExerciseContract):
    @pytest.fixture(params=["closed", "open"])
    def make(self, request: pytest.FixtureRequest) -> Make:
        def make(device: Any, **parameters: Any) -> Any:
            one = device.n_joints == 1
            if request.param == "closed":
                path = (
                    (lambda t, *, radius, duration: circle(t, radius=radius, duration=duration)[:1]) if one else circle
                )
                return rebuild("exercise", "circle", path, {"duration": "4 s", "radius": "5 cm"})(device, **parameters)
            line = (lambda t, *, length: stroke(t, length=length)[:1]) if one else stroke
            return rebuild("exercise", "stroke", line, {"duration": "2 s", "length": "6 cm"})(device, **parameters)

        return make


def test_the_function_is_returned_unchanged() -> None:
    assert controller("spring", stiffness="200 N/m")(spring) is spring
    assert exercise("circle", duration="10 s", radius="5 cm")(circle) is circle


def test_the_controller_is_found_under_its_name_and_computes_the_function() -> None:
    controller("spring", stiffness="2 N/cm")(spring)
    made = registry.find("controller", "spring")(ARM)
    state = pose(ARM, ARM.home)
    reference = reference_at((0.05, 0.40))
    made.reset(state)
    assert made.update(state, reference, DT) == pytest.approx(spring(state, reference, DT, stiffness=200.0))
    assert made.parameters["stiffness"].unit == "N/m"
    assert "spring" in registry.names("controller")


def test_a_parameter_can_be_given_and_changed_while_running_over_200_ms() -> None:
    controller("spring", stiffness="200 N/m")(spring)
    made = registry.find("controller", "spring")(ARM, stiffness=100.0)
    state, reference = pose(ARM, ARM.home), reference_at((0.05, 0.40))
    made.set("stiffness", 300.0)
    for expected in (200.0, 300.0):
        for _ in range(100):
            torque = made.update(state, reference, DT)
        assert torque == pytest.approx(spring(state, reference, DT, stiffness=expected))


def test_the_decorated_law_is_not_corrected_for_the_monitor_sees_what_it_is() -> None:
    @controller("wrong")
    def wrong(state: Any, reference: Any, dt: float) -> Any:
        return [float("nan")]

    assert (
        str(registry.find("controller", "wrong")(ARM).update(pose(ARM, ARM.home), reference_at((0, 0)), DT)) == "[nan]"
    )


def test_keywords_become_parameters_of_their_kind() -> None:
    @controller("many", angle="30 deg", share=0.5, on=True, count=integer(3, least=1))
    def many(state: Any, reference: Any, dt: float, *, angle: float, share: float, on: bool, count: int) -> Any:
        return np.zeros(2)

    fields = registry.find("controller", "many").parameters
    assert [(field.kind, field.unit) for field in fields.values()] == [
        ("quantity", "rad"), ("number", ""), ("flag", ""), ("integer", ""),
    ]  # fmt: skip
    assert fields["angle"].default == pytest.approx(pi / 6)
    assert [field.live for field in fields.values()] == [True, True, False, False]


@pytest.mark.parametrize(
    ("keywords", "words"),
    [
        ({}, "stiffness"),
        ({"stiffness": "200 N/m", "damping": 3.0}, "damping"),
        ({"stiffness": "hello"}, "hello"),
        ({"stiffness": [1, 2]}, "stiffness"),
    ],
)
def test_keywords_that_do_not_fit_are_refused_when_it_is_decorated(keywords: dict, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        controller("spring", **keywords)(spring)
    assert "spring" not in registry.names("controller")


@pytest.mark.parametrize(("kind", "taken"), [(controller, "impedance"), (exercise, "reach")])
def test_the_name_of_an_installed_one_is_refused(kind: Any, taken: str) -> None:
    with pytest.raises(BadInput, match="choose another name"):
        kind(taken)


@pytest.mark.parametrize("name", ["", "my spring", "3d", "a/b"])
def test_a_name_that_no_protocol_could_write_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="cannot be the name"):
        controller(name)


def test_a_cell_that_is_run_again_defines_it_again() -> None:
    controller("spring", stiffness="200 N/m")(spring)
    controller("spring", stiffness="300 N/m")(spring)
    assert registry.find("controller", "spring").parameters["stiffness"].default == 300.0


def test_an_exercise_leads_along_the_path_for_its_duration() -> None:
    exercise("circle", duration="4 s", radius="5 cm")(circle)
    moments = list(run(registry.find("exercise", "circle")(ARM), ARM, follower, 8.0))
    start = next(m for m in moments if m.event and m.event.kind == "trial_start")
    end = next(m for m in moments if m.event and m.event.kind == "trial_end")
    assert end.t - start.t == pytest.approx(4.0, abs=0.003)
    assert end.event is not None
    assert end.event.data["outcome"] == "reached"
    centre = pose(ARM, ARM.home).x
    led = [m.reference for m in moments if start.t < m.t < end.t]
    assert np.array([np.linalg.norm(r.x - centre) for r in led]) == pytest.approx(0.05, abs=1e-9)
    assert np.array([np.linalg.norm(r.v) for r in led]) == pytest.approx(2 * pi * 0.05 / 4.0, rel=1e-4)


def test_an_open_path_is_led_back_to_its_beginning() -> None:
    exercise("stroke", duration="2 s", length="6 cm")(stroke)
    found = events(run(registry.find("exercise", "stroke")(ARM), ARM, follower, 8.0))
    names = [event.data.get("name", event.kind) for _, event in found]
    assert names[:6] == ["approach", "trial_start", "go", "trial_end", "return", "trial_start"]


def test_what_is_shown_moves_along_the_path() -> None:
    exercise("circle", duration="4 s", radius="5 cm")(circle)
    moments = list(run(registry.find("exercise", "circle")(ARM), ARM, follower, 5.0))
    for moment in moments[1000:]:
        (target,) = moment.scene.targets
        assert np.linalg.norm(np.array(target.x) - moment.reference.x) < 0.03 * 2 * pi * 0.05 / 4.0 + 0.02
    assert len({moment.scene.targets[0].x for moment in moments}) > 100


def test_duration_is_given_to_a_function_that_asks_for_it_only() -> None:
    @exercise("still", duration="1 s")
    def still(t: float) -> tuple[float, float]:
        return 0.0, 0.01

    assert registry.find("exercise", "still")(ARM).parameters["duration"].default == 1.0


def test_a_path_out_of_reach_is_refused_before_anything_moves() -> None:
    exercise("circle", duration="4 s", radius="60 cm")(circle)
    with pytest.raises(Findings, match="does not reach"):
        registry.find("exercise", "circle")(ARM)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (lambda t: (0.0,), "shape"),
        (lambda t: (0.0, float("nan")), "not finite"),
        (lambda t: 1 / 0, "ZeroDivisionError"),
        (lambda t: "here", "ValueError"),
    ],
)
def test_a_function_that_fails_is_named_before_anything_moves(path: Any, words: str) -> None:
    exercise("odd")(path)
    with pytest.raises(BadInput, match="odd") as refused:
        registry.find("exercise", "odd")(ARM)
    assert words in str(refused.value)


@pytest.mark.parametrize("duration", ["5 cm", 3.0, True])
def test_a_duration_that_is_no_time_is_refused(duration: Any) -> None:
    with pytest.raises(BadInput, match="not a time"):
        exercise("still", duration=duration)(lambda t: (0.0, 0.0))


def test_describing_what_is_unknown_here_is_refused() -> None:
    with pytest.raises(UnknownName):
        describe("controller", "nowhere")


def test_a_described_plugin_is_rebuilt_from_its_bytes_as_it_was() -> None:
    controller("spring", stiffness="250 N/m")(spring)
    data = cloudpickle.dumps(describe("controller", "spring"))
    registry._local.clear()
    made = rebuild(*cloudpickle.loads(data))
    assert registry.find("controller", "spring") is made
    assert made(ARM).parameters["stiffness"].default == 250.0


def test_a_whole_class_of_a_script_is_described_too() -> None:
    class Own:
        parameters = make_spring(ARM).parameters

    registry.add_local("controller", "own", Own)
    kind, name, made_of, keywords = describe("controller", "own")
    registry._local.clear()
    assert rebuild(kind, name, made_of, keywords) is Own
    assert registry.find("controller", "own") is Own


def test_a_script_s_function_works_in_another_process() -> None:
    """Defined where the other process cannot import it, as in an unguarded script."""
    scope: dict[str, Any] = {"__name__": "__main__"}
    exec("GAIN = 2\ndef law(state, reference, dt, *, stiffness):\n    return [GAIN * stiffness, dt]", scope)
    controller("travelled", stiffness="200 N/m")(scope["law"])
    exec("def path(t, *, size):\n    return [size * t, 0.0]", scope)
    exercise("drawn", duration="1 s", size="1 cm")(scope["path"])
    recipes = [describe("controller", "travelled"), describe("exercise", "drawn")]
    there = """
import sys, cloudpickle
from rehab.core import decorators, registry
for recipe in cloudpickle.load(sys.stdin.buffer):
    decorators.rebuild(*recipe)
from tests.arms import planar_arm, pose, reference_at
arm = planar_arm()
state = pose(arm, arm.home)
print(registry.find("controller", "travelled")(arm).update(state, reference_at((0, 0)), 0.5))
print(registry.find("exercise", "drawn")(arm).parameters["size"].default)
"""
    data = cloudpickle.dumps(recipes)
    done = subprocess.run([sys.executable, "-c", there], input=data, capture_output=True, check=False)
    assert done.stderr == b""
    assert done.stdout.split() == [b"[400.0,", b"0.5]", b"0.01"]


def test_the_made_class_itself_travels_by_value() -> None:
    controller("spring", stiffness="250 N/m")(spring)
    made = cloudpickle.loads(cloudpickle.dumps(registry.find("controller", "spring")))
    state = pose(ARM, ARM.home)
    assert np.isfinite(made(ARM).update(state, reference_at((0.0, 0.4)), DT)).all()


def test_the_reference_starts_at_the_hand_wherever_that_is() -> None:
    exercise("circle", duration="4 s", radius="5 cm")(circle)
    made, far = registry.find("exercise", "circle")(ARM), hand_at(ARM, (0.15, 0.30))
    made.start(far, ARM.limits(), np.random.default_rng(1))
    assert made.reference(0.0, far).x == pytest.approx([0.15, 0.30])
