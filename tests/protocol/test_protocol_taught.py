"""Taught paths: their files, their shape, edits, and the protocols that name them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Findings
from rehab.core.parameters import Parameters, choice, quantity, text
from rehab.core.path import Path as Way
from rehab.core.points import MOST_TEXT, points_text, read_points
from rehab.protocol.drawn import SPACING, resample, short_text, simplify, smooth
from rehab.protocol.load import load_protocol, one_block
from rehab.protocol.taught import Taught, delete, insert, move, read_taught, taught_root, write_taught

COMB = Taught(name="comb", points=((0.0, 0.0), (0.025, -0.01), (0.05, 0.02)), tolerance=0.015, model="arm", made="2026")
PLACE = st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
WAYS = st.lists(PLACE, min_size=2, max_size=12).filter(lambda points: way_of(points) is not None)


def way_of(points):
    try:
        return Way(points)
    except ValueError:
        return None


class Draw:
    """Follows a line."""

    parameters = Parameters(
        shape=choice("circle", ("circle", "taught")),
        points=text(""),
        between=choice("curve", ("curve", "straight")),
        tolerance=quantity("3 cm", unit="m", least="1 mm", most="10 cm"),
    )

    def __init__(self, device: DeviceInfo, **parameters) -> None:
        pass


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's data folder of this test's own, and an exercise that takes a path."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    registry.add_local("exercise", "draw", Draw)
    return tmp_path


# shape


@given(WAYS)
def test_resampled_points_are_5_mm_apart_along_the_way_and_keep_its_ends(points):
    even, way = resample(points), Way(points)
    assert even[0] == pytest.approx(points[0]) and even[-1] == pytest.approx(way.points[-1])
    step = way.length / max(1, round(way.length / SPACING))
    places = [way.at(k * step).point for k in range(len(even))]
    assert np.array(even) == pytest.approx(np.array(places), abs=1e-9)
    assert way.length / (len(even) - 1) <= 2 * SPACING


@given(WAYS, st.floats(0.0005, 0.02))
def test_no_point_is_farther_from_the_simplified_path_than_was_allowed(points, close):
    kept = simplify(points, close)
    assert kept[0] == points[0] and kept[-1] == points[-1]
    pieces = list(pairwise(kept))
    for point in points:
        away = min(
            (Way(piece).nearest(point).distance if np.linalg.norm(np.subtract(*piece)) > 1e-8
             else np.linalg.norm(np.subtract(point, piece[0])))
            for piece in pieces
        )  # fmt: skip
        assert away <= close + 1e-7


def test_a_straight_line_needs_no_more_than_its_ends():
    assert simplify([(0.01 * k, 0.02 * k) for k in range(20)]) == ((0.0, 0.0), (0.19, 0.38))


def test_smoothing_takes_tremor_out_and_leaves_the_movement():
    s = np.linspace(0.0, 1.0, 600)
    arc = np.stack([0.1 * np.cos(np.pi * s), 0.1 * np.sin(np.pi * s)], axis=1)
    rng = np.random.default_rng(1)
    shaky = arc + 0.001 * rng.standard_normal(arc.shape)
    shaky = np.array([shaky[k] for k in range(0, 600, 10)])  # every 5 mm
    before = np.abs(np.linalg.norm(shaky[3:-3], axis=1) - 0.1).std()
    after = np.abs(np.linalg.norm(np.array(smooth([tuple(row) for row in shaky]))[3:-3], axis=1) - 0.1)
    assert after.std() < 0.6 * before
    assert after.max() < 0.002


def test_smoothing_leaves_a_cubic_as_it_is():
    x = np.linspace(-0.1, 0.1, 400)
    cubic = [(float(a), float(2.0 * a**3)) for a in x]
    found = np.array(smooth(cubic))
    assert found[:, 1] == pytest.approx(2.0 * found[:, 0] ** 3, abs=1e-5)


def test_a_long_path_is_carried_in_a_text_that_fits_the_record():
    turns = np.linspace(0.0, 6.0 * np.pi, 400)
    spiral = [(float(0.01 * a * np.cos(a)), float(0.01 * a * np.sin(a))) for a in turns]
    carried = short_text(spiral, 0.02)
    assert len(carried) <= MOST_TEXT
    way = Way(read_points(carried))
    assert max(way.nearest(point).distance for point in spiral) < 0.005


def test_a_path_that_winds_too_much_for_that_is_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(BadInput, match="winds too much"):
        short_text([tuple(row) for row in rng.uniform(-0.2, 0.2, (400, 2)).tolist()], 0.01)


def test_a_short_path_is_carried_as_it_is():
    assert short_text(COMB.points, 0.01) == points_text(COMB.points)


# editing


def test_a_point_is_moved_inserted_and_deleted_and_the_first_path_stays_what_it_was():
    assert move(COMB, 1, (0.03, 0.0)).points == ((0.0, 0.0), (0.03, 0.0), (0.05, 0.02))
    assert insert(COMB, 1, (0.01, 0.0)).points[:3] == ((0.0, 0.0), (0.01, 0.0), (0.025, -0.01))
    assert insert(COMB, 3, (0.1, 0.0)).points[-1] == (0.1, 0.0)
    assert delete(COMB, 0).points == COMB.points[1:]
    assert len(COMB.points) == 3


@given(st.integers(0, 2), PLACE)
def test_deleting_what_was_inserted_gives_the_same_path(index, point):
    assert delete(insert(COMB, index, point), index) == COMB


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda: move(COMB, 3, (0.0, 0.0)), "no point 3"),
        (lambda: insert(COMB, -1, (0.0, 0.0)), "no point -1"),
        (lambda: move(COMB, 0, (0.0,)), "2 coordinates"),
        (lambda: delete(delete(COMB, 0), 0), "needs them both"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_in_words(edit, words):
    with pytest.raises(BadInput, match=words):
        edit()


# files


def test_what_is_written_is_read_back(tmp_path):
    write_taught(COMB, tmp_path / "comb.yaml")
    assert read_taught(tmp_path / "comb.yaml") == COMB


def test_comments_survive_when_a_file_is_written_again(tmp_path):
    path = tmp_path / "comb.yaml"
    write_taught(COMB, path)
    path.write_text(path.read_text().replace("kind: path", "kind: path  # for Tuesdays"))
    write_taught(delete(COMB, 0), path)
    assert "# for Tuesdays" in path.read_text()
    assert read_taught(path).points == COMB.points[1:]


def test_a_name_means_a_file_among_the_users_own():
    write_taught(COMB, taught_root() / "comb.yaml")
    assert read_taught("comb") == COMB
    with pytest.raises(BadInput, match='did you mean "comb"'):
        read_taught("cobm")


def test_everything_that_is_wrong_with_a_file_is_said_at_once_with_its_place(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text("exercise: bad\nkind: swirl\ntolerance: 2\nspeed: 3\npoints:\n  - [0, 0]\n  - [1]\n")
    with pytest.raises(Findings) as caught:
        read_taught(path)
    assert [(found.field, found.line) for found in caught.value.findings] == [
        ("kind", 2), ("tolerance", 3), ("speed", 4), ("points[1]", 7),
    ]  # fmt: skip


def test_a_file_that_is_no_yaml_is_not_written_over(tmp_path):
    path = tmp_path / "notes.yaml"
    path.write_text("a: [1, 2\n")
    with pytest.raises(BadInput, match="left as it is"):
        write_taught(COMB, path)
    assert path.read_text() == "a: [1, 2\n"


# protocols


def protocol(tmp_path: Path, draw: str) -> Path:
    path = tmp_path / "week.yaml"
    path.write_text(
        f"protocol: Combing\nversion: 1\ndevice: arm\nblocks:\n  - {{name: a, draw: {draw}, mode: active, trials: 2}}\n"
    )
    return path


def test_a_protocol_names_a_taught_path_and_the_exercise_is_given_its_points(tmp_path, info):
    write_taught(COMB, taught_root() / "comb.yaml")
    (block,) = load_protocol(protocol(tmp_path, "{taught: comb}")).plan(info, info.limits()).blocks
    assert block.exercise_parameters == {
        "shape": "taught", "points": "0,0; 2.5,-1; 5,2", "between": "curve", "tolerance": 0.015,
    }  # fmt: skip


def test_what_the_protocol_says_itself_wins_and_points_go_straight(tmp_path, info):
    write_taught(Taught(name="p", points=COMB.points, kind="points"), tmp_path / "p.yaml")
    block = load_protocol(protocol(tmp_path, f"{{taught: {tmp_path}/p.yaml, tolerance: 1 cm}}")).blocks[0]
    assert (block.exercise_parameters["between"], block.exercise_parameters["tolerance"]) == ("straight", 0.01)


def test_a_taught_path_that_is_not_there_is_found_before_anything_moves(tmp_path):
    with pytest.raises(Findings) as caught:
        load_protocol(protocol(tmp_path, "{taught: comb}"))
    (found,) = caught.value.findings
    assert (found.line, found.field) == (5, "blocks[0].draw.taught")
    assert "none has been taught yet" in found.message
    assert "rehab teach" in found.allowed


def test_from_python_it_is_named_in_the_same_way(info):
    write_taught(COMB, taught_root() / "comb.yaml")
    plan = one_block("draw", info=info, limits=info.limits(), parameters={"taught": "comb"})
    assert plan.blocks[0].exercise_parameters["points"] == "0,0; 2.5,-1; 5,2"


def test_an_exercise_that_takes_no_path_knows_no_taught_one(tmp_path):
    path = protocol(tmp_path, "{}")
    path.write_text(path.read_text().replace("draw: {}", "wave: {taught: comb}"))
    with pytest.raises(Findings, match="unknown parameter"):
        load_protocol(path)


def test_a_file_is_meant_from_the_protocols_folder_wherever_the_command_runs(tmp_path, info, monkeypatch):
    ours, elsewhere = tmp_path / "week", tmp_path / "elsewhere"
    ours.mkdir()
    elsewhere.mkdir()
    write_taught(COMB, ours / "paths" / "comb.yaml")
    path = protocol(ours, "{taught: ./paths/comb.yaml}")
    monkeypatch.chdir(elsewhere)
    block = load_protocol(path).blocks[0]
    assert block.exercise_parameters["points"] == "0,0; 2.5,-1; 5,2"
    plan = one_block("draw", info=info, limits=info.limits(), parameters={"taught": "../week/paths/comb.yaml"})
    assert plan.blocks[0].exercise_parameters["points"] == "0,0; 2.5,-1; 5,2"


def test_a_file_that_lies_where_the_command_runs_only_is_not_there(tmp_path, monkeypatch):
    ours, elsewhere = tmp_path / "week", tmp_path / "elsewhere"
    ours.mkdir()
    write_taught(COMB, elsewhere / "comb.yaml")
    monkeypatch.chdir(elsewhere)
    with pytest.raises(Findings, match="does not exist"):
        load_protocol(protocol(ours, "{taught: ./comb.yaml}"))
