"""A table to read: named, by keyboard, numbers to the right; the twin of a plot."""

from __future__ import annotations

from collections.abc import Sequence

from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import GRID

ROW = 5 * GRID  # px
ALIGNED = Qt.AlignmentFlag


def fit_rows(table: QtWidgets.QTableWidget, column: int, least: int = ROW) -> None:
    """Rows as high as the words of that column need, broken into lines. Qt's own heights leave the margins out of what
    a line has, and what has no room then ends in "…"."""
    width, metrics = table.columnWidth(column), table.fontMetrics()
    for row in range(table.rowCount()):
        item, high = table.item(row, column), least
        if item is not None and not table.isColumnHidden(column):
            hint = table.sizeHintForIndex(table.indexFromItem(item))
            room = QtCore.QRect(0, 0, width - hint.width() + metrics.horizontalAdvance(item.text()), 10_000)
            lines = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, item.text()).height()
            high = max(least, lines + hint.height() - metrics.height())
        table.setRowHeight(row, high)


class Table(QtWidgets.QTableWidget):
    """`says` is its accessible name. Columns in `words` are texts, to the left; all others numbers, to the right. The
    `wide` one has the room that is left, in lines, and never less than its longest word; then it is moved sideways."""

    def __init__(self, says: str, *, words: Sequence[int] = (0,), wide: int = -1) -> None:
        super().__init__(0, 0)
        self._words, self._wide, self._all = frozenset(words), wide, False
        self.setAccessibleName(says)
        self.setEditTriggers(QtWidgets.QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QtWidgets.QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QtWidgets.QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setHorizontalScrollMode(QtWidgets.QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(ALIGNED.AlignLeft | ALIGNED.AlignVCenter)

    def fill(self, heads: Sequence[str], rows: Sequence[Sequence[str]], *, tips: Sequence[str] = ()) -> None:
        """Everything anew; the row that was chosen stays chosen."""
        at = self.currentRow()
        self.blockSignals(True)
        self.setColumnCount(len(heads))
        self.setRowCount(len(rows))
        for k, head in enumerate(heads):
            item = QtWidgets.QTableWidgetItem(head)
            if k < len(tips) and tips[k]:
                item.setToolTip(tips[k])
            item.setTextAlignment(self._alignment(k))
            self.setHorizontalHeaderItem(k, item)
        for i, row in enumerate(rows):
            for k, words in enumerate(row):
                item = QtWidgets.QTableWidgetItem(words)
                item.setTextAlignment(self._alignment(k))
                self.setItem(i, k, item)
        self.resizeColumnsToContents()
        header = self.horizontalHeader()
        modes = QtWidgets.QHeaderView.ResizeMode
        for k in range(len(heads)):
            header.setSectionResizeMode(k, modes.Stretch if k == self._wide else modes.ResizeToContents)
        self._fill_width()
        if self._wide >= 0:
            fit_rows(self, self._wide)
        if 0 <= at < len(rows):
            self.setCurrentCell(at, 0)
        self.blockSignals(False)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fill_width()
        if self._wide >= 0 and event.size().width() != event.oldSize().width():
            fit_rows(self, self._wide)
            if self._all:
                self.whole()

    def _fill_width(self) -> None:
        """Where there is room, the wide column takes it, or the first one: rows go from edge to edge."""
        if not self.columnCount():
            return
        header, modes = self.horizontalHeader(), QtWidgets.QHeaderView.ResizeMode
        shown = [k for k in range(self.columnCount()) if not self.isColumnHidden(k)]
        if self._wide in shown:
            others = sum(header.sectionSize(k) for k in shown if k != self._wide)
            least = max(self._longest_word(), header.sectionSizeHint(self._wide))
            if self.viewport().width() - others >= least:
                header.setSectionResizeMode(self._wide, modes.Stretch)
            else:
                header.setSectionResizeMode(self._wide, modes.Fixed)
                header.resizeSection(self._wide, least)
            return
        needed = sum(max(self.sizeHintForColumn(k), header.sectionSizeHint(k)) for k in shown)
        wanted = modes.Stretch if needed <= self.viewport().width() else modes.ResizeToContents
        if header.sectionResizeMode(0) != wanted:
            header.setSectionResizeMode(0, wanted)

    def whole(self) -> None:
        """As tall as its rows: the page scrolls, not the table."""
        self._all = True
        self._fill_width()
        rows = sum(self.rowHeight(k) for k in range(self.rowCount()))
        sideways = self._wide < 0 or self.horizontalHeader().length() > self.viewport().width()
        across = self.horizontalScrollBar().sizeHint().height() if sideways else 0
        self.setFixedHeight(max(rows, ROW) + self.horizontalHeader().sizeHint().height() + across + 4)

    def _longest_word(self) -> int:
        """px that the longest word of the wide column needs."""
        advance, longest = self.fontMetrics().horizontalAdvance, 0
        for row in range(self.rowCount()):
            item = self.item(row, self._wide)
            if item is not None and item.text().strip():
                margin = self.sizeHintForIndex(self.indexFromItem(item)).width() - advance(item.text())
                longest = max(longest, margin + max(map(advance, item.text().split())))
        return longest + GRID  # the margins of a broken line are a little wider than the hint has them

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = ALIGNED.AlignLeft if column in self._words else ALIGNED.AlignRight
        return side | ALIGNED.AlignVCenter
