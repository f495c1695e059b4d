"""What the participant is asked, large, with what can be answered; a session that waits says so, and for what."""

from __future__ import annotations

from functools import partial
from typing import Any

from gui.i18n import shown_number, tr
from gui.qt import QtGui, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.errors import told
from gui.viewmodels.training import TrainingModel
from gui.widgets.announce import announce
from gui.widgets.buttons import IconButton
from gui.widgets.flow import Flow
from gui.widgets.plain import Card, Problem, Row, clear, far, text
from rehab.core.trials import Question
from rehab.session.asking import understood

MOST_BUTTONS = 11  # of a scale: 0 to 10
SPACE = "_"  # stands for a space while the space bar is STOP


class QuestionPanel(Card):
    """Rebuilt for each question; the first answer has the focus, so that Enter gives it and Tab goes on."""

    def __init__(self, model: TrainingModel) -> None:
        super().__init__(margin=3 * GRID)
        self._model = model
        self.question: Question | None = None
        self.asked = far(says=tr("Question to the patient"))
        self.page = text()
        self.page.setProperty("title", True)
        self.problem = Problem(tr("Why it is no answer"))
        self.answers = QtWidgets.QVBoxLayout()
        self.buttons: list[QtWidgets.QPushButton] = []
        self.field: QtWidgets.QLineEdit | None = None
        self.inside.addStretch(1)
        for widget in (self.page, self.asked, self.problem):
            self.inside.addWidget(widget)
        self.inside.addSpacing(2 * GRID)
        self.inside.addLayout(self.answers)
        self.inside.addStretch(2)

    def dress(self, theme: Theme) -> None:
        for button in self.findChildren(IconButton):
            button.dress(theme)

    def show_question(self, question: Question) -> None:
        """Only a new one is drawn and announced."""
        picture = self._model.picture
        page = picture.text if picture is not None and picture.phase in ("page", "ask") else ""
        words = question.text or question.name.replace("_", " ")
        if question.kind == "key":
            words = tr("Ready to go on?")
        self.page.setText(page.removesuffix(question.text).strip() if page != words else "")
        self.page.setVisible(bool(self.page.text()))
        if question is self.question:
            return
        self.question = question
        self.asked.setText(words)
        self.problem.say("")
        clear(self.answers)
        self.buttons, self.field = [], None
        self._build(question)
        announce(self.asked, words)
        first = self.field or (self.buttons[0] if self.buttons else None)
        if first is not None:
            first.setFocus()

    def _build(self, question: Question) -> None:
        match question.kind:
            case "yes_no":
                self._offer([(tr("Yes"), True), (tr("No"), False)])
            case "key":
                self._offer([(tr("Go on"), True)])
            case "choice":
                self._offer([(choice, choice) for choice in question.choices])
            case "number" if (scale := _scale(question)) is not None:
                self._offer([(shown_number(value), float(value)) for value in scale])
            case _:
                self._write(question)

    def _offer(self, answers: list[tuple[str, Any]]) -> None:
        flow = Flow(spacing=2 * GRID)
        for words, value in answers:
            button = IconButton(words, "fa6s.check" if len(answers) < 4 else "", words, big=True)
            button.clicked.connect(partial(self._answer, value))
            self.buttons.append(button)
            flow.add(button)
        self.answers.addWidget(flow)

    def _write(self, question: Question) -> None:
        self.field = QtWidgets.QLineEdit()
        self.field.setAccessibleName(self.asked.text())
        if question.kind == "text":
            self.field.setPlaceholderText(tr("{sign} writes a space: the space bar is STOP", sign=SPACE))
        else:
            self.field.setValidator(QtGui.QDoubleValidator(self.field))
        button = IconButton(tr("Answer"), "fa6s.check", tr("Answer"), kind="go", big=True)
        button.clicked.connect(self._written)
        self.field.returnPressed.connect(self._written)
        self.buttons.append(button)
        self.answers.addLayout(Row(self.field, button))

    def _written(self) -> None:
        assert self.field is not None and self.question is not None
        words = self.field.text()
        words = words.replace(SPACE, " ") if self.question.kind == "text" else words.replace(",", ".")
        try:
            self._answer(understood(self.question, words))
        except ValueError as error:
            self.problem.say(told(error))

    def _answer(self, value: Any) -> None:
        if self.question is not None:
            self._model.bedside.answer(self.question, value)


def _scale(question: Question) -> range | None:
    """Whole numbers few enough to be buttons."""
    least, most = question.least, question.most
    if least is None or most is None or least != int(least) or most != int(most):
        return None
    return range(int(least), int(most) + 1) if most - least < MOST_BUTTONS else None


