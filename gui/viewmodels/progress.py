"""How a patient comes along: changes beside their noise, scales, dose, pain, goals; on screen and on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gui import i18n
from gui.i18n import own, shown_date, shown_number, tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model
from gui.viewmodels.paper import papers
from gui.viewmodels.review_words import head, shown
from rehab.measures.change import LEAST_BASELINE
from rehab.report.progress_words import plain_sentences, scale_name, scale_verdict, verdict

if TYPE_CHECKING:
    from rehab.report.progress_data import Progress, Scale, Series

BASELINES = tuple(range(LEAST_BASELINE, LEAST_BASELINE + 6))
LANGUAGES = ("en", "it")


class ProgressModel(Model):
    """
    progress  what there is; None until it has come
    measure   name of the measure that is plotted · scale (kind, group) beside it, ("", "") for none
    made      the file that was written last, to be opened; None when it was opened
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.code = ""
        self.baseline = LEAST_BASELINE
        self.progress: Progress | None = None
        self.measure = ""
        self.scale: tuple[str, str] = ("", "")
        self.made: Path | None = None
        self.said = ""

    def load(self, patient: str) -> None:
        if patient != self.code:
            self.progress, self.said = None, ""
        self.code, acting, baseline = patient, self.acting, self.baseline

        def job() -> Progress:
            from rehab.report.progress_data import gather

            return gather(acting, patient, baseline=baseline)

        self.ask(tr("Reading the progress"), job, self._have)
        self.changed()

    def _have(self, progress: Progress) -> None:
        if progress.code != self.code:
            return
        self.progress = progress
        if progress.measure(self.measure) is None:
            self.measure = progress.series[0].column.name if progress.series else ""
        known = [(scale.kind.name, scale.group) for scale in progress.scales]
        if self.scale not in known:
            self.scale = known[0] if known else ("", "")

    def set_baseline(self, sessions: int) -> None:
        """How many of the first sessions are taken as the baseline."""
        if sessions != self.baseline:
            self.baseline = sessions
            self.load(self.code)

    def choose(self, measure: str) -> None:
        if measure != self.measure:
            self.measure = measure
            self.changed()

    def choose_scale(self, kind: str, group: str) -> None:
        self.scale = kind, group
        self.changed()

    # what is shown --------------------------------------------------------------------------------------------------

    @property
    def series(self) -> Series | None:
        return self.progress.measure(self.measure) if self.progress is not None else None

    @property
    def beside(self) -> Scale | None:
        scales = self.progress.scales if self.progress is not None else ()
        return next((s for s in scales if (s.kind.name, s.group) == self.scale), None)

    @property
    def verdicts(self) -> list[tuple[str, str, str, str]]:
        """Measure, change in words, baseline, last session: success first, then quality, then speed."""
        return [
            (head(s.column), said(s), shown(s.column, s.change.baseline), shown(s.column, s.change.now))
            for s in (self.progress.series if self.progress is not None else ())
        ]

    @property
    def notes(self) -> list[str]:
        """What must be known to read the changes."""
        progress = self.progress
        if progress is None:
            return []
        found = [
            tr("Noise is the smallest change that can be told from chance: 1.96·√2·SEM of this patient's first "
               "{n} sessions.", n=progress.baseline)
        ]  # fmt: skip
        for at, title in progress.plans:
            found.append(tr("Since {day} another plan: {title}. Help and difficulty may differ.",
                            day=shown_date(at.astimezone().date()), title=title))  # fmt: skip
        if progress.elsewhere:
            found.append(tr("Sessions on another robot, not compared: {n}.", n=progress.elsewhere))
        return found

    @property
    def values(self) -> list[tuple[str, str, str, str]]:
        """The twin of the plot: day, mean, spread, trials."""
        series = self.series
        if series is None:
            return []
        column = series.column
        spread = column.name != "reached"  # of all-or-nothing trials a spread says nothing more
        return [
            (_day(p.at), shown(column, p.mean), shown(column, p.sd) if spread else "–", str(p.n)) for p in series.points
        ]

    @property
    def scale_values(self) -> list[tuple[str, str]]:
        scale = self.beside
        return [(shown_date(e.on), e.shown) for e in scale.entries] if scale is not None else []

    @property
    def weeks(self) -> list[tuple[str, str, str, str, str]]:
        """Week, sessions, minutes, trials, reached."""
        return [
            (shown_date(w.monday), str(w.sessions), shown_number(w.minutes), str(w.trials), str(w.reached))
            for w in (self.progress.weeks if self.progress is not None else ())
        ]

    @property
    def pains(self) -> list[tuple[dt.datetime, int | None, int | None]]:
        """When, pain before, pain after; sessions in which either was asked."""
        sessions = self.progress.sessions if self.progress is not None else ()
        return [
            (s.begun, s.before.pain, s.after.pain) for s in sessions
            if s.before.pain is not None or s.after.pain is not None
        ]  # fmt: skip

    @property
    def pain_days(self) -> list[str]:
        return [_day(at) for at, _, _ in self.pains]

    @property
    def goals(self) -> list[str]:
        found = []
        for goal in self.progress.goals if self.progress is not None else ():
            if goal.reached is not None:
                day = shown_date(goal.reached.astimezone().date())
                found.append(tr("✓ {goal}: reached on {day}", goal=goal.text, day=day))
            elif goal.until is not None:
                found.append(tr("{goal} (by {day})", goal=goal.text, day=shown_date(goal.until)))
            else:
                found.append(goal.text)
        return found

    @property
    def sentences(self) -> list[str]:
        """For the patient."""
        progress = self.progress
        if progress is None:
            return []
        both = {language: plain_sentences(progress, language) for language in LANGUAGES}
        return [own({"en": en, "it": it}) for en, it in zip(both["en"], both["it"], strict=True)]

    # on paper -------------------------------------------------------------------------------------------------------

    def sign_and_print(self, pin: str) -> None:
        """The report, with name and date of who signs."""
        acting = self.acting
        who, on = acting.user.full_name, self.desk.today
        self._write("progress", lambda path, progress, language: _report(path, progress, language, who, on),
                    before=lambda: acting.confirm(pin))  # fmt: skip

    def print_unsigned(self) -> None:
        """The report, with a line to sign on."""
        self._write("progress", lambda path, progress, language: _report(path, progress, language, "", self.desk.today))

    def print_patient_page(self) -> None:
        def write(path: Path, progress: Progress, language: str) -> Path:
            from rehab.report.patient_page import patient_page

            return patient_page(progress, path, language=language)

        self._write("for-patient", write)

    def _write(
        self, name: str, write: Callable[[Path, Progress, str], Path], before: Callable[[], None] | None = None
    ) -> None:
        progress = self.progress
        assert progress is not None
        language = i18n.language() if i18n.language() in LANGUAGES else "en"
        path = papers(self.desk.out) / f"{self.code}-{self.desk.today:%Y-%m-%d}-{name}-{language}.pdf"

        def job() -> Path:
            if before is not None:
                before()
            return write(path, progress, language)

        self.ask(tr("Writing the report"), job, self._have_file)

    def _have_file(self, path: Path) -> None:
        self.made, self.said = path, tr("Saved: {path}", path=path)


def _report(path: Path, progress: Progress, language: str, who: str, on: dt.date) -> Path:
    from rehab.report.progress import progress_report

    return progress_report(progress, path, language=language, signed=who, on=on)


def said(series: Series) -> str:
    return own({language: verdict(series, language) for language in LANGUAGES})


def scale_title(scale: Scale) -> str:
    return own({language: scale_name(scale, language) for language in LANGUAGES})


def scale_said(scale: Scale) -> str:
    return own({language: scale_verdict(scale, language) for language in LANGUAGES})


def _day(moment: dt.datetime) -> str:
    return shown_date(moment.astimezone().date())
