"""`rehab analyse RECORDING...`: the numbers and the figure of the experiment that a recording holds."""

from __future__ import annotations

import argparse
from math import pi
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rehab.cli.output import STDOUT, add_json, print_table, write_json

if TYPE_CHECKING:
    from rehab.measures.analyses.recorded import Session
    from rehab.measures.analyses.result import Result, Row

HELP = "print what an experiment shows: adaptation, rotation, stiffness, catch angle, ..."
PNG = ".png"
ROUNDING = 1e-12  # a work of 1e-19 J is none
SHOWN = {"rad": (180.0 / pi, "°"), "m": (1000.0, "mm"), "m/s": (100.0, "cm/s"), "s": (1000.0, "ms")}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recordings", metavar="RECORDING", nargs="+", help="the folder of a session")
    parser.add_argument(
        "--as", dest="name", metavar="NAME",
        help="which analysis (rehab list analyses); without it, all that fit what was done",
    )  # fmt: skip
    parser.add_argument(
        "--with", dest="given", metavar="NAME=VALUE", action="append", default=[],
        help='a parameter of the analysis, with its unit, for example --with "forearm=34 cm"; may be given again',
    )  # fmt: skip
    parser.add_argument(
        "--figure", metavar="FILE|DIR", type=Path, help="draw it: into a PNG file, or one file a figure into a folder"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """0; 1 when one of the recordings holds nothing that can be analysed. Raises BadInput for what is no recording."""
    from rehab.core.errors import MeasureError

    given = _given(args.name, args.given)
    found: list[dict[str, Any]] = []
    code = 0
    for folder in args.recordings:
        session = _session(folder)
        names = [args.name] if args.name else fitting(session)
        if not names:
            print(f"{folder}: none of the analyses fits what was done there (rehab list analyses; --as NAME)")
            code = 1
        for name in names:
            try:
                result = _analysis(name, given).analyse(session)
            except MeasureError as error:
                print(f"{folder}: {name}: {error}")
                code = 1
                continue
            found.append({"recording": str(folder), "analysis": name, "result": result})
            if args.json != STDOUT:
                _print(str(folder), name, result)
    if args.json:
        write_json(found, args.json)
    if args.figure is not None:
        _draw(found, args.figure)
    return code


def fitting(session: Session) -> list[str]:
    """The special analyses that fit, or else the general ones."""
    from rehab.core import registry

    kinds = {name: registry.find("analysis", name) for name in registry.names("analysis")}
    fit = [name for name, kind in kinds.items() if kind().fits(session)]
    return [name for name in fit if not kinds[name].general] or fit


def _session(folder: str) -> Session:
    from rehab.core.errors import BadInput, RecordingError
    from rehab.measures.analyses.recorded import Session
    from rehab.record.recording import Recording

    try:
        return Session(Recording.open(folder))
    except RecordingError as error:
        raise BadInput(str(error)) from error


def _analysis(name: str, given: dict[str, Any]) -> Any:
    from rehab.core import registry

    return registry.find("analysis", name)(**given)


def _given(name: str | None, written: list[str]) -> dict[str, Any]:
    """Parameters in SI. Raises BadInput, or Findings."""
    from rehab.core import registry
    from rehab.core.errors import BadInput, Findings

    if not written:
        return {}
    if name is None:
        raise BadInput("--with needs --as: every analysis has parameters of its own")
    pairs = dict(text.partition("=")[::2] for text in written)
    parameters = registry.find("analysis", name).parameters
    values, findings = parameters.parse({key.strip(): value.strip() for key, value in pairs.items()})
    if findings:
        raise Findings(findings)
    return {key.strip(): values[key.strip()] for key in pairs}


def _print(folder: str, name: str, result: Result) -> None:
    known = any(row.expected is not None for row in result.rows)
    print(f"{folder}\n{name}: {result.verdict}\n")
    titles = ["", "value", "± 95 %", *(["expected", "by"] if known else [])]
    print_table(titles, [_cells(row)[: len(titles)] for row in result.rows])
    for words in result.missing:
        print(f"missing: {words}")
    print()


def _cells(row: Row) -> list[str]:
    expected = "" if row.expected is None else shown(row.expected, row.unit)
    spread = "" if row.spread is None else shown(row.spread, row.unit, digits=2)
    value = row.value if isinstance(row.value, str) else shown(row.value, row.unit)
    return [row.name, value, spread, expected, row.source]


def shown(value: float, unit: str, *, digits: int = 5) -> str:
    """With its unit; angles in degrees, ways in mm, and enough digits to compare with the literature."""
    scale, name = SHOWN.get(unit, (1.0, unit.replace("**2", "²").replace("*", "·")))
    value = scale * value if abs(value) > ROUNDING else 0.0
    return f"{value:.{digits}g} {name}".rstrip()


def _draw(found: list[dict[str, Any]], where: Path) -> None:
    """Raises BadInput for a file that is no PNG, several figures for one file, or a place that cannot be written."""
    from rehab.core.errors import BadInput
    from rehab.report.analysis import analysis_figure

    drawn = [one for one in found if one["result"].panels]
    if where.suffix.lower() == PNG and len(drawn) > 1:
        raise BadInput(f"{where}: there are {len(drawn)} figures; name a folder, or one analysis with --as")
    if where.suffix and where.suffix.lower() != PNG:
        raise BadInput(f'{where}: figures are PNG; name a file that ends in "{PNG}", or a folder')
    for one in drawn:
        name = f"{Path(one['recording']).resolve().name}-{one['analysis']}{PNG}"
        path = where if where.suffix else where / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(analysis_figure(one["result"].panels, title=f"{one['analysis']}: {one['result'].verdict}"))
        except OSError as error:
            raise BadInput(f"{path}: cannot be written: {error.strerror or error}") from error
        print(f"drawn: {path}")
