"""Virtual patients behind the emulated device, in this process: the same bits as without it, and on one joint too."""

from __future__ import annotations

from itertools import count

import pytest

from rehab.core.device import info_from_json
from rehab.core.types import Scene, Target
from sim import models
from sim.body import Body, make_body
from sim.emulators.codec import Codec, Counts, Deframer, Kind
from sim.emulators.device import EmulatedDevice

PATIENTS = ("healthy", "severe_stroke", "spastic", "tremor", "uncooperative", "learner", "slacker")
STEPS = 2500


class Line:
    """A host by hand at an emulated device of any model."""

    def __init__(self, model: str, patient: str | None, seed: int, engine: str = "closed_form") -> None:
        self.info, nonces = models.load(model), count(1)
        self.body = make_body(self.info, patient, seed, engine)
        self.device = EmulatedDevice(self.info, self.body, nonce=lambda: next(nonces))
        self.codec, self._deframer = Codec(self.info.n_joints), Deframer(Counts())
        self.seq = self.now = 0

    def send(self, kind: Kind, *fields, **header: int) -> list:
        self.seq += 1
        data = self.device.receive(self.codec.host_frame(kind, *fields, seq=self.seq, **header), self.now)
        return [self.codec.from_device(body) for body in self._deframer.feed(data)]

    def arm(self) -> None:
        nonce = self.send(Kind.HELLO, 1, 0)[0].fields[2]
        assert self.send(Kind.ARM, nonce)[0].fields[0] == 0

    def run(self, steps: int) -> list[tuple]:
        """A soft spring to home, and targets that come and go at known steps: (torque, q) of each."""
        told, home = [], self.body.x
        for k in range(steps):
            if k % 800 == 0:
                side = 0.08 if (k // 800) % 2 == 0 else 0.0
                self.body.see(Scene(targets=(Target(tuple(x + side for x in home), 0.01),)))
            pull = [6.0 * (h - q) for h, q in zip(self.info.home, self.body.q, strict=True)]
            self.send(Kind.COMMAND, 1, *pull, valid_ms=20)
            self.now += 1000
            self.device.advance(self.now)
            told.append((self.body.torque, self.body.q))
        return told


def again(line: Line, told: list[tuple], patient: str, seed: int) -> list[tuple]:
    """The same torques and scenes at the same steps, without the device."""
    body: Body = make_body(line.info, patient, seed, line.body.plant.engine)
    home, found = body.x, []
    for k, (torque, _) in enumerate(told):
        if k % 800 == 0:
            side = 0.08 if (k // 800) % 2 == 0 else 0.0
            body.see(Scene(targets=(Target(tuple(x + side for x in home), 0.01),)))
        body.step(torque, line.info.period_s)
        found.append((body.torque, body.q))
    body.close()
    return found


@pytest.mark.parametrize("model", ["planar_arm", "knee"])
@pytest.mark.parametrize("patient", PATIENTS)
def test_behind_the_device_a_patient_is_bit_by_bit_the_same(model, patient):
    line = Line(model, patient, 7)
    line.arm()
    told = line.run(STEPS)
    assert any(any(torque) for torque, _ in told)
    assert told == again(line, told, patient, 7)


@pytest.mark.parametrize("model", ["planar_arm", "knee"])
def test_and_so_it_is_in_the_other_engine(model):
    line = Line(model, "learner", 3, "auto")
    line.arm()
    told = line.run(STEPS)
    assert told == again(line, told, "learner", 3)
    line.body.close()


def test_the_knee_describes_its_gravity():
    line, text = Line("knee", None, 0), b""
    length = line.send(Kind.HELLO, 1, 0)[0].fields[8]
    while len(text) < length:
        text += line.send(Kind.DESCRIBE, len(text))[0].piece
    described = info_from_json(text)
    assert described.gravity == (0.0, -9.81)
    assert described == line.device.info


def test_without_power_the_lever_hangs_and_with_torque_it_rises():
    line = Line("knee", None, 0)
    line.arm()
    for _ in range(1000):
        line.send(Kind.COMMAND, 1, 2.0, valid_ms=20)
        line.now += 1000
        line.device.advance(line.now)
    assert line.body.q[0] - line.info.home[0] == pytest.approx(0.747, abs=0.1)  # sin⁻¹ of 2 N·m over 2.94 N·m
    for _ in range(3000):  # no command: the watchdog takes the torque away
        line.now += 1000
        line.device.advance(line.now)
    assert line.body.q[0] == pytest.approx(line.info.home[0], abs=0.02)
