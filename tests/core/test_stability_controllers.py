"""The stiffness bound as a controller meets it: what it declares, what is said of it, and where the delay is from."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs

from controllers.impedance import Impedance
from controllers.transparent import Transparent
from rehab.core.stability import delay_of, held, is_stable, largest_stiffness, stiffness_finding
from tests.arms import planar_arm, pose, reference_at

INFO = planar_arm()


def spring(**attributes: Any) -> Any:
    return SimpleNamespace(**attributes)


def test_a_soft_controller_is_no_finding() -> None:
    assert stiffness_finding(INFO, Impedance(INFO), 0.002) is None


def test_a_controller_without_a_spring_is_none_of_its_business() -> None:
    assert stiffness_finding(INFO, Transparent(INFO), 1.0) is None
    assert held(INFO, Transparent(INFO), 1.0) is None


def test_the_finding_says_at_what_delay_how_stiff_the_device_holds_and_what_was_asked() -> None:
    stiff = Impedance(INFO, stiffness=3000.0, damping_ratio=2.0)
    bound = largest_stiffness(INFO, delay=0.002, damping_ratio=2.0)
    finding = stiffness_finding(INFO, stiff, 0.002)
    assert finding is not None
    assert finding.field == "stiffness"
    assert finding.message == f"at 2 ticks of delay test_arm holds at most {bound:.0f} N/m stably; 3 kN/m was asked for"
    assert f"{bound:.0f} N/m or less" in finding.allowed


def test_what_the_finding_allows_is_allowed() -> None:
    asked = held(INFO, Impedance(INFO, stiffness=3000.0, damping_ratio=2.0), 0.002)
    assert asked is not None
    again = Impedance(INFO, stiffness=asked.bound, damping_ratio=2.0)
    assert stiffness_finding(INFO, again, 0.002) is None


def test_virtual_damping_that_is_declared_counts() -> None:
    bare = spring(stiffness=1000.0)
    damped = spring(stiffness=1000.0, damping=Impedance(INFO, stiffness=1000.0).damping)
    assert stiffness_finding(INFO, bare, 0.002) is not None
    assert stiffness_finding(INFO, damped, 0.002) is None


def test_the_bound_keeps_the_damping_ratio_of_the_controller() -> None:
    asked = held(INFO, Impedance(INFO, stiffness=300.0, damping_ratio=1.3), 0.003)
    assert asked is not None
    assert asked.bound == largest_stiffness(INFO, delay=0.003, damping_ratio=1.3)
    assert asked.ticks == 3


@pytest.mark.parametrize("nonsense", [float("nan"), float("inf"), "stiff", None, [1.0, 2.0]])
@pytest.mark.parametrize("attribute", ["stiffness", "damping"])
def test_a_stiffness_or_damping_that_is_no_number_is_a_finding(attribute: str, nonsense: Any) -> None:
    finding = stiffness_finding(INFO, spring(**{"stiffness": 100.0, attribute: nonsense}), 0.001)
    assert finding is not None
    assert "cannot be judged" in finding.message


def test_a_device_that_holds_nothing_is_said_so() -> None:
    loose = structs.replace(INFO, joints=tuple(structs.replace(joint, damping=0.0) for joint in INFO.joints))
    finding = stiffness_finding(loose, spring(stiffness=100.0), 0.001)
    assert finding is not None
    assert finding.message == "at 1 tick of delay test_arm holds no spring stably; 100 N/m was asked for"


def test_the_declared_damping_of_impedance_is_what_it_makes_of_a_speed() -> None:
    controller = Impedance(INFO, stiffness=500.0, damping_ratio=0.4)
    still, moving = pose(INFO, INFO.home), pose(INFO, INFO.home, (0.3, -0.2))
    torque = controller.update(moving, reference_at(tuple(still.x)), 0.001)
    expected = -controller.damping * still.jacobian.T @ moving.v
    assert torque == pytest.approx(expected)


def test_a_simulation_in_this_process_is_one_tick_late() -> None:
    assert delay_of(INFO, None).seconds == INFO.period_s


def test_a_link_is_as_late_as_it_was_measured() -> None:
    delay = delay_of(INFO, spring(round_trip_p50=0.0031))
    assert delay.seconds == 0.0031
    assert "measured: 3.1 ms" in delay.how


@pytest.mark.parametrize(
    ("info", "link"),
    [(INFO, spring(round_trip_p50=0.0)), (structs.replace(INFO, simulated=False), None)],
    ids=["nothing was exchanged yet", "the driver does not measure"],
)
def test_a_link_that_was_not_measured_counts_as_two_ticks_and_says_so(info: Any, link: Any) -> None:
    delay = delay_of(info, link)
    assert delay.seconds == 2 * INFO.period_s
    assert delay.how.startswith("assumed")


def test_a_tick_more_can_turn_what_was_allowed_into_a_finding() -> None:
    controller = Impedance(INFO, stiffness=3000.0)
    assert is_stable(INFO, controller.stiffness, controller.damping, delay=0.002)
    assert stiffness_finding(INFO, controller, 0.002) is None
    assert stiffness_finding(INFO, controller, 0.003) is not None
