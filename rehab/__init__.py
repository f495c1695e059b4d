"""rehab: a real-time loop, impedance controllers and a therapist's desktop for rehabilitation robots.

Lazy (PEP 562): `import rehab` costs nothing, and nothing inside `rehab` imports this root.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rehab.core.controller import Controller as Controller
    from rehab.core.decorators import controller as controller
    from rehab.core.decorators import exercise as exercise
    from rehab.core.device import Device as Device
    from rehab.core.exercise import Exercise as Exercise
    from rehab.protocol.load import Protocol as Protocol
    from rehab.protocol.load import load_protocol as load_protocol
    from rehab.record.recording import Recording as Recording
    from rehab.session.session import Session as Session

_PUBLIC = {
    "Session": "rehab.session.session",
    "Protocol": "rehab.protocol.load",
    "load_protocol": "rehab.protocol.load",
    "Recording": "rehab.record.recording",
    "Device": "rehab.core.device",
    "Controller": "rehab.core.controller",
    "Exercise": "rehab.core.exercise",
    "controller": "rehab.core.decorators",
    "exercise": "rehab.core.decorators",
}
__all__ = [*_PUBLIC, "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'rehab' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
