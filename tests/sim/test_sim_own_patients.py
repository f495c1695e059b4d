"""Patients of one's own, from a file or a mapping."""

from __future__ import annotations

from dataclasses import replace
from math import radians
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Findings, UnknownName
from sim.device import SimulatedDevice
from sim.patients import make_patient
from sim.patients.person import Traits
from sim.patients.presets import PRESETS
from sim.patients.traits.fatigue import Fatigue
from sim.patients.traits.learning import Learning
from sim.patients.traits.spasticity import Spasticity
from sim.patients.traits.synergy import Synergy
from sim.patients.traits.tremor import Tremor
from sim.patients.written import KINDS, read_traits, traits_from
from tests.docs.documents import PATIENTS, fenced

MINE = """\
like: stroke                  # to begin with
movement: 900 ms
strength: 0.1
attempts: 4
tremor: {frequency: 4.5 Hz}
spasticity: {muscle: extensors, angle: 95 deg, threshold: 80 deg/s}
fatigue: none
"""


def test_what_is_written_is_what_the_patient_has():
    traits = read_traits(MINE)
    assert (traits.movement, traits.strength, traits.attempts) == (0.9, 0.1, 4)
    assert traits.reaction == PRESETS["stroke"].reaction
    assert traits.of(Tremor) == Tremor(frequency=4.5)
    assert traits.of(Spasticity).angle == pytest.approx(radians(95.0))
    assert traits.of(Synergy) == PRESETS["stroke"].of(Synergy)
    with pytest.raises(KeyError):
        traits.of(Fatigue)


def test_of_what_the_preset_has_only_the_named_value_changes():
    traits = traits_from({"like": "severe_stroke", "tone": {"bent": "20 deg"}, "learning": {}})
    before = PRESETS["severe_stroke"]
    assert traits.learning == Learning()
    assert len(traits.muscles) == len(before.muscles)
    assert {replace(m, bent=0.0) if hasattr(m, "bent") else m for m in traits.muscles} == {
        replace(m, bent=0.0) if hasattr(m, "bent") else m for m in before.muscles
    }


def test_nothing_written_is_healthy_and_a_preset_alone_is_that_preset():
    assert traits_from({}) == PRESETS["healthy"]
    for name, traits in PRESETS.items():
        assert traits_from({"like": name}) == traits


def test_all_mistakes_are_found_at_once_each_where_it_stands():
    with pytest.raises(Findings) as caught:
        read_traits(
            "like: strok\nmovement: 900\ntremour: {}\ntremor: {frequency: 40 Hz, speed: 1}\n"
            "tone: strong\nspasticity: {muscle: biceps}\n",
            "mine.yaml",
        )
    said = {finding.field: str(finding) for finding in caught.value.findings}
    assert set(said) == {
        "like", "movement", "tremour", "tremor.frequency", "tremor.speed", "tone", "spasticity.muscle"
    }  # fmt: skip
    assert said["movement"].startswith("mine.yaml:2:11") and "has no unit" in said["movement"]
    assert "from 3 Hz to 12 Hz" in said["tremor.frequency"]
    assert "tremor" in said["tremour"] and "known" in said["tremour"]


@given(st.dictionaries(st.sampled_from([*KINDS, "like", "reaction", "acts"]), st.none() | st.integers() | st.text()))
def test_whatever_is_written_is_a_patient_or_findings(written):
    try:
        assert isinstance(traits_from(written), Traits)
    except Findings as found:
        assert found.findings


def test_a_file_is_a_patient_by_its_path(tmp_path: Path, info: DeviceInfo):
    path = tmp_path / "mine.yaml"
    path.write_text(MINE)
    assert make_patient(str(path), info, 1).traits == read_traits(MINE)
    assert SimulatedDevice.virtual_patient(path) == (str(path), MINE)
    assert SimulatedDevice.virtual_patient("stroke") == ("stroke", "")


@pytest.mark.parametrize(
    ("content", "says"), [(None, "does not exist"), (b"\xff\xfe", "UTF-8"), (b"- a\n", "mapping"), (b"", "empty")]
)
def test_a_file_that_is_no_patient_says_what_it_is(tmp_path: Path, content: bytes | None, says: str):
    path = tmp_path / "mine.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=says):
        SimulatedDevice.virtual_patient(path)


def test_the_file_in_the_documentation_is_a_patient():
    (shown,) = (block for block in fenced(PATIENTS) if block.file)
    traits = read_traits(shown.text, shown.file)
    assert traits.of(Tremor).frequency == 4.5 and traits.strength == 0.1


def test_an_unknown_name_is_still_named():
    with pytest.raises(UnknownName, match="stroke"):
        SimulatedDevice.virtual_patient("strok")
