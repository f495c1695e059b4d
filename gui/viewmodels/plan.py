"""A patient's plan while it is made: its text is the truth, every change is a change of the text, checked at once.

Changes are made in order on the store's thread, each on what the one before left; undo and redo are texts. What was not
saved waits among the user's drafts.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.i18n import tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.drawn import Drawn, region
from gui.viewmodels.facts import facts
from gui.viewmodels.form import FormField, field_of, fields
from gui.viewmodels.library import EXERCISE, exercise_entry, mode_words, picture_of, protocol_text
from gui.viewmodels.model import Model
from gui.viewmodels.parameter_words import controller_words
from gui.viewmodels.rehearsal import Rehearsal
from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Finding, Findings
from rehab.core.limits import Limits
from rehab.core.person import PersonLayer, limits_for
from rehab.realtime.picture import Point

if TYPE_CHECKING:
    from rehab.clinic.records import Chart, Patient, PlanRecord

NEW = "protocol: {title}\nversion: 1\ndevice: {device}\nlimits: {{speed: 0.5 m/s, force: 30 N}}\nblocks:\n"
TRIALS = 10
MOST_UNDO = 200
COUNTS = ("trials", "each_target", "each_cell")
OF_PLAN = ("force", "speed")  # limits that a plan's form shows
MODE, CONTROLLER, TAUGHT = "mode", "controller", "taught"


class Ground(NamedTuple):
    """What a plan is made for. `limits` are the device's, tightened by the patient's file."""

    info: DeviceInfo
    limits: Limits
    device: Limits
    layer: PersonLayer | None
    assumed: bool = False


class BlockForm(NamedTuple):
    """One block: what the list shows, and its fields. `exercise` "" is a page between blocks."""

    name: str
    title: str
    exercise: str
    parameters: dict[str, Any]
    how: str  # "mode:passive" or "controller:impedance"
    help_words: str
    trials: int
    number: FormField | None
    of_exercise: tuple[FormField, ...]
    of_controller: tuple[FormField, ...]
    findings: tuple[Finding, ...]


class Checked(NamedTuple):
    """A text, and everything that follows from it."""

    text: str
    title: str
    blocks: tuple[BlockForm, ...]
    limits: tuple[FormField, ...]
    findings: tuple[Finding, ...]
    version: int

    @property
    def sound(self) -> bool:
        return bool(self.blocks) and not self.findings


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
            self.change(lambda text: _changed(text, "protocol", title.strip()), key="protocol")

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
                text = _changed(text, "version", now.version + 1)
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


# on the store's thread, without a model ------------------------------------------------------------------------------


def ground_of(desk: Desk, layer: PersonLayer | None) -> Ground:
    from rehab.protocol.site import site_limits

    about, site = facts(desk), site_limits()
    info = about.info
    return Ground(info, limits_for(info, site, layer), info.limits(site), layer, about.assumed)


def check(text: str, ground: Ground) -> Checked:
    """Everything that is wrong, and the forms of what could be read."""
    from rehab.core.stability import delay_of
    from rehab.protocol.document import parsed
    from rehab.protocol.soundness import checked
    from rehab.protocol.written import Written

    info, limits = ground.info, ground.limits
    protocol = parsed(Written(text, "plan.yaml"), Path("plan.yaml"))
    found: tuple[Finding, ...] = ()
    try:
        checked(protocol, info, limits, delay_of(info, None))
    except Findings as error:
        found = tuple(error.findings)
    written = protocol.written.value if isinstance(protocol.written.value, dict) else {}
    rows = written.get("blocks")
    rows = rows if isinstance(rows, list) else []
    if not rows:
        found = tuple(f for f in found if not f.field.startswith("blocks"))
    blocks = tuple(
        block_form(row, k, limits, tuple(f for f in found if f.field.startswith(f"blocks[{k}]")))
        for k, row in enumerate(rows) if isinstance(row, dict)
    )  # fmt: skip
    return Checked(text, protocol.title, blocks, _limit_fields(protocol.limits, limits), found, protocol.version)


def _limit_fields(own: dict[str, float], limits: Limits) -> tuple[FormField, ...]:
    from rehab.protocol.limits import PARAMETERS

    return tuple(
        field_of(name, PARAMETERS[name], own.get(name, limits.values[name]), f"limits.{name}", limits)._replace(
            label=tr("Most force") if name == "force" else tr("Most speed")
        )
        for name in OF_PLAN
    )


def block_form(row: dict[str, Any], k: int, limits: Limits, found: tuple[Finding, ...]) -> BlockForm:
    from rehab.protocol.modes import MODES, available

    where, name = f"blocks[{k}]", str(row.get("name", ""))
    exercise = next((key for key in row if key in registry.names(EXERCISE)), "")
    count = next((_count(row, key, where) for key in COUNTS if isinstance(row.get(key), int)), None)
    if not exercise:
        return BlockForm(name, tr("A page"), "", {}, "", "", 0, None, (), (), found)
    values, of_exercise = _values(EXERCISE, exercise, row[exercise], f"{where}.{exercise}", limits)
    given = row.get("controller")
    if isinstance(given, dict) and len(given) == 1:
        controller, written = next(iter(given.items()))
    else:
        controller, written = given, {}
    mode = row.get("mode", "")
    if not isinstance(controller, str) or controller not in registry.names("controller"):
        controller = available().get(mode, "")
    how = next((f"mode:{m}" for m, c in MODES.items() if c == controller), f"controller:{controller}")
    of_controller: tuple[FormField, ...] = ()
    if controller:
        _, of_controller = _values("controller", controller, written, f"{where}.controller.{controller}", limits)
    words = mode_words(how.partition(":")[2]) if how.startswith("mode:") else controller_words(controller)
    title = exercise_title(exercise)
    return BlockForm(name, title, exercise, values, how, words, int(count.value) if count else 0, count, of_exercise,
                     of_controller, found)  # fmt: skip


def exercise_title(name: str) -> str:
    """As the library calls it."""
    from gui.i18n import own

    plugin = registry.find(EXERCISE, name)
    title = getattr(getattr(plugin, "about", None), "title", "")
    return own({"en": title, **getattr(plugin, "phrases", {}).get(title, {})}) if title else name.replace("_", " ")


def _count(row: dict[str, Any], key: str, where: str) -> FormField:
    label = {"trials": tr("Trials"), "each_target": tr("Trials of each target"), "each_cell": tr("Trials of each kind")}
    return FormField(f"{where}.{key}", key, label[key], "integer", row[key], TRIALS, least=1, most=2000)


def _values(
    kind: str, name: str, written: Any, where: str, limits: Limits
) -> tuple[dict[str, Any], tuple[FormField, ...]]:
    from rehab.protocol.taught import with_taught

    parameters = registry.find(kind, name).parameters
    written = with_taught(kind, name, written if isinstance(written, dict) else {}, where, [])
    values = parameters.parse(written)[0]
    hidden = tuple(key for key in parameters if key in ("add_point", "done", "seed"))
    return values, tuple(fields(parameters, values, where, limits, leave_out=hidden))


def set_value(text: str, field: FormField, value: Any) -> str:
    """The text with that value; a controller's own parameter takes the place of the mode that picked the controller."""
    from rehab.protocol.edit_blocks import without

    block, _, rest = field.path.partition(".controller.")
    if rest:
        controller, _, name = rest.partition(".")
        row = _row(text, block)
        if not isinstance(row.get("controller"), dict):
            for key in ("mode", "controller"):
                if key in row:
                    text = without(text, f"{block}.{key}")
            return _changed(text, f"{block}.controller", {controller: {name: field.written(value)}})
        if not row["controller"].get(controller):
            return _changed(text, f"{block}.controller", {controller: {name: field.written(value)}})
    if field.path.startswith("limits.") and not isinstance(_whole(text).get("limits"), dict):
        return _changed(text, "limits", {field.name: field.written(value)})
    return _changed(text, field.path, field.written(value))


