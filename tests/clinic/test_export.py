"""A patient's records in one file: all tables, the recordings that are there, and no name."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from rehab.clinic.export import _mask
from rehab.clinic.records import MeasureRow
from rehab.core.errors import AccessError, BadInput
from tests.clinic.people import House


def test_all_of_a_patient_is_in_it_and_their_name_is_not(home: House, tmp_path: Path) -> None:
    patient = home.patient()
    recording = tmp_path / "20260503-120000"
    recording.mkdir()
    (recording / "report.pdf").write_bytes(b"%PDF-1.7")
    first = home.anna.sessions.begin(patient, device="sim:planar_arm", plan=0).id
    home.anna.sessions.recorded(first, str(recording))
    home.anna.sessions.end(first, trials=2, reached=1)
    home.anna.sessions.save_measures(first, [MeasureRow(1, "reach", "peak_speed", 0.31, "m/s")])
    second = home.anna.sessions.begin(patient, device="sim:planar_arm", plan=0).id
    home.anna.sessions.recorded(second, str(tmp_path / "gone"))
    home.anna.sessions.end(second)
    home.anna.charts.add_note(patient, "slept badly")
    home.anna.charts.set_limit(patient, "force", 20.0, reason="tendon")
    done = home.anna.export.write(patient, tmp_path / "all.zip")
    assert (done.sessions, done.without) == (2, 1)
    with zipfile.ZipFile(done.file) as zipped:
        assert zipped.testzip() is None
        names = zipped.namelist()
        texts = {name: zipped.read(name).decode() for name in names if name.endswith(".csv")}
    assert sum(name.endswith("report.pdf") for name in names) == 1
    rows = list(csv.DictReader(io.StringIO(texts["sessions.csv"])))
    assert [row["trials"] for row in rows] == ["2", "0"]
    assert "peak_speed,0.31,m/s" in texts["measures.csv"] and "slept badly" in texts["notes.csv"]
    assert "tendon" in texts["chart.csv"]
    name = home.anna.patients.get(patient)
    assert not any(name.family_name in text or name.given_name in text for text in texts.values())
    assert any(row.what == "export.write" for row in home.anna.audit.who(patient))


def test_a_name_that_somebody_wrote_into_a_note_is_the_code_in_the_file(home: House, tmp_path: Path) -> None:
    patient = home.patient()
    name = home.anna.patients.get(patient)
    given, family = name.given_name, name.family_name
    home.anna.charts.add_note(patient, f"{given} {family}: spasm. {family.upper()} {given} rests; {family}ville")
    home.anna.charts.set_limit(patient, "force", 20.0, reason=f"{given} asked")
    done = home.anna.export.write(patient, tmp_path / "all.zip")
    with zipfile.ZipFile(done.file) as zipped:
        notes, chart = (zipped.read(table).decode() for table in ("notes.csv", "chart.csv"))
    assert f"{patient}: spasm. {patient} rests; {family}ville" in notes
    assert f"{patient} asked" in chart and given not in chart
    assert home.staff["anna"].user.full_name in notes  # who wrote it


def test_it_is_never_written_over_and_only_for_ones_own_patients(home: House, tmp_path: Path) -> None:
    patient = home.patient()
    (tmp_path / "all.zip").write_text("something")
    with pytest.raises(BadInput, match="already"):
        home.anna.export.write(patient, tmp_path / "all.zip")
    with pytest.raises(AccessError):
        home.staff["marco"].export.write(patient, tmp_path / "other.zip")
    assert not (tmp_path / "other.zip").exists() and not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(("names", "said"), [([], "Anna is tired, x"), ([("Anna", "")], "C is tired, x")])
def test_a_name_that_is_not_there_is_found_nowhere(names: list[tuple[str, str]], said: str) -> None:
    rows = [SimpleNamespace(given_name=given, family_name=family) for given, family in names]
    assert _mask("C", rows)("Anna is tired, x") == said  # type: ignore[arg-type]
