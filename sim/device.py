"""The simulated robot as a Device: plant, patient and the device's own watchdog, in the calling process.

It keeps the rules of docs/link.md, section 4, without a wire: a command is followed for its valid-for time and no
longer; then torque is zero, the fault is latched, and only a new `arm` brings torque back. `read` moves the plant up
to the clock, in whole periods: with a simulated clock one step a tick, and the same seed gives the same bits.
With a fault script (sim.faults) what it tells differs from what is; `body` always holds the truth.
"""

from __future__ import annotations

from math import inf, isfinite
from pathlib import Path
from typing import Any

from msgspec import structs

from rehab.core.clock import Clock
from rehab.core.errors import DeviceLost, DeviceRefused
from rehab.core.limits import BUILTIN
from rehab.core.registry import find
from rehab.core.types import Scene
from rehab.core.values import Command, Inputs, Sample, Status
from sim import models
from sim.body import Body, make_body
from sim.faults import FaultScript, load_faults
from sim.injection import Injection
from sim.link import SimulatedLink
from sim.patients.written import is_path, load_traits

ESTOP = Inputs.ESTOP_A | Inputs.ESTOP_B  # one channel alone, a broken wire, counts as pressed
CATCH_UP = 200  # periods: after a longer stall of the process the rest of the time is dropped


