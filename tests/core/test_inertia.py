"""The inertia of a serial arm, against the equations of motion in closed form."""

from __future__ import annotations

from math import cos

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.inertia import hand_mass, mass_matrix
from rehab.core.kinematics import kinematics_of
from tests.arms import planar_arm, wrist

ARM = planar_arm()


@given(st.floats(-3.0, 3.0), st.floats(-3.0, 3.0))
def test_the_mass_matrix_of_two_links_is_the_textbooks(q1: float, q2: float) -> None:
    """Siciliano et al., section 7.3.2."""
    first, second = ARM.links
    a2 = second.inertia + second.mass * second.centre**2
    a1 = first.inertia + first.mass * first.centre**2 + a2 + second.mass * first.length**2
    a3 = second.mass * first.length * second.centre
    expected = [[a1 + 2 * a3 * cos(q2), a2 + a3 * cos(q2)], [a2 + a3 * cos(q2), a2]]
    assert mass_matrix(ARM, (q1, q2)) == pytest.approx(np.array(expected), rel=1e-9, abs=1e-12)


def test_one_joint_turns_its_link() -> None:
    assert mass_matrix(wrist(), (0.7,)) == pytest.approx(np.array([[0.002 + 0.4 * 0.125**2]]))
    assert hand_mass(wrist(), (0.7,)) == pytest.approx((0.002 + 0.4 * 0.125**2) / 0.25**2)


def test_the_hand_mass_is_the_mean_of_what_is_felt_in_all_directions() -> None:
    """Felt mass along u, free to move across it or not: uᵀΛu, averaged over directions by sampling."""
    q = ARM.home
    jacobian = np.array(kinematics_of(ARM).forward(q)[1])
    at_hand = np.linalg.inv(jacobian @ np.linalg.inv(mass_matrix(ARM, q)) @ jacobian.T)
    angles = np.linspace(0.0, 2 * np.pi, 1000, endpoint=False)
    u = np.array([np.cos(angles), np.sin(angles)])
    assert hand_mass(ARM, q) == pytest.approx(float(np.mean(np.einsum("ik,ij,jk->k", u, at_hand, u))))


def test_a_straight_arm_has_a_finite_hand_mass() -> None:
    assert 0.0 < hand_mass(ARM, (0.3, 0.0)) < 2.0
