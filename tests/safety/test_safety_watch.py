"""The watch by itself: when it looks, at which thresholds it trips, for how long it remembers, and in which words."""

from __future__ import annotations

from math import hypot

import pytest

from rehab.core.safety.detectors import Interaction
from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.faults import Fault
from rehab.core.safety.sent import Sent
from rehab.core.safety.watch import Watch
from rehab.core.values import Action, Sample
from tests.safety.conftest import FORCE_MAP, PERIOD, READY, limits

INERTIA, FRICTION = (0.1, 0.05), (0.5, 0.25)
LOOK = 5  # ticks between two looks at slow things
ZERO = (0.0, 0.0)
LEVER = ((10.0, 0.0), (0.0, 10.0))  # a hand 10 cm from each axis


class Stage:
    """Two joints of −1 … 0 rad and 5 rad/s, a hand of 2 m/s and 40 N, fed tick by tick. `torque` is what is sent."""

    def __init__(self, period: float = PERIOD, inertia=INERTIA, friction=FRICTION, **values: float) -> None:
        present = limits(force=40.0, **values)._replace(q_min=(0.0, -1.0), q_max=(1.0, 0.0), joint_speed=(5.0, 5.0))
        facts = DeviceFacts(period, Action.RAMP_OFF, (1.0, 1.0), friction, inertia)
        self.trips: list[tuple[Fault, str, Action | None]] = []
        self.sent, self.period, self.tick = Sent(2, period), period, 0
        self.watch = Watch(facts, present, self.sent, self._trip)
        self.watch.follow(present, 2.0)

    def _trip(self, fault: Fault, reason: str, action: Action | None = None) -> None:
        self.trips.append((fault, reason, action))

    def step(self, q=(0.5, -0.5), qd=ZERO, tau=ZERO, *, torque=ZERO, speed=0.0, force=(), gravity=ZERO, age=0.0,
             force_map=FORCE_MAP) -> bool:  # fmt: skip
        self.tick += 1
        moved = (q[0] + 1e-9 * (self.tick % 3), q[1] - 1e-9 * (self.tick % 3)) if q == (0.5, -0.5) else q
        sample = Sample(self.tick * self.period, self.tick, age, moved, qd, tau, force, READY)
        calm = self.watch.step(self.tick * self.period, sample, speed, force_map, gravity)
        self.sent.put(torque)
        return calm

    def run(self, ticks: int, **what) -> None:
        for _ in range(ticks):
            self.step(**what)

    @property
    def faults(self) -> list[Fault]:
        return [fault for fault, _, _ in self.trips]

    @property
    def words(self) -> list[str]:
        return [words for _, words, _ in self.trips]


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def blind() -> Stage:
    """Without a look at the limb: the arm may be anywhere and as fast as it likes from one tick to the next."""
    return Stage(inertia=())


def test_at_first_nothing_is_limp_and_nothing_noticed(stage):
    assert stage.watch.limp == 0.0
    assert stage.watch.notice == ""


# position and speed ---------------------------------------------------------------------------------------------------


def test_within_all_limits_the_motion_is_calm(blind):
    assert blind.step() is True
    assert blind.step(speed=2.0, qd=(3.0, -3.0)) is True
    assert blind.step(speed=2.001) is False
    assert blind.step(qd=(5.1, 0.0)) is False
    assert blind.step(q=(-0.01, -0.5)) is False
    assert blind.trips == []


@pytest.mark.parametrize(
    ("q", "joint", "beyond", "action"),
    [
        ((0.5, 0.035), 2, None, None),
        ((0.5, 0.036), 2, "0.036", Action.YIELD),
        ((0.5, 0.105), 2, "0.105", Action.YIELD),
        ((0.5, 0.106), 2, "0.106", Action.RAMP_OFF),
        ((-0.035, -0.5), 1, None, None),
        ((-0.036, -0.5), 1, "0.036", Action.YIELD),
        ((-0.5, -0.5), 1, "0.500", Action.RAMP_OFF),
    ],
)
def test_two_degrees_beyond_a_limit_yield_and_six_stop(blind, q, joint, beyond, action):
    assert blind.step(q=q) is False
    words = f"joint {joint} is {beyond} rad beyond its limit"
    assert blind.trips == ([(Fault.POSITION_LIMIT, words, action)] if beyond else [])


