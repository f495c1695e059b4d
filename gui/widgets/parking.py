"""A session that waits while its patient rests: disarmed, out of the straps, and bound to the same person."""

from __future__ import annotations

from collections.abc import Callable

from gui.i18n import tr
from gui.qt import Signal
from gui.theme import GRID, Theme
from gui.viewmodels.run import SessionRun
from gui.widgets.buttons import IconButton
from gui.widgets.plain import Card, Row, far, muted, title

Confirm = Callable[[Callable[[], None]], None]  # asks who is at the arm, and calls back when it is the right person


class ParkPanel(Card):
    """straps out? ──▶ parked ──▶ who is it? ──▶ gone on. `closed`: somebody has thought better of it."""

    closed = Signal()

    def __init__(self, run: SessionRun, confirm: Confirm | None = None) -> None:
        super().__init__(margin=3 * GRID)
        assert run.training is not None
        self._run, self._model, self.confirm = run, run.training, confirm
        self._asking = False
        self.heading, self.words = far(), title()
        self.name, self.facts = far(), far()
        self.more = muted()
        self.yes = IconButton("", "fa6s.check", "", kind="go", big=True)
        self.no = IconButton("", "fa6s.xmark", "", big=True)
        self.yes.clicked.connect(self._yes)
        self.no.clicked.connect(self._no)
        self.inside.setSpacing(2 * GRID)
        self.inside.addStretch(1)
        for widget in (self.heading, self.words, self.name, self.facts, self.more):
            self.inside.addWidget(widget)
        self.inside.addLayout(Row(self.yes, self.no))
        self.inside.addStretch(2)
        self.refresh()

    def dress(self, theme: Theme) -> None:
        self.yes.dress(theme)
        self.no.dress(theme)

    def _yes(self) -> None:
        model = self._model
        if not model.bedside.parked:
            model.bedside.park()
        elif self._asking:
            model.bedside.unpark()
            self._asking = False
        elif self.confirm is not None:
            self.confirm(model.bedside.unpark)
        else:
            self._asking = True
        self.refresh()

    def _no(self) -> None:
        if self._asking:
            self._asking = False
            self.refresh()
        else:
            self.closed.emit()

    def refresh(self) -> None:
        model, request = self._model, self._run.request
        who = self._run.who or tr("nobody's name is known")
        parked = model.bedside.parked
        self.name.setVisible(parked)
        self.facts.setVisible(self._asking)
        self.no.setVisible(not parked or self._asking)
        self.name.setText(who)
        if not parked:
            self._asking = False
            self.heading.setText(tr("Park this session"))
            self.words.setText(tr("The arm has no power. Open the straps and take the limb out."))
            self.more.setText(tr("Its trials stay counted; another chart can be opened meanwhile."))
            self.yes.say(tr("The straps are out"), "fa6s.check", tr("The straps are out: park the session"))
            self.no.say(tr("Back"), "fa6s.xmark", tr("Back: do not park"))
        elif not self._asking:
            self.heading.setText(tr("Parked"))
            self.words.setText(tr("The arm cannot be powered until somebody has confirmed who is at it."))
            self.more.setText(tr("Trial {number} comes next.", number=model.next_trial))
            self.yes.say(tr("Go on with {who}", who=who), "fa6s.play", tr("Go on: confirm who is at the arm"))
        else:
            self.heading.setText(tr("Who is at the arm?"))
            self.words.setText(tr("Ask for name and birth date; look at the side."))
            self.facts.setText(" · ".join(words for words in (*request.born[:1], request.side) if words))
            self.more.setText("")
            self.yes.say(tr("It is this person, this side"), "fa6s.check", tr("It is this person, this side: go on"))
            self.no.say(tr("Somebody else"), "fa6s.xmark", tr("It is somebody else: stay parked"))
        self.more.setVisible(bool(self.more.text()))


