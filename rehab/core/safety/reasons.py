"""In words: what limited the torque, and who owns that limit. Made when somebody reads it, never in the tick."""

from __future__ import annotations

from rehab.core.limits import Limits
from rehab.core.values import Acted, Floats

WORDS = {
    Acted.FINITE: "a wish that was not finite",
    Acted.LEASH: "the distance to the reference",
    Acted.GROWTH: "how fast torque may grow",
    Acted.SATURATION: "the force limit",
    Acted.POWER: "the power limit",
    Acted.POSITION: "the range of motion",
    Acted.VELOCITY: "the speed limit",
    Acted.PASSIVITY: "the energy that may be spent",
    Acted.SOFT_START: "soft start",
    Acted.BLEND: "a change of controller",
}
LIMIT = {
    Acted.GROWTH: "growth",
    Acted.SATURATION: "force",
    Acted.POWER: "power",
    Acted.POSITION: "q_max",
    Acted.VELOCITY: "speed",
    Acted.PASSIVITY: "tank",
}
UNITS = {"force": "N", "power": "W", "speed": "m/s", "tank": "J"}


def why(acted: int, sent: Floats, limits: Limits) -> str:
    """ "12.0 N·m: limited by the force limit 30 N (patient)"; "" if nothing acted."""
    found = []
    for bit in Acted:
        if acted & bit:
            words, name = WORDS[bit], LIMIT.get(bit)
            if bit is Acted.SATURATION and _at_a_joint(sent, limits):
                words, name = "the torque limit", "torque"
            value = f" {limits.values[name]:g} {UNITS[name]}" if name in UNITS else ""
            owner = f" ({limits.who[name]})" if name and name in limits.who else ""
            found.append(words + value + owner)
    if not found:
        return ""
    return f"{max(map(abs, sent)):.1f} N·m: limited by " + ", ".join(found)


def _at_a_joint(sent: Floats, limits: Limits) -> bool:
    return any(abs(tau) >= 0.999 * most for tau, most in zip(sent, limits.torque, strict=True))
