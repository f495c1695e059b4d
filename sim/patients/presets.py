"""The virtual patients that ship, found by name: what a trainee meets first, and what tests compare.

The numbers are plausible, not anybody's: reaction and movement times, stiffness and noise in the ranges of the motor
control literature, chosen so that the three are told apart by the measures (tests/sim/test_sim_presets.py).
"""

from __future__ import annotations

from rehab.core.device import DeviceInfo
from sim.patients.patient import Traits, VirtualPatient

HEALTHY = Traits(
    reaction=0.22, movement=0.65, stiffness=(50.0, 35.0), strength=40.0, noise=0.04, spread=0.03, attempts=20
)  # fmt: skip

# weak, slow, uncertain, without anticipation of the limb's own dynamics; falls short and tries again, then gives up
STROKE = Traits(
    reaction=0.38, movement=1.1, stiffness=(12.0, 8.0), strength=3.0, noise=0.25, feed_forward=0.3, reach=0.7,
    spread=0.12, attempts=2,
)  # fmt: skip

PASSIVE = Traits(reaction=1.0, movement=1.0, stiffness=(1.0, 0.7), strength=0.0, acts=False)


def healthy(info: DeviceInfo, seed: int) -> VirtualPatient:
    """Reaches 10 cm in about 0.7 s, smoothly and straight."""
    return VirtualPatient(info, HEALTHY, seed)


def stroke(info: DeviceInfo, seed: int) -> VirtualPatient:
    """Moves in several short, weak, unsteady pieces and often stops before the target; can be led there."""
    return VirtualPatient(info, STROKE, seed)


def passive(info: DeviceInfo, seed: int) -> VirtualPatient:
    """A limp arm: follows, and never moves by itself."""
    return VirtualPatient(info, PASSIVE, seed)
