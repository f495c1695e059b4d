"""What each trait does to the hand, and that traits compose."""

from __future__ import annotations

from dataclasses import replace
from math import degrees, exp, hypot, pi, radians

import numpy as np
import pytest

from rehab.core.types import Scene, Target
from rehab.core.values import Floats
from sim.patients.patient import VirtualPatient
from sim.patients.person import Traits
from sim.patients.traits.fatigue import Fatigue
from sim.patients.traits.neglect import Neglect
from sim.patients.traits.slacking import Slacking
from sim.patients.traits.spasms import Spasms
from sim.patients.traits.spasticity import Spasticity
from sim.patients.traits.synergy import Synergy
from sim.patients.traits.tone import Tone
from sim.patients.traits.tremor import Tremor
from sim.patients.traits.weakness import Weakness
from tests.sim.trials import ARM, DT, HOME, KNEE, body_of, torque_of

ABLE = Traits(reaction=0.2, movement=0.6)  # no noise, no spread: exact
BOTH = pytest.mark.parametrize("info", [ARM, KNEE], ids=["arm", "knee"])


def home_of(info) -> Floats:
    return HOME if info is ARM else (0.4 * -pi / 2.0,)


def held(traits: Traits, goal: Floats, seconds: float = 2.0, info=ARM) -> tuple[VirtualPatient, np.ndarray]:
    """A patient whose hand is held fast at home while something beyond is asked for; its force on the robot (n, d)."""
    patient = VirtualPatient(info, traits, 1)
    patient.see(Scene(targets=(Target(goal, 0.01),)))
    still = (0.0,) * len(goal)
    return patient, np.array([patient.force(k * DT, home_of(info), still, DT) for k in range(round(seconds / DT))])


def beyond(direction: Floats, far: float = 0.12) -> Floats:
    return tuple(h + far * u for h, u in zip(HOME, direction, strict=True))


# --- strength ---------------------------------------------------------------------------------------------------


def test_weakness_limits_the_force_in_its_direction_only():
    weak = replace(ABLE, muscles=(Weakness(direction="out", most=0.05),))  # 5 % of 80 N: 4 N away from the body
    out = held(weak, beyond((0.0, -1.0)))[1][-1]
    assert held(ABLE, beyond((0.0, -1.0)))[1][-1][1] < -10.0
    assert out[1] == pytest.approx(-4.0, abs=0.02)
    for direction in ((0.0, 1.0), (-1.0, 0.3), (1.0, 1.0)):  # none of them presses away from the body
        assert held(weak, beyond(direction))[1][-1] == pytest.approx(held(ABLE, beyond(direction))[1][-1], abs=1e-6)


def test_a_weak_hand_that_is_drawn_away_fast_does_not_brake_with_more_than_its_ceiling():
    weak = replace(ABLE, muscles=(Weakness(direction="out", most=0.05),))
    patient = VirtualPatient(ARM, weak, 1)
    patient.see(Scene(targets=(Target(beyond((0.0, -1.0)), 0.01),)))
    for k in range(900):  # pressing outwards, and then drawn inwards at 0.5 m/s
        drawn = 0.5 * max(0, k - 800) * DT
        patient.force(k * DT, (HOME[0], HOME[1] + drawn), (0.0, 0.5 if drawn else 0.0), DT)
    effort = patient._effort
    given = patient.limb.hand_force([a + b for a, b in zip(effort.torque, effort.damping, strict=True)])
    assert effort.qd[1] > 0.5
    assert given[1] == pytest.approx(-4.0, abs=0.1)


def test_who_presses_against_what_does_not_give_way_is_not_wound_up():
    held_fast = held(replace(ABLE, attempts=1000), beyond((0.0, 1.0)), 20.0)[1]
    size = np.linalg.norm(held_fast[3000:], axis=1)
    assert size.max() < 1.05 * size.min()


def test_a_weak_leg_extends_with_little_force_and_bends_with_all():
    weak = replace(ABLE, muscles=(Weakness(direction="out", most=0.02),))  # 2 % of 280 N
    home = home_of(KNEE)[0]
    assert held(weak, (home + 0.1,), info=KNEE)[1][-1] == pytest.approx(5.6, abs=0.15)  # less a little weight
    assert held(weak, (home - 0.1,), info=KNEE)[1][-1] == pytest.approx(held(ABLE, (home - 0.1,), info=KNEE)[1][-1])


