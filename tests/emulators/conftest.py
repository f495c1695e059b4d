"""A device with a body that needs no physics, and a host that speaks to it by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from rehab.core.values import Floats
from sim import models
from sim.emulators.codec import Codec, Counts, Deframer, DeviceFrame, Kind
from sim.emulators.device import EmulatedDevice

PERIOD_US = 1000


class Integrator:
    """Two unit inertias without friction: q̈ = τ, semi-implicit Euler."""

    def __init__(self) -> None:
        self.q: Floats = (0.0, 0.0)
        self.qd: Floats = (0.0, 0.0)
        self.torques: list[Floats] = []

    def step(self, torque: Floats, dt: float) -> None:
        self.torques.append(torque)
        self.qd = (self.qd[0] + torque[0] * dt, self.qd[1] + torque[1] * dt)
        self.q = (self.q[0] + self.qd[0] * dt, self.q[1] + self.qd[1] * dt)


class Host:
    """A device and the host's end of the line: every call gives the frames that came back."""

    def __init__(self, **options: Any) -> None:
        nonces = count(0x1000)
        self.body = Integrator()
        self.info = options.pop("info", models.load("planar_arm"))
        self.device = EmulatedDevice(self.info, self.body, **{"nonce": lambda: next(nonces), **options})
        self.codec = Codec(2)
        self.seq = 0
        self.now = self.device.time_us
        self._deframer = Deframer(Counts())

    def parse(self, data: bytes) -> list[DeviceFrame]:
        frames = [self.codec.from_device(body) for body in self._deframer.feed(data)]
        assert None not in frames
        return frames

    def frame(self, kind: Kind, *fields: Any, seq: int | None = None, **header: int) -> bytes:
        if seq is None:
            self.seq += 1
        return self.codec.host_frame(kind, *fields, seq=self.seq if seq is None else seq, **header)

    def send(self, kind: Kind, *fields: Any, **header: int) -> list[DeviceFrame]:
        return self.parse(self.device.receive(self.frame(kind, *fields, **header), self.now))

    def command(self, *torque: float, enable: int = 1, valid_ms: int = 20, **header: int) -> list[DeviceFrame]:
        return self.send(Kind.COMMAND, enable, *(torque or (1.0, -1.0)), valid_ms=valid_ms, **header)

    def hello(self, major: int = 1) -> DeviceFrame:
        (answer,) = self.send(Kind.HELLO, major, 0)
        return answer

    def arm(self) -> int:
        """Say HELLO, then ARM with its nonce; the result."""
        return self.send(Kind.ARM, self.hello().fields[2])[0].fields[0]

    def steps(self, number: int = 1) -> list[DeviceFrame]:
        """Let the plant make that many steps of 1 ms; what the device sent by itself (FAULT)."""
        sent = b""
        for _ in range(number):
            self.now += PERIOD_US
            sent += self.device.advance(self.now)
        return self.parse(sent)

    def state(self) -> DeviceFrame | None:
        frames = self.parse(self.device.state())
        return frames[0] if frames else None

    @property
    def last_torque(self) -> Floats:
        """What moved the plant in its last step."""
        return self.body.torques[-1]


@pytest.fixture(scope="session")
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Poll for something that another process or the kernel does; the bound only ends a test that has failed."""

    def wait(happened: Callable[[], bool], bound: float = 60.0) -> None:
        end = time.monotonic() + bound
        while not happened():
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.002)

    return wait


@pytest.fixture(scope="session")
def make_host() -> Callable[..., Host]:
    return Host


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def armed() -> Iterator[Host]:
    """Armed at 0, with 1, −1 N·m commanded at once, valid for 20 ms."""
    host = Host()
    assert host.arm() == 0
    host.command()
    yield host
