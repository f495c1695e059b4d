"""Where what is printed or exported goes, and the CSV of a session's trials."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from rehab.core.errors import RehabError


def papers(out: Path | None) -> Path:
    """Beside the folder of the recordings, not in it: these name people."""
    from rehab.record.folder import sessions_root

    root = out if out is not None else sessions_root()
    return root.parent / "papers" if out is None else root / "papers"


def write_csv(path: Path, names: Sequence[str], rows: Sequence[tuple[int, str, str, Mapping[str, float]]]) -> Path:
    """Trial, block, outcome, then the measures in SI with all their digits. Raises RehabError."""
    from rehab.measures.trial import DESCRIPTIONS

    heads = [f"{name} [{DESCRIPTIONS[name].unit}]" if DESCRIPTIONS[name].unit else name for name in names]
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["trial", "block", "outcome", *heads])
            for number, block, outcome, measures in rows:
                values = [repr(measures[name]) if name in measures else "" for name in names]
                writer.writerow([number, block, outcome, *values])
    except OSError as error:
        raise RehabError(f"the table cannot be written to {path}: {error.strerror}") from error
    return path
