"""The therapist's hand that shows a movement."""

from __future__ import annotations

from math import hypot

import pytest

from rehab.core.device import DeviceInfo
from rehab.core.types import NO_SCENE, Scene
from sim.body import make_body
from sim.patients.therapist import LAP


def way(info: DeviceInfo, seed: int, seconds: float, scene: Scene) -> list[tuple[float, ...]]:
    """Where the hand of an arm without torque is led, every ms, once it sees that scene (m from home)."""
    body = make_body(info, "therapist", seed, "closed_form")
    home, places = body.x, []
    body.see(scene)
    for _ in range(round(seconds / 0.001)):
        body.step((0.0,) * info.n_joints, 0.001)
        places.append(tuple(a - b for a, b in zip(body.x, home, strict=True)))
    body.close()
    return places


def test_asked_for_a_movement_it_leads_the_limb_round_and_back(info: DeviceInfo) -> None:
    places = way(info, 1, LAP + 1.0, Scene(phase="go"))
    assert max(x for x, _ in places) == pytest.approx(0.05, abs=0.005)
    assert max(y for _, y in places) == pytest.approx(0.08, abs=0.005)
    assert hypot(*places[-1]) < 0.002


def test_not_asked_it_holds_the_limb_still(info: DeviceInfo) -> None:
    assert max(hypot(*place) for place in way(info, 1, 2.0, NO_SCENE)) < 0.001


def test_equal_seeds_lead_alike_and_others_do_not(info: DeviceInfo) -> None:
    first, again, other = (way(info, seed, 2.0, Scene(phase="go")) for seed in (1, 1, 2))
    assert first == again != other
