"""The clinical part of a patient's file: nothing is deleted, everything is superseded with author and time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rehab.clinic.records import (
    Chart,
    CheckItem,
    Checklist,
    Goal,
    Hurt,
    LimitLine,
    MotionRange,
    Note,
    Photo,
    Setting,
    Version,
)  # fmt: skip
from rehab.clinic.service import Service


class Charts(Service):
    """acting.charts"""

    def read(self, patient: str) -> Chart:
        """All of it, as it stands."""
        raise NotImplementedError

    def history(self, patient: str) -> tuple[Version, ...]:
        """Every entry there ever was, newest first."""
        raise NotImplementedError

    def set_setting(self, patient: str, setting: Setting, *, reason: str = "") -> Setting:
        """Seat, splint and limb lengths anew. Raises Findings for lengths no limb has."""
        raise NotImplementedError

    def set_photo(self, patient: str, data: bytes, kind: str) -> Photo:
        """The set-up photo: JPEG or PNG, at most 8 MB."""
        raise NotImplementedError

    def photo(self, patient: str) -> Photo | None:
        """The set-up photo."""
        raise NotImplementedError

    def set_range(self, patient: str, motion: MotionRange, *, reason: str = "") -> MotionRange:
        """Range by demonstration on a device model; its joint angles go into the layer of limits."""
        raise NotImplementedError

    def check_items(self) -> tuple[CheckItem, ...]:
        """The questions of the contraindication checklist."""
        raise NotImplementedError

    def set_checklist(self, patient: str, answers: Mapping[str, str], *, remarks: str = "") -> Checklist:
        """Answers yes, no or unknown by item; every item must be answered."""
        raise NotImplementedError

    def set_limit(self, patient: str, name: str, value: float, *, reason: str, joint: int | None = None, device: str = "") -> LimitLine:
        """A limit of rehab.core.limits (SI) with its reason; it supersedes the one of the same name (joint, device)."""
        raise NotImplementedError

    def lift_limit(self, patient: str, limit: int, *, reason: str) -> None:
        """A limit that holds no longer."""
        raise NotImplementedError

    def add_goal(self, patient: str, text: str, *, until: date | None = None) -> Goal:
        """What the patient wants to be able to do."""
        raise NotImplementedError

    def reach_goal(self, patient: str, goal: int) -> Goal:
        """It was reached, today."""
        raise NotImplementedError

    def drop_goal(self, patient: str, goal: int, *, reason: str) -> None:
        """It holds no longer."""
        raise NotImplementedError

    def chips(self) -> tuple[str, ...]:
        """Ready words for notes, in the user's language."""
        raise NotImplementedError

    def add_note(self, patient: str, text: str = "", *, chips: Iterable[str] = (), session: int | None = None) -> Note:
        """A note: typed or dictated text, chips, or both."""
        raise NotImplementedError

    def set_hurts(self, patient: str, hurts: Sequence[tuple[str, int, str]]) -> tuple[Hurt, ...]:
        """What hurts now: (place, 0 to 10, when); supersedes what hurt before. () is: nothing hurts."""
        raise NotImplementedError
