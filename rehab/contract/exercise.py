"""What every exercise must do. A subclass gives the fixture `make`: (device, **parameters) -> exercise.

    class TestMyExercise(ExerciseContract):
        @pytest.fixture
        def make(self):
            return MyExercise

Every check runs on an arm of two joints and on one of a single joint. An exercise that refuses one of them (Findings)
gets the other twice; `arm` may be given too. Time is simulated; hands are functions (t, reference) -> place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice, pairwise
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pytest

from rehab.contract.arms import hand_at, planar_arm, pose, sent, wrist
from rehab.core.device import DeviceInfo
from rehab.core.errors import Findings
from rehab.core.exercise import Exercise
from rehab.core.limits import Limits
from rehab.core.sound import MIDDLE, Ear
from rehab.core.trials import TrialPlan
from rehab.core.types import Array, Event, Outcome, Reference, Scene

Make = Callable[..., Any]
Move = Callable[[float, Array], Array]
DT = 0.001
AFTERWARDS = 8.0  # s in which nothing more may come
LONG = 90.0  # s: in it even a hand that does nothing gets through two trials


class Moment(NamedTuple):
    t: float
    reference: Reference
    event: Event | None
    scene: Scene


def follower(t: float, asked: Array) -> Array:
    """A hand that is always at the reference."""
    return asked


def run(
    exercise: Exercise, info: DeviceInfo, move: Move, seconds: float, *, seed: int = 1, limits: Limits | None = None
) -> Iterator[Moment]:
    """The exercise in simulated time, with a hand that goes where `move(t, reference)` (m) says."""
    x = pose(info, info.home).x
    exercise.start(hand_at(info, tuple(x)), limits or info.limits(), np.random.default_rng(seed))
    unpowered = sent(info)
    for k in range(round(seconds / DT)):
        t = k * DT
        state = hand_at(info, tuple(x))
        reference = exercise.reference(t, state)
        event = exercise.observe(t, state, unpowered)
        yield Moment(t, reference, event, exercise.scene())
        x = move(t, reference.x)


def events(moments: Iterable[Moment]) -> list[tuple[float, Event]]:
    return [(moment.t, moment.event) for moment in moments if moment.event is not None]


def trial_events(moments: Iterator[Moment]) -> Iterator[Event]:
    """The beginnings and ends of trials, as they come."""
    return (m.event for m in moments if m.event is not None and m.event.kind.startswith("trial_"))


def wanderer(seed: int) -> Move:
    """A hand that goes anywhere, now and then with the reference."""
    rng = np.random.default_rng(seed)
    at: dict[str, Any] = {"x": None, "until": 0.0, "with": False}

    def move(t: float, asked: Array) -> Array:
        if at["x"] is None or t >= at["until"]:
            at["until"], at["with"] = t + rng.uniform(0.1, 4.0), rng.random() < 0.6
            at["x"] = asked + rng.normal(0.0, 0.1, len(asked))
        return asked + 0.002 * rng.standard_normal(len(asked)) if at["with"] else at["x"]

    return move


class ExerciseContract:
    @pytest.fixture
    def make(self) -> Make:
        raise NotImplementedError("a subclass of ExerciseContract gives the fixture `make`: the exercise's class")

    @pytest.fixture(params=[(planar_arm, wrist), (wrist, planar_arm)], ids=["two joints", "one joint"])
    def arm(self, request: pytest.FixtureRequest, make: Make) -> DeviceInfo:
        for build in request.param:
            info: DeviceInfo = build()
            try:
                make(info)
            except Findings:
                continue
            return info
        raise AssertionError("it refuses every arm")

    def test_it_is_an_exercise(self, make: Make, arm: DeviceInfo) -> None:
        """It has `parameters`, `start`, `reference`, `scene` and `observe`: all that the loop calls."""
        assert isinstance(make(arm), Exercise)

    def test_it_refuses_a_parameter_that_is_not_its_own(self, make: Make, arm: DeviceInfo) -> None:
        """A typing error in a protocol must not pass for a setting."""
        with pytest.raises((Findings, TypeError)):
            make(arm, no_such_parameter=1.0)

    def test_the_first_reference_is_at_the_present_hand(self, make: Make, arm: DeviceInfo) -> None:
        """Wherever the hand is and at rest: the way to the first target is the exercise's own. Else the session refuses
        to start (F43)."""
        exercise = make(arm)
        for shift in (0.0, 0.05, -0.08):
            state = hand_at(arm, tuple(pose(arm, arm.home).x + shift))
            exercise.start(state, arm.limits(), np.random.default_rng(1))
            first = exercise.reference(0.0, state)
            assert first.x == pytest.approx(state.x, abs=1e-9)
            assert first.v == pytest.approx(np.zeros_like(state.v), abs=1e-9)

    @pytest.mark.parametrize("seed", range(2))
    def test_the_reference_never_steps_whatever_the_hand_does(self, make: Make, arm: DeviceInfo, seed: int) -> None:
        """In no tick it moves faster than half as fast again as the limit on speed. A step would be a blow by whatever
        holds the hand to it."""
        limit = arm.limits().speed
        before = None
        for moment in run(make(arm), arm, wanderer(seed), 15.0, seed=seed):
            assert np.isfinite([*moment.reference.x, *moment.reference.v, *moment.reference.force]).all()
            if before is not None:
                moved = np.linalg.norm(moment.reference.x - before.reference.x)
                assert moved <= 1.5 * limit * DT, f"{moved:.4f} m in one tick at {moment.t:.3f} s"
            before = moment

    def test_the_reference_velocity_is_that_of_the_reference(self, make: Make, arm: DeviceInfo) -> None:
        """v is the derivative of x (5 mm/s of central differences): a damper compares it with the hand's."""
        moments = list(run(make(arm), arm, follower, 8.0))
        x, v = (np.array([getattr(m.reference, name) for m in moments]) for name in "xv")
        central = (x[2:] - x[:-2]) / (2 * DT)
        assert np.abs(central - v[1:-1]).max() < 5e-3

    def test_trials_start_and_end_in_turns(self, make: Make, arm: DeviceInfo) -> None:
        """With a hand that follows: trial_start says start, target and radius, trial_end an outcome. Measures are
        computed from these."""
        seen = list(islice(trial_events(run(make(arm), arm, follower, LONG)), 6))
        kinds = [event.kind for event in seen]
        assert kinds[:4] == ["trial_start", "trial_end", "trial_start", "trial_end"]
        assert all(a != b for a, b in pairwise(kinds))
        for event in seen:
            if event.kind == "trial_end":
                assert event.data["outcome"] in list(Outcome)
            else:
                d = len(pose(arm, arm.home).x)
                assert len(event.data["start"]) == len(event.data["target"]) == d
                assert event.data["radius"] > 0.0

    def test_the_session_never_stalls_whatever_the_hand_does(self, make: Make, arm: DeviceInfo) -> None:
        """A hand that stays 20 cm away: two trials end all the same, by a time limit."""
        still = pose(arm, arm.home).x + 0.2

        def stubborn(t: float, asked: Array) -> Array:
            return still

        seen = list(islice(trial_events(run(make(arm), arm, stubborn, LONG)), 4))
        assert [event.kind for event in seen].count("trial_end") == 2

    def test_it_can_be_played_by_ear_alone(self, make: Make, arm: DeviceInfo) -> None:
        """A hand that knows nothing but the tone goes where that says, and gets there; or pushes (ahead, as the words
        say) until an effort sounds high enough."""
        exercise, ear = make(arm), Ear()
        x = pose(arm, arm.home).x.copy()
        exercise.start(hand_at(arm, tuple(x)), arm.limits(), np.random.default_rng(1))
        outcomes: list[str] = []
        effort, held = 0.0, np.zeros(arm.n_joints)
        home, farthest, searches = x.copy(), x.copy(), False
        for k in range(round(LONG / DT)):
            state = hand_at(arm, tuple(x))
            led = exercise.reference(k * DT, state).x
            event = exercise.observe(k * DT, state, sent(arm, tuple(held)))
            if event is not None and event.kind == "trial_end":
                outcomes.append(event.data["outcome"])
            tone = ear.hear(exercise.scene(), tuple(x))
            if Outcome.REACHED in outcomes:
                break
            if exercise.scene().level is not None:
                assert tone is not None
                effort += 50.0 * DT if tone.frequency < 1.6 * MIDDLE else 0.0  # N
                held = -effort * state.jacobian[-1]
            elif tone is None:  # silence: it is led, and when a search begins it goes back to where it was led
                searches = exercise.scene().cue == "go" or (searches and exercise.scene().phase == "go")
                if not searches:
                    x = led
                    farthest = max(farthest, led.copy(), key=lambda place: float(np.linalg.norm(place - home)))
                else:
                    x = x + np.clip(farthest - x, -2e-4, 2e-4)
            else:
                effort, held = 0.0, np.zeros(arm.n_joints)
                heard = np.array([tone.pan, np.log2(tone.frequency / MIDDLE)])[-len(x) :]
                x += 0.25 * DT * heard / max(1e-9, np.abs(heard).max()) * min(1.0, 10.0 * np.abs(heard).max())
        assert Outcome.REACHED in outcomes

    def test_every_text_of_a_scene_is_there_in_italian(self, make: Make, arm: DeviceInfo) -> None:
        """Of an exercise that has `phrases`; one without speaks English."""
        exercise = make(arm)
        phrases = getattr(type(exercise), "phrases", None)
        if phrases is None:
            return  # made from a function in somebody's script
        for move in (follower, wanderer(3)):
            said = {moment.scene.text for moment in run(exercise, arm, move, 12.0)}
            assert {text for text in said if text and not phrases.get(text, {}).get("it")} == set()

    def test_events_are_plain_data(self, make: Make, arm: DeviceInfo) -> None:
        """Numbers, texts, lists: they go into the record as JSON."""
        for _, event in events(run(make(arm), arm, follower, 8.0)):
            assert msgspec.json.decode(msgspec.json.encode(dict(event.data))) == dict(event.data)

    def test_the_scene_is_the_same_object_while_nothing_changes(self, make: Make, arm: DeviceInfo) -> None:
        """It is sent to the screens whenever it is another one, a thousand times a second at worst."""
        scenes = [moment.scene for moment in run(make(arm), arm, follower, 8.0)]
        for before, now in pairwise(scenes):
            assert now is before or now != before

    def test_equal_seeds_give_equal_sessions(self, make: Make, arm: DeviceInfo) -> None:
        """All that is random comes from the `rng` of `start`."""
        def course(seed: int) -> list[Any]:
            moments = run(make(arm), arm, wanderer(7), 8.0, seed=seed)
            return [(m.reference.x.tolist(), m.event, m.scene) for m in moments]

        assert course(5) == course(5)

    def test_it_starts_anew_after_having_run(self, make: Make, arm: DeviceInfo) -> None:
        """`start` forgets everything: after a fault the same object begins again."""
        exercise = make(arm)
        first = events(run(exercise, arm, follower, 7.3))
        assert events(run(exercise, arm, follower, 7.3)) == first

    def test_no_event_is_lost_in_a_pause(self, make: Make, arm: DeviceInfo) -> None:
        """While paused t stands still and the session does not listen."""
        whole = [event for _, event in events(run(make(arm), arm, follower, 8.0))]
        exercise, heard = make(arm), []
        for moment in run(exercise, arm, follower, 8.0):
            if moment.event is not None:
                heard.append(moment.event)
            state = hand_at(arm, tuple(moment.reference.x))
            assert exercise.observe(moment.t, state, sent(arm)) is None
        assert heard == whole

    def test_a_list_of_trials_is_followed_to_its_end(self, make: Make, arm: DeviceInfo) -> None:
        """Of an exercise with `follow`: the trials of the list, in order, then one list_end."""
        exercise = make(arm)
        if not hasattr(exercise, "follow"):
            return
        last = max(0, getattr(exercise, "places", 0) - 1)
        exercise.follow([TrialPlan(number=1, target=last), TrialPlan(number=2, target=0)])
        moments = run(exercise, arm, follower, LONG)
        told: list[Event] = []
        for event in (moment.event for moment in moments if moment.event is not None):
            told.append(event)
            if event.kind == "list_end":
                break
        told += [event for _, event in events(islice(moments, round(AFTERWARDS / DT)))]
        assert [event.data["planned"] for event in told if event.kind == "trial_start"] == [1, 2]
        assert [event.kind for event in told].count("list_end") == 1
        assert told[-1].kind == "list_end"
