"""Difficulty that follows success."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.difficulty import Difficulty
from exercises.reach import Reach
from rehab.core.errors import BadInput
from rehab.core.trials import Phase, TrialPlan
from tests.arms import planar_arm, pose
from tests.controllers.simulated import Bench
from tests.exercises.runs import trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x
RATIOS = st.floats(0.3, 0.95)
HARDER = st.sampled_from((1, -1))


@given(value=st.floats(0.02, 0.2), ratio=RATIOS, harder=HARDER)
def test_it_is_never_easier_after_a_success_nor_harder_after_a_failure(value, ratio, harder):
    after = {}
    for success in (True, False):
        after[success] = harder * Difficulty(value, 0.01, 0.3, harder=harder, ratio=ratio).after(success=success)
    assert after[True] > harder * value > after[False]


@given(outcomes=st.lists(st.booleans(), max_size=60), ratio=RATIOS, harder=HARDER, k=st.integers(0, 59))
def test_more_successes_never_lead_to_less_difficulty(outcomes, ratio, harder, k):
    """One failure of a course turned into a success."""

    def course(results):
        it = Difficulty(0.1, 0.03, 0.3, harder=harder, ratio=ratio)
        for success in results:
            it.after(success=success)
        return harder * it.value

    better = [success or j == k for j, success in enumerate(outcomes)]
    assert course(better) >= course(outcomes) - 1e-12


@given(outcomes=st.lists(st.booleans(), max_size=60), ratio=RATIOS, harder=HARDER)
def test_it_stays_within_its_bounds(outcomes, ratio, harder):
    it = Difficulty(0.1, 0.05, 0.2, harder=harder, ratio=ratio)
    assert all(0.05 <= it.after(success=success) <= 0.2 for success in outcomes)


@pytest.mark.parametrize("ratio", [0.5, 0.75, 0.9])
def test_in_balance_that_share_of_the_trials_succeeds(ratio):
    """A participant who succeeds the less often the farther it is, 1/(1 + (x/0.1)⁴)."""
    it, dice, won = Difficulty(0.1, 1e-3, 10.0, harder=1, ratio=ratio), np.random.default_rng(1), []
    for _ in range(6000):
        won.append(dice.random() < 1.0 / (1.0 + (it.value / 0.1) ** 4))
        it.after(success=bool(won[-1]))
    assert np.mean(won[500:]) == pytest.approx(ratio, abs=0.02)


def away(t, x, hand):
    return HOME if t >= 0.0 else x


@pytest.mark.parametrize(
    ("adapt", "name", "sign"), [("distance", "distance", 1), ("size", "target_size", -1), ("time", "time_limit", -1)]
)
def test_reaching_gets_harder_when_it_goes_well_and_easier_when_not_and_says_so(adapt, name, sign):
    asked = {}
    for case, hand in (("well", None), ("badly", away)):
        exercise = Reach(ARM, adapt=adapt, radius=0.08, time_limit=1.5, target_size=0.02)
        found = trials(exercise, ARM, 3, hand) if hand else trials(exercise, ARM, 3)
        asked[case] = [sign * trial.asked[name] for trial in found]
        if adapt == "distance":
            for trial in found:
                out = np.linalg.norm(np.array(trial.asked["target"]) - HOME)
                assert out == pytest.approx(trial.asked["distance"])
        if adapt == "size":
            assert [2.0 * trial.asked["radius"] for trial in found] == pytest.approx([-a for a in asked[case]])
            goals = [{t.radius for s in trial.scenes for t in s.targets if t.role == "goal"} for trial in found]
            assert [{2.0 * r for r in radii} for radii in goals] == [{-a} for a in asked[case]]
        if adapt == "time" and case == "badly":
            assert [trial.t[-1] for trial in found] == pytest.approx([-a for a in asked[case]], abs=0.01)
    assert asked["well"][0] == asked["badly"][0]
    assert asked["well"] == sorted(asked["well"]) and asked["well"][-1] > asked["well"][0]
    assert asked["badly"] == sorted(asked["badly"], reverse=True) and asked["badly"][-1] < asked["badly"][0]


def test_it_begins_anew_in_every_block():
    exercise = Reach(ARM, adapt="size")
    first, again = (trials(exercise, ARM, 2)[0].asked["target_size"] for _ in range(2))
    assert first == again


def test_without_being_asked_for_nothing_adapts():
    found = trials(Reach(ARM), ARM, 3)
    assert {trial.asked["radius"] for trial in found} == {0.01}
    assert not {"distance", "target_size", "time_limit"} & set(found[0].asked)


def test_a_time_that_the_protocol_settles_is_not_adapted():
    phases = (Phase("hold"), Phase("move", {"timeout": 2.0}), Phase("return"))
    with pytest.raises(BadInput, match="settle"):
        Reach(ARM, adapt="time").follow([TrialPlan(number=1, target=0)], phases)


def test_in_a_session_the_trials_parameters_show_it():
    bench = Bench("transparent", "healthy", trials=3, adapt="size", target_size="3 cm")
    sizes = [trial.parameters["target_size"] for trial in bench.finish()]
    bench.close()
    assert sizes[0] == 0.03 and sizes[0] > sizes[1] > sizes[2]
