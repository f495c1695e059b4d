"""`rehab clinic` and `rehab run --for`, as they are typed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from rehab.cli.main import main
from rehab.clinic.models import Meta
from rehab.record.recording import Recording
from tests.clinic.people import PASSWORD, House, house

PROTOCOL = """\
protocol: Mine  # a comment
version: 1
device: planar_arm
blocks:
  - name: reaching
    reach: {targets: 2, radius: 8 cm}
    controller: {impedance: {stiffness: 200 N/m}}
    trials: 2
"""


class Shell:
    """Types commands; secrets go in as lines of standard input."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capture = monkeypatch, capsys
        self.error = ""

    def __call__(self, *words: str, secrets: tuple[str, ...] = (PASSWORD,), code: int = 0) -> str:
        self._patch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in secrets)))
        self._capture.readouterr()
        found = main(words)
        out, self.error = self._capture.readouterr()
        assert found == code, self.error
        return out


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    monkeypatch.setenv("REHAB_CLINIC", str(tmp_path / "clinic.db"))
    return Shell(monkeypatch, capsys)


@pytest.fixture
def staffed(tmp_path: Path) -> House:
    found = house(tmp_path / "clinic.db")
    found.clinic.close()
    return found


def test_the_first_user_is_made_once(shell: Shell) -> None:
    assert "administrator and therapist" in shell("clinic", "init", "ada", "Ada L", secrets=(PASSWORD, "2580"))
    shell("clinic", "init", "bea", "Bea M", secrets=(PASSWORD, "2580"), code=2)
    assert "users already" in shell.error
    assert "Ada L" in shell("clinic", "user", "list", "--user", "ada")


def test_a_password_that_nobody_gives_is_an_error_in_words(shell: Shell) -> None:
    shell("clinic", "init", "ada", "Ada L", secrets=(), code=2)
    assert "standard input has ended" in shell.error


def test_a_wrong_password_fails(shell: Shell, staffed: House) -> None:
    shell("clinic", "user", "list", "--user", "anna", secrets=("wrong password",), code=1)
    assert "name or the password" in shell.error


def test_an_administrator_adds_a_user_and_a_therapist_may_not(shell: Shell, staffed: House) -> None:
    words = ("clinic", "user", "add", "new", "New One", "--role", "therapist")
    shell(*words, "--user", "anna", secrets=(PASSWORD, "another one", "2580"), code=1)
    assert "not for a therapist" in shell.error
    assert "New One, therapist" in shell(*words, "--user", "carla", secrets=(PASSWORD, "another one", "2580"))
    assert "new" in shell("clinic", "user", "list", "--user", "new", secrets=("another one",))


def test_a_locked_user_is_let_in_again(shell: Shell, staffed: House) -> None:
    for _ in range(5):
        shell("clinic", "user", "list", "--user", "anna", secrets=("wrong password",), code=1)
    shell("clinic", "user", "list", "--user", "anna", code=1)
    shell("clinic", "user", "unlock", "anna", "--user", "carla")
    shell("clinic", "user", "list", "--user", "anna")


def test_a_patient_is_added_found_and_accounted_for(shell: Shell, staffed: House) -> None:
    said = shell("clinic", "patient", "add", "Ada", "Così", "--born", "3/5/1958", "--sex", "F", "--side", "left",
                 "--user", "anna")  # fmt: skip
    code = said.split(":")[0]
    found = json.loads(shell("clinic", "patient", "list", "cosi", "--json", "--user", "anna"))
    assert [(line["patient"], line["birth_date"]) for line in found] == [(code, "1958-05-03")]
    assert "Anna Rossi" in shell("clinic", "who", code.lower(), "--user", "anna")


def test_a_worklist_is_tried_first_and_then_added(shell: Shell, staffed: House, tmp_path: Path) -> None:
    file = tmp_path / "today.csv"
    file.write_text("nome;cognome;nato il;sesso\nAda;Così;3/5/1958;F\n")
    assert "would be added" in shell("clinic", "patient", "import", str(file), "--user", "anna")
    assert "Così" not in shell("clinic", "patient", "list", "--user", "anna")
    assert ": added (" in shell("clinic", "patient", "import", str(file), "--do", "--user", "anna")
    assert "Ada Così" in shell("clinic", "patient", "list", "--user", "anna")
    file.write_text("nome;cognome;nato il\nAda;Così;31/2/1958\n")
    shell("clinic", "patient", "import", str(file), "--user", "anna", code=1)


