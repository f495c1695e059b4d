"""Protocols by path or by name: read, check, and settle for a device."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Finding, UnknownName
from rehab.core.limits import Limits
from rehab.protocol.blocks import Block, read_block
from rehab.protocol.fits import Chosen, unfit
from rehab.protocol.limits import read_limits
from rehab.protocol.plan import BlockPlan, Plan
from rehab.protocol.schema import ProtocolFrame, frame_findings
from rehab.protocol.single import one_block as one_block
from rehab.protocol.written import Written

MOST_BYTES = 1_000_000  # a protocol is a page or two; a recording given by mistake must not take minutes to refuse


@dataclass(frozen=True)
class Protocol:
    """A protocol as it was written.

    name, path  its short name and where it came from
    source      the text, comments and all
    title, version, device, limits (SI), blocks: what it says, as far as it could be read
    chosen      the plug-ins it asks for, also those of blocks that are wrong elsewhere
    findings    everything that is wrong with it and can be seen without a device; empty from `load_protocol`
    """

    name: str
    path: Path
    source: str
    title: str
    version: int
    device: str
    limits: dict[str, float]
    blocks: tuple[BlockPlan, ...]
    chosen: tuple[Chosen, ...]
    findings: tuple[Finding, ...]
    written: Written

    def plan(self, info: DeviceInfo, limits: Limits) -> Plan:
        """Settled for a device whose limits (built-in, site, device) are `limits`.

        Raises Findings with every problem of the file and of its fit to the device at once.
        """
        found = list(self.findings)
        if self.device and self.device != info.model:
            found.append(
                self.written.placed(Finding("device", f'"{self.device}" is not this device', f"this is {info.model}"))
            )
        else:
            found += [self.written.placed(finding) for chosen in self.chosen for finding in unfit(chosen, info)]
        if found:
            raise self.written.error(found)
        plan = Plan(
            protocol=self.title,
            version=self.version,
            device=self.device,
            blocks=self.blocks,
            limits=self.limits,
            source=self.source,
            identity=limits.identity,
        )
        for block in self.blocks:
            plan.limits_of(block, limits)  # raises where a layer cannot be put on top
        return plan


def load_protocol(name_or_path: str | Path) -> Protocol:
    """A protocol that is sound as far as can be seen without a device. A path, or the name of one that ships.

    Raises Findings with all its problems at once, UnknownName, or BadInput for a file that cannot be read.
    """
    protocol = read_protocol(name_or_path)
    if protocol.findings:
        raise protocol.written.error(protocol.findings)
    return protocol


def read_protocol(name_or_path: str | Path) -> Protocol:
    """As load_protocol, but the problems of its content are left in `findings`."""
    path = find_protocol(name_or_path)
    file = str(name_or_path) if _is_path(name_or_path) else path.name
    written = Written(_text(path), file)
    return _parsed(written, path)


def ready_protocols() -> dict[str, Path]:
    """Name -> file of the protocols that ship in the package."""
    folder = Path(str(files("rehab.protocol") / "ready"))
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def find_protocol(name_or_path: str | Path) -> Path:
    """The file that is meant. Raises UnknownName or BadInput."""
    text = str(name_or_path)
    ready = ready_protocols()
    if not _is_path(name_or_path):
        if text in ready:
            return ready[text]
        error = UnknownName("protocol", text, list(ready))
        for near in (Path(text), Path(f"{text}.yaml"), Path(f"{text}.yml")):
            if near.is_file():
                error.args = (f'{error}; the file of that name here is meant by writing "./{near}"',)
        raise error
    path = Path(name_or_path)
    if not path.is_file():
        what = "is a folder, not a protocol" if path.is_dir() else "does not exist"
        hint = f'; the protocol that ships is meant by "{path.stem}"' if path.stem in ready else ""
        raise BadInput(f"{path}: {what}{hint}")
    return path


def _is_path(name: str | Path) -> bool:
    return isinstance(name, Path) or "/" in name or "\\" in name or name.endswith((".yaml", ".yml"))


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(data) > MOST_BYTES:
        raise BadInput(f"{path}: {len(data)} bytes are too many for a protocol (at most {MOST_BYTES})")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: byte {error.start} is not UTF-8 text; is this a protocol?") from error


def _parsed(written: Written, path: Path) -> Protocol:
    value = written.value
    found: list[Finding] = []
    if not isinstance(value, dict):
        if not written.findings:
            found = [Finding("", "a protocol begins with keys, not with a list or a text", "protocol: its title")]
        value = {}
    else:
        found += frame_findings(ProtocolFrame, value, "")
    limits, wrong = read_limits(value.get("limits", {}), "limits")
    found += wrong
    blocks = _blocks(value.get("blocks"))
    found += [finding for block in blocks for finding in block.findings]
    return Protocol(
        name=path.stem,
        path=path,
        source=written.source,
        title=_of_type(value.get("protocol"), str, ""),
        version=_of_type(value.get("version"), int, 0),
        device=_of_type(value.get("device"), str, ""),
        limits=limits,
        blocks=tuple(block.plan for block in blocks if block.plan is not None),
        chosen=tuple(chosen for block in blocks for chosen in block.chosen),
        findings=written.settled(found),
        written=written,
    )


def _blocks(written: Any) -> list[Block]:
    blocks: list[Block] = []
    seen: dict[str, int] = {}
    for number, entry in enumerate(written if isinstance(written, list) else []):
        if not isinstance(entry, dict):
            continue  # the frame has said so
        block = read_block(entry, number)
        name = entry.get("name")
        if isinstance(name, str) and name in seen:
            message = f'"{name}" is the name of blocks[{seen[name]}] too'
            twice = Finding(f"blocks[{number}].name", message, "a name of its own", value=name)
            block = block._replace(plan=None, findings=(*block.findings, twice))
        elif isinstance(name, str):
            seen[name] = number
        blocks.append(block)
    return blocks


def _of_type(value: Any, wanted: type, otherwise: Any) -> Any:
    return value if isinstance(value, wanted) else otherwise