@pytest.mark.parametrize(
    ("fast", "words"),
    [
        ({"qd": (0.0, -7.5)}, "hand at 0.00 m/s, joint at 150 % of its speed limit"),
        ({"qd": (7.5, 0.1)}, "hand at 0.00 m/s, joint at 150 % of its speed limit"),
        ({"qd": (6.01, 0.0)}, "hand at 0.00 m/s, joint at 120 % of its speed limit"),
        ({"speed": 2.5}, "hand at 2.50 m/s, joint at 0 % of its speed limit"),
        ({"speed": 2.5, "qd": (2.0, 0.0)}, "hand at 2.50 m/s, joint at 40 % of its speed limit"),
    ],
)
def test_a_fifth_above_the_speed_limit_for_ten_milliseconds_yields(blind, fast, words):
    blind.run(9, **fast)
    assert blind.trips == []
    blind.step(**fast)
    assert blind.trips == [(Fault.VELOCITY_LIMIT, words, None)]


@pytest.mark.parametrize("fast", [{"qd": (6.0, 0.0)}, {"qd": (0.0, -6.0)}, {"speed": 2.4}])
def test_exactly_a_fifth_above_is_left_to_the_filters(blind, fast):
    blind.run(30, **fast)
    assert Fault.VELOCITY_LIMIT not in blind.faults


def test_ten_milliseconds_are_enough_whatever_the_period():
    stage = Stage(0.005, inertia=())
    stage.run(2, qd=(7.5, 0.0))
    assert stage.faults == [Fault.VELOCITY_LIMIT]


def test_limits_of_different_numbers_of_joints_are_refused(blind):
    with pytest.raises(ValueError, match="argument"):
        blind.watch.follow(limits()._replace(joint_speed=(5.0,)), 2.0)


@pytest.mark.parametrize("slow", [{}, {"qd": (5.5, 0.0)}])
def test_ten_milliseconds_are_counted_without_a_break(blind, slow):
    for _ in range(5):
        blind.run(9, qd=(7.5, 0.0))
        blind.step(**slow)
    assert Fault.VELOCITY_LIMIT not in blind.faults


def test_a_reset_forgets_how_long_it_was_too_fast(blind):
    blind.run(9, qd=(7.5, 0.0))
    blind.watch.forget_faults()
    blind.run(9, qd=(7.5, 0.0))
    assert blind.trips == []


# when the slow things are looked at -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("period", "looks"), [(0.001, 5), (0.0005, 10), (0.002, 2), (0.003, 2), (0.01, 2)])
def test_limb_and_sensors_are_looked_at_every_five_milliseconds_in_different_ticks(period, looks):
    stage = Stage(period)
    at = {}
    stage.watch._limb = lambda *args: at.setdefault("limb", []).append(stage.tick)
    stage.watch._sensors = lambda *args: at.setdefault("sensors", []).append(stage.tick)
    stage.run(4 * looks)
    assert at == {
        "limb": [looks, 2 * looks, 3 * looks, 4 * looks],
        "sensors": [looks - 1, 2 * looks - 1, 3 * looks - 1, 4 * looks - 1],
    }


def test_slow_things_reckon_with_the_time_between_two_looks():
    stage = Stage(0.003)
    assert stage.watch._step == 0.006
    assert stage.watch._interaction._step == stage.watch._frozen._step == 0.006


# sensors --------------------------------------------------------------------------------------------------------------


def test_an_encoder_that_does_not_change_at_speed_is_named(blind):
    for _ in range(60):
        blind.step(q=(0.2 + 1e-9 * (blind.tick % 3), -0.25), qd=(0.0, 0.4))
    assert (Fault.ENCODER_FROZEN, "joint 2 reads -0.2500 rad whatever happens", None) in blind.trips


