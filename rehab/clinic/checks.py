"""Devices are checked once a day, before the first patient: who did, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from rehab.clinic.models import DeviceCheckRow
from rehab.clinic.records import DeviceCheck
from rehab.clinic.service import Service, Work, day_bounds, text
from rehab.core.errors import BadInput


class Checks(Service):
    """acting.checks"""

    def today(self, device: str) -> DeviceCheck | None:
        """The newest check of that device (its address) today."""
        with self._acts("checks.today") as work:
            begin, end = day_bounds(None, work.now)
            rows = select(DeviceCheckRow).where(
                DeviceCheckRow.device == device, DeviceCheckRow.at >= begin, DeviceCheckRow.at < end
            )
            row = work.db.scalar(rows.order_by(DeviceCheckRow.at.desc()).limit(1))
            return _check(work, row) if row is not None else None

    def keep(self, device: str, results: Mapping[str, str]) -> DeviceCheck:
        """It was checked just now."""
        with self._acts("checks.keep", detail=device) as work:
            if not results:
                raise BadInput("a check has results: what was checked, and what came of it")
            row = DeviceCheckRow(
                device=text(device, "device", needed=True), results=dict(results), at=work.now, by=work.user.id
            )
            work.db.add(row)
            work.db.flush()
            return _check(work, row)


def _check(work: Work, row: DeviceCheckRow) -> DeviceCheck:
    return DeviceCheck(row.id, row.device, dict(row.results), row.at, work.name(row.by))
