"""A new patient, or the details of one: five parts side by side, each saved by itself, and the worklist of the clinic.

    Person and side | Arm and seat | Contraindications | Range of motion | Photo | Worklist
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gui.i18n import own, shown_date, shown_digits, tr
from gui.qt import Qt, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.new_patient import ANSWERS, LENGTHS, PERSON, SEXES, NewPatient
from gui.viewmodels.start import SIMULATED
from gui.viewmodels.words import model_words
from gui.views.model_page import ModelPage
from gui.widgets.body import BodySide
from gui.widgets.columns import Columns
from gui.widgets.photo import pixels
from gui.widgets.plain import Card, Row, clear, field, hint, muted, text, title

PARTS = ("person", "setting", "checklist", "range", "photo", "worklist")
LINES = {"add": "fa6s.user-plus", "known": "fa6s.user-check", "wrong": "fa6s.triangle-exclamation"}


class NewPatientPage(ModelPage):
    SCROLLS = False
    model: NewPatient

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, NewPatient(desk))
        self.lines: dict[str, QtWidgets.QLineEdit] = {}
        self.who = title(wrap=False)
        self.saved = text()
        self.saved.setProperty("notice", True)
        self.unsaved = muted()
        self.discard = self.button(tr("Discard what is not saved"), "fa6s.rotate-left", self.model.discard)
        self.open = self.button(tr("To the patient"), "fa6s.arrow-right", self._open, kind="go")
        head = Row(spacing=2 * GRID)
        head.addWidget(self.who, 1)
        for widget in (self.unsaved, self.discard, self.open):
            head.addWidget(widget)
        self.column.addLayout(head)
        self.column.addWidget(self.saved)
        self.tabs = QtWidgets.QTabWidget()
        self.tabs.setAccessibleName(tr("Parts of the patient's details"))
        self.tabs.tabBar().setUsesScrollButtons(True)
        for words, part in (
            (tr("Person and side"), self._person()), (tr("Arm and seat"), self._setting()),
            (tr("Contraindications"), self._checklist()), (tr("Range of motion"), self._range()),
            (tr("Photo"), self._photo()), (tr("Worklist"), self._worklist()),
        ):  # fmt: skip
            self.tabs.addTab(part, words)
        self.column.addWidget(self.tabs, 1)

    @property
    def title(self) -> str:
        return tr("Patient's details") if self.model.draft.patient else tr("New patient")

    def enter(self, patient: str = "", part: str = "", **what: Any) -> None:
        self.model.load(patient)
        if part in PARTS:
            self.tabs.setCurrentIndex(PARTS.index(part))
        elif not patient:
            self.tabs.setCurrentIndex(0)
            self.lines["given_name"].setFocus()

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        self.body.dress(theme)

    # parts ----------------------------------------------------------------------------------------------------------

    def _line(self, part: str, name: str, words: str) -> QtWidgets.QVBoxLayout:
        line = self.lines[name] = QtWidgets.QLineEdit()
        line.textEdited.connect(lambda typed: self.model.type(part, name, typed))
        return field(words, line)

    def _person(self) -> QtWidgets.QWidget:
        form = QtWidgets.QGridLayout()
        form.setSpacing(GRID)
        words = {name: tr(label) for name, label in PERSON}
        self.code_says = muted()
        self.sex = QtWidgets.QComboBox()
        for code, label in SEXES.items():
            self.sex.addItem(tr(label), code)
        self.sex.activated.connect(lambda k: self.model.type("person", "sex", str(self.sex.itemData(k))))
        for k, name in enumerate(("given_name", "family_name", "codice_fiscale")):
            form.addLayout(self._line("person", name, words[name]), 0, k)
        form.addWidget(self.code_says, 1, 0, 1, 3)
        form.addLayout(self._line("person", "birth_date", words["birth_date"]), 2, 0)
        form.addLayout(field(words["sex"], self.sex), 2, 1)
        form.addLayout(self._line("person", "onset", words["onset"]), 2, 2)
        form.addLayout(self._line("person", "diagnosis", words["diagnosis"]), 3, 0, 1, 3)
        for k, name in enumerate(("phone", "email", "address")):
            form.addLayout(self._line("person", name, words[name]), 4, k)
        for name in ("birth_date", "onset"):
            hint(self.lines[name], tr("day/month/year"))
        self.lines["codice_fiscale"].setMaxLength(16)
        self.save_person = self.button(tr("Save the patient"), "fa6s.check", self.model.save_person, kind="go")
        form.addWidget(self.save_person, 5, 0, 1, 3)
        form.setRowStretch(6, 1)
        self.body = BodySide()
        self.body.chosen.connect(lambda side: self.model.type("person", "side", side))
        side = QtWidgets.QVBoxLayout()
        side.addWidget(title(tr("Which arm is trained?")))
        side.addWidget(self.body)
        side.addStretch(1)
        return _page((form, 3), (side, 1))

    def _setting(self) -> QtWidgets.QWidget:
        form = QtWidgets.QGridLayout()
        form.setSpacing(GRID)
        for k, (name, length) in enumerate(LENGTHS.items()):
            words = tr("{what}, {unit} ({least} to {most})", what=tr(length.label), unit=length.unit,
                       least=shown_digits(length.least), most=shown_digits(length.most))  # fmt: skip
            form.addLayout(self._line("setting", name, words), k // 3, k % 3)
        form.addLayout(self._line("setting", "splint", tr("Splint")), 2, 0, 1, 3)
        form.addLayout(self._line("setting", "seat_remarks", tr("Remarks")), 3, 0, 1, 3)
        self.save_setting = self.button(tr("Save arm and seat"), "fa6s.check", self.model.save_setting, kind="go")
        form.addWidget(self.save_setting, 4, 0, 1, 3)
        form.setRowStretch(5, 1)
        return _page((form, 1))

    def _checklist(self) -> QtWidgets.QWidget:
        inside = QtWidgets.QVBoxLayout()
        inside.setSpacing(GRID)
        self.questions = QtWidgets.QGridLayout()
        self.questions.setColumnStretch(0, 1)
        self.questions.setSpacing(GRID)
        self.answers: dict[str, dict[str, QtWidgets.QPushButton]] = {}
        self.remarks = QtWidgets.QLineEdit()
        self.remarks.textEdited.connect(self.model.remark)
        self.save_checklist = self.button(tr("Save the checklist"), "fa6s.check", self.model.save_checklist, kind="go")
        inside.addLayout(self.questions)
        inside.addLayout(field(tr("Decision and remarks, needed where an answer is yes"), self.remarks))
        inside.addWidget(self.save_checklist)
        inside.addStretch(1)
        return _page((inside, 1))

    def _range(self) -> QtWidgets.QWidget:
        inside = QtWidgets.QVBoxLayout()
        inside.setSpacing(GRID)
        inside.addWidget(
            text(tr("The patient shows how far the hand goes, in every direction, by themselves. The box and the joint "
                    "angles are kept, and the robot does not leave them."))
        )  # fmt: skip
        self.ranges = QtWidgets.QVBoxLayout()
        inside.addLayout(self.ranges)
        self.measure = self.button(tr("Measure on the robot"), "fa6s.up-down-left-right", self._measure, kind="go")
        self.no_measure = muted()
        inside.addLayout(Row(self.measure, None))
        inside.addWidget(self.no_measure)
        inside.addStretch(1)
        return _page((inside, 1))

    def _photo(self) -> QtWidgets.QWidget:
        inside = QtWidgets.QVBoxLayout()
        inside.setSpacing(GRID)
        self.picture = QtWidgets.QLabel()
        self.picture.setAccessibleName(tr("Set-up photo: how the patient sits at the robot"))
        self.choose = self.button(tr("Choose a file"), "fa6s.folder-open", self._choose_photo)
        inside.addWidget(text(tr("How the patient sits at the robot, for whoever comes next.")))
        inside.addWidget(self.picture)
        inside.addLayout(Row(self.choose, None))
        inside.addWidget(muted(tr("No camera is used: take the photo with the clinic's own camera, then choose the "
                                  "file (JPEG or PNG, at most 8 MB).")))  # fmt: skip
        inside.addStretch(1)
        return _page((inside, 1))

    def _worklist(self) -> QtWidgets.QWidget:
        inside = QtWidgets.QVBoxLayout()
        inside.setSpacing(GRID)
        inside.addWidget(
            text(tr("A CSV file with a line for each patient: name, birth date, side and so on. First it is shown what "
                    "each line would do; nothing changes before Import."))
        )  # fmt: skip
        self.choose_list = self.button(tr("Choose a file"), "fa6s.folder-open", self._choose_worklist)
        self.do_import = self.button(tr("Import"), "fa6s.file-import", self.model.import_worklist, kind="go")
        inside.addLayout(Row(self.choose_list, self.do_import, None, spacing=GRID))
        self.preview = QtWidgets.QTableWidget(0, 3)
        self.preview.setAccessibleName(tr("What each line of the worklist does"))
        self.preview.setHorizontalHeaderLabels([tr("Line"), tr("What happens"), tr("Why")])
        self.preview.setEditTriggers(QtWidgets.QAbstractItemView.EditTrigger.NoEditTriggers)
        self.preview.setSelectionMode(QtWidgets.QAbstractItemView.SelectionMode.NoSelection)
        self.preview.setTabKeyNavigation(False)
        self.preview.verticalHeader().hide()
        self.preview.horizontalHeader().setStretchLastSection(True)
        inside.addWidget(self.preview, 1)
        inside.addStretch(0)
        return _page((inside, 1))

    # showing --------------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        model, values = self.model, self.model.draft.values
        there = bool(model.draft.patient)
        self.who.setText(model.patient.full_name if model.patient is not None else "")
        self.who.setVisible(model.patient is not None)
        self.saved.setText(model.saved)
        self.saved.setVisible(bool(model.saved))
        dirty = bool(model.draft.dirty)
        self.unsaved.setText(tr("Not saved yet; it is kept while you are elsewhere") if dirty else "")
        self.unsaved.setVisible(dirty)
        self.discard.setVisible(dirty)
        self.open.setVisible(there)
        for name, line in self.lines.items():
            if line.text() != values.get(name, ""):
                line.setText(values.get(name, ""))
        self.sex.setCurrentIndex(max(0, self.sex.findData(values.get("sex", ""))))
        self.body.show_side(values.get("side", ""))
        self.code_says.setText(model.read_from_code)
        self.code_says.setVisible(bool(model.read_from_code))
        for k in range(1, 5):
            self.tabs.setTabEnabled(k, there)
        self._fill_questions()
        self._fill_range()
        self._fill_photo()
        self._fill_preview()

    def _fill_questions(self) -> None:
        if not self.answers:
            for row, item in enumerate(self.model.items):
                asked = own({"en": item.text, "it": item.text_it})
                self.questions.addWidget(text(asked), row, 0)
                self.answers[item.name] = {}
                for k, (answer, words) in enumerate(ANSWERS.items()):
                    button = QtWidgets.QPushButton(tr(words))
                    button.setCheckable(True)
                    button.setProperty("choice", True)
                    button.setAccessibleName(f"{asked} {tr(words)}")
                    button.clicked.connect(
                        lambda checked=False, name=item.name, answer=answer: self.model.answer(name, answer)
                    )
                    self.questions.addWidget(button, row, 1 + k)
                    self.answers[item.name][answer] = button
        for name, buttons in self.answers.items():
            given = self.model.draft.answers.get(name, "")
            for answer, button in buttons.items():
                button.setChecked(answer == given)
        if self.remarks.text() != self.model.draft.remarks:
            self.remarks.setText(self.model.draft.remarks)

    def _fill_range(self) -> None:
        clear(self.ranges)
        chart = self.model.chart
        for motion in chart.ranges if chart is not None else ():
            spans = [f"{100 * low:.0f} … {100 * high:+.0f}\u202fcm" for low, high in
                     zip(motion.low, motion.high, strict=True)]  # fmt: skip
            when = shown_date(motion.at.astimezone().date()) if motion.at is not None else ""
            words = tr("{device}: hand {span}, measured by {name}, {day}", device=model_words(motion.device),
                       span=" × ".join(spans), name=motion.by, day=when)  # fmt: skip
            self.ranges.addWidget(text(words))
        if chart is None or not chart.ranges:
            self.ranges.addWidget(muted(tr("Not measured yet")))
        self.measure.setEnabled(self.model.can_measure)
        self.no_measure.setText(tr("A session is open: end it first.") if self.desk.session_open else "")

    def _fill_photo(self) -> None:
        photo = self.model.photo
        self.picture.setVisible(photo is not None)
        if photo is not None and self.picture.property("of") != id(photo):
            self.picture.setProperty("of", id(photo))
            self.picture.setPixmap(pixels(photo.data, 640, 400))

    def _fill_preview(self) -> None:
        says = {"add": tr("is added"), "known": tr("is known already"), "wrong": tr("is left out")}
        self.preview.setRowCount(len(self.model.lines))
        self.preview.setVisible(bool(self.model.lines))
        for row, line in enumerate(self.model.lines):
            for column, words in enumerate((str(line.number), says.get(line.action, line.action), line.says)):
                self.preview.setItem(row, column, QtWidgets.QTableWidgetItem(words))
        self.preview.resizeColumnsToContents()
        adds = any(line.action == "add" for line in self.model.lines)
        self.do_import.setEnabled(bool(self.model.draft.worklist) and adds)

    # acts -----------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self.desk.go("patient", patient=self.model.draft.patient)

    def _measure(self) -> None:
        simulated = self.desk.device.partition(":")[0] in SIMULATED
        self.model.measure_range("stroke" if simulated and self.desk.demo else "")

    def _choose_photo(self) -> None:
        self._ask_file(tr("Photo"), tr("Pictures (*.jpg *.jpeg *.png)"), self.model.set_photo)

    def _choose_worklist(self) -> None:
        self._ask_file(tr("Worklist"), tr("Worklists (*.csv *.txt)"), self.model.read_worklist)

    def _ask_file(self, words: str, kinds: str, then: Any) -> None:
        """Opened, not run: the window goes on meanwhile, and so does STOP."""
        dialog = QtWidgets.QFileDialog(self, words, "", kinds)
        dialog.setFileMode(QtWidgets.QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: then(Path(path)))
        self.dialog = dialog
        dialog.open()


def _page(*pieces: tuple[QtWidgets.QLayout, int]) -> QtWidgets.QWidget:
    """One part: it scrolls by itself where the window is too low."""
    page = Card()
    page.inside.addWidget(Columns(*pieces), 1)
    area = QtWidgets.QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
