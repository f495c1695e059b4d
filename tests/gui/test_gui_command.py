"""`rehab gui` as a command."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gui import command
from gui.viewmodels.start import patients, protocols, request_from
from rehab.core.errors import BadInput


def parse(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--demo", "--seconds", "0"], "--seconds 0: more than 0"),
        (["--demo", "--seconds", "nan"], "--seconds nan: more than 0"),
        (["--seconds", "5"], "go with --demo"),
        (["--screenshot", "a.png"], "go with --demo"),
        (["--demo", "--screenshot", "/no/such/folder/a.png"], "there is no folder /no/such/folder"),
    ],
)
def test_wrong_options_are_refused_before_a_window_opens(words: list[str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        command.run(parse(*words))


def test_the_module_of_the_command_imports_nothing_heavy() -> None:
    code = "import sys, gui.command; assert not {'numpy', 'PySide6', 'rehab.core'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_first_window_is_painted_without_what_it_does_not_show(tmp_path: Path) -> None:
    code = (
        "import sys; from rehab.cli.main import main; code = main(['gui', '--store', sys.argv[1]]); "
        "heavy = {'pyqtgraph', 'scipy', 'matplotlib', 'pandas', 'pybullet'}; "
        "assert not heavy & set(sys.modules), heavy & set(sys.modules); sys.exit(code)"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", command.EXIT: "1"}
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "clinic.db")], env=environment, timeout=60,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("first window after ")


def test_the_start_page_offers_what_is_installed() -> None:
    assert patients()[0].name == ""
    assert {"healthy", "stroke"} <= {choice.name for choice in patients()}
    assert {"reach_active", "reach_demo"} <= {choice.name for choice in protocols()}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (("planar_arm", "", "reach_demo", ""), "write SCHEME:ADDRESS"),
        (("sim:", "", "reach_demo", ""), "write SCHEME:ADDRESS"),
        (("serial:/dev/ttyACM0", "stroke", "reach_demo", ""), "choose nobody"),
        (("sim:planar_arm", "", "", ""), "choose a protocol"),
        (("sim:planar_arm", "", "reach_demo", "-1"), "a whole number from 0"),
        (("sim:planar_arm", "", "reach_demo", "seven"), "a whole number from 0"),
    ],
)
def test_fields_that_make_no_sense_are_refused_in_words(fields: tuple[str, str, str, str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        request_from(*fields, None)
