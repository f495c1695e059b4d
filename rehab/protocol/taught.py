"""Paths that a therapist has taught: exercise files, smoothed, edited, and named by protocols.

    exercise: comb                    # its name
    kind: path                        # path: a curve through the points · points: straight from one to the next
    tolerance: 2 cm                   # how near is on it, where the protocol says nothing else
    model: planar_arm                 # the device it was taught on
    made: 2026-11-23
    points:                           # cm from the hand's home: x, y; edit, insert, delete lines as you like
      - [0, 0]
      - [2.5, -1]

A protocol says `trace: {taught: comb}`, or `adl: {taught: ./comb.yaml}`; the points go to the exercise as text. A
file is meant from the protocol's folder; on the command line and in Python, from the folder in which that runs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from rehab.core import registry, units
from rehab.core.errors import BadInput, Finding, Findings, UnknownName
from rehab.core.values import Floats
from rehab.protocol.drawn import short_text
from rehab.protocol.written import Written

KINDS = ("path", "points")
MOST = 2000  # points of a file
TOLERANCE = 0.02  # m
HERE = Path()
HEAD = "# A taught path. Points in cm from the hand's home (x, y); the order of the lines is the order of the way."


class Taught(Struct, frozen=True, kw_only=True):
    """One exercise file. `points` m from home; `tolerance` m; `model` of the device it was taught on; `made` a date."""

    name: str
    points: tuple[Floats, ...]
    kind: str = "path"
    tolerance: float = TOLERANCE
    model: str = ""
    made: str = ""


# editing: each gives a new path, the one before stays what it was ----------------------------------------------------


def move(taught: Taught, index: int, to: Floats) -> Taught:
    """Point `index` (from 0) lies at `to` (m from home)."""
    points = list(taught.points)
    points[_there(taught, index)] = _like(taught, to)
    return replace(taught, points=tuple(points))


def insert(taught: Taught, index: int, point: Floats) -> Taught:
    """A new point before point `index`; an index of the number of points puts it at the end."""
    if index != len(taught.points):
        _there(taught, index)
    points = list(taught.points)
    points.insert(index, _like(taught, point))
    return replace(taught, points=tuple(points))


def delete(taught: Taught, index: int) -> Taught:
    """Without point `index`. Raises BadInput where fewer than two would be left."""
    _there(taught, index)
    if len(taught.points) <= 2:
        raise BadInput(f'"{taught.name}" has two points: a path needs them both')
    return replace(taught, points=taught.points[:index] + taught.points[index + 1 :])


def _there(taught: Taught, index: int) -> int:
    if not 0 <= index < len(taught.points):
        raise BadInput(f'"{taught.name}" has no point {index} (0 to {len(taught.points) - 1})')
    return index


def _like(taught: Taught, point: Floats) -> Floats:
    if len(point) != len(taught.points[0]):
        raise BadInput(f'"{taught.name}" has points of {len(taught.points[0])} coordinates, not {len(point)}')
    return tuple(point)


# files ---------------------------------------------------------------------------------------------------------------


def taught_root() -> Path:
    """Where taught paths are kept: $XDG_DATA_HOME/rehab/taught, else ~/.local/share/rehab/taught."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "rehab" / "taught"


def find_taught(name_or_path: str | Path, folder: Path = HERE) -> Path:
    """The file that is meant; a path is seen from `folder`. Raises UnknownName or BadInput."""
    text = str(name_or_path)
    if "/" in text or "\\" in text or text.endswith((".yaml", ".yml")):
        path = folder / text
        if not path.is_file():
            raise BadInput(f"{path}: does not exist")
        return path
    known = {path.stem: path for path in sorted(taught_root().glob("*.yaml"))}
    if not known:
        raise BadInput(f'there is no taught path "{text}": none has been taught yet (they lie in {taught_root()})')
    if text not in known:
        raise UnknownName("taught path", text, list(known))
    return known[text]


