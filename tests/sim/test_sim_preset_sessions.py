"""Every virtual patient in whole sessions, on the arm and on the knee: nobody is stopped but who gives reason to."""

from __future__ import annotations

import pytest

from rehab.core import registry
from rehab.core.safety.faults import Fault
from tests.safety.test_safety_sessions import session

# a limb that jerks or fights may be stopped, with a word for it: moved too far or too fast, pressed, cramped
TROUBLE = {
    "spastic": (Fault.SPASM, Fault.FORCE_LIMIT, Fault.VELOCITY_LIMIT),
    "uncooperative": (Fault.SPASM, Fault.FORCE_LIMIT, Fault.VELOCITY_LIMIT, Fault.POSITION_LIMIT),
}
ALL = sorted({"healthy", "mild_stroke", "stroke", "severe_stroke", "spastic", "tremor", "passive", "uncooperative",
              "learner", "slacker"})  # fmt: skip


def test_these_are_the_patients_that_ship():
    assert set(ALL) <= set(registry.names("patient"))


@pytest.mark.parametrize(("device", "controller"), [("sim:planar_arm", "impedance"), ("sim:knee", "transparent")])
@pytest.mark.parametrize("patient", ALL)
def test_20_s_of_reaching(patient, device, controller):
    loop = session(patient, controller, 20.0, seed=2, device=device)
    fault = loop.rig.monitor.fault
    assert fault is Fault.NONE or fault in TROUBLE.get(patient, ()), loop.rig.monitor.reason
    if fault:
        assert loop.rig.monitor.reason
    else:
        assert loop.course.trial >= 2


@pytest.mark.parametrize("patient", ["healthy", "stroke", "passive", None])
def test_the_knee_is_led_by_impedance_without_a_fault(patient):
    loop = session(patient, "impedance", 8.0, device="sim:knee")
    assert loop.rig.monitor.fault is Fault.NONE, loop.rig.monitor.reason
    assert loop.course.trial >= 1
