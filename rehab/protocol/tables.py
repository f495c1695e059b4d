"""The realised list as a table: what `rehab plan --csv` writes, and `trials: {table: FILE}` reads.

    block,number,target,insert,dynamics,say,cursor.rotate [rad],perturb.step [N*m],drawn.hold.for [s]
    field,1,3,,force_field,,0.5235987755982988,,0.612

Targets count from 0; −1 is none. A quantity's unit stands in its column's name; another of the same kind is as good
([deg], [ms]). Empty is what does not apply. Rows of other blocks are passed over.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from rehab.core import units
from rehab.core.errors import Finding
from rehab.core.parameters import Parameter
from rehab.core.trials import TrialPlan
from rehab.protocol.frames import WINDOWS, CursorFrame, HandPulse, JointPulse, MapFrame
from rehab.protocol.plan import BlockPlan
from rehab.protocol.realise import single_values
from rehab.protocol.schema import kinds_of
from rehab.protocol.special import names_of, pulse_name
from rehab.protocol.values import Kind

WORDS = ("block", "number", "target", "insert", "dynamics", "say")
GROUPS = ("cursor", "perturb", "cell", "drawn")
_COLUMN = re.compile(r"\s*([\w.]+)\s*(?:\[([^\]]+)\])?\s*$")


def columns(blocks: Iterable[BlockPlan]) -> list[str]:
    """Of a table that holds all realised trials of these blocks."""
    found: dict[str, None] = dict.fromkeys(WORDS)
    for block in blocks:
        for trial in block.trial_list:
            for group in GROUPS:
                found |= dict.fromkeys(_titled(f"{group}.{name}", block) for name in getattr(trial, group))
    order = {name: place for place, name in enumerate((*WORDS, *GROUPS))}
    return sorted(found, key=lambda title: order[title.split(".")[0]])


def row(block: BlockPlan, trial: TrialPlan) -> dict[str, Any]:
    """Column -> value of one trial."""
    found: dict[str, Any] = {"block": block.name}
    found |= {name: getattr(trial, name) for name in WORDS[1:]}
    for group in GROUPS:
        found |= {_titled(f"{group}.{name}", block): value for name, value in getattr(trial, group).items()}
    return found


def to_csv(blocks: Sequence[BlockPlan]) -> str:
    """All realised trials, a header first."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns(blocks), lineterminator="\n")
    writer.writeheader()
    for block in blocks:
        writer.writerows(row(block, trial) for trial in block.trial_list)
    return text.getvalue()


def _titled(column: str, block: BlockPlan) -> str:
    unit = _unit_of(column, _at_joint(block))
    return f"{column} [{unit}]" if unit else column


def _unit_of(column: str, joint: bool) -> str:
    """The SI unit of a column, "" for words and plain numbers."""
    group, _, name = column.partition(".")
    if group == "cell":
        name = pulse_name(name, joint)
    if group == "drawn":
        return "s"
    kind: Any = _kinds(group, joint).get(name)
    return str(getattr(kind, "unit", "") or getattr(getattr(kind, "end", None), "unit", ""))


def _kinds(group: str, joint: bool) -> dict[str, Kind]:
    """How the values of a group are written in a protocol, by name."""
    if group == "drawn":
        return {}
    if group == "cursor":
        return kinds_of(MapFrame) | kinds_of(CursorFrame)
    return {pulse_name(key, joint): kind for key, kind in kinds_of(JointPulse if joint else HandPulse).items()}


def read_table(text: str, file: str, block: BlockPlan) -> tuple[tuple[TrialPlan, ...], list[Finding]]:
    """The trials of a block as a table has them, and everything that is wrong with it, with line and column.

    Without a column `dynamics`, or for cursor or perturb, trials have what the block says; a perturbation that a row
    gives in part is completed by the block's."""
    reader = _Reader(text, file, block)
    rows = range(1, len(reader.rows)) if not reader.findings else ()
    trials = tuple(trial for trial in map(reader.trial, rows) if trial is not None)
    if not trials and not reader.findings:
        reader.say(0, 0, f'has no trial of block "{block.name}"', "one row a trial, below the names of the columns")
    return trials, reader.findings


class _Column(NamedTuple):
    name: str  # "" for one that means nothing
    unit: str = ""  # as it is written there
    si: str = ""


