"""A rest after so much work: the session pauses by itself, says how long, and goes on by itself."""

from __future__ import annotations

from itertools import pairwise

import pytest

from rehab.session import resting
from rehab.session.messages import Resume, Stop
from rehab.session.session import Session
from tests.session.conftest import Bench, block

SHORT = 3.0  # s of rest, in tests


class Alive(Bench):
    """The limb sways a little, as limbs do: an encoder that never moves under a changing torque is a fault."""

    def step(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            self.device.q = (0.8 + 1e-5 * (self.loop.ticks % 3 - 1), 1.5 + 1e-5 * (self.loop.ticks % 3 - 1))
            super().step()


@pytest.fixture
def bench(plugins, monkeypatch):
    monkeypatch.setattr(resting, "REST", SHORT)
    return Alive()


def of(bench, kind):
    return [event for event in bench.events if event.kind == kind]


def test_after_so_much_work_it_rests_between_two_trials_and_goes_on_by_itself(bench):
    """Trials of 0.1 s: the rest comes with the first that ends after half a second of work."""
    bench.start(block(trials=12, rest_every=0.55))
    bench.step(round(1000 * (0.6 + SHORT)) + 100)
    [rest] = of(bench, "break")
    assert rest.data == {"for": SHORT, "after": pytest.approx(0.6, abs=0.01)}
    states = [(event.data["name"], event.t) for event in of(bench, "state") if event.t >= rest.t]
    assert [name for name, _ in states[:2]] == ["paused", "running"]
    assert states[1][1] - states[0][1] == pytest.approx(SHORT, abs=0.01)
    assert len(of(bench, "trial_end")) == 7  # six before it, one after it
    bench.step(round(1000 * (SHORT + 2.0)))
    assert bench.loop.state == "idle"
    assert len(of(bench, "trial_end")) == 12
    assert not of(bench, "fault")


def test_the_rest_is_counted_down_second_by_second(bench):
    bench.start(block(trials=12, rest_every=0.55))
    bench.step(round(1000 * (0.6 + SHORT)) + 100)
    texts = [scene.text for scene in bench.device.seen if scene.phase == "rest"]
    assert texts == ["Rest\n3 s", "Rest\n2 s", "Rest\n1 s"]


def test_who_commands_may_go_on_earlier(bench):
    bench.start(block(trials=12, rest_every=0.55))
    bench.step(1000)
    assert bench.loop.state == "paused"
    assert bench.ask(Resume()) == ""
    bench.step(200)
    assert bench.loop.state == "running"
    assert bench.device.seen[-1].phase == "go"
    bench.step(200)
    assert len(of(bench, "break")) == 1  # work is counted anew


def test_a_stop_ends_a_rest_and_nothing_goes_on_after_it(bench):
    bench.start(block(trials=12, rest_every=0.55))
    bench.step(1000)
    assert bench.ask(Stop()) == ""
    bench.step(round(1000 * SHORT) + 500)
    assert bench.loop.state == "idle"


def test_without_being_asked_for_there_is_no_rest(bench):
    bench.start(block(trials=12))
    bench.step(2000)
    assert not of(bench, "break") and bench.loop.state == "idle"


def test_work_goes_on_being_counted_from_block_to_block(bench):
    bench.start(block(trials=4, rest_every=0.55), block(trials=4, rest_every=0.55))
    bench.step(1500)
    [rest] = of(bench, "break")
    begun = [event.t for event in of(bench, "block_start")]
    assert rest.t > begun[1]


def test_in_fast_a_rest_of_a_minute_takes_simulated_time_only(tmp_path):
    protocol = tmp_path / "p.yaml"
    protocol.write_text(
        "protocol: Rest\nversion: 1\ndevice: planar_arm\nlimits: {rest_every: 10 s}\nblocks:\n  - name: reach\n"
        "    reach: {}\n    mode: active\n    trials: 5\n"
    )
    with Session("sim:planar_arm", "healthy", seed=1, clock="simulated", out=tmp_path) as session:
        trials = list(session.run(protocol))
    gaps = [b.start - a.end for a, b in pairwise(trials)]
    assert len(trials) == 5
    assert max(gaps) > 60.0 and sorted(gaps)[-2] < 10.0
