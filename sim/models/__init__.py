"""Models of devices: facts (JSON, a DeviceInfo) and rigid bodies (URDF), one pair of files a model."""

from __future__ import annotations

from pathlib import Path

from rehab.core.device import DeviceInfo, info_from_json
from rehab.core.errors import UnknownName

_FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The models that ship, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


def load(name: str) -> DeviceInfo:
    """The facts of a model. Raises UnknownName."""
    if name not in names():
        raise UnknownName("model", name, names())
    return info_from_json((_FOLDER / f"{name}.json").read_bytes())


def urdf(name: str) -> Path:
    """The model's URDF. Raises UnknownName for a model that has none."""
    path = _FOLDER / f"{name}.urdf"
    known = [p.stem for p in _FOLDER.glob("*.urdf")]
    if name not in known:
        raise UnknownName("URDF model", name, known)
    return path
