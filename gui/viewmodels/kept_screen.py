"""How a patient's screen is set: read when their visit begins, and kept for their next ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict, fields

from gui.i18n import tr
from gui.viewmodels.screen_settings import ScreenSettings

if TYPE_CHECKING:
    from gui.viewmodels.visit import Visit
    from rehab.clinic.records import Screen

SETTINGS = {field.name for field in fields(ScreenSettings)}


class KeptScreen:
    """As it was set for this patient; of the one before nothing stays."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._kept: Screen | None = None  # of the store
        acting, code, desk = visit.acting, visit.patient.patient, visit.desk
        desk.screen.settings, desk.screen.chosen = ScreenSettings(), False

        def have(screen: Screen | None) -> None:
            self._kept = screen
            if screen is None or desk.screen.chosen:  # somebody was quicker
                return
            desk.screen.choose(**{name: value for name, value in screen.settings.items() if name in SETTINGS})
            if screen.alone and visit.waits_for_start:
                visit.alone.allow(True)

        visit.ask(tr("Reading how the screen is set"), lambda: acting.charts.screen(code), have)

    def keep(self) -> None:
        """The settings hold for this patient's next sessions too; written down where they have changed."""
        from rehab.clinic.records import Screen

        visit = self._visit
        settings, alone = asdict(visit.desk.screen.settings), visit.alone.allowed
        before = self._kept
        if before is not None and (before.settings, before.alone) == (settings, alone):
            return
        self._kept = Screen(settings, alone)
        acting, code = visit.acting, visit.patient.patient
        visit.ask(tr("Saving"), lambda: acting.charts.set_screen(code, settings, alone=alone))
