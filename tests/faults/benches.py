"""The bodies on which every fault is shown: the same loop at the simulated device, and at the emulator over its link.

Nothing waits and nothing is random. Over the link the bytes are the real ones, from driver to emulator and back; only
the wire between them is a list, and time is a number that the test moves.
"""

from __future__ import annotations

from math import floor
from typing import Any, NamedTuple

import numpy as np

from devices.link.device import LinkDevice
from rehab.core.clock import ManualClock
from rehab.core.errors import DeviceLost
from rehab.core.safety.faults import Fault
from rehab.core.values import Acted, Action, Inputs
from rehab.protocol.plan import BlockPlan, Plan
from rehab.realtime import ring, shm, snapshot
from rehab.realtime.pacing import Pacer
from rehab.realtime.ring import RingEvent, RingReader, RingWriter
from rehab.realtime.snapshot import SnapshotWriter
from rehab.session import messages
from rehab.session.loop import Loop
from sim.body import Body, make_body
from sim.device import SimulatedDevice
from sim.emulators.device import EmulatedDevice
from sim.emulators.faulty import FaultyLine
from sim.emulators.process import Emulator
from sim.faults import FaultScript, read_faults
from sim.injection import Injection
from sim.models import load

MODEL = "planar_arm"
PERIOD_NS = 1_000_000
APART_NS = 300_000  # from the emulator's period to the host's
AT = 0.5  # s after arming: when every fault begins, with the arm moving and the soft start over
SITE = {"soft_start": 0.3}
CIRCLE = {"radius": 0.04, "turn": 2.0}


class Seen(NamedTuple):
    """What came of a fault: the step of the stop ladder, after how many ticks, in which words."""

    fault: int
    action: str
    ticks: int
    words: str


class WorldClock(ManualClock):
    """Moves the world while it waits: `beat` is called once a period, on the emulator's own grid."""

    def __init__(self) -> None:
        super().__init__(5_000_000_000)
        self.due = self._now + PERIOD_NS
        self.beat: Any = lambda: None

    def sleep_until_ns(self, deadline_ns: int) -> None:
        while self.due <= deadline_ns:
            self._now = max(self._now, self.due)
            self.due += PERIOD_NS
            self.beat()
        super().sleep_until_ns(deadline_ns)

    def advance(self, seconds: float) -> None:
        self.sleep_until_ns(self._now + round(seconds * 1e9))


