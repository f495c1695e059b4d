"""What the training window shows and may do. Knows a session, no widget; polled once a frame.

snapshot ─ look ─┐                                ┌─ picture, traces, trail, counter, words
ring ─ rows ─────┼──▶ TrainingModel.refresh ──▶ ──┤
ring ─ poll ─────┘         ▲                      └─ which buttons are enabled
                commands go to a worker, which runs them off the window's thread
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gui.viewmodels.ports import SessionPort
from gui.viewmodels.traces import POINTS, WINDOW, Traces
from gui.viewmodels.words import STATES, Message, Priority, fault_message, time_left, trial_line
from gui.viewmodels.worker import Worker
from rehab.core.clock import Clock, MonotonicClock
from rehab.core.safety.faults import Fault
from rehab.core.types import Array
from rehab.core.values import Status
from rehab.realtime.health import Health, Level, Words
from rehab.realtime.layout import SESSION_STATES, channels
from rehab.realtime.picture import Eye, Picture, Point

SILENT = 0.5  # s without a new tick before the window says so
LOST = 2.0  # s without a new tick before the session counts as lost
TRAIL = 1.5  # s of the hand's way that are drawn
TRAIL_POINTS = round(TRAIL / WINDOW * POINTS)
MOVING = ("armed", "running", "paused")  # states in which the power stage may be on
WATCHDOG = "The device stops by its own watchdog; end the session and look at the recording"
NO_CONNECTION = Words(Level.BAD, "device: no connection")


class TrainingModel:
    """One open session as a therapist sees it.

    protocol  what `session.prepare` is given
    worker    runs the commands; the owner closes it
    """

    def __init__(self, session: SessionPort, protocol: Any, worker: Worker, *, clock: Clock | None = None) -> None:
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
        self.device = f"{info.model} {info.identity}"
        self.title = ""
        self.total = 0
        self.trial = 0
        self.lost = ""  # words, once the session is gone
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

    def _now(self) -> float:
        return self._clock.now_ns() * 1e-9

    # once a frame ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Take in what is new. Never raises: a session that cannot be read is shown as lost."""
        for done in self.worker.results():
            self._finished(done.name, done.value, done.error)
        if self.lost or self._state == "ended":
            return
        try:
            self._read()
        except Exception as error:  # whatever broke, the window must live to say so and to offer Stop
            self._lose(f"the session cannot be read any more: {error}")

    def _read(self) -> None:
        look = self.session.look()
        if look is not None:
            self.picture = self.eye.see(look)
            self._take_state(look.values)
        elif self._tick >= 0.0:
            self._lose("its snapshot is gone")
            return
        rows = self.session.rows()
        self.health.feed(rows)
        self._trace(rows)
        if not self.worker.busy:  # one thread at a time; a command polls by itself
            for event in self.session.poll():
                self._happened(event.kind, event.data)
            if self._idled:
                self._idled = False
                self.over = self.over or len(self.session.trials) >= self.total
                self.stopped = not self.over
        if self._now() - self._tick_at > LOST and self._tick >= 0.0:
            self._lose(f"no tick for {LOST:g} s")

    def _take_state(self, values: dict[str, float]) -> None:
        if values["tick"] != self._tick:
            self._tick, self._tick_at = values["tick"], self._now()
        number = int(values["state"])
        seen = SESSION_STATES[number] if 0 <= number < len(SESSION_STATES) else "idle"
        told = self.session.state  # events reach further than ticks when the control process has died
        self._enter(told if told in ("faulted", "ended") else seen)
        self.resting = not int(values["status"]) & Status.ARMED
        if values["trial"] > 0:
            self.trial = int(values["trial"])
        if self._state == "faulted" and self._fault is None:
            self._fault = fault_message({"id": values["fault"]})

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

    def prepare(self) -> None:
        """Load the protocol."""
        self._do("preparing the protocol", lambda: self.session.prepare(self.protocol))

    def start(self) -> None:
        """Whatever is still needed to run: prepare, arm, start. Each is a job of its own, so that STOP gets between."""
        if not self.can_start:
            return
        state = self.state
        self.stopped = self.over = False
        self._count_from_here()
        if state in ("idle", "stopped"):
            self.prepare()
        if state != "armed":
            self._do("arming", self._arm)
        if self.info.simulated or state == "armed":
            self._do("starting", self.session.start)

    def _count_from_here(self) -> None:
        """A run begins at the protocol's first trial; those of runs before it stay counted."""
        self._begun = len(self.session.trials)
        self.total = self._begun + self._planned

    def _arm(self) -> None:
        if self.session.state != "armed":
            self.session.arm()

    def pause(self) -> None:
        if self.can_pause:
            self._do("pausing", self.session.pause)

    def resume(self) -> None:
        if self.can_resume:
            self._do("resuming", self.session.resume)

    def stop(self) -> None:
        """The safe stop: always allowed while the session is open, ahead of every other command."""
        if self._state != "ended":
            self.stopped = True
            self.worker.submit("stop", self.session.stop, urgent=True)

    def reset(self) -> None:
        """Clear a fault whose cause is gone."""
        if self._state == "faulted":
            self._do("clearing the fault", self.session.reset)

    def _do(self, name: str, job: Callable[[], Any]) -> None:
        self._notice = None
        self.worker.submit(name, job)

    def _finished(self, name: str, value: Any, error: str) -> None:
        if error:
            priority = Priority.HIGH if name == "stop" else Priority.MEDIUM
            self._notice = Message(priority, f"Not done: {name}", error)
        elif name == "preparing the protocol":
            self.title, self._planned = value.protocol, value.trials
            self._count_from_here()

    # what the view shows ---------------------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """A session state, or "lost", or "stopped" (idle, after a person's stop)."""
        if self.lost and self._state != "ended":
            return "lost"
        return "stopped" if self._state == "idle" and self.stopped else self._state

    @property
    def state_words(self) -> str:
        return STATES[self.state]

    @property
    def instruction(self) -> str:
        """One instruction, plain words: the scene's, or what to press."""
        if self.state in ("running", "paused") and self.picture is not None:
            return self.picture.text
        return {
            "idle": "",
            "prepared": "Press Start" if self.info.simulated else "Press Arm when the limb is strapped in",
            "armed": "The arm is powered. Press Start",
            "faulted": "The arm was stopped",
            "stopped": "Stopped" if self.resting else "The arm is coming to rest",
            "lost": "The arm stops by itself when nothing commands it",
        }.get(self.state, "")

    @property
    def start_label(self) -> str:
        """On hardware arming is a press of its own."""
        return "Arm" if self.state in ("idle", "prepared", "stopped") and not self.info.simulated else "Start"

    @property
    def can_start(self) -> bool:
        return self.state in ("idle", "prepared", "armed", "stopped") and not self.worker.busy and (
            self.resting or self.state == "armed"
        )  # fmt: skip

    @property
    def can_pause(self) -> bool:
        return self.state == "running" and not self.worker.busy

    @property
    def can_resume(self) -> bool:
        return self.state == "paused" and not self.worker.busy

    @property
    def can_stop(self) -> bool:
        return self._state != "ended"

    @property
    def counter(self) -> str:
        """ "Trial 5 of 16"."""
        if self.total == 0:
            return "Trial –"
        return f"Trial {self.trial} of {self.total}" if self.trial else f"{self.total} trials"

    @property
    def progress(self) -> float:
        """Share of the trials that are done, 0 to 1."""
        return min(1.0, len(self.session.trials) / self.total) if self.total else 0.0

    @property
    def left(self) -> str:
        """Time left, from how long the trials took, with the way back; "" while that is not known."""
        trials = self.session.trials[self._begun :]
        remaining = self.total - len(self.session.trials)
        if self.state not in ("running", "paused") or len(trials) < 2 or remaining <= 0:
            return ""
        return time_left(remaining * (trials[-1].start - trials[0].start) / (len(trials) - 1))

    @property
    def last_trial(self) -> str:
        return trial_line(self.session.trials[-1]) if self.session.trials else ""

    @property
    def messages(self) -> list[Message]:
        """The banner, worst first."""
        found = []
        if self._state == "faulted":
            found.append(self._fault or fault_message({"id": Fault.NONE}))
        if self.lost and self._state != "ended":
            text = f"{self.lost[:1].upper()}{self.lost[1:]}. {WATCHDOG}"
            found.append(Message(Priority.HIGH, "The session does not answer", text))
        elif self._tick >= 0.0 and self._now() - self._tick_at > SILENT and self._state != "ended":
            found.append(
                Message(
                    Priority.MEDIUM, "The control loop is silent", "No new tick has come; press Stop if the arm moves"
                )
            )
        if self._notice:
            found.append(self._notice)
        return sorted(found, key=lambda message: -message.priority)

    def ended(self) -> None:
        """The owner has closed the session: nothing is read from it any more."""
        self._state = "ended"
