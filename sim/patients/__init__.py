"""Virtual patients: what tests and trainees meet."""

from __future__ import annotations

from typing import Protocol

from rehab.core.device import DeviceInfo
from rehab.core.registry import find
from rehab.core.types import Scene
from rehab.core.values import Floats
from sim.patients.patient import VirtualPatient
from sim.patients.written import is_path, load_traits


class Patient(Protocol):
    """Somebody whose hand is in the robot's. Sees the scene, nothing else; feels the robot through the grip.

    A preset is a function `(info, seed) -> Patient`; equal seeds give equal bits.
    """

    def see(self, scene: Scene) -> None:
        """What the participant sees from now on. Cheap when the object is the same."""
        ...

    def force(self, t: float, x: Floats, v: Floats, dt: float) -> Floats:
        """The force (N) of the limb on the robot's hand, which is at x (m) moving at v (m/s).

        The limb moves on by dt s. t is the time in s since the body began.
        """
        ...


def make_patient(name: str, info: DeviceInfo, seed: int) -> Patient:
    """The preset of that name, or the patient in that file, gripping the device at its home pose.

    Raises UnknownName, or BadInput (Findings) for a file that is none or a device that nobody can hold.
    """
    if is_path(name):
        return VirtualPatient(info, load_traits(name)[0], seed)
    patient: Patient = find("patient", name)(info, seed)
    return patient
