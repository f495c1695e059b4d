"""Errors in Italian: every template is one that rehab raises, and what a therapist can meet has one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui import i18n
from gui.viewmodels.errors import TEMPLATES, finding_words, in_words, told
from gui.viewmodels.worker import Worker
from rehab.core.errors import BadInput, Finding, Findings
from rehab.core.parameters import Parameters, quantity
from tests.gui.helpers import wait_until

ROOT = Path(__file__).parents[2]
RAISED = {"BadInput", "NotNow", "AccessError", "DeviceLost", "RehabError", "ValueError"}
MET = (  # files all of whose errors a person at the window can meet
    "rehab/clinic/entry.py", "rehab/clinic/passwords.py", "rehab/clinic/notes.py", "rehab/clinic/service.py",
    "rehab/session/aftermath.py", "rehab/session/bedside.py", "rehab/clinic/access.py", "rehab/clinic/users.py",
)  # fmt: skip
NOT_MET = (  # the window gives no number that is not there, and no share of its own
    "user number {}", "there is no", "a share of {}", "{} has no session number {}",
)  # fmt: skip


@pytest.fixture(autouse=True)
def italian() -> Iterator[None]:
    i18n.use("it")
    yield
    i18n.use("en")


def texts(path: Path, *, raised: bool = False) -> Iterator[str]:
    """Literals of a file with {} for each place; of those that errors are made with only, where asked."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if raised and not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED and node.args):
            continue
        text = node.args[0] if raised else node  # type: ignore[attr-defined]
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield text.value
        elif isinstance(text, ast.JoinedStr):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in text.values)


def bare(template: str) -> str:
    return re.sub(r"{\w+}", "{}", template)


def test_every_template_is_something_that_rehab_says() -> None:
    """Where the English is changed, its translation must follow."""
    paths = [path for folder in ("rehab", "devices", "sim") for path in (ROOT / folder).rglob("*.py")]
    there = {text for path in paths for text in texts(path)}
    pieces = "\n".join(there)
    fixed = {t: bare(t).split("{}") for t in TEMPLATES}  # some are put together out of a problem, a hint, a name
    assert [t for t in TEMPLATES if bare(t) not in there and not all(part in pieces for part in fixed[t])] == []


@pytest.mark.parametrize("name", MET)
def test_what_somebody_at_the_window_can_meet_has_its_italian(name: str) -> None:
    known = {bare(template) for template in TEMPLATES}
    raised = [t for t in texts(ROOT / name, raised=True) if not t.startswith(NOT_MET) and t != "{}"]
    assert [t for t in raised if t not in known] == []


CHECKED = (
    *sorted((ROOT / "rehab/protocol").glob("*.py")), *(ROOT / "rehab/core" / n for n in ("limits.py", "stability.py")),
)  # fmt: skip
ON_THE_LINK = (*sorted((ROOT / "devices/link").glob("*.py")), ROOT / "rehab/record/folder.py", ROOT / "sim/device.py")
OF_PROGRAMS = (  # what no person at the window can do
    "a delay of {}", "a key of kind", "unknown key", "unknown parameter", "stiffness {} and damping {}", "torque {}",
    "{} torques", "valid_for {}",
)  # fmt: skip


