"""Where the hand was led unseen, to be brought back there: what a test of the sense of position asks.

The scene shows neither a target nor the cursor. While it does, the patient feels where the hand is led, and keeps in
mind the farthest place from where that began; at the cue to go that place is the goal. It is brought back to the same
place, however the test asks for it (a mirror image is beyond these patients), and as exactly as any movement of theirs.
"""

from __future__ import annotations

from math import dist

from rehab.core.types import Scene, Target
from rehab.core.values import Floats

FOUND = 0.02  # m, radius of what is remembered


class Felt:
    """`goal` is the remembered place while it is asked for."""

    def __init__(self) -> None:
        self.goal: Target | None = None
        self._feels = False
        self._from: Floats = ()
        self._farthest: Floats = ()

    def see(self, scene: Scene) -> None:
        unseen = not (scene.cursor.shown or scene.targets or scene.paths)
        if not unseen:
            self.goal, self._from, self._feels = None, (), False
        elif scene.cue == "go" and self._farthest and self.goal is None:
            self.goal, self._feels = Target(self._farthest, FOUND), False
        else:
            self._feels = self.goal is None

    def feel(self, hand: Floats) -> None:
        """The hand is at `hand` (m)."""
        if not self._feels:
            return
        if not self._from:
            self._from = self._farthest = hand
        elif dist(hand, self._from) > dist(self._farthest, self._from):
            self._farthest = hand
