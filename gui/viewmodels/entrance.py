"""How people come in: the first user, name and password, the PIN that takes over. Hashing takes its time, elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui import i18n
from gui.i18n import tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting
    from rehab.clinic.records import User

DEMO_USER, DEMO_PASSWORD, DEMO_PIN = "anna", "demo-password", "2580"


class FirstUser(Model):
    """An empty store: make the first user, or try it with invented people."""

    def make(self, full_name: str, name: str, password: str, again: str, pin: str) -> None:
        if password != again:
            self.problem = tr("The two passwords differ: type the same one twice")
            self.changed()
            return
        clinic, language = self.desk.clinic, i18n.language()
        spoken = language if language in i18n.LANGUAGES else "en"
        self.ask(
            tr("Making the first user"),
            lambda: clinic.create_first(name.strip(), full_name.strip(), password, pin.strip(), spoken),
            self.desk.signed_in,
        )

    def try_demo(self) -> None:
        """Invented people and sessions, clearly marked; signed in as one of their therapists."""
        clinic = self.desk.clinic

        def job() -> Acting:
            from rehab.clinic.demo import fill

            fill(clinic)
            return clinic.sign_in(DEMO_USER, DEMO_PASSWORD)

        def have(acting: Acting) -> None:
            self.desk.became_demo()
            self.desk.signed_in(acting)

        self.ask(tr("Filling the store with invented people"), job, have)


class SignIn(Model):
    """Name and password; those who were here today are offered by name."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.here: tuple[User, ...] = ()
        self.failed = 0  # how often a sign-in was refused: the view empties the password then

    def load(self) -> None:
        self.problem = ""
        self.ask(tr("Looking up who was here"), self.desk.clinic.here, self._have)

    def _have(self, users: tuple[User, ...]) -> None:
        self.here = users

    def changed(self) -> None:
        self.failed += bool(self.problem)
        super().changed()

    def enter(self, name: str, password: str) -> None:
        if not name.strip() or not password:
            self.problem = tr("Write your name and your password")
            self.changed()
            return
        clinic = self.desk.clinic
        self.ask(tr("Signing in"), lambda: clinic.sign_in(name.strip(), password), self.desk.signed_in)


class Locked(SignIn):
    """The same person, or another one, takes over by PIN or password; a session that is open goes on meanwhile."""

    def by_pin(self, name: str, pin: str) -> None:
        if not pin.strip():
            self.problem = tr("Type your PIN")
            self.changed()
            return
        clinic = self.desk.clinic
        self.ask(tr("Checking the PIN"), lambda: clinic.by_pin(name, pin.strip()), self.desk.signed_in)