def prose(path: Path, *names: str) -> Iterator[str]:
    """What the calls of these names say in words; snippets of YAML, with their braces and keys, are no prose."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
            said = node.args[1:3] if getattr(node.func, "id", "") == "Finding" else node.args[:1]
            for words in map(_literal, said):
                if re.search("[a-z]{2,} [a-z]", words) and not re.search(r"{[^}]|^\w+: \w+ or", words):
                    yield words


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: path.stem)
def test_what_the_check_of_a_protocol_finds_has_its_italian(path: Path) -> None:
    lacking = {words for words in prose(path, "Finding", "BadInput", "ValueError") if not words.startswith(OF_PROGRAMS)}
    assert sorted(words for words in lacking if not _known(words)) == []


@pytest.mark.parametrize("path", ON_THE_LINK, ids=lambda path: path.stem)
def test_what_a_device_or_a_recording_fails_with_has_its_italian(path: Path) -> None:
    lacking = {words for words in prose(path, *RAISED, "DeviceRefused") if not words.startswith(OF_PROGRAMS)}
    assert sorted(words for words in lacking if not _known(words)) == []


def _known(words: str) -> bool:
    """Said in Italian once its places are filled."""
    filled = words.replace("at {} {}", "at 2 ticks of delay {}").replace("{}", "xyz")
    return in_words(filled) != filled


def test_a_finding_of_the_check_is_told_in_italian() -> None:
    found = Finding("blocks[0].raech", 'unknown key "raech"; did you mean "reach"?', "known: reach, hold")
    assert finding_words(found) == "chiave sconosciuta «raech»; si intendeva «reach»? (note: reach, hold)"
    found = Finding("stiffness", "at 2 ticks of delay planar_arm holds at most 1.5 N/m stably; 2000 N/m was asked for")
    assert finding_words(found) == (
        "con 2 cicli di ritardo planar_arm tiene stabili al massimo 1,5 N/m; richiesti 2000 N/m"
    )


def test_what_was_typed_is_quoted_as_it_stands_there() -> None:
    assert in_words('"10.5 cm" is too large') == "«10.5 cm» è troppo grande"


def test_an_error_keeps_its_numbers_and_says_its_places_too() -> None:
    said = in_words("the limb still pulls with 4.1 N·m (3.0 are allowed): let the spasm pass")
    assert said == "l'arto tira ancora con 4,1 N·m (ammessi 3,0): lasciar passare lo spasmo"
    said = in_words("the session is running; this needs it to be prepared or armed")
    assert said == "la seduta è in corso; deve essere pronta o attivata"


def test_what_is_not_known_is_shown_as_it_is() -> None:
    assert in_words("a bug nobody has seen") == "a bug nobody has seen"
    i18n.use("en")
    assert in_words("the PIN is wrong") == "the PIN is wrong"


def test_a_form_says_what_is_allowed() -> None:
    _, findings = Parameters(radius=quantity("10 cm", unit="m", least="1 cm", most="35 cm")).parse({"radius": "2 m"})
    assert finding_words(findings[0]) == "«2 m» è troppo grande (una lunghezza da 1 cm a 35 cm)"


def test_beside_yaml_numbers_keep_the_point_with_which_they_are_to_be_typed() -> None:
    found = Finding("limits.speed", '"2 m/s" is too large', "a speed from 1 cm/s to 0.8 m/s")
    assert finding_words(found) == "«2 m/s» è troppo grande (una velocità da 1 cm/s a 0,8 m/s)"
    assert finding_words(found, yaml=True) == "«2 m/s» è troppo grande (una velocità da 1 cm/s a 0.8 m/s)"


def test_several_findings_are_told_line_by_line() -> None:
    error = Findings([Finding("birth_date", "is missing"), Finding("forearm", "9 m cannot be")])
    assert told(error) == "Data di nascita: manca\nAvambraccio: 9 m non è possibile"


def test_what_a_job_fails_with_comes_in_the_language_in_use(worker: Worker) -> None:
    def job() -> None:
        raise BadInput("a PIN is 4 to 8 digits")

    worker.submit("job", job)
    found = []
    wait_until(lambda: bool(found.extend(worker.results()) or found))
    assert found[0].error == "un PIN ha da 4 a 8 cifre"


def test_an_alarm_says_in_italian_what_was_measured() -> None:
    from gui.viewmodels.words import fault_message

    data = {"id": 24, "name": "F24 spasm", "message": "the limb's torque at joint 2 rose by 9.1 N·m at once"}
    assert "La coppia dell'arto all'articolazione 2 è salita di 9,1 N·m" in fault_message(data).text
    late = in_words("a tick was 31.0 ms late; 20 ms are allowed")
    assert late == "un ciclo ha ritardato di 31,0 ms; ammessi 20 ms"


def test_everything_the_monitor_measures_has_its_italian() -> None:
    """Reasons are texts with a place or a few words, given to `trip`."""
    known = {bare(template) for template in TEMPLATES}
    said = set()
    for name in ("samples", "watch", "pace", "damage", "monitor"):
        for node in ast.walk(ast.parse((ROOT / f"rehab/core/safety/{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("trip", "_trip"):
                said |= {words for words in map(_literal, node.args) if words}
    assert len(said) > 8 and {words for words in said if words not in known and "device status" not in words} == set()


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return ""
