"""A stiffness that the device cannot hold at the delay of its link is refused before anything moves."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from rehab.core import registry
from rehab.core.parameters import Parameters, number, quantity
from rehab.session.messages import Arm, Prepare, Set
from tests.session.conftest import Push, block, plan


class Spring(Push):
    """Declares a spring and a damper; its torque is of no matter here."""

    parameters = Parameters(
        stiffness=quantity("200 N/m", unit="N/m", least="0 N/m", most="20 kN/m", live=True),
        damping_ratio=number(0.7, least=0.1, most=2.0, live=True),
    )

    def __init__(self, device, *, stiffness=200.0, damping_ratio=0.7):
        super().__init__(device, torque=0.0)
        self.stiffness, self.ratio = stiffness, damping_ratio

    @property
    def damping(self):
        return 2.0 * self.ratio * self.stiffness**0.5

    def set(self, name, value):
        setattr(self, {"stiffness": "stiffness", "damping_ratio": "ratio"}[name], value)


@pytest.fixture(autouse=True)
def spring(plugins):
    registry.add_local("controller", "spring", Spring)
    yield
    registry._local.pop(("controller", "spring"))


def held(stiffness: float, ratio: float = 0.7, number: int = 0):
    return block(
        number=number, controller="spring", controller_parameters={"stiffness": stiffness, "damping_ratio": ratio}
    )


def test_a_plan_that_is_too_stiff_is_refused_when_it_is_prepared(bench):
    error = bench.ask(Prepare(plan=plan(held(200.0), held(15_000.0, number=1))))
    assert error.startswith("blocks[1].controller.spring.stiffness: at 1 tick of delay test_arm holds at most ")
    assert "15 kN/m was asked for" in error
    assert bench.loop.state == "idle"


def test_the_measured_delay_of_the_link_decides(bench):
    stiff = Prepare(plan=plan(held(3000.0)))
    bench.device.link = SimpleNamespace(round_trip_p50=0.0048, summary=dict)
    assert "at 5 ticks of delay" in bench.ask(stiff)
    bench.device.link.round_trip_p50 = 0.0009
    assert bench.ask(stiff) == ""


def test_a_link_that_became_slower_since_is_refused_at_arming_and_no_power_goes_on(bench):
    bench.device.link = SimpleNamespace(round_trip_p50=0.0009, summary=dict)
    assert bench.ask(Prepare(plan=plan(held(3000.0)))) == ""
    bench.device.link.round_trip_p50 = 0.0048
    assert "at 5 ticks of delay" in bench.ask(Arm())
    assert not bench.device.armed
    assert bench.loop.state == "prepared"


def test_a_live_change_above_the_bound_is_refused_and_changes_nothing(bench):
    bench.start(held(200.0))
    bench.step(10)
    assert "15 kN/m was asked for" in bench.ask(Set(name="stiffness", value=15_000.0))
    assert bench.loop.rig.controller.stiffness == 200.0
    assert bench.ask(Set(name="stiffness", value=300.0)) == ""
    assert bench.loop.rig.controller.stiffness == 300.0


def test_damping_is_judged_with_the_stiffness_that_was_set_before(bench):
    bench.start(held(200.0))
    bench.step(10)
    assert bench.ask(Set(name="damping_ratio", value=2.0)) == ""
    assert bench.ask(Set(name="damping_ratio", value=0.7), Set(name="stiffness", value=3000.0)) == ""
    assert "3 kN/m was asked for" in bench.ask(Set(name="damping_ratio", value=2.0))
    assert bench.loop.rig.controller.ratio == 0.7


def test_a_controller_that_cannot_be_built_with_a_change_is_refused_and_the_session_goes_on(bench, monkeypatch):
    bench.start(held(200.0))
    bench.step(10)

    def broken(self, device, **parameters):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(Spring, "__init__", broken)
    assert "ZeroDivisionError" in bench.ask(Set(name="stiffness", value=300.0))
    bench.step(10)
    assert bench.loop.state == "running"
