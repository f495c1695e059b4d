"""Energy: the account's sign, bare walls at the edge of stability, closed paths on a spring."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehab.core.safety.faults import Fault
from rehab.core.safety.passivity import DEAD_BAND, Account, damped
from rehab.core.safety.tank import Tank
from rehab.core.values import Acted
from tests.safety.conftest import PERIOD, Joint


def spring(account, stiffness, positions, reference=0.0):
    """Follow positions on a spring; torque acts from one position to the next. Gives the account's lowest energy."""
    lowest, before, torque = 0.0, positions[0], 0.0
    for q in positions:
        account.moved((torque,), (q,), (before,), (0.0,))
        stretch = (reference - q) ** 2
        stored = account.lead((torque,), (reference,), stiffness, stretch)
        account.settle(stored, spring=True)
        torque, before = stiffness * (reference - q), q
        lowest = min(lowest, account.energy)
    return lowest


def test_the_account_of_a_spring_is_what_it_stores():
    account = Account(Tank(3.0), (0.0,))
    spring(account, 1000.0, [k * 1e-5 for k in range(5001)])  # pressed in by 5 cm
    assert account.energy == pytest.approx(0.5 * 1000.0 * 0.05**2, rel=1e-3)


def test_pressing_and_releasing_creates_only_what_sampling_creates():
    account = Account(Tank(3.0), (0.0,))
    path = [k * 1e-5 for k in range(5001)] + [k * 1e-5 for k in range(5000, -1, -1)]
    created = 0.5 * 1000.0 * 1e-5**2 * len(path)
    assert spring(account, 1000.0, path) == pytest.approx(-created, rel=0.01)


def test_a_moving_reference_is_paid_by_the_tank():
    account = Account(Tank(3.0), (0.0,))
    assert account.led == ()
    account.lead((0.0,), (0.0,), 100.0, 0.0)
    assert account.led == (0.0,)
    level = account.tank.level
    account.lead((5.0,), (0.01,), 100.0, 0.0)
    assert account.energy == pytest.approx(5.0 * 0.01 + 0.5 * 100.0 * 0.01**2)
    assert level - account.tank.level == pytest.approx(account.energy)
    assert account.led == (0.01,)
    account.lead((5.0,), (0.01,), 100.0, 0.0)
    assert account.led == (0.0,)


def test_a_spring_that_stiffens_while_it_is_stretched_is_paid_by_the_tank():
    account = Account(Tank(3.0), (0.0,))
    account.lead((0.0,), (0.0,), 100.0, 0.01)
    account.lead((0.0,), (0.0,), 140.0, 0.01)
    assert account.energy == pytest.approx(0.5 * 140.0 * 0.01)


def test_a_reference_that_moves_while_the_spring_stiffens_is_paid_for_both():
    account = Account(Tank(3.0), (0.0,))
    account.lead((0.0,), (0.0,), 100.0, 0.01)
    account.energy = 0.0
    account.lead((5.0,), (0.01,), 140.0, 0.01)
    assert account.energy == pytest.approx(5.0 * 0.01 + 0.5 * 140.0 * 0.01**2 + 0.5 * 40.0 * 0.01)


def test_a_spring_that_softens_is_paid_by_nobody():
    account = Account(Tank(3.0), (0.0,))
    account.lead((0.0,), (0.0,), 100.0, 0.01)
    level, account.energy = account.tank.level, 0.0
    account.lead((0.0,), (0.0,), 60.0, 0.01)
    assert (account.energy, account.tank.level) == (0.0, level)


def test_a_spring_stores_half_its_stiffness_times_the_square_of_its_stretch():
    account = Account(Tank(3.0), (0.0,))
    assert account.lead((0.0,), (0.0,), 100.0, 0.04) == pytest.approx(2.0)


def test_a_reference_or_an_error_of_another_number_of_directions_is_refused():
    account = Account(Tank(3.0), (0.0,))
    account.lead((0.0,), (0.0,), 100.0, 0.0)
    with pytest.raises(ValueError, match="unpack"):
        account.lead((0.0, 0.0), (0.0, 0.0), 100.0, 0.0)
    with pytest.raises(ValueError, match="argument"):
        damped((1.0, 1.0), -1.0, (1.0,), PERIOD, 5.0)


def test_a_reference_that_takes_energy_fills_the_tank():
    account = Account(Tank(3.0), (0.0,))
    account.energy, level = 1.0, account.tank.level
    account.pay(-0.5)
    assert account.energy == 0.5
    assert account.tank.level == pytest.approx(level + 0.9 * 0.5)


