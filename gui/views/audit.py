"""Who looked: the answer to a patient who asks, for administrators."""

from __future__ import annotations

from typing import Any

from gui.i18n import shown_date, shown_time, tr, trn
from gui.qt import Qt, QtCore
from gui.viewmodels.audit import MOST, AuditModel
from gui.viewmodels.desk import Desk
from gui.views.model_page import ModelPage
from gui.widgets.columns import Columns
from gui.widgets.form import Choice
from gui.widgets.plain import Row, field, muted
from gui.widgets.table import Table
from gui.widgets.tick import Tick

WHAT = 2


class AuditPage(ModelPage):
    SCROLLS = False
    model: AuditModel

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, AuditModel(desk))
        self.patient, self.refused = Choice(), Tick(tr("Refused only"))
        self.patient.currentIndexChanged.connect(lambda index: self.model.choose(self.patient.itemData(index) or ""))
        self.refused.toggled.connect(self.model.show_refused)
        self.count = muted(tr("Loading"))
        self.table = Table(tr("Who did what, newest first"), words=(0, 1, 2, 3, 4), wide=WHAT)
        ways = Row(self.refused)
        ways.setAlignment(Qt.AlignmentFlag.AlignBottom)
        self.column.addWidget(Columns((field(tr("Whose data"), self.patient), 1), (ways, 0)))
        self.column.addWidget(self.count)
        self.column.addWidget(self.table, 1)

    @property
    def title(self) -> str:
        return tr("Who looked")

    def enter(self, patient: str = "", **what: Any) -> None:
        self.model.patient = patient or self.model.patient
        self.model.load()

    def fill(self) -> None:
        model = self.model
        if self.patient.count() != len(model.patients) + 1:
            with QtCore.QSignalBlocker(self.patient):
                self.patient.clear()
                self.patient.addItem(tr("Everybody"), "")
                for line in model.patients:
                    self.patient.addItem(f"{line.full_name} · {line.patient}", line.patient)
                self.patient.setCurrentIndex(max(0, self.patient.findData(model.patient)))
        rows = model.shown
        words = trn("{n} entry", "{n} entries", len(rows))
        if not model.patient and len(model.rows or ()) == MOST:
            words = tr("The newest {n} entries; choose a patient for all of theirs", n=MOST)
        self.count.setText(tr("Loading") if model.rows is None else words)
        self.table.fill(
            [tr("When"), tr("Who"), tr("What"), tr("Whose data"), tr("Allowed")],
            [
                [f"{shown_date(row.at.astimezone().date())} {shown_time(row.at.astimezone())}", row.user,
                 row.says or row.what, row.patient, tr("refused") if row.refused else tr("yes")]
                for row in rows
            ],
        )  # fmt: skip
