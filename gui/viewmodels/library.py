"""The exercise library: installed exercises and ready protocols, what they are for, whether this robot can do them."""

from __future__ import annotations

from typing import Any, NamedTuple

from gui.i18n import mark, own, tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.drawn import Drawn, drawn
from gui.viewmodels.errors import in_words, told
from gui.viewmodels.facts import Facts, facts
from gui.viewmodels.model import Model
from gui.viewmodels.ready import TOLD
from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Finding, Findings
from rehab.core.limits import Limits
from rehab.protocol.fits import Chosen, built

GOALS = {
    "reaching": mark("Reaching"), "strength": mark("Strength"), "range": mark("Range"),
    "coordination": mark("Coordination"), "proprioception": mark("Proprioception"),
    "spasticity": mark("Spasticity"), "daily life": mark("Daily life"), "game": mark("Game"),
    "speed": mark("Speed"),
}  # fmt: skip
MODES = {
    "passive": mark("The robot moves"), "active": mark("The patient moves alone"),
    "assistive": mark("Help as needed"), "active_assistive": mark("Help after a try"),
    "path_guidance": mark("Guided along the way"), "corrective": mark("Stopped when it goes wrong"),
    "resistive": mark("Against a load"), "passive_mirrored": mark("Led by the other arm"),
}  # fmt: skip
EXERCISE, PROTOCOL = "exercise", "protocol"
_DRAWN: dict[tuple[str, str, str], Drawn] = {}  # by device model, exercise and its parameters, while the program runs


class Entry(NamedTuple):
    """One card. `modes` empty: goes with every mode. `why_not`: why this robot cannot do it."""

    kind: str
    name: str
    title: str
    instruction: str
    trains: str
    measures: str
    goals: tuple[str, ...]
    modes: tuple[str, ...]
    why_not: str
    exercise: str  # whose scene is its picture
    parameters: dict[str, Any]
    research: bool = False

    def fits(self, goal: str, mode: str, kind: str, words: str) -> bool:
        """Is it among those asked for? "" asks for nothing; every word must be there, in any order."""
        said = " ".join((self.name, self.title, self.instruction, self.trains, self.measures)).casefold()
        return (
            (not goal or goal in self.goals)
            and (not mode or not self.modes or mode in self.modes)
            and (not kind or kind == self.kind)
            and all(word in said for word in words.casefold().split())
        )


def goal_words(goal: str) -> str:
    return tr(GOALS[goal]) if goal in GOALS else goal


def mode_words(mode: str) -> str:
    return tr(MODES[mode]) if mode in MODES else mode


class Library(Model):
    """`entries` None while they are read; `shown` those that the filters let through."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.entries: tuple[Entry, ...] | None = None
        self.assumed = False
        self.model = ""
        self.pictures: dict[tuple[str, str], Drawn] = {}  # by kind and name; those that are there already
        self.goal = self.mode = self.kind = self.words = ""

    def load(self) -> None:
        if self.entries is None and not self.waiting:
            self.ask(tr("Reading the exercises"), lambda: _read(self.desk), self._have)

    def _have(self, found: tuple[Facts, tuple[Entry, ...]]) -> None:
        about, self.entries = found
        self.assumed, self.model = about.assumed, about.info.model
        for entry in self.entries:
            self._draw(entry, about.info)

    def _draw(self, entry: Entry, info: DeviceInfo) -> None:
        def have(picture: Drawn) -> None:
            self.pictures[entry.kind, entry.name] = picture

        self.ask(tr("Drawing the exercises"), lambda: picture_of(entry.exercise, entry.parameters, info), have)

    def filter(self, **what: str) -> None:
        for name, value in what.items():
            setattr(self, name, value)
        self.changed()

    @property
    def shown(self) -> tuple[Entry, ...]:
        return tuple(e for e in self.entries or () if e.fits(self.goal, self.mode, self.kind, self.words))

    @property
    def goals(self) -> list[str]:
        there = {goal for entry in self.entries or () for goal in entry.goals}
        return [goal for goal in GOALS if goal in there] + sorted(there - set(GOALS))


def _read(desk: Desk) -> tuple[Facts, tuple[Entry, ...]]:
    about = facts(desk)
    return about, entries(about.info)


def entries(info: DeviceInfo) -> tuple[Entry, ...]:
    """All that is installed and ready, exercises first, by title."""
    limits = info.limits()
    found = [exercise_entry(name, info) for name in registry.names(EXERCISE)]
    found.sort(key=lambda entry: entry.title)
    return (*found, *protocol_entries(info, limits))


def exercise_entry(name: str, info: DeviceInfo) -> Entry:
    try:
        plugin = registry.find(EXERCISE, name)
    except BadInput as error:  # a package of somebody else's that cannot be loaded hides nothing
        return Entry(EXERCISE, name, name, "", "", "", (), (), told(error), "", {})
    about = getattr(plugin, "about", None)
    said = {key: _own(plugin, getattr(about, key, "")) for key in ("title", "instruction", "trains", "measures")}
    parameters = plugin.parameters.defaults()
    _, findings = built(Chosen(EXERCISE, name, parameters, name), info)
    return Entry(
        EXERCISE, name, said["title"] or name.replace("_", " "), said["instruction"], said["trains"],
        said["measures"], tuple(getattr(about, "goals", ())), (), _why(findings), name, parameters,
    )  # fmt: skip


def _own(plugin: Any, english: str) -> str:
    return own({"en": english, **getattr(plugin, "phrases", {}).get(english, {})}) if english else ""


def protocol_entries(info: DeviceInfo, limits: Limits) -> list[Entry]:
    from rehab.protocol.load import read_protocol, ready_protocols

    return [_protocol_entry(name, read_protocol(path), info, limits) for name, path in ready_protocols().items()]


def _protocol_entry(name: str, protocol: Any, info: DeviceInfo, limits: Limits) -> Entry:
    try:
        protocol.plan(info, limits)
        why = ""
    except Findings as error:
        why = _why(list(error.findings))
    blocks = [block for block in protocol.blocks if block.exercise]
    told = TOLD.get(name)
    goals = tuple(dict.fromkeys(
        goal for block in blocks
        for goal in getattr(getattr(registry.find(EXERCISE, block.exercise), "about", None), "goals", ())
    ))  # fmt: skip
    first = blocks[0] if blocks else None
    return Entry(
        PROTOCOL, name, tr(told.title) if told else protocol.title, tr(told.happens) if told else "",
        tr(told.purpose) if told else "", "", goals, tuple(dict.fromkeys(b.mode for b in blocks if b.mode)) or ("-",),
        why, first.exercise if first else "", first.exercise_parameters if first else {},
        protocol.profile == "research",
    )  # fmt: skip


def picture_of(exercise: str, parameters: dict[str, Any], info: DeviceInfo) -> Drawn:
    """What it shows on that device; nothing where it cannot be played there."""
    key = (info.model, exercise, repr(sorted(parameters.items())))
    if key not in _DRAWN:
        made, _ = built(Chosen(EXERCISE, exercise, parameters, ""), info) if exercise else (None, [])
        try:
            _DRAWN[key] = drawn(made, info, info.limits()) if made is not None else Drawn()
        except Exception:  # anybody's exercise: one that cannot be drawn is still listed
            _DRAWN[key] = Drawn()
    return _DRAWN[key]


def _why(findings: list[Finding]) -> str:
    return "; ".join(f"{f.field}: {in_words(f.message)}" if f.field else in_words(f.message) for f in findings)
