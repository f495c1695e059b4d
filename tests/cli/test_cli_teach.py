"""`rehab teach`: a movement shown on a simulated arm becomes a file that a protocol names."""

from __future__ import annotations

from math import cos, pi, sin
from pathlib import Path

import pytest

from rehab.cli.main import main
from rehab.core.path import Path as Way
from rehab.protocol.taught import read_taught, taught_root
from rehab.session.session import Session

FAST = ("--fast", "--seed", "1", "--seconds", "8")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def test_the_path_that_is_kept_is_the_one_that_was_shown(capsys):
    assert main(["teach", "oval", "--patient", "therapist", *FAST]) == 0
    taught = read_taught("oval")
    # the therapist goes round an oval with half axes of 5 and 4 cm, from its point nearest to the body
    oval = Way([(0.05 * sin(a), 0.04 * (1.0 - cos(a))) for a in (2.0 * pi * k / 400 for k in range(401))])
    kept = Way(taught.points)
    assert max(oval.nearest(point).distance for point in taught.points) < 0.006
    assert max(kept.nearest(point).distance for point in oval.points) < 0.006
    assert (taught.model, taught.kind, taught.tolerance) == ("planar_arm", "path", 0.02)
    out = capsys.readouterr().out
    assert str(taught_root() / "oval.yaml") in out
    assert "trace: {taught: oval}" in out


def test_places_are_marked_every_so_often_and_stay_as_they_were(data):
    file = data / "places.yaml"
    how = ("--points", "--every", "1", "--patient", "therapist", "--out", str(file))
    assert main(["teach", "places", *how, *FAST]) == 0
    taught = read_taught(file)
    assert taught.kind == "points"
    assert len(taught.points) in (8, 9)


def test_a_taught_path_is_played_by_name(data):
    assert main(["teach", "oval", "--patient", "therapist", *FAST]) == 0
    with Session("sim:planar_arm", "passive", seed=1, clock="simulated", out=data) as session:
        (trial,) = session.run("trace", taught="oval", controller="impedance", stiffness="400 N/m", trials=1)
    assert trial.outcome == "reached"
    assert trial.parameters["length"] == pytest.approx(Way(read_taught("oval").points).length, rel=0.05)


def test_a_hand_that_did_not_move_leaves_no_file(data, capsys):
    assert main(["teach", "nothing", *FAST]) == 2
    assert "did not move" in capsys.readouterr().err
    assert not (taught_root() / "nothing.yaml").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a b"], "is no name"),
        (["x", "--tolerance", "2"], "no unit"),
        (["x", "--every", "1"], "goes with --points"),
        (["x", "--out", "x.txt"], "ends in .yaml"),
        (["x", "--seconds", "1"], "seconds"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_moves(words, said, capsys):
    assert main(["teach", *words, "--fast"]) == 2
    assert said in capsys.readouterr().err


def test_a_movement_is_replaced_only_when_that_is_asked_for(data, capsys):
    taught_root().mkdir(parents=True)
    (taught_root() / "oval.yaml").write_text("kept: yes\n")
    assert main(["teach", "oval", "--patient", "therapist", *FAST]) == 2
    assert "--replace" in capsys.readouterr().err
    assert (taught_root() / "oval.yaml").read_text() == "kept: yes\n"