class Bench:
    """One session's loop at a body. `body` is the truth; `start` arms and runs a circle that the hand is led along."""

    name = ""

    def __init__(self, faults: str = "", patient: str | None = None) -> None:
        self.clock = WorldClock()
        self.faults, self.patient = faults, patient
        self.device = self.connect()
        self.device.open()
        memory, glass = shm.anonymous(ring.SIZE), shm.anonymous(snapshot.SIZE)
        about = messages.Description(
            session="s", run="", folder="", device=f"test:{MODEL}", seed=1, site_limits=SITE, self_test=0.0
        )
        self.loop = Loop(self.device, self.clock, RingWriter(memory), SnapshotWriter(glass), about, {})
        self.ring = RingReader(memory)
        header = self.ring.header()
        assert header is not None
        self.columns = {channel.name: k for k, channel in enumerate(header.channels)}
        self.pacer = Pacer(self.clock, self.device.info.period_s)
        self.events: list[RingEvent] = []
        self.row: np.ndarray = np.zeros(0)
        self.now = 0.0  # s, of the newest tick
        self.count = 0  # of a scene
        self.sent: list[float] = []  # torque that a check has looked at last
        self.latest = 0.0  # s, of the newest sample that a check has looked at
        self.begun = 0.0  # s, when the fault began
        self.step(5)

    def connect(self) -> Any:
        raise NotImplementedError

    @property
    def body(self) -> Body:
        raise NotImplementedError

    @property
    def armed_ns(self) -> int:
        """When the device was armed, on the host's clock: there its fault script begins."""
        raise NotImplementedError

    def step(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            beat = self.pacer.wait()
            self.loop.step(beat)
            self.now = beat.now
            self.row = self.ring.rows()[-1]
            self.events += self.ring.events()
            sent = [value for name, value in self.named("sent").items()]
            assert np.isfinite(sent).all(), "a torque that is not finite was sent"

    def __getitem__(self, column: str) -> float:
        return float(self.row[self.columns[column]])

    def named(self, vector: str) -> dict[str, float]:
        return {n: float(self.row[k]) for n, k in self.columns.items() if n.rpartition("_")[0] == vector}

    def ask(self, *requests: messages.AnyRequest) -> str:
        for request in requests:
            error = self.loop.handle(request)
            self.pacer.restart()
            if error:
                return error
        return ""

    def plan(self, controller: str = "impedance", exercise: str = "circling", **changes: Any) -> Plan:
        parameters = changes.pop("parameters", {"stiffness": 300.0} if controller == "impedance" else {})
        block = BlockPlan(
            number=0, name="only", exercise=exercise, controller=controller, controller_parameters=parameters,
            trials=1, exercise_parameters=changes.pop("circle", CIRCLE), limits=changes.pop("limits", {}),
        )  # fmt: skip
        return Plan(protocol="fault", version=1, device=MODEL, blocks=(block,), **changes)

    def start(self, controller: str = "impedance", **changes: Any) -> None:
        """Prepare, arm, start, and run until the moment AT which the fault begins."""
        error = self.ask(messages.Prepare(plan=self.plan(controller, **changes)), messages.Arm(), messages.Start())
        assert not error, error
        self.begun = self.armed_ns * 1e-9 + AT
        while self.now + 0.0005 < self.begun - 0.001:
            self.step()
        assert not self.faults_seen(), "it was stopped before the fault began"

    def faults_seen(self) -> list[dict[str, Any]]:
        return [event.data for event in self.events if event.kind == "fault"]

    def latched(self, most: int) -> Seen:
        """Run until a fault is latched, at most so many ticks."""
        for _ in range(most):
            self.step()
            found = self.faults_seen()
            if found:
                return Seen(found[0]["id"], found[0]["action"], self.ticks, found[0]["message"])
        return Seen(int(self["fault"]), Action(int(self["action"])).name, self.ticks, "no fault was latched")

    def passing(self, action: Action, most: int, acted: Acted = Acted.NONE) -> Seen:
        """Run until a tick's action is at least that (and the filter acted), without a fault being latched."""
        for _ in range(most):
            self.step()
            if self["action"] >= action and (not acted or int(self["acted"]) & acted):
                assert not self.faults_seen(), self.faults_seen()
                fault = int(self["fault"])
                return Seen(fault, Action(int(self["action"])).name, self.ticks, Fault(fault).label)
        return Seen(int(self["fault"]), Action(int(self["action"])).name, self.ticks, "nothing acted")

    @property
    def ticks(self) -> int:
        """Whole ticks since the fault began; 0 is the first tick that can know of it."""
        return max(0, floor((self.now - self.begun) / self.device.info.period_s + 1e-6))

    def close(self) -> None:
        self.loop.close("test")


class Simulated(Bench):
    """The device in this process."""

    name = "simulated"

    def connect(self) -> SimulatedDevice:
        self._armed_ns = 0
        options: dict[str, Any] = {"faults": script(self.faults)} if self.faults else {}
        device = SimulatedDevice(MODEL, clock=self.clock, patient=self.patient, seed=1, engine="closed_form", **options)
        arm = device.arm

        def armed() -> None:
            arm()
            self._armed_ns = self._armed_ns or self.clock.now_ns()

        device.arm = armed  # type: ignore[method-assign]
        return device

    @property
    def body(self) -> Body:
        assert self.device.body is not None
        return self.device.body  # type: ignore[no-any-return]

    @property
    def armed_ns(self) -> int:
        return self._armed_ns

    def press(self, inputs: int) -> None:
        self.device.set_inputs(Inputs(inputs))


class Wire:
    """A port without a kernel. The driver has one end (a devices.link.transport.Line), the emulator the other."""

    low_latency: bool | None = None
    name = MODEL

    def __init__(self, clock: WorldClock) -> None:
        self.clock, self.dropped, self.cut = clock, 0, False
        self.up = self.down = b""  # to the host, to the device

    def _alive(self) -> None:
        if self.cut:
            raise DeviceLost("F09 device unplugged: the wire was cut; plug it in, then open a new session")

    def read(self) -> bytes:
        self._alive()
        data, self.up = self.up, b""
        return data

    def write(self, frame: bytes) -> bool:
        self._alive()
        self.down += frame
        return True

    def discard(self) -> None:
        self._alive()
        self.down = b""

    def wait(self, seconds: float) -> None:
        self._alive()
        self.clock.sleep_until_ns(self.clock.due + APART_NS)

    def close(self) -> None:
        self.cut = True


class FarEnd:
    """The emulator's end: what it needs of a sim.emulators.line.Line."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def read(self) -> bytes:
        data, self.wire.down = self.wire.down, b""
        return data

    def answer(self, data: bytes) -> None:
        self.wire.up += data

    def stream(self, data: bytes) -> bool:
        self.wire.up += data
        return True

    def forget(self) -> None:
        self.wire.up = b""

    def close(self) -> None:
        self.wire.cut = True


class Emulated(Bench):
    """The emulator of our own link, with its own time (which wraps during the test), behind the real driver."""

    name = "emulator"
    protocol = (1, 0)

    def connect(self) -> LinkDevice:
        info = load(MODEL)
        self._body = make_body(info, self.patient, 1, "closed_form")
        faults = Injection(script(self.faults), 1, self._body.patient) if self.faults else None
        self._armed_ns = 0
        self.emulator = EmulatedDevice(
            info, self._body, nonce=lambda: 77, protocol=self.protocol, time_us=2**32 - 300_000, faults=faults
        )
        self.wire = Wire(self.clock)
        end: Any = FarEnd(self.wire)
        line = end if faults is None else FaultyLine(end, faults, self.emulator)
        self.process = Emulator(self.emulator, line, self.clock)
        self.clock.beat = self._beat
        return LinkDevice(f"serial:{MODEL}", clock=self.clock, connect=lambda path: self.wire)

    @property
    def body(self) -> Body:
        return self._body

    @property
    def armed_ns(self) -> int:
        return self._armed_ns

    def _beat(self) -> None:
        before = self.emulator.armed
        self.process.work()
        if self.emulator.armed and not before:
            self._armed_ns = self._armed_ns or self.clock.now_ns()

    def press(self, inputs: int) -> None:
        self.process.set_inputs(inputs)


BODIES: dict[str, type[Simulated] | type[Emulated]] = {bench.name: bench for bench in (Simulated, Emulated)}


def script(entries: str) -> FaultScript:
    """One or more entries, "field: q_0, how: stuck", each beginning AT; separated by semicolons."""
    listed = "\n".join(f"  - {{at: {AT} s, {entry.strip()}}}" for entry in entries.split(";"))
    return read_faults(f"faults:\n{listed}\n")
