"""PDF reports. Importing this package is cheap; drawing loads matplotlib and reportlab."""

from __future__ import annotations

from pathlib import Path

from rehab.report.recorded import Recorded

__all__ = ["Recorded", "session_report"]


def session_report(recording: Recorded, path: Path) -> Path:
    """Write the A4 report of one session to `path` and return it; see rehab.report.session."""
    from rehab.report.session import write

    return write(recording, Path(path))
