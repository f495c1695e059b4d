"""Session: patient + device + protocol, running.

session = Session(device="sim:planar_arm", patient="stroke", seed=1)
with session:
    for trial in session.run("reach", controller="impedance", trials=40):
        print(trial.number, trial.outcome, trial.measures["sparc"])
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

import msgspec

from rehab.core import registry
from rehab.core.address import parse
from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, NotNow, RecordingError, RehabError, SafetyStop, UserCodeError
from rehab.core.limits import Limits
from rehab.core.person import PersonLayer, limits_for
from rehab.core.safety.faults import Fault
from rehab.core.trials import Question
from rehab.core.types import Array, Trial
from rehab.protocol.also import Also, with_alternatives
from rehab.protocol.load import Protocol, one_block, read_protocol
from rehab.protocol.plan import Plan
from rehab.protocol.site import site_allows, site_limits
from rehab.realtime import shm
from rehab.realtime.layout import WIDTH
from rehab.realtime.ring import RingEvent
from rehab.realtime.snapshot import Look
from rehab.record.folder import new_folder, require_room
from rehab.record.trials import TrialAssembler
from rehab.session import messages, stale, told
from rehab.session.asking import Asking
from rehab.session.backends import Attached, Backend, InProcess, InProcesses
from rehab.session.beside import Beside
from rehab.session.blocks import pack_plugins
from rehab.session.defaults import Defaults
from rehab.session.going_on import GoingOn
from rehab.session.left import Left
from rehab.session.sources import by_process, checked, shown, sources_of, watched

KEPT = 50  # ticks that a SafetyStop carries
BEAT = 0.1  # s between two signs of life
TYPICAL = 600.0  # s: a session for which the disk must have room ten times, uncompressed
USER_CODE = (Fault.TORQUE_NOT_FINITE, Fault.SCRIPT_FAILED, Fault.PLUGIN_FAILED)


class Session(GoingOn, Asking, Beside):
    """One session, from the open device to the closed recording. Not for use from several threads at once.

    What is left out (None) is what `rehab run script.py` was told on the command line, and else:

    device   address, SCHEME:ADDRESS: "sim:planar_arm" (default), "emulator:planar_arm", "serial:/dev/ttyACM0"
    patient  preset of a virtual patient, for simulated devices and emulators only
    seed     of everything random; drawn, and recorded, when None
    clock    "real" (default), or "simulated": everything in this process, as fast as it goes, for `sim:` devices only
    out      folder in which the session's folder is made
    faults   fault script, or the name of one that ships, for sim: and emulator: devices; it goes into the record
    by       who commands, for the record
    role     "script": its death ends the session, and a thread says that it lives. "gui": the window itself says so,
             from its event loop, with `beat` every 100 ms; without a window the arm stops (warning at 200 ms, pause at
             500 ms, safe stop at 2 s) and the session waits ten minutes for another one (`attach`)
    person   whose session it is: pseudonym and limits of the clinic's file (rehab.clinic), on top of the device's
    inputs   what the user commands with, SCHEME:WHERE,name=value: "joystick:/dev/input/js0", "script:FILE" (rehab list
             sensors); with a simulated clock only what is told before
    answers  (question) -> answer, or None to leave it to `answer`; without it a simulated clock takes default answers
    """

    defaults: ClassVar[Defaults] = Defaults()

    def __init__(
        self,
        device: str | None = None,
        patient: str | None = None,
        *,
        seed: int | None = None,
        clock: str | None = None,
        out: str | Path | None = None,
        faults: str | Path | None = None,
        by: str = "script",
        role: str = "script",
        answers: Callable[[Question], Any] | None = None,
        participant: str | None = None,
        person: PersonLayer | None = None,
        inputs: Sequence[str] = (),
    ) -> None:
        said = {"device": device, "patient": patient, "seed": seed, "clock": clock, "out": out, "faults": faults}
        settled = self.defaults.settle({**said, "participant": participant})
        device, patient, seed, clock, out, faults, participant = settled
        address = parse(device)
        self._patient_source = ""
        if role not in ("script", "gui"):
            raise BadInput(f'role is "script" or "gui", not "{role}"')
        if clock not in ("real", "simulated"):
            raise BadInput(f'clock is "real" or "simulated", not "{clock}"')
        if clock == "simulated" and address.scheme != "sim":
            raise BadInput(f"only a sim: device can run on a simulated clock, not {device}")
        if patient is not None:
            if address.scheme not in ("sim", "emulator"):
                raise BadInput(f"a virtual patient sits at a sim: or emulator: device only, not at {device}")
            patient, self._patient_source = registry.find("device", "sim").virtual_patient(patient)
        self._faults: str | None = None
        self._faults_source = ""
        if faults is not None:
            if address.scheme not in ("sim", "emulator"):
                raise BadInput(f"faults are injected at a sim: or emulator: device only, never at {device}")
            script = registry.find("device", "sim").fault_script(
                faults, address.rest, patient=patient is not None, wire=address.scheme == "emulator"
            )
            self._faults, self._faults_source = str(script.path), script.source
        self.inputs = checked(
            inputs, simulated_clock=clock == "simulated", hardware=address.scheme not in ("sim", "emulator")
        )
        self.device, self.patient, self.clock, self.by, self.role = device, patient, clock, by, role
        self.seed = secrets.randbits(32) if seed is None else seed
        self._site, self.person = site_limits(), person
        self._out = Path(out) if out is not None else None
        self._backend: Backend | None = None
        self.folder = Path()
        self.state = "idle"
        self.problem = ""  # what went wrong with the recording, once closed
        self.trials: list[Trial] = []
        self.trials_planned = 0
        self.answers, self.participant = answers, participant
        self._unseen: list[RingEvent] = []  # events that poll has not handed out yet
        self._quiet = threading.Event()  # ends the thread that beats for a script

    @classmethod
    def attach(cls, session: str, *, by: str = "window") -> Self:
        """Take over a running session, named by its id, whose window is gone or hangs. Nothing moves by it: a latched
        fault has to be reset, the arm armed again. Raises NotNow when its window lives or it is not running."""
        run = shm.run_root() / session
        try:
            description = msgspec.json.decode((run / "description.json").read_bytes(), type=messages.Description)
        except (OSError, msgspec.MsgspecError) as error:
            raise NotNow(f"session {session} is not running") from error
        found = cls(description.device, seed=description.seed, by=by, role="gui")
        found.patient = description.patient
        found._site, found.folder = description.site_limits, Path(description.folder)
        found.person = description.person
        found._see(Attached(run))
        plan = found._open.plan
        if plan is not None:
            found._left, found.trials_planned = Left(plan), sum(block.trials for block in plan.blocks)
        found._take()
        return found

    # life ------------------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> Self:
        """Connect to the device and start recording; nothing moves."""
        if self._backend is not None:
            return self
        stale.sweep()
        self.folder = new_folder(self._out)
        if self.clock == "real":
            self._require_room()
        description = messages.Description(
            session=self.folder.name,
            run=str(shm.run_root() / self.folder.name),
            folder=str(self.folder),
            device=self.device,
            patient=self.patient,
            patient_source=self._patient_source,
            seed=self.seed,
            faults=self._faults,
            faults_source=self._faults_source,
            site_limits=self._site,
            self_test=float(os.environ.get("REHAB_SELF_TEST", "2.0")),
            role=self.role,
            person=self.person,
            inputs=by_process(self.inputs),
            inputs_told=tuple(shown(text) for text in self.inputs),
            inputs_source=sources_of(self.inputs),
            pedal=watched(self.inputs),
            allow=site_allows(),
        )
        about: dict[str, Any] = {
            "session": self.folder.name,
            "device": self.device,
            "patient": description.patient_name,
            "seed": self.seed,
            **description.about_person(),
        }
        if self._patient_source:
            about["patient_source"] = self._patient_source
        if self._faults:
            about["faults"] = self._faults_source
        about |= told.inputs(description)
        try:
            self._see(InProcess(description, about) if self.clock == "simulated" else InProcesses(description))
        except BaseException:
            self._forget_folder()
            raise
        if self.role == "script" and self.clock == "real":
            threading.Thread(target=self._keep_beating, name="rehab-beat", daemon=True).start()
        self.defaults.opened(self)
        return self

    def _see(self, backend: Backend) -> None:
        header = backend.ring.header()
        if header is None:
            raise RehabError("the session's ring has no header")
        self._backend, self._header = backend, header
        self._assembler = TrialAssembler(backend.ring.between, header.channels, info=header.info)
        self._row_reader = backend.ring

    def _require_room(self) -> None:
        """Refuse before anything moves what the disk could not take ten times (F30), and where sockets cannot be."""
        try:
            shm.run_folder(self.folder.name)
            require_room(self.folder, TYPICAL, 1000.0, WIDTH)
        except (BadInput, RecordingError) as error:
            self._forget_folder()
            raise BadInput(str(error)) from None

    def _forget_folder(self) -> None:
        with contextlib.suppress(OSError):  # the empty folder of a session that never was
            self.folder.rmdir()

    def _keep_beating(self) -> None:
        """A script's heartbeat: of a thread, so that a long loop body is no fault."""
        backend = self._open
        while not self._quiet.wait(BEAT):
            backend.beat()

    def close(self) -> None:
        """Disarm, close the recording, end all processes. May be called again."""
        if self._backend is None:
            return
        self._quiet.set()
        problem = self._backend.close()
        self._take()
        self.problem = problem
        self.state = "ended"

    @property
    def _open(self) -> Backend:
        if self._backend is None:
            raise NotNow('the session is not open: use "with session:" or session.open()')
        return self._backend

    @property
    def info(self) -> DeviceInfo:
        """The facts of the open device."""
        self._open  # noqa: B018
        return self._header.info

    @property
    def limits(self) -> Limits:
        """Built-in, site and device limits, and the person's; a protocol's are on top of these."""
        return limits_for(self.info, self._site, self.person)

    # pieces for windows ----------------------------------------------------------------------------------------------

    def plan(
        self, what: str | Path | Protocol | Plan, /, *, controller: str | None = None, mode: str | None = None,
        trials: int | None = None, also: Also = (), **parameters: Any,
    ) -> Plan:  # fmt: skip
        """A protocol (by name, path or value) or one block of an exercise, checked on this device. Raises Findings.

        also        controllers that `switch` may exchange a block's own for: names, or {name: {parameter: value}}
        parameters  of the exercise and of the controller, by their names. One that both have, or that is called
                    controller, mode, trials or also, under the plug-in's: impedance={"stiffness": "300 N/m"}
        """
        plan = self._plan_of(what, controller=controller, mode=mode, trials=trials, **parameters)
        return with_alternatives(plan, also, self.info) if also else plan

    def _plan_of(
        self, what: str | Path | Protocol | Plan, /, *, controller: str | None, mode: str | None, trials: int | None,
        **parameters: Any,
    ) -> Plan:  # fmt: skip
        if isinstance(what, Plan):
            return what
        if isinstance(what, str) and what in registry.names("exercise"):
            return one_block(
                what, controller=controller, mode=mode, trials=trials, parameters=parameters,
                info=self.info, limits=self.limits,
            )  # fmt: skip
        if controller or mode or trials or parameters:
            raise BadInput("controller, mode, trials and parameters go with an exercise; a protocol says them itself")
        protocol = what if isinstance(what, Protocol) else read_protocol(what)
        return protocol.plan(self.info, self.limits)

    def prepare(
        self, what: str | Path | Protocol | Plan, /, *, follows: str = "", after: int = 0, **choices: Any
    ) -> Plan:  # fmt: skip
        """Load what will run; builds its controllers and exercises. What another session has `left` (its id is
        `follows`) goes on here after so many trials."""
        plan = self.plan(what, **choices)
        if plan.seed is None and not any(block.trial_list for block in plan.blocks):
            plan = plan.realise(self.seed, self.participant)
        plugins = pack_plugins(plan)
        self._ask(messages.Prepare(plan=plan, plugins=plugins, after=after, follows=follows, by=self.by))
        self._open.plan, self._left = plan, Left(plan)
        self.trials_planned = len(self.trials) + sum(block.trials for block in plan.blocks)
        return plan

    def arm(self) -> None:
        """Power on; a deliberate act."""
        self._ask(messages.Arm(by=self.by))

    def start(self) -> None:
        """Begin what was prepared."""
        self._run_over, self._stopped_by, self._at_rest, self.ended_because = False, None, False, ""
        self._ask(messages.Start(by=self.by))

    def pause(self) -> None:
        """Hold the arm softly where it is."""
        self._ask(messages.Pause(by=self.by))

    def resume(self) -> None:
        """Go on after a pause, softly."""
        self._ask(messages.Resume(by=self.by))

    def stop(self) -> None:
        """The device's safe stop, now. From any thread, also while another waits for an answer."""
        self._open.stop(messages.Stop(by=self.by))

    def beat(self) -> None:
        """A window's sign of life, from its event loop, every 100 ms."""
        self._open.beat()

    def steer(self, *intent: float) -> None:
        """What somebody asks for at the keys, −1 … 1 in each task dimension. It counts for 200 ms: say it again at
        least every 100 ms while a key is down."""
        self._open.steer(messages.Steer(intent=tuple(map(float, intent)), by=self.by))

    def reset(self, *, within: float = 0.0) -> None:
        """Clear a fault whose cause is gone; `within` waits so many seconds for that."""
        self._insist(lambda: self._ask(messages.Reset(by=self.by)), within)
        self._fault = None

    def set(self, name: str, value: float | str) -> None:
        """Change a live parameter at the next tick: an SI number, or text with its unit."""
        if isinstance(value, str):
            value = self._si(name, value)
        self._ask(messages.Set(name=name, value=float(value), by=self.by))

    def _si(self, name: str, value: str) -> float:
        from rehab.core.units import parse as parse_quantity

        for kind in ("controller", "exercise"):
            for plugin in registry.names(kind):
                field = registry.find(kind, plugin).parameters.get(name)
                if field is not None and field.live:
                    try:
                        return parse_quantity(value, field.unit)
                    except ValueError as error:
                        raise BadInput(f"{name}: {error} ({field.allowed})") from None
        raise BadInput(f'there is no live parameter "{name}"')

    def _ask(self, request: messages.AnyRequest) -> None:
        self._open.ask(request)
        self._take()

    def look(self) -> Look | None:
        """The newest tick and scene."""
        return self._open.snapshot.look()

    def rows(self) -> Array:
        """New ticks since the last call, (k, 64), columns of `channels`."""
        return self._open.ring.rows()

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(channel.name for channel in self._header.channels)

    def poll(self) -> list[RingEvent]:
        """New events since the last call; trials that ended go to `trials`."""
        self._take()
        found, self._unseen = self._unseen, []
        return found

    @property
    def lost(self) -> str:
        """The process of the session that has died, in words; "" while all live."""
        lost = self._open.lost
        return f"{lost.process}: {lost.message}" if lost else ""

    def _take(self) -> None:
        """Read what has come; `poll` hands the events out."""
        backend = self._open
        backend.listen()
        found = backend.ring.events()
        self._unseen += found
        for event in found:
            if event.kind == "state":
                self.state = event.data["name"]
            elif event.kind == "fault":
                self._fault = event
            elif event.kind == "stop":
                self._stopped_by = event.data["by"]
            elif event.kind in ("run_end", "way_end"):
                self._run_over = True
            elif event.kind == "adverse_event":
                self._spasm_at = event.data["tick"]
            elif event.kind == "advice":
                self.advice = event.data["words"]
            elif event.kind == "rest":
                self._at_rest = True
            elif event.kind == "again" or (event.kind == "trial_end" and event.data.get("redo")):
                self.trials_planned += 1
            self._listen(event)
            if event.kind == "command" and event.data["name"] in ("park", "unpark"):
                self.parked = event.data["name"] == "park"
            if self._left is not None:
                self._left.hear(event)
            trial = self._assembler.feed(event)
            if trial is not None:
                self.trials.append(trial)
        self._assembler.keep(backend.ring.written)
        self._answer_by_itself()

    def advance(self) -> None:
        """Let a little time pass (simulated time, with a simulated clock)."""
        self._open.advance()

    # the loop of a script --------------------------------------------------------------------------------------------

    def run(
        self, what: str | Path | Protocol | Plan, /, *, controller: str | None = None, mode: str | None = None,
        trials: int | None = None, also: Also = (), **parameters: Any,
    ) -> Iterator[Trial]:  # fmt: skip
        """Prepare, arm (simulated devices only: on hardware call `arm` first), start, and yield every trial once.
        `also` names controllers that `switch` may change to meanwhile.

        Raises SafetyStop after a stop (the stopped trial comes first), UserCodeError when a script's own controller or
        exercise was at fault, Findings for a plan that does not fit. `break` pauses.
        """
        for trial in self.follow(what, controller=controller, mode=mode, trials=trials, also=also, **parameters):
            if trial is not None:
                yield trial

    def follow(self, what: str | Path | Protocol | Plan, /, **choices: Any) -> Iterator[Trial | None]:
        """Like `run`, but gives None every few milliseconds in between: for views that show progress."""
        if self.state != "armed":
            self.prepare(what, **choices)
            if not self.info.simulated:
                raise NotNow("this device is no simulation: prepare(...), make sure of the limb, arm(), then run(...)")
            self.arm()
        self.start()
        self._given = len(self.trials)
        yield from self.follow_on()

    def _raise_if_stopped(self) -> None:
        lost = self._open.lost
        if lost is not None and lost.process != "recorder":
            self._take()
            reason, ticks = lost.reason or f"{lost.process} is gone", self._last_ticks()
            if lost.fault in USER_CODE:
                raise UserCodeError(reason.split(":")[0], self._open.ring.written, lost.message, (reason,), ticks)
            raise SafetyStop(lost.message, (reason,), ticks)
        if self._fault is not None:
            data, tick = self._fault.data, self._fault.tick
            if data["id"] in USER_CODE:
                name = data["message"].split(":")[0]
                raise UserCodeError(name, tick, data["name"], (data["message"],), self._last_ticks())
            raise SafetyStop(data["name"], (data["message"], data["help"]), self._last_ticks())
        if self._stopped_by is not None:
            raise SafetyStop("stopped", (f"by {self._stopped_by}",), self._last_ticks())
        if lost is not None:
            reasons = tuple(filter(None, (lost.reason, "the recording is complete up to the stop")))
            raise SafetyStop(lost.message, reasons, self._last_ticks())
        if self.state == "ended":
            raise SafetyStop("the session was ended from outside")

    def _last_ticks(self) -> dict[str, Array]:
        ring = self._open.ring
        rows = ring.between(max(0, ring.written - KEPT), ring.written)
        return {name: rows[:, k] for k, name in enumerate(self.channels)}