def test_weakness_takes_any_direction_but_none_of_another_dimension():
    weak = replace(ABLE, muscles=(Weakness(direction=(3.0, 0.0), most=0.05),))
    assert held(weak, beyond((1.0, 0.0)))[1][-1][0] == pytest.approx(4.0, abs=0.02)
    with pytest.raises(ValueError, match="no direction"):
        VirtualPatient(KNEE, weak, 1)


def test_fatigue_takes_strength_away_by_its_own_law_and_rest_brings_it_back():
    tiring, recovery = 20.0, 100.0
    tired = replace(ABLE, strength=0.05, attempts=1000, muscles=(Fatigue(tiring=tiring, recovery=recovery),))
    patient, forces = held(tired, beyond((0.0, 1.0), 0.3), 30.0)
    size = np.linalg.norm(forces, axis=1)
    assert size[-1] < 0.6 * size[1500]
    # at the ceiling u = 1 − M, so that M' = (1 − M)/T_F − M/T_R: an exponential
    rate = 1.0 / tiring + 1.0 / recovery
    lost = 1.0 / tiring / rate * (1.0 - exp(-rate * 29.7))  # from reaction on; about 0.1 s are spent below the ceiling
    capacity = patient.at_work(Fatigue).capacity
    assert 1.0 - capacity == pytest.approx(lost, abs=0.02)
    patient.see(Scene())
    for k in range(30_000):
        patient.force(30.0 + k * DT, HOME, (0.0, 0.0), DT)
    assert 1.0 - patient.at_work(Fatigue).capacity < 0.85 * (1.0 - capacity)


def test_slacking_effort_falls_with_help_and_comes_back_without_it():
    slack = replace(ABLE, muscles=(Slacking(depth=0.8, help=0.05, time=1.0),))  # full help is 4 N
    efforts, work = {}, {}
    for help_ in (0.0, 6.0, 12.0):  # N, of which the robot's own friction takes one or two
        body = body_of(slack)
        work[help_] = reaches(body, help_, 8)
        efforts[help_] = body.patient.at_work(Slacking).effort
    assert efforts[0.0] > 0.95
    assert efforts[0.0] > efforts[6.0] + 0.3 > efforts[12.0] + 0.4
    assert work[12.0] < 0.6 * work[0.0]
    helped = body.patient.at_work(Slacking).effort
    reaches(body, 0.0, 8)
    assert body.patient.at_work(Slacking).effort > helped + 0.4


def test_effort_is_given_up_where_no_error_asks_for_it_and_comes_back_against_a_load():
    slack = replace(ABLE, muscles=(Slacking(depth=0.8, help=0.05, time=1.0, error=0.06),))
    body = body_of(slack)
    reaches(body, 0.0, 8)
    alone = body.patient.at_work(Slacking).effort
    reaches(body, -15.0, 8)
    assert alone < 0.75
    assert body.patient.at_work(Slacking).effort > alone + 0.15


def test_who_does_not_slack_makes_the_same_effort_with_help():
    slack = replace(ABLE, muscles=(Slacking(help=0.05, time=1.0),))
    steady, slacking = (
        [reaches(body_of(traits), help_, 8) for help_ in (0.0, 12.0)] for traits in (ABLE, slack)
    )
    assert slacking[0] == pytest.approx(steady[0], rel=0.01)
    assert slacking[1] < 0.7 * steady[1]


def reaches(body, help_: float, count: int) -> float:
    """So many reaches to and fro, with so much force (N) of the robot towards the goal while the hand is away from it;
    the mean of the muscles' torque (N·m)."""
    used, steps = 0.0, 0
    for k in range(count):
        goal = (0.0, 0.52) if k % 2 == 0 else HOME
        body.see(Scene(targets=(Target(goal, 0.01),)))
        for _ in range(1000):
            dx, dy = goal[0] - body.x[0], goal[1] - body.x[1]
            far = max(hypot(dx, dy), 0.02)
            jacobian = body._kinematics.forward(body.q)[1]
            body.step(torque_of(jacobian, (help_ * dx / far, help_ * dy / far)), DT)
            used, steps = used + hypot(*body.patient._effort.torque), steps + 1
    return used / steps


# --- what comes unasked -----------------------------------------------------------------------------------------


def joint_torque(patient: VirtualPatient, force: np.ndarray) -> np.ndarray:
    """What the joints must give for a static force of the hand."""
    return np.array(patient.limb.kinematics.forward(patient.limb.q)[1]).T @ force