def test_what_an_empty_tank_does_not_pay_is_not_in_the_account():
    account = Account(Tank(3.0), (0.0,))
    account.tank.level = account.tank.floor
    account.pay(1.0)
    assert account.energy == 0.0


def test_without_a_spring_the_tank_pays_every_deficit_and_with_one_none():
    account = Account(Tank(3.0), (0.0,))
    account.energy = -0.2
    account.settle(0.0, spring=True)
    assert account.energy == -0.2
    account.settle(0.0, spring=False)
    assert account.energy == 0.0


def test_the_joints_friction_counts_as_dissipation():
    account = Account(Tank(3.0), (0.5,))
    account.moved((0.0,), (0.01,), (0.0,), (2.0,))
    assert account.energy == pytest.approx(0.5 * 2.0 * 0.01)


def test_damping_takes_out_within_one_tick_what_was_created():
    (torque,) = damped((1.0,), -0.002, (2.0,), PERIOD, 100.0)
    assert (torque - 1.0) * 2.0 * PERIOD == pytest.approx(0.002)


def test_damping_is_limited_and_acts_on_nothing_that_stands_still_or_is_passive():
    assert damped((1.0,), -1.0, (2.0,), PERIOD, 5.0) == (11.0,)
    still = (1.0,)
    assert damped(still, -1.0, (0.0,), PERIOD, 5.0) is still
    assert damped(still, 1.0, (2.0,), PERIOD, 5.0) is still
    assert damped(still, 0.0, (2.0,), PERIOD, 5.0) is still


def ring_down(sign: float, seconds: float = 4.0) -> tuple[float, float]:
    """A sampled spring of 5 kN/m on 1 kg with b = 0.5 N·s/m, which needs 2.5: the growth of its energy with damping of
    that sign (0: none), and the account's lowest energy. Figures of Hannaford & Ryu's check."""
    mass, friction, stiffness, x, v, force = 1.0, 0.5, 5000.0, 0.01, 0.0, 0.0
    account = Account(Tank(3.0), (0.0,))
    before = 0.0, x
    at_first = stored = 0.5 * stiffness * x * x
    account.energy, lowest = at_first, 0.0
    for _ in range(round(seconds / PERIOD)):
        account.moved((force,), (x,), (before[1],), (v,))
        before = force, x
        force = -stiffness * x
        if sign:
            (more,) = damped((0.0,), account.energy, (-v,), PERIOD, mass / (2.0 * PERIOD))
            force += sign * more
        lowest = min(lowest, account.energy)
        for _ in range(10):
            v += (force - friction * v) / mass * PERIOD / 10
            x += v * PERIOD / 10
        stored = 0.5 * stiffness * x * x + 0.5 * mass * v * v
    return stored / at_first, lowest


def test_a_sampled_spring_beyond_its_bound_grows_without_and_decays_with_the_passivity_controller():
    alone, _ = ring_down(0.0, 1.0)
    kept, lowest = ring_down(1.0, 1.0)
    pumped, _ = ring_down(-1.0, 1.0)
    assert alone > 5.0  # about e^(2·(KT/2 − b)/2m·t)
    assert kept < 1.0
    assert lowest > -0.01
    assert pumped > 5.0 * alone


@pytest.mark.parametrize("delay", [0, 2, 5])
def test_a_bare_wall_at_nine_tenths_of_the_bound_decays_and_nothing_acts(delay):
    joint = Joint(delay)
    stiffness = 0.9 * Joint.FRICTION / (PERIOD / 2.0 + delay * PERIOD)
    joint.begin(0.02)
    sizes = []
    for _ in range(1000):
        decision = joint.step(stiffness)
        sizes.append(abs(joint.q))
        assert not decision.acted & Acted.PASSIVITY
    assert max(sizes[-200:]) < 0.9 * max(sizes[:200])
    assert joint.monitor.fault is Fault.NONE


@pytest.mark.parametrize("delay", [0, 2, 5])
def test_a_bare_wall_at_twelve_tenths_of_the_bound_is_noticed_before_its_amplitude_doubles(delay):
    joint = Joint(delay)
    stiffness = 1.2 * Joint.FRICTION / (PERIOD / 2.0 + delay * PERIOD)
    start = 0.02 if delay < 5 else 0.04
    joint.begin(start)
    for _ in range(5000):
        decision = joint.step(stiffness)
        assert abs(joint.q) < 2.0 * start
        if decision.acted & Acted.PASSIVITY:
            break
    else:
        raise AssertionError("the observer never tripped")


