"""`rehab run script.py`: options as defaults, and the exit code and words for everything that may end a script."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rehab.cli import main as command
from rehab.cli import script as module
from rehab.core import registry
from rehab.record.recording import Recording
from rehab.session.session import Session

Run = Callable[..., int]
SPRING = """\
from rehab import Session, controller


@controller("spring", stiffness="200 N/m", damping="15 N*s/m")
def spring(state, reference, dt, *, stiffness, damping):
    return state.jacobian.T @ (stiffness * (reference.x - state.x) - damping * state.v)

"""
ONE_TRIAL = 'with Session() as session:\n    list(session.run("reach", controller="spring", trials=1))\n'


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Write the script here as s.py, and run it with these words on a simulated clock; the exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(registry, "_local", {})
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("REHAB_RUN", str(tmp_path / "run"))
    before = list(sys.path)

    def run(source: str, *words: str) -> int:
        Path("s.py").write_text(source)
        code = command.main(["run", "s.py", *words])
        assert sys.path == before and sys.modules["__main__"].__name__ != "s"
        assert Session.defaults.settings.seed is None, "the next script begins anew"
        return code

    return run


def test_a_script_finds_its_own_words_and_is_main(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    source = "import sys\nprint(sys.argv, __name__, __file__)"
    assert run(source, "one", "--seed", "3", "two", "--", "--own", "--seed") == 0
    assert capsys.readouterr().out == "['s.py', 'one', 'two', '--own', '--seed'] __main__ s.py\n"


def test_options_are_the_defaults_of_its_sessions(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    source = """\
from rehab import Session
s = Session()
print(s.device, s.patient, s.seed, s.clock, s.participant, s._out, s._faults is not None)
s = Session("sim:knee", seed=4, clock="real", participant="P9")
print(s.device, s.patient, s.seed, s.clock, s.participant)
"""
    words = "--device sim:planar_arm --patient stroke --seed 7 --fast --participant P2 --out there --faults cable_loose"
    assert run(source, *words.split()) == 0, capsys.readouterr().err
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "sim:planar_arm stroke 7 simulated P2 there True"
    assert out.splitlines()[1] == "sim:knee stroke 4 real P9", "what the script says stands"
    for words in ("device='sim:knee': --device", "seed=4: --seed", "clock='real': --fast", "participant='P9'"):
        assert f"the script says {words}" in err
    assert err.count("is not used") == 4


def test_without_options_a_session_is_what_it_is_in_any_script(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("from rehab import Session\ns = Session()\nprint(s.device, s.patient, s.clock, s._out)") == 0
    assert capsys.readouterr().out == "sim:planar_arm None real None\n"


def test_a_session_gets_its_report_and_the_last_line_is_its_folder(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    source = SPRING + ONE_TRIAL + "print('over')"
    assert run(source, "--fast", "--patient", "healthy", "--seed", "2", "--out", "sessions") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2] == "over"
    folder = Path(lines[-1])
    assert folder.parent == Path("sessions")
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    recording = Recording.open(folder)
    assert recording.metadata["seed"] == 2
    assert [str(trial.outcome) for trial in recording.trials] == ["reached"]


def test_a_session_that_was_left_open_is_closed_and_recorded(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    source = SPRING + 'for _ in Session().open().run("reach", controller="spring", trials=3):\n    break\n'
    assert run(source, "--fast", "--patient", "healthy", "--out", "sessions") == 0
    recording = Recording.open(Path(capsys.readouterr().out.splitlines()[-1]))
    assert recording.ticks["enable"][-1] == 0


def test_files_beside_it_can_be_imported_by_its_controller(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("my_laws.py").write_text("def law(state, reference):\n    return 0.0 * state.q\n")
    source = """\
from rehab import Session, controller
import my_laws

@controller("mine")
def mine(state, reference, dt):
    return my_laws.law(state, reference)

with Session() as session:
    list(session.run("reach", controller="mine", trials=1))
"""
    assert run(source, "--fast", "--patient", "healthy", "--out", "sessions") == 0, capsys.readouterr().err
    sys.modules.pop("my_laws")


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("x = 1\nif x\n    pass\n", 2, "s.py:2:5: expected ':'\n  | if x"),
        ("\n\nprint(nothing)\n", 2, "s.py:3: NameError: name 'nothing' is not defined\n  | print(nothing)"),
        ("import numpy\nnumpy.linalg.inv([1])\n", 2, "\n  | numpy.linalg.inv([1])\n  (raised at "),
        ("def f():\n    1 / 0\nf()\n", 2, "s.py:2: ZeroDivisionError: division by zero\n  | 1 / 0"),
        ("import nowhere\n", 2, "s.py:1: ModuleNotFoundError: No module named 'nowhere'"),
        ("\0", 2, "s.py"),
        ("from rehab import Session\nSession('sim')\n", 2, 's.py:2: "sim" is not a device address'),
        (SPRING.replace('"200 N/m"', "[1]"), 2, 's.py:4: controller "spring": stiffness: [1] is none of'),
        (SPRING.replace('"spring"', '"impedance"'), 2, 'there is an installed controller "impedance"'),
        ("from rehab import Session\nSession().arm()\n", 1, "s.py:2: the session is not open"),
        ("import sys\nsys.exit(7)\n", 7, ""),
        ("raise SystemExit\n", 0, ""),
        ("import sys\nsys.exit('in its own words')\n", 1, "in its own words\n"),
        ("raise KeyboardInterrupt\n", 130, "interrupted"),
    ],
)
def test_what_ends_it_becomes_words_and_a_code(
    run: Run, capsys: pytest.CaptureFixture[str], source: str, code: int, words: str
) -> None:
    assert run(source) == code
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_several_problems_are_told_all_at_once(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    source = SPRING + 'with Session() as s:\n    list(s.run("reach", controller="spring", radius="9 m", tagets=3))\n'
    assert run(source, "--fast", "--out", "sessions") == 2
    said = capsys.readouterr().err
    assert "s.py:9: " in said and "radius" in said and 'did you mean "targets"?' in said


BAD_LAW = """\
from rehab import Session, controller


