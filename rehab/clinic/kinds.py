"""The clinical scales that can be entered: their ranges and parts only. Items' texts belong to their publishers.

`change` is the smallest change that matters, with who found it and in whom; it is no threshold for one patient.
"""

from __future__ import annotations

from rehab.clinic.records import ScaleKind, Subscore

KINDS = (
    ScaleKind(
        name="fma_ue", title="Fugl-Meyer, upper extremity", low=0, high=66, total=True,
        subscores=(
            Subscore("arm", "shoulder, elbow, forearm", 0, 36), Subscore("wrist", "wrist", 0, 10),
            Subscore("hand", "hand", 0, 14), Subscore("coordination", "coordination and speed", 0, 6),
        ),
        change=5.25, source="Page 2012, Phys Ther 92:791, chronic stroke (4.25 to 7.25)",
    ),
    ScaleKind(
        name="ashworth", title="Modified Ashworth", low=0, high=5, better="lower",
        grades=("0", "1", "1+", "2", "3", "4"),
        groups=("shoulder adductors", "shoulder internal rotators", "elbow flexors", "elbow extensors",
                "forearm pronators", "wrist flexors", "wrist extensors", "finger flexors", "thumb flexors"),
        source="less than one grade by distribution (Chen 2019, Eur J Phys Rehabil Med 55:754)",
    ),
    ScaleKind(
        name="arat", title="Action Research Arm Test", low=0, high=57, total=True,
        subscores=(
            Subscore("grasp", "grasp", 0, 18), Subscore("grip", "grip", 0, 12), Subscore("pinch", "pinch", 0, 18),
            Subscore("gross", "gross movement", 0, 9),
        ),
        change=5.7, source="van der Lee 2001, J Rehabil Med 33:110, chronic stroke",
    ),
    ScaleKind(
        name="box_and_block", title="Box and Block", low=0, high=150, unit="blocks/min",
        change=5.5, source="Chen 2009, Neurorehabil Neural Repair 23:435: smallest real difference, affected hand",
    ),
    ScaleKind(
        name="nrs", title="Pain, numeric rating", low=0, high=10, better="lower",
        change=2.0, source="Farrar 2001, Pain 94:149, chronic pain",
    ),
    ScaleKind(
        name="barthel", title="Barthel index", low=0, high=100, step=5,
        change=9.25, source="Hsieh 2007, Neurorehabil Neural Repair 21:233, stroke (1.85 of 20)",
    ),
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}
