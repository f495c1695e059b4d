"""A form made from fields: spin boxes with units, choices, ticks, texts; under each what it says and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from gui.i18n import language, shown_digits, tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import GRID
from gui.viewmodels.form import FAR, FormField, wrong_at
from gui.widgets.plain import clear, muted, text
from gui.widgets.tick import Tick
from rehab.core.errors import Finding
from rehab.core.units import beside

AROUND = 9 * GRID  # px: what a combo box has beside its words: padding and arrow
LOCALES = {"en": "en_GB", "it": "it_IT"}


class Spin(QtWidgets.QDoubleSpinBox):
    """Turned by the wheel only while it has the focus: a page that is scrolled must change nothing. Shows the decimal
    mark of the language in use; a comma and a point are both read."""

    def __init__(self) -> None:
        super().__init__()
        locale = QtCore.QLocale(LOCALES.get(language(), "en_GB"))
        locale.setNumberOptions(QtCore.QLocale.NumberOption.OmitGroupSeparator)
        self.setLocale(locale)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(GRID, 0, 0, 0)

    def validate(self, text: str, at: int) -> tuple[QtGui.QValidator.State, str, int]:
        return super().validate(self._marked(text), at)

    def valueFromText(self, text: str) -> float:  # noqa: N802
        return super().valueFromText(self._marked(text))

    def _marked(self, text: str) -> str:
        """With the locale's decimal mark; a unit such as "N.s/m" is none of the number."""
        end = len(text) - len(self.suffix()) if self.suffix() and text.endswith(self.suffix()) else len(text)
        return re.sub("[.,]", self.locale().decimalPoint(), text[:end]) + text[end:]

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:  # noqa: N802 - Qt's name
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Choice(QtWidgets.QComboBox):
    """As Spin; never narrower than what is chosen, and as wide as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.view().setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.currentTextChanged.connect(lambda _: self.updateGeometry())

    def choose(self, value: object) -> None:
        """Show the item of that data, as nobody's act."""
        with QtCore.QSignalBlocker(self):
            self.setCurrentIndex(self.findData(value))
        self.updateGeometry()

    def minimumSizeHint(self) -> QtCore.QSize:  # noqa: N802
        least = super().minimumSizeHint()
        words = self.fontMetrics().horizontalAdvance(self.currentText()) + AROUND
        return QtCore.QSize(max(least.width(), words), least.height())

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:  # noqa: N802 - Qt's name
        event.ignore()


class Form(QtWidgets.QWidget):
    """`show_fields` fills it; widgets stay while the fields are the same, so that typing is not disturbed.

    change  (field, value) -> None, as it is typed; numbers in the field's unit
    """

    def __init__(self, change: Callable[[FormField, Any], None], columns: int = 2) -> None:
        super().__init__()
        self._change, self._columns = change, columns
        self._shape: tuple[Any, ...] = ()
        self.fields: dict[str, FormField] = {}
        self.widgets: dict[str, QtWidgets.QWidget] = {}  # by path
        self._wrong: dict[str, QtWidgets.QLabel] = {}
        self._limits: dict[str, QtWidgets.QLabel] = {}
        self._grid = QtWidgets.QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(GRID)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def show_fields(self, fields: Sequence[FormField], findings: tuple[Finding, ...] = ()) -> None:
        shape = tuple((f.path, f.kind, f.unit, f.options) for f in fields)
        if shape != self._shape:
            self._shape = shape
            self._make(fields)
        for field in fields:
            self.fields[field.path] = field
            _put(self.widgets[field.path], field)
            wrong = wrong_at(findings, field.path)
            self._wrong[field.path].setText(wrong)
            self._wrong[field.path].setVisible(bool(wrong))
            self._limits[field.path].setText(field.limit)
            self._limits[field.path].setVisible(bool(field.limit))

    def widget(self, name: str) -> QtWidgets.QWidget:
        """That of the field called so."""
        return next(w for path, w in self.widgets.items() if path.rpartition(".")[2] == name)

    def _make(self, fields: Sequence[FormField]) -> None:
        clear(self._grid)
        self.fields, self.widgets, self._wrong, self._limits = {}, {}, {}, {}
        for k, field in enumerate(fields):
            self._grid.addLayout(self._cell(field), k // self._columns, k % self._columns)

    def _cell(self, field: FormField) -> QtWidgets.QVBoxLayout:
        widget = self._widget(field)
        widget.setAccessibleName(field.label)
        widget.setAccessibleDescription(field.says)
        label = text(field.label)
        label.setBuddy(widget)
        wrong, limit = text(), muted()
        wrong.setProperty("notice", True)
        self.widgets[field.path], self._wrong[field.path], self._limits[field.path] = widget, wrong, limit
        cell = QtWidgets.QVBoxLayout()
        cell.setSpacing(GRID // 2)
        cell.addWidget(label)
        cell.addWidget(widget)
        for below in (limit, wrong):
            below.hide()
            cell.addWidget(below)
        cell.addStretch(1)  # an alignment to the top would forget that wrapped words get taller
        ends = _ends(field)
        widget.setToolTip("\n".join(part for part in (field.says, ends) if part))
        return cell

    def _widget(self, field: FormField) -> QtWidgets.QWidget:
        changed = partial(self._changed, field.path)
        if field.kind == "choice":
            box = Choice()
            for value, words in field.options:
                box.addItem(words, value)
            box.currentIndexChanged.connect(lambda index: changed(box.itemData(index)))
            return box
        if field.kind == "flag":
            tick = Tick(tr("Yes"))
            tick.toggled.connect(changed)
            return tick
        if field.kind == "text":
            line = QtWidgets.QLineEdit()
            line.editingFinished.connect(lambda: changed(line.text()))
            return line
        spin = Spin()
        spin.valueChanged.connect(changed)
        return spin

    def _changed(self, path: str, value: Any) -> None:
        self._change(self.fields[path], value)


def _put(widget: QtWidgets.QWidget, field: FormField) -> None:
    """The field's value, unless it is the one being typed."""
    block = QtCore.QSignalBlocker(widget)
    if isinstance(widget, Choice):
        widget.choose(field.value)
    elif isinstance(widget, QtWidgets.QCheckBox):
        widget.setChecked(bool(field.value))
    elif isinstance(widget, QtWidgets.QLineEdit):
        if not widget.hasFocus():
            widget.setText(str(field.value))
    elif isinstance(widget, QtWidgets.QDoubleSpinBox):
        if not widget.hasFocus() or not widget.suffix():
            widget.setDecimals(max(field.digits, widget.decimals() if widget.hasFocus() else 0))
            widget.setRange(field.least, field.most)
            widget.setSingleStep(field.step)
            widget.setSuffix(beside(field.unit))
        if not (widget.hasFocus() and abs(widget.value() - field.value) < 0.5 * field.step):
            widget.setValue(field.value)
    block.unblock()


def _ends(field: FormField) -> str:
    if field.kind not in ("quantity", "number", "integer") or field.most >= FAR or field.least <= -FAR:
        return ""
    return tr("{least} to {most} {unit}, usually {default}", least=shown_digits(field.least),
              most=shown_digits(field.most), unit=field.unit, default=shown_digits(field.default))  # fmt: skip
