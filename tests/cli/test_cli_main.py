"""The `rehab` command: its help, its exit codes, and that it never shows a traceback for what a user did."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

import pytest

from rehab.cli import main as command
from rehab.core.errors import (
    BadInput,
    DeviceLost,
    DeviceRefused,
    Finding,
    Findings,
    MeasureError,
    NotNow,
    RecordingError,
    SafetyStop,
    UnknownName,
    UserCodeError,
)

HEAVY = (
    "numpy",
    "scipy",
    "pydantic",
    "ruamel",
    "pint",
    "rich",
    "pyarrow",
    "serial",
    "PySide6",
    "sim",
    "gui",
    "controllers",
)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], int | None]], None]:
    """A command "fake" that does what it is told."""

    def install(action: Callable[[], int | None]) -> None:
        module = ModuleType("rehab.cli.fake")
        module.HELP = "does as it is told"  # type: ignore[attr-defined]
        module.configure = lambda parser: parser.add_argument("--loud", action="store_true")  # type: ignore[attr-defined]
        module.run = lambda args: action()  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "rehab.cli.fake", module)
        monkeypatch.setitem(command.COMMANDS, "fake", "rehab.cli.fake")

    return install


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("no"), 2),
        (UnknownName("exercise", "raech", ["reach"]), 2),
        (Findings([Finding("limits.force", "is too large")]), 2),
        (DeviceRefused("busy"), 2),
        (DeviceLost("gone"), 3),
        (SafetyStop("F06 link stale"), 3),
        (UserCodeError("spring", 7, "F02 not finite"), 3),
        (NotNow("armed"), 1),
        (MeasureError("no movement"), 1),
        (RecordingError("absent"), 1),
    ],
)
def test_each_error_has_its_exit_code_and_its_words_go_to_stderr(
    fake: Callable[..., None], capsys: pytest.CaptureFixture[str], error: Exception, code: int
) -> None:
    def action() -> int:
        raise error

    fake(action)
    assert command.main(["fake"]) == code
    shown = capsys.readouterr()
    assert str(error) in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


def test_what_a_command_returns_is_the_exit_code(fake: Callable[..., None]) -> None:
    fake(lambda: 1)
    assert command.main(["fake"]) == 1
    fake(lambda: None)
    assert command.main(["fake", "--loud"]) == 0


def test_an_interrupt_is_130(fake: Callable[..., None]) -> None:
    def action() -> int:
        raise KeyboardInterrupt

    fake(action)
    assert command.main(["fake"]) == 130


def test_an_error_of_our_own_is_not_swallowed(fake: Callable[..., None]) -> None:
    fake(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        command.main(["fake"])


def test_a_wrong_option_is_wrong_usage(fake: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    fake(lambda: 0)
    assert command.main(["fake", "--quiet"]) == 2
    assert "unrecognized arguments: --quiet" in capsys.readouterr().err


def test_a_misspelt_command_is_told_the_right_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["lsit"]) == 2
    assert 'did you mean "rehab list"?' in capsys.readouterr().err


def test_without_a_command_it_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([]) == 2
    assert "commands:" in capsys.readouterr().out


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("rehab 0.")


@pytest.mark.parametrize("name", list(command.COMMANDS))
def test_every_command_of_the_table_has_one_line_of_help_and_a_parser(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    module = import_module(command.COMMANDS[name])
    assert module.HELP and "\n" not in module.HELP
    assert callable(module.run)
    module.configure(argparse.ArgumentParser())
    assert command.main([name, "--help"]) == 0
    assert module.HELP[:20] in " ".join(capsys.readouterr().out.split())


def test_help_names_all_commands_and_loads_no_plugin_and_nothing_slow() -> None:
    script = (
        "import sys; from rehab.cli.main import main; code = main(['--help']); "
        f"print('loaded:', [m for m in {HEAVY!r} if m in sys.modules]); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip().endswith("loaded: []")
    for name in [*command.COMMANDS, "gui", "emulate"]:
        assert f"\n  {name} " in done.stdout


def test_python_m_rehab_is_the_same_command() -> None:
    done = subprocess.run([sys.executable, "-P", "-m", "rehab", "lsit"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith('rehab: there is no command "lsit"')


def test_a_reader_that_goes_away_is_not_an_error_to_talk_about() -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "rehab", "explain", "reach_active"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == ""
    assert process.wait() == 141
