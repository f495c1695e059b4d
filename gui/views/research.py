"""The researcher's page: the protocol as text, its list of trials for a seed, and a queue of runs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from gui.i18n import mark, tr, trn
from gui.qt import QtCore, QtGui, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.ready import ready_words
from gui.viewmodels.research import DONE, FAILED, RUNNING, STOPPED, WAITING, ResearchModel
from gui.viewmodels.virtual import virtual_words
from gui.views.model_page import ModelPage
from gui.views.plan import rehearsal_words
from gui.widgets.columns import Columns
from gui.widgets.editor import Editor
from gui.widgets.form import Choice, Spin
from gui.widgets.plain import Row, clear, field, muted, text
from rehab.core import registry

STATES = {WAITING: mark("waiting"), RUNNING: mark("running"), DONE: mark("done"), FAILED: mark("failed"),
          STOPPED: mark("was stopped")}  # fmt: skip
ROW = 40  # px


class ResearchPage(ModelPage):
    SCROLLS = False
    model: ResearchModel

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, ResearchModel(desk))
        self._opened = 0
        self.tabs = QtWidgets.QTabWidget()
        self.tabs.setAccessibleName(tr("Protocol, trials, runs"))
        for part, words in ((self._protocol(), tr("Protocol")), (self._trials(), tr("List of trials")),
                            (self._queue(), tr("Runs"))):  # fmt: skip
            self.tabs.addTab(part, words)
        self.column.addWidget(self.tabs, 1)

    @property
    def title(self) -> str:
        return tr("Research")

    def enter(self, **what: Any) -> None:
        self.model.load()
        self.model.changed()

    def refresh(self) -> None:
        self.model.refresh()
        super().refresh()

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        self.editor.dress(theme)

    # parts ----------------------------------------------------------------------------------------------------------

    def _protocol(self) -> QtWidgets.QWidget:
        page, column = _page()
        self.ready = Choice()
        from rehab.protocol.load import ready_protocols

        for name in ready_protocols():
            self.ready.addItem(ready_words(name) or name.replace("_", " "), name)
        self.use = self.button(tr("Begin with it"), "fa6s.file-import", self._begin)
        self.open = self.button(tr("Open a file"), "fa6s.folder-open", self._open)
        self.save = self.button(tr("Save as"), "fa6s.floppy-disk", self._save)
        buttons = Row(self.use, self.open, self.save, spacing=GRID)
        buttons.setAlignment(QtCore.Qt.AlignmentFlag.AlignBottom)
        head = Columns((field(tr("Ready protocols"), self.ready), 1), (buttons, 0), spacing=GRID)
        self.editor = Editor(self.model.complete)
        self.editor.setAccessibleName(tr("The protocol as text"))
        self.editor.textChanged.connect(lambda: self.model.type(self.editor.toPlainText()))
        self.verdict = text(wrap=False)
        self.wrong = QtWidgets.QListWidget()
        self.wrong.setAccessibleName(tr("What is wrong, by line; Enter goes there"))
        self.wrong.setMaximumHeight(120)
        self.wrong.setWordWrap(True)
        self.wrong.itemActivated.connect(self._go_to)
        self.wrong.itemClicked.connect(self._go_to)
        column.addWidget(head)
        column.addWidget(self.editor, 1)
        column.addWidget(self.verdict)
        column.addWidget(self.wrong)
        column.addWidget(muted(tr("Ctrl+Space offers what may stand at the cursor.")))
        return page

    def _trials(self) -> QtWidgets.QWidget:
        page, column = _page()
        self.seed, self.participant = Spin(), QtWidgets.QLineEdit("1")
        self.seed.setDecimals(0)
        self.seed.setRange(0, 2**31)
        self.seed.setValue(1)
        self.list = self.button(tr("List the trials"), "fa6s.list-ol", self._list, kind="go")
        self.export = self.button(tr("Save as CSV"), "fa6s.file-csv", self._export)
        head = Row(spacing=GRID)
        head.addLayout(field(tr("Seed"), self.seed), 1)
        head.addLayout(field(tr("Participant"), self.participant), 1)
        for widget in (self.list, self.export):
            head.addWidget(widget, 0, QtCore.Qt.AlignmentFlag.AlignBottom)
        self.count = muted(tr("Nothing listed yet: choose a seed, then list the trials."))
        self.table = QtWidgets.QTableWidget(0, 0)
        self.table.setAccessibleName(tr("Every trial as it will be"))
        self.table.setEditTriggers(QtWidgets.QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().setDefaultSectionSize(ROW)
        column.addLayout(head)
        column.addWidget(self.count)
        column.addWidget(self.table, 1)
        self._listed: Any = None
        return page

    def _queue(self) -> QtWidgets.QWidget:
        page, column = _page()
        self.virtual, self.run_seed = Choice(), Spin()
        self.run_for = QtWidgets.QLineEdit("1")
        self.run_seed.setDecimals(0)
        self.run_seed.setRange(0, 2**31)
        self.run_seed.setValue(1)
        for name in registry.names("patient"):
            self.virtual.addItem(virtual_words(name), name)
        self.virtual.setCurrentIndex(max(0, self.virtual.findData("healthy")))
        self.enqueue = self.button(tr("Add a run"), "fa6s.plus", self._enqueue)
        self.run = self.button(tr("Run them all"), "fa6s.play", self.model.run_queue, kind="go")
        self.halt = self.button(tr("Stop the queue"), "fa6s.ban", self.model.stop_queue)
        self.folder = self.button(tr("Recordings"), "fa6s.folder-open", self._folder,
                                  says=tr("Open the folder of the recordings"))  # fmt: skip
        add = Row(self.enqueue)
        add.setAlignment(QtCore.Qt.AlignmentFlag.AlignBottom)
        head = Columns(
            (field(tr("Participant"), self.run_for), 1), (field(tr("Seed"), self.run_seed), 1),
            (field(tr("Virtual patient"), self.virtual), 2), (add, 0), spacing=GRID,
        )  # fmt: skip
        self.rows = QtWidgets.QVBoxLayout()
        self.rows.setSpacing(GRID)
        inside = QtWidgets.QWidget()
        whole = QtWidgets.QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        self.no_run = muted(
            tr("No run yet: add one with a participant and a seed. Each is played on the simulated robot.")
        )
        whole.addWidget(self.no_run)
        whole.addLayout(self.rows)
        whole.addStretch(1)
        area = QtWidgets.QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        column.addWidget(head)
        column.addLayout(Row(self.run, self.halt, self.folder, None, spacing=GRID))
        column.addWidget(area, 1)
        self._shown_queue: Any = None
        return page

    # acts -----------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        if self.ready.currentData():
            self.model.open_ready(self.ready.currentData())

    def _open(self) -> None:
        name, _ = QtWidgets.QFileDialog.getOpenFileName(self, tr("Open a protocol"), "", "YAML (*.yaml *.yml)")
        if name:
            self.model.open_file(Path(name))

    def _save(self) -> None:
        start = str(self.model.path or f"{self.model.name}.yaml")
        name, _ = QtWidgets.QFileDialog.getSaveFileName(self, tr("Save the protocol"), start, "YAML (*.yaml)")
        if name:
            self.model.save_file(Path(name))

    def _export(self) -> None:
        start = f"{self.model.name}-{int(self.seed.value())}.csv"
        name, _ = QtWidgets.QFileDialog.getSaveFileName(self, tr("Save the list of trials"), start, "CSV (*.csv)")
        if name:
            self.model.export_csv(Path(name))

    def _folder(self) -> None:
        from rehab.record.folder import sessions_root

        QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(self.desk.out or sessions_root())))

    def _list(self) -> None:
        self.model.list_trials(int(self.seed.value()), self.participant.text().strip() or "1")

    def _enqueue(self) -> None:
        self.model.enqueue(self.run_for.text().strip() or "1", int(self.run_seed.value()), self.virtual.currentData())
        self.run_seed.setValue(self.run_seed.value() + 1)

    def _go_to(self, item: QtWidgets.QListWidgetItem) -> None:
        self.editor.go_to(self.model.notes[self.wrong.row(item)])

    # showing --------------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        model = self.model
        if model.opened != self._opened:
            self._opened = model.opened
            self.editor.setPlainText(model.text)
            self.ready.setCurrentIndex(self.ready.findData(model.ready) if model.ready else -1)
        if model.checked_text == model.text:
            if self.editor.notes != model.notes:
                self.editor.show_notes(model.notes)
                self.wrong.clear()
                for note in model.notes:
                    self.wrong.addItem(tr("Line {line}: {words}", line=note.line + 1, words=note.words))
            n = len(model.notes)
            self.verdict.setText(trn("{n} thing to put right", "{n} things to put right", n) if n
                                 else tr("Sound: this robot can do it."))  # fmt: skip
        else:
            self.verdict.setText(tr("Checking") if model.ground is not None else tr("Loading"))
        self.wrong.setVisible(bool(model.notes))
        self.list.setEnabled(model.sound)
        self.enqueue.setEnabled(model.sound)
        self.export.setEnabled(model.trials is not None)
        self._fill_trials()
        self._fill_queue()

    def _fill_trials(self) -> None:
        trials = self.model.trials
        if trials is self._listed:
            return
        self._listed = trials
        self.table.setRowCount(0)
        if trials is None:
            self.count.setText(tr("Nothing listed yet: choose a seed, then list the trials."))
            return
        self.count.setText(trn("{n} trial", "{n} trials", len(trials.rows)))
        self.table.setColumnCount(len(trials.columns))
        self.table.setHorizontalHeaderLabels(trials.columns)
        self.table.setRowCount(len(trials.rows))
        for k, row in enumerate(trials.rows):
            for column, words in enumerate(row):
                self.table.setItem(k, column, QtWidgets.QTableWidgetItem(words))
        self.table.resizeColumnsToContents()

    def _fill_queue(self) -> None:
        model = self.model
        self.no_run.setVisible(not model.queue)
        self.run.setEnabled(not model.going and any(q.state == WAITING for q in model.queue))
        self.halt.setEnabled(model.going)
        shown = (self.theme, tuple((id(q), q.state) for q in model.queue))
        if shown != self._shown_queue:
            self._shown_queue = shown
            clear(self.rows)
            self.bars: dict[int, tuple[QtWidgets.QProgressBar, QtWidgets.QLabel]] = {}
            for k, queued in enumerate(model.queue):
                self.rows.addWidget(self._queued(k, queued))
        for queued in model.queue:
            bar, words = self.bars[id(queued)]
            run = queued.run
            if run is not None:
                bar.setRange(0, 100 if run.of or run.over else 0)
                bar.setValue(100 if run.over and run.result is not None else round(100 * run.share))
                words.setText(rehearsal_words(run).replace("\n", " · "))

    def _queued(self, k: int, queued: Any) -> QtWidgets.QWidget:
        box = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, GRID)
        column.setSpacing(GRID // 2)
        name = tr("{name}, participant {participant}, seed {seed}", name=queued.name.replace("_", " "),
                  participant=queued.participant, seed=queued.seed)  # fmt: skip
        label = text(f"{name} · {virtual_words(queued.patient)} · {tr(STATES[queued.state])}")
        up = self.button("", "fa6s.arrow-up", partial(self.model.move, k, -1), says=tr("Earlier: {name}", name=name))
        down = self.button("", "fa6s.arrow-down", partial(self.model.move, k, 1), says=tr("Later: {name}", name=name))
        off = self.button("", "fa6s.trash-can", partial(self.model.remove, k), says=tr("Take out: {name}", name=name))
        waits = [q.state == WAITING for q in self.model.queue]
        up.setEnabled(waits[k] and k > 0 and waits[k - 1])
        down.setEnabled(waits[k] and k + 1 < len(waits) and waits[k + 1])
        off.setEnabled(queued.state != RUNNING)
        row = Row(spacing=GRID)
        row.addWidget(label, 1)
        for button in (up, down, off):
            row.addWidget(button)
        bar, words = QtWidgets.QProgressBar(), muted()
        bar.setTextVisible(False)
        bar.setAccessibleName(tr("How far it is: {name}", name=name))
        self.bars[id(queued)] = (bar, words)
        column.addLayout(row)
        column.addWidget(bar)
        column.addWidget(words)
        return box


def _page() -> tuple[QtWidgets.QWidget, QtWidgets.QVBoxLayout]:
    page = QtWidgets.QWidget()
    column = QtWidgets.QVBoxLayout(page)
    column.setContentsMargins(0, 2 * GRID, 0, 0)
    column.setSpacing(GRID)
    return page, column