@pytest.mark.parametrize("direction", [(1.0, 0.0), (-1.0, 0.0)])
def test_effort_of_the_shoulder_bends_the_elbow_whatever_its_direction(direction):
    weak = replace(ABLE, strength=0.05)  # each joint at its limit of 2 N·m, whatever the grip gives way
    alone, forces = held(weak, beyond(direction))
    shoulder, elbow = joint_torque(alone, forces[-1])
    bound, forces = held(replace(weak, muscles=(Synergy(coupling=0.3),)), beyond(direction))
    both = joint_torque(bound, forces[-1])
    assert abs(shoulder) == pytest.approx(2.0, abs=0.01) and both[0] == pytest.approx(shoulder, abs=0.01)
    assert both[1] - elbow == pytest.approx(0.3 * 2.0, abs=0.01)


def test_synergy_has_no_partner_in_a_leg():
    home = home_of(KNEE)[0]
    coupled = held(replace(ABLE, muscles=(Synergy(coupling=0.5),)), (home + 0.1,), info=KNEE)[1]
    assert np.array_equal(coupled, held(ABLE, (home + 0.1,), info=KNEE)[1])


@BOTH
def test_tone_pulls_to_a_bent_posture_and_its_pull_does_not_ask_for_speed(info):
    toned = replace(ABLE, acts=False, relaxed=0.0, muscles=(Tone(stiffness=0.2, bent=0.3, most=1.0),))
    body = body_of(toned, info=info)
    for _ in range(8000):
        body.step((0.0,) * info.n_joints, DT)
    limb = body.patient.limb
    expected = 0.2 * np.array(limb.stiffness) * (np.array(body.patient.at_work(Tone).posture) - limb.q)
    weight = np.array(limb.gravity.torque(limb.q)) + (0.0 if info is ARM else 1.5 * 9.81 * 0.2 * np.cos(limb.q[0]))
    assert limb.bend() - limb_bend_at_home(info) > 0.1
    assert expected == pytest.approx(weight, abs=0.02)  # it rests where the pull meets the weight
    patient = VirtualPatient(info, toned, 1)
    still = np.array([patient.force(k * DT, home_of(info), (0.0,) * info.n_joints, DT) for k in range(1000)])
    pull = np.array(joint_torque(patient, still[-1]))
    assert pull == pytest.approx(0.2 * np.array(limb.stiffness) * 0.3 * np.array(limb.bends), rel=0.05)


def limb_bend_at_home(info) -> float:
    return VirtualPatient(info, ABLE, 1).limb.bend()


def stretched(info, trait: Spasticity, speed: float, seconds: float = 1.0) -> list[tuple[float, float, float]]:
    """A robot stretches the muscle at constant speed (rad/s) of the last joint: time, bend, torque of the reflex."""
    patient = VirtualPatient(info, replace(ABLE, acts=False, relaxed=0.0, muscles=(trait,)), 1)
    limb, reflex, told = patient.limb, patient.at_work(Spasticity), []
    turn = speed * limb.bends[-1] * (-1.0 if trait.muscle == "flexors" else 1.0)
    for k in range(round(seconds / DT)):
        q = (*limb.home[:-1], limb.home[-1] + turn * k * DT)
        x, jacobian = limb.kinematics.forward(q)
        patient.force(k * DT, x, tuple(row[-1] * turn for row in jacobian), DT)
        told.append((k * DT, limb.bend(), reflex.active))
    return told


@BOTH
@pytest.mark.parametrize("muscle", ["flexors", "extensors"])
@pytest.mark.parametrize("speed", [1.6, 2.5, 4.0])
def test_a_fast_stretch_catches_at_the_set_angle(info, muscle, speed):
    angle = limb_bend_at_home(info) + (-0.4 if muscle == "flexors" else 0.4)
    trait = Spasticity(muscle=muscle, angle=angle, threshold=1.2, delay=0.04)
    told = stretched(info, trait, speed, 0.7 / speed)
    caught = next(bend for _, bend, torque in told if torque > 0.0)
    assert trait.catch_angle(speed) == angle
    assert degrees(abs(caught - angle)) < 2.0
    assert max(torque for *_, torque in told) > 0.3 * trait.gain * 40.0 * speed


@BOTH
@pytest.mark.parametrize("muscle", ["flexors", "extensors"])
def test_a_slow_stretch_over_the_same_angle_does_not_catch(info, muscle):
    angle = limb_bend_at_home(info) + (-0.4 if muscle == "flexors" else 0.4)
    trait = Spasticity(muscle=muscle, angle=angle, threshold=1.2)
    assert trait.catch_angle(0.8) is None
    assert all(torque == 0.0 for *_, torque in stretched(info, trait, 0.8, 0.7 / 0.8))


