"""After a spasm: three ways on. After a lost device: which plug, whether the arm drops, and how to go on."""

from __future__ import annotations

from functools import partial

from gui.i18n import tr, trn
from gui.qt import Qt, QtWidgets, Signal
from gui.theme import GRID, Theme
from gui.viewmodels.after import ACTS, HOLD
from gui.viewmodels.run import SessionRun
from gui.widgets.announce import announce
from gui.widgets.buttons import IconButton
from gui.widgets.columns import Columns
from gui.widgets.plain import Card, Problem, Row, far, muted, restyle, text, title
from rehab.core.safety.faults import Fault

HOLDING = "slow_stretch_hold"  # phase of the scene (rehab.session.ways)


class SpasmPanel(Card):
    """The choices wait by themselves for a quiet limb."""

    def __init__(self, run: SessionRun) -> None:
        super().__init__()
        assert run.training is not None
        self._run, self._model = run, run.training
        arm = "" if self._model.info.simulated else tr("Arm, then: ")
        self.heading = far(tr("Spasm: the arm has yielded"))
        self.calm = text(tr("Let it pass, hold the limb, speak calmly. Then choose:"))
        self.advice = Problem(tr("Advice"))
        self.choices = {
            "gentler": IconButton(arm + tr("Go on more gently"), "fa6s.feather",
                                  tr("The next trial, with 70 % of force and speed")),
            "stretch": IconButton(arm + tr("Stretch slowly"), "fa6s.arrows-left-right",
                                  tr("Very slowly back to where the spasm began, held for 30 s, then let go")),
            "out": IconButton(arm + tr("Get out"), "fa6s.right-from-bracket",
                              tr("The arm goes slowly to the exit pose, then lets go")),
        }  # fmt: skip
        self.waiting = title(says=tr("What is under way"))
        self.progress = QtWidgets.QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("How far it is"))
        self.note = QtWidgets.QPlainTextEdit()
        self.note.setAccessibleName(tr("Adverse-event note"))
        self.note.setMinimumHeight(7 * GRID)
        self.note.setTabChangesFocus(True)
        self.keep = IconButton(tr("Keep note"), "fa6s.check", tr("Keep the note in the record and the chart"))
        self.kept = muted(wrap=False)
        self._offered = self._noted = ""
        self._meant: list[QtWidgets.QLabel] = []  # what the choices mean
        self._low = False
        self._ways = QtWidgets.QGridLayout()
        self.keep.clicked.connect(self._keep)
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        ways, note = self._ways, QtWidgets.QVBoxLayout()
        ways.setHorizontalSpacing(2 * GRID)
        ways.setColumnStretch(1, 1)
        for row, (act, button) in enumerate(self.choices.items()):
            button.setProperty("large", True)
            button.clicked.connect(partial(self._model.act, act))
            ways.addWidget(button, row, 0)
            ways.addWidget(meant := muted(button.accessibleName()), row, 1)
            self._meant.append(meant)
        ways.setRowStretch(len(self.choices), 1)  # close to each other on a tall screen too
        ways.setVerticalSpacing(2 * GRID)
        note.addWidget(title(tr("Adverse-event note"), wrap=False))
        note.addWidget(self.note, 1)
        note.addLayout(Row(self.keep, self.kept, None))
        around = QtWidgets.QScrollArea()  # on a small screen the note stands below the ways
        around.setWidget(Columns((ways, 3), (note, 2), spacing=3 * GRID))
        around.setWidgetResizable(True)
        around.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        around.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for widget in (self.heading, self.calm, self.advice, self.waiting, self.progress):
            self.inside.addWidget(widget)
        self.inside.addWidget(around, 1)

    def dress(self, theme: Theme) -> None:
        for button in self.findChildren(IconButton):
            button.dress(theme)

    def set_low(self, low: bool) -> None:
        """On a small screen: nothing but the choices, and the note below them; the banner says what has happened."""
        self._low = low
        for k, button in enumerate(self.choices.values()):
            restyle(button, "large", not low)
            self._ways.addWidget(button, *(divmod(k, 2) if low else (k, 0)))  # all to be seen without scrolling
        for words in (*self._meant, self.heading):
            words.setVisible(not low)
        self.refresh()

    def _keep(self) -> None:
        """Into the record, under the pseudonym, and the chart where there is one."""
        words = self.note.toPlainText().strip()
        if not words or words == self._noted:
            return
        self._noted = words
        self._model.bedside.note(("adverse event",), self._run.nameless(words))
        if self._run.keep_note is not None:
            self._run.keep_note(words)
        self.kept.setText(tr("kept"))
        announce(self.kept, tr("kept"))

    def refresh(self) -> None:
        model, after = self._model, self._model.after
        free = model.state not in ("running", "paused") and not after.wanted
        for act, button in self.choices.items():
            nothing_left = act == "gentler" and model.session.left is None
            button.setEnabled(free and not nothing_left and not model.bedside.parked)
        many = tr("{n} spasms in this session: end it now", n=after.too_many) if after.too_many else ""
        if many != self.advice.text():
            self.advice.say(many)
        self.heading.setText(tr("Spasm: the arm has yielded") if not after.way else model.instruction)
        self.heading.setVisible(not self._low or bool(after.way))
        self.calm.setVisible(not after.way and not self._low)
        self._show_progress()
        offered = after.note_text(self._run.who)
        if offered != self._offered and self.note.toPlainText() in ("", self._offered):  # nobody has written in it
            self._offered = offered
            self.note.setPlainText(offered)
        self.note.setReadOnly(not model.disarmed)
        self.keep.setEnabled(bool(self.note.toPlainText().strip()))

    def _show_progress(self) -> None:
        after, picture = self._model.after, self._model.picture
        words = tr("Waiting until the limb is quiet, then {what}", what=tr(ACTS[after.wanted])) if after.wanted else ""
        level = picture.level if after.way and picture is not None else None
        if after.way and picture is not None:
            words = tr("On the way. STOP lets the arm go at once")
            if picture.phase == HOLDING and level is not None:
                left = round(HOLD * (1.0 - level))
                words = trn("Held: {n} second left. STOP lets go", "Held: {n} seconds left. STOP lets go", left)
        self.waiting.setText(words)
        self.waiting.setVisible(bool(words))
        self.progress.setVisible(bool(words))
        self.progress.setRange(0, 1000 if level is not None else 0)
        if level is not None:
            self.progress.setValue(round(1000 * level))


