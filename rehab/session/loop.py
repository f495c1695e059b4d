"""The session's loop without its waiting: one `step` a beat. The same object runs in the control process and, with a
simulated clock, in the calling process."""

from __future__ import annotations

from typing import Any

from rehab.core.clock import Clock
from rehab.core.device import Device, SafeStop
from rehab.core.errors import RehabError
from rehab.core.gravity import Gravity
from rehab.core.inertia import hand_mass, mass_matrix
from rehab.core.kinematics import OutOfReach, kinematics_of
from rehab.core.person import limits_for
from rehab.core.rest import Nothing, Rest
from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.faults import Fault
from rehab.core.safety.monitor import Monitor
from rehab.core.stability import delay_of
from rehab.core.tick import NoMeter, Rig, Tick, estimate, tick
from rehab.core.types import Event, Outcome, Scene
from rehab.core.values import Action, Sample
from rehab.realtime.layout import SESSION_STATES, channels
from rehab.realtime.meter import Meter
from rehab.realtime.pacing import Beat
from rehab.realtime.ring import RingEvent, RingHeader, RingWriter
from rehab.realtime.snapshot import SnapshotWriter
from rehab.realtime.timing import TimingStatistics
from rehab.session import messages, told
from rehab.session.acting import Acting
from rehab.session.aftermath import Aftermath
from rehab.session.answers import Answers
from rehab.session.bedside import Bedside
from rehab.session.blocks import Block, build, follow, refuse_too_stiff, unpack_plugins
from rehab.session.hearing import Hearing, Listen
from rehab.session.resting import Resting
from rehab.session.tally import Tally, planned

PAUSED = Scene(text="Pause", phase="pause")
STATE_NUMBER = {name: float(number) for number, name in enumerate(SESSION_STATES)}
ON_TIME = Fault.LOOP_OVERRUN, ""  # nobody in particular
LINGER = 0.150  # s that a stopping controller goes on while its torque fades


