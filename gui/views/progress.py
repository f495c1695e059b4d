"""A patient's progress. Three leaves: movement beside clinical scales; dose, pain and goals; the patient's own page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gui.i18n import tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.progress import BASELINES, ProgressModel, said, scale_said, scale_title
from gui.viewmodels.review_words import head
from gui.views.model_page import ModelPage
from gui.widgets.columns import Columns
from gui.widgets.course import Course, Curve
from gui.widgets.fields import PinAsked
from gui.widgets.flow import Flow
from gui.widgets.plain import Card, Row, clear, far, field, muted, text
from gui.widgets.table import Table
from gui.widgets.ten_targets import TenTargets
from rehab.report.progress_words import tens

NAME = Qt.ItemDataRole.UserRole
WEEK = 7.0  # days


class ProgressPage(ModelPage):
    model: ProgressModel

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, ProgressModel(desk))
        self.loading = muted(tr("Loading"))
        self.nothing = text(tr("No session has ended yet: progress is shown from the first one on."))
        self.whole = QtWidgets.QWidget()
        for widget in (self.loading, self.nothing):
            self.column.addWidget(widget)
        self.column.addWidget(self.whole, 1)
        column = QtWidgets.QVBoxLayout(self.whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(self._head())
        self.leaves = QtWidgets.QTabWidget()
        self.leaves.tabBar().setAccessibleName(tr("Parts of the progress"))
        self.leaves.addTab(self._movement(), tr("Movement and scales"))
        self.leaves.addTab(self._dose(), tr("Dose, pain, goals"))
        self.leaves.addTab(self._for_patient(), tr("For the patient"))
        column.addWidget(self.leaves, 1)
        self.whole.hide()

    @property
    def title(self) -> str:
        return tr("Progress")

    def enter(self, patient: str = "", **what: Any) -> None:
        self.model.load(patient or self.model.code)

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        self.sign.dress(theme)
        for plot in (self.course, self.scale_course, self.dose, self.pain):
            plot.dress(theme)
        self.picture.dress(theme)

    # parts ----------------------------------------------------------------------------------------------------------

    def _head(self) -> QtWidgets.QVBoxLayout:
        self.who = far()
        self.said = muted()
        self.sign = PinAsked(tr("Sign the report (PDF)"), "fa6s.signature")
        self.sign.given.connect(self.model.sign_and_print)
        self.unsigned = self.button(tr("Report to sign by hand"), "fa6s.file-pdf", self.model.print_unsigned)
        self.scales = self.button(
            tr("Scales"), "fa6s.ruler", lambda: self.desk.go("scales", patient=self.model.code),
            says=tr("Enter and see clinical scales"),
        )  # fmt: skip
        ways = Flow(self.scales, self.unsigned, self.sign)
        column = QtWidgets.QVBoxLayout()
        column.addWidget(Columns((self.who, 1), (ways, 0), spacing=GRID))
        column.addWidget(self.said)
        return column

    def _movement(self) -> QtWidgets.QWidget:
        leaf = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(leaf)
        column.setContentsMargins(0, GRID, 0, 0)
        column.setSpacing(2 * GRID)
        changes = Card(tr("What has changed"))
        self.baseline = QtWidgets.QComboBox()
        for n in BASELINES:
            self.baseline.addItem(tr("the first {n} sessions", n=n), n)
        self.baseline.activated.connect(lambda k: self.model.set_baseline(self.baseline.itemData(k)))
        self.verdicts = Table(tr("Changes; the chosen measure is plotted"), words=(0, 1), wide=1)
        self.verdicts.currentCellChanged.connect(self._choose)
        self.notes = QtWidgets.QVBoxLayout()
        self.notes.setSpacing(GRID // 2)
        changes.inside.addWidget(self.verdicts)
        row = Row(spacing=2 * GRID)
        row.addLayout(field(tr("Baseline"), self.baseline))
        row.addLayout(self.notes, 1)
        changes.inside.addLayout(row)
        column.addWidget(changes)
        drawn, twin = Card(), Card(tr("The same as tables"))
        self.course_name, self.scale_said = text(), text()
        self.course, self.scale_course = Course(""), Course("", height=180)
        self.scale = QtWidgets.QComboBox()
        self.scale.activated.connect(lambda k: self.model.choose_scale(*self.scale.itemData(k)))
        self.scale_box = QtWidgets.QWidget()
        inside = QtWidgets.QVBoxLayout(self.scale_box)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GRID)
        inside.addLayout(field(tr("Clinical scale beside it"), self.scale))
        inside.addWidget(self.scale_said)
        inside.addWidget(self.scale_course)
        for widget in (self.course_name, self.course, self.scale_box):
            drawn.inside.addWidget(widget)
        legend = tr("Grey band: baseline ± noise. Bars: spread of the trials. Dotted: a new plan.")
        drawn.inside.addWidget(muted(legend))
        self.values = Table(tr("Values of the plot"))
        self.scale_values = Table(tr("Values of the clinical scale"))
        twin.inside.addWidget(self.values)
        twin.inside.addWidget(self.scale_values)
        twin.inside.addStretch(1)
        column.addWidget(Columns((drawn, 3), (twin, 2)))
        column.addStretch(1)
        return leaf

    def _dose(self) -> QtWidgets.QWidget:
        leaf = QtWidgets.QWidget()
        grid = QtWidgets.QGridLayout(leaf)
        grid.setContentsMargins(0, GRID, 0, 0)
        grid.setSpacing(2 * GRID)
        dose, pain, goals = Card(tr("Dose")), Card(tr("Pain before and after, 0 to 10")), Card(tr("Goals"))
        self.dose = Course(tr("Minutes with the robot, by week"), bars=WEEK)
        self.weeks = Table(tr("Dose by week"))
        dose.inside.addWidget(muted(tr("Minutes with the robot, by week")))
        dose.inside.addWidget(self.dose)
        dose.inside.addWidget(self.weeks)
        dose.inside.addStretch(1)
        self.pain = Course(tr("Pain before and after, 0 to 10"))
        self.no_pain = muted(tr("Pain was not asked yet."))
        self.pains = Table(tr("Pain by session"))
        pain.inside.addWidget(self.no_pain)
        self.pain_legend = muted(tr("Drawn through: before. Dashed, triangles: after."))
        for widget in (self.pain_legend, self.pain, self.pains):
            pain.inside.addWidget(widget)
        pain.inside.addStretch(1)
        self.goals = QtWidgets.QVBoxLayout()
        goals.inside.addLayout(self.goals)
        grid.addWidget(dose, 0, 0)
        grid.addWidget(pain, 0, 1)
        grid.addWidget(goals, 1, 0, 1, 2)
        grid.setRowStretch(2, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return leaf

    def _for_patient(self) -> QtWidgets.QWidget:
        leaf = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(leaf)
        column.setContentsMargins(0, 2 * GRID, 0, 0)
        column.setSpacing(2 * GRID)
        self.picture = TenTargets()
        self.sentences = QtWidgets.QVBoxLayout()
        self.sentences.setSpacing(2 * GRID)
        self.page = self.button(
            tr("Page to take home (PDF)"), "fa6s.house", self.model.print_patient_page, kind="go",
            says=tr("Write the patient's page and open it, to print it"),
        )  # fmt: skip
        column.addWidget(self.picture)
        column.addLayout(self.sentences)
        column.addLayout(Row(self.page, None))
        column.addStretch(1)
        return leaf

    # acts -----------------------------------------------------------------------------------------------------------

    def _choose(self, row: int, *_: int) -> None:
        item = self.verdicts.item(row, 0)
        if item is not None:
            self.model.choose(str(item.data(NAME)))

    # showing --------------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        progress = self.model.progress
        self.loading.setVisible(progress is None and not self.model.problem)
        self.nothing.setVisible(progress is not None and not progress.sessions and not progress.scales)
        self.whole.setVisible(progress is not None and bool(progress.sessions or progress.scales))
        if progress is None:
            return
        self.who.setText(progress.patient.full_name if progress.patient is not None else progress.code)
        self.said.setText(self.model.said)
        self.said.setVisible(bool(self.model.said))
        self._fill_changes()
        self._fill_plots()
        self._fill_dose()
        self._fill_patient()
        if self.model.made is not None:
            made, self.model.made = self.model.made, None
            QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(made)))

    def _fill_changes(self) -> None:
        model, progress = self.model, self.model.progress
        assert progress is not None
        self.baseline.setCurrentIndex(BASELINES.index(model.baseline))
        heads = [tr("Measure"), tr("Change"), tr("Baseline"), tr("Last session")]
        self.verdicts.fill(heads, model.verdicts)
        self.verdicts.blockSignals(True)
        for k, series in enumerate(progress.series):
            if (item := self.verdicts.item(k, 0)) is not None:
                item.setData(NAME, series.column.name)
            if series.column.name == model.measure:
                self.verdicts.setCurrentCell(k, 0)
        self.verdicts.blockSignals(False)
        self.verdicts.whole()
        clear(self.notes)
        for words in model.notes:
            self.notes.addWidget(muted(words))

    def _fill_plots(self) -> None:
        model, progress = self.model, self.model.progress
        assert progress is not None
        span = _span(progress)
        series = model.series
        self.course.setVisible(series is not None)
        if series is not None:
            column, found = series.column, series.change
            words = f"{head(column)}: {said(series)}"
            self.course_name.setText(words)
            self.course.describe(head(column), words)
            means = [column.factor * p.mean for p in series.points]
            spread = [column.factor * p.sd for p in series.points] if column.name != "reached" else []
            band = (column.factor * found.baseline, column.factor * found.noise) if found.noise == found.noise else None
            self.course.show_curves([Curve([p.at for p in series.points], means, spread)], span=span, band=band,
                                    marks=[at for at, _ in progress.plans])  # fmt: skip
            self.values.fill([tr("Day"), tr("Mean"), tr("SD"), tr("Trials")], model.values)
        self.values.setVisible(series is not None)
        self.values.setMinimumHeight(320)
        scale = model.beside
        self.scale_box.setVisible(scale is not None)
        self.scale_values.setVisible(scale is not None)
        if scale is None:
            return
        self.scale.clear()
        for each in progress.scales:
            self.scale.addItem(scale_title(each), (each.kind.name, each.group))
        self.scale.setCurrentIndex(progress.scales.index(scale))
        self.scale_said.setText(scale_said(scale))
        self.scale_course.describe(scale_title(scale), scale_said(scale))
        curve = Curve([_noon(e.on) for e in scale.entries], [e.value for e in scale.entries], second=True)
        self.scale_course.show_curves([curve], span=span, within=(scale.kind.low, scale.kind.high))
        self.scale_values.fill([tr("Day"), scale_title(scale)], model.scale_values)
        self.scale_values.whole()

    def _fill_dose(self) -> None:
        model, progress = self.model, self.model.progress
        assert progress is not None
        weeks, pains = progress.weeks, model.pains
        mondays = [_noon(week.monday) - dt.timedelta(hours=12) for week in weeks]
        span = (mondays[0], mondays[-1]) if mondays else None
        self.dose.show_curves([Curve(mondays, [week.minutes for week in weeks])], span=span)
        self.dose.describe(tr("Minutes with the robot, by week"), "; ".join(f"{w[0]}: {w[2]}" for w in model.weeks))
        self.weeks.fill(
            [tr("Week of"), tr("Sessions"), tr("Minutes"), tr("Trials"), tr("Reached")], model.weeks
        )
        self.weeks.whole()
        self.no_pain.setVisible(not pains)
        for widget in (self.pain_legend, self.pain, self.pains):
            widget.setVisible(bool(pains))
        if pains:
            curves = [
                Curve([at for at, value in asked if value is not None], [v for _, v in asked if v is not None],
                      second=second)
                for second, asked in ((False, [(p[0], p[1]) for p in pains]), (True, [(p[0], p[2]) for p in pains]))
            ]  # fmt: skip
            self.pain.show_curves(curves, span=(pains[0][0], pains[-1][0]), within=(0.0, 10.0))
            rows = [
                (day, *("–" if value is None else str(value) for value in pain[1:]))
                for day, pain in zip(model.pain_days, pains, strict=True)
            ]
            self.pains.fill([tr("Day"), tr("before"), tr("after")], rows)
            self.pains.setMinimumHeight(260)
        clear(self.goals)
        for goal in model.goals or [tr("No goal was written down: add one in the patient's details.")]:
            self.goals.addWidget(text(goal))

    def _fill_patient(self) -> None:
        progress = self.model.progress
        assert progress is not None
        counted = tens(progress)
        self.picture.setVisible(counted is not None)
        if counted is not None:
            several = len(progress.sessions) > progress.baseline
            rows = [(tr("At the beginning"), counted[0]), (tr("Now"), counted[1])]
            self.picture.show_rows(rows if several else [(tr("Now"), counted[1])])
        clear(self.sentences)
        for sentence in self.model.sentences:
            self.sentences.addWidget(far(sentence))


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 12).astimezone()


def _span(progress: Any) -> tuple[dt.datetime, dt.datetime] | None:
    """One time axis for measures and scales."""
    days = [s.begun for s in progress.sessions] + [_noon(e.on) for s in progress.scales for e in s.entries]
    return (min(days), max(days)) if days else None
