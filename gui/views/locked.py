"""The lock: nothing personal is shown. The same person goes on, or another one takes over; STOP stays in the strip."""

from __future__ import annotations

from functools import partial
from typing import Any

from gui.i18n import tr
from gui.qt import Qt, QtCore, QtWidgets, qtawesome
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.entrance import Locked
from gui.views.model_page import ModelPage
from gui.views.sign_in import WIDTH
from gui.widgets.buttons import IconButton
from gui.widgets.fields import secret
from gui.widgets.plain import Card, Row, clear, field, muted

BY_PIN, BY_PASSWORD = 0, 1


class LockedPage(ModelPage):
    model: Locked

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Locked(desk))
        self._failed = 0
        self.people: dict[str, IconButton] = {}
        self._who = ""
        self.picture = QtWidgets.QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        card = Card(tr("Locked"))
        card.setMaximumWidth(WIDTH)
        card.inside.addWidget(muted(tr("Who goes on? A session that is open goes on meanwhile; STOP works.")))
        self.names = QtWidgets.QVBoxLayout()
        self.names.setSpacing(GRID)
        card.inside.addLayout(self.names)
        self.ways = QtWidgets.QStackedWidget()
        self.pages: list[QtWidgets.QWidget] = []
        self.pin, self.password, self.name = secret(digits=True), secret(), QtWidgets.QLineEdit()
        self.unlock = self.button(tr("Go on"), "fa6s.lock-open", self._by_pin, kind="go")
        self.go_in = self.button(tr("Sign in"), "fa6s.right-to-bracket", self._by_password, kind="go")
        pin, password = QtWidgets.QVBoxLayout(), QtWidgets.QVBoxLayout()
        pin.addLayout(field(tr("PIN"), self.pin))
        pin.addWidget(self.unlock)
        self.with_password = self.button(tr("Use a password instead"), "fa6s.key", lambda: self._way(BY_PASSWORD))
        pin.addWidget(self.with_password)
        password.addLayout(field(tr("Name"), self.name))
        password.addLayout(field(tr("Password"), self.password))
        password.addWidget(self.go_in)
        password.addWidget(self.button(tr("Use a PIN instead"), "fa6s.hashtag", lambda: self._way(BY_PIN)))
        for way in (pin, password):
            way.setSpacing(GRID)
            way.setContentsMargins(0, 0, 0, 0)
            way.addStretch(1)
            page = QtWidgets.QWidget()
            page.setLayout(way)
            self.ways.addWidget(page)
            self.pages.append(page)
        card.inside.addWidget(self.ways)
        self.out = self.button(tr("Sign out"), "fa6s.right-from-bracket", desk.sign_out)
        card.inside.addLayout(Row(None, self.out))
        middle = QtWidgets.QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card, 3)
        middle.addStretch(1)
        self.column.addStretch(1)
        self.column.addWidget(self.picture)
        self.column.addLayout(middle)
        self.column.addStretch(2)
        self.pin.returnPressed.connect(self._by_pin)
        self.password.returnPressed.connect(self._by_password)

    @property
    def title(self) -> str:
        return tr("Locked")

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        self.picture.setPixmap(qtawesome.icon("fa6s.lock", color=theme.muted).pixmap(QtCore.QSize(48, 48)))

    def enter(self, **what: Any) -> None:
        self._who = self.desk.acting.user.name if self.desk.acting is not None else ""
        self.name.setText(self._who)
        self._way(BY_PIN)
        self.model.load()

    def leave(self) -> None:
        self.pin.clear()
        self.password.clear()

    def fill(self) -> None:
        self.out.setEnabled(not self.desk.session_open)
        for button in (self.unlock, self.go_in):
            button.setEnabled(not self.model.waiting)
        if list(self.people) != [user.name for user in self.model.here]:
            clear(self.names)
            self.people = {}
            for user in self.model.here:
                button = self.people[user.name] = self.button(
                    user.full_name, "fa6s.user", partial(self._choose, user.name)
                )
                button.setProperty("choice", True)
                button.setCheckable(True)
                self.names.addWidget(button)
        for name, button in self.people.items():
            button.setChecked(name == self._who)
        if self.model.failed != self._failed:
            self._failed = self.model.failed
            self.leave()
            self._focus()

    def _choose(self, name: str) -> None:
        self._who = name
        for each, button in self.people.items():
            button.setChecked(each == name)
        self.name.setText(name)
        self._focus()

    def _way(self, way: int) -> None:
        self.ways.setCurrentIndex(way)
        policy = QtWidgets.QSizePolicy.Policy
        for k, page in enumerate(self.pages):  # the card is as tall as the way that is shown
            page.setSizePolicy(policy.Preferred, policy.Preferred if k == way else policy.Ignored)
        self._focus()

    def _focus(self) -> None:
        (self.pin if self.ways.currentIndex() == BY_PIN else self.password).setFocus()

    def _by_pin(self) -> None:
        if not self.model.waiting:
            self.model.by_pin(self._who, self.pin.text())

    def _by_password(self) -> None:
        if not self.model.waiting:
            self.model.enter(self.name.text(), self.password.text())
