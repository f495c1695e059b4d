"""The top of the training page: who and what, how far, in which state."""

from __future__ import annotations

from collections.abc import Sequence

from gui.i18n import tr
from gui.qt import Qt, QtWidgets, Signal
from gui.theme import GRID, Theme
from gui.viewmodels.training import TrainingModel
from gui.widgets.buttons import IconButton
from gui.widgets.fitting import Fitting
from gui.widgets.plain import text


class Head(QtWidgets.QWidget):
    """Title, person and session; trial counter with progress and time left; state; theme and end of session.

    person   name and side: somebody's arm is in the machine, so this is never cut off
    session  what else is good to know, in forms from the longest to the shortest
    """

    ended = Signal()

    def __init__(self, person: str, session: Sequence[str]) -> None:
        super().__init__()
        self.title, self.person, self.session = Fitting(tr("Preparing the protocol")), text(person), Fitting()
        self.title.setProperty("title", True)
        self.person.setProperty("strong", True)
        self.person.setVisible(bool(person))
        self.session.setProperty("muted", True)
        self.session.say(*session)
        self.counter = QtWidgets.QLabel(tr("Trial –"))
        self.counter.setProperty("far", True)
        self.counter.setAccessibleName(tr("Trial counter"))
        self.bar = QtWidgets.QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Trials done"))
        self.left, self.last = QtWidgets.QLabel(), Fitting()
        for label in (self.left, self.last):
            label.setProperty("muted", True)
        self.state = QtWidgets.QLabel()
        self.state.setProperty("far", True)
        self.state.setAccessibleName(tr("State of the session"))
        self.theme = IconButton("", "fa6s.circle-half-stroke", tr("Light or dark"))
        self.end = IconButton(
            tr("End session"), "fa6s.flag-checkered", tr("End the session: stop, close the recording, report")
        )
        self.park = IconButton(tr("Park"), "fa6s.circle-pause", tr("Park: the patient rests, out of the straps"))
        self.end.clicked.connect(self.ended)
        self._words = {button: button.text() for button in (self.end, self.park)}
        self._added: list[IconButton] = []
        self._lay_out()

    def _lay_out(self) -> None:
        about = QtWidgets.QVBoxLayout()
        about.setSpacing(0)
        for line in (self.title, self.person, self.session):
            about.addWidget(line)
        under = QtWidgets.QHBoxLayout()
        under.addWidget(self.last, 1)
        under.addWidget(self.left)
        first = QtWidgets.QHBoxLayout()
        first.addWidget(self.counter)
        first.addSpacing(GRID)
        first.addStretch(1)
        first.addWidget(self.state)
        middle = QtWidgets.QVBoxLayout()
        middle.setSpacing(4)
        middle.addLayout(first)
        middle.addWidget(self.bar)
        middle.addLayout(under)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        layout.addLayout(about, 4)
        layout.addLayout(middle, 5)
        layout.addWidget(self.park, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.theme, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.end, 0, Qt.AlignmentFlag.AlignVCenter)

    def add(self, button: IconButton) -> None:
        """One more, before the end of the session."""
        layout = self.layout()
        assert isinstance(layout, QtWidgets.QHBoxLayout)
        self._added.append(button)
        layout.insertWidget(layout.count() - 1, button, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_narrow(self, narrow: bool) -> None:
        """Buttons by their icons alone; their names are said, and shown as tips."""
        for button, words in self._words.items():
            button.setText("" if narrow else words)

    def set_low(self, low: bool) -> None:
        """Whose arm it is has its place before what the protocol is called."""
        self.title.setVisible(not low)

    def dress(self, theme: Theme) -> None:
        for button in (self.theme, self.end, self.park, *self._added):
            button.dress(theme)

    def show_model(self, model: TrainingModel) -> None:
        self.title.say(model.title or tr("Preparing the protocol"))
        self.counter.setText(model.counter)
        self.bar.setValue(round(1000 * model.progress))
        self.left.setText(model.left)
        self.last.say(*model.last_trial)
        self.state.setText(model.state_words)
