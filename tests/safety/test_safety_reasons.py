"""The words for what limited the torque: every filter by its name, its value with the unit, and its owner."""

from __future__ import annotations

import pytest

from rehab.core.safety.reasons import why
from rehab.core.values import Acted, Floats
from tests.safety.conftest import limits

VALUES = {"force": 12.0, "power": 5.0, "speed": 0.5, "tank": 0.75}


def said(acted: Acted, sent: Floats = (1.0, -2.0)) -> str:
    """Every limit has an owner of its own."""
    present = limits(**VALUES)
    names = ("torque", "force", "growth", "power", "q_max", "speed", "tank")
    words = why(int(acted), sent, present._replace(who={name: f"owner of {name}" for name in names}))
    size, _, reason = words.partition(" N·m: limited by ")
    assert float(size) == round(max(map(abs, sent)), 1)
    return reason


@pytest.mark.parametrize(
    ("acted", "words"),
    [
        (Acted.FINITE, "a wish that was not finite"),
        (Acted.LEASH, "the distance to the reference"),
        (Acted.GROWTH, "how fast torque may grow (owner of growth)"),
        (Acted.SATURATION, "the force limit 12 N (owner of force)"),
        (Acted.POWER, "the power limit 5 W (owner of power)"),
        (Acted.POSITION, "the range of motion (owner of q_max)"),
        (Acted.VELOCITY, "the speed limit 0.5 m/s (owner of speed)"),
        (Acted.PASSIVITY, "the energy that may be spent 0.75 J (owner of tank)"),
        (Acted.SOFT_START, "soft start"),
        (Acted.BLEND, "a change of controller"),
    ],
)
def test_each_filter_is_named_with_its_limit_and_who_set_it(acted, words):
    assert said(acted) == words


def test_several_filters_are_named_one_after_the_other():
    assert said(Acted.LEASH | Acted.SOFT_START) == "the distance to the reference, soft start"


def test_a_joint_within_a_thousandth_of_its_limit_is_limited_by_it():
    most = limits().torque[0]
    assert said(Acted.SATURATION, (0.999 * most, 0.0)) == "the torque limit (owner of torque)"
    assert said(Acted.SATURATION, (0.99 * most, 0.0)).startswith("the force limit")


def test_torque_of_another_number_of_joints_is_refused():
    with pytest.raises(ValueError, match="argument"):
        why(int(Acted.SATURATION), (1.0,), limits())


def test_nothing_that_acted_has_no_words():
    assert why(0, (1.0, 1.0), limits()) == ""


def test_a_limit_without_an_owner_is_named_without_one():
    present = limits(**VALUES)._replace(who={})
    assert why(int(Acted.POWER), (1.0, 2.0), present) == "2.0 N·m: limited by the power limit 5 W"
    assert why(int(Acted.GROWTH), (1.0, 2.0), present) == "2.0 N·m: limited by how fast torque may grow"
