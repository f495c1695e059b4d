"""The shipped experiments at their whole length, and the three studies as they are written: minutes each (-m long)."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehab.cli.main import main
from rehab.measures.analyses.adaptation import Adaptation
from rehab.measures.analyses.recovery import Recovery
from rehab.measures.analyses.rotation import Rotation
from tests.canon.experiments import recorded, rows, value

pytestmark = pytest.mark.long
FULL = Path(__file__).parents[1] / "protocol" / "examples" / "full.yaml"


def ran(protocol: str, place: Path, patient: str = "learner") -> Path:
    words = ["run", protocol, "--patient", patient, "--seed", "7", "--fast", "--yes", "--out", str(place)]
    assert main(words) == 0
    (folder,) = place.iterdir()
    assert (folder / "report.pdf").is_file()
    return folder


@pytest.mark.parametrize("study", ["study_force_field", "study_rotation", "study_reflex", str(FULL)])
def test_the_three_studies_run_as_they_are_written(study: str, tmp_path: Path) -> None:
    session = recorded(ran(study, tmp_path))
    done = {(t.block, t.parameters["planned"]) for t in session.trials if not t.parameters.get("redo")}
    planned = {"study_force_field": 272, "study_rotation": 320, "study_reflex": 160}.get(study, 672)
    assert len(done) == planned


def test_the_error_in_a_curl_field_falls_and_the_adaptation_index_rises_for_sure(tmp_path: Path) -> None:
    found = Adaptation().analyse(recorded(ran("force_field_curl", tmp_path)))
    assert value(found, "error fell by") > 0.3
    for name in ("after-effect, catch trials", "after-effect, first cycle after"):
        row = rows(found)[name]
        assert row.spread is not None and float(row.value) + row.spread < 0.0
    assert value(found, "it rises with confidence") > 0.95


def test_what_was_learned_first_comes_back_after_a_reversed_rotation(tmp_path: Path) -> None:
    found = Rotation().analyse(recorded(ran("rotation_reversal", tmp_path)))
    peak = rows(found)["rebound: peak of the two-state fit"]
    assert peak.expected is not None
    assert value(found, peak.name) == pytest.approx(peak.expected, rel=0.3)


def test_what_was_learned_first_comes_back_in_error_clamps(tmp_path: Path) -> None:
    found = Recovery().analyse(recorded(ran("spontaneous_recovery", tmp_path)))
    assert value(found, "rebound: peak") > max(0.0, value(found, "clamp: index of the first"))
