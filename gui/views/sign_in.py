"""Name and password. Those who were here today are one click away."""

from __future__ import annotations

from functools import partial
from typing import Any

from gui.i18n import tr
from gui.qt import Qt, QtWidgets
from gui.theme import GRID
from gui.viewmodels.desk import Desk
from gui.viewmodels.entrance import DEMO_PASSWORD, DEMO_PIN, DEMO_USER, SignIn
from gui.views.model_page import ModelPage
from gui.widgets.buttons import IconButton
from gui.widgets.fields import secret
from gui.widgets.plain import Card, clear, field, muted, text

WIDTH = 520  # px, at most: a line that is too long is hard to aim at


class SignInPage(ModelPage):
    model: SignIn

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, SignIn(desk))
        self._failed = 0
        self.people: dict[str, IconButton] = {}
        card = Card(tr("Sign in"))
        card.setMaximumWidth(WIDTH)
        card.setMinimumWidth(min(WIDTH, 400))
        self.notice = text()
        self.notice.setProperty("notice", True)
        card.inside.addWidget(self.notice)
        self.names = QtWidgets.QVBoxLayout()
        self.names.setSpacing(GRID)
        self.name, self.password = QtWidgets.QLineEdit(), secret()
        self.go_in = self.button(tr("Sign in"), "fa6s.right-to-bracket", self._sign_in, kind="go")
        card.inside.addLayout(self.names)
        card.inside.addLayout(field(tr("Name"), self.name))
        card.inside.addLayout(field(tr("Password"), self.password))
        card.inside.addWidget(self.go_in)
        card.inside.addWidget(muted(tr("After five wrong passwords a name is locked for 15 minutes; an administrator "
                                       "can unlock it.")))  # fmt: skip
        self.demo = text()
        self.demo.setProperty("notice", True)
        self.demo.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.inside.addWidget(self.demo)
        middle = QtWidgets.QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card, 3)
        middle.addStretch(1)
        self.column.addStretch(1)
        self.column.addLayout(middle)
        self.column.addStretch(2)
        self.name.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._sign_in)

    @property
    def title(self) -> str:
        return tr("Welcome")

    def enter(self, **what: Any) -> None:
        self.model.load()
        self.notice.setText(self.desk.notice)
        self.notice.setVisible(bool(self.desk.notice))
        self.demo.setVisible(self.desk.demo)
        self.demo.setText(
            tr("Demonstration with invented people: {name}, password {password}, PIN {pin}",
               name=DEMO_USER, password=DEMO_PASSWORD, pin=DEMO_PIN)
        )  # fmt: skip
        self.name.setFocus()

    def leave(self) -> None:
        self.password.clear()

    def fill(self) -> None:
        self.go_in.setEnabled(not self.model.waiting)
        if list(self.people) != [user.name for user in self.model.here]:
            clear(self.names)
            self.people = {}
            for user in self.model.here:
                button = self.button(user.full_name, "fa6s.user", partial(self._choose, user.name))
                button.setProperty("line", True)
                self.people[user.name] = button
                self.names.addWidget(button)
        if self.model.failed != self._failed:
            self._failed = self.model.failed
            self.password.clear()
            self.password.setFocus()

    def _choose(self, name: str) -> None:
        self.name.setText(name)
        self.password.setFocus()

    def _sign_in(self) -> None:
        if not self.model.waiting:
            self.model.enter(self.name.text(), self.password.text())
            self.go_in.setEnabled(not self.model.waiting)
