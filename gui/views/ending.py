"""The bottom of the training page once the session ends: what is still being done, then where everything is."""

from __future__ import annotations

from pathlib import Path

from gui.i18n import tr
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.theme import GRID, Theme
from gui.viewmodels.run import SessionRun
from gui.widgets.buttons import IconButton


class FinishingPanel(QtWidgets.QFrame):
    """The step under way, with a bar that moves."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.step = QtWidgets.QLabel()
        self.step.setProperty("far", True)
        bar = QtWidgets.QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(tr("How far it is"))
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.addWidget(self.step)
        layout.addWidget(bar)

    def show_step(self, step: str) -> None:
        words = tr(step) if step else ""
        if words != self.step.text():
            self.step.setText(words)


class EndedPanel(QtWidgets.QFrame):
    """Where report and recording are; what to do next."""

    again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self._report: Path | None = None
        self._folder: Path | None = None
        self.title, self.text = QtWidgets.QLabel(), QtWidgets.QLabel()
        self.title.setProperty("title", True)
        for label in (self.title, self.text):
            label.setWordWrap(True)
        self.report = IconButton(tr("Open report"), "fa6s.file-pdf", tr("Open the report (PDF)"), kind="go")
        self.folder = IconButton(
            tr("Open folder"), "fa6s.folder-open", tr("Open the folder of the recording")
        )
        self.new = IconButton(tr("New session"), "fa6s.plus", tr("Start another session"))
        self.report.clicked.connect(lambda: _open(self._report))
        self.folder.clicked.connect(lambda: _open(self._folder))
        self.new.clicked.connect(self.again)
        words = QtWidgets.QVBoxLayout()
        words.addWidget(self.title)
        words.addWidget(self.text)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addLayout(words, 1)
        for button in (self.report, self.folder, self.new):
            layout.addWidget(button)

    def dress(self, theme: Theme) -> None:
        for button in (self.report, self.folder, self.new):
            button.dress(theme)

    def show_run(self, run: SessionRun) -> None:
        self._report, self._folder = run.report, run.folder
        if run.report is not None:
            self.title.setText(tr("Session ended: report saved to {path}", path=_breakable(run.report)))
        else:
            words = tr("Session ended: recording saved to {path}; there is no report", path=_breakable(run.folder))
            self.title.setText(words)
        self.text.setText(". ".join(words for words in (run.summary, run.problem) if words))
        self.report.setEnabled(run.report is not None)
        self.folder.setEnabled(run.folder is not None)


def _breakable(path: Path | None) -> str:
    """A path that a label may wrap at its slashes."""
    return str(path).replace("/", "/\u200b") if path is not None else tr("nowhere")


def _open(path: Path | None) -> None:
    if path is not None:
        QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(path)))
