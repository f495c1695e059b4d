"""Every controller at the simulated arm, behind the monitor, with somebody in it: nothing is taken for a fault."""

from __future__ import annotations

from typing import Any

import pytest

from rehab.core import registry
from rehab.core.errors import Findings
from rehab.core.safety.faults import Fault
from sim import models
from tests.arms import planar_arm, upright
from tests.safety.test_safety_sessions import session

ARM = "planar_arm"
SECONDS = 5.0
PATIENTS = ("healthy", "passive")


def runs_here(name: str) -> bool:
    """Some need what this arm has not: they say so, and their own tests run them where they have it."""
    try:
        registry.find("controller", name)(models.load(ARM))
    except Findings:
        return False
    return True


HERE = [name for name in registry.names("controller") if runs_here(name)]
ELSEWHERE = [name for name in registry.names("controller") if not runs_here(name)]
# the extremes of what can be asked for, and the forms that are not the default
FORMS: list[tuple[str, dict[str, Any]]] = [
    ("transparent", {"friction_share": 0.8, "inertia_share": 0.5}),
    ("impedance", {"space": "joint", "joint_stiffness": "100 N*m/rad"}),
    ("position_hold", {"space": "joint"}),
    ("move_to", {"space": "joint"}),
    ("move_to", {"target": "-5 cm, 40 cm"}),
    ("force_field", {"curl": "30 N*s/m"}),
    ("force_field", {"saddle": 1.0}),
    ("resistive", {"viscous": "0 N*s/m", "constant": "10 N"}),
    ("resistive", {"viscous": "0 N*s/m", "inertial": "3 kg"}),
    ("resistive", {"elastic": "300 N/m"}),
    ("perturbation", {"base": "impedance", "least": "500 ms", "most": "1 s"}),
    ("perturbation", {"base": "impedance", "kind": "position", "least": "500 ms", "most": "1 s"}),
    ("perturbation", {"kind": "position", "least": "500 ms", "most": "1 s"}),
    ("perturbation", {"base": "impedance", "joint": 2, "rise": "10 ms", "least": "500 ms", "most": "1 s"}),
    ("virtual_wall", {"distance": "4 cm", "stiffness": "3 kN/m"}),
    ("workspace_box", {"width": "12 cm", "depth": "12 cm", "stiffness": "3 kN/m"}),
]


@pytest.mark.parametrize("patient", PATIENTS)
@pytest.mark.parametrize("name", HERE)
def test_nobody_who_trains_with_it_is_stopped(name: str, patient: str) -> None:
    loop = session(patient, name, SECONDS)
    assert loop.rig.monitor.fault is Fault.NONE, loop.rig.monitor.reason
    assert loop.course.trial >= 1


@pytest.mark.parametrize(("name", "parameters"), FORMS, ids=[f"{n} {' '.join(map(str, p.values()))}" for n, p in FORMS])
def test_nor_with_its_other_forms(name: str, parameters: dict[str, Any]) -> None:
    for patient in PATIENTS:
        loop = session(patient, name, SECONDS, **parameters)
        assert loop.rig.monitor.fault is Fault.NONE, (patient, loop.rig.monitor.reason)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_one_that_does_not_fit_this_arm_says_why_and_fits_one_that_has_what_it_needs(name: str) -> None:
    plugin = registry.find("controller", name)
    with pytest.raises(Findings) as caught:
        plugin(models.load(ARM))
    assert models.load(ARM).model in str(caught.value)
    plugin(upright(planar_arm()))


@pytest.mark.parametrize("parameters", [{}, {"mass": "3.2 kg", "damping": "5 N*s/m"}, {"stiffness": "200 N/m"}])
def test_admittance_at_an_arm_with_a_force_sensor(parameters: dict[str, str]) -> None:
    for patient in PATIENTS:
        loop = session(patient, "admittance", SECONDS, force_sensor=True, **parameters)
        assert loop.rig.monitor.fault is Fault.NONE, (patient, loop.rig.monitor.reason)
        assert loop.course.trial >= 1


@pytest.mark.parametrize("patient", PATIENTS)
@pytest.mark.parametrize(
    ("name", "parameters"),
    [("channel", {}), ("channel", {"ramp_in": "hold", "stiffness": "2 kN/m", "damping": "40 N*s/m"}),
     ("perturbation", {"trigger": "place", "force": "20 N", "rise": "10 ms"})],
)  # fmt: skip
def test_nor_with_those_that_are_told_of_the_trials(name: str, parameters: dict[str, str], patient: str) -> None:
    loop = session(patient, name, 2.0 * SECONDS, **parameters)
    assert loop.rig.monitor.fault is Fault.NONE, loop.rig.monitor.reason
    assert loop.course.trial >= 2
