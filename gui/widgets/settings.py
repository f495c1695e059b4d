"""Every parameter that may be changed while it runs, with its unit, its range and why it is not wider."""

from __future__ import annotations

from functools import partial

from gui.i18n import mark, tr
from gui.qt import QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.figures import shown_quantity
from gui.viewmodels.form import who_words
from gui.viewmodels.training import TrainingModel
from gui.viewmodels.tuning import ASSISTANCE
from gui.widgets.buttons import IconButton
from gui.widgets.plain import Problem, clear, muted, text, title
from rehab.core.limits import BUILTIN

SHOWN = ("force", "speed", "power")  # limits that a therapist asks for
LIMITS = {"force": mark("Force"), "speed": mark("Speed"), "power": mark("Power")}


class SettingsPanel(QtWidgets.QScrollArea):
    """A form for the present block; a value is sent with Enter, or when the field is left."""

    def __init__(self, model: TrainingModel) -> None:
        super().__init__()
        self._model = model
        self._shown: tuple[str, ...] = ()
        self.fields: dict[str, QtWidgets.QLineEdit] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setFocusPolicy(self.focusPolicy().NoFocus)
        whole = QtWidgets.QWidget()
        self._layout = QtWidgets.QVBoxLayout(whole)
        self._layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        self._layout.setSpacing(GRID)
        self.problem = Problem(tr("Why it was not changed"))
        self.form = QtWidgets.QVBoxLayout()
        self.limits = muted(says=tr("Limits in force"))
        self.anew = IconButton(
            tr("Begin the plan anew"), "fa6s.backward-step", tr("Begin the plan anew, from its first trial")
        )
        self.anew.clicked.connect(model.begin_anew)
        self._layout.addWidget(self.problem)
        self._layout.addLayout(self.form)
        self._layout.addWidget(title(tr("Limits in force"), wrap=False))
        self._layout.addWidget(self.limits)
        self._layout.addWidget(self.anew)
        self._layout.addStretch(1)
        self.setWidget(whole)
        self.refresh()

    def dress(self, theme: Theme) -> None:
        self.anew.dress(theme)

    def refresh(self) -> None:
        model = self._model
        fields = {name: live for name, live in model.tuning.fields.items() if name != ASSISTANCE}
        if tuple(fields) != self._shown or not self._layout:
            self._shown = tuple(fields)
            self._build()
        for name, live in fields.items():
            field = self.fields[name]
            if not field.hasFocus() and field.text() != live.shown:
                field.setText(live.shown)
        self.anew.setEnabled(model.can_start and model.interrupted)
        words = "\n".join(self._limit(name) for name in SHOWN)
        if self.limits.text() != words:
            self.limits.setText(words)

    def _limit(self, name: str) -> str:
        limits = self._model.health.limits
        value = shown_quantity(limits.values[name], BUILTIN[name].unit)
        return tr(
            "{what} at most {value}: set by {who}",
            what=tr(LIMITS[name]), value=value, who=who_words(limits.owner(name)),
        )  # fmt: skip

    def _build(self) -> None:
        clear(self.form)
        self.fields = {}
        for name in self._shown:
            live = self._model.tuning.fields[name]
            field = QtWidgets.QLineEdit(live.shown)
            label = text(name.replace("_", " "), wrap=True)
            label.setBuddy(field)
            field.setAccessibleName(name.replace("_", " "))
            field.setAccessibleDescription(f"{live.field.says}; {live.field.allowed}")
            field.editingFinished.connect(partial(self._change, name))
            self.fields[name] = field
            for widget in (label, field, muted(f"{live.field.says} ({live.field.allowed})")):
                self.form.addWidget(widget)
        if not self._shown:
            self.form.addWidget(muted(tr("Nothing else can be changed in this exercise while it runs.")))

    def _change(self, name: str) -> None:
        live = self._model.tuning.fields.get(name)
        field = self.fields[name]
        if live is None or field.text() == live.shown:
            return
        self.problem.say(self._model.tuning.change(name, field.text()))
