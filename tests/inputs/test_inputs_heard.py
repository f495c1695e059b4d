"""What of the user's words counts: their age, a loss, a rest before anything else; and how they get to control."""

from __future__ import annotations

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.errors import BadInput, DeviceLost, Findings, UnknownName
from rehab.core.intent import FADE, MOST_AGE, Heard, Said, Word, clipped, together, weight
from rehab.core.parameters import Parameters
from rehab.realtime import shm
from rehab.realtime.words import SIZE, WordReader, WordWriter
from rehab.session.sources import Sources, checked, parse_input, shown, watched

unit = st.floats(-1.0, 1.0)


@pytest.mark.parametrize(
    ("age", "share"), [(0.0, 1.0), (0.2, 1.0), (0.225, 0.75), (0.25, 0.5), (0.3, 0.0), (9.0, 0.0), (inf, 0.0),
                       (nan, 0.0), (-0.001, 0.0)],
)  # fmt: skip
def test_a_word_older_than_200_ms_fades_to_nothing_within_100(age: float, share: float) -> None:
    assert weight(age) == pytest.approx(share)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=5), st.integers(1, 3))
def test_whatever_is_said_an_intent_is_one_finite_number_a_dimension(said: list[float], dimensions: int) -> None:
    heard = clipped(tuple(said), dimensions)
    assert len(heard) == dimensions
    assert all(-1.0 <= u <= 1.0 for u in heard)


@given(st.lists(st.tuples(unit, unit), min_size=1, max_size=4))
def test_several_sources_are_added_and_clipped(intents: list[tuple[float, float]]) -> None:
    expected = [min(1.0, max(-1.0, sum(u[k] for u in intents))) for k in (0, 1)]
    assert together(list(intents), 2) == pytest.approx(expected)


def test_after_a_silence_it_counts_again_only_once_it_has_been_at_rest() -> None:
    heard = Heard(2, from_rest=True)
    full, rest = (1.0, 0.0), (0.02, 0.0)
    assert heard.take(full, 0.0) == (0.0, 0.0), "deflected when it was plugged in"
    heard.take(rest, 0.0)
    assert heard.take(full, 0.0) == full
    heard.take(full, MOST_AGE + FADE)
    assert heard.take(full, 0.0) == (0.0, 0.0), "it came back deflected"
    heard.take(rest, 0.0)
    assert heard.take(full, 0.0) == full


def test_keys_need_no_rest_first() -> None:
    assert Heard(2, from_rest=False).take((1.0, 0.0), 0.0) == (1.0, 0.0)


