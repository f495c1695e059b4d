"""The technician's page: which devices there are, what limits hold, is this machine fast enough, and safekeeping."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gui.i18n import shown_number, tr, trn
from gui.qt import QtWidgets
from gui.theme import GRID
from gui.viewmodels.desk import Desk
from gui.viewmodels.devices import DevicesModel, Fact
from gui.viewmodels.parameter_words import limit_words
from gui.viewmodels.words import model_words
from gui.views.model_page import ModelPage
from gui.widgets.columns import Columns
from gui.widgets.plain import Card, Row, breakable, clear, muted, text


class DevicesPage(ModelPage):
    model: DevicesModel

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, DevicesModel(desk))
        self._file: Path | None = None
        sides = []
        for cards in ((self._devices(), self._timing(), self._copies()), (self._limits(), self._machine())):
            side = QtWidgets.QVBoxLayout()
            side.setSpacing(2 * GRID)
            for card in cards:
                side.addWidget(card)
            side.addStretch(1)
            sides.append(side)
        self.column.addWidget(Columns(*((side, 1) for side in sides)), 1)

    @property
    def title(self) -> str:
        return tr("Devices")

    def enter(self, **what: Any) -> None:
        self.model.load()

    def leave(self) -> None:
        self.model.leave()

    def refresh(self) -> None:
        self.model.refresh()
        super().refresh()
        self.progress.setVisible(self.model.testing)
        self.progress.setValue(round(100 * self.model.share))

    # parts ----------------------------------------------------------------------------------------------------------

    def _devices(self) -> Card:
        card = Card(tr("Devices found"))
        self.found = _lines(card)
        self.again = self.button(tr("Look again"), "fa6s.rotate-right", self.model.load)
        card.inside.addWidget(self.again)
        return card

    def _timing(self) -> Card:
        card = Card(tr("Timing of this machine"))
        self.says = muted(tr("An empty loop at 1 kHz for a few seconds. Nothing moves; no session may be open."))
        self.test = self.button(tr("Test the timing"), "fa6s.stopwatch", self.model.test, kind="go")
        self.progress = QtWidgets.QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("How far the test is"))
        card.inside.addWidget(self.says)
        card.inside.addWidget(self.test)
        card.inside.addWidget(self.progress)
        self.timed = _lines(card)
        return card

    def _copies(self) -> Card:
        card = Card(tr("Safekeeping of the clinic store"))
        self.save = self.button(tr("Copy it into a file"), "fa6s.box-archive", self._save)
        self.choose = self.button(tr("Put a copy back"), "fa6s.clock-rotate-left", self._choose)
        self.sure = text()
        self.sure.setProperty("notice", True)
        self.really = self.button(tr("Yes, replace everything"), "fa6s.check", self._restore)
        self.no = self.button(tr("No, leave it"), "fa6s.xmark", self._leave_it, kind="go")
        self.told = text()
        for widget in (self.save, self.choose, self.sure, self.really, self.no, self.told):
            card.inside.addWidget(widget)
        return card

    def _limits(self) -> Card:
        card = Card(tr("Limits in force"))
        self.for_model = muted()
        card.inside.addWidget(self.for_model)
        self.limits = _lines(card)
        return card

    def _machine(self) -> Card:
        card = Card(tr("This machine"))
        self.machine = _lines(card)
        return card

    # acts -----------------------------------------------------------------------------------------------------------

    def _save(self) -> None:
        name, _ = QtWidgets.QFileDialog.getSaveFileName(self, tr("Copy the clinic store"), "clinic-copy.db", "*.db")
        if name:
            self.model.save(Path(name))

    def _choose(self) -> None:
        name, _ = QtWidgets.QFileDialog.getOpenFileName(self, tr("Which copy?"), "", "*.db")
        if name:
            self.ask_whether(Path(name))

    def ask_whether(self, file: Path) -> None:
        """Before everything is replaced."""
        self._file = file
        self.model.changed()

    def _restore(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            self.model.restore(file)
            self.model.changed()

    def _leave_it(self) -> None:
        self._file = None
        self.model.changed()

    # showing --------------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        ground, model = self.model.ground, self.model
        asked = self._file is not None
        for widget in (self.sure, self.really, self.no):
            widget.setVisible(asked)
        self.choose.setVisible(not asked)
        self.sure.setText(tr("{file} takes the place of everything in the store. What came after it is lost.",
                             file=self._file.name) if self._file is not None else "")  # fmt: skip
        copy = model.copied
        self.told.setVisible(copy is not None)
        if copy is not None:
            size = shown_number(copy.bytes / 1e6, 1, "MB")
            done = tr("Copied and verified")
            patients = trn("{n} patient", "{n} patients", copy.patients)
            self.told.setText(breakable(f"{done}: {copy.file} · {size} · {patients}"))
        self.test.setEnabled(not model.testing and not self.desk.session_open)
        _fill_facts(self.timed, model.timing)
        if ground is None:
            return
        clear(self.found)
        for device in ground.devices:
            about = tr("simulated") if device.simulated else tr("can be opened now")
            parts = [device.address, about, tr("used here") if device.ours else ""]
            self.found.addWidget(text(" · ".join(part for part in parts if part)))
        if all(device.simulated for device in ground.devices):
            self.found.addWidget(muted(tr("No robot is plugged in: check its cable and its power, then look again.")))
        model_name = model_words(ground.model)
        self.for_model.setText(
            tr("The robot has not been connected yet; assumed: {model}.", model=model_name)
            if ground.assumed
            else tr("Robot: {model}. A patient's file and a plan can only tighten them.", model=model_name)
        )  # fmt: skip
        clear(self.limits)
        for row in ground.limits:
            label = limit_words(row.name)
            line = text(f"{label}: {row.value} · {row.who}")
            line.setToolTip(tr(row.says))
            self.limits.addWidget(line)
        _fill_facts(self.machine, ground.facts)


def _lines(card: Card) -> QtWidgets.QVBoxLayout:
    layout = QtWidgets.QVBoxLayout()
    layout.setSpacing(GRID)
    card.inside.addLayout(layout)
    return layout


def _fill_facts(layout: QtWidgets.QVBoxLayout, facts: Sequence[Fact]) -> None:
    clear(layout)
    marks = {True: "✓", False: "!", None: "·"}
    for fact in facts:
        line = text(breakable(f"{marks[fact.good]} {fact.what}: {fact.value}"))
        if fact.good is False:
            line.setProperty("notice", True)
        layout.addLayout(Row(line))
