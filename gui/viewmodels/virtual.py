"""Virtual patients by what they are like, and how trials ended, in words."""

from __future__ import annotations

from collections.abc import Mapping

from gui.i18n import mark, tr

VIRTUAL = {
    "healthy": mark("healthy"), "mild_stroke": mark("mild stroke"), "stroke": mark("stroke"),
    "severe_stroke": mark("severe stroke"), "spastic": mark("spastic"), "tremor": mark("tremor"),
    "passive": mark("passive: does nothing"), "uncooperative": mark("uncooperative"), "learner": mark("learner"),
    "slacker": mark("leaves the work to the robot"), "therapist": mark("a therapist who holds the limb"),
}  # fmt: skip
ENDED = {
    "reached": mark("{n} reached"), "timeout": mark("{n} too slow"), "aborted": mark("{n} left out"),
    "stopped": mark("{n} stopped"),
}  # fmt: skip


def virtual_words(name: str) -> str:
    return tr(VIRTUAL[name]) if name in VIRTUAL else name.replace("_", " ")


def tally_words(outcomes: Mapping[str, int]) -> str:
    """ "12 reached, 3 too slow"."""
    said = [tr(ENDED[name], n=outcomes[name]) for name in ENDED if outcomes.get(name)]
    return ", ".join(said) or tr("no trial")
