"""Force fields: F = s B v, against the figures of Shadmehr & Mussa-Ivaldi's saddle and the work of a curl."""

from __future__ import annotations

from math import cos, pi, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.force_field import ForceField
from rehab.core.errors import Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.minimum_jerk import MinimumJerk
from tests.arms import hand_at, planar_arm, pose, reference_at, wrist

ARM = planar_arm()
DT = 0.001
speed = st.floats(-1.5, 1.5)
HERE = reference_at((0.0, 0.45))


def force_of(field: ForceField, v: tuple[float, float]) -> np.ndarray:
    state = hand_at(ARM, tuple(pose(ARM, ARM.home).x), v)
    torque = field.update(state, HERE, DT)
    return np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))


@pytest.mark.parametrize(
    ("angle", "work", "peak"),
    [(0, -0.28857, 5.6555), (45, -0.30571, 5.6481), (90, 0.31714, 5.9132), (135, 0.33429, 5.9204)],
)
def test_the_saddle_of_1994_does_the_work_of_the_design_on_a_reach(angle: float, work: float, peak: float) -> None:
    """10 cm in 0.5 s by minimum jerk; work by the midpoint rule over 5000 steps, which is exact to 1e-8 here."""
    field, steps = ForceField(ARM, saddle=1.0), 5000
    way = (cos(radians(angle)), sin(radians(angle)))
    reach = MinimumJerk((0.0, 0.0), (0.1 * way[0], 0.1 * way[1]), begin=0.0, duration=0.5)
    done, largest = 0.0, 0.0
    for k in range(steps):
        _, v = reach.at((k + 0.5) * 0.5 / steps)
        force = force_of(field, v)  # type: ignore[arg-type]
        done += float(force @ v) * 0.5 / steps
        largest = max(largest, float(np.linalg.norm(force)))
    assert f"{done:+.5f}" == f"{work:+.5f}"
    assert f"{largest:.4f}" == f"{peak:.4f}"


@given(speed, speed, st.floats(-50.0, 50.0))
def test_a_curl_does_no_work(vx: float, vy: float, curl: float) -> None:
    assert force_of(ForceField(ARM, curl=curl), (vx, vy)) @ (vx, vy) == pytest.approx(0.0, abs=1e-9)


def test_a_curl_pushes_to_the_right_of_the_movement() -> None:
    assert force_of(ForceField(ARM, curl=15.0), (0.0, 0.4)) == pytest.approx([6.0, 0.0])
    assert force_of(ForceField(ARM, curl=15.0, sign=-1.0), (0.0, 0.4)) == pytest.approx([-6.0, 0.0], abs=1e-9)


@given(speed, speed, st.floats(0.0, 50.0))
def test_a_viscous_field_resists_by_so_much_a_speed(vx: float, vy: float, b: float) -> None:
    assert force_of(ForceField(ARM, viscous=b), (vx, vy)) == pytest.approx([-b * vx, -b * vy], abs=1e-9)


@given(speed, speed, *[st.floats(-50.0, 50.0)] * 4)
def test_any_matrix_can_be_written(vx: float, vy: float, xx: float, xy: float, yx: float, yy: float) -> None:
    force = force_of(ForceField(ARM, xx=xx, xy=xy, yx=yx, yy=yy), (vx, vy))
    assert force == pytest.approx([xx * vx + xy * vy, yx * vx + yy * vy], abs=1e-8)


def test_its_parts_add_up() -> None:
    whole = ForceField(ARM, curl=5.0, viscous=2.0, saddle=1.0, xx=1.0).matrix
    assert whole.tolist() == [[-10.1 - 2.0 + 1.0, -11.2 + 5.0], [-11.2 - 5.0, 11.1 - 2.0]]


def test_nothing_named_is_the_null_field() -> None:
    assert not force_of(ForceField(ARM), (0.7, -0.4)).any()


def test_all_of_it_is_declared_as_feed_forward() -> None:
    field, state = ForceField(ARM, saddle=1.0), pose(ARM, ARM.home, (1.0, -0.5))
    assert field.update(state, HERE, DT) == pytest.approx(field.feed_forward)
    assert np.abs(field.feed_forward).max() > 0.1


def test_on_a_line_there_is_a_viscous_field_and_nothing_across() -> None:
    torque = ForceField(wrist(), viscous=10.0).update(pose(wrist(), (0.0,), (2.0,)), reference_at((0.0,)), DT)
    assert torque == pytest.approx([-10.0 * 0.5 * 0.25])
    with pytest.raises(Findings) as caught:
        ForceField(wrist(), curl=15.0, yy=3.0)
    assert [found.field for found in caught.value.findings] == ["curl", "yy"]
    with pytest.raises(Findings, match="moves along a line"):
        ForceField(wrist()).set("curl", 15.0)


@given(st.floats(0.0, 2 * pi))
def test_the_sign_turns_all_of_it_round(around: float) -> None:
    v = (cos(around), sin(around))
    one, other = (ForceField(ARM, curl=10.0, saddle=1.0, sign=s) for s in (1.0, -1.0))
    assert force_of(one, v) == pytest.approx(-force_of(other, v))
