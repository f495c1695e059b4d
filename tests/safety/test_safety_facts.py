"""What a device does not declare is taken as nothing."""

from __future__ import annotations

from rehab.core.safety.facts import DeviceFacts
from rehab.core.values import Action
from tests.safety.conftest import PERIOD, Bench, new_monitor


def test_a_device_that_declares_no_friction_inertia_or_mass_has_none():
    assert DeviceFacts(PERIOD, Action.RAMP_OFF, (1.0,))[3:] == ((), (), 0.0)


def test_without_a_mass_the_kinetic_energy_limits_no_speed():
    monitor = new_monitor(speed=3.0, kinetic=0.05)
    bench = Bench(monitor)
    bench.step()
    monitor.arm()
    bench.soft_started((0.5, 0.0))
    assert bench.step((0.5, 0.0), speed=2.99, qd=(0.1, 0.0)).command.torque == (0.5, 0.0)
