"""The arms of the contract suites, for tests of several folders."""

from __future__ import annotations

from rehab.contract.arms import hand_at, planar_arm, pose, reference_at, sent, upright, wrist

__all__ = ["hand_at", "planar_arm", "pose", "reference_at", "sent", "upright", "wrist"]
