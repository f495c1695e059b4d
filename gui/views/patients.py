"""Find a patient: type, go down with the arrow, open with Enter; or click."""

from __future__ import annotations

from typing import Any

from gui.i18n import shown_date, tr, trn
from gui.qt import Qt, QtGui, QtWidgets
from gui.viewmodels.desk import Desk
from gui.viewmodels.patients import Patients
from gui.viewmodels.person import SIDES
from gui.views.model_page import ModelPage
from gui.widgets.columns import Columns
from gui.widgets.plain import Row, field, hint, muted, text
from gui.widgets.table import fit_rows
from gui.widgets.tick import Tick

DIAGNOSIS = 3  # the column that takes what room there is
SPARE = (4, DIAGNOSIS)  # left out where there is no room, the last session first
ROW = 56  # px
CODE = Qt.ItemDataRole.UserRole


class PatientList(QtWidgets.QTableWidget):
    """Whole columns or none: nobody is told from another by half a code."""

    def __init__(self) -> None:
        super().__init__(0, 6)
        self.setAccessibleName(tr("Patients found"))
        self.setHorizontalHeaderLabels(
            [tr("Name"), tr("Birth date"), tr("Side"), tr("Diagnosis"), tr("Last session"), tr("Code")]
        )
        self.setEditTriggers(QtWidgets.QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QtWidgets.QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QtWidgets.QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QtWidgets.QHeaderView.ResizeMode.ResizeToContents)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Leave out what has no room; what remains is spread by the diagnosis, which may be wrapped, or the name."""
        header, modes = self.horizontalHeader(), QtWidgets.QHeaderView.ResizeMode
        shown = set(range(self.columnCount()))
        for column in SPARE:
            self.setColumnHidden(column, False)
        for column in SPARE:
            if sum(map(self._needed, shown)) > self.viewport().width():
                shown.remove(column)
                self.setColumnHidden(column, True)
        spreads = DIAGNOSIS if DIAGNOSIS in shown else 0
        for column in shown:
            header.setSectionResizeMode(column, modes.Stretch if column == spreads else modes.ResizeToContents)
        fit_rows(self, DIAGNOSIS, least=ROW)

    def _needed(self, column: int) -> int:
        words = 0 if column == DIAGNOSIS else self.sizeHintForColumn(column)
        return max(words, self.horizontalHeader().sectionSizeHint(column))


class Search(QtWidgets.QLineEdit):
    """Arrow down goes into the list, Enter opens its first line."""

    def __init__(self, listed: QtWidgets.QTableWidget) -> None:
        super().__init__()
        self._listed = listed
        self.setClearButtonEnabled(False)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Down and self._listed.rowCount():
            self._listed.setFocus()
            self._listed.setCurrentCell(max(0, self._listed.currentRow()), 0)
            return
        super().keyPressEvent(event)


class PatientsPage(ModelPage):
    SCROLLS = False
    model: Patients

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Patients(desk))
        self.list = PatientList()
        self.search = Search(self.list)
        hint(self.search, tr("Name, birth date or code"))
        self.mine = Tick(tr("Only my caseload"))
        self.new = self.button(tr("New patient"), "fa6s.user-plus", lambda: desk.go("new_patient"))
        self.worklist = self.button(
            tr("Import a worklist"), "fa6s.file-import", lambda: desk.go("new_patient", part="worklist")
        )
        ways = Row()
        for widget in (self.mine, self.new, self.worklist):
            ways.addWidget(widget, 0, Qt.AlignmentFlag.AlignBottom)
        self.count, self.empty = muted(tr("Loading"), wrap=False), text()
        self.column.addWidget(Columns((field(tr("Find a patient"), self.search), 1), (ways, 0)))
        self.column.addWidget(self.count)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.empty)
        self.column.addStretch(0)
        self.search.textChanged.connect(self.model.type)
        self.search.returnPressed.connect(self._open_first)
        self.mine.toggled.connect(self.model.show_mine)
        self.list.itemActivated.connect(self._open)
        self.list.itemClicked.connect(self._open)

    @property
    def title(self) -> str:
        return tr("Patients")

    def enter(self, **what: Any) -> None:
        self.model.load()
        self.search.setFocus()
        self.search.selectAll()

    def refresh(self) -> None:
        self.model.refresh()
        super().refresh()

    def fill(self) -> None:
        found = self.model.found
        if found is None:
            return
        self.count.setText(trn("{n} patient", "{n} patients", len(found)))
        row = self.list.currentRow()
        self.list.setRowCount(len(found))
        for k, line in enumerate(found):
            last = shown_date(line.last_session.astimezone().date()) if line.last_session is not None else ""
            about = line.diagnosis if line.readable else tr("No access")
            tip = about if line.readable else tr("No access: a colleague who has them can give it")
            texts = (line.full_name, shown_date(line.birth_date), tr(SIDES[line.side]), about, last, line.patient)
            for column, words in enumerate(texts):
                item = QtWidgets.QTableWidgetItem(words)
                item.setData(CODE, line.patient)
                item.setToolTip(tip if column == DIAGNOSIS else words)
                self.list.setItem(k, column, item)
        if 0 <= row < len(found):
            self.list.setCurrentCell(row, 0)
        self.list.fit()
        self.list.setVisible(bool(found))
        self.empty.setText(self.model.empty_words)
        self.empty.setVisible(not found)

    def _open_first(self) -> None:
        if item := self.list.item(max(0, self.list.currentRow()), 0):
            self._open(item)

    def _open(self, item: QtWidgets.QTableWidgetItem) -> None:
        self.desk.go("patient", patient=item.data(CODE))
