"""Parameters as data: parsed, checked and shown, all findings at once."""

from __future__ import annotations

import pytest

from rehab.core.errors import Findings
from rehab.core.parameters import Parameter, Parameters, choice, flag, inferred, integer, number, quantity, text

FIELDS = Parameters(
    radius=quantity("10 cm", unit="m", least="1 cm", most="35 cm"),
    targets=integer(8, least=1, most=32),
    gain=number(0.7, least=0.1, most=2.0),
    order=choice("shuffled", ("shuffled", "clockwise")),
    visible=flag(True),
    note=text("none"),
)


def test_what_is_not_written_has_its_default() -> None:
    values, findings = FIELDS.parse({})
    assert findings == []
    assert values == {
        "radius": 0.1, "targets": 8, "gain": 0.7, "order": "shuffled", "visible": True, "note": "none",
    }  # fmt: skip


def test_written_values_become_si() -> None:
    values, findings = FIELDS.parse(
        {"radius": "50 mm", "targets": 4, "gain": 1, "order": "clockwise", "visible": False}
    )
    assert findings == []
    assert (values["radius"], values["targets"], values["gain"]) == (pytest.approx(0.05), 4, 1.0)
    assert (values["order"], values["visible"]) == ("clockwise", False)


def test_all_findings_come_at_once_with_the_path_and_what_is_allowed() -> None:
    _, findings = FIELDS.parse(
        {"radius": 10, "targets": 2.5, "gain": 9.0, "order": "shufled", "visible": "yes", "note": 3, "raduis": "1 cm"},
        where="blocks[0].reach",
    )
    told = {finding.field: finding for finding in findings}
    assert len(told) == 7
    assert told["blocks[0].reach.radius"].message == '"10" has no unit'
    assert told["blocks[0].reach.radius"].allowed == "a length from 1 cm to 35 cm"
    assert told["blocks[0].reach.targets"].allowed == "a whole number from 1 to 32"
    assert "too large" in told["blocks[0].reach.gain"].message
    assert 'did you mean "shuffled"' in told["blocks[0].reach.order"].message
    assert told["blocks[0].reach.visible"].allowed == "true or false"
    assert told["blocks[0].reach.note"].allowed == "a text"
    assert 'did you mean "radius"' in told["blocks[0].reach.raduis"].message


@pytest.mark.parametrize(("written", "words"), [("40 cm", "too large"), ("1 mm", "too small"), ("1 s", "not a length")])
def test_a_quantity_outside_its_range_is_refused(written: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        FIELDS["radius"].parse(written)


@pytest.mark.parametrize("wrong", [True, 2.0, "8", None])
def test_a_whole_number_is_nothing_else(wrong: object) -> None:
    with pytest.raises(ValueError, match="whole number"):
        FIELDS["targets"].parse(wrong)


@pytest.mark.parametrize("wrong", [float("nan"), "nan", float("inf"), True])
def test_a_number_is_finite(wrong: object) -> None:
    with pytest.raises(ValueError, match="not"):
        FIELDS["gain"].parse(wrong)


def test_values_are_shown_as_people_read_them() -> None:
    assert FIELDS["radius"].show(0.1) == "10 cm"
    assert FIELDS["visible"].show(True) == "true"
    assert FIELDS["order"].show("clockwise") == "clockwise"


@pytest.mark.parametrize(
    ("parameter", "allowed"),
    [
        (quantity("1 m", unit="m"), "a length"),
        (quantity("1 m", unit="m", least="0 m"), "a length, 0 m or more"),
        (quantity("1 s", unit="s", most="2 s"), "a time up to 2 s"),
        (number(1.0), "a plain number"),
    ],
)
def test_what_is_allowed_is_said_in_words(parameter: Parameter, allowed: str) -> None:
    assert parameter.allowed == allowed


def test_a_constructor_gets_everything_from_some() -> None:
    assert FIELDS.complete({"radius": 0.2})["radius"] == 0.2
    assert FIELDS.complete({"radius": 0.2})["targets"] == 8


def test_a_constructor_refuses_names_that_are_not_its_own() -> None:
    with pytest.raises(Findings) as refused:
        FIELDS.complete({"raduis": 0.2, "colour": "red"})
    assert [finding.field for finding in refused.value.findings] == ["raduis", "colour"]


def test_a_keyword_says_what_kind_of_parameter_it_is() -> None:
    assert inferred("200 N/m") == Parameter("quantity", 200.0, "N/m")
    assert inferred("2 N/cm").default == pytest.approx(200.0)
    assert inferred(3) == Parameter("number", 3.0)
    assert inferred(True) == Parameter("flag", True)
    given = integer(3, least=1)
    assert inferred(given) is given


@pytest.mark.parametrize("wrong", ["hello", [1, 2], None, "50 %"])
def test_a_keyword_that_is_none_of_these_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="number"):
        inferred(wrong)
