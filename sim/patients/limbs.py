"""Which limb a device trains."""

from __future__ import annotations

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput
from sim.patients.arm import PlanarLimb
from sim.patients.leg import Leg
from sim.patients.limb import Limb

LIMBS: dict[str, type[PlanarLimb] | type[Leg]] = {"planar_2r": PlanarLimb, "single_joint": Leg}


def limb_of(info: DeviceInfo) -> Limb:
    """The limb that holds the device at its home pose. Raises BadInput for a device that none of ours can hold."""
    kind = LIMBS.get(info.kinematics)
    if kind is None:
        known = ", ".join(f'"{name}"' for name in LIMBS)
        raise BadInput(f'virtual patients hold devices of kinematics {known}; {info.model} is "{info.kinematics}"')
    return kind(info)
