"""Clinical scales as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rehab.clinic.records import ScaleEntry, ScaleKind
from rehab.clinic.service import Service


class Scales(Service):
    """acting.scales"""

    def kinds(self) -> tuple[ScaleKind, ...]:
        """What can be entered."""
        raise NotImplementedError

    def kind(self, name: str) -> ScaleKind:
        """One by name: fma_ue, ashworth, arat, box_and_block, nrs, barthel."""
        raise NotImplementedError

    def enter(self, patient: str, kind: str, value: float | str | None = None, *, group: str = "", parts: Mapping[str, float] | None = None, on: date | None = None, remarks: str = "") -> ScaleEntry:
        """A result: a number, a grade ("1+"), or subscores whose sum it is. Raises Findings outside the scale's range."""
        raise NotImplementedError

    def withdraw(self, entry: int, *, reason: str) -> None:
        """Entered by mistake; it stays in the history."""
        raise NotImplementedError

    def list(self, patient: str, kind: str = "", *, group: str = "") -> tuple[ScaleEntry, ...]:
        """Those that hold, oldest first."""
        raise NotImplementedError
