"""Protocols by path or by name: read, check, and settle for a device."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from rehab.core.errors import BadInput, UnknownName
from rehab.protocol.document import Protocol as Protocol
from rehab.protocol.document import parsed
from rehab.protocol.single import one_block as one_block
from rehab.protocol.written import Written

MOST_BYTES = 1_000_000  # a protocol is a page or two; a recording given by mistake must not take minutes to refuse


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
    return parsed(written, path)


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
        for near in (Path(text), Path(f"{text}.yaml"), Path(f"{text}.yml"), Path(f"{text}.py")):
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
