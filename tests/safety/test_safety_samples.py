"""Is a sample fit for control: every check by itself, on which side of its threshold, and in which words."""

from __future__ import annotations

import math

import pytest

from rehab.core.safety.faults import Fault
from rehab.core.safety.samples import Samples
from rehab.core.values import Action, Health, Inputs, Sample, Status
from tests.safety.conftest import PERIOD, READY, limits

WELL, REJECTED = Health(Action.NONE, 0, True), Health(Action.NONE, 0, False)
FADING = Health(Action.YIELD, Fault.LINK_STALE.value, True)


class Driver:
    """Two joints that may have 8 and 4 rad/s; a sample fades stiffness from 5 ms and stops from 20 ms on. `see` makes
    the next tick's sample, `clear` forgets what was tripped."""

    def __init__(self) -> None:
        self.trips: list[tuple[Fault, str, Action | None]] = []
        self.samples = Samples(2, PERIOD, self._trip)
        self.samples.follow(limits(stale_fade=0.005, stale_stop=0.02, jump=0.01), (8.0, 4.0))
        self.tick = 0

    def _trip(self, fault: Fault, reason: str, action: Action | None = None) -> None:
        self.trips.append((fault, reason, action))

    def see(self, *, armed: bool = True, ticks: int = 1, **changes) -> Health:
        self.tick += ticks
        now = self.tick * PERIOD
        usual = Sample(now, self.tick, 0.0, (0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (), READY, 0, 0)
        self.last = usual._replace(**changes)
        return self.samples.check(now, self.last, armed)

    @property
    def faults(self) -> list[Fault]:
        return [fault for fault, _, _ in self.trips]

    @property
    def words(self) -> list[str]:
        return [words for _, words, _ in self.trips]


@pytest.fixture
def driver() -> Driver:
    return Driver()


def test_at_first_there_is_no_sample_and_nothing_against_a_reset(driver):
    assert driver.samples.good is None
    assert driver.samples.cause == ""


def test_a_sample_that_is_well_is_used(driver):
    assert driver.see() == WELL
    assert driver.samples.good is driver.last
    assert driver.trips == []
    assert driver.samples.latch.pressed is False


# finite, whole --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["q", "qd", "tau", "force"])
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_never_used(driver, field, bad):
    driver.see()
    good = driver.samples.good
    assert driver.see(**{field: (0.0, bad)}) == REJECTED
    assert driver.samples.good is good
    assert driver.trips == [(Fault.SAMPLE_NOT_FINITE, "sample 2 holds a number that is not finite", None)]
    assert driver.samples.cause == "the newest sample still holds a number that is not finite"


@pytest.mark.parametrize("field", ["time", "age"])
def test_a_time_or_an_age_that_is_not_finite_is_never_used(driver, field):
    assert driver.see(**{field: math.inf}) == REJECTED
    assert driver.faults == [Fault.SAMPLE_NOT_FINITE]


def test_infinities_that_would_cancel_out_are_not_finite(driver):
    assert driver.see(q=(math.inf, -math.inf)) == REJECTED
    assert driver.see(q=(math.inf, 0.0), qd=(-math.inf, 0.0)) == REJECTED


@pytest.mark.parametrize("field", ["q", "qd", "tau"])
@pytest.mark.parametrize("values", [(0.0,), (0.0, 0.0, 0.0)])
def test_a_sample_of_another_number_of_joints_is_never_used(driver, field, values):
    assert driver.see(**{field: values}) == REJECTED
    assert driver.faults == [Fault.SAMPLE_NOT_FINITE]


def test_what_stood_against_a_reset_is_gone_with_the_next_good_sample(driver):
    driver.see(q=(math.nan, 0.0))
    driver.see()
    assert driver.samples.cause == ""


# age ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "health", "stops"),
    [(0.005, WELL, False), (0.0051, FADING, False), (0.02, FADING, False), (0.0201, WELL, True)],
)
def test_stiffness_fades_from_five_milliseconds_on_and_twenty_stop(driver, age, health, stops):
    assert driver.see(age=age) == health
    assert driver.faults == [Fault.LINK_STALE] * stops
    assert driver.samples.cause == ("the newest sample is still too old" if stops else "")


def test_words_say_how_old_a_sample_is_and_may_be(driver):
    driver.samples.follow(limits(stale_fade=0.005, stale_stop=0.9), (8.0, 4.0))
    driver.see(age=0.9513)
    assert driver.trips == [(Fault.LINK_STALE, "the newest sample is 951.3 ms old; 900 ms are allowed", None)]


def test_of_samples_that_cannot_be_used_the_last_good_one_grows_old(driver):
    driver.see()
    healths = [driver.see(q=(1.0, 0.0)) for _ in range(21)]
    fading = FADING._replace(usable=False)
    assert healths == [REJECTED] * 5 + [fading] * 15 + [REJECTED]
    assert driver.faults[-1] is Fault.LINK_STALE


def test_a_sample_that_cannot_be_used_is_as_old_as_it_says_where_that_is_more(driver):
    driver.see()
    assert driver.see(q=(1.0, 0.0), age=0.006) == FADING._replace(usable=False)


# jumps ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(("joint", "most"), [(0, 0.018), (1, 0.014)])
def test_a_joint_moves_by_its_speed_and_a_little_more_from_sample_to_sample(driver, joint, most, sign):
    def moved(by: float) -> tuple[float, ...]:
        return tuple(sign * by if k == joint else 0.0 for k in range(2))

    for by, health in ((most - 1e-6, WELL), (most + 1e-6, REJECTED)):
        fresh = Driver()
        fresh.see()
        assert fresh.see(q=moved(by)) == health
        assert fresh.trips == []


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_exactly_what_is_possible_is_no_jump_and_it_is_reckoned_from_the_sample_before(driver, sign):
    driver.samples.follow(limits(jump=0.5), (0.0, 0.0))
    for k in range(5):
        assert driver.see(q=(0.0, sign * 0.5 * k)) == WELL