def test_a_plan_is_a_protocol_that_was_checked(shell: Shell, staffed: House, tmp_path: Path) -> None:
    code = shell("clinic", "patient", "add", "Ada", "Così", "--born", "3/5/1958", "--sex", "F", "--user",
                 "anna").split(":")[0]  # fmt: skip
    file = tmp_path / "plan.yaml"
    shell("clinic", "plan", code, "--user", "anna", code=1)
    file.write_text("protocol: x\nversion: 1\nblocks: [{reach: {radius: 10}, mode: active, trials: 4}]\n")
    shell("clinic", "plan", code, "--protocol", str(file), "--user", "anna", code=2)
    assert '"10" has no unit' in shell.error
    file.write_text(PROTOCOL)
    assert '"Mine", is in force' in shell("clinic", "plan", code, "--protocol", str(file), "--user", "anna")
    assert shell("clinic", "plan", code, "--user", "anna") == PROTOCOL


def test_the_demo_goes_into_an_empty_store_only(shell: Shell, staffed: House) -> None:
    shell("clinic", "demo", code=1)
    assert "of its own" in shell.error


# rehab run --for -----------------------------------------------------------------------------------------------------

RUN = ("--fast", "--seed", "1", "--yes", "--user", "anna")


def test_a_session_for_a_person_holds_their_limits_and_lands_in_their_file(shell: Shell, tmp_path: Path) -> None:
    found = house(tmp_path / "clinic.db")
    with found.clinic.store.begin() as db:
        db.add(Meta(key="demo", value="1"))  # where a simulated patient may stand for somebody
    anna, patient = found.anna, found.patient()
    anna.charts.set_limit(patient, "force", 20.0, reason="painful shoulder")
    file = tmp_path / "plan.yaml"
    file.write_text(PROTOCOL)
    plan = anna.plans.add(patient, "Mine", PROTOCOL)
    said = shell("run", str(file), *RUN, "--patient", "stroke", "--for", patient, "--out", str(tmp_path / "out"))
    assert "Ada Così, born 1958-05-03, left side" in shell.error
    assert "force 20 N: limited by the patient's file, AR, 3 May" in shell.error
    recording = Recording.open(said.splitlines()[-1])
    assert recording.metadata["person"] == patient
    limits = recording.metadata["limits"]
    assert "Così" not in json.dumps(recording.metadata)
    assert limits["who"]["force"].startswith("the patient's file, AR, 3 May") and limits["values"]["force"] == 20.0

    session = anna.sessions.last(patient)
    assert session is not None and len(anna.sessions.list(patient)) == 1
    assert (session.outcome, session.trials, session.title) == ("done", 2, "Mine")
    assert session.folder == str(recording.folder) and session.plan == plan.id and session.robot > 1.0
    rows = {(row.trial, row.name): row.value for row in anna.sessions.measures(session.id)}
    assert rows[1, "sparc"] == pytest.approx(recording.trials[0].measures["sparc"])
    found.clinic.close()


def test_a_simulated_patient_does_not_get_into_a_persons_file(shell: Shell, tmp_path: Path) -> None:
    found = house(tmp_path / "clinic.db")
    patient = found.patient()
    shell("run", "reach_demo", *RUN, "--patient", "stroke", "--for", patient, "--out", str(tmp_path), code=2)
    assert "nothing of that goes into a person's file" in shell.error
    assert found.anna.sessions.list(patient) == ()
    found.clinic.close()


def test_nobody_trains_with_somebody_elses_patient(shell: Shell, tmp_path: Path) -> None:
    found = house(tmp_path / "clinic.db")
    patient = found.patient()
    shell("run", "reach_demo", "--fast", "--yes", "--user", "marco", "--for", patient, code=1)
    assert "not among your patients" in shell.error
    found.clinic.close()


def test_the_checklist_forbids_here_too(shell: Shell, tmp_path: Path) -> None:
    from rehab.clinic.checklist import CHECKLIST

    found = house(tmp_path / "clinic.db")
    patient = found.patient()
    answers = {item.name: "yes" if item.name == "fracture" else "no" for item in CHECKLIST}
    found.anna.charts.set_checklist(patient, answers)
    shell("run", "reach_demo", *RUN, "--for", patient, "--out", str(tmp_path / "out"), code=1)
    assert "fracture" in shell.error and not (tmp_path / "out").exists()
    found.clinic.close()