def test_an_encoder_that_does_not_change_under_torque_is_named(blind):
    for _ in range(60):
        blind.step(q=(0.2, -0.25 + 1e-9 * (blind.tick % 3)), torque=(3.0 * (blind.tick % 2), 0.0))
    assert blind.words[0] == "joint 1 reads 0.2000 rad whatever happens"


def test_measured_torque_is_compared_with_what_acted_when_it_was_measured(blind):
    for k in range(100):  # the torque turns every 4 ms; samples are 4 ms old
        torque, before = (9.0 * (-1) ** (k // 4), 0.0), (9.0 * (-1) ** ((k - 5) // 4), 0.0)
        blind.step(q=(0.5, -0.5), tau=before if k > 10 else ZERO, torque=torque, age=0.004)
    assert Fault.SENSOR_DISAGREEMENT not in blind.faults
    blind = Stage(inertia=())
    for k in range(100):
        torque = (9.0 * (-1) ** (k // 10), 0.0)
        blind.step(tau=(9.0, 0.0), torque=torque)
    assert Fault.SENSOR_DISAGREEMENT not in blind.faults  # never four looks in a row
    blind.run(20, tau=(9.0, 0.0), torque=(3.0, 0.0))
    assert (Fault.SENSOR_DISAGREEMENT, "torque measured (9.00, 0.00) N·m, sent (3.00, 0.00) N·m", None) in blind.trips


def test_speed_that_is_not_how_fast_the_angles_change_is_named(blind):
    blind.run(40, qd=(1.0, 0.0))
    words = "speed measured (1.00, 0.00) rad/s is not how fast the angles change"
    assert blind.trips[0] == (Fault.SENSOR_DISAGREEMENT, words, None)


@pytest.mark.parametrize("forget", [lambda watch: watch.begin(ZERO), lambda watch: watch.forget_motion()])
def test_what_was_measured_before_has_nothing_to_do_with_what_comes(blind, forget):
    """Frozen for 30 ms, and once more; and an angle that was elsewhere before."""
    for _ in range(2):
        for _ in range(30):
            blind.step(q=(0.2, -0.25 + 1e-9 * (blind.tick % 3)), torque=(3.0 * (blind.tick % 2), 0.0))
        forget(blind.watch)
    assert blind.trips == []
    blind.run(10, q=(0.5, -0.5))
    forget(blind.watch)
    for _ in range(10):
        blind.step(q=(0.9 + 1e-9 * (blind.tick % 3), -0.5 - 1e-9 * (blind.tick % 3)))
    assert blind.trips == []


# oscillation ----------------------------------------------------------------------------------------------------------


def shaken(stage: Stage, to: float, fro: float, until: float = 0.04) -> list[Fault]:
    """Power of `to` and `fro` W by turns."""
    while stage.tick * stage.period < until:
        stage.step()
        stage.watch.flow(stage.tick * stage.period, (to, fro)[stage.tick % 2])
    return stage.faults


def test_power_that_changes_its_sign_every_tick_is_oscillation(stage):
    assert shaken(stage, 1.1, -1.1)[0] is Fault.OSCILLATION
    assert stage.words[0] == "the robot's power changes sign faster than a limb can make it"


@pytest.mark.parametrize("watts", [1.0, -1.0])
@pytest.mark.parametrize("strong", [1.0, 5.0])
def test_power_of_one_watt_is_noise_and_no_change_of_sign(stage, watts, strong):
    assert shaken(stage, watts, -strong * watts) == []


def test_within_a_declared_perturbation_power_may_shake(stage):
    stage.watch.expect(0.04, 5.0)
    assert shaken(stage, 2.0, -2.0, 0.0395) == []
    assert shaken(stage, 2.0, -2.0, 0.05) != []


# the limb -------------------------------------------------------------------------------------------------------------


def pushed(stage: Stage, torque, ticks: int = 40, **what) -> Interaction:
    """Sent `torque` does not move the arm: the limb holds against it. Gives what an observer of its own says."""
    own = Interaction(INERTIA, FRICTION, LOOK * PERIOD)
    for _ in range(ticks):
        if not stage.trips:
            stage.step(torque=torque, **what)
            if stage.tick % LOOK == 0:
                own.step(ZERO, ZERO if stage.tick == 1 else torque)
    return own


def test_a_limb_whose_torque_rises_at_once_is_a_spasm_named_by_joint_and_size(stage):
    own = pushed(stage, (0.0, -9.0))
    rise = own.torque[1] - own.course[1]
    assert rise > 6.0
    assert stage.trips == [(Fault.SPASM, f"the limb's torque at joint 2 rose by {rise:.1f} N·m at once", None)]


@pytest.mark.parametrize(("torque", "trips"), [(7.5, False), (9.0, True)])
def test_a_spasm_is_more_than_its_limit(stage, torque, trips):
    own = pushed(stage, (torque, 0.0))
    assert (stage.faults == [Fault.SPASM]) is trips
    assert trips or abs(own.torque[0]) > 6.0  # slowly enough is no spasm


def test_a_declared_perturbation_raises_what_is_a_spasm_until_it_ends():
    stage = Stage()
    stage.watch.expect(0.040, 30.0)
    pushed(stage, (-12.0, 0.0))  # 40 ticks
    assert stage.trips == []
    stage.step(torque=(-12.0, 0.0))
    stage.watch.expect(0.039, 30.0)
    pushed(stage, (-40.0, 0.0))
    assert stage.faults == [Fault.SPASM]


def test_what_was_expected_is_no_excuse_once_it_is_over():
    stage = Stage()
    stage.watch.expect(0.009, 30.0)
    pushed(stage, (-12.0, 0.0))
    assert stage.faults == [Fault.SPASM]


def test_a_limbs_force_at_the_hand_that_rises_at_once_is_a_spasm_where_no_joints_torque_is(stage):
    own = pushed(stage, (-2.9, 0.0), force_map=LEVER)
    rise = 10.0 * (own.torque[0] - own.course[0])
    assert rise > 20.0
    assert stage.trips == [(Fault.SPASM, f"the limb's force at the hand rose by {rise:.0f} N at once", None)]


class Estimate(Interaction):
    """What the limb does, given."""

    def __init__(self, torque: float, course: float) -> None:
        super().__init__(INERTIA, FRICTION, LOOK * PERIOD)
        self.torque, self.course = (torque, 0.0), (course, 0.0)

    def step(self, qd, sent) -> None: ...


@pytest.mark.parametrize(
    ("torque", "course", "spasm"),
    [(2.0, 0, False), (2.01, 0, True), (-2.01, 0, True), (1.5, -1.5, False), (1.6, -1.5, True), (1.5, -1.6, False)],
)
def test_at_the_hand_a_spasm_is_a_force_that_rises_by_more_than_the_limit_over_a_forearm(stage, torque, course, spasm):
    """6 N·m over 30 cm are 20 N; what turns round without becoming more is no rise."""
    stage.watch._interaction = Estimate(torque, course)
    stage.run(LOOK, force_map=LEVER)
    assert (stage.faults == [Fault.SPASM]) is spasm


def test_a_limb_that_lets_go_is_no_spasm_and_is_damped(stage):
    stage.watch.expect(0.5, 30.0)
    pushed(stage, (-3.0, 0.0), 500, force_map=LEVER)
    stage.watch.expect(0.0, 0.0)
    assert stage.watch.limp == 0.0
    pushed(stage, (0.0, 0.0), 30, force_map=LEVER)
    assert stage.trips == []  # 30 N are gone at once
    assert stage.watch.notice == ""  # 3 N·m are not worth a word
    stage = Stage(spasm=30.0)
    pushed(stage, (-9.0, 0.0), 500)
    pushed(stage, (0.0, 0.0), 30)
    assert stage.watch.limp == 0.3
    assert stage.watch.notice == "F25 sudden loss of effort: the motion is damped"
    stage.watch.forget_faults()
    assert stage.watch.notice == ""


def test_the_weight_of_the_arm_is_no_torque_of_the_limb(stage):
    pushed(stage, (12.0, 3.0), gravity=(12.0, 3.0))
    assert stage.trips == []
    pushed(stage, (0.0, 0.0), gravity=(0.0, 9.0))
    assert stage.faults == [Fault.SPASM]


def test_a_device_that_declares_no_inertia_has_no_limb_to_be_seen():
    stage = Stage(inertia=())
    pushed(stage, (-9.0, 0.0), force=(100.0, 0.0))
    assert stage.trips == []


def test_a_device_that_declares_no_friction_has_none():
    stage = Stage(friction=())
    stage.watch.begin((3.0, 3.0))
    q = 0.0
    for _ in range(60):
        q += 3e-3
        stage.step(q=(q, q - 1.0), qd=(3.0, 3.0))
    assert stage.trips == []
    assert stage.watch._interaction.torque == pytest.approx((0.0, 0.0))


def test_armed_in_motion_the_limb_has_done_nothing_yet(stage):
    stage.watch.begin((5.0, -5.0))
    assert stage.watch._interaction.torque == ZERO
    for _ in range(5):
        stage.step(qd=(5.0, -5.0))
    felt = stage.watch._interaction.torque
    assert felt == pytest.approx((100.0 * 0.5 * 5.0 * 5e-3, -100.0 * 0.25 * 5.0 * 5e-3))  # what overcomes friction


@pytest.mark.parametrize(("age", "torque"), [(0.0, 0.0), (0.003, 1.0)])
def test_what_the_limb_does_is_paired_with_the_torque_that_acted_then(stage, age, torque):
    stage.run(2, torque=(-4.0, 0.0))
    stage.run(2)
    stage.step(age=age)  # the first look
    assert stage.watch._interaction.torque[0] == pytest.approx(torque)  # 100/s · ½ · 4 N·m · 5 ms


# force at the hand ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("force", "looks", "action"),
    [
        ((24.0, 32.0), None, None),  # 40 N
        ((24.0, 32.1), 5, Action.YIELD),
        ((-36.0, -48.0), 5, Action.YIELD),  # 60 N
        ((-36.0, -48.1), 1, Action.RAMP_OFF),
    ],
)
def test_a_measured_force_above_the_limit_yields_after_twenty_milliseconds_and_half_as_much_again_stops(
    stage, force, looks, action
):
    for look in range(1, 7):
        stage.run(LOOK, force=force)
        assert bool(stage.trips) is (looks is not None and look >= looks)
    if looks:
        words = f"{hypot(*force):.0f} N between hand and robot; 40 N are allowed"
        assert stage.trips[0] == (Fault.FORCE_LIMIT, words, action)


def test_twenty_milliseconds_are_counted_by_the_time_between_two_looks():
    stage = Stage(0.00105)
    stage.run(3 * LOOK, force=(50.0, 0.0))
    assert stage.trips == []
    stage.run(LOOK, force=(50.0, 0.0))  # the fourth look, at 21 ms
    assert stage.faults == [Fault.FORCE_LIMIT]


@pytest.mark.parametrize("forget", [lambda stage: stage.run(LOOK), lambda stage: stage.watch.forget_faults()])
def test_twenty_milliseconds_are_counted_without_a_break_or_a_reset(stage, forget):
    for _ in range(3):
        stage.run(4 * LOOK, force=(50.0, 0.0))
        forget(stage)
    assert stage.trips == []


def test_an_estimated_force_never_stops_at_once():
    stage = Stage(spasm=30.0)
    stage.watch.expect(9.0, 900.0)
    pushed(stage, (-9.0, 0.0), 200, force_map=LEVER)
    assert stage.trips[0][0] is Fault.FORCE_LIMIT
    assert stage.trips[0][2] is Action.YIELD
    assert stage.tick == 6 * LOOK  # 2.25, 5.6, 7.3 ... N·m: above 40 N from the second look on


def test_a_sensors_force_counts_where_there_is_one():
    stage = Stage(spasm=30.0)
    stage.watch.expect(9.0, 900.0)
    pushed(stage, (-9.0, 0.0), 200, force_map=LEVER, force=(1.0, 1.0))
    assert stage.trips == []
