"""What of a plan is left, told from a session's events: for a session that goes on where another one had to end."""

from __future__ import annotations

from msgspec.structs import replace

from rehab.protocol.plan import BlockPlan, Plan
from rehab.realtime.ring import RingEvent
from rehab.session.tally import Tally


class Left:
    """Of a realised plan; `hear` every event of its session, in order."""

    def __init__(self, plan: Plan) -> None:
        self.whole = plan
        self._begin()

    def _begin(self) -> None:
        self._block, self._tally, self._over = 0, self._new(0), False
        self._trying = False

    def _new(self, number: int) -> Tally | None:
        blocks = self.whole.blocks
        return Tally(blocks[number]) if number < len(blocks) else None

    def hear(self, event: RingEvent) -> None:
        data, tally = event.data, self._tally
        match event.kind:
            case "protocol" if data.get("piece") == 1:
                self._begin()
            case "block_start" if "resumed" not in data or data["number"] - 1 != self._block:
                self._block = data["number"] - 1
                self._tally = self._new(self._block)
            case "block_end":
                self._block = data["number"]
                self._tally = self._new(self._block)
            case "run_end":
                self._over = True
        if tally is None:
            return
        match event.kind:
            case "trial_start":
                tally.begin(data)
                self._trying = True
            case "trial_end" if self._trying:
                self._trying = False
                if data.get("outcome") == "stopped":
                    tally.fault()
                else:
                    tally.end(redo=bool(data.get("redo")), now=bool(data.get("now")))
            case "again" if tally.last is not None:
                tally.once_more()
            case "list_end":
                tally.finish()

    @property
    def plan(self) -> Plan | None:
        """From the next trial on; None when nothing is left."""
        blocks, tally = self.whole.blocks[self._block :], self._tally
        if self._over or not blocks or tally is None:
            return None
        first = () if tally.nothing_left else (_rest(blocks[0], tally),)
        left = (*first, *blocks[1:])
        return replace(self.whole, blocks=left) if left else None


def _rest(block: BlockPlan, tally: Tally) -> BlockPlan:
    if block.trial_list:
        return replace(block, trial_list=tuple(tally.left), trials=len(tally.left))
    return replace(block, trials=block.trials - tally.counted)
