"""What commands share: `--json [FILE]`, tables for people, a plug-in's own words, and a session's report."""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rehab.core.errors import BadInput

STDOUT = "-"


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        nargs="?",
        const=STDOUT,
        metavar="FILE",
        help="as JSON, into FILE or (without one) instead of the text",
    )


def write_json(value: Any, where: str) -> None:
    """Plain values as JSON, into a file or on stdout ("-"). Raises BadInput when the file cannot be written."""
    import msgspec

    data = msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"
    if where == STDOUT:
        sys.stdout.write(data)
        return
    try:
        Path(where).write_text(data, "utf-8")
    except OSError as error:
        raise BadInput(f"{where}: cannot be written: {error.strerror or error}") from error


def print_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table: drawn on a terminal, aligned columns elsewhere."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(*titles, box=None, pad_edge=False, header_style="bold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        Console().print(table)
        return
    widths = [max(len(row[column]) for row in [titles, *rows]) for column in range(len(titles))]
    for row in [titles, *rows]:
        print("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def docstring(plugin: Any) -> str:
    """What the plug-in says of itself: its module's docstring, where the equation is, and its own."""
    own = (
        inspect.cleandoc(plugin.__dict__.get("__doc__") or "")
        if inspect.isclass(plugin)
        else inspect.getdoc(plugin) or ""
    )
    module = inspect.getmodule(plugin)
    above = inspect.cleandoc((module.__doc__ if module is not None else None) or "")
    if inspect.isclass(plugin):
        return "\n\n".join(part for part in dict.fromkeys((above, own)) if part)
    return own or above


def first_line(plugin: Any) -> str:
    """One line for lists: the first of the plug-in's own docstring, else of its module's."""
    own = (plugin.__dict__.get("__doc__") if inspect.isclass(plugin) else inspect.getdoc(plugin)) or docstring(plugin)
    return next((line.strip() for line in own.splitlines() if line.strip()), "")


def report(folder: Path) -> Path:
    """The PDF of a closed session, beside its recording."""
    from rehab.record.recording import Recording
    from rehab.report import session_report

    return session_report(Recording.open(folder), folder / "report.pdf")
