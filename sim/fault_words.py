"""The vocabulary of fault scripts, and one entry of a script: read from what YAML gave, with all its mistakes.

The words are PX4's (`failure COMPONENT off|stuck|garbage|wrong|slow|delayed|intermittent`), with those of a line beside
them. docs/fault-scripts.md says what each does to each field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf, nan
from typing import Any

from rehab.core.errors import Finding
from rehab.core.units import a_quantity_of, parse
from rehab.core.values import Inputs, Status

LONGEST_MEMORY = 10.0  # s that `delayed`, `slow` and a slow line may keep a value back
MOST_BITS = 64  # flipped in one frame
KEYS = ("at", "for", "field", "how", "value", "chance", "seed")

UNITS = {"q": "rad", "qd": "rad/s", "tau": "N*m", "force": "N", "time": "s", "age": "s"}
INDEXED = ("q", "qd", "tau", "force")
FLAGS: dict[str, dict[str, int]] = {
    "status": {bit.name.lower(): int(bit) for bit in Status if bit.name},
    "inputs": {bit.name.lower(): int(bit) for bit in Inputs if bit.name},
}
ALL_BITS = {group: tuple(names.values()) for group, names in FLAGS.items()}
FLAGS["inputs"]["estop"] = int(Inputs.ESTOP_A | Inputs.ESTOP_B)
LINKS = ("link", "link_up", "link_down")

# how -> what `value` is, "" for nothing; a "!" behind it: must be given
_NUMBER = {"off": "", "stuck": "amount", "garbage": "noise", "wrong": "error!", "slow": "time", "delayed": "time",
           "intermittent": "time"}  # fmt: skip
_FLAG = {"off": "", "stuck": "", "garbage": "bits", "wrong": "bits!", "slow": "time", "delayed": "time",
         "intermittent": "bits"}  # fmt: skip
_LINK = {"drop": "", "corrupt": "count", "duplicate": "", "reorder": "", "delay": "time", "stall": "", "split": "",
         "unplug": ""}  # fmt: skip
HOWS: dict[str, Mapping[str, str]] = {
    **dict.fromkeys(UNITS, _NUMBER),
    **dict.fromkeys(FLAGS, _FLAG),
    **dict.fromkeys(LINKS, _LINK),
    "power": {"off": "", "intermittent": "time"},
    "patient": {"spasm": "torque", "limp": ""},
}


@dataclass(frozen=True)
class FaultEntry:
    """One fault. Which of `value`, `factor` and `mask` counts depends on `how`; None is the default of that how.

    number     place in the script, from 0
    group      q, qd, tau, force, time, age, status, inputs, link, link_up, link_down, power, patient
    index      of the joint or axis, for q, qd, tau, force
    start      s since the device was first armed
    duration   s; infinite: to the end
    value      SI: where it is stuck, the range of garbage (or NaN, ±∞ itself), the offset of wrong, a time, a torque, a
               number of bits
    factor     of a scale error: 1.2 for "20 %"
    mask       bits of status or inputs
    chance     that it strikes a sample, a frame, a window; of what is `whole`, that it happens at all
    """

    number: int
    group: str
    how: str
    index: int = 0
    start: float = 0.0
    duration: float = inf
    value: float | None = None
    factor: float = 1.0
    mask: int = 0
    chance: float = 1.0
    seed: int | None = None

    @property
    def field(self) -> str:
        """As it is written: q_0, status, link, ..."""
        return f"{self.group}_{self.index}" if self.group in INDEXED else self.group

    @property
    def whole(self) -> bool:
        """It happens or not, in one piece: the dice are thrown once."""
        return self.how in ("stall", "unplug") or (self.group in ("power", "patient") and self.how != "intermittent")

    def words(self) -> dict[str, Any]:
        """Plain, for the recording."""
        said: dict[str, Any] = {"field": self.field, "how": self.how, "at": self.start, "chance": self.chance}
        if self.duration < inf:
            said["for"] = self.duration
        if self.value is not None:
            said["value"] = self.value if abs(self.value) < inf else str(self.value)  # JSON has no NaN
        if self.factor != 1.0:
            said["factor"] = self.factor
        if self.mask:
            said["mask"] = self.mask
        return said


def unknown_keys(written: Mapping[str, Any], where: str, known: Sequence[str]) -> list[Finding]:
    found = []
    for name in written:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            at = f"{where}.{name}" if where else name
            found.append(Finding(at, f'unknown key "{name}"{hint}', "known: " + ", ".join(known), value=name))
    return found


class Reader:
    """One entry of the list; everything wrong with it goes to `found`."""

    def __init__(self, number: int, written: Any, found: list[Finding]) -> None:
        self.number, self.written, self.found = number, written, found
        self.where = f"faults[{number}]"

    def entry(self) -> FaultEntry | None:
        if not isinstance(self.written, dict):
            self._wrong("", "a fault has keys", "{at: 2 s, field: q_0, how: stuck}")
            return None
        self.found += unknown_keys(self.written, self.where, KEYS)
        before = len(self.found)
        group, index = self._field()
        how = self._how(group)
        start = self._time("at", 0.0, least=0.0)
        duration = self._time("for", inf, least=1e-6)
        if how == "unplug" and duration < inf:
            self._wrong("for", "what is unplugged stays so", "leave it out")
        chance = self._chance(0.5 if how == "intermittent" else 1.0)
        seed = self._seed()
        value, factor, mask = self._value(group, how)
        if len(self.found) > before:
            return None
        return FaultEntry(self.number, group, how, index, start, duration, value, factor, mask, chance, seed)

    def _wrong(self, key: str, message: str, allowed: str) -> None:
        written = self.written.get(key) if isinstance(self.written, dict) else None
        at = f"{self.where}.{key}" if key else self.where
        self.found.append(Finding(at, message, allowed, value=str(written) if isinstance(written, str) else ""))

    def _field(self) -> tuple[str, int]:
        name = self.written.get("field")
        group, _, tail = name.rpartition("_") if isinstance(name, str) else ("", "", "")
        if group in INDEXED and tail.isascii() and tail.isdigit():
            return group, int(tail)
        if isinstance(name, str) and name in HOWS and name not in INDEXED:
            return name, 0
        known = [*(f"{group}_0" for group in INDEXED), *(group for group in HOWS if group not in INDEXED)]
        near = get_close_matches(str(name), known, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        message = "is missing" if "field" not in self.written else f'there is no field "{name}"{hint}'
        self._wrong("field", message, "one of q_0, q_1, ..., " + ", ".join(known[1:]))
        return "", 0

    def _how(self, group: str) -> str:
        how = self.written.get("how")
        hows = HOWS.get(group)
        if hows is None:  # the field is wrong; is it a word at all?
            hows = dict.fromkeys((word for known in HOWS.values() for word in known), "")
        if how in hows:
            return str(how)
        near = get_close_matches(str(how), list(hows), n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        if "how" not in self.written:
            message = "is missing"
        else:
            message = f'"{how}" cannot happen to {group}{hint}' if group else f'"{how}" is no way to fail{hint}'
        self._wrong("how", message, "one of " + ", ".join(hows))
        return ""

    def _time(self, key: str, default: float, *, least: float, most: float = inf) -> float:
        if key not in self.written:
            return default
        example = 'for example "100 ms"'
        value = self._quantity(key, "s", example)
        if value is None:
            return default
        if not least <= value <= most:
            bound = "0 or more" if least == 0.0 else f"above 0 and at most {most:g} s" if most < inf else "above 0"
            self._wrong(key, f'"{self.written[key]}" is out of range', f"a time, {bound}")
        return value

    def _quantity(self, key: str, unit: str, allowed: str) -> float | None:
        try:
            return parse(self.written[key], unit)
        except ValueError as error:
            self._wrong(key, str(error), f"{a_quantity_of(unit)}, {allowed}")
            return None

    def _chance(self, default: float) -> float:
        if "chance" not in self.written:
            return default
        written = self.written["chance"]
        value = _percent(written)
        if value is None and isinstance(written, int | float) and not isinstance(written, bool):
            value = float(written)
        if value is None or not 0.0 < value <= 1.0:
            self._wrong("chance", f'"{written}" is no chance', 'above 0 and at most 1, or for example "1 %"')
            return default
        return value

    def _seed(self) -> int | None:
        seed: int | None = self.written.get("seed")
        if "seed" in self.written and (isinstance(seed, bool) or not isinstance(seed, int) or seed < 0):
            self._wrong("seed", f'"{seed}" is not a seed', "a whole number, 0 or more")
            return None
        return seed

    def _value(self, group: str, how: str) -> tuple[float | None, float, int]:
        """value, factor, mask."""
        wanted = HOWS.get(group, {}).get(how)
        if wanted is None:
            return None, 1.0, 0
        kind = wanted.removesuffix("!")
        if "value" not in self.written:
            if wanted.endswith("!"):
                self._wrong("value", "is missing", self._allowed(kind, group))
            return None, 1.0, sum(ALL_BITS[group]) if kind == "bits" and how == "garbage" else 0
        if not kind:
            self._wrong("value", f"{how} takes no value", "leave it out")
            return None, 1.0, 0
        if kind == "bits":
            return None, 1.0, self._bits(group)
        if kind == "error" and (share := _percent(self.written["value"])) is not None:
            return None, 1.0 + share, 0
        return self._number(kind, group), 1.0, 0

    def _number(self, kind: str, group: str) -> float | None:
        written, allowed = self.written["value"], self._allowed(kind, group)
        if kind == "noise" and str(written).lower() in _NOT_FINITE:
            return _NOT_FINITE[str(written).lower()]
        if kind == "count":
            if isinstance(written, bool) or not isinstance(written, int) or not 1 <= written <= MOST_BITS:
                self._wrong("value", f'"{written}" is not a number of bits', allowed)
                return None
            return float(written)
        if kind == "time":
            return self._time("value", 0.0, least=1e-6, most=LONGEST_MEMORY)
        unit = "N*m" if kind == "torque" else UNITS[group]
        value = self._quantity("value", unit, f"for example {_EXAMPLES[unit]}")
        if kind == "noise" and value is not None and value <= 0.0:
            self._wrong("value", f'"{written}" is no range', allowed)
        return value

    def _bits(self, group: str) -> int:
        names = self.written["value"]
        names = names if isinstance(names, list) else [names]
        mask = 0
        for name in names:
            if name not in FLAGS[group]:
                near = get_close_matches(str(name), list(FLAGS[group]), n=1)
                hint = f'; did you mean "{near[0]}"?' if near else ""
                self._wrong("value", f'{group} has no bit "{name}"{hint}', self._allowed("bits", group))
                return 0
            mask |= FLAGS[group][name]
        if not mask:
            self._wrong("value", "names no bit", self._allowed("bits", group))
        return mask

    def _allowed(self, kind: str, group: str) -> str:
        unit = UNITS.get(group, "")
        example = _EXAMPLES.get(unit, "")
        return {
            "error": f'a share for a scale error, for example "20 %", or an offset, for example "{example}"',
            "noise": f'nan, inf, -inf, or how far it goes to both sides, for example "{example}"',
            "bits": "one of " + ", ".join(FLAGS.get(group, ())) + ", or a list of them",
            "count": f"bits flipped in a frame, 1 to {MOST_BITS}",
        }.get(kind, f'for example "{example}"')


_NOT_FINITE = {"nan": nan, "inf": inf, "-inf": -inf, "+inf": inf}
_EXAMPLES = {"rad": "5 deg", "rad/s": "30 deg/s", "N*m": "2 N*m", "N": "10 N", "s": "10 ms"}


def _percent(written: Any) -> float | None:
    """ "20 %" is 0.2; None for what is no share."""
    if not isinstance(written, str) or not written.rstrip().endswith("%"):
        return None
    try:
        value = float(written.rstrip()[:-1]) / 100.0
    except ValueError:
        return None
    return value if abs(value) < inf else None
