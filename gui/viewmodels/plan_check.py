"""What follows from the text of a plan: everything that is wrong in it, and the forms of its blocks."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from gui.i18n import tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.facts import facts
from gui.viewmodels.form import FormField, field_of, fields
from gui.viewmodels.library import EXERCISE, mode_words
from gui.viewmodels.parameter_words import controller_words
from gui.viewmodels.plan_text import TRIALS
from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.limits import Limits
from rehab.core.person import PersonLayer, limits_for

COUNTS = ("trials", "each_target", "each_cell")
OF_PLAN = ("force", "speed")  # limits that a plan's form shows


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


def ways() -> list[tuple[str, str]]:
    """What a block can be done with: ("mode:passive", words), the modes first."""
    from rehab.protocol.modes import MODES, available

    found = [(f"mode:{mode}", mode_words(mode)) for mode in available()]
    others = [c for c in registry.names("controller") if c not in MODES.values()]
    return found + [(f"controller:{c}", controller_words(c)) for c in others]
