"""Where a session is in its plan: which block runs, what was counted of it, and which trial is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rehab.core.kinematics import OutOfReach
from rehab.core.safety.faults import Fault
from rehab.core.tick import estimate
from rehab.core.types import Event, Outcome
from rehab.core.values import Action, Sample
from rehab.session import told
from rehab.session.blocks import Block, follow
from rehab.session.tally import Tally

if TYPE_CHECKING:
    from rehab.session.loop import Loop


class Course:
    """Of one loop. `block` counts from 0 and is -1 while none runs; `trial` counts over the whole session."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.blocks: tuple[Block, ...] = ()
        self.block = -1
        self.tally: Tally | None = None  # of the present block
        self.trial = 0
        self.in_trial = False
        self.time = 0.0  # s that the exercise has run
        self.changed: dict[str, float] = {}  # the exercise's live parameters

    @property
    def in_block(self) -> bool:
        """Whether a block of the plan is under way, and it is no page."""
        return 0 <= self.block < len(self.blocks) and self.blocks[self.block].plan.page is None

    def begin(self, number: int, before: Tally | None = None) -> None:
        """From standstill; after a fault, with what was counted of the block `before`. Raises ValueError where a
        block cannot begin."""
        loop = self._loop
        self._begin(number, before)
        if loop.at_rest:
            raise ValueError(loop.rig.monitor.reason)
        loop.aftermath.forget()
        loop.enter("running")

    def lead(self, way: Block) -> None:
        """From standstill, a movement that is no block of the plan. Raises ValueError where it cannot begin."""
        loop = self._loop
        self.block = -1
        if not self._take(way, Tally(way.plan)):
            raise ValueError(loop.rig.monitor.reason)
        loop.event("way_start", {"exercise": way.plan.exercise, "controller": way.plan.controller})
        loop.enter("running")

    def happened(self, event: Event) -> None:
        """An event of the exercise: into the record, to the controller, and what follows from it."""
        loop, tally, data = self._loop, self.tally, dict(event.data)
        if tally is None:
            return
        if event.kind == "trial_start":
            self.trial += 1
            self.in_trial = True
            data = self._of_trial(tally, data)
        elif event.kind == "trial_end":
            if not self.in_trial:
                return
            data = {"number": self.trial, **data}
        loop.event(event.kind, data)
        if event.kind == "way_end":
            loop.rig.monitor.release()
            loop.aftermath.way_over(data["arrived"])
            loop.enter("idle")
            return
        if event.kind == "dynamics":
            loop.acting.dynamics(str(data.get("name", "")))
        loop.acting.heed(event)
        if event.kind == "trial_end":
            self.in_trial = False
            tally.end(redo=bool(data.get("redo")), now=bool(data.get("now")))
        elif event.kind == "list_end":
            tally.finish()
        if event.kind in ("trial_end", "list_end"):
            if tally.over:
                self._end_block()
            loop.resting.look()

    def settle_trial(self) -> None:
        """The running trial is stopped: it counts, unless the plan does it again."""
        if self.in_trial and self.tally is not None:
            self.tally.fault()

    def end_trial(self, outcome: Outcome) -> None:
        """From outside, where one is under way."""
        if self.in_trial:
            self.in_trial = False
            self._loop.event("trial_end", {"number": self.trial, "outcome": str(outcome)})

    def end_run(self, reason: str = "") -> None:
        """The plan has come to its end, or an answer has brought it there."""
        loop = self._loop
        self.end_trial(Outcome.ABORTED)
        loop.event("run_end", {"trials": self.trial} | ({"reason": reason} if reason else {}))
        loop.rig.monitor.release()
        loop.enter("idle")

    # one block -------------------------------------------------------------------------------------------------------

    def _begin(self, number: int, before: Tally | None = None) -> None:
        self.block = number
        block = self.blocks[number]
        if self._take(block, before or Tally(block.plan)):
            self._loop.event("block_start", told.block(number, block.plan, before.counted if before else None))

    def _end_block(self) -> None:
        self._loop.event("block_end", {"number": self.block + 1})
        if self.block + 1 < len(self.blocks):
            self._begin(self.block + 1)
        else:
            self.end_run()

    def _take(self, block: Block, tally: Tally) -> bool:
        """Exercise, controller and limits of this block from here on, softly. Trips, and gives False, where
        the exercise fails or its first reference is far from the present pose."""
        loop, monitor, last = self._loop, self._loop.rig.monitor, self._loop.last
        assert last is not None
        good = monitor.good or loop.rig.rest
        state, *_ = estimate(last.state.t, good, loop.kinematics, loop.rig.gravity.torque(good.q))
        monitor.limits = block.limits
        monitor.soft_start()
        self.time, self.tally, self.changed = 0.0, tally, {}
        try:
            follow(block.plan, block.exercise, tally.left)
            block.exercise.start(state, block.limits, block.rng)
            block.controller.reset(state)
            far = self._distance(good, block.exercise.reference(0.0, state).x.tolist())
        except Exception as error:  # anybody's
            monitor.trip(Fault.SCRIPT_FAILED, f"{block.plan.exercise or 'page'}: {type(error).__name__}: {error}")
            return False
        if far > block.limits.values["start_distance"]:
            allowed = block.limits.values["start_distance"]
            reason = f"the reference begins {far:.2f} rad away; {allowed:.2f} rad are allowed"
            monitor.trip(Fault.START_TOO_FAR, reason, Action.RAMP_OFF)
            return False
        loop.rig = loop.rig._replace(exercise=block.exercise, controller=block.controller)
        loop.acting.begin(block)
        loop.event("limits", told.limits(block.limits, block.plan.name))
        return True

    def _distance(self, sample: Sample, point: list[float]) -> float:
        """The largest joint angle (rad) between the pose and the reference's pose."""
        inverse = self._loop.kinematics.inverse
        try:
            wanted = inverse(tuple(point), sample.q)
        except OutOfReach as error:
            wanted = inverse(error.nearest, sample.q)
        return max(abs(w - q) for w, q in zip(wanted, sample.q, strict=True))

    def _of_trial(self, tally: Tally, asked: dict[str, Any]) -> dict[str, Any]:
        """What is recorded of a trial that starts."""
        acting, plan = self._loop.acting, self.blocks[self.block].plan
        controller = acting.part.choice.controller if acting.part is not None else plan.controller
        parameters = {**plan.exercise_parameters, **self.changed, **acting.parameters, **acting.adapted}
        return told.trial(self.trial, plan, controller, parameters, {**tally.begin(asked), **asked})
