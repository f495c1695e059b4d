"""Large answers for a patient: number, words, a face. Touched, chosen by key, or offered to one switch in turn."""

from __future__ import annotations

from gui.qt import Qt, QtCore, QtGui, QtWidgets, Signal
from gui.theme import CONTRAST, GRID, Theme
from gui.viewmodels.asked import Option
from gui.widgets.face import paint_face

LEAST = 72  # px
ONE_ROW = 5  # answers side by side; more make two rows, so that each is large
SMALL, LARGE = 18, 56  # px of type


class AnswerButton(QtWidgets.QAbstractButton):
    """Paints itself, so that all three parts scale with it.

    worded   there is room for words below, also where this one has none: so numbers stand in line
    offered  the switch would take this one now
    """

    def __init__(self, option: Option, *, worded: bool = False, theme: Theme = CONTRAST) -> None:
        super().__init__()
        self.option, self._worded, self._theme, self.offered = option, worded, theme, False
        self.setText(option.shown)
        self.setAccessibleName(option.says)
        self.setMinimumSize(LEAST, LEAST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QtWidgets.QSizePolicy.Policy
        self.setSizePolicy(policy.Expanding, policy.Expanding)

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802 - Qt's name
        return QtCore.QSize(LEAST, LEAST)

    def offer(self, offered: bool) -> None:
        if offered != self.offered:
            self.offered = offered
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = self._theme
        lit = self.offered or self.isDown()
        ground, ink = (theme.accent, theme.on_accent) if lit else (theme.surface, theme.text)
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        line = QtGui.QColor(theme.accent if self.hasFocus() or lit else theme.line)
        painter.setPen(QtGui.QPen(line, 6.0 if self.hasFocus() else 2.0))
        painter.setBrush(QtGui.QColor(ground))
        painter.drawRoundedRect(QtCore.QRectF(self.rect()).adjusted(3, 3, -3, -3), 12.0, 12.0)
        inner = QtCore.QRectF(self.rect()).adjusted(GRID, GRID, -GRID, -GRID)
        if self.option.face is not None:
            size = min(inner.width(), 0.4 * inner.height())
            paint_face(painter, QtCore.QRectF(inner.x(), inner.y() + GRID, inner.width(), size), self.option.face, ink,
                       ground)  # fmt: skip
            inner.setTop(inner.top() + size + 2 * GRID)
        self._write(painter, inner, ink)
        painter.end()

    def _write(self, painter: QtGui.QPainter, box: QtCore.QRectF, ink: str) -> None:
        painter.setPen(QtGui.QColor(ink))
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        words = self.option.words
        upper = QtCore.QRectF(box)
        if self._worded:
            upper.setHeight(0.5 * box.height())
        font = self._fitting(self.option.shown, upper, LARGE, bold=True)
        painter.setFont(font)
        painter.drawText(upper, flags, self.option.shown)
        if words:
            lower = box.adjusted(0, 0.5 * box.height(), 0, 0)
            painter.setFont(self._fitting(words, lower, SMALL + 4, bold=False))
            painter.drawText(lower, flags, words)

    def _fitting(self, words: str, box: QtCore.QRectF, most: int, *, bold: bool) -> QtGui.QFont:
        """The largest type in which the words fit, no word broken."""
        font, flags = QtGui.QFont(self.font()), int(Qt.TextFlag.TextWordWrap)
        font.setBold(bold)
        for size in range(most, 9, -1):
            font.setPixelSize(size)
            metrics = QtGui.QFontMetricsF(font)
            longest = max(metrics.horizontalAdvance(word) for word in words.split() or [""])
            needed = metrics.boundingRect(box, flags, words)
            if longest <= box.width() and needed.height() <= box.height():
                break
        return font


class Answers(QtWidgets.QWidget):
    """`chosen` gives the number of the answer."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[AnswerButton] = []
        self._rows = QtWidgets.QGridLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(GRID)

    def show_options(self, options: tuple[Option, ...], *, focus: bool) -> None:
        """Without scanning the first one has the focus: arrows go on, Enter gives it."""
        for button in self.buttons:
            self._rows.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [AnswerButton(option, worded=any(o.words for o in options)) for option in options]
        across = len(options) if len(options) <= ONE_ROW else (len(options) + 1) // 2
        for number, button in enumerate(self.buttons):
            button.clicked.connect(lambda _=False, number=number: self.chosen.emit(number))
            self._rows.addWidget(button, *divmod(number, across))
        for column in range(self._rows.columnCount()):
            self._rows.setColumnStretch(column, 1 if column < across else 0)
        if self.buttons and focus:
            self.buttons[0].setFocus()

    def show_offer(self, offer: int | None) -> None:
        for number, button in enumerate(self.buttons):
            button.offer(number == offer)
