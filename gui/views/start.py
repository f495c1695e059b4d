"""The first page: which device, who sits at it, what to do. And the page shown while the session opens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gui.i18n import tr
from gui.qt import Qt, QtWidgets, Signal
from gui.theme import GRID, TARGET, Theme
from gui.viewmodels.errors import told
from gui.viewmodels.run import Request
from gui.viewmodels.start import Choice, request_from
from gui.widgets.buttons import IconButton
from gui.widgets.waiting import WaitingSessions
from rehab.core.errors import BadInput

MOST_ROWS = 5  # of the list of protocols before it scrolls


class StartView(QtWidgets.QWidget):
    """A form; `chosen` carries the request. `problem` shows why the last one did not work."""

    chosen = Signal(object)

    def __init__(self, patients: Sequence[Choice], protocols: Sequence[Choice], first: Request) -> None:
        super().__init__()
        self._out: Path | None = first.out
        self.device = QtWidgets.QLineEdit(first.device)
        self.device.setAccessibleName(tr("Device address"))
        self.patient = QtWidgets.QComboBox()
        self.patient.setAccessibleName(tr("Virtual patient"))
        self.patient.setMinimumHeight(TARGET)
        for choice in patients:
            self.patient.addItem(choice.shown, choice.name)
        self.patient.setCurrentIndex(max(0, self.patient.findData(first.patient or "")))
        self.protocol = QtWidgets.QListWidget()
        self.protocol.setAccessibleName(tr("Protocol"))
        for choice in protocols:
            item = QtWidgets.QListWidgetItem(choice.shown)
            item.setData(Qt.ItemDataRole.UserRole, choice.name)
            self.protocol.addItem(item)
            if choice.name == first.protocol or self.protocol.count() == 1:
                self.protocol.setCurrentItem(item)
        shown = min(MOST_ROWS, max(2, self.protocol.count()))
        self.protocol.setFixedHeight(shown * (TARGET + 2 * GRID) + 2 * GRID)
        self.seed = QtWidgets.QLineEdit("" if first.seed is None else str(first.seed))
        self.seed.setPlaceholderText(tr("drawn, and recorded"))
        self.seed.setAccessibleName(tr("Seed of everything random"))
        self.open = IconButton(
            tr("Open session"), "fa6s.play", tr("Open the session; nothing moves yet"), kind="go", big=True
        )
        self.open.clicked.connect(self._choose)
        self.waiting = WaitingSessions()
        self.waiting.chosen.connect(self.chosen)
        self._problem = QtWidgets.QLabel()
        self._problem.setProperty("problem", True)
        self._problem.setWordWrap(True)
        self._problem.setAccessibleName(tr("What went wrong"))
        self._problem.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        title = QtWidgets.QLabel(tr("New session"))
        title.setProperty("far", True)
        form = QtWidgets.QGridLayout()
        form.setSpacing(2 * GRID)
        fields = (
            (tr("&Device"), self.device),
            (tr("&Virtual patient"), self.patient),
            (tr("&Protocol"), self.protocol),
            (tr("S&eed"), self.seed),
        )
        for row, (words, field) in enumerate(fields):
            label = QtWidgets.QLabel(words)
            label.setBuddy(field)
            form.addWidget(label, row, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            form.addWidget(field, row, 1)
        form.setColumnStretch(1, 1)
        card = QtWidgets.QFrame()
        card.setProperty("card", True)
        card.setMaximumWidth(880)
        inside = QtWidgets.QVBoxLayout(card)
        inside.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        inside.setSpacing(2 * GRID)
        inside.addWidget(title)
        inside.addWidget(self.waiting)
        inside.addWidget(self._problem)
        inside.addLayout(form)
        inside.addWidget(self.open)
        note = QtWidgets.QLabel(tr("This is software, not a certified medical device."))
        note.setProperty("muted", True)
        inside.addWidget(note)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        layout.addStretch(1)
        layout.addWidget(card, 6, Qt.AlignmentFlag.AlignVCenter)
        layout.addStretch(1)

    def dress(self, theme: Theme) -> None:
        self.open.dress(theme)
        self.waiting.dress(theme)

    def problem(self, words: str) -> None:
        self._problem.setText(words)
        self._problem.setVisible(bool(words))

    @property
    def problem_words(self) -> str:
        return self._problem.text()

    def _choose(self) -> None:
        item = self.protocol.currentItem()
        protocol = item.data(Qt.ItemDataRole.UserRole) if item is not None else ""
        try:
            request = request_from(
                self.device.text(), self.patient.currentData(), protocol, self.seed.text(), self._out
            )
        except BadInput as error:
            self.problem(told(error))
            return
        self.problem("")
        self.chosen.emit(request)


class OpeningView(QtWidgets.QWidget):
    """What is under way, with a bar that moves: no step here has a length that is known."""

    def __init__(self) -> None:
        super().__init__()
        self.title = QtWidgets.QLabel(tr("Opening the session"))
        self.title.setProperty("far", True)
        self.step = QtWidgets.QLabel()
        self.bar = QtWidgets.QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far it is"))
        self.bar.setMaximumWidth(560)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addStretch(1)
        for widget in (self.title, self.step):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QtWidgets.QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.bar, 2)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(1)
