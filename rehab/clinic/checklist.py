"""The contraindication checklist: what is asked before a robot moves a limb. Our own words, no published form's."""

from __future__ import annotations

from collections.abc import Mapping

from rehab.clinic.records import CheckItem, Checklist
from rehab.core.errors import Finding, Findings

ANSWERS = ("yes", "no", "unknown")
CHECKLIST = (
    CheckItem("fracture", "A fracture of this limb that has not healed?", "Una frattura di questo arto non guarita?"),
    CheckItem("unstable_joint", "A joint that slips or has slipped out (shoulder too)?",
              "Un'articolazione instabile o che si lussa (anche la spalla)?"),
    CheckItem("thrombosis", "A fresh thrombosis of this limb?", "Una trombosi recente di questo arto?"),
    CheckItem("wound", "A wound, sore or infection where the limb is strapped in?",
              "Una ferita, una piaga o un'infezione dove l'arto viene fissato?"),
    CheckItem("seizures", "Epileptic seizures that are not under control?", "Crisi epilettiche non controllate?"),
    CheckItem("heart", "A heart or blood pressure too unstable for effort?",
              "Un cuore o una pressione troppo instabili per uno sforzo?"),
    CheckItem("contracture", "A joint so stiff that it cannot be moved through the range?",
              "Un'articolazione così rigida da non poter essere mossa nell'ampiezza prevista?"),
    CheckItem("no_stop", "Unable to say or show that it should stop?",
              "Incapace di dire o mostrare che si deve fermare?"),
    CheckItem("osteoporosis", "Bones that break easily?", "Ossa che si rompono facilmente?", stops=False),
    CheckItem("spasms", "Strong spasms of this limb?", "Spasmi forti di questo arto?", stops=False),
    CheckItem("numb", "Feels little in this limb?", "Sente poco in questo arto?", stops=False),
    CheckItem("neglect", "Takes little notice of that side?", "Trascura quel lato?", stops=False),
    CheckItem("implant", "A pacemaker or another implant that is switched on?",
              "Un pacemaker o un altro impianto attivo?", stops=False),
)  # fmt: skip


def check_answers(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers in the order of the items. Raises Findings for one that is missing, strange, or no answer."""
    names = [item.name for item in CHECKLIST]
    findings = [Finding(name, "is not answered", ", ".join(ANSWERS)) for name in names if name not in answers]
    for name, answer in answers.items():
        if name not in names:
            findings.append(Finding(name, "is not on the checklist", ", ".join(names)))
        elif answer not in ANSWERS:
            findings.append(Finding(name, f'"{answer}" is no answer', ", ".join(ANSWERS)))
    if findings:
        raise Findings(findings)
    return {name: answers[name] for name in names}


def stops(checklist: Checklist | None) -> tuple[str, ...]:
    """What was answered yes and forbids training; nothing of a checklist that nobody filled in."""
    forbidding = {item.name for item in CHECKLIST if item.stops}
    return tuple(name for name in checklist.cautions if name in forbidding) if checklist is not None else ()


CHIPS = {
    "en": ("tolerated well", "tired", "in pain", "needed help", "needed a break", "motivated", "distracted",
           "shoulder lifts", "trunk leans", "spasm", "skin checked", "splint adjusted", "seat adjusted", "cut short"),
    "it": ("ben tollerato", "stanco", "dolorante", "aiutato", "pausa necessaria", "motivato", "distratto",
           "solleva la spalla", "inclina il tronco", "spasmo", "cute controllata", "tutore regolato",
           "seduta regolata", "interrotto prima"),
}  # fmt: skip