@given(
    st.floats(0.0, 1e6), st.tuples(unit, unit), st.integers(0, 2**40), st.booleans(), st.booleans(), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_a_word_arrives_as_it_was_written(
    time: float, intent: tuple[float, float], stops: int, pressed: bool, run: bool, lost: bool, pedal: bool
) -> None:
    memory = shm.anonymous(SIZE)
    word = Word(time, intent, (0.0, 1.0), stops, pressed, run, lost, pedal)
    writer, reader = WordWriter(memory), WordReader(memory)
    writer.put(word._replace(offer=(), stops=0))
    writer.put(word)
    assert reader(0.0, 0.0) == word


def test_before_the_first_word_there_is_silence_of_any_age() -> None:
    assert weight(5.0 - WordReader(shm.anonymous(SIZE))(5.0, 0.0).time) == 0.0


def test_a_writer_that_dies_in_the_middle_leaves_the_word_before() -> None:
    memory = shm.anonymous(SIZE)
    writer, reader = WordWriter(memory), WordReader(memory)
    word = Word(1.0, (0.5, 0.0), ())
    writer.put(word)
    reader(1.0, 0.0)
    memoryview(memory).cast("Q")[0] += 1
    memoryview(memory).cast("d")[8] = 0.9
    assert reader(2.0, 0.0) == word


# addresses -----------------------------------------------------------------------------------------------------------


def test_an_input_is_a_scheme_a_place_and_its_parameters() -> None:
    found = parse_input("switch:/dev/input/event4, dwell=800 ms,key=28,mode=latch")
    assert (found.scheme, found.where) == ("switch", "/dev/input/event4")
    assert found.parameters == {"dwell": 0.8, "key": 28, "mode": "latch"}


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [("joystick", BadInput, "write SCHEME:WHERE"), ("joistick:/dev/x", UnknownName, 'did you mean "joystick"'),
     ("switch:/dev/x,dwell", BadInput, '"dwell" has no value'), ("switch:/dev/x,dwell=1", Findings, "has no unit"),
     ("switch:/dev/x,dwel=1 s", Findings, 'did you mean "dwell"'),
     ("pedal:/dev/x,does=halt", Findings, "one of stop, hold")],
)  # fmt: skip
def test_one_that_is_written_wrongly_says_what_would_be_right(text: str, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        parse_input(text)


def test_only_what_is_told_before_commands_on_a_simulated_clock() -> None:
    for text in ("joystick:/dev/input/js0", "pedal:/dev/input/event1", "keyboard:arrows"):
        with pytest.raises(BadInput, match="simulated clock"):
            checked([text], simulated_clock=True, hardware=False)
    checked(["script:square", "pilot:steady"], simulated_clock=True, hardware=False)


def test_nobodys_commands_never_move_hardware() -> None:
    for text in ("script:square", "pilot:steady"):
        with pytest.raises(BadInput, match="simulated devices only"):
            checked([text], simulated_clock=False, hardware=True)
    checked(["joystick:/dev/input/js0"], simulated_clock=False, hardware=True)


def test_it_is_known_whether_somebody_relies_on_one_to_stop() -> None:
    assert watched(["joystick:/dev/input/js0", "pedal:/dev/input/event1"])
    assert not watched(["joystick:/dev/input/js0"])


def test_a_recording_names_no_folders() -> None:
    assert shown("script:/home/anna/user.yaml") == "script:user.yaml"


# together ------------------------------------------------------------------------------------------------------------


class Told:
    """A source that says, and fails, as it is told."""

    parameters = Parameters()
    simulated, pedal, typed = False, False, False
    made: list[Told] = []  # noqa: RUF012

    def __init__(self, where: str, dimensions: int) -> None:
        self.says, self.fails, self.opened = Said((0.0,) * dimensions), False, 0
        Told.made.append(self)

    def open(self) -> None:
        if self.fails:
            raise BadInput("still not there")
        self.opened += 1

    def close(self) -> None: ...

    def fileno(self) -> int | None:
        return None

    def poll(self, now: float, run: float) -> Said:
        if self.fails:
            raise DeviceLost("gone")
        return self.says


class ToldPedal(Told):
    pedal = True


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> tuple[Sources, list[Told]]:
    from rehab.core import registry

    monkeypatch.setitem(registry._local, ("sensor", "told"), Told)
    monkeypatch.setitem(registry._local, ("sensor", "told_pedal"), ToldPedal)
    Told.made.clear()
    sources = Sources(["told:a", "told:b", "told_pedal:c"], 2)
    sources.open()
    sources.word(0.0, -1.0)
    return sources, Told.made


def test_a_press_counts_once_however_long_it_lasts(told: tuple[Sources, list[Told]]) -> None:
    sources, (_, _, pedal) = told
    counts = []
    for stop in (False, True, True, False, True):
        pedal.says = Said(stop=stop)
        counts.append(sources.word(1.0, 0.0).stops)
    assert counts == [0, 1, 1, 1, 2]


def test_one_that_is_lost_asks_for_nothing_and_the_others_go_on(told: tuple[Sources, list[Told]]) -> None:
    sources, (a, b, _) = told
    a.says, b.says = Said((0.5, 0.0)), Said((0.25, 0.0))
    assert sources.word(1.0, 0.0).intent == (0.75, 0.0)
    a.fails = True
    word = sources.word(1.1, 0.0)
    assert (word.intent, word.lost, word.pedal_lost) == ((0.25, 0.0), True, False)
    assert sources.news == ["told:a: gone"]


def test_one_that_comes_back_counts_after_a_rest(told: tuple[Sources, list[Told]]) -> None:
    sources, (a, _, _) = told
    a.says, a.fails = Said((0.5, 0.0)), True
    sources.word(1.0, 0.0)
    a.fails = False
    assert sources.word(1.5, 0.0).lost, "it is tried again once a second"
    assert sources.word(2.1, 0.0).intent == (0.0, 0.0), "deflected"
    assert a.opened == 2
    a.says = Said((0.0, 0.0))
    sources.word(2.2, 0.0)
    a.says = Said((0.5, 0.0))
    assert sources.word(2.3, 0.0).intent == (0.5, 0.0)
    assert sources.news == ["told:a: gone", "told:a is back"]


def test_a_pedal_that_is_lost_is_said_to_be_and_lets_nothing_run(told: tuple[Sources, list[Told]]) -> None:
    sources, (_, _, pedal) = told
    pedal.fails = True
    word = sources.word(1.0, 0.0)
    assert (word.pedal_lost, word.run) == (True, False)


def test_a_source_that_is_broken_in_any_way_is_one_that_does_not_answer(
    told: tuple[Sources, list[Told]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, (a, _, _) = told
    monkeypatch.setattr(a, "poll", lambda now, run: 1 / 0)
    assert sources.word(1.0, 0.0).lost
    assert "ZeroDivisionError" in sources.news[0]
