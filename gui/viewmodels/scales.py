"""Clinical scales: a form made from what a scale is, checked as it is typed, and what was entered before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gui.i18n import own, shown_digits, tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.errors import told
from gui.viewmodels.fields import read_day, read_number, write_number
from gui.viewmodels.model import Model
from rehab.core.errors import BadInput
from rehab.report.progress_data import Scale
from rehab.report.progress_words import GROUPS_IT, SCALES_IT, scale_verdict

if TYPE_CHECKING:
    from rehab.clinic.records import ScaleEntry, ScaleKind, Subscore

DRAFTS = "scales"


class Loaded(NamedTuple):
    kinds: tuple[ScaleKind, ...]
    entries: tuple[ScaleEntry, ...]


class ScalesModel(Model):
    """
    kind, group   the scale that is chosen
    typed         what stands in its fields, by name: "value", subscores, "on", "remarks"; kept while one goes elsewhere
    withdrawn     the entry that was withdrawn last, to be put back
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.code = ""
        self.kinds: tuple[ScaleKind, ...] = ()
        self.entries: tuple[ScaleEntry, ...] = ()
        self.kind: ScaleKind | None = None
        self.group = ""
        self.withdrawn: ScaleEntry | None = None
        self.said = ""

    def load(self, patient: str) -> None:
        if patient != self.code:
            self.entries, self.withdrawn, self.said = (), None, ""
        self.code, acting = patient, self.acting
        self.ask(
            tr("Reading the scales"), lambda: Loaded(acting.scales.kinds(), acting.scales.list(patient)), self._have
        )
        self.changed()

    def _have(self, loaded: Loaded) -> None:
        self.kinds, self.entries = loaded
        if self.kind is None:
            self.choose(self.kinds[0].name)

    def choose(self, kind: str, group: str = "") -> None:
        self.kind = next(k for k in self.kinds if k.name == kind)
        self.group = group or (self.kind.groups[0] if self.kind.groups else "")
        self.said = ""
        self.changed()

    # what is typed --------------------------------------------------------------------------------------------------

    @property
    def typed(self) -> dict[str, str]:
        kept: dict[str, dict[str, str]] = self.desk.drafts.setdefault(DRAFTS, {})
        kind = self.kind.name if self.kind is not None else ""
        return kept.setdefault(f"{self.code} {kind} {self.group}", {})

    def type(self, name: str, words: str) -> None:
        self.typed[name] = words

    def wrong(self, name: str) -> str:
        """Why what stands in a field cannot be, in words; "" while it can, or nothing is there."""
        try:
            if name == "on":
                read_day(self.typed.get("on", ""), tr("Day"), self.desk.today)
            elif name == "value":
                if self.kind is not None and not self.kind.grades:  # a grade is chosen, not typed
                    self._value()
            elif name != "remarks":
                self._part(next(part for part in self._subscores if part.name == name))
        except BadInput as error:
            return told(error)
        return ""

    @property
    def _subscores(self) -> tuple[Subscore, ...]:
        return self.kind.subscores if self.kind is not None else ()

    def _part(self, part: Subscore) -> float | None:
        return _whole(self.typed.get(part.name, ""), tr(part.title), part.low, part.high, 1.0)

    def _value(self) -> float | None:
        kind = self.kind
        assert kind is not None
        return _whole(self.typed.get("value", ""), scale_title(kind), kind.low, kind.high, kind.step)

    @property
    def total(self) -> str:
        """ "31 of 66, 2 parts are missing": the sum of the subscores as far as they are there."""
        kind = self.kind
        if kind is None or not kind.total:
            return ""
        try:
            parts = [self._part(part) for part in kind.subscores]
        except BadInput:
            return "–"
        given = [part for part in parts if part is not None]
        if not given:
            return ""
        said = tr("{sum} of {most}", sum=shown_digits(sum(given)), most=shown_digits(kind.high))
        missing = len(parts) - len(given)
        return said if not missing else tr("{sum}, parts that are missing: {n}", sum=said, n=missing)

    # saving ---------------------------------------------------------------------------------------------------------

    @property
    def complete(self) -> bool:
        """Is there something that can be saved?"""
        kind = self.kind
        if kind is None or any(self.wrong(name) for name in ("on", "value", *(p.name for p in kind.subscores))):
            return False
        if kind.grades:
            return self.typed.get("value", "") in kind.grades
        parts = [self.typed.get(part.name, "").strip() for part in kind.subscores]
        return bool(self.typed.get("value", "").strip()) or (kind.total and all(parts))

    def save(self) -> None:
        kind, typed, acting = self.kind, self.typed, self.acting
        if kind is None or not self.complete:
            return
        code, group, remarks = self.code, self.group, typed.get("remarks", "").strip()
        value: float | str | None = typed["value"] if kind.grades else self._value()
        parts = {part.name: points for part in kind.subscores if (points := self._part(part)) is not None}
        on = read_day(typed.get("on", ""), tr("Day"), self.desk.today)

        def job() -> Loaded:
            acting.scales.enter(code, kind.name, value, group=group, parts=parts, on=on, remarks=remarks)
            return Loaded(acting.scales.kinds(), acting.scales.list(code))

        def saved(loaded: Loaded) -> None:
            typed.clear()
            self._have(loaded)
            self.said = tr("Saved")

        self.ask(tr("Saving the scale"), job, saved)

    def withdraw(self, entry: int, reason: str) -> None:
        """Entered by mistake. It can be put back."""
        if not reason.strip():
            self.problem = tr("Write why it is withdrawn: it stays in the history")
            self.changed()
            return
        acting, code = self.acting, self.code
        gone = next(e for e in self.entries if e.id == entry)

        def job() -> Loaded:
            acting.scales.withdraw(entry, reason=reason.strip())
            return Loaded(acting.scales.kinds(), acting.scales.list(code))

        def done(loaded: Loaded) -> None:
            self._have(loaded)
            self.withdrawn = gone
            self.said = tr("Withdrawn: {what}", what=f"{scale_title(self._kind_of(gone))} {gone.shown}")

        self.ask(tr("Withdrawing"), job, done)

    def put_back(self) -> None:
        """Enter anew what was withdrawn last."""
        gone, acting, code = self.withdrawn, self.acting, self.code
        if gone is None:
            return
        value: float | str = gone.shown if self._kind_of(gone).grades else gone.value

        def job() -> Loaded:
            acting.scales.enter(
                code, gone.kind, value, group=gone.group, parts=gone.parts, on=gone.on, remarks=gone.remarks
            )
            return Loaded(acting.scales.kinds(), acting.scales.list(code))

        def done(loaded: Loaded) -> None:
            self._have(loaded)
            self.withdrawn, self.said = None, tr("Put back")

        self.ask(tr("Saving the scale"), job, done)

    # what there is --------------------------------------------------------------------------------------------------

    def _kind_of(self, entry: ScaleEntry) -> ScaleKind:
        return next(kind for kind in self.kinds if kind.name == entry.kind)

    @property
    def history(self) -> tuple[ScaleEntry, ...]:
        """Of the scale (and muscle group) that is chosen, newest first."""
        if self.kind is None:
            return ()
        return tuple(e for e in reversed(self.entries) if e.kind == self.kind.name and e.group == self.group)

    @property
    def verdict(self) -> str:
        """First and last result, and whether the change matters to patients."""
        if self.kind is None or not self.history:
            return ""
        scale = Scale(self.kind, self.group, tuple(reversed(self.history)))
        return own({language: scale_verdict(scale, language) for language in ("en", "it")})

    @property
    def least(self) -> str:
        """The smallest change that matters, and its source."""
        kind = self.kind
        if kind is None:
            return ""
        if kind.change is None:
            return tr("No smallest change that matters is established ({source}).", source=kind.source)
        least = f"{write_number(kind.change)} {tr(kind.unit) if kind.unit else ''}".strip()
        return tr("Smallest change that matters to patients: {least} ({source}).", least=least, source=kind.source)


def scale_title(kind: ScaleKind) -> str:
    return own({"en": kind.title, "it": SCALES_IT[kind.name]})


def group_title(group: str) -> str:
    return own({"en": group, "it": GROUPS_IT[group]})



def _whole(words: str, what: str, low: float, high: float, step: float) -> float | None:
    """A number on the scale's grid. Raises BadInput in words."""
    value = read_number(words, what, low, high, "")
    if value is not None and (value - low) % step:
        grid = shown_digits(step)
        raise BadInput(tr("{what}: {text} is not in steps of {step}", what=what, text=words.strip(), step=grid))
    return value
