"""Fault scripts: which field goes wrong, how, when and for how long; read from YAML with all mistakes at once.

    faults:
      - {at: 3 s, for: 100 ms, field: q_0, how: stuck}
      - {at: 5 s, field: link, how: corrupt, chance: 1 %}

Times count from the device's first arming, on its own clock. sim.injection does it to samples, sim.line_faults to the
line. docs/fault-scripts.md is the reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Finding, UnknownName
from rehab.core.kinematics import kinematics_of
from rehab.protocol.written import Written
from sim.fault_words import INDEXED, FaultEntry, Reader, unknown_keys

MOST_BYTES = 100_000
MOST_ENTRIES = 200


@dataclass(frozen=True)
class FaultScript:
    """A script that is sound as far as can be seen without a device; `source` is its text."""

    name: str
    source: str
    entries: tuple[FaultEntry, ...]
    path: Path | None = None
    written: Written | None = field(default=None, repr=False, compare=False)

    def fit(self, info: DeviceInfo, *, patient: bool, wire: bool) -> None:
        """Whether this device has all those fields. Raises Findings with all that it has not.

        patient  a virtual patient holds it
        wire     it speaks the serial link, which carries neither force nor age
        """
        axes = kinematics_of(info).n_task if info.force_sensor and not wire else 0
        counts = dict.fromkeys(("q", "qd", "tau"), info.n_joints) | {"force": axes}
        found = []
        for entry in self.entries:
            at = f"faults[{entry.number}]"
            if entry.group in INDEXED and entry.index >= counts[entry.group]:
                has = f"{entry.group}_0 to {entry.group}_{counts[entry.group] - 1}" if counts[entry.group] else "none"
                found.append(
                    Finding(f"{at}.field", f'there is no "{entry.field}" at this {info.model}', f"it has {has}")
                )
            elif entry.group == "age" and wire:
                allowed = "the host computes it: disturb time, or delay the link"
                found.append(Finding(f"{at}.field", "no age travels over a serial link", allowed))
            elif entry.group == "time" and wire and not abs(entry.value or 0.0) < inf:
                allowed = "a time, for example 5 ms"
                found.append(Finding(f"{at}.value", "a serial link carries whole microseconds", allowed))
            elif entry.group == "patient" and not patient:
                found.append(Finding(f"{at}.field", "nobody holds the arm", "give a virtual patient: --patient NAME"))
        if found:
            raise _error(self.written or Written(self.source, self.name), found)


def ready_faults() -> dict[str, Path]:
    """Name -> file of the scripts that ship."""
    return {path.stem: path for path in sorted((Path(__file__).parent / "scripts").glob("*.yaml"))}


def load_faults(name_or_path: str | Path) -> FaultScript:
    """A script by its path, or by name one that ships. Raises Findings with all mistakes, UnknownName, or BadInput."""
    ready = ready_faults()
    if not _is_path(name_or_path):
        name = str(name_or_path)
        if name not in ready:
            raise UnknownName("fault script", name, list(ready))
        return read_faults(ready[name].read_text("utf-8"), f"{name}.yaml", ready[name])
    path = Path(name_or_path)
    try:
        data = path.read_bytes() if path.is_file() else b""
        if not path.is_file():
            raise BadInput(f"{path}: " + ("is a folder, not a fault script" if path.is_dir() else "does not exist"))
        if len(data) > MOST_BYTES:
            raise BadInput(f"{path}: {len(data)} bytes are too many for a fault script (at most {MOST_BYTES})")
        return read_faults(data.decode("utf-8-sig"), str(path), path.resolve())
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: byte {error.start} is not UTF-8 text; is this a fault script?") from error


def read_faults(source: str, file: str = "faults.yaml", path: Path | None = None) -> FaultScript:
    """A script from its text. Raises Findings with all mistakes, each with its line and column in `file`."""
    written = Written(source, file)
    found: list[Finding] = []
    entries = []
    value = written.value
    if isinstance(value, dict):
        found += unknown_keys(value, "", ("faults",))
        listed = value.get("faults")
        if "faults" not in value:
            found.append(Finding("faults", "is missing", "faults: a list of faults"))
        elif not isinstance(listed, list) or not 1 <= len(listed) <= MOST_ENTRIES:
            allowed = "- {at: 2 s, field: q_0, how: stuck}"
            found.append(Finding("faults", f"is not a list of 1 to {MOST_ENTRIES} faults", allowed))
        else:
            for number, one in enumerate(listed):
                reader = Reader(number, one, found)
                entries.append(reader.entry())
    elif not written.findings:
        found.append(Finding("", "a fault script begins with the key faults", "faults: a list of faults"))
    if found or written.findings:
        raise _error(written, found)
    return FaultScript(Path(file).stem, source, tuple(entry for entry in entries if entry is not None), path, written)


def _error(written: Written, found: Sequence[Finding]) -> Exception:
    return written.error(written.settled(found))


def _is_path(name: str | Path) -> bool:
    return isinstance(name, Path) or "/" in name or "\\" in name or name.endswith((".yaml", ".yml"))
