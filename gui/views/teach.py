"""Teach a movement: hold the limb and show it; look at the points, mend them, give it a name, put it into the plan."""

from __future__ import annotations

from typing import Any

from gui.i18n import shown_number, tr, trn
from gui.qt import Qt, QtCore, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.run import Stage
from gui.viewmodels.teach import PATH, POINTS, TeachModel
from gui.views.model_page import ModelPage
from gui.widgets.form import Choice
from gui.widgets.plain import Card, Row, field, muted, text
from gui.widgets.scene import ScenePicture
from gui.widgets.tick import Tick
from gui.widgets.workspace import Workspace
from rehab.realtime.picture import Eye

ROW = 56  # px
SECONDS = (10, 20, 40, 60)


class TeachPage(ModelPage):
    model: TeachModel

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, TeachModel(desk))
        both = QtWidgets.QHBoxLayout()
        both.setSpacing(2 * GRID)
        self.left = QtWidgets.QVBoxLayout()
        self.left.setSpacing(2 * GRID)
        self.left.addWidget(self._show())
        self.left.addStretch(1)
        both.addLayout(self.left, 1)
        self.right = QtWidgets.QVBoxLayout()
        self.right.addWidget(self._points(), 1)
        self.right.addStretch(0)
        both.addLayout(self.right, 1)
        self.column.addLayout(both, 1)
        self.workspace: Workspace | None = None

    @property
    def title(self) -> str:
        return tr("Teach a movement")

    def enter(self, patient: str = "", **what: Any) -> None:
        self.model.load(patient)
        self.model.changed()

    def leave(self) -> None:
        self.model.end()

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        self.picture.dress(theme)
        if self.workspace is not None:
            self.workspace.dress(theme)

    # parts ----------------------------------------------------------------------------------------------------------

    def _show(self) -> Card:
        card = Card(tr("1. Show it"))
        self.kind, self.seconds = Choice(), Choice()
        self.kind.addItem(tr("The whole way"), PATH)
        self.kind.addItem(tr("Single places, each marked"), POINTS)
        for seconds in SECONDS:
            self.seconds.addItem(tr("{n} s", n=seconds), seconds)
        self.seconds.setCurrentIndex(1)
        self.says = text(tr("Hold the patient's limb. The robot gets out of the way while the movement is shown."))
        self.begin = self.button(tr("Prepare the robot"), "fa6s.plug", self._begin, kind="go")
        self.go = self.button(tr("Start: the limb is held"), "fa6s.play", self.model.start, kind="go")
        self.mark = self.button(tr("Add a point here"), "fa6s.location-dot", self.model.add_point)
        self.done = self.button(tr("The movement is shown"), "fa6s.check", self.model.done, kind="go")
        self.state = muted()
        self.place = QtWidgets.QVBoxLayout()
        card.inside.addWidget(self.says)
        row = Row(spacing=2 * GRID)
        row.addLayout(field(tr("What is recorded"), self.kind), 2)
        row.addLayout(field(tr("Time to show it"), self.seconds), 1)
        card.inside.addLayout(row)
        for widget in (self.begin, self.go, self.mark, self.done, self.state):
            card.inside.addWidget(widget)
        card.inside.addLayout(self.place)
        return card

    def _points(self) -> Card:
        card = Card(tr("2. Look at it and name it"))
        self.empty = muted(tr("Nothing has been shown yet."))
        self.whole = QtWidgets.QWidget()
        inside = QtWidgets.QVBoxLayout(self.whole)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GRID)
        self.picture = ScenePicture(tr("The movement from above, with its points"), height=200)
        self.count = muted(wrap=False)
        self.table = QtWidgets.QTableWidget(0, 2)
        self.table.setAccessibleName(tr("Points in cm from the hand's rest"))
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().setDefaultSectionSize(ROW)
        self.table.verticalHeader().setSectionResizeMode(QtWidgets.QHeaderView.ResizeMode.Fixed)
        self.table.horizontalHeader().setSectionResizeMode(QtWidgets.QHeaderView.ResizeMode.Stretch)
        self.table.setMinimumHeight(4 * ROW)
        self.table.itemChanged.connect(self._typed)
        self.undo = self.button(tr("Undo"), "fa6s.rotate-left", self.model.undo)
        self.insert = self.button(tr("Insert a point"), "fa6s.plus", lambda: self._at(self.model.insert))
        self.delete = self.button(tr("Take the point out"), "fa6s.trash-can", lambda: self._at(self.model.delete))
        self.name = QtWidgets.QLineEdit()
        self.name.setPlaceholderText(tr("For example comb"))
        self.replace = Tick(tr("Replace one of that name"))
        self.save = self.button(tr("Save the movement"), "fa6s.floppy-disk", self._save, kind="go")
        self.saved = text()
        self.use = self.button(tr("Put it into the plan"), "fa6s.list-check", self._use, kind="go")
        inside.addWidget(self.picture)
        inside.addWidget(self.count)
        inside.addWidget(self.table, 1)
        inside.addLayout(Row(self.insert, self.delete, spacing=GRID))
        inside.addWidget(self.undo)
        inside.addLayout(field(tr("Name of the movement"), self.name))
        for widget in (self.replace, self.save, self.saved, self.use):
            inside.addWidget(widget)
        card.inside.addWidget(self.empty)
        card.inside.addWidget(self.whole, 1)
        card.inside.addStretch(0)  # while nothing has been shown, the words stay at the top
        return card

    # acts -----------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.model.begin(self.kind.currentData(), self.seconds.currentData())

    def _at(self, act: Any) -> None:
        if (row := self.table.currentRow()) >= 0:
            act(row)

    def _typed(self, item: QtWidgets.QTableWidgetItem) -> None:
        try:
            self.model.move(item.row(), item.column(), float(item.text().replace(",", ".")))
        except ValueError:
            self.model.changed()

    def _save(self) -> None:
        self.model.save(self.name.text().strip(), replace=self.replace.isChecked())

    def _use(self) -> None:
        self.desk.went.pop()
        self.desk.go("plan", patient=self.model.code, add=("taught", self.model.saved))

    # showing --------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self.model.refresh()
        super().refresh()
        run = self.model.run
        if run is not None and run.training is not None and not run.over:
            if self.workspace is None:
                eye = Eye(run.training.session.info)
                self.workspace = Workspace(eye.box(), eye.home(), 0.2 / run.training.session.info.limits().force)
                self.workspace.setAccessibleName(tr("Workspace seen from above"))
                self.workspace.dress(self.theme)
                self.place.addWidget(self.workspace)
            self.workspace.see(run.training.picture)

    def fill(self) -> None:
        model, run = self.model, self.model.run
        training = run.training if run is not None and model.recording else None
        running = training is not None and training.state == "running"
        other = self.desk.session_open and not model.recording
        self.begin.setVisible(not model.recording)
        self.begin.setEnabled(model.can_begin)
        self.go.setVisible(model.recording and not running)
        self.go.setEnabled(model.can_start)
        self.mark.setVisible(running and model.kind == POINTS)
        self.done.setVisible(running)
        for box in (self.kind, self.seconds):
            box.setEnabled(not model.recording)
        if other:
            self.state.setText(tr("Another session is open: end it first."))
        elif run is not None and run.stage is Stage.OPENING:
            self.state.setText(tr("Connecting to the robot"))
        elif run is not None and run.stage is Stage.FINISHING:
            self.state.setText(tr("Saving the recording"))
        elif running:
            self.state.setText(tr("Recording: show the movement now."))
        elif training is not None and training.messages:
            self.state.setText("; ".join(message.text for message in training.messages))
        else:
            self.state.setText("")
        self.state.setVisible(bool(self.state.text()))
        if self.workspace is not None:
            self.workspace.setVisible(model.recording)
        self._fill_points()

    def _fill_points(self) -> None:
        taught = self.model.taught
        self.empty.setVisible(taught is None)
        self.whole.setVisible(taught is not None)
        for place, share in enumerate((0, 1) if taught is None else (1, 0)):  # empty: no taller than its words
            self.right.setStretch(place, share)
        if taught is None:
            return
        self.picture.show_drawn(self.model.picture)
        self.count.setText(trn("{n} point", "{n} points", len(taught.points)))
        with QtCore.QSignalBlocker(self.table):
            row = self.table.currentRow()
            axes = len(taught.points[0])
            self.table.setColumnCount(axes)
            self.table.setHorizontalHeaderLabels([tr("x, cm"), tr("y, cm")][:axes] if axes > 1 else [tr("cm")])
            self.table.setRowCount(len(taught.points))
            for k, point in enumerate(taught.points):
                for axis, value in enumerate(point):
                    item = QtWidgets.QTableWidgetItem(shown_number(100 * value, 1))
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    self.table.setItem(k, axis, item)
            if row < 0:
                self.table.setCurrentCell(0, 0)
        self.undo.setEnabled(bool(self.model.past))
        self.saved.setVisible(bool(self.model.saved))
        self.saved.setText(tr('Saved as "{name}"', name=self.model.saved) if self.model.saved else "")
        self.use.setVisible(bool(self.model.saved) and bool(self.model.code))
