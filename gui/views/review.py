"""A session looked at afterwards: how it went, the hand's paths, measures beside their ideals, trials, what happened,
what limited the arm, how the loop kept time; signature, report, table, verification.
"""

from __future__ import annotations

from typing import Any

from gui.i18n import shown_date, shown_number, shown_percent, shown_time, tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.review import Review
from gui.viewmodels.review_read import Line
from gui.viewmodels.review_words import OUTCOMES, behind, head, ideal, shown, sources, timing_words, who
from gui.viewmodels.visit import OUTCOMES as ENDINGS
from gui.views.model_page import ModelPage
from gui.widgets.columns import Columns
from gui.widgets.fields import PinAsked
from gui.widgets.flow import Flow
from gui.widgets.hand_paths import HandPaths
from gui.widgets.plain import Card, clear, far, field, muted, text
from gui.widgets.state import StateMark
from gui.widgets.table import Table
from rehab.core.types import Outcome
from rehab.measures.trial import DESCRIPTIONS

NUMBER = Qt.ItemDataRole.UserRole


class ReviewPage(ModelPage):
    model: Review

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Review(desk))
        self._chosen: int | None = None
        self.loading, self.nothing = muted(tr("Loading")), text(tr("No session of this patient has ended yet."))
        self.whole = QtWidgets.QWidget()
        for widget in (self.loading, self.nothing):
            self.column.addWidget(widget)
        self.column.addWidget(self.whole)
        self.column.addStretch(1)
        column = QtWidgets.QVBoxLayout(self.whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addWidget(self._head())
        self.paths_card = self._paths()
        self.happened_card, self.happened = _list(tr("Notes, alarms, adverse events"))
        self.limited_card, self.limited = _list(tr("What limited the arm, and who set it"))
        self.timing_card, self.timing = _list(tr("How the arm was looked after"))
        right = QtWidgets.QVBoxLayout()
        right.setSpacing(2 * GRID)
        for card in (self.happened_card, self.limited_card, self.timing_card):
            right.addWidget(card)
        right.addStretch(1)
        column.addWidget(Columns((self.paths_card, 3), (right, 4)))
        column.addWidget(self._measures())
        column.addWidget(self._trials())
        self.whole.hide()

    @property
    def title(self) -> str:
        return tr("Review of a session")

    def enter(self, patient: str = "", session: int | None = None, **what: Any) -> None:
        self._chosen = None
        self.model.load(patient or self.model.code, session)

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        self.paths.dress(theme)
        self.sign.dress(theme)
        for mark in (self.signed, self.verified):
            mark.dress(theme)

    # parts ----------------------------------------------------------------------------------------------------------

    def _head(self) -> Card:
        card = Card()
        self.who, self.result, self.figures, self.absent = far(), text(), muted(), text()
        self.absent.setProperty("notice", True)
        self.choice = QtWidgets.QComboBox()
        self.choice.activated.connect(self._choose_session)
        self.report = self.button(tr("Report (PDF)"), "fa6s.file-pdf", self.model.report,
                                  says=tr("Write the report and open it, to read or to print"))  # fmt: skip
        self.export = self.button(tr("Trials as a table (CSV)"), "fa6s.file-csv", self.model.export)
        self.verify = self.button(tr("Is the recording intact?"), "fa6s.shield-halved", self.model.verify)
        self.progress = self.button(
            tr("Progress"), "fa6s.arrow-trend-up", lambda: self.desk.go("progress", patient=self.model.code)
        )
        self.sign = PinAsked(tr("Sign"), "fa6s.signature")
        self.sign.given.connect(self.model.sign)
        self.signed, self.verified = StateMark("", "fa6s.circle-check", colour="good"), StateMark("", "fa6s.shield")
        self.said = muted()
        words = QtWidgets.QVBoxLayout()
        words.setSpacing(GRID // 2)
        for label in (self.who, self.result, self.figures, self.signed, self.verified, self.said):
            words.addWidget(label)
        words.addStretch(1)
        ways = QtWidgets.QVBoxLayout()
        ways.setSpacing(GRID)
        ways.addLayout(field(tr("Session"), self.choice))
        ways.addWidget(self.sign)
        ways.addStretch(1)
        card.inside.addWidget(Columns((words, 3), (ways, 2), spacing=3 * GRID))
        card.inside.addWidget(Flow(self.report, self.export, self.verify, self.progress))
        card.inside.addWidget(self.absent)
        return card

    def _paths(self) -> Card:
        card = Card(tr("Paths of the hand"))
        self.paths = HandPaths()
        card.inside.addWidget(self.paths, 1)
        self.legend = muted(tr("Drawn through: reached. Dashed, with a cross: not reached. Rings: targets."))
        card.inside.addWidget(self.legend)
        self.all = self.button(tr("All"), "fa6s.eye", lambda: self._show(lambda line: True),
                               says=tr("Draw all paths"))  # fmt: skip
        self.none = self.button(tr("None"), "fa6s.eye-slash", lambda: self._show(lambda line: False),
                                says=tr("Draw no path"))  # fmt: skip
        self.missed = self.button(
            tr("Not reached"), "fa6s.xmark", lambda: self._show(lambda line: line.outcome != Outcome.REACHED),
            says=tr("Draw only the paths that did not reach their target"),
        )  # fmt: skip
        card.inside.addWidget(Flow(self.all, self.none, self.missed))
        return card

    def _measures(self) -> Card:
        card = Card(tr("Measures"))
        self.measures = Table(tr("Measures of the session"), words=(0, 3), wide=3)
        card.inside.addWidget(self.measures)
        norms = tr("Ideals come from definitions and models. No norms of people are shown: none are established for "
                   "this robot.")  # fmt: skip
        self.sources = muted()
        card.inside.addWidget(muted(norms))
        card.inside.addWidget(self.sources)
        card.inside.addStretch(1)
        return card

    def _trials(self) -> Card:
        card = Card(tr("Trials"))
        self.trials = Table(tr("Trials; Enter shows or hides the path"), words=(0, 1, 2))
        self.trials.setMinimumHeight(320)
        self.trials.itemChanged.connect(self._checked)
        self.trials.itemActivated.connect(self._turn)
        self.trials.currentCellChanged.connect(self._row)
        card.inside.addWidget(self.trials)
        return card

    # acts -----------------------------------------------------------------------------------------------------------

    def _choose_session(self, index: int) -> None:
        self._chosen = None
        self.model.load(self.model.code, self.choice.itemData(index))

    def _show(self, which: Any) -> None:
        self.model.show({line.number for line in self.model.lines if which(line)})

    def _checked(self, item: QtWidgets.QTableWidgetItem) -> None:
        if item.column() == 0:
            self.model.toggle(int(item.data(NUMBER)), item.checkState() == Qt.CheckState.Checked)

    def _turn(self, item: QtWidgets.QTableWidgetItem) -> None:
        first = self.trials.item(item.row(), 0)
        if first is not None and self.model.recorded is not None:
            number = int(first.data(NUMBER))
            self.model.toggle(number, number not in self.model.shown)

    def _row(self, row: int, *_: int) -> None:
        item = self.trials.item(row, 0)
        self._chosen = int(item.data(NUMBER)) if item is not None else None
        self._draw()

    # showing --------------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        model = self.model
        stored, record = model.stored, model.record
        self.loading.setVisible(stored is None and not model.problem)
        self.nothing.setVisible(stored is not None and record is None)
        self.whole.setVisible(record is not None)
        if stored is None or record is None:
            return
        self._fill_head()
        recorded = model.recorded
        self.paths_card.setVisible(recorded is not None and any(line.path is not None for line in recorded.lines))
        self._draw()
        columns, middles = model.columns, model.medians
        rows = [[head(c), shown(c, middles.get(c.name)), *ideal(c)] for c in columns]
        self.measures.fill([tr("Measure"), model.counted, tr("Ideal"), tr("What the ideal is")], rows)
        for k, column in enumerate(columns):
            if (item := self.measures.item(k, 0)) is not None:
                item.setToolTip(tr(DESCRIPTIONS[column.name].says))
        self.measures.whole()
        self.sources.setText(sources(columns))
        self._fill_trials()
        self._fill_lists()
        if model.made is not None:
            made, model.made = model.made, None
            QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(made)))

    def _fill_head(self) -> None:
        model, record, stored = self.model, self.model.record, self.model.stored
        assert record is not None and stored is not None
        self.who.setText(record.full_name or record.patient)
        when = record.begun.astimezone()
        ending = tr(ENDINGS[record.outcome]) if record.outcome else ""
        parts = (f"{shown_date(when.date())}, {shown_time(when)}", record.title, ending, model.success)
        self.result.setText(" · ".join(part for part in parts if part))
        figures = [tr("{minutes} of robot time, strapping {strapping}",
                      minutes=shown_number(record.robot / 60.0, 1, "min"),
                      strapping=shown_number(record.strapping / 60.0, 1, "min"))]  # fmt: skip
        before, after = ("–" if pain is None else str(pain) for pain in (record.before.pain, record.after.pain))
        figures.append(tr("pain {before} before, {after} after", before=before, after=after))
        figures.append(tr("by {name}", name=record.therapist))
        self.figures.setText(" · ".join(figures))
        self.sign.setVisible(model.may_sign)
        self.signed.setVisible(record.signed is not None)
        if record.signed is not None:
            day = shown_date(record.signed.astimezone().date())
            words = tr("Signed by {name} on {day}", name=record.signed_by, day=day)
            self.signed.say(words, "fa6s.circle-check", colour="good")
        self.verified.setVisible(bool(model.verified))
        icon, colour = ("fa6s.shield-halved", "good") if model.intact else ("fa6s.triangle-exclamation", "text")
        self.verified.words.setWordWrap(True)
        self.verified.say(model.verified, icon, colour)
        self.said.setText(model.said)
        self.said.setVisible(bool(model.said))
        self.absent.setText(model.absent)
        self.absent.setVisible(bool(model.absent))
        for button in (self.report, self.verify):
            button.setVisible(model.recorded is not None)
        self.choice.clear()
        for s in stored.sessions:
            at = s.begun.astimezone()
            self.choice.addItem(f"{shown_date(at.date())} · {shown_time(at)}", s.id)
        self.choice.setCurrentIndex(next(k for k, s in enumerate(stored.sessions) if s.id == record.id))

    def _draw(self) -> None:
        recorded = self.model.recorded
        if recorded is not None:
            self.paths.show_lines(recorded.lines, recorded.targets, self.model.shown, self._chosen)

    def _fill_trials(self) -> None:
        model, columns = self.model, self.model.columns
        heads = [tr("Trial"), tr("Exercise"), tr("Outcome"), *map(head, columns)]
        rows = [[str(line.number), line.block, _outcome(line), *(shown(c, line.measures.get(c.name)) for c in columns)]
                for line in model.lines]  # fmt: skip
        tips = ["", "", "", *(tr(DESCRIPTIONS[c.name].says) for c in columns)]
        self.trials.fill(heads, rows, tips=tips)
        self.trials.blockSignals(True)
        for k, line in enumerate(model.lines):
            item = self.trials.item(k, 0)
            assert item is not None
            item.setData(NUMBER, line.number)
            if line.path is not None:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if line.number in model.shown else Qt.CheckState.Unchecked)
        self.trials.blockSignals(False)

    def _fill_lists(self) -> None:
        model, recorded = self.model, self.model.recorded
        happened = []
        for said in model.happened:
            at = tr("after {time}", time=shown_number(said.at / 60.0, 1, "min")) if said.at is not None else ""
            happened.append(": ".join(p for p in (" ".join(q for q in (said.heading, at) if q), said.words) if p))
        _show_list(self.happened, happened or [tr("Nothing was written down, no alarm came.")])
        self.limited_card.setVisible(recorded is not None)
        self.timing_card.setVisible(recorded is not None)
        if recorded is None:
            return
        limited = [
            tr("{what}: in {share} of the time", what=tr(words), share=_share(share))
            + (f" – {', '.join(behind(b) for b in names)}" if names else "")
            for words, share, names in recorded.acted
        ]
        limited += [
            tr("Limit: {what}: {value} ({who})", what=what, value=value, who=who(layer))
            for what, value, layer in recorded.limits
        ]
        _show_list(self.limited, limited or [tr("The arm was never powered: nothing was limited.")])
        timing = timing_words(recorded.timing)
        if recorded.damage:
            timing.insert(0, tr("The recording is damaged: {what}", what=recorded.damage))
        _show_list(self.timing, timing)


def _outcome(line: Line) -> str:
    """With a cross where it missed: told apart without colour."""
    if line.outcome is None:
        return "–"
    words = tr(OUTCOMES[line.outcome])
    return words if line.outcome == Outcome.REACHED else f"✕ {words}"


def _share(share: float) -> str:
    return shown_percent(share) if share >= 0.005 else f"< {shown_percent(0.01)}"


def _list(heading: str) -> tuple[Card, QtWidgets.QVBoxLayout]:
    card, inside = Card(heading), QtWidgets.QVBoxLayout()
    inside.setSpacing(GRID)
    card.inside.addLayout(inside)
    return card, inside


def _show_list(layout: QtWidgets.QVBoxLayout, lines: list[str]) -> None:
    clear(layout)
    for line in lines:
        layout.addWidget(text(line))
