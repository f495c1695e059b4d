"""What the training window shows and may do. Knows a session, no widget; polled once a frame.

snapshot ─ look ─┐                                ┌─ picture, traces, trail, counter, words
ring ─ rows ─────┼──▶ TrainingModel.refresh ──▶ ──┤
ring ─ poll ─────┘         ▲                      └─ which buttons are enabled
                commands go to a worker, which runs them off the window's thread
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from gui.i18n import mark, tr
from gui.viewmodels.after import ACTS, GENTLER, After
from gui.viewmodels.bedside import ASKED_FOR, Bedside
from gui.viewmodels.effort import Effort
from gui.viewmodels.ports import SessionPort
from gui.viewmodels.shown import MOVING, Shown
from gui.viewmodels.traces import POINTS, WINDOW, Traces
from gui.viewmodels.tuning import Tuning
from gui.viewmodels.words import Message, Priority, fault_message, fault_of, warning_message
from gui.viewmodels.worker import Worker
from rehab.core.clock import Clock, MonotonicClock
from rehab.core.safety.faults import Fault
from rehab.core.types import Array, Trial
from rehab.core.values import Status
from rehab.protocol.plan import BlockPlan
from rehab.realtime.health import Health, Level, Words
from rehab.realtime.layout import SESSION_STATES, channels
from rehab.realtime.picture import Eye, Picture, Point
from rehab.realtime.ring import RingEvent

LOST = 2.0  # s without a new tick before the session counts as lost ...
IDLE_LOST = 10.0  # s ... but one without power may be loading a plan (rehab.session.deadman)
TRAIL = 1.5  # s of the hand's way that are drawn
TRAIL_POINTS = round(TRAIL / WINDOW * POINTS)
PREPARING, ARMING, STARTING = mark("preparing the protocol"), mark("arming"), mark("starting")
PAUSING, RESUMING, CLEARING = mark("pausing"), mark("resuming"), mark("clearing the fault")
SETTING = mark("changing a setting")
NO_CONNECTION = Words(Level.BAD, "device: no connection")


class Watch(Protocol):
    """Somebody who looks on: what happens, and what a person commands; `t` s of the session's clock."""

    def hear(self, event: RingEvent) -> None: ...
    def acted(self, act: str, t: float) -> None: ...