@controller("bad")
def bad(state, reference, dt):
    if state.t > 1.5:
        {body}
    return [0.0, 0.0]


with Session() as session:
    for trial in session.run("reach", controller="bad", trials=5):
        print(trial.number, trial.outcome)
"""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise ValueError('ouch')", "controller bad: ValueError: ouch (s.py:7)"),
        ("return [float('nan'), 0.0]", "controller bad: wished a torque that is not finite"),
        ("return [0.0]", "controller bad: ValueError: 2 numbers were expected, not 1"),
        ("while True: pass", "controller bad: TimeoutError: it did not return within"),
        ("import time; time.sleep(1e6)", "controller bad: TimeoutError: it did not return within"),
    ],
)
def test_a_bad_controller_stops_the_session_and_is_named_with_its_tick(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, body: str, words: str
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    monkeypatch.setattr(module, "LOOK", 0.1)
    assert run(BAD_LAW.format(body=body), "--fast", "--patient", "healthy", "--out", "sessions") == 3
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "1 stopped"
    assert f"s.py:12: F{'02' if 'nan' in body else '39'} " in err
    assert words in err
    assert "(tick 1501)" in err or "(tick 1500)" in err
    assert Recording.open(Path(out.splitlines()[-1])).trials[-1].outcome == "stopped"


BAD_PATH = """\
from rehab import Session, exercise


@exercise("bad", duration="10 s")
def bad(t):
    if 1.003 < t < 1.017:  # between the points that are looked at before
        {body}
    return 0.0, 0.0


with Session() as session:
    list(session.run("bad", controller="impedance", trials=1))
"""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise ValueError('ouch')", "exercise bad: ValueError: ouch (s.py:7)"),
        ("return float('nan'), 0.0", "exercise bad: ValueError: the reference is not finite"),
        ("while True: pass", "exercise bad: TimeoutError: it did not return within"),
    ],
)
def test_a_bad_exercise_stops_the_session_and_is_named(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, body: str, words: str
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    monkeypatch.setattr(module, "LOOK", 0.1)
    assert run(BAD_PATH.format(body=body), "--fast", "--patient", "healthy", "--out", "sessions") == 3
    err = capsys.readouterr().err
    assert "F38 the exercise failed" in err and words in err


def test_a_path_that_never_returns_is_refused_before_anything_moves(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    monkeypatch.setattr(module, "LOOK", 0.1)
    source = BAD_PATH.replace("1.003 < t < 1.017", "True").format(body="while True: pass")
    assert run(source, "--fast", "--out", "sessions") == 2
    assert 'exercise "bad" failed at t = 0 s: TimeoutError' in capsys.readouterr().err


def test_what_cannot_travel_is_said_with_its_name(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    source = SPRING.replace("\n\n@controller", "\nimport threading\nlock = threading.Lock()\n@controller").replace(
        "    return", "    lock.locked()\n    return"
    )
    assert run(source + ONE_TRIAL, "--fast", "--out", "sessions") == 2
    assert 'controller "spring" cannot be brought to the control process: TypeError' in capsys.readouterr().err


@pytest.mark.parametrize("name", ["controllers/__init__.py", "rehab.py", "sim/__init__.py"])
def test_a_folder_that_would_hide_one_of_ours_is_named(
    run: Run, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("")
    assert run("print('never')") == 2
    out, err = capsys.readouterr()
    assert f'hides the installed package "{Path(name).parts[0].removesuffix(".py")}"' in err
    assert not out


def test_a_folder_without_code_hides_nothing(run: Run) -> None:
    Path("controllers").mkdir()
    assert run("import controllers.impedance") == 0


@pytest.mark.parametrize("words", [["--also", "impedance"], ["--yes"], ["--arm"], ["--after-spasm", "end"]])
def test_options_of_protocols_are_refused_for_a_script(
    run: Run, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run("print('never')", *words) == 2
    assert f"{words[0]} goes with a protocol" in capsys.readouterr().err


def test_a_protocol_takes_no_further_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["run", "reach_demo", "one", "--fast", "two"]) == 2
    assert '"one two": a protocol takes no further words' in capsys.readouterr().err


def test_a_script_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["run", "nowhere.py"]) == 2
    assert "nowhere.py: cannot be read: No such file or directory" in capsys.readouterr().err
