"""Who may sign in, and as what: for administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gui.i18n import tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model

if TYPE_CHECKING:
    from rehab.clinic.records import User


class Users(Model):
    """selected   the user whose details are shown; None = a new one"""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.users: tuple[User, ...] | None = None
        self.selected: int | None = None
        self.saved = ""

    def load(self) -> None:
        self.ask(tr("Reading the users"), self.acting.users.list, self._have)

    def _have(self, users: tuple[User, ...]) -> None:
        self.users = users

    @property
    def user(self) -> User | None:
        return next((user for user in self.users or () if user.id == self.selected), None)

    def choose(self, user: int | None) -> None:
        self.selected, self.saved, self.problem = user, "", ""
        self.changed()

    def add(self, name: str, full_name: str, roles: list[str], password: str, pin: str, language: str) -> None:
        if not roles:
            self.problem = tr("Choose at least one role")
            self.changed()
            return
        acting = self.acting

        def have(user: User) -> None:
            self.selected = user.id
            self._done(tr("Added: {name}", name=user.full_name))

        self.ask(
            tr("Adding the user"),
            lambda: acting.users.add(name.strip(), full_name.strip(), roles, password, pin.strip(), language=language),
            have,
        )

    def set_roles(self, roles: list[str]) -> None:
        self._change(lambda acting, user: acting.users.set_roles(user, roles), tr("The roles are saved"))

    def set_password(self, password: str) -> None:
        self._change(lambda acting, user: acting.users.set_password(user, password), tr("The new password holds"))

    def set_pin(self, pin: str) -> None:
        self._change(lambda acting, user: acting.users.set_pin(user, pin.strip()), tr("The new PIN holds"))

    def unlock(self) -> None:
        self._change(lambda acting, user: acting.users.unlock(user), tr("Unlocked"))

    def set_active(self, active: bool) -> None:
        words = tr("May sign in again") if active else tr("May sign in no more; what they did stays")
        self._change(lambda acting, user: acting.users.set_active(user, active), words)

    def _change(self, act: Callable[[Any, int], Any], words: str) -> None:
        user, acting = self.selected, self.acting
        if user is not None:
            self.ask(tr("Saving"), lambda: act(acting, user), lambda _: self._done(words))

    def _done(self, words: str) -> None:
        self.saved = words
        self.load()