def set_how(text: str, index: int, how: str) -> str:
    """Another mode or controller, with its defaults."""
    from rehab.protocol.edit_blocks import without

    kind, _, name = how.partition(":")
    where = f"blocks[{index}]"
    for key in (MODE, CONTROLLER):
        if key in _row(text, where) and key != kind:
            text = without(text, f"{where}.{key}")
    return _changed(text, f"{where}.{kind}", name if kind == MODE else {name: {}})


def add_block(text: str, kind: str, name: str, info: DeviceInfo) -> str:
    from rehab.protocol.edit_blocks import added

    names = [str(row.get("name", "")) for row in _whole(text).get("blocks") or [] if isinstance(row, dict)]
    if kind == EXERCISE:
        title = _free(exercise_entry(name, info).title, names)
        return added(text, {"name": title, name: {}, MODE: _usual_mode(name), "trials": TRIALS})
    if kind == TAUGHT:
        return added(text, {"name": _free(name, names), "trace": {"taught": name}, MODE: "active", "trials": TRIALS})
    whole = protocol_text(name)
    if not names or _whole(whole).get("profile") == "research":
        return whole
    for row in _whole(whole).get("blocks", []):
        row = {**row, "name": _free(str(row.get("name", name)), names)}
        names.append(row["name"])
        text = added(text, row)
    return text


def _usual_mode(exercise: str) -> str:
    """That in which the ready protocols play it, else the patient moves; who is led by name is led."""
    from rehab.protocol.load import read_protocol, ready_protocols

    if exercise.startswith("passive"):
        return "passive"
    if exercise != "reach":
        for path in ready_protocols().values():
            for block in read_protocol(path).blocks:
                if block.exercise == exercise and block.mode:
                    return block.mode
    return "active"


def _free(name: str, taken: list[str]) -> str:
    return next(n for n in (name, *(f"{name} {k}" for k in range(2, 1000))) if n not in taken)


def _changed(text: str, where: str, value: Any) -> str:
    from rehab.protocol.edit import changed

    return changed(text, where, value)


def _whole(text: str) -> dict[str, Any]:
    from rehab.protocol.written import Written

    value = Written(text, "plan.yaml").value
    return value if isinstance(value, dict) else {}


def _row(text: str, where: str) -> dict[str, Any]:
    index = int(where.removeprefix("blocks[").removesuffix("]"))
    rows = _whole(text).get("blocks") or []
    if not 0 <= index < len(rows) or not isinstance(rows[index], dict):
        raise BadInput(f"{where}: there is no such block")
    row: dict[str, Any] = rows[index]
    return row


def ways() -> list[tuple[str, str]]:
    """What a block can be done with: ("mode:passive", words), the modes first."""
    from rehab.protocol.modes import MODES, available

    found = [(f"mode:{mode}", mode_words(mode)) for mode in available()]
    others = [c for c in registry.names("controller") if c not in MODES.values()]
    return found + [(f"controller:{c}", controller_words(c)) for c in others]


