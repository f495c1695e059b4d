"""Quantities with units in, SI out, and back for people."""

from __future__ import annotations

from contextlib import suppress
from math import isfinite, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core import units
from rehab.core.units import parse, pretty, show, unit_of


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("10 cm", "m", 0.1),
        ("10cm", "m", 0.1),
        ("-2.5e-1 m", "m", -0.25),
        (".5 s", "s", 0.5),
        ("300 ms", "s", 0.3),
        ("90 deg", "rad", pi / 2),
        ("60 deg/s", "rad/s", pi / 3),
        ("60 rpm", "rad/s", 2 * pi),
        ("2 kN/m", "N/m", 2000.0),
        ("15 N.s/m", "N*s/m", 15.0),
        ("15 N·s/m", "N*s/m", 15.0),
        ("3 N*m", "N*m", 3.0),
        ("2 m/s**2", "m/s**2", 2.0),
        ("2 m/s²", "m/s**2", 2.0),
        ("1 kHz", "Hz", 1000.0),
        (3, "", 3.0),
        ("0.7", "", 0.7),
    ],
)
def test_a_quantity_becomes_its_si_value(text: str | float, unit: str, value: float) -> None:
    assert parse(text, unit) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [
        (10, "m", '"10" has no unit'),
        ("10", "m", '"10" has no unit'),
        ("10 s", "m", '"10 s" is not a length'),
        ("10 N", "N/m", '"10 N" is not a stiffness'),
        ("1 deg", "m", "is not a length"),
        ("10 parsnips", "m", "is not a number with a known unit"),
        ("ten cm", "m", "is not a number with a unit"),
        ("cm", "m", "is not a number with a unit"),
        ("", "m", "is not a number with a unit"),
        ("1e999 m", "m", "is not finite"),
        ("nan", "", "is not finite"),
        (float("inf"), "", "is not finite"),
        ("10 cm", "", "is not a plain number"),
        (True, "", "is not a number"),
        (None, "m", "is not a quantity"),
        (["10 cm"], "m", "is not a quantity"),
        ("20 degC", "m", "is not a number with a known unit"),
        ("1 m**9**9**9**9", "m", "is not a number with a known unit"),
        ("1 m^99999999999", "m", "is not a number with a known unit"),
        ("1 m**(9**9**9**9)", "m", "is not a number with a known unit"),
    ],
)
def test_what_is_no_such_quantity_is_refused_in_words(text: object, unit: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"is not|has no unit") as refused:
        parse(text, unit)  # type: ignore[arg-type]
    assert words in str(refused.value)


@given(st.text(max_size=30))
def test_any_text_is_a_finite_value_or_a_valueerror(text: str) -> None:
    for unit in ("m", "N/m", ""):
        with suppress(ValueError):
            assert isfinite(parse(text, unit))


@given(
    st.floats(1e-3, 1e3).flatmap(lambda v: st.sampled_from([v, -v])),
    st.sampled_from(["m", "m/s", "s", "rad", "rad/s", "N", "N*m", "N/m", "N*s/m", "N*m/rad", "kg", "Hz", ""]),
)
def test_what_is_shown_can_be_read_again(value: float, unit: str) -> None:
    shown = show(value, unit)
    assert parse(shown.replace("°", "deg"), unit) == pytest.approx(value, rel=1e-3)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.1, "m", "10 cm"), (1.5, "m", "1.5 m"), (0.002, "m", "2 mm"), (0.3, "s", "300 ms"), (90.0, "s", "1.5 min"),
        (200.0, "N/m", "200 N/m"), (2000.0, "N/m", "2 kN/m"), (pi, "rad", "180°"), (0.0, "m", "0 m"),
        (0.0, "rad", "0°"), (0.7, "", "0.7"), (15.0, "N*s/m", "15 N·s/m"),
    ],
)  # fmt: skip
def test_people_read_the_units_of_the_field(value: float, unit: str, shown: str) -> None:
    assert show(value, unit) == shown


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("200 N/m", "N/m"), ("2 N/cm", "N/m"), ("10 cm", "m"), ("30 deg", "rad"), ("3 N*m", "N*m"), ("2 J", "N*m"),
        ("15 N.s/m", "N*s/m"), ("1 N*m/rad", "N*m/rad"), ("5 Hz", "Hz"), ("10 rpm", "rad/s"), ("4 min", "s"),
        ("2 W", "W"), ("70 kg", "kg"), ("3 g", "kg"), ("20 N*m*s/rad", "N*m*s/rad"),
    ],
)  # fmt: skip
def test_the_dimension_decides_the_si_unit(text: str, unit: str) -> None:
    assert unit_of(text) == unit


def test_a_unit_we_have_no_word_for_is_kept_in_base_units() -> None:
    unit = unit_of("3 g/cm**3")
    assert parse("3 g/cm**3", unit) == pytest.approx(3000.0)


@pytest.mark.parametrize("text", ["50 %", "hello", "3", ""])
def test_what_has_no_dimension_has_no_unit(text: str) -> None:
    with pytest.raises(ValueError, match=r"plain number|number with"):
        unit_of(text)


def test_every_unit_we_name_is_one_that_can_be_read() -> None:
    for unit in units._NAMES:
        assert parse(f"1 {unit}", unit) == 1.0
        assert pretty(unit)
