"""Patients of one's own: a file, or a mapping of the same shape.

    like: stroke                  # the preset to begin with; healthy if left out
    movement: 900 ms              # any trait of sim/patients/person.py, with its unit
    strength: 0.1
    tremor: {frequency: 4.5 Hz}   # what the preset has not; of what it has, the values that differ
    fatigue: none                 # what the preset has and this patient has not

Shares are plain numbers. All mistakes are found at once, each with its line and column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rehab.core.errors import BadInput, Finding, Findings
from rehab.protocol.written import Written
from sim.patients.person import Traits
from sim.patients.presets import PRESETS
from sim.patients.traits.fatigue import Fatigue
from sim.patients.traits.learning import Learning
from sim.patients.traits.neglect import Neglect
from sim.patients.traits.slacking import Slacking
from sim.patients.traits.spasms import Spasms
from sim.patients.traits.spasticity import Spasticity
from sim.patients.traits.synergy import Synergy
from sim.patients.traits.tone import Tone
from sim.patients.traits.trait import MuscleTrait, Trait
from sim.patients.traits.tremor import Tremor
from sim.patients.traits.weakness import Weakness

MOST_BYTES = 100_000
WITHOUT = "none"
MUSCLES: dict[str, type[MuscleTrait]] = {
    "weakness": Weakness, "fatigue": Fatigue, "slacking": Slacking, "synergy": Synergy, "tone": Tone,
    "spasticity": Spasticity, "tremor": Tremor, "spasms": Spasms,
}  # fmt: skip
MINDS: dict[str, type[Trait]] = {"neglect": Neglect, "learning": Learning}
KINDS: dict[str, type[Trait]] = {**MUSCLES, **MINDS}


def is_path(name: str | Path) -> bool:
    """Whether that is a file, not the name of a preset."""
    return isinstance(name, Path) or "/" in name or "\\" in name or name.endswith((".yaml", ".yml"))


def load_traits(path: str | Path) -> tuple[Traits, str]:
    """A patient's file: who it is, and the text. Raises BadInput, or Findings with all mistakes."""
    path = Path(path)
    try:
        if not path.is_file():
            raise BadInput(f"{path}: " + ("is a folder, not a patient" if path.is_dir() else "does not exist"))
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"{path}: {path.stat().st_size} bytes are too many for a patient (at most {MOST_BYTES})")
        source = path.read_text("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: byte {error.start} is not UTF-8 text; is this a patient?") from error
    return read_traits(source, str(path)), source


def read_traits(source: str, file: str = "patient.yaml") -> Traits:
    """The same from its text. Raises Findings."""
    written = Written(source, file)
    found: list[Finding] = []
    traits = PRESETS["healthy"]
    if isinstance(written.value, dict):
        traits, found = _understand(written.value)
    elif not written.findings:
        found = [Finding("", "a patient is a mapping", "for example  like: stroke")]
    if found or written.findings:
        raise written.error(written.settled(found))
    return traits


def traits_from(written: Mapping[str, Any]) -> Traits:
    """The same from a mapping, quantities with their units in it. Raises Findings."""
    traits, found = _understand(written)
    if found:
        raise Findings(found)
    return traits


def _understand(written: Mapping[str, Any]) -> tuple[Traits, list[Finding]]:
    like = written.get("like", "healthy")
    found: list[Finding] = []
    if like not in PRESETS:
        near = get_close_matches(str(like), PRESETS, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        found.append(Finding("like", f'there is no preset "{like}"{hint}', "one of " + ", ".join(PRESETS), str(like)))
    before = PRESETS.get(like, PRESETS["healthy"])
    plain = {name: value for name, value in written.items() if name != "like" and name not in KINDS}
    changes, more = _changes(before, plain, "", also=("like", *KINDS))
    found += more
    muscles = list(before.muscles)
    for name, value in written.items():
        kind = KINDS.get(name)
        if kind is None:
            continue
        present = getattr(before, name) if name in MINDS else next((m for m in muscles if type(m) is kind), None)
        now, more = _trait(kind, present, name, value)
        found += more
        if name in MINDS:
            changes[name] = now
            continue
        muscles = [m for m in muscles if m is not present]
        if isinstance(now, MuscleTrait):
            muscles.append(now)
    return replace(before, **changes, muscles=tuple(muscles)), found


def _trait(kind: type[Trait], present: Trait | None, name: str, value: Any) -> tuple[Trait | None, list[Finding]]:
    if value == WITHOUT:
        return None, []
    if not isinstance(value, Mapping):
        keys = ", ".join(kind.parameters())
        return None, [Finding(name, "is neither a mapping nor none", f"{{{keys}}}, all of them optional", str(value))]
    trait = present or kind()
    changes, found = _changes(trait, value, name)
    return replace(trait, **changes), found


def _changes(
    trait: Trait, written: Mapping[str, Any], where: str, also: tuple[str, ...] = ()
) -> tuple[dict[str, Any], list[Finding]]:
    """Of the fields that are written: their SI values, and what is wrong with them."""
    parameters = trait.parameters()
    values, found = parameters.parse(written, where=where)
    if also:
        known = ", ".join((*also, *parameters))
        found = [f._replace(allowed=f"known: {known}") if f.message.startswith("unknown ") else f for f in found]
    return {name: values[name] for name in written if name in parameters}, found
