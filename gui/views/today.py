"""Today: the patients of the day as large cards, what waits for a signature, the diary sentence, robot minutes."""

from __future__ import annotations

from functools import partial
from typing import Any

from gui.i18n import shown_date, shown_number, shown_time, tr
from gui.qt import Qt, QtGui, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.person import SIDES, born_words
from gui.viewmodels.today import COMES, DONE, HERE, LATE, RESTS, STATES, TRAINS, Lost, Today
from gui.viewmodels.visit import OUTCOMES
from gui.views import places
from gui.views.model_page import ModelPage
from gui.widgets.buttons import IconButton
from gui.widgets.columns import Columns
from gui.widgets.fields import PinAsked
from gui.widgets.flow import Flow
from gui.widgets.plain import Card, Row, clear, far, muted, text, title
from gui.widgets.state import StateMark

ICONS = {COMES: "fa6s.clock", HERE: "fa6s.person", LATE: "fa6s.hourglass-half", TRAINS: "fa6s.person-running",
         RESTS: "fa6s.mug-hot", DONE: "fa6s.circle-check"}  # fmt: skip
EVERY = 60.0  # s after which the day is read anew


class TodayPage(ModelPage):
    model: Today

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Today(desk))
        self._read = 0.0
        self.open_buttons: dict[str, IconButton] = {}
        self.demo = text(tr("Demonstration: all people and sessions are invented."))
        self.demo.setProperty("notice", True)
        self.column.addWidget(self.demo)
        self.waiting = QtWidgets.QVBoxLayout()  # sessions that lost their window, offered to be taken over
        self.column.addLayout(self.waiting)
        self.left = QtWidgets.QVBoxLayout()
        self.left.setSpacing(GRID)
        self.right = QtWidgets.QVBoxLayout()
        self.right.setSpacing(2 * GRID)
        self.column.addWidget(Columns((self.left, 3), (self.right, 2)), 1)
        self.loading = muted(tr("Loading"))
        self.column.insertWidget(2, self.loading)
        self.sign = self._signing()
        self.figures = self._figures()
        self.diary_card = self._diary()
        for card in (self.sign, self.figures, self.diary_card):
            self.right.addWidget(card)
            card.hide()
        self.right.addStretch(1)

    @property
    def title(self) -> str:
        return tr("Today")

    def enter(self, **what: Any) -> None:
        self.demo.setVisible(self.desk.demo)
        self._read = self.desk.now()
        self.model.load()

    def refresh(self) -> None:
        if self.desk.now() - self._read > EVERY:
            self._read = self.desk.now()
            self.model.load()
        super().refresh()

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        for mark in self.findChildren(StateMark):
            mark.dress(theme)

    # the right column -----------------------------------------------------------------------------------------------

    def _signing(self) -> Card:
        card = Card(tr("To be signed"))
        self.unsigned = QtWidgets.QVBoxLayout()
        self.unsigned.setSpacing(GRID // 2)
        card.inside.addLayout(self.unsigned)
        self.sign_all = PinAsked(tr("Sign all"), "fa6s.signature")
        self.sign_all.given.connect(self.model.sign_all)
        card.inside.addWidget(self.sign_all)
        return card

    def _figures(self) -> Card:
        card = Card(tr("Robot time today"))
        self.minutes = far()
        card.inside.addWidget(self.minutes)
        return card

    def _diary(self) -> Card:
        card = Card(tr("For the diary"))
        self.diary_of, self.diary = muted(), text()
        self.diary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copied = muted()
        card.inside.addWidget(self.diary_of)
        card.inside.addWidget(self.diary)
        self.copy_it = self.button(tr("Copy in Italian"), "fa6s.copy", lambda: self._copy("it"))
        self.copy_en = self.button(tr("Copy in English"), "fa6s.copy", lambda: self._copy("en"))
        card.inside.addWidget(Flow(self.copy_it, self.copy_en))
        card.inside.addWidget(self.copied)
        return card

    def _copy(self, language: str) -> None:
        if self.model.day is not None and language in self.model.day.diary:
            QtGui.QGuiApplication.clipboard().setText(self.model.day.diary[language])
            self.copied.setText(tr("Copied: paste it into the clinic's diary"))

    # filling --------------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        self.loading.setVisible(self.model.clinical and self.model.day is None)
        if not self.model.clinical:
            self._fill_places()
            return
        day = self.model.day
        if day is None:
            return
        clear(self.left)
        clear(self.waiting)
        for lost in day.lost:
            self.waiting.addWidget(self._lost(lost))
        self.open_buttons = {}
        if self.model.next_step:
            self.left.addWidget(self._what_to_do(self.model.next_step))
        for card in day.cards:
            self.left.addWidget(self._card(card))
        if day.caseload:
            self.left.addWidget(title(tr("Caseload")))
            for card in day.caseload:
                self.left.addWidget(self._card(card))
        self.left.addStretch(1)
        self.sign.setVisible(bool(day.unsigned))
        clear(self.unsigned)
        for session in day.unsigned:
            words = " · ".join(
                (session.full_name, shown_date(session.begun.astimezone().date(), "short"),
                 shown_time(session.begun.astimezone()), tr(OUTCOMES.get(session.outcome, "") or "Done"))
            )  # fmt: skip
            self.unsigned.addWidget(text(words))
        self.figures.show()
        self.minutes.setText(shown_number(day.robot_minutes, 0, "min"))
        self.diary_card.setVisible(bool(day.diary))
        from gui.i18n import language

        self.diary.setText(day.diary.get(language(), day.diary.get("en", "")))
        self.diary_of.setText(day.diary_of)

    def _fill_places(self) -> None:
        """Who has no patients begins at one of their own places."""
        clear(self.left)
        acting = self.desk.acting
        for place in places.on_the_rail(frozenset(acting.user.roles)) if acting is not None else []:
            if place.name != "today":
                self.left.addWidget(
                    self.button(tr(place.label), place.icon, partial(self.desk.go, place.name), big=True)
                )
        self.left.addStretch(1)

    def _go_on(self) -> None:
        self.desk.go(self.desk.session_place)

    def _lost(self, lost: Lost) -> Card:
        """Whose it is has to be confirmed, as before every session; then it goes on."""
        card = Card(margin=GRID)
        words = text(f"{lost.name}: {lost.words}" if lost.name else lost.words)
        words.setProperty("notice", True)
        row = Row(spacing=GRID)
        row.addWidget(words, 1)
        row.addWidget(
            self.button(tr("Take it over"), "fa6s.window-restore",
                        partial(self.desk.go, "patient", patient=lost.patient, session=lost.session), kind="go")
        )  # fmt: skip
        card.inside.addLayout(row)
        return card

    def _what_to_do(self, words: str) -> Card:
        card = Card(tr("What to do next"))
        card.inside.addWidget(text(words))
        ways = Flow()
        for label, icon, place, what in (
            (tr("New patient"), "fa6s.user-plus", "new_patient", {}),
            (tr("Import a worklist"), "fa6s.file-import", "new_patient", {"part": "worklist"}),
            (tr("Find a patient"), "fa6s.magnifying-glass", "patients", {}),
        ):
            ways.add(self.button(label, icon, partial(self.desk.go, place, **what)))
        card.inside.addWidget(ways)
        return card

    def _card(self, shown: Any) -> Card:
        card = Card(margin=GRID)
        when = title(shown_time(shown.at.astimezone()) if shown.at is not None else "", wrap=False)
        when.setMinimumWidth(when.fontMetrics().horizontalAdvance("00:00") + 3 * GRID)
        name = title(shown.name, wrap=False)
        parts = [born_words(shown.birth_date, self.desk.today)] if shown.birth_date is not None else []
        parts.append(tr(SIDES[shown.side]))
        if shown.last is not None:
            parts.append(tr("last on {day}", day=shown_date(shown.last.astimezone().date())))
        words = QtWidgets.QVBoxLayout()
        words.setSpacing(2)
        head = Row(name, spacing=GRID)
        if shown.state:
            head.addWidget(StateMark(tr(STATES[shown.state]), ICONS[shown.state], self.theme))
        head.addStretch(1)
        words.addLayout(head)
        words.addWidget(muted(" · ".join(parts)))
        row = Row(when, spacing=GRID) if shown.at is not None else Row(spacing=GRID)
        row.addLayout(words, 1)
        if shown.state in (COMES, LATE) and shown.appointment is not None:
            row.addWidget(
                self.button(tr("Is here"), "fa6s.person-circle-check",
                            partial(self.model.arrived, shown.appointment),
                            says=tr("Is here: {name}", name=shown.name))
            )  # fmt: skip
        go_on = shown.state in (TRAINS, RESTS) and self.desk.session_open
        act = self._go_on if go_on else partial(self.desk.go, "patient", patient=shown.patient)
        opens = self.button(tr("Open"), "fa6s.arrow-right", act, says=tr("Open: {name}", name=shown.name), kind="go")
        self.open_buttons[shown.patient] = opens
        row.addWidget(opens)
        card.inside.addLayout(row)
        return card
