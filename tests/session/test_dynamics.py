"""Which controller acts: by the trial, by a phase, by the therapist; and that the torque never steps with it."""

from __future__ import annotations

import contextlib
from itertools import permutations
from typing import ClassVar

import numpy as np
import pytest

from rehab.core import registry
from rehab.core.blend import BLEND_TIME
from rehab.core.errors import RehabError
from rehab.core.parameters import Parameters, quantity
from rehab.core.trials import Choice, TrialPlan
from rehab.core.types import Event, Outcome
from rehab.core.values import Acted
from rehab.session.messages import Pause, Prepare, Resume, Set, Stop, Switch
from tests.session.conftest import Bench, Push, ShortTrials, arm_info, block, plan

BLEND = round(BLEND_TIME * 1000)  # ticks


class Alive(Bench):
    """The limb sways a little, as limbs do: an encoder that never moves under a changing torque is a fault."""

    def step(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            k = self.loop.ticks
            self.device.q = tuple(angle + 1e-5 * (k % 3 - 1) for angle in self.at)
            super().step()

    at = (0.8, 1.5)


@pytest.fixture
def bench() -> Alive:
    return Alive()


class Told(ShortTrials):
    """Emits what the test puts into `script`: tick of the exercise -> event."""

    script: ClassVar[dict[int, Event]] = {}

    def follow(self, trials, phases=(), redo=None, pause=None):
        self.followed = list(trials)

    def observe(self, t, state, decision):
        self._tick += 1
        return self.script.get(self._tick)


class Listens(Push):
    """A push of its own strength that keeps what it hears."""

    parameters = Parameters(torque=quantity("3 N*m", unit="N*m", least="0 N*m", most="20 N*m", live=True))

    def __init__(self, device, *, torque=3.0):
        super().__init__(device, torque=torque)
        self.heard = []

    def heed(self, event):
        self.heard.append((event.kind, event.data.get("name")))


@pytest.fixture(autouse=True)
def more(plugins, monkeypatch):
    monkeypatch.setattr(Told, "script", {})
    registry.add_local("exercise", "told", Told)
    registry.add_local("controller", "listens", Listens)
    yield
    registry._local.pop(("exercise", "told"))
    registry._local.pop(("controller", "listens"))


def told(**changes):
    usual = {"exercise": "told", "dynamics": {"field": Choice("listens")}, "trials": 50}
    return block(**{**usual, **changes})


def dynamics(name: str) -> Event:
    return Event("dynamics", {"name": name})


def column(bench, name: str) -> np.ndarray:
    names = [c.name for c in bench.ring.header().channels]
    return bench.ring.between(0, bench.loop.ticks)[:, names.index(name)]


def test_a_trial_that_names_a_dynamics_is_under_its_controller_after_the_blend(bench):
    Told.script = {1200: dynamics("field"), 1600: dynamics("")}
    bench.start(told())
    bench.step(2200)
    wish = column(bench, "wish_0")
    assert wish[1150] == 2.0
    assert wish[1500] == 3.0
    assert wish[2100] == 2.0


def test_the_torque_goes_from_one_controller_to_the_other_in_even_steps(bench):
    Told.script = {1200: dynamics("field")}
    bench.start(told())
    bench.step(1800)
    steps = np.diff(column(bench, "wish_0")[1150:])
    assert steps[steps != 0.0] == pytest.approx((3.0 - 2.0) / BLEND)


def test_the_record_says_in_which_ticks_a_blend_acted(bench):
    Told.script = {1200: dynamics("field")}
    bench.start(told())
    bench.step(1800)
    blended = np.flatnonzero(column(bench, "acted").astype(int) & Acted.BLEND)
    changing = np.flatnonzero(np.diff(column(bench, "wish_0"))[100:]) + 101
    assert blended.tolist() == changing.tolist()
    assert len(blended) == BLEND


def test_the_trial_says_which_controller_acted_in_it_and_with_what(bench):
    start = {"start": [0.0, 0.0], "target": [0.0, 0.1]}
    Told.script = {
        5: Event("trial_start", start), 10: Event("trial_end", {"outcome": str(Outcome.REACHED)}),
        20: dynamics("field"), 300: Event("trial_start", start),
    }  # fmt: skip
    bench.start(told(dynamics={"field": Choice("listens", {"torque": 2.5})}))
    bench.step(400)
    first, second = bench.of("trial_start")
    assert (first["controller"], second["controller"]) == ("push", "listens")
    assert second["parameters"]["torque"] == 2.5


def test_the_acting_controller_hears_of_every_event_of_the_exercise(bench):
    Told.script = {
        5: Event("phase", {"name": "before"}), 10: dynamics("field"), 20: Event("phase", {"name": "perturb"}),
        30: Event("trial_start", {}), 600: dynamics(""), 900: Event("phase", {"name": "after"}),
    }  # fmt: skip
    bench.start(told())
    bench.step(1000)
    heard = bench.loop.course.blocks[0].dynamics["field"].controller.heard
    assert heard == [("dynamics", "field"), ("phase", "perturb"), ("trial_start", None)]


def test_a_controller_that_fails_at_an_event_is_stopped_and_named(bench, monkeypatch):
    monkeypatch.setattr(Listens, "heed", lambda self, event: 1 / 0)
    Told.script = {10: dynamics("field")}
    bench.start(told())
    bench.step(50)
    assert bench.of("fault")[0]["message"] == "controller listens: ZeroDivisionError: division by zero"


def test_a_dynamics_that_the_block_has_not_is_the_exercises_fault(bench):
    Told.script = {10: dynamics("fields")}
    bench.start(told())
    bench.step(50)
    assert 'no dynamics "fields" in this block (known: rest, field)' in bench.of("fault")[0]["message"]


def test_what_is_asked_for_during_a_blend_begins_when_it_is_over(bench):
    Told.script = {1200: dynamics("field"), 1250: dynamics(""), 1260: dynamics("field"), 1270: dynamics("")}
    bench.start(told())
    bench.step(2000)
    wish = column(bench, "wish_0")[1150:]
    assert np.abs(np.diff(wish)).max() == pytest.approx(1.0 / BLEND)
    assert wish.max() == 3.0 and wish[-1] == 2.0
    assert bench.loop.course.blocks[0].controller.resets == 2  # at the block's start, and switched in again once


def test_a_rest_holds_the_arm_softly_whatever_the_block_has(bench):
    Told.script = {1200: dynamics("rest")}
    bench.start(told(dynamics={}))
    bench.step(1600)
    acting = bench.loop.rig.controller
    assert 0.0 < acting.stiffness * 0.10 <= 0.3 * bench.loop.limits.force
    assert abs(column(bench, "wish_0")[-1]) < 0.01  # the reference is at the hand, which sways


def test_a_dynamics_without_parameters_of_its_own_is_a_controller_by_its_name(bench):
    trials = (TrialPlan(number=1, dynamics="listens"),)
    error = bench.ask(Prepare(plan=plan(told(dynamics={}, trial_list=trials, trials=1))))
    assert error == ""
    assert "listens" in bench.loop.course.blocks[0].dynamics


def test_a_dynamics_that_nobody_brings_is_refused_before_anything_moves(bench):
    trials = (TrialPlan(number=1, dynamics="channnel"),)
    error = bench.ask(Prepare(plan=plan(told(trial_list=trials, trials=1))))
    assert error.startswith('blocks[1].dynamics.channnel: there is no controller "channnel"')


@pytest.mark.parametrize("place", ["dynamics", "alternatives"])
def test_every_controller_of_a_block_is_held_to_the_stiffness_bound(bench, place):
    stiff = Choice("impedance", {"stiffness": 30_000.0, "damping_ratio": 0.7})
    changes = {"dynamics": {"wall": stiff}} if place == "dynamics" else {"alternatives": (stiff,)}
    error = bench.ask(Prepare(plan=plan(told(**changes))))
    name = "wall" if place == "dynamics" else "impedance"
    assert error.startswith(f"blocks[1].{place}.{name}.stiffness: ")
    assert "30 kN/m was asked for" in error


def test_a_list_of_trials_for_an_exercise_that_takes_none_is_refused(bench):
    error = bench.ask(Prepare(plan=plan(block(trial_list=(TrialPlan(number=1),)))))
    assert "blocks[1].short_trials: this exercise follows no list of trials" in error


def test_an_exercise_is_told_how_long_each_dynamics_takes_to_act_in_full(bench, monkeypatch):
    monkeypatch.setattr(Listens, "settling", 1.5, raising=False)
    bench.ask(Prepare(plan=plan(told(exercise="reach", exercise_parameters={}))))
    assert bench.loop.course.blocks[0].exercise.settling == {"rest": 0.0, "field": 1.5}


# switching by hand ---------------------------------------------------------------------------------------------------


def switchable(*names: str, **changes):
    return block(trials=50, alternatives=tuple(Choice(name) for name in names), **changes)


def test_a_therapist_switches_to_a_prepared_controller_and_the_record_says_when_and_who(bench):
    bench.start(switchable("listens"))
    bench.step(1200)
    tick = bench.loop.ticks
    assert bench.ask(Switch(name="listens", by="therapist")) == ""
    bench.step(BLEND + 10)
    assert bench.torque == pytest.approx(3.0)
    switched = [event for event in bench.events if event.kind == "command" and event.data["name"] == "switch"]
    assert [(event.tick, event.data["controller"], event.data["by"]) for event in switched] == [
        (tick, "listens", "therapist")
    ]


def test_the_way_back_to_the_blocks_own_controller_is_open(bench):
    bench.start(switchable("listens"))
    bench.step(1200)
    bench.ask(Switch(name="listens"))
    bench.step(BLEND + 10)
    assert bench.ask(Switch(name="push")) == ""
    bench.step(BLEND + 10)
    assert bench.torque == pytest.approx(2.0)


def test_switching_to_what_acts_already_changes_nothing(bench):
    bench.start(switchable("listens"))
    bench.step(1200)
    assert bench.ask(Switch(name="push")) == ""
    bench.step(5)
    assert bench.loop.course.blocks[0].controller.resets == 1
    assert not column(bench, "acted").astype(int)[-1] & Acted.BLEND


def test_a_controller_that_was_not_prepared_is_refused_and_the_prepared_ones_are_named(bench):
    bench.start(switchable("listens"))
    bench.step(10)
    assert bench.ask(Switch(name="impedance")) == (
        '"impedance" cannot be switched to now (prepared for this block: push, listens)'
    )


def test_switching_needs_a_running_session(bench):
    assert "the session is idle" in bench.ask(Switch(name="push"))


def test_a_switch_during_a_trials_own_dynamics_waits_for_the_blocks_own(bench):
    Told.script = {1200: dynamics("field"), 2000: dynamics("")}
    bench.start(told(alternatives=(Choice("push", {"torque": 1.5}),), controller="push"))
    bench.step(1500)
    bench.ask(Switch(name="push"))
    bench.step(300)
    assert column(bench, "wish_0")[-1] == 3.0
    bench.step(600)
    assert column(bench, "wish_0")[-1] == 1.5


def test_after_a_pause_only_the_new_controller_is_left(bench):
    bench.start(switchable("listens"))
    bench.step(1200)
    bench.ask(Switch(name="listens"), Pause())
    bench.step(50)
    bench.ask(Resume())
    bench.step(1200)
    assert bench.torque == pytest.approx(3.0)


def test_a_stop_in_the_middle_of_a_blend_takes_all_torque(bench):
    bench.start(switchable("listens"))
    bench.step(1200)
    bench.ask(Switch(name="listens"))
    bench.step(100)
    bench.ask(Stop())
    bench.step(400)
    assert bench.torque == 0.0 and not bench.device.armed
    assert bench.ask(Prepare(plan=plan(switchable("listens")))) == ""


def test_a_live_change_reaches_the_controller_that_acts_and_is_remembered_for_its_trials(bench):
    start = {"start": [0.0, 0.0], "target": [0.0, 0.1]}
    Told.script = {1700: Event("trial_start", start)}
    bench.start(told(alternatives=(Choice("listens"),)))
    bench.step(1200)
    bench.ask(Switch(name="listens"), Set(name="torque", value=3.5))
    bench.step(600)
    assert bench.torque == pytest.approx(3.5)
    assert bench.of("trial_start")[0]["parameters"]["torque"] == 3.5


def usable() -> list[str]:
    """Installed controllers that the bench's arm can have: it has no force sensor and lies flat."""
    found = []
    for name in registry.names("controller"):
        with contextlib.suppress(RehabError):
            registry.find("controller", name)(arm_info())
            found.append(name)
    return found


def test_the_pairs_below_are_pairs() -> None:
    assert {"impedance", "transparent"} <= set(usable())


@pytest.mark.parametrize(("first", "second"), list(permutations(usable(), 2)))
def test_no_pair_of_installed_controllers_steps_the_torque_when_switched(bench, first, second):
    """In a reach, with the hand off the way: by a blend of 200 ms nothing changes faster than by a hundredth of the
    difference a tick, beyond what either does by itself."""
    first_block = block(
        exercise="reach", exercise_parameters={}, controller=first, controller_parameters={}, trials=50,
        alternatives=(Choice(second),),
    )  # fmt: skip
    for k in range(50):
        bench.at = (0.8 + 0.001 * k, 1.5 - 0.001 * k)
        bench.step()
    bench.start(first_block)
    bench.step(1000)
    usual = np.abs(np.diff(_wish(bench)[-600:], axis=0)).max()
    bench.ask(Switch(name=second))
    bench.step(BLEND + 400)
    wish = _wish(bench)[-(BLEND + 405) :]
    after = np.abs(np.diff(wish[-300:], axis=0)).max()
    change = np.abs(wish[-1] - wish[0]).max()
    assert np.abs(np.diff(wish, axis=0)).max() <= 2.0 * (usual + after) + change / 100.0 + 1e-9
    assert not bench.of("fault")


def _wish(bench) -> np.ndarray:
    return np.column_stack([column(bench, "wish_0"), column(bench, "wish_1")])


def test_what_a_controller_has_adapted_goes_into_the_record_of_every_trial(bench, monkeypatch):
    monkeypatch.setattr(Listens, "adapted", property(lambda self: {"torque": 5.0}), raising=False)
    bench.start(block(controller="listens", trials=2))
    bench.step(2500)
    asked = [event.data["parameters"] for event in bench.events if event.kind == "trial_start"]
    assert [parameters["torque"] for parameters in asked] == [5.0, 5.0]


def test_a_controller_that_cannot_say_what_it_has_adapted_is_stopped_and_named(bench, monkeypatch):
    monkeypatch.setattr(Listens, "adapted", property(lambda self: {"torque": "much"}), raising=False)
    bench.start(block(controller="listens", trials=2))
    bench.step(2500)
    assert bench.loop.state == "faulted"
    assert "listens" in bench.loop.rig.monitor.reason
