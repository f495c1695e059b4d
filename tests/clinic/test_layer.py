"""A person's limits on top of a device's: they only tighten, in any order, and know whose they are."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rehab.clinic.limits import PERSONAL
from rehab.clinic.records import MotionRange
from rehab.core.errors import Findings
from rehab.core.limits import BUILTIN
from rehab.core.person import PersonLayer, PersonLimit, limits_for
from tests.arms import planar_arm, wrist
from tests.clinic.people import House

ARM = planar_arm()


def scalar(name: str) -> st.SearchStrategy[PersonLimit]:
    builtin = BUILTIN[name]
    values = st.floats(builtin.least, builtin.most)
    return values.map(lambda value: PersonLimit(who=f"{name} {value}", name=name, value=value))


def of_joint(name: str, least: float, most: float) -> st.SearchStrategy[PersonLimit]:
    return st.builds(
        lambda joint, value: PersonLimit(who=f"{name} {value}", name=name, value=value, joint=joint, model=ARM.model),
        st.integers(0, 1), st.floats(least, most),
    )  # fmt: skip


LIMITS = st.one_of(
    *(scalar(name) for name in PERSONAL), of_joint("torque", 0.1, 30.0), of_joint("joint_speed", 0.1, 10.0),
    of_joint("q_min", -1.0, 1.0), of_joint("q_max", 1.1, 4.0),
)  # fmt: skip
LAYERS = st.lists(LIMITS, max_size=8)


def looser(name: str, value: float, present: float) -> bool:
    more_is_tighter = name == "q_min" or (name in BUILTIN and BUILTIN[name].tighter == "more")
    return value < present if more_is_tighter else value > present


@given(LAYERS)
def test_no_layer_ever_loosens_a_limit(limits: list[PersonLimit]) -> None:
    before = limits_for(ARM)
    after = limits_for(ARM, None, PersonLayer("P", tuple(limits)))
    assert not any(looser(name, after.values[name], before.values[name]) for name in BUILTIN)
    for name in ("torque", "q_min", "q_max", "joint_speed"):
        pairs = zip(getattr(after, name), getattr(before, name), strict=True)
        assert not any(looser(name, value, present) for value, present in pairs)


@given(LAYERS, st.randoms(use_true_random=False))
def test_the_order_of_a_layers_limits_does_not_matter(limits: list[PersonLimit], random: object) -> None:
    other = list(limits)
    random.shuffle(other)  # type: ignore[attr-defined]
    one = limits_for(ARM, None, PersonLayer("P", tuple(limits)))
    two = limits_for(ARM, None, PersonLayer("P", tuple(other)))
    assert (one.values, one.torque, one.q_min, one.q_max, one.joint_speed) == (
        two.values, two.torque, two.q_min, two.q_max, two.joint_speed,
    )  # fmt: skip


@given(LIMITS)
def test_a_limit_that_acts_is_owned_by_who_set_it(limit: PersonLimit) -> None:
    before, after = limits_for(ARM), limits_for(ARM, None, PersonLayer("P", (limit,)))
    assume(after != before._replace(identity=after.identity))
    assert after.owner(limit.name, limit.joint if limit.joint >= 0 else None) == limit.who


def test_limits_of_a_person_are_nobody_elses() -> None:
    limits = limits_for(ARM, None, PersonLayer("K7QF-3M9X"))
    assert limits.belongs_to(ARM.identity, "K7QF-3M9X")
    assert not limits.belongs_to(ARM.identity) and not limits.belongs_to(ARM.identity, "OTHE-RRRR")
    assert limits_for(ARM).belongs_to(ARM.identity)


def test_joints_of_another_model_are_not_meant() -> None:
    layer = PersonLayer("P", (PersonLimit(who="x", name="torque", value=0.5, joint=0, model=ARM.model),))
    assert limits_for(wrist(), None, layer).torque == limits_for(wrist()).torque
    assert limits_for(ARM, None, layer).torque[0] == 0.5


def test_a_joint_that_the_device_has_not_is_a_finding() -> None:
    layer = PersonLayer("P", (PersonLimit(who="x", name="torque", value=0.5, joint=2, model=ARM.model),))
    with pytest.raises(Findings, match="no joint 3"):
        limits_for(ARM, None, layer)


def test_a_charts_layer_carries_limits_and_the_range_that_was_shown(home: House) -> None:
    patient = home.patient()
    home.anna.charts.set_limit(patient, "force", 20.0, reason="pain")
    home.anna.charts.set_range(
        patient, MotionRange(device=ARM.model, low=(), high=(), q_min=(0.1, 0.9), q_max=(1.2, 2.0))
    )
    limits = limits_for(ARM, {"speed": 0.5}, home.anna.charts.read(patient).layer)
    assert (limits.force, limits.speed, limits.q_min, limits.q_max) == (20.0, 0.5, (0.1, 0.9), (1.2, 2.0))
    assert limits.owner("force") == "the patient's file, AR, 3 May" and limits.owner("speed") == "site"
    assert limits.owner("q_max", 1) == "the range shown in the patient's file, AR, 3 May"
    assert limits.belongs_to(ARM.identity, patient)
