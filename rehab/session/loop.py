"""The session's loop without its waiting: one `step` a beat. The same object runs in the control process and, with a
simulated clock, in the calling process."""

from __future__ import annotations

from typing import Any

from rehab.core.clock import Clock
from rehab.core.device import Device, SafeStop
from rehab.core.errors import RehabError
from rehab.core.gravity import Gravity
from rehab.core.inertia import hand_mass, mass_matrix
from rehab.core.kinematics import kinematics_of
from rehab.core.person import limits_for
from rehab.core.rest import Nothing, Rest
from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.faults import Fault
from rehab.core.safety.monitor import Monitor
from rehab.core.stability import delay_of
from rehab.core.tick import NoMeter, Rig, Tick, tick
from rehab.core.types import Outcome, Scene
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
from rehab.session.blocks import build, refuse_too_stiff, unpack_plugins
from rehab.session.course import Course
from rehab.session.hearing import Hearing, Listen
from rehab.session.resting import Resting
from rehab.session.tally import planned

PAUSED = Scene(text="Pause", phase="pause")
STATE_NUMBER = {name: float(number) for number, name in enumerate(SESSION_STATES)}
ON_TIME = Fault.LOOP_OVERRUN, ""  # nobody in particular
LINGER = 0.150  # s that a stopping controller goes on while its torque fades


class Loop:
    """Device, monitor and state of one session, and the parts that know the rest; made when the device is open."""

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
        self.ticks = 0
        self.timing = TimingStatistics(info.period_s)
        self._zero_time = clock.now_ns() * 1e-9
        self.course = Course(self)
        self.acting = Acting(self)
        self.answers = Answers(self)
        self.bedside = Bedside(self)
        self.resting = Resting(self)
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
            messages.Switch: self._switch_to, messages.Steer: self._steer, messages.Answer: self.answers.take,
            messages.Mark: self.bedside.mark, messages.Note: self.bedside.note, messages.Skip: self.bedside.skip,
            messages.Repeat: self.bedside.repeat, messages.Park: self.bedside.park,
            messages.Unpark: self.bedside.unpark,
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
        self.course.blocks = build(request.plan, self.info, self.limits, self.description.seed, self.delay)
        self.acting.forget()
        self.answers.begin(request.plan)
        self.aftermath.forget()
        if request.follows:
            self.course.trial = max(self.course.trial, request.after)
            self.event("follows", {"session": request.follows, "trials": request.after})
        for piece in told.protocol(request.plan):
            self.event("protocol", piece)
        for piece in planned(request.plan):
            self.event("trial_list", piece)
        self.enter("prepared")

    def _arm(self, request: messages.Arm) -> None:
        self._only_in("prepared", *(("idle",) if self.aftermath.pending else ()))
        if self.rig.monitor.armed:
            raise ValueError("the arm is still coming to rest")
        if self.hearing.obstacle:
            raise ValueError(self.hearing.obstacle)
        self.bedside.refuse_parked()
        refuse_too_stiff(self.course.blocks, self.info, self.delay)  # the link may have become slower since
        self.rig.device.arm()
        self.rig.monitor.arm()
        self.enter("armed")

    def _start(self, request: messages.Start) -> None:
        self._only_in("armed")
        if self.last is None:
            raise ValueError("no sample has come from the device yet")
        if self.answers.enough:
            raise ValueError(f"{self.answers.enough}: prepare it anew once that has changed")
        self.resting.forget()
        self.course.begin(0)

    def _pause(self, request: messages.Pause) -> None:
        self._only_in("running")
        self.pause()

    def pause(self) -> None:
        """Hold the arm softly where it is."""
        good = self.rig.monitor.good
        self.rig.monitor.freeze(good.q if good else self.rig.rest.q)
        self.enter("paused")

    def _resume(self, request: messages.Resume) -> None:
        self._only_in("paused")
        self.resume()

    def resume(self) -> None:
        """Go on after a pause, softly."""
        if self.last is not None:
            self.rig.controller.reset(self.last.state)
        self.rig.monitor.freeze(None)
        self.enter("running")

    def _stop(self, request: messages.Stop) -> None:
        if self.rig.monitor.armed:  # after a fault too: an arm that yields is still powered
            self.rig.monitor.release()
            self.course.settle_trial()
            if not self.rig.monitor.fault:
                self.aftermath.stopped()
            self.course.end_trial(Outcome.STOPPED)
            if not self.rig.monitor.fault:
                self.enter("idle")
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
        self.enter("prepared" if self.course.blocks else "idle")

    def _set(self, request: messages.Set) -> None:
        self._only_in("armed", "running", "paused")
        plugins: tuple[Any, Any] = (self.acting.controller, self.rig.exercise)
        for plugin in plugins:
            field = plugin.parameters.get(request.name)
            if field is not None and field.live and hasattr(plugin, "set"):
                value = field.parse(f"{request.value!r} {field.unit}" if field.unit else request.value)
                if plugin is plugins[1]:
                    plugin.set(request.name, value)
                    self.course.changed[request.name] = value
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
        self.course.end_trial(Outcome.STOPPED)
        self.ending = True

    @property
    def at_rest(self) -> bool:
        """Whether neither an exercise nor a controller is in the loop."""
        return self.rig is self._resting

    # the beat --------------------------------------------------------------------------------------------------------

    def step(self, beat: Beat) -> None:
        """One tick."""
        monitor = self.rig.monitor
        t = beat.now - self._zero_time
        late = beat.late + beat.skipped * self.info.period_s
        monitor.pace(beat.skipped, late, *self._slow)
        self.hearing.step(beat.now)
        if self.state == "running":
            self.course.time += beat.dt
        done = tick(self.rig, beat.now, t, self.course.time, beat.dt)
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
            self.course.happened(done.event)
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
        self.course.end_trial(Outcome.STOPPED)
        link = getattr(self.rig.device, "link", None)
        if link is not None:
            self.event("link", link.summary())
        self.event("timing", self.timing.report(scheduling, "simulated" if self.clock.simulated else "real"))
        self.enter("ended")
        self.rig.device.close()
        self.ring.close()

    # ending ----------------------------------------------------------------------------------------------------------

    def power(self) -> None:
        """Clear a latched fault and arm, for a device that need not be armed by hand."""
        if self.state == "faulted":
            self._reset(messages.Reset())
        if self.state != "armed":
            self._arm(messages.Arm())

    def _faulted(self, fault: Fault, reason: str) -> None:
        """A fault was latched, or a worse one in its place; or it was reset."""
        self._told = fault
        if not fault:
            return
        self.event("fault", {**told.fault(fault, reason), "action": self.rig.monitor.fault_action.name})
        if self.state != "faulted":
            self.course.settle_trial()
            self.aftermath.fault(fault, reason)
            self.course.end_trial(Outcome.STOPPED)
            self.enter("faulted")

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

    def enter(self, state: str) -> None:
        self.state, self._linger = state, 0.0
        if state == "idle" and self.course.blocks:
            self.course.block = -1
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
            STATE_NUMBER[self.state], self.course.block + 1 if running else 0,
            self.course.trial if self.course.in_trial else 0, beat.skipped, self.hearing.age, beat.late, self._busy,
        ]  # fmt: skip