class TrainingModel(Shown):
    """One open session as a therapist sees it.

    protocol  what `session.prepare` is given
    worker    runs the commands; the owner closes it
    before    trials of a session that this one goes on from, `follows` its id
    """

    def __init__(
        self, session: SessionPort, protocol: Any, worker: Worker, *, clock: Clock | None = None,
        before: Sequence[Trial] = (), follows: str = "",
    ) -> None:  # fmt: skip
        self.session, self.protocol, self.worker = session, protocol, worker
        self._clock = clock or MonotonicClock()
        info = session.info
        self.info = info
        self.eye = Eye(info)
        self.health = Health(info)
        n, d = info.n_joints, self.eye.kinematics.n_task
        at = {channel.name: column for column, channel in enumerate(channels(n, d))}
        self._t = at["t"]
        self._x = slice(at["x_0"], at["x_0"] + d)
        self._v = slice(at["v_0"], at["v_0"] + d)
        self._q = slice(at["q_0"], at["q_0"] + n)
        self._sent = slice(at["sent_0"], at["sent_0"] + n)
        self.axes = d
        self._centre, _ = self.eye.kinematics.forward(info.home)
        self.traces = Traces(3 * d)  # position m, velocity m/s, force N, each d columns
        self.picture: Picture | None = None
        self.title = ""
        self.total = 0
        self.trial = 0
        self.lost = ""  # words, once the session is gone
        self._hushed = False  # lost because no tick came: one that comes finds it again
        self.stopped = False  # a person stopped it, here or elsewhere
        self.over = False  # all trials are done
        self.has_run = False
        self._idled = False  # motion has ended, and it is not yet known whether that was the end or a stop
        self.resting = True  # the power stage is off
        self._state = session.state
        self._begun = 0  # trials that were there when the present run began
        self._planned = 0  # trials of one run
        self._fault: Message | None = None
        self._notice: Message | None = None
        self._tick = -1.0
        self._tick_at = self._now()
        self.before, self._follows = tuple(before), follows
        self.blocks: tuple[BlockPlan, ...] = ()
        self.block = 0  # the present one, from 1; 0 between
        self.in_trial = False
        self.interrupted = False  # the plan was stopped in its middle and may go on
        self._in_plan = False
        self._warnings: dict[Fault, tuple[Message, float]] = {}
        self.bedside = Bedside(session, worker, self._do)
        self.tuning = Tuning(session, worker, self._do)
        self.effort = Effort()
        self.after = After(info, session.device)
        self.watch: Watch | None = None
        self._t_of_tick = 0.0
        if (plan := session.prepared) is not None:  # taken over from another window
            self.title, self.blocks, self._planned = plan.protocol, plan.blocks, plan.trials
            self.total = plan.trials

    def _now(self) -> float:
        return self._clock.now_ns() * 1e-9

    # once a frame ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Take in what is new. Never raises: a session that cannot be read is shown as lost."""
        for done in self.worker.results():
            self._finished(done.name, done.value, done.error)
        if (self.lost and not self._hushed) or self._state == "ended":
            return
        try:
            self._read()
        except Exception as error:  # whatever broke, the window must live to say so and to offer Stop
            self._lose(tr("the session cannot be read any more: {error}", error=error))

    def _read(self) -> None:
        look = self.session.look()
        if look is not None:
            self.picture = self.eye.see(look)
            self._take_state(look.values)
        rows = self.session.rows()
        self.health.feed(rows)
        self._trace(rows)
        self.effort.feed(self.trials)
        self.tuning.send(self._state)
        self._try()
        if not self.worker.busy:  # one thread at a time; a command polls by itself
            for event in self.session.poll():
                self._happened(event.kind, event.data)
                if self.watch is not None:
                    self.watch.hear(event)
            if self._idled:
                self._idled = False
                self.over = self.over or len(self.trials) >= self.total
                self.stopped = not self.over
        most = LOST if self._state in MOVING else IDLE_LOST
        if self._now() - self._tick_at > most and self._tick >= 0.0:  # one look may fail: the loop was just writing
            self._lose(tr("its snapshot is gone") if look is None else tr("no tick for {n} s", n=f"{most:g}"))
            self._hushed = True

    def _take_state(self, values: dict[str, float]) -> None:
        if values["tick"] != self._tick:
            self._tick, self._tick_at, self._t_of_tick = values["tick"], self._now(), values["t"]
            if self._hushed:
                self.lost, self._hushed = "", False
        number = int(values["state"])
        seen = SESSION_STATES[number] if 0 <= number < len(SESSION_STATES) else "idle"
        told = self.session.state  # events reach further than ticks when the control process has died
        self._enter(told if told in ("faulted", "ended") else seen)
        self.resting = not int(values["status"]) & Status.ARMED
        self.in_trial = values["trial"] > 0
        if self.in_trial:
            self.trial = int(values["trial"])
        self.block = int(values["block"])
        self._look_at_block(self.block)
        if self._state == "faulted" and self._fault is None:
            self._fault = fault_message({"id": values["fault"]})

    def _look_at_block(self, number: int) -> None:
        if 0 < number <= len(self.blocks):
            self.tuning.begin(number, self.blocks[number - 1])

    def _enter(self, state: str) -> None:
        if state == "running":
            self.has_run, self.over = True, False
        self._idled = self._idled or (state == "idle" and self._state in MOVING and self.has_run)
        if state != "faulted":
            self._fault = None
        self._state = state

    def _happened(self, kind: str, data: dict[str, Any]) -> None:
        if kind == "fault":
            self._fault = fault_message(data)
            self._enter("faulted")
        elif kind == "limits":
            self.health.hear(data)
        elif kind == "run_end":
            self.over = True
        elif kind == "warning":
            fault = fault_of(data.get("id"))
            self._warnings[fault] = (warning_message(fault, str(data.get("message") or "")), self._now())
        self._follow_the_plan(kind, data)
        for part in (self.bedside, self.tuning, self.after):
            part.hear(kind, data)

    def _follow_the_plan(self, kind: str, data: Mapping[str, Any]) -> None:
        if kind == "follows" and not self.before:
            self.total += int(data["trials"])
        elif kind == "block_start":
            self._in_plan, self.interrupted, self.stopped = True, False, False
        elif kind == "run_end" or (kind == "command" and data.get("name") == "prepare"):
            self._in_plan = self.interrupted = False
        elif kind in ("fault", "stop") and self._in_plan:
            self._in_plan, self.interrupted = False, True

    def _trace(self, rows: Array) -> None:
        if not len(rows):
            return
        rows = rows[self.traces.choose(rows[:, self._t])]
        force = np.array([self.eye.kinematics.hand_force(tuple(r[self._sent]), tuple(r[self._q])) for r in rows])
        self.traces.put(
            rows[:, self._t], [*rows[:, self._x].T, *rows[:, self._v].T, *force.reshape(len(rows), self.axes).T]
        )

    def _lose(self, why: str) -> None:
        self.lost = why
        self.health.device = NO_CONNECTION
        self.health.timing = Words(Level.BAD, "timing: no ticks")
        self.health.limited = ""

    def columns(self) -> list[Array]:
        """Position from the centre m, velocity m/s, the robot's force N: each with one trace an axis."""
        d = self.axes
        columns = [self.traces.column(k) for k in range(3 * d)]
        return [column - c for column, c in zip(columns[:d], self._centre, strict=True)] + columns[d:]

    def trail(self) -> list[Point]:
        """Where the hand was in the last TRAIL seconds, m."""
        recent = np.stack([self.traces.column(k)[-TRAIL_POINTS:] for k in range(self.axes)], axis=1).tolist()
        return [self.eye.place(tuple(x)) for x in recent]

    # commands --------------------------------------------------------------------------------------------------------

    def tell(self, act: str) -> None:
        """A person has done this now; who looks on is told, with the session's time."""
        if self.watch is not None:
            self.watch.acted(act, self.session_time)

    @property
    def session_time(self) -> float:
        """s of the session's clock, which goes on though no tick should come."""
        return self._t_of_tick + self._now() - self._tick_at

    def prepare(self) -> None:
        """Load the protocol."""
        follows, after = self._follows, self.before[-1].number if self.before else 0
        self._do(PREPARING, lambda: self.session.prepare(self.protocol, follows=follows, after=after))

    def start(self) -> None:
        """Whatever is still needed to run: prepare, arm, start; after a stop or a fault, on with the next trial, as
        soon as the limb is quiet. Each is a job of its own, so that STOP gets between."""
        if not self.can_start:
            return
        self.tell("on")
        state, on = self.state, self.goes_on
        ready = self.info.simulated or state == "armed"
        if on and ready:
            self._want("go_on")
            return
        self.stopped = self.over = False
        if not on:
            self._count_from_here()
            if state in ("idle", "stopped"):
                self.prepare()
        if state != "armed":
            self._do(ARMING, self._arm)
        if ready:
            self._do(STARTING, self.session.start)

    @property
    def goes_on(self) -> bool:
        """Start means: on with the next trial."""
        return self.interrupted and self.session.left is not None

    def begin_anew(self) -> None:
        """From the first trial of the plan, whatever was done of it."""
        if self.can_start and self.state != "armed":
            self.interrupted = False
            self._state = "idle"  # prepared anew
            self.start()

    def act(self, what: str) -> None:
        """After a fault: go_on, gentler, stretch or out, as soon as the limb is quiet."""
        self.tell(what)
        self._want(what)

    def _want(self, what: str) -> None:
        self._notice = None
        self.after.want(what, self._now())
        self._try()

    def _try(self) -> None:
        """What is wanted and due."""
        if self.worker.busy or not (what := self.after.due(self._now())):
            return
        session = self.session
        do = {
            "go_on": session.resume_after_fault, "gentler": lambda: session.resume_gentler(GENTLER),
            "stretch": session.slow_stretch, "out": session.get_out,
        }[what]  # fmt: skip

        def job() -> None:
            if not self.info.simulated:  # the press that wanted it is the deliberate act of arming
                if session.state == "faulted":
                    session.reset()
                if session.state != "armed":
                    session.arm()
            do()

        self.worker.submit(what, job)

    def _planned_is(self, title: str, blocks: Sequence[BlockPlan], trials: int) -> None:
        self.title, self.blocks, self._planned = title, tuple(blocks), trials
        self._count_from_here()
        self._look_at_block(1)

    def _count_from_here(self) -> None:
        """A run begins at the protocol's first trial; those of runs before it stay counted."""
        self._begun = len(self.trials)
        self.total = self._begun + self._planned

    @property
    def trials(self) -> list[Trial]:
        """All that were done, those of the session before this one too."""
        return [*self.before, *self.session.trials] if self.before else self.session.trials

    def _arm(self) -> None:
        if self.session.state != "armed":
            self.session.arm()

    def pause(self) -> None:
        if self.can_pause:
            self.tell("pause")
            self._do(PAUSING, self.session.pause)

    def resume(self) -> None:
        if self.can_resume:
            self._do(RESUMING, self.session.resume)

    def stop(self) -> None:
        """The safe stop: always allowed while the session is open, ahead of every other command."""
        if self._state != "ended":
            self.tell("stop")
            self.stopped, self.after.wanted = True, ""
            self.worker.submit("stop", self.session.stop, urgent=True)

    def reset(self) -> None:
        """Clear a fault whose cause is gone."""
        if self._state == "faulted":
            self.tell("reset")
            self._do(CLEARING, self.session.reset)

    def _do(self, name: str, job: Callable[[], Any]) -> None:
        self._notice = None
        self.worker.submit(name, job)

    def _finished(self, name: str, value: Any, error: str) -> None:
        if name in ACTS:
            if error and self.after.wanted:
                self._notice = Message(Priority.LOW, tr("Waiting: {what}", what=tr(ACTS[name])), error)
            else:
                self.after.wanted, self._notice = "", None
                self.stopped = self.over = False
        elif error:
            self.bedside.refused()
            self.tuning.refused()
            priority = Priority.HIGH if name == "stop" else Priority.MEDIUM
            what = ASKED_FOR.get(name) or (SETTING if name.startswith("set ") else name)
            self._notice = Message(priority, tr("Not done: {what}", what=tr(what)), error)
        elif name == PREPARING:
            self._planned_is(value.protocol, value.blocks, value.trials)

    def ended(self) -> None:
        """The owner has closed the session: nothing is read from it any more."""
        self._state = "ended"
