"""Clinical scales of a patient: enter one, see what was entered, withdraw what was entered by mistake."""

from __future__ import annotations

from functools import partial
from typing import Any

from gui.i18n import shown_date, shown_digits, tr
from gui.qt import Qt, QtWidgets
from gui.theme import GRID
from gui.viewmodels.desk import Desk
from gui.viewmodels.scales import ScalesModel, group_title, scale_title
from gui.views.model_page import ModelPage
from gui.widgets.plain import Card, Problem, Row, clear, field, muted, text, title
from gui.widgets.table import Table

ID = Qt.ItemDataRole.UserRole


class ScalesPage(ModelPage):
    model: ScalesModel

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, ScalesModel(desk))
        self._form_of: tuple[str, str, str] | None = None
        self.fields: dict[str, QtWidgets.QWidget] = {}
        self.wrongs: dict[str, Problem] = {}
        self.loading = muted(tr("Loading"))
        self.column.addWidget(self.loading)
        both = QtWidgets.QHBoxLayout()
        both.setSpacing(2 * GRID)
        both.addWidget(self._entry(), 1, Qt.AlignmentFlag.AlignTop)
        both.addWidget(self._history(), 1, Qt.AlignmentFlag.AlignTop)
        self.whole = QtWidgets.QWidget()
        both.setContentsMargins(0, 0, 0, 0)
        self.whole.setLayout(both)
        self.column.addWidget(self.whole)
        self.column.addStretch(1)
        self.whole.hide()

    @property
    def title(self) -> str:
        return tr("Clinical scales")

    def enter(self, patient: str = "", **what: Any) -> None:
        self.model.load(patient or self.model.code)

    # parts ----------------------------------------------------------------------------------------------------------

    def _entry(self) -> Card:
        card = Card(tr("Enter a result"))
        self.kind, self.group = QtWidgets.QComboBox(), QtWidgets.QComboBox()
        self.kind.activated.connect(lambda k: self.model.choose(self.kind.itemData(k)))
        self.group.activated.connect(lambda k: self.model.choose(self.kind.currentData(), self.group.itemData(k)))
        self.group_box = QtWidgets.QWidget()
        inside = field(tr("Muscle group"), self.group)
        inside.setContentsMargins(0, 0, 0, 0)
        self.group_box.setLayout(inside)
        self.form = QtWidgets.QGridLayout()
        self.form.setSpacing(GRID)
        self.total = title(says=tr("Sum"))
        self.least, self.saved = muted(), text()
        self.save = self.button(tr("Save"), "fa6s.check", self.model.save, kind="go")
        card.inside.addLayout(field(tr("Scale"), self.kind))
        card.inside.addWidget(self.group_box)
        card.inside.addLayout(self.form)
        card.inside.addWidget(self.total)
        card.inside.addWidget(self.least)
        card.inside.addLayout(Row(self.save, None))
        card.inside.addWidget(self.saved)
        return card

    def _history(self) -> Card:
        card = Card(tr("Entered before"))
        self.verdict = text()
        self.none = muted(tr("Nothing of this scale was entered yet: enter the first result."))
        self.table = Table(tr("Results of this scale"), words=(0, 2, 3, 4), wide=4)
        self.table.itemSelectionChanged.connect(self._may_withdraw)
        self.reason = QtWidgets.QLineEdit()
        self.reason.textChanged.connect(self._may_withdraw)
        self.withdraw = self.button(tr("Withdraw the chosen one"), "fa6s.eraser", self._withdraw)
        self.put_back = self.button(tr("Put it back"), "fa6s.rotate-left", self.model.put_back)
        self.withdraw_box = QtWidgets.QWidget()
        inside = QtWidgets.QVBoxLayout(self.withdraw_box)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GRID)
        inside.addLayout(field(tr("Why it is withdrawn"), self.reason))
        inside.addLayout(Row(self.withdraw, None))
        for widget in (self.verdict, self.none, self.table, self.withdraw_box):
            card.inside.addWidget(widget)
        card.inside.addLayout(Row(self.put_back, None))
        return card

    # showing --------------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        model, kind = self.model, self.model.kind
        self.loading.setVisible(kind is None and not model.problem)
        self.whole.setVisible(kind is not None)
        if kind is None:
            return
        if not self.kind.count():
            for each in model.kinds:
                self.kind.addItem(scale_title(each), each.name)
        self.kind.setCurrentIndex(self.kind.findData(kind.name))
        self.group_box.setVisible(bool(kind.groups))
        if [self.group.itemData(k) for k in range(self.group.count())] != list(kind.groups):
            self.group.clear()
            for each_group in kind.groups:
                self.group.addItem(group_title(each_group), each_group)
        self.group.setCurrentIndex(max(0, self.group.findData(model.group)))
        if self._form_of != (model.code, kind.name, model.group):
            self._form_of = (model.code, kind.name, model.group)
            self._make_form()
        for name, widget in self.fields.items():
            _put(widget, model.typed.get(name, ""))
        self.least.setText(model.least)
        self.saved.setText(model.said)
        self.saved.setVisible(bool(model.said))
        self._judge()
        self._fill_history()

    def _make_form(self) -> None:
        kind = self.model.kind
        assert kind is not None
        clear(self.form)
        self.fields, self.wrongs = {}, {}
        for part in kind.subscores:
            words = tr("{what}, {low} to {high}", what=tr(part.title), **_ends(part))
            self._add(part.name, words, QtWidgets.QLineEdit())
        if kind.grades:
            grades = QtWidgets.QComboBox()
            grades.addItem("", "")
            for grade in kind.grades:
                grades.addItem(grade, grade)
            self._add("value", tr("Grade"), grades)
        elif kind.total:
            self._add("value", tr("Or only the sum, {low} to {high}", **_ends(kind)),
                      QtWidgets.QLineEdit())  # fmt: skip
        else:
            unit = f" {tr(kind.unit)}" if kind.unit else ""
            words = tr("Result, {low} to {high}{unit}", **_ends(kind), unit=unit)
            self._add("value", words, QtWidgets.QLineEdit())
        day = QtWidgets.QLineEdit()
        day.setPlaceholderText(tr("today"))
        self._add("on", tr("Day, for example 3/5/2026"), day)
        self._add("remarks", tr("Remarks"), QtWidgets.QLineEdit())

    def _add(self, name: str, words: str, widget: QtWidgets.QWidget) -> None:
        self.fields[name] = widget
        wrong = self.wrongs[name] = Problem(tr("What is wrong here"))
        if isinstance(widget, QtWidgets.QComboBox):
            widget.activated.connect(partial(self._chose, name, widget))
        elif isinstance(widget, QtWidgets.QLineEdit):
            widget.textEdited.connect(partial(self._typed, name))
            widget.returnPressed.connect(self._enter)
        cell = field(words, widget)
        first = cell.itemAt(0)
        label = first.widget() if first is not None else None
        assert isinstance(label, QtWidgets.QLabel)
        label.setWordWrap(True)
        cell.insertStretch(0, 1)  # fields side by side stand on one line, however long their names are
        cell.addWidget(wrong)
        place = len(self.fields) - 1
        self.form.addLayout(cell, place // 2, place % 2)

    def _fill_history(self) -> None:
        model, history = self.model, self.model.history
        self.verdict.setText(model.verdict)
        self.verdict.setVisible(bool(model.verdict))
        self.none.setVisible(not history)
        self.table.setVisible(bool(history))
        self.withdraw_box.setVisible(bool(history))
        self.put_back.setVisible(model.withdrawn is not None)
        kind = model.kind
        assert kind is not None
        rows = []
        for entry in history:
            parts = " + ".join(shown_digits(points) for points in entry.parts.values())
            rows.append([shown_date(entry.on), entry.shown, parts, entry.by, entry.remarks])
        heads = [tr("Day"), tr("Result"), tr("Parts"), tr("Entered by"), tr("Remarks")]
        self.table.fill(heads, rows)
        self.table.setColumnHidden(2, not kind.subscores)
        self.table.setColumnHidden(4, not any(entry.remarks for entry in history))
        self.table.whole()
        titles = {part.name: tr(part.title) for part in kind.subscores}
        for k, entry in enumerate(history):
            if (item := self.table.item(k, 0)) is not None:
                item.setData(ID, entry.id)
            if (item := self.table.item(k, 2)) is not None:
                item.setToolTip(", ".join(f"{titles[name]} {shown_digits(n)}" for name, n in entry.parts.items()))
        self._may_withdraw()

    def _judge(self) -> None:
        for name, wrong in self.wrongs.items():
            wrong.say(self.model.wrong(name))
        self.total.setText(self.model.total)
        self.total.setVisible(bool(self.model.total))
        self.save.setEnabled(self.model.complete and not self.model.waiting)

    # acts -----------------------------------------------------------------------------------------------------------

    def _typed(self, name: str, words: str) -> None:
        self.model.type(name, words)
        self._judge()

    def _chose(self, name: str, widget: QtWidgets.QComboBox, index: int) -> None:
        self._typed(name, widget.itemData(index))

    def _enter(self) -> None:
        if self.save.isEnabled():
            self.model.save()

    def _chosen(self) -> int | None:
        item = self.table.item(self.table.currentRow(), 0)
        return int(item.data(ID)) if item is not None and self.table.selectedItems() else None

    def _may_withdraw(self) -> None:
        self.withdraw.setEnabled(self._chosen() is not None and bool(self.reason.text().strip()))

    def _withdraw(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.model.withdraw(chosen, self.reason.text())
            self.reason.clear()


def _put(widget: QtWidgets.QWidget, words: str) -> None:
    """Without moving the cursor of whoever is typing."""
    if isinstance(widget, QtWidgets.QLineEdit) and widget.text() != words:
        widget.setText(words)
    elif isinstance(widget, QtWidgets.QComboBox):
        widget.setCurrentIndex(max(0, widget.findData(words)))


def _ends(scale: Any) -> dict[str, str]:
    return {"low": shown_digits(scale.low), "high": shown_digits(scale.high)}