def test_shortening_the_muscle_never_catches():
    trait = Spasticity(muscle="flexors", angle=2.0, threshold=1.2)
    assert all(torque == 0.0 for *_, torque in stretched(ARM, replace(trait, muscle="extensors", angle=2.2), -3.0, 0.2))


def test_a_faster_stretch_catches_earlier_when_the_trait_says_so():
    trait = Spasticity(angle=limb_bend_at_home(ARM) - 0.4, threshold=1.2, earlier=0.05)
    caught = {speed: next(b for _, b, torque in stretched(ARM, trait, speed) if torque > 0.0) for speed in (1.6, 4.0)}
    for speed, bend in caught.items():
        assert degrees(abs(bend - trait.catch_angle(speed))) < 2.0
    assert degrees(caught[4.0] - caught[1.6]) == pytest.approx(degrees(0.05 * 2.4), abs=3.0)


@pytest.mark.parametrize("delay", [0.025, 0.05])
def test_the_reflex_comes_as_late_as_its_arc_is_long(delay):
    # the muscle is beyond its angle from the beginning, so only the speed is waited for
    trait = Spasticity(angle=2.5, threshold=1.0, delay=delay)
    patient = VirtualPatient(ARM, replace(ABLE, acts=False, relaxed=0.0, muscles=(trait,)), 1)
    limb, reflex, fast_at = patient.limb, patient.at_work(Spasticity), None
    for k in range(300):
        turn = -3.0 if k >= 100 else 0.0
        x, jacobian = limb.kinematics.forward((limb.home[0], limb.home[1] + turn * max(0, k - 100) * DT))
        if fast_at is None and limb.qd[1] < -1.0:
            fast_at = k
        patient.force(k * DT, x, tuple(row[1] * turn for row in jacobian), DT)
        if reflex.active > 0.0:
            break
    assert k - fast_at == pytest.approx(delay / DT, abs=1)


def test_the_catch_lets_go_when_the_stretch_ends():
    told = stretched(ARM, Spasticity(angle=1.4, threshold=1.2), 2.0, 0.3)
    trait = Spasticity(angle=1.4, threshold=1.2)
    patient = VirtualPatient(ARM, replace(ABLE, acts=False, relaxed=0.0, muscles=(trait,)), 1)
    limb, active = patient.limb, []
    for k in range(1500):
        q = (limb.home[0], limb.home[1] - 2.0 * min(k, 300) * DT)
        x, jacobian = limb.kinematics.forward(q)
        patient.force(k * DT, x, tuple(row[1] * (-2.0 if k < 300 else 0.0) for row in jacobian), DT)
        active.append(patient.at_work(Spasticity).active)
    assert max(torque for *_, torque in told) == pytest.approx(max(active), rel=0.2)
    assert active[-1] < 0.01 * max(active)


@BOTH
@pytest.mark.parametrize("frequency", [4.0, 6.5, 11.0])
def test_the_peak_of_the_spectrum_is_at_the_tremors_frequency(info, frequency):
    body = body_of(replace(ABLE, muscles=(Tremor(frequency=frequency, torque=0.03),)), info=info)
    body.see(Scene(targets=(Target(home_of(info), 0.02),)))
    v = []
    for _ in range(20_000):
        body.step((0.0,) * info.n_joints, DT)
        v.append(body.v[-1])
    power = np.abs(np.fft.rfft(np.array(v[2000:]) * np.hanning(18_000))) ** 2
    peak = np.fft.rfftfreq(18_000, DT)[power.argmax()]
    assert peak == pytest.approx(frequency, abs=0.3)
    assert np.std(v) > 2e-3


def test_tremor_grows_with_effort():
    shaking = []
    for goal in ((), (Target(HOME, 0.02),)):
        body = body_of(replace(ABLE, muscles=(Tremor(at_rest=0.2, torque=0.03),)))
        body.see(Scene(targets=goal))
        patient, force = body.patient, []
        for k in range(3000):
            force.append(patient.force(k * DT, HOME, (0.0, 0.0), DT)[1])
        shaking.append(np.std(force[1000:]))
    assert shaking[1] > 2.0 * shaking[0] > 0.0


