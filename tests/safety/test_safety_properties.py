"""For all inputs: what is sent is finite and within all bounds, and the tank stays above its floor."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.monitor import Monitor
from rehab.core.values import Action, Sample
from tests.safety.conftest import FORCE_MAP, PERIOD, READY, limits

number = st.floats(-1e4, 1e4) | st.floats(-2.0, 2.0)
pair = st.tuples(number, number)
wild = st.floats()
wild_pair = st.tuples(wild, wild)
stiffness = st.sampled_from([0.0, 100.0, 3000.0])
tick = st.tuples(pair, pair, pair, pair, stiffness, st.sampled_from([(), (1.0, -3.0)]), st.floats(0.0, 3.0))
EPSILON = 1e-9


def monitor() -> Monitor:
    """All filters on, armed, as after a soft start."""
    present = limits(force=30.0, power=20.0, speed=1.0, tank=0.5, refill=1.0, kinetic=0.4)
    facts = DeviceFacts(PERIOD, Action.RAMP_OFF, (1.0, 1.0), (0.5, 0.5), (0.13, 0.03), 0.9)
    made = Monitor(present, facts)
    made.check(0.0, sample(0))
    made.arm()
    made._fade.scale = 1.0
    return made


def sample(k: int, **changes) -> Sample:
    return Sample(k * PERIOD, k, 0.0005, (0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (), READY, 0)._replace(**changes)


@settings(max_examples=300, deadline=None)
@given(st.lists(tick, max_size=25))
def test_for_all_finite_inputs_every_bound_is_kept_and_the_tank_stays_above_its_floor(inputs):
    made = monitor()
    speed_limit = min(1.0, math.sqrt(2.0 * 0.4 / 0.9))
    last = (0.0, 0.0)
    for k, (wish, q, qd, reference, spring, forward, speed) in enumerate(inputs, 1):
        health = made.check(k * PERIOD, sample(k, q=q, qd=qd))
        used = made.good
        made.leash(reference, (0.1, 0.1), spring)
        decision = made.decide(used, speed, wish, (0.0, 0.0), FORCE_MAP, health, forward)
        torque = decision.command.torque
        assert math.hypot(*torque) * 2.0 <= 30.0 + EPSILON
        assert sum(t * w for t, w in zip(torque, used.qd, strict=True)) <= 20.0 + 1e-6
        for j, tau in enumerate(torque):
            assert abs(tau) <= made.limits.torque[j]
            base = abs(last[j]) if tau * last[j] > 0.0 else 0.0
            assert abs(tau) <= base + made.limits.growth[j] * PERIOD + EPSILON
            assert not (tau > 0.0 and used.q[j] >= 1.0)
            assert not (tau < 0.0 and used.q[j] <= -1.0)
            too_fast = abs(used.qd[j]) > 6.0 or speed > speed_limit
            assert not (too_fast and tau * used.qd[j] > 0.0)
        assert made.tank.floor <= made.tank.level <= made.tank.capacity
        last = torque


@settings(deadline=None)
@given(st.lists(st.tuples(wild_pair, wild_pair, wild_pair, wild_pair, wild_pair, wild, wild), max_size=12))
def test_nothing_that_is_not_finite_in_any_field_at_any_tick_is_ever_sent(inputs):
    made = monitor()
    for k, (wish, q, qd, tau, reference, time, age) in enumerate(inputs, 1):
        changed = sample(k, q=q, qd=qd, tau=tau, age=age, **({} if time > 0.0 else {"time": time}))
        health = made.check(k * PERIOD, changed)
        used = changed if health.usable else made.good
        if all(map(math.isfinite, reference)):  # the loop refuses others
            made.leash(reference, (0.0, 0.0), 100.0)
        decision = made.decide(used, 0.1, wish, (0.0, 0.0), FORCE_MAP, health)
        assert all(map(math.isfinite, decision.command.torque))
        assert math.isfinite(made.tank.level)