class DevicePanel(Card):
    """The session cannot command the arm any more; a new one goes on with the next trial."""

    again = Signal()

    def __init__(self, run: SessionRun) -> None:
        super().__init__(margin=3 * GRID)
        assert run.training is not None
        self._model = run.training
        self.heading, self.plug, self.drops, self.kept = far(), title(), title(), text()
        self.steps = text(tr("Then press the button: nothing moves until somebody arms again."))
        self.go_on = IconButton("", "fa6s.plug-circle-check", tr("Go on in a new session"), kind="go", big=True)
        self.go_on.clicked.connect(self.again)
        self.inside.setSpacing(2 * GRID)
        self.inside.addStretch(1)
        for widget in (self.heading, self.drops, self.plug, self.kept, self.steps, self.go_on):
            self.inside.addWidget(widget)
        self.inside.addStretch(2)

    def dress(self, theme: Theme) -> None:
        self.go_on.dress(theme)

    def refresh(self) -> None:
        model = self._model
        fault = model.after.fault
        lost = fault is Fault.DEVICE_LOST
        self.heading.setText(tr("The robot is not connected any more") if lost else tr(fault.label))
        self.plug.setText(model.after.plug)
        self.drops.setText(model.after.drops)
        left = model.session.left
        done = trn("{n} trial is kept in the recording.", "{n} trials are kept in the recording.", len(model.trials))
        nothing = tr("None is left to do: end the session.")
        self.kept.setText(done if left is not None else f"{done} {nothing}")
        self.steps.setVisible(left is not None)
        self.go_on.setVisible(left is not None)
        number = model.next_trial
        self.go_on.say(
            tr("Go on at trial {number}", number=number), "fa6s.plug-circle-check",
            tr("Open a new session that goes on at trial {number}", number=number),
        )  # fmt: skip


