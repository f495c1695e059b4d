"""A patient's plan: exercises in order, a form for each, the picture in the workspace, a rehearsal, and save.

    ┌ blocks ──────┬ the selected one ─────────┬ workspace, rehearsal ┐
"""

from __future__ import annotations

from functools import partial
from typing import Any

from gui.i18n import shown_number, tr, trn
from gui.qt import Qt, QtGui, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.errors import finding_words
from gui.viewmodels.plan import PlanModel
from gui.viewmodels.plan_check import BlockForm, ways
from gui.viewmodels.virtual import tally_words, virtual_words
from gui.views.model_page import ModelPage
from gui.widgets.columns import Columns
from gui.widgets.form import Choice, Form
from gui.widgets.plain import Card, Row, clear, field, muted, text, title
from gui.widgets.scene import ScenePicture
from rehab.core import registry

USUAL_PATIENT = "stroke"


class PlanPage(ModelPage):
    model: PlanModel

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, PlanModel(desk))
        self.head = muted()
        self.head.setMinimumWidth(240)  # below that it stands over the buttons
        self.undo = self.button(tr("Undo"), "fa6s.rotate-left", self.model.undo)
        self.redo = self.button(tr("Redo"), "fa6s.rotate-right", self.model.redo)
        self.save = self.button(tr("Save the plan"), "fa6s.floppy-disk", self._save, kind="go")
        for button, keys in ((self.undo, "Ctrl+Z"), (self.redo, "Ctrl+Y"), (self.save, "Ctrl+S")):
            shortcut = QtGui.QShortcut(QtGui.QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)
            button.setToolTip(f"{button.toolTip()} ({keys})")
        self.column.addWidget(Columns((self.head, 1), (Row(None, self.undo, self.redo, self.save, spacing=GRID), 0)))
        self.note = text()
        self.note.setProperty("notice", True)
        self.good = text()
        self.column.addWidget(self.note)
        self.column.addWidget(self.good)
        three = []
        for part, share in ((self._blocks(), 3), (self._middle(), 5), (self._right(), 4)):
            side = QtWidgets.QVBoxLayout()
            side.setSpacing(2 * GRID)
            for card in part:
                side.addWidget(card)
            side.addStretch(1)
            three.append((side, share))
        self.column.addWidget(Columns(*three), 1)

    @property
    def title(self) -> str:
        who = self.model.patient
        return tr("Plan of {name}", name=who.full_name) if who is not None else tr("Plan")

    def enter(self, patient: str = "", add: tuple[str, str] | None = None, **what: Any) -> None:
        step = self.desk.went[-1]
        if add is not None:  # once: coming back to this page adds nothing again
            self.desk.went[-1] = step._replace(what={"patient": patient})
        self.model.load(patient or self.model.code)
        if add is not None:
            self.model.add(*add)
        self.model.changed()

    def leave(self) -> None:
        self.model.stop_rehearsal()

    def refresh(self) -> None:
        self.model.refresh()
        super().refresh()

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        self.picture.dress(theme)

    # parts ----------------------------------------------------------------------------------------------------------

    def _blocks(self) -> list[QtWidgets.QWidget]:
        card = Card(tr("Exercises, in order"))
        self.rows = QtWidgets.QVBoxLayout()
        self.rows.setSpacing(GRID)
        self._rows_shown: Any = None
        self.empty = muted(tr("No exercise yet: add the first one."))
        self.add = self.button(tr("Add an exercise"), "fa6s.plus", self._add, kind="go")
        card.inside.addWidget(self.empty)
        card.inside.addLayout(self.rows)
        self.teach = self.button(tr("Teach a movement"), "fa6s.hand",
                                 lambda: self.desk.go("teach", patient=self.model.code))  # fmt: skip
        card.inside.addWidget(self.add)
        card.inside.addWidget(self.teach)
        whole = Card(tr("The whole plan"))
        self.name = QtWidgets.QLineEdit()
        self.name.editingFinished.connect(self._rename)
        whole.inside.addLayout(field(tr("Title"), self.name))
        self.limits = Form(self.model.set, columns=1)
        whole.inside.addWidget(self.limits)
        return [card, whole]

    def _middle(self) -> list[QtWidgets.QWidget]:
        self.card = Card()
        self.block_title = title()
        self.how = Choice()
        for how, words in ways():
            self.how.addItem(words, how)
        self.how.currentIndexChanged.connect(self._choose_how)
        self.how_box = QtWidgets.QWidget()
        box = QtWidgets.QVBoxLayout(self.how_box)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(field(tr("What the robot does"), self.how))
        self.count = Form(self.model.set, columns=1)
        top = Row(spacing=2 * GRID)
        top.addWidget(self.count, 2, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.how_box, 5, Qt.AlignmentFlag.AlignTop)
        self.exercise_head, self.help_head = muted(), muted(tr("How the robot does it"))
        self.exercise, self.help = Form(self.model.set), Form(self.model.set)
        self.wrong = text()
        self.wrong.setProperty("notice", True)
        self.card.inside.addWidget(self.block_title)
        self.card.inside.addWidget(self.wrong)
        self.card.inside.addLayout(top)
        for widget in (self.exercise_head, self.exercise, self.help_head, self.help):
            self.card.inside.addWidget(widget)
        return [self.card]

    def _right(self) -> list[QtWidgets.QWidget]:
        preview = Card(tr("In the workspace"))
        self.picture = ScenePicture(tr("The selected exercise from above"), height=240, arm=True)
        self.legend = muted()
        preview.inside.addWidget(self.picture)
        preview.inside.addWidget(self.legend)
        card = Card(tr("Rehearse"))
        card.inside.addWidget(muted(tr("The plan on a virtual patient, at high speed: what to expect.")))
        self.virtual = Choice()
        for name in registry.names("patient"):
            self.virtual.addItem(virtual_words(name), name)
        self.virtual.setCurrentIndex(max(0, self.virtual.findData(USUAL_PATIENT)))
        self.start = self.button(tr("Rehearse"), "fa6s.forward-fast", self._rehearse)
        self.cancel = self.button(tr("Cancel"), "fa6s.xmark", self.model.stop_rehearsal)
        self.progress = QtWidgets.QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("How far the rehearsal is"))
        self.told = text()
        card.inside.addLayout(field(tr("Virtual patient"), self.virtual))
        card.inside.addWidget(self.start)
        card.inside.addWidget(self.cancel)
        card.inside.addWidget(self.progress)
        card.inside.addWidget(self.told)
        return [preview, card]

    # acts -----------------------------------------------------------------------------------------------------------

    def _add(self) -> None:
        self.desk.go("library", patient=self.model.code)

    def _save(self) -> None:
        self._rename()
        self.model.save()

    def _rename(self) -> None:
        if self.model.now is not None and self.name.text().strip() not in ("", self.model.now.title):
            self.model.set_title(self.name.text())

    def _choose_how(self, index: int) -> None:
        self.model.choose_how(self.how.itemData(index))

    def _rehearse(self) -> None:
        self.model.rehearse(self.virtual.currentData())

    # showing --------------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        now, model = self.model.now, self.model
        self.card.setVisible(now is not None and bool(now.blocks))
        self.add.setEnabled(now is not None)
        self.head.setText(tr("Loading") if now is None else self._head())
        self.undo.setEnabled(bool(model.past))
        self.redo.setEnabled(bool(model.future))
        self.save.setEnabled(model.can_save)
        self.good.setText(model.saved)
        self.good.setVisible(bool(model.saved))
        self._fill_rehearsal()
        if now is None:
            self.note.hide()
            return
        if not self.name.hasFocus():
            self.name.setText(now.title)
        self.limits.show_fields(now.limits, now.findings)
        elsewhere = [f for f in now.findings if not f.field.startswith(("blocks[", "limits."))]
        self.note.setText("\n".join(finding_words(f, place=True) for f in elsewhere))
        self.note.setVisible(bool(elsewhere))
        self._fill_rows(now.blocks)
        if now.blocks:
            self._fill_block(now.blocks[model.selected])
        self.picture.show_drawn(model.picture, allowed=model.allowed, own=model.own)
        dashed, filled = tr("Dashed: where the robot can go."), tr("Filled: where this limb goes.")
        self.legend.setText(f"{filled} {dashed}" if model.own else dashed)

    def _head(self) -> str:
        record, now = self.model.record, self.model.now
        assert now is not None
        trials = sum(block.trials for block in now.blocks)
        words = [trn("{n} trial", "{n} trials", trials)]
        if self.model.unsaved:
            words.append(tr("not saved yet"))
        elif record is not None:
            words.append(tr("in force, number {number}, by {name}", number=record.number, name=record.by))
        if now.findings:
            words.append(trn("{n} thing to put right", "{n} things to put right", len(now.findings)))
        return " · ".join(words)

    def _fill_rows(self, blocks: tuple[BlockForm, ...]) -> None:
        self.empty.setVisible(not blocks)
        shown = (self.theme, self.model.selected,
                 tuple((b.name, b.title, b.help_words, b.trials, bool(b.findings)) for b in blocks))  # fmt: skip
        if shown == self._rows_shown:  # a button that is being pressed must stay
            return
        self._rows_shown = shown
        focus = QtWidgets.QApplication.focusWidget()
        kept = focus.property("row") if focus is not None else None
        clear(self.rows)
        for k, block in enumerate(blocks):
            self.rows.addWidget(self._row(k, block, len(blocks)))
        if kept is not None:  # the button that was pressed was made anew
            for widget in self.findChildren(QtWidgets.QPushButton):
                if widget.property("row") == kept and widget.isEnabled():
                    widget.setFocus()

    def _row(self, k: int, block: BlockForm, count: int) -> QtWidgets.QWidget:
        box = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, GRID)
        column.setSpacing(GRID // 2)
        line = self.button(block.name or block.title, "fa6s.triangle-exclamation" if block.findings else "fa6s.check",
                           partial(self.model.select, k),
                           says=tr("Exercise {number}: {name}", number=k + 1, name=block.name))  # fmt: skip
        line.setProperty("line", True)
        line.setProperty("choice", True)
        line.setCheckable(True)
        line.setChecked(k == self.model.selected)
        line.setProperty("row", f"select {k}")
        line.dress(self.theme)
        said = trn("{n} trial", "{n} trials", block.trials) if block.trials else ""
        about = muted(" · ".join(part for part in (block.title, block.help_words, said) if part))
        up = self.button("", "fa6s.arrow-up", partial(self.model.move, k, -1),
                         says=tr("Earlier: {name}", name=block.name))  # fmt: skip
        down = self.button("", "fa6s.arrow-down", partial(self.model.move, k, 1),
                           says=tr("Later: {name}", name=block.name))  # fmt: skip
        off = self.button("", "fa6s.trash-can", partial(self.model.remove, k),
                          says=tr("Take out: {name}", name=block.name))  # fmt: skip
        up.setEnabled(k > 0)
        down.setEnabled(k + 1 < count)
        for button, name in ((up, "up"), (down, "down"), (off, "off")):
            button.setProperty("row", f"{name} {k}")
        column.addWidget(line)
        column.addWidget(about)
        if k == self.model.selected:
            column.addLayout(Row(up, down, off, None, spacing=GRID))
        else:
            for button in (up, down, off):
                button.setParent(None)
                button.deleteLater()
        return box

    def _fill_block(self, block: BlockForm) -> None:
        self.block_title.setText(block.name or block.title)
        paths = {f.path for f in (*block.of_exercise, *block.of_controller, *((block.number,) if block.number else ()))}
        loose = [f for f in block.findings if not any(f.field == p or f.field.startswith(f"{p}.") for p in paths)]
        self.wrong.setText("\n".join(map(finding_words, loose)))
        self.wrong.setVisible(bool(loose))
        self.count.show_fields((block.number,) if block.number else (), block.findings)
        self.exercise_head.setText(block.title)
        self.exercise.show_fields(block.of_exercise, block.findings)
        self.help.show_fields(block.of_controller, block.findings)
        for widget, shown in ((self.how_box, block.exercise), (self.exercise_head, block.of_exercise),
                              (self.help_head, block.of_controller)):  # fmt: skip
            widget.setVisible(bool(shown))
        self.how.choose(block.how)

    def _fill_rehearsal(self) -> None:
        now, run = self.model.now, self.model.rehearsal
        going = run is not None and not run.over
        self.start.setEnabled(now is not None and now.sound)
        self.start.setVisible(not going)
        self.cancel.setVisible(going)
        self.progress.setVisible(going)
        self.told.setVisible(run is not None)
        if run is None:
            return
        self.progress.setRange(0, 100 if run.of else 0)
        self.progress.setValue(round(100 * run.share))
        self.told.setText(rehearsal_words(run))


def rehearsal_words(run: Any) -> str:
    """How far it is, or what came of it."""
    if run.cancelled:
        return tr("Cancelled")
    if run.problem:
        return str(run.problem)
    if run.result is None:
        return tr("Trial {number} of {total}", number=run.trials, total=run.of) if run.of else tr("Beginning")
    r = run.result
    minutes, seconds = divmod(round(r.seconds), 60)
    lines = [
        tr("Trials: {trials} of {planned}: {tally}", trials=r.trials, planned=r.planned, tally=tally_words(r.outcomes)),
        tr("Takes {minutes} min {seconds} s", minutes=minutes, seconds=seconds),
        tr("Largest force {force} of {limit}", force=shown_number(r.force, 1, "N"),
           limit=shown_number(r.force_limit, 0, "N")),
        tr("Largest speed {speed} of {limit}", speed=shown_number(r.speed, 2, "m/s"),
           limit=shown_number(r.speed_limit, 2, "m/s")),
    ]  # fmt: skip
    if r.leakage:
        lines.append(tr("Channels let the hand off the line by {distance}",
                        distance=shown_number(1000 * r.leakage, 1, "mm")))  # fmt: skip
    lines += [tr("Fault: {fault}", fault=fault) for fault in r.faults] or [tr("No fault")]
    if r.stopped and not r.faults:
        lines.append(tr("Stopped: {why}", why=r.stopped))
    return "\n".join(lines)
