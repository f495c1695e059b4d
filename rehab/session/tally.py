"""Which trials of a block are done and which are left, also across a fault; and the planned list as events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from rehab.core.trials import TrialPlan, plain
from rehab.protocol.plan import BlockPlan, Plan

ROOM = 1500  # bytes of trials in one event of 2 KiB


class Tally:
    """Of one block. `left` are the planned trials that are not settled, in the order in which they will come."""

    def __init__(self, plan: BlockPlan) -> None:
        self._plan = plan
        self.left = list(plan.trial_list)
        self.counted = 0  # trials that are settled: an attempt that will be done again is not
        self._now: TrialPlan | None = None
        self.last: TrialPlan | None = None  # that has ended
        self._ended = False

    def begin(self, data: dict[str, Any]) -> dict[str, Any]:
        """A trial has started. Gives what was planned for it."""
        number = data.get("planned")
        at = next((k for k, trial in enumerate(self.left) if trial.number == number), -1)
        self._now = self.left.pop(at) if at >= 0 else None
        if self._now is None:
            self._now = TrialPlan(number=0)  # of no list
            return {}
        planned = plain(replace(self._now, repeat=0, target=-1))  # the exercise says these
        del planned["number"]
        return {"insert": "", "dynamics": "", **planned}

    def end(self, *, redo: bool, now: bool = False) -> None:
        """`redo`: it will be done again, `now`: at once, whatever the plan says of failed ones."""
        self.last, self._now = self._now, None
        if not redo or self.last is None:
            self.counted += 1
        elif self.last.number:
            self._again(self.last, now=now)

    def once_more(self) -> None:
        """The trial that ended last is done again, as the next one. An attempt that will be repeated is not settled."""
        assert self.last is not None
        self.counted -= 1
        if self.last.number:
            self._again(self.last, now=True)

    def fault(self) -> bool:
        """A fault has ended the trial under way: it is settled, unless the plan does it again. Gives whether."""
        redo, now = self._plan.redo, self._now
        again = redo is not None and now is not None and "fault" in redo.when and now.repeat < redo.most
        again = again and now is not None and bool(now.number)
        self.end(redo=again)
        return again

    def _again(self, trial: TrialPlan, *, now: bool) -> None:
        redo = self._plan.redo
        at = 0 if now or (redo is not None and redo.place == "at_once") else len(self.left)
        self.left.insert(at, replace(trial, repeat=trial.repeat + 1))

    def finish(self) -> None:
        """The exercise says that its list is over."""
        self._ended = True

    @property
    def over(self) -> bool:
        """A list ends when the exercise says so: what follows its last trial belongs to it."""
        plan = self._plan
        return self._ended or (not plan.trial_list and plan.page is None and self.counted >= plan.trials)

    @property
    def nothing_left(self) -> bool:
        """No trial is left to go on with after a fault."""
        return self.over or (bool(self._plan.trial_list) and not self.left)


def planned(plan: Plan) -> Iterator[dict[str, Any]]:
    """The realised trial lists, block by block, in pieces that fit an event."""
    for block in plan.blocks:
        piece: list[dict[str, Any]] = []
        size = 0
        for trial in block.trial_list:
            said = plain(trial)
            room = len(msgspec.json.encode(said)) + 1
            if piece and size + room > ROOM:
                yield {"block": block.name, "trials": piece}
                piece, size = [], 0
            piece.append(said)
            size += room
        if piece:
            yield {"block": block.name, "trials": piece}
