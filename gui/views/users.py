"""Users, for administrators: who there is, what they may do; a new one; passwords, PINs, locks."""

from __future__ import annotations

from typing import Any

from gui import i18n
from gui.i18n import tr
from gui.qt import Qt, QtWidgets
from gui.theme import GRID
from gui.viewmodels.desk import Desk
from gui.viewmodels.person import ROLES
from gui.viewmodels.users import Users
from gui.views.model_page import ModelPage
from gui.widgets.columns import Columns
from gui.widgets.fields import secret
from gui.widgets.flow import Flow
from gui.widgets.plain import Card, Row, field, muted, text, title
from gui.widgets.tick import Tick

ID = Qt.ItemDataRole.UserRole


class UsersPage(ModelPage):
    model: Users

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Users(desk))
        self.saved = text()
        self.saved.setAccessibleName(tr("What was saved"))
        self.list = QtWidgets.QListWidget()
        self.list.setAccessibleName(tr("Users"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)
        self.list.currentItemChanged.connect(self._chosen)
        self.new = self.button(tr("New user"), "fa6s.user-plus", self._new)
        self.loading = muted(tr("Loading"))
        left = QtWidgets.QVBoxLayout()
        left.setSpacing(GRID)
        for widget in (self.new, self.loading, self.list):
            left.addWidget(widget)
        right = QtWidgets.QVBoxLayout()
        right.setSpacing(GRID)
        right.addWidget(self.saved)
        self.details = self._details()
        right.addWidget(self.details)
        right.addStretch(1)
        self.column.addWidget(Columns((left, 2), (right, 3)), 1)

    @property
    def title(self) -> str:
        return tr("Users")

    def enter(self, **what: Any) -> None:
        self.model.load()

    def leave(self) -> None:
        for line in (self.password, self.pin):
            line.clear()

    def _details(self) -> Card:
        card = Card()
        self.heading = title()
        self.full_name, self.name = QtWidgets.QLineEdit(), QtWidgets.QLineEdit()
        self.name_box = QtWidgets.QWidget()
        names = QtWidgets.QHBoxLayout(self.name_box)
        names.setContentsMargins(0, 0, 0, 0)
        names.setSpacing(2 * GRID)
        names.addLayout(field(tr("First name and family name"), self.full_name))
        names.addLayout(field(tr("Name to sign in with, for example anna"), self.name))
        self.roles = {role: Tick(tr(words)) for role, words in ROLES.items()}
        boxes = QtWidgets.QGridLayout()
        for k, box in enumerate(self.roles.values()):
            boxes.addWidget(box, k // 2, k % 2)
        self.save_roles = self.button(tr("Save the roles"), "fa6s.check", self._save_roles)
        self.password, self.pin = secret(), secret(digits=True)
        self.language = QtWidgets.QComboBox()
        for code, words in i18n.LANGUAGES.items():
            self.language.addItem(words, code)
        self.set_password = self.button(tr("Set the password"), "fa6s.key", self._set_password)
        self.set_pin = self.button(tr("Set the PIN"), "fa6s.hashtag", self._set_pin)
        self.add = self.button(tr("Add this user"), "fa6s.user-plus", self._add, kind="go")
        self.unlock = self.button(tr("Unlock"), "fa6s.lock-open", self.model.unlock)
        self.activity = self.button(tr("Shut out"), "fa6s.user-slash", self._set_active)
        self.language_box = QtWidgets.QWidget()
        language = field(tr("Language"), self.language)
        language.setContentsMargins(0, 0, 0, 0)
        self.language_box.setLayout(language)
        card.inside.addWidget(self.heading)
        card.inside.addWidget(self.name_box)
        card.inside.addWidget(text(tr("May act as")))
        card.inside.addLayout(boxes)
        card.inside.addLayout(Row(self.save_roles, None))
        for words, line, button in (
            (tr("Password, 10 characters or more"), self.password, self.set_password),
            (tr("PIN, 4 to 8 digits"), self.pin, self.set_pin),
        ):
            row = Row(spacing=GRID)
            row.addLayout(field(words, line), 2)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
            row.addStretch(1)
            card.inside.addLayout(row)
        card.inside.addWidget(self.language_box)
        card.inside.addWidget(Flow(self.unlock, self.activity, self.add))
        return card

    def fill(self) -> None:
        users = self.model.users
        self.loading.setVisible(users is None and not self.model.problem)
        self.saved.setText(self.model.saved)
        self.saved.setVisible(bool(self.model.saved))
        if users is None:
            return
        self.list.blockSignals(True)
        self.list.clear()
        for user in users:
            states = [tr("shut out")] if not user.active else []
            states += [tr("locked")] if user.locked else []
            roles = ", ".join(tr(ROLES[role]) for role in ROLES if role in user.roles)
            item = QtWidgets.QListWidgetItem(" · ".join((user.full_name, user.name, roles, *states)))
            item.setData(ID, user.id)
            self.list.addItem(item)
            if user.id == self.model.selected:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._fill_details()

    def _fill_details(self) -> None:
        user = self.model.user
        new = user is None
        self.heading.setText(tr("New user") if user is None else user.full_name)
        for widget, shown in (
            (self.name_box, new), (self.language_box, new), (self.add, new), (self.save_roles, not new),
            (self.set_password, not new), (self.set_pin, not new), (self.activity, not new),
            (self.unlock, user is not None and user.locked),
        ):  # fmt: skip
            widget.setVisible(shown)
        key = user.id if user is not None else None
        if self.details.property("user") != (key or 0):
            self.details.setProperty("user", key or 0)
            for line in (self.full_name, self.name, self.password, self.pin):
                line.clear()
            for role, box in self.roles.items():
                box.setChecked(user is not None and role in user.roles)
        if user is not None:
            words = tr("Shut out") if user.active else tr("Let in again")
            self.activity.say(words, "fa6s.user-slash" if user.active else "fa6s.user-check", words)

    # acts -----------------------------------------------------------------------------------------------------------

    def _chosen(self, item: QtWidgets.QListWidgetItem | None, before: object = None) -> None:
        if item is not None:
            self.model.choose(int(item.data(ID)))

    def _new(self) -> None:
        self.list.setCurrentRow(-1)
        self.model.choose(None)
        self.full_name.setFocus()

    def _checked(self) -> list[str]:
        return [role for role, box in self.roles.items() if box.isChecked()]

    def _add(self) -> None:
        self.model.add(self.name.text(), self.full_name.text(), self._checked(), self.password.text(),
                       self.pin.text(), str(self.language.currentData()))  # fmt: skip

    def _save_roles(self) -> None:
        self.model.set_roles(self._checked())

    def _set_password(self) -> None:
        self.model.set_password(self.password.text())
        self.password.clear()

    def _set_pin(self) -> None:
        self.model.set_pin(self.pin.text())
        self.pin.clear()

    def _set_active(self) -> None:
        user = self.model.user
        if user is not None:
            self.model.set_active(not user.active)