class _Reader:
    def __init__(self, text: str, file: str, block: BlockPlan) -> None:
        self.file, self.block, self.findings = file, block, list[Finding]()
        self.rows = list(csv.reader(io.StringIO(text)))
        self.count = 0
        titles = self.rows[0] if self.rows else []
        self.joint = _at_joint(block) or any("joint" in title for title in titles)
        self.known = _known(block, self.joint)
        self.columns = [self._column(index, title) for index, title in enumerate(titles)]

    def say(self, line: int, column: int, message: str, allowed: str) -> None:
        cells = self.rows[line] if line < len(self.rows) else []
        at = 1 + sum(len(cell) + 1 for cell in cells[:column])  # as it is written unless cells are in quotes
        value = cells[column] if column < len(cells) else ""
        field = f"blocks[{self.block.number}].trials.table"
        self.findings.append(Finding(field, message, allowed, self.file, line + 1, at, value))

    def _column(self, index: int, title: str) -> _Column:
        found = _COLUMN.match(title)
        name, unit = (found[1], found[2] or "") if found else (title, "")
        group, _, key = name.partition(".")
        if name in WORDS:
            return _Column(name)
        if group not in GROUPS or not key or (group != "cell" and key not in self.known[group]):
            known = ", ".join(f"{group}.{key}" for group, keys in self.known.items() for key in keys)
            self.say(0, index, f'unknown column "{title}"', f"known: {', '.join(WORDS)}, {known}, cell.NAME")
            return _Column("")
        si = _unit_of(name, self.joint)
        try:
            if bool(si) != bool(unit):
                raise ValueError(f'"{title}" has no unit' if si else f'"{name}" has no use for a unit')
            if unit:
                units.parse(f"1 {unit}", si)
        except ValueError as error:
            self.say(0, index, str(error), f'"{name} [{si}]"' if si else f'"{name}"')
            return _Column("")
        return _Column(name, unit, si)

    def trial(self, line: int) -> TrialPlan | None:
        cells = [cell.strip() for cell in self.rows[line]]
        given = {column.name: cell for column, cell in zip(self.columns, cells, strict=False)}
        if not any(cells) or given.get("block", self.block.name) != self.block.name:
            return None
        self.count += 1
        fields: dict[str, Any] = {"number": self.count}
        groups: dict[str, dict[str, Any]] = {group: {} for group in GROUPS}
        if "dynamics" not in given:
            fields["dynamics"] = self.block.ordinary
        for index, (column, cell) in enumerate(zip(self.columns, cells, strict=False)):
            group, _, key = column.name.partition(".")
            if not cell or column.name in ("block", "number"):
                continue
            try:
                if column.name in WORDS:
                    fields[column.name] = self._word(column.name, cell)
                else:
                    groups[group][key] = self._value(group, key, cell, column)
            except ValueError as error:
                self.say(line, index, str(error), self._allowed(column.name))
        if groups["perturb"] or not any(name.startswith("perturb.") for name in given):
            groups["perturb"] = single_values(self.block.perturb) | groups["perturb"]
        if not any(name.startswith("cursor.") for name in given):
            groups["cursor"] = {name: value for name, value in self.block.cursor.items() if name != "over"}
        return TrialPlan(**fields | groups)

    def _word(self, name: str, cell: str) -> Any:
        if name == "target":
            if not re.fullmatch(r"-?\d{1,6}", cell) or not -1 <= int(cell) < self.block.places:
                raise ValueError(f'there is no target "{cell}"')
            return int(cell)
        if name == "dynamics" and cell not in self.block.dynamics:
            raise ValueError(f'the block has no dynamics "{cell}"')
        return cell

    def _value(self, group: str, key: str, cell: str, column: _Column) -> Any:
        kind = _kinds(group, self.joint).get(key)
        if isinstance(kind, Parameter):  # the same range as in the protocol itself
            return kind.parse(f"{cell} {column.unit}" if column.si else _plain(cell))
        return units.parse(f"{cell} {column.unit}", column.si) if column.si else _plain(cell)

    def _allowed(self, name: str) -> str:
        if name == "target":
            return f"0 to {self.block.places - 1}" if self.block.places else "empty: the exercise has no targets"
        if name == "dynamics":
            return "known: " + (", ".join(self.block.dynamics) or "none") + "; empty is the block's own controller"
        kind = _kinds(name.partition(".")[0], self.joint).get(name.partition(".")[2])
        return kind.allowed if kind is not None else "a number"


def _known(block: BlockPlan, joint: bool) -> dict[str, list[str]]:
    drawn = [
        f"{names_of(phase)[1]}.{name}"
        for phase in block.phases
        for name, value in phase.values.items()
        if name not in WINDOWS and isinstance(value, float | list)
    ]
    cursor = [name for name in _kinds("cursor", joint) if name != "over"]
    return {"cursor": cursor, "perturb": [*_kinds("perturb", joint)], "drawn": [*drawn, "perturb.after"]}


def _at_joint(block: BlockPlan) -> bool:
    return any("joint" in (perturb or {}) for perturb in (block.perturb, *(insert.perturb for insert in block.inserts)))


def _plain(cell: str) -> Any:
    if re.fullmatch(r"[-+]?\d+", cell):
        return int(cell)
    return float(cell) if re.fullmatch(r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?", cell) else cell


def shown(block: BlockPlan, trial: TrialPlan) -> dict[str, str]:
    """As `row`, in words for people: "30°", "-3 N·m", and nothing where there is no target."""
    found = {}
    for title, value in row(block, trial).items():
        unit = title.partition("[")[2].rstrip("]")
        found[title] = units.show(value, unit) if unit else str(value)
    return found | {"target": found["target"] if trial.target >= 0 else ""}