def test_spasms_come_at_random_times_that_only_the_seed_decides():
    def begun(seed: int, more: tuple = ()) -> list[float]:
        trait = Spasms(every=5.0, torque=0.3, lasting=0.3)
        patient = VirtualPatient(ARM, replace(ABLE, muscles=(*more, trait)), seed)
        cramps, times = patient.at_work(Spasms), []
        for k in range(60_000):
            count = cramps.count
            patient.force(k * DT, HOME, (0.0, 0.0), DT)
            if cramps.count > count:
                times.append(k * DT)
        return times

    first = begun(1)
    assert 5 <= len(first) <= 25
    assert begun(1) == first != begun(2)
    assert begun(1, (Tone(),)) == first  # what else there is does not change them


def test_a_spasm_bends_the_elbow_with_its_torque_and_goes():
    trait = Spasms(every=2.0, torque=0.2, lasting=0.5)  # 20 % of 40 N·m
    patient = VirtualPatient(ARM, replace(ABLE, acts=False, relaxed=0.0, muscles=(trait,)), 3)
    elbow = np.array(
        [joint_torque(patient, np.array(patient.force(k * DT, HOME, (0.0, 0.0), DT)))[1] for k in range(8000)]
    )
    assert elbow.max() == pytest.approx(8.0, rel=0.25)
    assert np.median(elbow) < 0.1


# --- the mind ---------------------------------------------------------------------------------------------------


def reaction(traits: Traits, goal: Floats, seed: int = 1, seconds: float = 4.0) -> float | None:
    """s from the target's appearance until the hand is 2 mm away."""
    body = body_of(traits, seed)
    body.see(Scene(targets=(Target(goal, 0.01),)))
    for k in range(round(seconds / DT)):
        body.step((0.0, 0.0), DT)
        if hypot(body.x[0] - HOME[0], body.x[1] - HOME[1]) > 2e-3:
            return k * DT
    return None


@pytest.mark.parametrize(("side", "sign"), [("left", -1.0), ("right", 1.0)])
def test_what_is_on_the_neglected_side_is_seen_later(side, sign):
    neglectful = replace(ABLE, neglect=Neglect(side=side, delay=0.7, misses=0.0))
    there, here = beyond((sign, 0.0), 0.1), beyond((-sign, 0.0), 0.1)
    assert reaction(neglectful, there) == pytest.approx(reaction(ABLE, there) + 0.7, abs=2e-3)
    assert reaction(neglectful, here) == reaction(ABLE, here)
    assert reaction(neglectful, beyond((0.0, 1.0), 0.1)) == reaction(ABLE, beyond((0.0, 1.0), 0.1))


def test_what_is_missed_is_not_gone_for_until_something_else_is_asked():
    blind = replace(ABLE, neglect=Neglect(misses=1.0))
    assert reaction(blind, beyond((-1.0, 0.0), 0.1)) is None
    body = body_of(blind)
    body.see(Scene(targets=(Target(beyond((-1.0, 0.0), 0.1), 0.01),)))
    for _ in range(1000):
        body.step((0.0, 0.0), DT)
    body.see(Scene(targets=(Target(beyond((1.0, 0.0), 0.1), 0.01),)))
    for _ in range(1500):
        body.step((0.0, 0.0), DT)
    assert body.x[0] > 0.08


def test_some_are_missed_as_often_as_the_trait_says():
    half = replace(ABLE, neglect=Neglect(misses=0.5, delay=0.1))
    seen = [reaction(half, beyond((-1.0, 0.0), 0.1), seed, 0.8) is not None for seed in range(40)]
    assert 10 <= sum(seen) <= 30


def test_who_is_contrary_goes_the_other_way():
    body = body_of(replace(ABLE, contrary=1.0, attempts=1))
    body.see(Scene(targets=(Target((0.0, 0.52), 0.01),)))
    for _ in range(1500):
        body.step((0.0, 0.0), DT)
    assert body.x[1] < 0.42 - 0.05


# --- weight -----------------------------------------------------------------------------------------------------


def test_who_acts_carries_the_leg_and_who_is_limp_lets_it_hang():
    goal = home_of(KNEE)[0] + 0.15
    shares = {}
    for name, traits in (("able", ABLE), ("limp", replace(ABLE, acts=False))):
        body = body_of(traits, info=KNEE)
        body.see(Scene(targets=(Target((goal,), 0.01),)))
        for _ in range(3000):
            body.step((0.0,), DT)
        shares[name] = (body.x[0] - home_of(KNEE)[0]) / 0.15
    assert shares["able"] > 0.85
    assert abs(shares["limp"]) < 1e-6


