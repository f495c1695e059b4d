"""What every page must keep, as functions that name each offence: names, sizes, whole texts, both languages.

A window of 853 × 533 is a screen of 1280 × 800 at 150 %: Qt lays out in logical pixels.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import TARGET
from gui.widgets.fitting import Fitting

ROOT = Path(__file__).parents[2]
SCREENS = {
    "1280×800": (1280, 800), "1920×1080": (1920, 1080),
    "1280×800 at 150 %": (853, 533), "1920×1080 at 150 %": (1280, 720),
}  # fmt: skip
INTERACTIVE = (
    QtWidgets.QAbstractButton, QtWidgets.QLineEdit, QtWidgets.QComboBox, QtWidgets.QAbstractSpinBox,
    QtWidgets.QAbstractSlider, QtWidgets.QAbstractItemView, QtWidgets.QPlainTextEdit, QtWidgets.QTextEdit,
    QtWidgets.QTabBar,
)  # fmt: skip
INNER = (QtWidgets.QScrollBar, QtWidgets.QHeaderView)  # parts of other widgets
SLACK = 1  # px that rounding may take
SHOWING = {
    "text", "far", "title", "muted", "Problem", "Card", "field", "QLabel", "IconButton", "QPushButton", "QCheckBox",
    "QRadioButton", "setText", "setAccessibleName", "setAccessibleDescription", "setToolTip", "setPlaceholderText",
    "setWindowTitle", "setTitle", "addTab", "addItem", "say", "announce", "setSuffix", "setPrefix", "setStatusTip",
}  # fmt: skip


def shown(root: QtWidgets.QWidget) -> Iterator[QtWidgets.QWidget]:
    for widget in (root, *root.findChildren(QtWidgets.QWidget)):
        if widget.isVisibleTo(root) and (widget is root or widget.isVisible()):
            yield widget


def controls(root: QtWidgets.QWidget) -> Iterator[QtWidgets.QWidget]:
    """What a person can act on, the outermost of each."""
    for widget in shown(root):
        inner = any(isinstance(p, INTERACTIVE) and not isinstance(p, INNER) for p in _parents(widget, root))
        if isinstance(widget, INTERACTIVE) and not isinstance(widget, INNER) and not inner:
            yield widget


def without_a_name(root: QtWidgets.QWidget) -> list[str]:
    found = []
    for widget in controls(root):
        interface = QtGui.QAccessible.queryAccessibleInterface(widget)
        if interface is None or not interface.text(QtGui.QAccessible.Text.Name).strip():
            found.append(about(widget))
    return found


def too_small(root: QtWidgets.QWidget) -> list[str]:
    return [
        f"{about(w)}: {w.width()} × {w.height()} px"
        for w in controls(root)
        if w.height() < TARGET - SLACK or w.width() < TARGET - SLACK
    ]


def not_by_keyboard(root: QtWidgets.QWidget) -> list[str]:
    """Enabled, and the Tab key does not come to it."""
    return [
        about(w)
        for w in controls(root)
        if w.isEnabled()
        and not (w.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and not any(child.focusPolicy() & Qt.FocusPolicy.TabFocus for child in w.findChildren(QtWidgets.QWidget))
    ]


def cut_off(root: QtWidgets.QWidget) -> list[str]:
    """Texts that have not all their room, and widgets that stick out of the window sideways."""
    found = []
    for widget in shown(root):
        lacks = _lack(widget)
        if lacks:
            found.append(f"{about(widget)}: {lacks}")
        right = widget.mapTo(root, widget.rect().topRight()).x()
        scrolled = any(isinstance(p, QtWidgets.QAbstractScrollArea) and _sideways(p) for p in _parents(widget, root))
        if right > root.width() and not scrolled and isinstance(widget, (*INTERACTIVE, QtWidgets.QLabel)):
            found.append(f"{about(widget)}: sticks out of the window by {right - root.width()} px")
    return found


def _sideways(area: QtWidgets.QAbstractScrollArea) -> bool:
    return area.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff


def _lack(widget: QtWidgets.QWidget) -> str:
    if isinstance(widget, Fitting):
        return "" if widget.shown in (*widget.forms, "") else f"no room for {widget.forms[-1]!r}"
    if isinstance(widget, QtWidgets.QLabel) and widget.text():
        if widget.wordWrap():
            words = re.split(r"[\s\u200b]+", widget.text())  # at a space of no width a line may break too
            longest = max(widget.fontMetrics().horizontalAdvance(word) for word in words)
            room = widget.contentsRect().width()
            if longest > room + SLACK:
                return f"a word of {longest} px in {room} px"
            needed, there = widget.heightForWidth(widget.width()), widget.height()
            return f"{there} px high, needs {needed}" if there + SLACK < needed else ""
        needed, there = widget.sizeHint().width(), widget.width()
        if there + SLACK < needed:
            return f"{there} px wide, needs {needed}"
        needed, there = widget.sizeHint().height(), widget.height()
        return f"{there} px high, needs {needed}" if there + SLACK < needed else ""
    if isinstance(widget, (QtWidgets.QPushButton, QtWidgets.QCheckBox, QtWidgets.QRadioButton)) and widget.text():
        needed, there = widget.minimumSizeHint(), widget.size()
        if there.width() + SLACK < needed.width():
            return f"{there.width()} px wide, needs {needed.width()}"
        return f"{there.height()} px high, needs {needed.height()}" if there.height() + SLACK < needed.height() else ""
    if isinstance(widget, QtWidgets.QTabBar):
        for k in range(widget.count()):
            needed = widget.fontMetrics().horizontalAdvance(widget.tabText(k))
            if widget.tabRect(k).width() < needed:
                return f'the tab "{widget.tabText(k)}" is {widget.tabRect(k).width()} px wide, needs {needed}'
    if isinstance(widget, QtWidgets.QTableView):
        return _lack_of_columns(widget)
    if isinstance(widget, QtWidgets.QComboBox):
        needed, room = widget.fontMetrics().horizontalAdvance(widget.currentText()), _beside_the_arrow(widget)
        if room + SLACK < needed:
            return f'"{widget.currentText()}" needs {needed} px, has {room}'
    if isinstance(widget, QtWidgets.QLineEdit) and widget.placeholderText() and not widget.text():
        needed = widget.fontMetrics().horizontalAdvance(widget.placeholderText())
        if widget.width() < needed:
            return f'"{widget.placeholderText()}" needs {needed} px, has {widget.width()}'
    return ""


def _lack_of_columns(table: QtWidgets.QTableView) -> str:
    """Heads and cells that are cut off; a table that can be moved sideways may be wider than its window."""
    model, head = table.model(), table.horizontalHeader()
    for column in range(model.columnCount()):
        if table.isColumnHidden(column):
            continue
        words = model.headerData(column, Qt.Orientation.Horizontal)
        room = head.sectionSize(column)
        if table.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            room = min(room, table.viewport().width() - table.columnViewportPosition(column))
        if not head.isHidden() and head.sectionSizeHint(column) > room + SLACK:
            return f'the head "{words}" needs {head.sectionSizeHint(column)} px, has {room}'
        for row in range(model.rowCount()):
            if lacks := _lack_of_cell(table, model.index(row, column), room):
                return lacks
    return ""


def _lack_of_cell(table: QtWidgets.QTableView, index: QtCore.QModelIndex, room: int) -> str:
    """In its own words: they may be broken into lines where the table does so and the row is high enough."""
    words, metrics, height = str(index.data() or ""), table.fontMetrics(), table.rowHeight(index.row())
    needed = table.sizeHintForIndex(index)
    if needed.width() <= room + SLACK or not words:
        return ""
    inside = room - max(0, needed.width() - metrics.horizontalAdvance(words))
    longest = max(map(metrics.horizontalAdvance, words.split()))
    if not table.wordWrap() or longest > inside:
        return f'"{words}" needs {longest} px, has {inside}'
    lines = metrics.boundingRect(QtCore.QRect(0, 0, inside, 10_000), Qt.TextFlag.TextWordWrap, words).height()
    return f'"{words}" needs {lines} px of height, has {height}' if lines > height + SLACK else ""


def _beside_the_arrow(box: QtWidgets.QComboBox) -> int:
    """px that a combo box has for its words."""
    option = QtWidgets.QStyleOptionComboBox()
    box.initStyleOption(option)
    style = QtWidgets.QStyle
    part = style.SubControl.SC_ComboBoxEditField
    return box.style().subControlRect(style.ComplexControl.CC_ComboBox, option, part, box).width()


def literal_texts(folder: Path) -> list[str]:
    """Places in code where a text is shown that did not go through tr, trn, mark or own."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in SHOWING:
                continue
            for argument in (*node.args, *(k.value for k in node.keywords if k.arg in ("says", "heading", "words"))):
                if words := _words(argument):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {name}({words!r})")
    return found


def _words(node: ast.expr) -> str:
    """The letters in a literal or an f-string, "" for none; the name of an icon is not a text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if _is_text(node.value) else ""
    if isinstance(node, ast.JoinedStr):
        fixed = " ".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
        return fixed if _is_text(fixed) else ""
    if isinstance(node, ast.IfExp):
        return _words(node.body) or _words(node.orelse)
    return ""


def _is_text(words: str) -> bool:
    return sum(c.isalpha() for c in words) > 2 and not words.startswith(("fa6", "#"))


def about(widget: QtWidgets.QWidget) -> str:
    """Enough to find it."""
    words = getattr(widget, "text", lambda: "")()
    words = (words if isinstance(words, str) else "") or widget.accessibleName() or widget.objectName()
    return f"{type(widget).__name__} {words[:50]!r}"


def _parents(widget: QtWidgets.QWidget, root: QtWidgets.QWidget) -> Iterator[QtWidgets.QWidget]:
    parent = widget.parentWidget()
    while parent is not None and widget is not root:
        yield parent
        if parent is root:
            return
        parent = parent.parentWidget()
