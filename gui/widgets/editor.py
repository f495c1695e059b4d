"""A text of YAML: line numbers, colours by kind, what is wrong beside its line, a list of what may stand here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from gui.i18n import tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import GRID, LIGHT, TARGET, Theme
from gui.viewmodels.completion import Offer
from gui.viewmodels.research import Note

KINDS = (  # the first that fits colours
    (re.compile(r"#.*$"), "muted"),
    (re.compile(r"\"[^\"]*\"|'[^']*'"), "good"),
    (re.compile(r"[&*][A-Za-z_]\w*"), "force"),
    (re.compile(r"[\w.-]+(?=:(\s|$))"), "first"),
    (re.compile(r"(?<![\w.])[-+]?\d[\d.]*(\s*(cm|mm|m|ms|s|min|deg|N|kN|Hz|J|W)(/\w+)?\b)?"), "second"),
)


class Colours(QtGui.QSyntaxHighlighter):
    def __init__(self, document: QtGui.QTextDocument) -> None:
        super().__init__(document)
        self.theme = LIGHT

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        taken = [False] * len(text)
        for pattern, name in KINDS:
            colour = QtGui.QTextCharFormat()
            colour.setForeground(QtGui.QColor(getattr(self.theme, name)))
            for found in pattern.finditer(text):
                if not any(taken[found.start() : found.end()]):
                    self.setFormat(found.start(), found.end() - found.start(), colour)
                    taken[found.start() : found.end()] = [True] * (found.end() - found.start())


class Numbers(QtWidgets.QWidget):
    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        self._editor.paint_numbers(self, event)


class Editor(QtWidgets.QPlainTextEdit):
    """Ctrl+Space, or typing a letter of a word, offers what may stand there; Enter or Tab takes it."""

    def __init__(self, complete: Callable[[int, int], list[Offer]]) -> None:
        super().__init__()
        self._complete, self._theme = complete, LIGHT
        self.notes: tuple[Note, ...] = ()
        self.setLineWrapMode(QtWidgets.QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        font = QtGui.QFontDatabase.systemFont(QtGui.QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(15)
        self.setFont(font)
        self.document().setDefaultFont(font)
        self.setStyleSheet(f"QPlainTextEdit {{ font-family: '{font.family()}'; font-size: 15px; padding: 0; }}")
        self.colours = Colours(self.document())
        self._numbers = Numbers(self)
        self.blockCountChanged.connect(lambda _: self._make_room())
        self.updateRequest.connect(self._scrolled)
        self.popup = QtWidgets.QListWidget(self.viewport())
        self.popup.setAccessibleName(tr("What may stand here"))
        self.popup.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.popup.itemClicked.connect(lambda item: self._take(item.text()))
        self.popup.hide()
        self._make_room()

    def dress(self, theme: Theme) -> None:
        self._theme = self.colours.theme = theme
        self.colours.rehighlight()
        self.show_notes(self.notes)

    def show_notes(self, notes: Sequence[Note]) -> None:
        """A wave under each place, and its words at the end of the line."""
        self.notes = tuple(notes)
        marks = []
        for note in notes:
            mark = QtWidgets.QTextEdit.ExtraSelection()
            mark.format.setUnderlineStyle(QtGui.QTextCharFormat.UnderlineStyle.WaveUnderline)
            mark.format.setUnderlineColor(QtGui.QColor(self._theme.second))
            block = self.document().findBlockByNumber(note.line)
            cursor = QtGui.QTextCursor(block)
            cursor.setPosition(block.position() + min(note.column, max(0, block.length() - 1)))
            cursor.movePosition(QtGui.QTextCursor.MoveOperation.EndOfBlock, QtGui.QTextCursor.MoveMode.KeepAnchor)
            mark.cursor = cursor
            marks.append(mark)
        self.setExtraSelections(marks)
        self.viewport().update()
        self._numbers.update()

    def go_to(self, note: Note) -> None:
        cursor = QtGui.QTextCursor(self.document().findBlockByNumber(note.line))
        cursor.movePosition(QtGui.QTextCursor.MoveOperation.Right, QtGui.QTextCursor.MoveMode.MoveAnchor, note.column)
        self.setTextCursor(cursor)
        self.setFocus()

    # offering -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:  # noqa: N802 - Qt's name
        key, popup = event.key(), self.popup
        if popup.isVisible():
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
                self._take(popup.currentItem().text())
                return
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                row = popup.currentRow() + (1 if key == Qt.Key.Key_Down else -1)
                popup.setCurrentRow(max(0, min(popup.count() - 1, row)))
                return
            if key == Qt.Key.Key_Escape:
                popup.hide()
                return
        asked = key == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if not asked:
            super().keyPressEvent(event)
        if asked or event.text().isalpha():
            self._offer()
        else:
            popup.hide()

    def focusOutEvent(self, event: QtGui.QFocusEvent) -> None:  # noqa: N802 - Qt's name
        self.popup.hide()
        super().focusOutEvent(event)

    def _offer(self) -> None:
        cursor = self.textCursor()
        found = self._complete(cursor.blockNumber(), cursor.positionInBlock())
        self.popup.setVisible(bool(found))
        if not found:
            return
        self.popup.clear()
        for offer in found:
            item = QtWidgets.QListWidgetItem(offer.word)
            item.setToolTip(offer.says)
            self.popup.addItem(item)
        self.popup.setCurrentRow(0)
        at, height = self.cursorRect(), min(4, len(found)) * (TARGET + 2 * GRID) + 2 * GRID
        below = self.viewport().height() - at.bottom() >= height
        self.popup.setGeometry(at.left(), at.bottom() if below else max(0, at.top() - height), 40 * GRID, height)

    def _take(self, word: str) -> None:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        typed = re.search(r"([\w.]*)$", before)
        cursor.insertText(word[len(typed[1]) if typed is not None else 0 :])
        self.setTextCursor(cursor)
        self.popup.hide()

    # painting -------------------------------------------------------------------------------------------------------

    def _room(self) -> int:
        return self.fontMetrics().horizontalAdvance("0" * max(3, len(str(self.blockCount())))) + 2 * GRID

    def _make_room(self) -> None:
        self.setViewportMargins(self._room(), 0, 0, 0)

    def _scrolled(self, area: QtCore.QRect, by: int) -> None:
        if by:
            self._numbers.scroll(0, by)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._numbers.setGeometry(inside.left(), inside.top(), self._room(), inside.height())

    def paint_numbers(self, widget: QtWidgets.QWidget, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(widget)
        painter.fillRect(event.rect(), QtGui.QColor(self._theme.ground))
        painter.setFont(self.font())
        wrong = {note.line for note in self.notes}
        for number, area in self._lines():
            painter.setPen(QtGui.QColor(self._theme.second if number in wrong else self._theme.muted))
            area = QtCore.QRectF(0, area.top(), widget.width() - GRID, area.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignRight, f"{'! ' if number in wrong else ''}{number + 1}")
        painter.end()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        words: dict[int, str] = {}
        for note in self.notes:
            words[note.line] = f"{words[note.line]} · {note.words}" if note.line in words else note.words
        painter = QtGui.QPainter(self.viewport())
        painter.setFont(self.font())
        painter.setPen(QtGui.QColor(self._theme.second))
        for number, area in self._lines():
            if number in words:
                text = self.document().findBlockByNumber(number).text()
                x = area.left() + self.fontMetrics().horizontalAdvance(text) + 3 * GRID
                painter.drawText(QtCore.QPointF(x, area.top() + self.fontMetrics().ascent()), f"◂ {words[number]}")
        painter.end()

    def _lines(self) -> list[tuple[int, QtCore.QRectF]]:
        block, found = self.firstVisibleBlock(), []
        offset = self.contentOffset()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(offset)
            if area.top() > self.viewport().height():
                break
            found.append((block.blockNumber(), area))
            block = block.next()
        return found