def test_three_times_the_bound_with_five_milliseconds_of_delay_trips_before_the_amplitude_doubles():
    joint = Joint(5)
    stiffness = 3.0 * Joint.FRICTION / (PERIOD / 2.0 + 5 * PERIOD)
    joint.begin(0.05)
    while not joint.monitor.fault:
        joint.step(stiffness)
        assert abs(joint.q) < 0.1
        assert joint.tick < 5000
    assert joint.monitor.fault is Fault.OSCILLATION
    assert "created" in joint.monitor.reason or "changes sign" in joint.monitor.reason


def led_around(stiffness: float, waves, seconds: float, growth: float = 20000.0, damped: bool = True):
    """Somebody stronger leads the hand twice around a closed path on a spring; the joint has no friction, and the limb
    is not looked at. Gives the energy (J) that the limb got, and the fault."""
    joint = Joint(force=40.0, power=30.0)
    monitor = joint.monitor
    monitor.limits = joint.limits._replace(growth=(growth,))
    monitor.account._damping, monitor._watch._sees_limb = ((0, 0.0),), False
    joint.begin()
    ticks = round(seconds / PERIOD)
    got, before = 0.0, 0.0
    for k in range(2 * ticks + 1):
        phase = 2.0 * math.pi * k / ticks
        q = sum(a * math.sin(n * phase) + b * (math.cos(n * phase) - 1.0) for n, (a, b) in enumerate(waves, 1))
        got += joint.torque * (q - before)
        joint.qd, joint.q, before = (q - before) / PERIOD, q, q
        if not damped:
            monitor.account.energy = 1.0
        joint.step(stiffness, moving=False)
    return got, monitor.fault


WAVE = [(0.03, 0.0), (0.01, 0.01)]


@settings(max_examples=15, deadline=None)
@given(
    st.floats(10.0, 400.0),
    st.lists(st.tuples(st.floats(-0.02, 0.02), st.floats(-0.02, 0.02)), min_size=1, max_size=3),
    st.floats(0.5, 2.0),
)
def test_no_closed_path_on_a_spring_with_all_filters_on_returns_net_energy(stiffness, waves, seconds):
    got, _ = led_around(stiffness, waves, seconds)
    assert got <= DEAD_BAND + 2e-3


def test_the_same_path_without_the_passivity_controller_returns_what_sampling_creates():
    assert led_around(400.0, WAVE, 0.5, damped=False)[0] > 0.02
    assert led_around(400.0, WAVE, 0.5)[0] < DEAD_BAND


def test_torque_that_may_grow_only_slowly_makes_a_spring_active_and_the_observer_stops_it():
    assert led_around(1500.0, WAVE, 0.5, growth=200.0, damped=False)[0] > 1.0
    got, fault = led_around(1500.0, WAVE, 0.5, growth=200.0)
    assert got < DEAD_BAND
    assert fault is Fault.OSCILLATION


def test_lifting_and_lowering_its_own_weight_costs_an_arm_nothing():
    """5 N·m of arm, swung by 1.2 rad down and up again on a firm spring: 4.7 J each way, more than any tank holds."""
    level, lowest = {}, 0.0
    for weight in (0.0, 5.0):
        joint = Joint(refill=0.0)
        joint.weight = weight
        joint.begin()
        for k in range(6000):
            joint.step(200.0, 4.0, reference=-0.6 * (1.0 - math.cos(2.0 * math.pi * k / 6000)))
            lowest = min(lowest, joint.monitor.account.energy)
        assert joint.monitor.fault is Fault.NONE, joint.monitor.reason
        level[weight] = joint.monitor.tank.level
    assert lowest > -DEAD_BAND
    assert level[5.0] == pytest.approx(level[0.0], abs=0.05)


def test_a_pulse_that_is_declared_is_not_taken_for_the_spring_along_a_moving_reference():
    """5 N ahead, and a spring whose reference goes the other way at 0.2 m/s, stretched by what the pulse pushes."""
    joint = Joint()
    joint.begin()
    monitor, joint.qd = joint.monitor, -0.2
    for k in range(2000):
        joint.tick += 1
        reference, joint.q = -0.0002 * k, -0.0002 * k + 0.05
        sample = joint._look()
        (aim,) = monitor.leash((reference,), (joint.q,), 100.0)
        wish = 100.0 * (aim - joint.q) + 5.0
        decision = monitor.decide(sample, 0.2, (wish,), (0.0,), ((1.0,),), joint.health, (5.0,))
        sent = decision.command.torque[0]
    assert monitor.fault is Fault.NONE, monitor.reason
    assert monitor.account.energy > -DEAD_BAND
    assert sent == pytest.approx(0.0, abs=1e-9)