class SimulatedDevice:
    """A simulated robot in this process, with a virtual patient or an empty hand.

    `address` is the model; `patient` a preset's name or None; `engine` as in sim.plants.make_plant; `faults` a fault
    script, its path, or the name of one that ships.
    `injected` are the faults that have begun, in plain words, for who records them and takes them out.
    """

    def __init__(
        self,
        address: str,
        *,
        clock: Clock,
        patient: str | None = None,
        seed: int = 0,
        engine: str = "auto",
        faults: FaultScript | Path | str | None = None,
    ) -> None:
        self.info = models.load(address)
        self.injected: list[dict[str, Any]] = []
        self.body: Body | None = None  # robot and limb, while open: for tests and tools, not for control
        self._clock = clock
        self._options = (patient, seed, engine)
        self._period_ns = round(self.info.period_s * 1e9)
        self._zero = (0.0,) * self.info.n_joints
        self._wanted = self._zero
        self._now_ns = 0  # how far the plant has got
        self._expires_ns = 0
        self._sequence = 0
        self._armed = self._faulted = self._tripped = False
        self._pressed = self._inputs = Inputs.NONE  # as somebody presses them; as they arrive at the device
        self._script = load_faults(faults) if isinstance(faults, str | Path) else faults
        self._faults: Injection | None = None
        self._link: SimulatedLink | None = None  # with faults only: what is told goes through it
        self._starved = False  # the supply has broken down

    @classmethod
    def addresses(cls) -> list[str]:
        """The models that can be simulated."""
        return models.names()

    @classmethod
    def virtual_patient(cls, name: str | Path) -> tuple[str, str]:
        """The name of a preset, checked, and ""; of a patient's file its whole path, and its text. Raises BadInput:
        Findings with all its mistakes, UnknownName."""
        if is_path(name):
            return str(Path(name).resolve()), load_traits(name)[1]
        find("patient", str(name))
        return str(name), ""

    @classmethod
    def fault_script(cls, name: str | Path, address: str, *, patient: bool, wire: bool) -> FaultScript:
        """A fault script, checked on that model. Raises BadInput: Findings with all its mistakes, UnknownName.

        patient  a virtual patient holds the arm;  wire  the emulator on a serial line is meant
        """
        script = load_faults(name)
        script.fit(models.load(address), patient=patient, wire=wire)
        return script

    def open(self) -> None:
        """Raises UnknownName for a patient or an engine that does not exist, BadInput for one that does not fit."""
        if self.body is None:
            patient, seed, engine = self._options
            if self._script is not None:
                self._script.fit(self.info, patient=patient is not None, wire=False)
            self.body = make_body(self.info, patient, seed, engine)
            if self._script is not None:
                self._faults = Injection(self._script, seed, self.body.patient)
                self._link = SimulatedLink(self._faults, round(self.info.period_s * 1e6))
                self.injected = self._faults.injected
            # "auto" differs between machines: what really ran belongs into the record
            self.info = structs.replace(self.info, firmware=f"simulated by {self.body.plant.engine}")
            self._now_ns = self._clock.now_ns()

    def arm(self) -> None:
        """Clears a latched fault whose cause is gone, and switches the power stage on. Raises DeviceRefused."""
        if self.body is None:
            raise DeviceRefused(f"sim:{self.info.model} is not open")
        if self._inputs & ESTOP:
            raise DeviceRefused(f"the emergency stop of sim:{self.info.model} is pressed; release it, then arm again")
        if self._starved:
            raise DeviceRefused(f"the supply of sim:{self.info.model} has broken down")
        if self.info.watchdog_s <= 0.0:
            raise DeviceRefused(f"sim:{self.info.model} has no watchdog")
        self._faulted = self._tripped = False
        if not self._armed:
            self._armed = True
            self._expires_ns = self._clock.now_ns() + round(self.info.watchdog_s * 1e9)
            if self._faults is not None:
                self._faults.arm(self._clock.now_ns() // 1000)

    def read(self) -> Sample:
        body = self._opened()
        now_ns = self._clock.now_ns()
        behind = (now_ns - self._now_ns) // self._period_ns
        if behind > CATCH_UP:
            self._now_ns += (behind - CATCH_UP) * self._period_ns
            self._judge(self._now_ns)
            behind = CATCH_UP
        for _ in range(behind):
            body.step(self._wanted, self.info.period_s)
            self._now_ns += self._period_ns
            self._sequence += 1
            if self._faults is not None:
                self._disturb(self._faults)
            self._judge(self._now_ns)
        sample = Sample(
            time=self._now_ns * 1e-9,
            sequence=self._sequence,
            age=(now_ns - self._now_ns) * 1e-9,
            q=body.q,
            qd=body.qd,
            tau=body.torque if self._armed else self._zero,
            force=body.force if self.info.force_sensor else (),
            status=self._status(),
            inputs=int(self._inputs),
        )
        return sample if self._link is None else self._link.told(now_ns, self._now_ns // 1000, sample)

    def write(self, command: Command) -> None:
        self._opened()
        torque, _, valid_for = command
        if not (isfinite(sum(torque)) and 0.0 <= valid_for < inf):
            raise ValueError(f"torque {torque} N·m, valid for {valid_for} s: not finite, or not a time")
        if len(torque) != len(self._zero):
            raise ValueError(f"torque {torque} N·m: {self.info.model} has {len(self._zero)} joints")
        now_ns = self._clock.now_ns()
        for arrived in (command,) if self._link is None else self._link.commands(now_ns // 1000, command):
            self._follow(arrived, now_ns)

    def _follow(self, command: Command, now_ns: int) -> None:
        """A command arrives at the device."""
        torque, enable, valid_for = command
        self._judge(now_ns)  # one that comes too late finds the power stage off
        if self._armed:
            self._wanted = tuple(torque) if enable else self._zero
            valid_for = min(valid_for or self.info.watchdog_s, BUILTIN["watchdog"].most)
            self._expires_ns = now_ns + round(valid_for * 1e9)

    def disarm(self) -> None:
        self._armed = False
        self._wanted = self._zero
        if self._link is not None:
            self._link.forget_commands()

    def close(self) -> None:
        self.disarm()
        if self.body is not None:
            self.body.close()
            self.body = None

    def see(self, scene: Scene) -> None:
        """Show the patient what the participant sees."""
        if self.body is not None:
            self.body.see(scene)

    def set_inputs(self, inputs: Inputs) -> None:
        """Digital inputs as somebody would press them. An e-stop takes the power away at once and latches a fault."""
        self._pressed = inputs
        if self._faults is None:  # else they go through the script, which is looked at once a period
            self._inputs = inputs
            if inputs & ESTOP:
                self._fault()

    def _disturb(self, faults: Injection) -> None:
        """What a fault script does to the device itself: wires to its inputs, its supply, the limb in it."""
        now = self._now_ns // 1000
        faults.step(now)
        assert self._link is not None
        for command in self._link.commands(now):
            self._follow(command, self._now_ns)
        self._inputs = Inputs(faults.pins(now, int(self._pressed)))
        self._starved = not faults.powered(now)
        if self._starved or self._inputs & ESTOP:
            self._fault()

    def _opened(self) -> Body:
        if self.body is None:
            raise DeviceLost(f"sim:{self.info.model} is closed")
        return self.body

    def _judge(self, now_ns: int) -> None:
        if self._armed and now_ns >= self._expires_ns:
            self._tripped = True
            self._fault()

    def _fault(self) -> None:
        self._faulted = True
        self.disarm()

    def _status(self) -> int:
        status = Status.WATCHDOG_ON
        if self._armed:
            status |= Status.ARMED
        if self._faulted:
            status |= Status.FAULTED
        if self._tripped:
            status |= Status.WATCHDOG_TRIPPED
        if self._starved:
            status |= Status.BROWN_OUT
        return int(status)
