from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting


class Service:
    """A group of methods of one who acts."""

    def __init__(self, acting: Acting) -> None:
        self._acting = acting
