"""What a Session is where its script does not say it. `rehab run script.py` puts the command line's options here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from rehab.session.session import Session


class Settings(NamedTuple):
    """The arguments of a Session that may be left out; their meaning stands there."""

    device: str = "sim:planar_arm"
    patient: str | None = None
    seed: int | None = None
    clock: str = "real"
    out: str | Path | None = None
    faults: str | Path | None = None
    participant: str = "1"


class Defaults:
    """The ground under every Session of this process."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()

    def settle(self, said: dict[str, Any]) -> Settings:
        """With what its maker says in place of the defaults; None says nothing."""
        return self.settings._replace(**{name: value for name, value in said.items() if value is not None})

    def opened(self, session: Session) -> None:
        """Told of every session that was opened."""
