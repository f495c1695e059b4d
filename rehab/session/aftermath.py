"""After a fault or a stop: what a therapist may do, from which trial the plan goes on, what is noted of a spasm.

    faulted ──▶ go on (the same, or gentler) ──▶ next trial
        ├─────▶ slow stretch ──▶ let go ──┐
        └─────▶ get out ───────▶ let go ──┴──▶ any of these, or the end

Each is a deliberate act, refused while the limb still pulls or moves. A simulation is reset and armed by it; hardware
has to be reset and armed by hand before, which is a deliberate act of its own.
"""

from __future__ import annotations

from math import dist, hypot
from typing import TYPE_CHECKING, Any

import numpy as np

from rehab.core.limits import BUILTIN, Limits
from rehab.core.safety.detectors import Interaction
from rehab.core.safety.faults import Fault
from rehab.core.soft import SoftSpring
from rehab.core.tick import Tick
from rehab.core.values import Floats
from rehab.protocol.plan import BlockPlan
from rehab.session import messages
from rehab.session.blocks import Block
from rehab.session.tally import Tally
from rehab.session.ways import Stretch, WayOut

if TYPE_CHECKING:
    from rehab.session.loop import Loop

LOOK = 0.005  # s between two looks at the limb, as the monitor's
PULL = 0.5  # share of the torque that counts as a spasm: below it the limb is quiet
MOVING = 0.05  # m/s: a hand that rests in a yielding arm sways less
QUIET = 0.5  # s without either: longer than the pause between two beats of clonus (5 to 8 Hz)
OUTSIDE = 0.03  # rad beyond a joint's range: just below where the monitor yields again
LEAST_SHARE = 0.1  # less would leave too little force to move a limb at all
OUT_FORCE = 0.5  # share of the force limit on the way out
STRETCH_FORCE = 0.3  # 12 N of 40 N: 4 N·m at an elbow, less than a spasm
STEP, MOST = 0.05, 100  # rad between two remembered poses of a trail, and how many there are at most
TOO_MANY = 3  # spasms in one session
GENTLER = ("force", "speed")
FASTER = (Fault.FORCE_LIMIT, Fault.VELOCITY_LIMIT)  # may be latched by a spasm before the spasm itself is
WORDS = {
    messages.Reset: "the fault was cleared", messages.Start: "the plan was begun anew",
    messages.Stop: "the arm was let go", messages.End: "the session was ended",
    messages.GetOut: "the limb was led towards the exit pose",
    messages.SlowStretch: "the limb was stretched slowly towards where it began",
}  # fmt: skip


