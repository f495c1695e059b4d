"""The very first page: nobody can sign in yet. Make the first user, or look around with invented people."""

from __future__ import annotations

from typing import Any

from gui.i18n import tr
from gui.qt import QtWidgets
from gui.theme import GRID
from gui.viewmodels.desk import Desk
from gui.viewmodels.entrance import FirstUser
from gui.views.model_page import ModelPage
from gui.widgets.fields import secret
from gui.widgets.plain import Card, Row, field, muted, text


class FirstUserPage(ModelPage):
    model: FirstUser

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, FirstUser(desk))
        self.full_name, self.name = QtWidgets.QLineEdit(), QtWidgets.QLineEdit()
        self.password, self.again, self.pin = secret(), secret(), secret(digits=True)
        make = Card(tr("Make the first user"))
        make.inside.addWidget(
            muted(tr("They are administrator and therapist, and can add everybody else. There is no password that "
                     "comes with the program."))
        )  # fmt: skip
        make.inside.addLayout(field(tr("First name and family name"), self.full_name))
        make.inside.addLayout(field(tr("Name to sign in with, for example anna"), self.name))
        make.inside.addLayout(
            Row(field(tr("Password, 10 characters or more"), self.password), field(tr("Password again"), self.again))
        )
        make.inside.addLayout(field(tr("PIN for signing and taking over, 4 to 8 digits"), self.pin))
        self.make = self.button(tr("Make this user and sign in"), "fa6s.user-plus", self._make, kind="go")
        make.inside.addWidget(self.make)
        look = Card(tr("Just look around"))
        look.inside.addWidget(
            text(tr("A store with invented patients, sessions and colleagues, and a simulated robot. Every page says "
                    "so. It can be thrown away at any time."))
        )  # fmt: skip
        self.demo = self.button(tr("Try with demo data"), "fa6s.flask", self.model.try_demo)
        look.inside.addWidget(self.demo)
        look.inside.addStretch(1)
        both = QtWidgets.QHBoxLayout()
        both.setSpacing(2 * GRID)
        both.addWidget(make, 3)
        both.addWidget(look, 2)
        self.column.addLayout(both)
        self.column.addStretch(1)
        self.pin.returnPressed.connect(self._make)

    @property
    def title(self) -> str:
        return tr("Welcome")

    def enter(self, **what: Any) -> None:
        self.full_name.setFocus()

    def fill(self) -> None:
        for button in (self.make, self.demo):
            button.setEnabled(not self.model.waiting)

    def leave(self) -> None:
        for line in (self.password, self.again, self.pin):
            line.clear()

    def _make(self) -> None:
        self.model.make(self.full_name.text(), self.name.text(), self.password.text(), self.again.text(),
                        self.pin.text())  # fmt: skip
        self.make.setEnabled(not self.model.waiting)
