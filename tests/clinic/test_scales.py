"""Clinical scales as data. Ranges are those of the published scales."""

from __future__ import annotations

from datetime import date

import pytest

from rehab.clinic.kinds import KINDS
from rehab.core.errors import BadInput, Findings, UnknownName
from tests.clinic.people import House

RANGES = {"fma_ue": (0, 66), "arat": (0, 57), "box_and_block": (0, 150), "nrs": (0, 10), "barthel": (0, 100)}


def test_scales_have_their_published_ranges(home: House) -> None:
    found = {kind.name: (kind.low, kind.high) for kind in home.anna.scales.kinds()}
    assert found.pop("ashworth") == (0, 5) and found == RANGES
    assert home.anna.scales.kind("ashworth").grades == ("0", "1", "1+", "2", "3", "4")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.total], ids=lambda kind: kind.name)
def test_parts_add_up_to_the_whole_scale(kind: object) -> None:
    assert sum(part.high for part in kind.subscores) == kind.high  # type: ignore[attr-defined]


def test_every_change_that_matters_has_a_source() -> None:
    assert all(kind.source for kind in KINDS)


def test_a_total_is_worked_out_from_its_parts(home: House) -> None:
    parts = {"arm": 20, "wrist": 5, "hand": 8, "coordination": 3}
    entry = home.anna.scales.enter(home.patient(), "fma_ue", parts=parts)
    assert (entry.value, entry.shown, entry.parts) == (36.0, "36", parts)


def test_a_total_that_contradicts_its_parts_is_refused(home: House) -> None:
    parts = {"arm": 20, "wrist": 5, "hand": 8, "coordination": 3}
    with pytest.raises(Findings, match="not the sum"):
        home.anna.scales.enter(home.patient(), "fma_ue", 40, parts=parts)
    with pytest.raises(Findings, match="less than its parts"):
        home.anna.scales.enter(home.patient(), "fma_ue", 10, parts={"arm": 20})


def test_ashworth_is_graded_per_muscle_group(home: House) -> None:
    patient = home.patient()
    entry = home.anna.scales.enter(patient, "ashworth", "1+", group="elbow flexors")
    assert (entry.value, entry.shown, entry.group) == (2.0, "1+", "elbow flexors")
    home.anna.scales.enter(patient, "ashworth", 3, group="wrist flexors")
    assert [e.shown for e in home.anna.scales.list(patient, "ashworth", group="wrist flexors")] == ["3"]


@pytest.mark.parametrize(("kind", "value", "group"), [
    ("fma_ue", 67, ""), ("fma_ue", 30.5, ""), ("barthel", 52, ""), ("nrs", -1, ""), ("nrs", "much", ""),
    ("ashworth", "5", "elbow flexors"), ("ashworth", "1", ""), ("ashworth", "1", "toes"), ("arat", None, ""),
    ("nrs", 3, "elbow flexors"),
])  # fmt: skip
def test_what_is_not_on_a_scale_is_refused(home: House, kind: str, value: float | str | None, group: str) -> None:
    patient = home.patient()
    with pytest.raises(Findings):
        home.anna.scales.enter(patient, kind, value, group=group)
    assert home.anna.scales.list(patient) == ()


def test_a_part_outside_its_range_is_refused(home: House) -> None:
    with pytest.raises(Findings, match="wrist"):
        home.anna.scales.enter(home.patient(), "fma_ue", 40, parts={"wrist": 11})


def test_a_scale_that_nobody_knows_is_refused(home: House) -> None:
    with pytest.raises(UnknownName, match="fma_ue"):
        home.anna.scales.enter(home.patient(), "fma", 3)


def test_entries_come_by_the_day_they_are_of(home: House) -> None:
    patient = home.patient()
    home.anna.scales.enter(patient, "nrs", 2)
    home.anna.scales.enter(patient, "nrs", 4, on=date(2026, 4, 1))
    assert [(e.on, e.value) for e in home.anna.scales.list(patient, "nrs")] == [
        (date(2026, 4, 1), 4.0), (date(2026, 5, 3), 2.0),
    ]  # fmt: skip
    with pytest.raises(Findings, match="to come"):
        home.anna.scales.enter(patient, "nrs", 2, on=date(2026, 5, 4))


def test_what_was_entered_by_mistake_is_withdrawn_with_a_reason(home: House) -> None:
    patient = home.patient()
    entry = home.anna.scales.enter(patient, "nrs", 9)
    with pytest.raises(BadInput, match="reason"):
        home.anna.scales.withdraw(entry.id, reason="")
    home.anna.scales.withdraw(entry.id, reason="of another patient")
    assert home.anna.scales.list(patient) == ()
