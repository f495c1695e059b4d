"""One direction of a line that loses, damages, doubles, swaps, delays or cuts frames, as a fault script says.

Frames go in whole and come out when they arrive; of those that arrive none overtakes another but by `reorder`. A frame
is whatever the user of this module sends: bytes behind the emulator, samples and commands in the simulated device.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from random import Random
from typing import Generic, TypeVar

from sim.injection import KEPT_BACK, Effect

OVERTAKEN = 2  # frames that pass one which `reorder` holds back

Frame = TypeVar("Frame")


class Direction(Generic[Frame]):
    """Times in µs of the device's clock.

    damage  a frame with so many bits flipped, by these dice; None if nothing of it can be used
    halves  a frame in two pieces; of the first there may be nothing to use
    """

    def __init__(
        self,
        effects: Sequence[Effect],
        period_us: int,
        *,
        damage: Callable[[Frame, Random, int], Frame | None],
        halves: Callable[[Frame], tuple[Frame | None, Frame]],
    ) -> None:
        self._effects, self._period, self._damage, self._halves = effects, period_us, damage, halves
        self._under_way: deque[tuple[int, Frame]] = deque()
        self._held: Frame | None = None  # waits until others have passed it
        self._passed = 0
        self._latest = 0  # when the newest of those under way arrives

    def put(self, now: int, frame: Frame) -> None:
        """Send it."""
        due, copies, swap, split = now, 1, False, False
        for effect in self._effects:
            if not effect.strikes(now):
                continue
            match effect.entry.how:
                case "drop" | "unplug":
                    return
                case "corrupt":
                    damaged = self._damage(frame, effect.dice, int(effect.entry.value or 1))
                    if damaged is None:
                        return
                    frame = damaged
                case "duplicate":
                    copies += 1
                case "reorder":
                    swap = True
                case "delay":
                    due += round((effect.entry.value or KEPT_BACK) * 1e6)
                case "stall":
                    due = max(due, effect.end)
                case "split":
                    split = True
        if swap and self._held is None:
            self._held, self._passed = frame, 0
            return
        for _ in range(copies):
            self._send(due, frame, split)
        if self._held is not None:
            self._passed += 1
            if self._passed >= OVERTAKEN:
                self._send(due, self._held, False)
                self._held = None

    def take(self, now: int) -> list[Frame]:
        """What has arrived since the last call."""
        arrived = []
        while self._under_way and self._under_way[0][0] <= now:
            arrived.append(self._under_way.popleft()[1])
        return arrived

    def clear(self) -> None:
        """Forget what is under way."""
        self._under_way.clear()
        self._held, self._latest = None, 0

    def _send(self, due: int, frame: Frame, split: bool) -> None:
        self._latest = due = max(due, self._latest)
        if not split:
            self._under_way.append((due, frame))
            return
        first, rest = self._halves(frame)
        if first is not None:
            self._under_way.append((due, first))
        self._latest = due + self._period
        self._under_way.append((self._latest, rest))