def test_after_lost_samples_a_joint_may_be_as_far_as_it_can_have_come(driver):
    driver.see()
    assert driver.see(ticks=4, q=(4 * 0.008 + 0.0099, 0.0)) == WELL
    assert driver.see(ticks=4, q=(0.0, 0.0)) == WELL
    assert driver.see(ticks=4, q=(4 * 0.008 + 0.0101, 0.0)) == REJECTED


def test_samples_closer_than_a_period_may_differ_as_much_as_in_a_period(driver):
    driver.see()
    assert driver.see(time=driver.samples.good.time + 1e-5, q=(0.0179, 0.0)) == WELL


def test_a_sample_of_the_same_time_is_used_and_an_older_one_is_not(driver):
    driver.see()
    time = driver.samples.good.time
    assert driver.see(time=time) == WELL
    assert driver.see(time=time - 1e-6) == REJECTED
    assert driver.trips == []


def test_three_jumps_in_fifty_milliseconds_stop_and_words_say_how_far(driver):
    driver.see()
    for _ in range(3):
        assert driver.trips == []
        driver.see(q=(-0.5, 0.0))
    expected = "a joint jumped by 0.500 rad; 0.034 are possible"  # three periods of 8 rad/s and 10 mrad
    assert driver.trips == [(Fault.ENCODER_JUMP, expected, None)]


def test_after_a_reset_nothing_is_compared_with_what_was_before(driver):
    driver.see()
    for _ in range(2):
        driver.see(q=(0.5, 0.0))
    driver.samples.forget()
    assert driver.samples.good is None
    assert driver.see(q=(0.5, 0.0)) == WELL
    driver.see(q=(0.0, 0.0))
    assert driver.trips == []  # the two jumps before are forgotten


# status ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bits", "words"),
    [
        (Status.FAULTED, "faulted"),
        (Status.WATCHDOG_TRIPPED, "watchdog tripped"),
        (Status.OVER_TEMPERATURE | Status.BROWN_OUT, "over temperature, brown out"),
        (Status.ENCODER_ERROR, "encoder error"),
        (Status.INTERNAL_ERROR, "internal error"),
    ],
)
@pytest.mark.parametrize("armed", [True, False])
def test_what_the_device_says_against_itself_stops_and_is_named(driver, bits, words, armed):
    driver.see(status=READY | int(bits), armed=armed)
    assert driver.trips == [(Fault.DEVICE_FAULT, f"device status: {words}", None)]


def test_a_power_stage_that_is_off_while_it_should_be_on_stops(driver):
    driver.see(status=int(Status.WATCHDOG_ON), armed=True)
    assert driver.trips == [(Fault.DEVICE_FAULT, "the device has disarmed itself", None)]


def test_a_power_stage_that_is_off_before_arming_is_right(driver):
    driver.see(status=int(Status.WATCHDOG_ON), armed=False)
    assert driver.trips == []


# emergency stop -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", [Inputs.ESTOP_A, Inputs.ESTOP_B, Inputs.ESTOP_A | Inputs.ESTOP_B])
def test_each_channel_of_the_emergency_stop_stops_in_its_tick(driver, channel):
    driver.see()
    driver.see(inputs=int(channel))
    assert driver.trips == [(Fault.ESTOP, "an emergency-stop channel is open", None)]
    assert driver.samples.latch.pressed


def test_other_inputs_are_no_emergency_stop(driver):
    driver.see(inputs=int(Inputs.SWITCH_1 | Inputs.SWITCH_2 | Inputs.TTL_1 | Inputs.TTL_2))
    assert driver.trips == []
    assert not driver.samples.latch.pressed


def test_a_released_emergency_stop_is_seen(driver):
    driver.see(inputs=int(Inputs.ESTOP_A))
    driver.see()
    assert not driver.samples.latch.pressed
    assert len(driver.trips) == 1


@pytest.mark.parametrize("channel", [Inputs.ESTOP_A, Inputs.ESTOP_B])
def test_channels_that_differ_for_more_than_ten_milliseconds_are_named(driver, channel):
    for _ in range(11):
        driver.see(inputs=int(channel))
    assert driver.faults == [Fault.ESTOP] * 10 + [Fault.ESTOP_CHANNELS]
    assert driver.words[-1] == "one emergency-stop channel is open and the other is not"


def test_both_channels_open_are_in_order_however_long(driver):
    for _ in range(30):
        driver.see(inputs=int(Inputs.ESTOP_A | Inputs.ESTOP_B))
    assert set(driver.faults) == {Fault.ESTOP}


# damage ---------------------------------------------------------------------------------------------------------------


def test_damaged_frames_are_looked_at_where_their_number_changes(driver):
    for k in range(1, 5):
        driver.see(sequence=7, damaged=k)
        driver.see(sequence=7, damaged=k)
    assert driver.trips == []
    driver.see(sequence=7, damaged=5)
    assert driver.words == ["5 frames in a row came damaged; 4 are allowed"]


def test_damaged_frames_between_good_ones_count_for_a_second(driver):
    for k in range(1, 12):
        assert driver.trips == []
        driver.see(damaged=k)
    assert driver.words == ["11 frames of a second came damaged; 10 are allowed"]


def test_a_reset_forgets_damaged_frames(driver):
    driver.see(sequence=7, damaged=4)
    driver.samples.forget()
    driver.see(sequence=7, damaged=5)
    assert driver.trips == []
