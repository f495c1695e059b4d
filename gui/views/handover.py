"""Handover: the last note, limits with their reasons, what hurts, seat, photo, the last seconds, and who may see it."""

from __future__ import annotations

from functools import partial
from typing import Any

from gui.i18n import shown_date, shown_time, tr, trn
from gui.qt import QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.fields import write_number
from gui.viewmodels.handover import HOURS, HandoverModel
from gui.viewmodels.new_patient import LENGTHS
from gui.viewmodels.person import SIDES, born_words
from gui.views.model_page import ModelPage
from gui.widgets.columns import Columns
from gui.widgets.identity import Identity
from gui.widgets.photo import pixels
from gui.widgets.plain import Card, Row, breakable, clear, field, muted, text
from gui.widgets.replay import ReplayView
from rehab.core.units import beside


class HandoverPage(ModelPage):
    model: HandoverModel

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, HandoverModel(desk))
        self.replay: ReplayView | None = None
        self.loading = muted(tr("Loading"))
        self.identity = Identity()
        self.column.addWidget(self.loading)
        self.whole = QtWidgets.QWidget()
        whole = QtWidgets.QVBoxLayout(self.whole)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2 * GRID)
        whole.addWidget(self.identity)
        self.left, right = QtWidgets.QVBoxLayout(), QtWidgets.QVBoxLayout()
        for side in (self.left, right):
            side.setSpacing(2 * GRID)
        whole.addWidget(Columns((self.left, 1), (right, 1)), 1)
        self.column.addWidget(self.whole, 1)
        self.film = Card(tr("The last 20 seconds"))
        self.no_film = muted()
        self.film.inside.addWidget(self.no_film)
        right.addWidget(self.film)
        right.addWidget(self._access())
        right.addStretch(1)

    @property
    def title(self) -> str:
        return tr("Handover")

    def enter(self, patient: str = "", **what: Any) -> None:
        self.reason.setText(self.desk.drafts.get("access reason", ""))
        self.model.load(patient or self.model.code)

    def refresh(self) -> None:
        super().refresh()
        if self.replay is not None:
            self.replay.tick(self.desk.now())

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        if self.replay is not None:
            self.replay.dress(theme)

    def _access(self) -> Card:
        card = Card(tr("Access for a while"))
        self.grants = QtWidgets.QVBoxLayout()
        self.grants.setSpacing(GRID)
        card.inside.addLayout(self.grants)
        self.colleague, self.hours, self.reason = QtWidgets.QComboBox(), QtWidgets.QComboBox(), QtWidgets.QLineEdit()
        for hours in HOURS:
            words = trn("{n} hour", "{n} hours", hours) if hours < 48 else trn("{n} day", "{n} days", hours // 24)
            self.hours.addItem(words, hours)
        self.reason.textChanged.connect(lambda typed: self.desk.drafts.update({"access reason": typed}))
        self.give = self.button(tr("Give access"), "fa6s.key", self._grant, kind="go")
        row = Row(spacing=GRID)
        row.addLayout(field(tr("Colleague"), self.colleague), 3)
        row.addLayout(field(tr("For"), self.hours), 2)
        card.inside.addLayout(row)
        card.inside.addLayout(field(tr("Why: it is written down, and the patient may ask"), self.reason))
        card.inside.addWidget(self.give)
        return card

    def fill(self) -> None:
        found = self.model.handover
        self.loading.setVisible(found is None and not self.model.problem)
        self.whole.setVisible(found is not None)
        if found is None:
            return
        patient = found.patient
        born = born_words(patient.birth_date, self.desk.today)
        self.identity.show_patient(patient.full_name, born, tr(SIDES[patient.side]),
                                   patient.patient)  # fmt: skip
        clear(self.left)
        note = found.note
        said = " · ".join((*note.chips, note.text)).strip(" ·") if note is not None else ""
        by = f"{note.by}, {shown_date(note.at.astimezone().date())}" if note is not None else ""
        self._listing(tr("Last note"), [said] if said else [], tr("No note yet"), by)
        self._listing(tr("Limits"), [f"{line.says}: {line.reason}" for line in found.limits],
                      tr("None of their own: those of the clinic and the robot hold"))  # fmt: skip
        hurts = [tr("{place}: {pain} of 10", place=hurt.place, pain=hurt.pain) + (f", {hurt.when}" if hurt.when else "")
                 for hurt in found.hurts]  # fmt: skip
        self._listing(tr("What hurts"), hurts, tr("Nothing, as far as is known"))
        self._listing(tr("Arm and seat"), _setting(found.setting), tr("Not measured yet"))
        self.left.addWidget(self._photo(found.photo))
        self.left.addStretch(1)
        self._fill_film()
        self._fill_access()

    def _listing(self, heading: str, lines: list[str], empty: str, by: str = "") -> None:
        card = Card(heading)
        for line in lines:
            card.inside.addWidget(text(line))
        if not lines:
            card.inside.addWidget(muted(empty))
        if by:
            card.inside.addWidget(muted(by))
        self.left.addWidget(card)

    def _photo(self, photo: Any) -> Card:
        card = Card(tr("Set-up photo"))
        if photo is None:
            card.inside.addWidget(muted(tr("There is no photo yet: add one in the patient's details.")))
            return card
        picture = QtWidgets.QLabel()
        picture.setAccessibleName(tr("Set-up photo: how the patient sits at the robot"))
        picture.setPixmap(pixels(photo.data, 480, 320))
        card.inside.addWidget(picture)
        return card

    def _fill_film(self) -> None:
        replay = self.model.replay
        self.no_film.setVisible(replay is None)
        self.no_film.setText(breakable(self.model.no_replay or self.model.problem or tr("Loading")))
        if self.replay is not None and (replay is None or self.replay.replay is not replay):
            self.film.inside.removeWidget(self.replay)
            self.replay.hide()
            self.replay.deleteLater()
            self.replay = None
        if replay is not None and self.replay is None:
            self.replay = ReplayView(replay, self.theme)
            self.film.inside.addWidget(self.replay, 1)

    def _fill_access(self) -> None:
        clear(self.grants)
        for grant in self.model.grants:
            until = grant.until.astimezone()
            words = tr("{name} until {day}, {time}: {reason}", name=grant.user, day=shown_date(until.date()),
                       time=shown_time(until), reason=grant.reason)  # fmt: skip
            row = Row(spacing=GRID)
            row.addWidget(text(words), 1)
            row.addWidget(self.button(tr("End it"), "fa6s.ban", partial(self.model.revoke, grant.id),
                                      says=tr("End the access of {name}", name=grant.user)))  # fmt: skip
            self.grants.addLayout(row)
        own = self.desk.acting.user.id if self.desk.acting is not None else 0
        wanted = [user for user in self.model.colleagues
                  if user.active and user.id != own and {"therapist", "researcher"} & set(user.roles)]  # fmt: skip
        if [user.id for user in wanted] != [self.colleague.itemData(k) for k in range(self.colleague.count())]:
            self.colleague.clear()
            for user in wanted:
                self.colleague.addItem(user.full_name, user.id)
        self.give.setEnabled(bool(wanted))

    def _grant(self) -> None:
        user = self.colleague.currentData()
        if user is not None:
            typed = self.reason.text()
            self.model.grant(int(user), int(self.hours.currentData()), typed)
            if typed.strip():
                self.reason.clear()


def _setting(setting: Any) -> list[str]:
    if setting is None:
        return []
    found = []
    for name, length in LENGTHS.items():
        value = getattr(setting, name)
        if value is not None:
            number = write_number(value, length.scale)
            found.append(f"{tr(length.label)}: {number}{beside(length.unit)}")
    lines = [" · ".join(found)] if found else []
    return lines + [part for part in (setting.splint, setting.remarks) if part]
