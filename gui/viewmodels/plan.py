"""A patient's plan while it is made: its text is the truth, every change is a change of the text, checked at once.

Changes are made in order on the store's thread, each on what the one before left; undo and redo are texts. What was not
saved waits among the user's drafts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gui.i18n import tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.drawn import Drawn, region
from gui.viewmodels.form import FormField
from gui.viewmodels.library import picture_of
from gui.viewmodels.model import Model
from gui.viewmodels.plan_check import Checked, Ground, check, ground_of
from gui.viewmodels.plan_text import NEW, add_block, changed_text, set_how, set_value
from gui.viewmodels.rehearsal import Rehearsal
from rehab.realtime.picture import Point

if TYPE_CHECKING:
    from rehab.clinic.records import Chart, Patient, PlanRecord

MOST_UNDO = 200


class PlanModel(Model):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.code = ""
        self.patient: Patient | None = None
        self.record: PlanRecord | None = None
        self.ground: Ground | None = None
        self.now: Checked | None = None
        self.selected = 0
        self.picture = Drawn()
        self.allowed: tuple[Point, ...] = ()
        self.own: tuple[Point, ...] = ()
        self.past: list[str] = []
        self.future: list[str] = []
        self.saved = ""  # words when it was
        self.rehearsal: Rehearsal | None = None
        self._last_key = ""
        self._tip = ""  # the newest text; of the store's thread alone
        self._after: list[Callable[[], None]] = []

    # loading --------------------------------------------------------------------------------------------------------

    def load(self, patient: str) -> None:
        if patient == self.code and self.now is not None:
            return
        self.code, self.now, self.patient, self.record = patient, None, None, None
        self.past, self.future, self.saved, self.selected = [], [], "", 0
        self._last_key = ""
        acting, desk, draft = self.acting, self.desk, self.desk.drafts.get(self._draft_key)

        def job() -> tuple[Patient, Chart, PlanRecord | None, Ground, Checked]:
            record, chart = acting.plans.current(patient), acting.charts.read(patient)
            ground = ground_of(desk, chart.layer)
            new = NEW.format(title=tr("My plan"), device=ground.info.model)
            self._tip = draft or (record.protocol if record is not None else new)
            return acting.patients.get(patient), chart, record, ground, check(self._tip, ground)

        self.ask(tr("Reading the plan"), job, self._have)

    def _have(self, found: Any) -> None:
        self.patient, _, self.record, self.ground, self.now = found
        info, limits = self.ground.info, self.ground.limits
        self.allowed = region(info, tuple(j.q_min for j in info.joints), tuple(j.q_max for j in info.joints))
        own = region(info, limits.q_min, limits.q_max)
        self.own = own if own != self.allowed else ()
        waiting, self._after = self._after, []
        for act in waiting:
            act()
        self._draw()

    @property
    def _draft_key(self) -> str:
        return f"plan {self.code}"

    # changing -------------------------------------------------------------------------------------------------------

    def set(self, field: FormField, value: Any) -> None:
        """One value; changes of the same one, made one after the other, are undone together."""
        self.change(lambda text: set_value(text, field, value), key=field.path)

    def set_title(self, title: str) -> None:
        if title.strip():
            self.change(lambda text: changed_text(text, "protocol", title.strip()), key="protocol")

    def choose_how(self, how: str) -> None:
        """A mode, or a controller of its own, for the selected block: "mode:passive"."""
        index = self.selected
        self.change(lambda text: set_how(text, index, how))

    def add(self, kind: str, name: str) -> None:
        """An exercise or a ready protocol from the library, behind the last block."""
        if self.now is None:
            self._after.append(lambda: self.add(kind, name))
            return
        last = len(self.now.blocks)
        self.change(lambda text: add_block(text, kind, name, self.ground.info), select=last)  # type: ignore[union-attr]

    def remove(self, index: int) -> None:
        from rehab.protocol.edit_blocks import removed

        self.change(lambda text: removed(text, index))

    def move(self, index: int, by: int) -> None:
        from rehab.protocol.edit_blocks import moved

        if self.now is None or not 0 <= index + by < len(self.now.blocks):
            return
        self.change(lambda text: moved(text, index, index + by), select=index + by)

    def select(self, index: int) -> None:
        if index != self.selected and self.now is not None and 0 <= index < len(self.now.blocks):
            self.selected, self._last_key = index, ""
            self._draw()
            self.changed()

    def change(self, edit: Callable[[str], str], key: str = "", select: int | None = None) -> None:
        """`key`: changes of one key in a row become one. `select`: the block that is shown then."""
        ground = self.ground
        if ground is None:
            return
        self.saved = ""

        def job() -> Checked:
            text = edit(self._tip)
            found = check(text, ground)
            self._tip = text
            return found

        def have(found: Checked) -> None:
            before = self.now.text if self.now is not None else ""
            if found.text != before:
                if not key or key != self._last_key:
                    self.past.append(before)
                    del self.past[:-MOST_UNDO]
                self.future.clear()
                self._last_key = key
            self.selected = self.selected if select is None else select
            self._show(found)

        self.ask(tr("Checking the plan"), job, have)

    def undo(self) -> None:
        self._step(self.past, self.future)

    def redo(self) -> None:
        self._step(self.future, self.past)

    def _step(self, out: list[str], into: list[str]) -> None:
        ground = self.ground
        if not out or ground is None or self.now is None:
            return
        text = out.pop()
        into.append(self.now.text)
        self._last_key, self.saved = "", ""

        def job() -> Checked:
            self._tip = text
            return check(text, ground)

        self.ask(tr("Checking the plan"), job, self._show)

    def _show(self, found: Checked) -> None:
        self.now = found
        self.selected = max(0, min(self.selected, len(found.blocks) - 1))
        self.desk.drafts[self._draft_key] = found.text
        self._draw()

    def _draw(self) -> None:
        """What the selected block shows, in the workspace."""
        if self.now is None or self.ground is None or not self.now.blocks:
            self.picture = Drawn()
            return
        block, info = self.now.blocks[self.selected], self.ground.info

        def have(picture: Drawn) -> None:
            self.picture = picture

        self.ask(tr("Drawing the targets"), lambda: picture_of(block.exercise, block.parameters, info), have)

    @property
    def unsaved(self) -> bool:
        return self.now is not None and self.now.text != (self.record.protocol if self.record is not None else "")

    @property
    def can_save(self) -> bool:
        return self.now is not None and self.now.sound and self.unsaved

    def save(self) -> None:
        """It becomes the plan in force, with the version counted on."""
        now, ground, acting, code, record = self.now, self.ground, self.acting, self.code, self.record
        if now is None or ground is None or not self.can_save:
            return

        def job() -> tuple[PlanRecord, Checked]:
            text = now.text
            if record is not None and f"version: {now.version}" in record.protocol:
                text = changed_text(text, "version", now.version + 1)
            made = acting.plans.add(code, now.title, text, device=ground.info.model)
            self._tip = text
            return made, check(text, ground)

        def have(found: tuple[PlanRecord, Checked]) -> None:
            self.record, self.now = found
            self.desk.drafts.pop(self._draft_key, None)
            self.saved = tr('Saved: "{title}" is the plan from now on', title=self.record.title)

        self.ask(tr("Saving the plan"), job, have)

    # rehearsing -----------------------------------------------------------------------------------------------------

    def rehearse(self, patient: str, seed: int = 1) -> None:
        """On a virtual patient, in a process of its own."""
        if self.now is None or self.ground is None or not self.now.sound:
            return
        self.stop_rehearsal()
        self.rehearsal = Rehearsal(
            self.now.text, device=f"sim:{self.ground.info.model}", patient=patient, seed=seed, person=self.ground.layer
        )
        self.changed()

    def stop_rehearsal(self) -> None:
        if self.rehearsal is not None:
            self.rehearsal.cancel()

    def refresh(self) -> None:
        """Once a frame."""
        if self.rehearsal is not None and self.rehearsal.refresh():
            self.changed()