class Aftermath:
    """Of one loop. `pending` is true from a fault, or a person's stop in the middle of the plan, until the plan goes
    on, begins anew, or is another one."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        facts = loop.rig.monitor.device
        self._every = max(2, round(LOOK / facts.period))  # ticks
        self._step = self._every * facts.period
        self._limb = Interaction(facts.inertia, facts.damping, self._step)
        self._sent: Floats = (0.0,) * len(facts.inertia)
        self._quiet = self._speed = 0.0  # s, m/s
        self.pending = False
        self._spastic = False  # the last fault was a spasm
        self._place: tuple[int, Tally] | None = None  # block to go on with, and what is counted of it
        self._base = loop.limits
        self._trail: list[Floats] = []  # poses since the spasm began
        self._way = ""  # the last movement that was no block
        self._spasms = 0
        self._note: dict[str, Any] | None = None

    def see(self, done: Tick) -> None:
        """After every tick: the limb's torque, as the monitor sees it, whether it is quiet, and the way it takes."""
        loop = self._loop
        if (loop.ticks + 1) % self._every == 0:
            self._limb.step(tuple(done.state.qd.tolist()), self._sent)
            self._speed = hypot(*done.v)
            restless = self._pull > self._most_pull or self._speed > MOVING
            self._quiet = 0.0 if restless else self._quiet + self._step
            if self._trail and loop.state not in ("running", "paused"):
                self._remember(tuple(done.state.q.tolist()))
        self._sent = done.decision.command.torque

    def _remember(self, q: Floats) -> None:
        """A pose near an earlier one closes a loop, which is left out of the trail."""
        near = min(range(len(self._trail)), key=lambda k: dist(self._trail[k], q))
        if dist(self._trail[near], q) < STEP:
            del self._trail[near + 1 :]
        elif len(self._trail) < MOST:
            self._trail.append(q)

    @property
    def _pull(self) -> float:
        return max(map(abs, self._limb.torque))

    @property
    def _rises(self) -> list[float]:
        """Away from the recent course of the limb's torque, N·m."""
        return [abs(r - c) for r, c in zip(self._limb.torque, self._limb.course, strict=True)]

    @property
    def _most_pull(self) -> float:
        return PULL * self._base.values["spasm"]

    # faults ----------------------------------------------------------------------------------------------------------

    def fault(self, fault: Fault, reason: str) -> None:
        """A fault was latched; its trial still counts as the running one.

        A spasm under tightened limits passes the limit of force or speed before it counts as F24: one of these together
        with a sudden torque of the limb is a spasm too.
        """
        loop = self._loop
        self._remember_the_place()
        self.pending, self._trail, self._quiet = True, [], 0.0
        self._spastic = fault is Fault.SPASM or (fault in FASTER and max(self._rises) > self._most_pull)
        if not self._spastic or loop.last is None:
            return
        self._spasms += 1
        self._trail = [tuple(loop.last.state.q.tolist())]
        self._note_down(fault, reason, loop.last)
        if self._spasms >= TOO_MANY:
            count = "three" if self._spasms == TOO_MANY else str(self._spasms)
            loop.event("advice", {"words": f"{count} spasms: end the session", "spasms": self._spasms})

    def stopped(self) -> None:
        """A person has stopped the arm; its trial still counts as the running one."""
        self._remember_the_place()
        if self._place is not None:
            self.pending, self._spastic, self._trail = True, False, []

    def _remember_the_place(self) -> None:
        loop = self._loop
        if loop.state in ("running", "paused") and loop.course.block >= 0 and loop.course.tally is not None:
            self._place = (loop.course.block, loop.course.tally)
            self._base = loop.rig.monitor.limits

    def _note_down(self, fault: Fault, reason: str, last: Tick) -> None:
        """The adverse-event note, filled in as far as it is known now; `did` completes it."""
        loop, limits = self._loop, self._loop.rig.monitor.limits
        limb = self._limb
        joint = limb.spasm(limits.values["spasm"]) or self._rises.index(max(self._rises)) + 1
        names = ("force", "speed", "power", "kinetic", "spasm")
        self._note = {
            "number": self._spasms, "id": int(fault), "name": fault.label, "t": last.state.t, "tick": loop.ticks,
            "block": loop.course.blocks[loop.course.block].plan.name if loop.course.block >= 0 else self._way,
            "trial": loop.course.trial if loop.course.in_trial else 0,
            "joint": joint, "torque": limb.torque[joint - 1], "message": reason,
            "limits": {**{n: limits.values[n] for n in names}, "torque": list(limits.torque),
                       "joint_speed": list(limits.joint_speed)},
            "who": {n: limits.owner(n) for n in names}, "next": "",
        }  # fmt: skip
        loop.event("adverse_event", self._note)

    def did(self, request: messages.AnyRequest) -> None:
        """A command was done: the open note says so."""
        words = WORDS.get(type(request), "")
        if isinstance(request, messages.GoOn):
            same = "went on as before"
            words = same if request.share == 1.0 else f"went on with {request.share:.0%} of force and speed"
        if words:
            by = f" (by {request.by})" if request.by else ""
            self._add(words + by)
        if isinstance(request, messages.GoOn | messages.Start | messages.End):
            self._note = None

    def way_over(self, arrived: bool) -> None:
        """A movement has come to its end by itself."""
        self._add("it arrived and was let go" if arrived else "it was let go without having arrived")

    def _add(self, words: str) -> None:
        if self._note is not None:
            before = self._note["next"]
            self._note = {**self._note, "next": f"{before}, then {words}" if before else words}
            self._loop.event("adverse_event", self._note)

    def forget(self) -> None:
        """The plan runs, or is another one: nothing is left to go on from."""
        self.pending, self._place, self._trail = False, None, []

    def refuse_a_spasm_that_stands(self) -> None:
        """Raises ValueError while a limb that has had a spasm still pulls or moves."""
        if self._spastic:
            self._refuse_the_restless()

    def _refuse_the_restless(self) -> None:
        if self._pull > self._most_pull:
            pull, most = self._pull, self._most_pull
            raise ValueError(f"the limb still pulls with {pull:.1f} N·m ({most:.1f} are allowed): let the spasm pass")
        if self._speed > MOVING:
            raise ValueError(f"the hand still moves at {100.0 * self._speed:.0f} cm/s: let the limb come to rest")
        if self._quiet < QUIET:
            raise ValueError(f"the limb has been quiet for {self._quiet:.1f} s only: wait until {QUIET} s")

    # acts ------------------------------------------------------------------------------------------------------------

    def go_on(self, request: messages.GoOn) -> None:
        """On with the trial after the one that was stopped, all blocks from there on under `share` of their limits."""
        loop, share = self._loop, request.share
        if not LEAST_SHARE <= share <= 1.0:
            raise ValueError(f"a share of {share:g} is not between {LEAST_SHARE:g} and 1: limits may only be tightened")
        self._refuse()
        if self._place is None:
            raise ValueError("no trial had begun: reset, arm and start")
        number, tally = self._place
        over = tally.nothing_left
        if over and number + 1 == len(loop.course.blocks):
            raise ValueError("no trial is left: get out, or end the session")
        loop.power()
        if over:
            loop.event("block_end", {"number": number + 1})
        first = number + 1 if over else number
        if share < 1.0:
            kept, rest = loop.course.blocks[:first], loop.course.blocks[first:]
            loop.course.blocks = kept + tuple(block._replace(limits=gentler(block.limits, share)) for block in rest)
        loop.course.begin(first, None if over else tally)

    def get_out(self, request: messages.GetOut) -> None:
        """To the device's home pose, slowly, under OUT_FORCE of the force limit; then torque goes off."""
        self._refuse()
        self._lead("get_out", WayOut(self._loop.info), OUT_FORCE)
        self._trail = []

    def slow_stretch(self, request: messages.SlowStretch) -> None:
        """Back along the trail to where the spasm began, under STRETCH_FORCE of the force limit; then let go."""
        self._refuse()
        if not self._trail or self._loop.last is None:
            raise ValueError("a slow stretch goes back to where a spasm began: there was none, or the limb was led out")
        path = [tuple(self._loop.last.state.q.tolist()), *self._trail[:-1][::-1]]
        if len(path) == 1:
            path.append(self._trail[0])
        exercise = Stretch(self._loop.info, path, lambda: self._limb.torque, self._most_pull)
        self._lead("slow_stretch", exercise, STRETCH_FORCE)

    def _refuse(self) -> None:
        """Raises ValueError, in words, where none of the acts may be done now."""
        loop = self._loop
        if not self.pending or loop.state in ("running", "paused", "ended"):
            raise ValueError(f"the session is {loop.state}; this is for after a fault or a stop")
        if loop.state == "idle" and loop.rig.monitor.armed:
            raise ValueError("the arm is still coming to rest")
        if loop.state != "armed" and not loop.info.simulated:
            raise ValueError("this device is no simulation: reset, make sure of the limb, arm, then ask again")
        self._refuse_the_restless()
        assert loop.last is not None
        q = loop.last.state.q.tolist()
        for joint, (angle, low, high) in enumerate(zip(q, self._base.q_min, self._base.q_max, strict=True)):
            beyond = max(low - angle, angle - high)
            if beyond > OUTSIDE:
                words = f"joint {joint + 1} is {np.degrees(beyond):.0f} degrees outside its range"
                raise ValueError(f"{words}: move the limb back by hand")

    def _lead(self, way: str, exercise: Any, share: float) -> None:
        loop = self._loop
        force = max(BUILTIN["force"].least, share * self._base.force)
        limits = self._base.tighten(way.replace("_", " "), {"force": force})
        controller = SoftSpring(loop.info, force, loop.delay)
        loop.power()
        self._way = way
        plan = BlockPlan(number=0, name=way, exercise=way, controller="soft_spring", trials=0)
        loop.course.lead(Block(plan, exercise, controller, limits, np.random.default_rng(0)))


def gentler(limits: Limits, share: float) -> Limits:
    """Force and speeds at most that share of what they are; hard ranges stay."""
    wanted = {name: max(BUILTIN[name].least, share * limits.values[name]) for name in GENTLER}
    tighter = limits.tighten("after spasm", wanted)
    return tighter.tighten_joint("after spasm", "joint_speed", [share * speed for speed in limits.joint_speed])
