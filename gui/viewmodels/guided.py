"""Patient-run mode, on the patient's side: getting ready in plain words, one step at a time, until "ready".

sit ──▶ arm ──▶ straps ──▶ pain ──▶ fatigue ──▶ ready
"""

from __future__ import annotations

from gui.i18n import mark
from gui.viewmodels.asked import PAIN_QUESTION, TIRED_QUESTION
from rehab.core.trials import Question

SIT, ARM, STRAPS, READY = "setup_sit", "setup_arm", "setup_straps", "setup_ready"
STEPS = (
    Question(name=SIT, kind="choice", text=mark("Sit back, with both feet on the floor"), choices=(mark("Done"),)),
    Question(name=ARM, kind="choice", text=mark("Lay your arm into the support"), choices=(mark("Done"),)),
    Question(
        name=STRAPS, kind="choice", text=mark("Close the straps. Ask for help if you need it"), choices=(mark("Done"),)
    ),
    PAIN_QUESTION,
    TIRED_QUESTION,
    Question(
        name=READY, kind="choice", text=mark("Are you ready? The arm will begin to move gently"),
        choices=(mark("I am ready"),),
    ),
)  # fmt: skip
ICONS = {SIT: "fa6s.chair", ARM: "fa6s.hand-holding-hand", STRAPS: "fa6s.link", READY: "fa6s.play",
         "pain": "fa6s.face-meh", "fatigue": "fa6s.battery-half"}  # fmt: skip