class Loop:
    """Device, monitor, blocks and trial counter of one session; made when the device is open."""

    def __init__(
        self,
        device: Device,
        clock: Clock,
        ring: RingWriter,
        snapshot: SnapshotWriter,
        description: messages.Description,
        certificate: dict[str, Any],
        listen: Listen | None = None,
    ) -> None:
        """`listen` gives what the user asks for by joystick, switch, pedal or muscle."""
        info = device.info
        self.info, self.clock, self.ring, self.snapshot, self.description = info, clock, ring, snapshot, description
        self.kinematics = kinematics_of(info)
        self.limits = limits_for(info, description.site_limits, description.person)
        facts = DeviceFacts(
            info.period_s,
            {SafeStop.YIELD: Action.YIELD, SafeStop.RAMP_OFF: Action.RAMP_OFF}.get(info.safe_stop, Action.TORQUE_OFF),
            tuple(joint.yield_damping for joint in info.joints),
            tuple(joint.damping for joint in info.joints),
            tuple(mass_matrix(info, info.home).diagonal().tolist()),
            hand_mass(info, info.home),
        )
        monitor = Monitor(self.limits, facts)
        zero = (0.0,) * info.n_joints
        rest = Sample(clock.now_ns() * 1e-9, 0, 0.0, tuple(info.home), zero, zero)
        gravity = Gravity(info)
        self.meter = None if clock.simulated else Meter(clock, info.period_s)  # simulated time stands still meanwhile
        self._slow: tuple[Fault, str] = ON_TIME
        self.hearing = Hearing(self, self.kinematics.n_task, listen, pedal=description.pedal)
        self.rig = self._resting = Rig(
            device, self.kinematics, monitor, Rest(info), Nothing(info), gravity, rest, lambda: self.hearing.intent,
            meter=self.meter or NoMeter(),
        )
        self.state = "idle"
        self.ending = False
        self.blocks: tuple[Block, ...] = ()
        self.ticks = 0
        self.trial = 0
        self.timing = TimingStatistics(info.period_s)
        self._zero_time = clock.now_ns() * 1e-9
        self.block = -1
        self.tally: Tally | None = None  # of the present block
        self.acting = Acting(self)
        self._changed: dict[str, float] = {}  # the exercise's live parameters
        self.answers = Answers(self)
        self.bedside = Bedside(self)
        self.resting = Resting(self)
        self.in_trial = False
        self._exercise_time = 0.0
        self._linger = 0.0
        self._busy = 0.0
        self.last: Tick | None = None
        self._told = Fault.NONE  # the latched fault that the record knows of
        self.aftermath = Aftermath(self)
        self._seen: Scene | None = None
        self._see = getattr(device, "see", None)
        self._injected: list[dict[str, Any]] = getattr(device, "injected", [])  # of a fault script, as they begin
        columns = channels(info.n_joints, self.kinematics.n_task)
        header = RingHeader(description.session, description.folder, info, columns)
        snapshot.describe(header)
        ring.describe(header)
        # the monotonic time of t = 0 ties the session's time to the clocks in the manifest
        self.event("certificate", {**certificate, "host_zero_s": self._zero_time})
        self.event("limits", told.limits(self.limits, ""))
        self.event("state", {"name": self.state})

    # requests --------------------------------------------------------------------------------------------------------

    def handle(self, request: messages.AnyRequest) -> str:
        """Do what was asked; "" or, in words, why not."""
        act: Any = {
            messages.Prepare: self._prepare, messages.Arm: self._arm, messages.Start: self._start,
            messages.Pause: self._pause, messages.Resume: self._resume, messages.Stop: self._stop,
            messages.Reset: self._reset, messages.Set: self._set, messages.End: self._end,
            messages.Trip: self._trip, messages.Warn: self._warn, messages.GoOn: self.aftermath.go_on,
            messages.GetOut: self.aftermath.get_out, messages.SlowStretch: self.aftermath.slow_stretch,
            messages.Switch: self._switch_to, messages.Answer: self.answers.take, messages.Steer: self._steer,
            messages.Switch: self._switch_to, messages.Answer: self.answers.take, messages.Mark: self.bedside.mark,
            messages.Note: self.bedside.note, messages.Skip: self.bedside.skip, messages.Repeat: self.bedside.repeat,
            messages.Park: self.bedside.park, messages.Unpark: self.bedside.unpark,
        }[type(request)]  # fmt: skip
        try:
            act(request)
        except (RehabError, ValueError) as error:
            return str(error)
        silent = messages.Trip | messages.Warn | messages.Answer | messages.Steer | messages.Mark | messages.Note
        if isinstance(request, silent):
            return ""  # nobody's command, or one that has its columns or an event of its own
        data: dict[str, Any] = {"name": request.__struct_config__.tag, "by": request.by}
        if isinstance(request, messages.Set):
            data |= {"parameter": request.name, "value": request.value}
        elif isinstance(request, messages.GoOn):
            data |= {"share": request.share}
        elif isinstance(request, messages.Switch):
            data |= {"controller": request.name}
        self.event("command", data)
        self.aftermath.did(request)
        return ""

    def _only_in(self, *states: str) -> None:
        if self.state not in states:
            raise ValueError(f"the session is {self.state}; this needs it to be {' or '.join(states)}")

    def _prepare(self, request: messages.Prepare) -> None:
        self._only_in("idle", "prepared")
        if self.rig.monitor.armed:
            raise ValueError("the arm is still coming to rest")
        unpack_plugins(request.plugins)
        if request.plan.device not in ("", self.info.model):
            raise ValueError(f"the protocol is for {request.plan.device}; this device is a {self.info.model}")
        if request.plan.identity not in ("", self.limits.identity):
            raise ValueError("F36 limits of another patient or device: prepare the protocol anew for this session")
        self.blocks = build(request.plan, self.info, self.limits, self.description.seed, self.delay)
        self.acting.forget()
        self.answers.begin(request.plan)
        self.aftermath.forget()
        if request.follows:
            self.trial = max(self.trial, request.after)
            self.event("follows", {"session": request.follows, "trials": request.after})
        for piece in told.protocol(request.plan):
            self.event("protocol", piece)
        for piece in planned(request.plan):
            self.event("trial_list", piece)
        self._enter("prepared")

    def _arm(self, request: messages.Arm) -> None:
        self._only_in("prepared", *(("idle",) if self.aftermath.pending else ()))
        if self.rig.monitor.armed:
            raise ValueError("the arm is still coming to rest")
        if self.hearing.obstacle:
            raise ValueError(self.hearing.obstacle)
        self.bedside.refuse_parked()
        refuse_too_stiff(self.blocks, self.info, self.delay)  # the link may have become slower since
        self.rig.device.arm()
        self.rig.monitor.arm()
        self._enter("armed")

    def _start(self, request: messages.Start) -> None:
        self._only_in("armed")
        if self.last is None:
            raise ValueError("no sample has come from the device yet")
        if self.answers.enough:
            raise ValueError(f"{self.answers.enough}: prepare it anew once that has changed")
        self.resting.forget()
        self.begin(0)

    def _pause(self, request: messages.Pause) -> None:
        self._only_in("running")
        self.pause()

    def pause(self) -> None:
        """Hold the arm softly where it is."""
        good = self.rig.monitor.good
        self.rig.monitor.freeze(good.q if good else self.rig.rest.q)
        self._enter("paused")

    def _resume(self, request: messages.Resume) -> None:
        self._only_in("paused")
        self.resume()

    def resume(self) -> None:
        """Go on after a pause, softly."""
        if self.last is not None:
            self.rig.controller.reset(self.last.state)
        self.rig.monitor.freeze(None)
        self._enter("running")

    def _stop(self, request: messages.Stop) -> None:
        if self.rig.monitor.armed:  # after a fault too: an arm that yields is still powered
            self.rig.monitor.release()
            self._settle_trial()
            if not self.rig.monitor.fault:
                self.aftermath.stopped()
            self._end_trial(Outcome.STOPPED)
            if not self.rig.monitor.fault:
                self._enter("idle")
        self.event("stop", {"by": request.by})

    def _reset(self, request: messages.Reset) -> None:
        self._only_in("faulted")
        good = self.last.sample if self.last else None
        if self.last is not None and self.last.lost:
            raise ValueError("the device is gone: plug it in and open a new session")
        if good is not None and good.inputs & 0b11:
            raise ValueError("the emergency stop is still pressed")
        self.aftermath.refuse_a_spasm_that_stands()
        self.rig.device.disarm()
        self.rig.monitor.reset()
        if good is not None:  # whatever begins before the next sample begins where the arm is
            self._resting = self._resting._replace(rest=good)
        self.rig = self._resting
        self._enter("prepared" if self.blocks else "idle")

    def _set(self, request: messages.Set) -> None:
        self._only_in("armed", "running", "paused")
        plugins: tuple[Any, Any] = (self.acting.controller, self.rig.exercise)
        for plugin in plugins:
            field = plugin.parameters.get(request.name)
            if field is not None and field.live and hasattr(plugin, "set"):
                value = field.parse(f"{request.value!r} {field.unit}" if field.unit else request.value)
                if plugin is plugins[1]:
                    plugin.set(request.name, value)
                    self._changed[request.name] = value
                else:
                    self.acting.set(request.name, value)
                return
        live = [n for p in plugins for n, f in p.parameters.items() if f.live and hasattr(p, "set")]
        raise ValueError(f'"{request.name}" cannot be changed now (can be: {", ".join(live) or "nothing"})')

    def _switch_to(self, request: messages.Switch) -> None:
        self._only_in("running", "paused")
        self.acting.switch(request.name)

    def _steer(self, request: messages.Steer) -> None:
        self.hearing.steer(self.clock.now_ns() * 1e-9, request.intent)

    @property
    def delay(self) -> float:
        """Of the device's link in s, as it is now."""
        return delay_of(self.info, getattr(self.rig.device, "link", None)).seconds

    def _trip(self, request: messages.Trip) -> None:
        """A fault from outside the loop; of one that finds no power on, the record only takes note."""
        if not self.rig.monitor.armed:
            self._warn(request)
            return
        self.rig.monitor.trip(Fault(request.fault), request.message, Action[request.action] if request.action else None)

    def _warn(self, request: messages.Warn | messages.Trip) -> None:
        self.event("warning", told.fault(Fault(request.fault), request.message))

    def _end(self, request: messages.End) -> None:
        if self.rig.monitor.armed:  # after a fault too: its ramp goes to its end, and an arm that yields comes to rest
            self.rig.monitor.release()
        self._end_trial(Outcome.STOPPED)
        self.ending = True

    # the beat --------------------------------------------------------------------------------------------------------

    def step(self, beat: Beat) -> None:
        """One tick."""
        monitor = self.rig.monitor
        t = beat.now - self._zero_time
        late = beat.late + beat.skipped * self.info.period_s
        monitor.pace(beat.skipped, late, *self._slow)
        self.hearing.step(beat.now)
        if self.state == "running":
            self._exercise_time += beat.dt
        done = tick(self.rig, beat.now, t, self._exercise_time, beat.dt)
        self._slow = self._slow_one()
        self.last = done = self.acting.see(done)
        self.aftermath.see(done)
        while self._injected:
            self.event("injected", self._injected.pop(0))
        if monitor.armed:
            self.timing.add(beat.dt, beat.skipped)
        self.resting.step(beat.dt)
        scene = (self.resting.scene or PAUSED) if self.state == "paused" else done.scene
        if scene is not self._seen:
            self._seen = scene
            if self._see is not None:
                self._see(scene)
        if done.event is not None and self.state == "running":
            self._happened(done.event)
        if monitor.fault is not self._told and self.state != "ended":
            self._faulted(monitor.fault, monitor.reason)
        self._settle(done)
        row = self._row(done, beat, t)
        self.ring.put(row)
        self.snapshot.put(row, scene)
        self.ticks += 1
        self._busy = self.clock.now_ns() * 1e-9 - beat.now

    def _slow_one(self) -> tuple[Fault, str]:
        """Whose fault it is, and who it was in words, if the next tick comes too late."""
        meter = self.meter
        if meter is None or not meter.slow:
            return ON_TIME
        fault, plugin = Fault.PLUGIN_FAILED, type(self.rig.controller).__name__
        if meter.slow == "exercise":
            fault, plugin = Fault.SCRIPT_FAILED, type(self.rig.exercise).__name__
        return fault, f"{meter.slow} {plugin}: took {meter.took * 1e3:.1f} ms; "

    def event(self, kind: str, data: dict[str, Any]) -> None:
        """One event at the present tick."""
        t = self.clock.now_ns() * 1e-9 - self._zero_time
        self.ring.event(RingEvent(kind, self.ticks, t, data))

    def close(self, scheduling: str) -> None:
        """The last words: timing of the whole session, state ended. The device is disarmed and closed."""
        self.rig.monitor.disarm()
        self.rig.device.disarm()
        self._end_trial(Outcome.STOPPED)
        link = getattr(self.rig.device, "link", None)
        if link is not None:
            self.event("link", link.summary())
        self.event("timing", self.timing.report(scheduling, "simulated" if self.clock.simulated else "real"))
        self._enter("ended")
        self.rig.device.close()
        self.ring.close()

    # ending, block after block ---------------------------------------------------------------------------------------

    def power(self) -> None:
        """Clear a latched fault and arm, for a device that need not be armed by hand."""
        if self.state == "faulted":
            self._reset(messages.Reset())
        if self.state != "armed":
            self._arm(messages.Arm())

    def begin(self, number: int, before: Tally | None = None) -> None:
        """From standstill. Raises ValueError where a block cannot begin."""
        self._begin(number, before)
        if self.rig is self._resting:
            raise ValueError(self.rig.monitor.reason)
        self.aftermath.forget()
        self._enter("running")

    def lead(self, way: Block) -> None:
        """From standstill, a movement that is no block of the plan. Raises ValueError where it cannot begin."""
        self.block = -1
        if not self._switch(way, Tally(way.plan)):
            raise ValueError(self.rig.monitor.reason)
        self.event("way_start", {"exercise": way.plan.exercise, "controller": way.plan.controller})
        self._enter("running")

    def _begin(self, number: int, before: Tally | None = None) -> None:
        """Start a block; after a fault, with what was counted of it `before`."""
        self.block = number
        block = self.blocks[number]
        if not self._switch(block, before or Tally(block.plan)):
            return
        self.event("block_start", told.block(number, block.plan, before.counted if before else None))

    def _switch(self, block: Block, tally: Tally) -> bool:
        """Exercise, controller and limits of this block from here on, softly. Trips, and gives False, where
        the exercise fails or its first reference is far from the present pose."""
        assert self.last is not None
        monitor = self.rig.monitor
        good = monitor.good or self.rig.rest
        state, *_ = estimate(self.last.state.t, good, self.kinematics, self.rig.gravity.torque(good.q))
        monitor.limits = block.limits
        monitor.soft_start()
        self._exercise_time, self.tally, self._changed = 0.0, tally, {}
        try:
            follow(block.plan, block.exercise, self.tally.left)
            block.exercise.start(state, block.limits, block.rng)
            block.controller.reset(state)
            far = self._distance(good, block.exercise.reference(0.0, state).x.tolist())
        except Exception as error:
            monitor.trip(Fault.SCRIPT_FAILED, f"{block.plan.exercise or 'page'}: {type(error).__name__}: {error}")
            return False
        if far > block.limits.values["start_distance"]:
            allowed = block.limits.values["start_distance"]
            reason = f"the reference begins {far:.2f} rad away; {allowed:.2f} rad are allowed"
            monitor.trip(Fault.START_TOO_FAR, reason, Action.RAMP_OFF)
            return False
        self.rig = self.rig._replace(exercise=block.exercise, controller=block.controller)
        self.acting.begin(block)
        self.event("limits", told.limits(block.limits, block.plan.name))
        return True

    def _distance(self, sample: Sample, point: list[float]) -> float:
        """The largest joint angle (rad) between the pose and the reference's pose."""
        try:
            wanted = self.kinematics.inverse(tuple(point), sample.q)
        except OutOfReach as error:
            wanted = self.kinematics.inverse(error.nearest, sample.q)
        return max(abs(w - q) for w, q in zip(wanted, sample.q, strict=True))

    def _happened(self, event: Event) -> None:
        """An event of the exercise: into the record, to the controller, and what follows from it."""
        data, tally = dict(event.data), self.tally
        if tally is None:
            return
        if event.kind == "trial_start":
            self.trial += 1
            self.in_trial = True
            data = self._trial_data(tally, data)
        elif event.kind == "trial_end":
            if not self.in_trial:
                return
            data = {"number": self.trial, **data}
        self.event(event.kind, data)
        if event.kind == "way_end":
            self.rig.monitor.release()
            self.aftermath.way_over(data["arrived"])
            self._enter("idle")
            return
        if event.kind == "dynamics":
            self.acting.dynamics(str(data.get("name", "")))
        self.acting.heed(event)
        if event.kind == "trial_end":
            self.in_trial = False
            tally.end(redo=bool(data.get("redo")), now=bool(data.get("now")))
        elif event.kind == "list_end":
            tally.finish()
        if event.kind in ("trial_end", "list_end"):
            if tally.over:
                self._end_block()
            self.resting.look()

    @property
    def in_block(self) -> bool:
        """Whether a block of the plan is under way, and it is no page."""
        return 0 <= self.block < len(self.blocks) and self.blocks[self.block].plan.page is None

    def _trial_data(self, tally: Tally, asked: dict[str, Any]) -> dict[str, Any]:
        part, plan = self.acting.part, self.blocks[self.block].plan
        controller = part.choice.controller if part is not None else plan.controller
        parameters = {**plan.exercise_parameters, **self._changed, **self.acting.parameters, **self.acting.adapted}
        return told.trial(self.trial, plan, controller, parameters, {**tally.begin(asked), **asked})

    def _end_block(self) -> None:
        self.event("block_end", {"number": self.block + 1})
        if self.block + 1 < len(self.blocks):
            self._begin(self.block + 1)
        else:
            self.end_run()

    def end_run(self, reason: str = "") -> None:
        """The plan has come to its end, or an answer has brought it there."""
        self._end_trial(Outcome.ABORTED)
        self.event("run_end", {"trials": self.trial} | ({"reason": reason} if reason else {}))
        self.rig.monitor.release()
        self._enter("idle")

    def _faulted(self, fault: Fault, reason: str) -> None:
        """A fault was latched, or a worse one in its place; or it was reset."""
        self._told = fault
        if not fault:
            return
        self.event("fault", {**told.fault(fault, reason), "action": self.rig.monitor.fault_action.name})
        if self.state != "faulted":
            self._settle_trial()
            self.aftermath.fault(fault, reason)
            self._end_trial(Outcome.STOPPED)
            self._enter("faulted")

    def _settle_trial(self) -> None:
        """The running trial is stopped: it counts, unless the plan does it again."""
        if self.in_trial and self.tally is not None:
            self.tally.fault()

    def _end_trial(self, outcome: Outcome) -> None:
        if self.in_trial:
            self.in_trial = False
            self.event("trial_end", {"number": self.trial, "outcome": str(outcome)})

    def _settle(self, done: Tick) -> None:
        """Once torque is gone: rest, and disarm."""
        monitor = self.rig.monitor
        if self.state in ("idle", "faulted"):
            self._linger += self.info.period_s
            if done.blame or self._linger > LINGER:
                self.rig = self._resting
        if monitor.armed and monitor.at_rest:
            self.rig.device.disarm()
            monitor.disarm()
            self.rig = self._resting
            self.event("rest", {})
        if self.ending and not monitor.armed:
            self.state = "ended"

    def _enter(self, state: str) -> None:
        self.state, self._linger = state, 0.0
        if state == "idle" and self.blocks:
            self.block = -1
        self.event("state", {"name": state})

    def _row(self, done: Tick, beat: Beat, t: float) -> list[float]:
        sample, decision, monitor = done.sample, done.decision, self.rig.monitor
        running = self.state in ("running", "paused")
        return [
            self.ticks, t, beat.dt, sample.time - self._zero_time, sample.age, sample.sequence, sample.status,
            sample.inputs, sample.damaged, *sample.q, *sample.qd, *sample.tau, *done.x, *done.v,
            *(sample.force or (0.0,) * len(done.x)), *self.hearing.intent, *self.hearing.offer, *done.x_ref,
            *done.v_ref, *done.wish, *decision.command.torque, decision.command.enable, decision.action, decision.fault,
            decision.acted, decision.scale, monitor.tank.level, monitor.account.energy,
            STATE_NUMBER[self.state], self.block + 1 if running else 0,
            self.trial if self.in_trial else 0, beat.skipped, self.hearing.age, beat.late, self._busy,
        ]  # fmt: skip