# --- all together -----------------------------------------------------------------------------------------------

EVERYTHING = replace(
    ABLE, noise=0.1, spread=0.05, strength=0.4, contrary=0.1, neglect=Neglect(), muscles=(
        Tremor(), Spasms(every=3.0), Tone(), Spasticity(), Synergy(), Fatigue(), Slacking(), Weakness(),
        Weakness(direction="in", most=0.2),
    ),
)  # fmt: skip


def path(traits: Traits, info, seed: int = 1) -> np.ndarray:
    body = body_of(traits, seed, info)
    found = []
    for k in range(6):
        goal = tuple(h + (0.08 if k % 2 else -0.08) for h in home_of(info))
        body.see(Scene(targets=(Target(goal, 0.01),)))
        for _ in range(1000):
            body.step((0.0,) * info.n_joints, DT)
            found.append(body.x)
    return np.array(found)


@BOTH
def test_all_traits_at_once_are_finite_and_equal_seeds_give_equal_bits(info):
    first = path(EVERYTHING, info)
    assert np.isfinite(first).all() and np.ptp(first) > 0.01
    assert np.array_equal(first, path(EVERYTHING, info))
    assert np.abs(first - path(EVERYTHING, info, seed=2)).max() > 1e-3


def test_the_order_in_which_traits_are_named_does_not_matter():
    turned = replace(EVERYTHING, muscles=EVERYTHING.muscles[::-1])
    swapped = replace(EVERYTHING, muscles=(*EVERYTHING.muscles[:-2], EVERYTHING.muscles[-1], EVERYTHING.muscles[-2]))
    first = path(EVERYTHING, ARM)
    assert path(turned, ARM) == pytest.approx(first, abs=1e-6)
    assert path(swapped, ARM) == pytest.approx(first, abs=1e-6)


@pytest.mark.parametrize(
    ("trait", "says"),
    [
        (lambda: Tremor(frequency=2.0), r"Tremor: frequency is 2\.0.*from 3 Hz to 12 Hz"),
        (lambda: Spasticity(delay=0.1), "delay"),
        (lambda: Spasticity(muscle="biceps"), "flexors, extensors"),
        (lambda: Traits(strength=-0.1), "strength"),
        (lambda: Tone(stiffness=float("nan")), "stiffness"),
    ],
)
def test_a_value_out_of_its_range_is_refused_in_words(trait, says):
    with pytest.raises(ValueError, match=says):
        trait()


# --- the truth --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("muscles", [(), (Tone(stiffness=0.3, bent=0.0, most=1.0),)])
def test_the_stiffness_that_is_told_is_the_one_that_is_felt(muscles):
    def force_at(offset: tuple[float, float]) -> np.ndarray:
        patient = VirtualPatient(ARM, replace(ABLE, muscles=muscles), 1)
        patient.see(Scene(targets=(Target(HOME, 0.05),)))
        for k in range(3000):
            share = min(1.0, max(0.0, (k - 1000) / 1000.0))
            x = (HOME[0] + share * offset[0], HOME[1] + share * offset[1])
            force = patient.force(k * DT, x, (0.0, 0.0), DT)
        return np.array(force)

    step = 1e-3
    felt = np.array([(force_at((-step, 0.0)) - force_at((step, 0.0))) / (2 * step),
                     (force_at((0.0, -step)) - force_at((0.0, step))) / (2 * step)]).T  # fmt: skip
    told = VirtualPatient(ARM, replace(ABLE, muscles=muscles), 1).endpoint_stiffness()
    assert felt == pytest.approx(told, rel=0.01)
    assert np.linalg.eigvalsh(told).min() > 50.0


def test_the_stiffness_is_known_at_every_place():
    patient = VirtualPatient(ARM, ABLE, 1)
    near, far = patient.endpoint_stiffness((0.0, 0.5)), patient.endpoint_stiffness((0.0, 0.35))
    assert np.abs(near - far).max() > 50.0
    assert patient.endpoint_stiffness(HOME) == pytest.approx(patient.endpoint_stiffness())
    leg = VirtualPatient(KNEE, ABLE, 1).endpoint_stiffness()
    assert leg == pytest.approx(np.array([[1.0 / (0.4**2 / 80.0 + 1.0 / 5000.0)]]))


def test_a_catch_in_degrees_reads_as_it_was_written():
    assert Spasticity(angle=radians(70.0)).catch_angle(2.0) == pytest.approx(radians(70.0))
