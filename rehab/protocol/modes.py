"""The eight training modes of the field, and the controller that each picks.

Words of Basteris et al. 2014, Training modalities in robot-mediated upper limb rehabilitation in stroke, J. NeuroEng.
Rehabil. 11:111, table 1. A mode can be used as soon as a controller of that name is installed. `passive_mirrored` needs
two devices, of which one follows the other: no such controller ships.
"""

from __future__ import annotations

from rehab.core import registry

MODES: dict[str, str] = {
    "passive": "move_to",
    "active": "transparent",
    "assistive": "assist_as_needed",
    "active_assistive": "assist_after_failure",
    "path_guidance": "path_tunnel",
    "corrective": "corrective",
    "resistive": "resistive",
    "passive_mirrored": "mirror",
}


def available() -> dict[str, str]:
    """Mode -> controller, of those whose controller is installed."""
    installed = set(registry.names("controller"))
    return {mode: controller for mode, controller in MODES.items() if controller in installed}