def read_taught(name_or_path: str | Path, folder: Path = HERE) -> Taught:
    """The taught path of that name, or in that file. Raises Findings with all that is wrong with it."""
    path = find_taught(name_or_path, folder)
    try:
        written = Written(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from error
    found: list[Finding] = []
    value = written.value if isinstance(written.value, dict) else {}
    if not value and not written.findings:
        found.append(Finding("", "a taught path begins with keys", "exercise: its name"))
    known = ("exercise", "kind", "tolerance", "model", "made", "points")
    found += [Finding(key, f'unknown key "{key}"', "known: " + ", ".join(known)) for key in value if key not in known]
    kind = value.get("kind", "path")
    if kind not in KINDS:
        found.append(Finding("kind", f'"{kind}" is no kind of path', "one of " + ", ".join(KINDS)))
    tolerance = TOLERANCE
    try:
        tolerance = units.parse(value.get("tolerance", f"{100 * TOLERANCE} cm"), "m")
    except ValueError as error:
        found.append(Finding("tolerance", str(error), 'a length, for example "2 cm"'))
    points = _read_points(value.get("points"), found)
    problems = written.settled(found)
    if problems:
        raise written.error(problems)
    name = str(value.get("exercise", path.stem))
    return Taught(name=name, points=points, kind=kind, tolerance=tolerance,
                  model=str(value.get("model", "")), made=str(value.get("made", "")))  # fmt: skip


def _read_points(rows: Any, found: list[Finding]) -> tuple[Floats, ...]:
    """The points (m); what is wrong goes to `found`."""
    if not isinstance(rows, list) or not 2 <= len(rows) <= MOST:
        found.append(Finding("points", "is not a list of points", f"2 to {MOST} lines such as - [2.5, -1], in cm"))
        return ()
    points = []
    for number, row in enumerate(rows):
        good = isinstance(row, list) and len(row) in (1, 2) and len(row) == len(rows[0])
        if not good or not all(isinstance(c, int | float) and abs(c) < 1000.0 for c in row):
            found.append(Finding(f"points[{number}]", "is not a point like the others", "[2.5, -1], in cm from home"))
        else:
            points.append(tuple(0.01 * float(c) for c in row))
    if len(points) == len(rows) and len(set(points)) < 2:
        found.append(Finding("points", "all points are one", "at least two that differ"))
    return tuple(points)


def write_taught(taught: Taught, path: Path) -> None:
    """Writes the file; of one that is there it changes the values and keeps the comments. Raises BadInput."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.error import YAMLError

    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        document = yaml.load(path.read_text("utf-8")) if path.is_file() else None
        if not isinstance(document, CommentedMap):
            document = CommentedMap()
            document.yaml_set_start_comment(HEAD.removeprefix("# "))
        document["exercise"], document["kind"] = taught.name, taught.kind
        document["tolerance"] = units.show(taught.tolerance, "m")
        document["model"], document["made"] = taught.model, taught.made
        rows = CommentedSeq()
        for point in taught.points:
            row = CommentedSeq([round(100.0 * c, 2) + 0.0 for c in point])
            row.fa.set_flow_style()
            rows.append(row)
        document["points"] = rows
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(document, file)
    except YAMLError as error:
        raise BadInput(f"{path}: is there, and is no YAML: it was left as it is") from error
    except OSError as error:
        raise BadInput(f"{path}: cannot be written: {error.strerror or error}") from error


# in a protocol -------------------------------------------------------------------------------------------------------


def with_taught(
    kind: str, name: str, written: Any, where: str, findings: list[Finding], folder: Path = HERE
) -> Any:
    """The parameters as they are written, `taught: NAME_OR_PATH` replaced by the path's points.

    Only for exercises that take `points` and have no parameter `taught` of their own; what is wrong goes to `findings`.
    """
    if kind != "exercise" or not isinstance(written, Mapping) or "taught" not in written:
        return written
    parameters = registry.find(kind, name).parameters
    if "points" not in parameters or "taught" in parameters:
        return written
    rest = {key: value for key, value in written.items() if key != "taught"}
    try:
        taught = read_taught(str(written["taught"]), folder)
        text = short_text(taught.points, taught.tolerance)
    except Findings as error:
        for wrong in error.findings:
            line = f" (line {wrong.line} of {wrong.file})"
            findings.append(Finding(f"{where}.taught", f"{wrong.field}: {wrong.message}{line}", wrong.allowed))
        return rest
    except BadInput as error:
        found = Finding(f"{where}.taught", str(error), "rehab teach NAME makes one", value=str(written["taught"]))
        findings.append(found)
        return rest
    field = next(key for key, parameter in parameters.items() if "taught" in parameter.choices)
    between = "curve" if taught.kind == "path" else "straight"
    own = {field: "taught", "points": text, "between": between}
    if "tolerance" not in rest and "tolerance" in parameters:
        own["tolerance"] = units.show(taught.tolerance, "m")
    return {**own, **rest}
