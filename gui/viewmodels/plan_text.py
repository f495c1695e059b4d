"""Changes of a plan's text. Each gives the text anew, with everything else as it was."""

from __future__ import annotations

from typing import Any

from gui.viewmodels.form import FormField
from gui.viewmodels.library import EXERCISE, exercise_entry
from gui.viewmodels.ready import ready_plan
from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput

NEW = "protocol: {title}\nversion: 1\ndevice: {device}\nlimits: {{speed: 0.5 m/s, force: 30 N}}\nblocks:\n"
TRIALS = 10
MODE, CONTROLLER, TAUGHT = "mode", "controller", "taught"


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
            return changed_text(text, f"{block}.controller", {controller: {name: field.written(value)}})
        if not row["controller"].get(controller):
            return changed_text(text, f"{block}.controller", {controller: {name: field.written(value)}})
    if field.path.startswith("limits.") and not isinstance(_whole(text).get("limits"), dict):
        return changed_text(text, "limits", {field.name: field.written(value)})
    return changed_text(text, field.path, field.written(value))


def set_how(text: str, index: int, how: str) -> str:
    """Another mode or controller, with its defaults."""
    from rehab.protocol.edit_blocks import without

    kind, _, name = how.partition(":")
    where = f"blocks[{index}]"
    for key in (MODE, CONTROLLER):
        if key in _row(text, where) and key != kind:
            text = without(text, f"{where}.{key}")
    return changed_text(text, f"{where}.{kind}", name if kind == MODE else {name: {}})


def add_block(text: str, kind: str, name: str, info: DeviceInfo) -> str:
    from rehab.protocol.edit_blocks import added

    names = [str(row.get("name", "")) for row in _whole(text).get("blocks") or [] if isinstance(row, dict)]
    if kind == EXERCISE:
        title = _free(exercise_entry(name, info).title, names)
        return added(text, {"name": title, name: {}, MODE: _usual_mode(name), "trials": TRIALS})
    if kind == TAUGHT:
        return added(text, {"name": _free(name, names), "trace": {"taught": name}, MODE: "active", "trials": TRIALS})
    _, whole = ready_plan(name)
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


def changed_text(text: str, where: str, value: Any) -> str:
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
