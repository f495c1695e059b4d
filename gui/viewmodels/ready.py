"""What the ready protocols are called and what they are for, in the user's language: their files say it in English, at
more length.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from gui.i18n import mark, tr


class Told(NamedTuple):
    title: str
    happens: str
    purpose: str


TOLD = {
    "reach_active": Told(
        mark("Reaching on one's own"),
        mark("Places light up in a circle; the hand goes there, waits, and comes back. The robot does not help."),
        mark("how well somebody reaches without help, before and after training"),
    ),
    "reach_after_a_try": Told(
        mark("Reaching, with help after a try"),
        mark("The patient tries alone; when the hand comes no nearer the robot brings it there."),
        mark("those who can do a part of the way: they always try first"),
    ),
    "reach_assist_as_needed": Told(
        mark("Reaching with help as needed"),
        mark("The robot learns how much help each place takes, and gives less when the patient does more."),
        mark("those who can begin a movement, but not finish it"),
    ),
    "reach_assisted": Told(
        mark("Reaching with help"),
        mark("The robot draws the hand softly along the way, as a spring would."),
        mark("those who cannot yet reach the places alone"),
    ),
    "reach_corrective": Told(
        mark("Reaching, stopped when it goes wrong"),
        mark("When the hand leaves the straight way too far, the robot stops it, leads it back, and it tries again."),
        mark("those who move well enough to notice their own mistakes"),
    ),
    "reach_demo": Told(
        mark("Demonstration of reaching"),
        mark("Reaching to four places with a soft spring that helps."),
        mark("seeing a whole session in a minute"),
    ),
    "reach_guided": Told(
        mark("Reaching along the straight way"),
        mark("Soft walls keep the hand near the straight way; along it nothing helps."),
        mark("those who can move, but whose way is crooked"),
    ),
    "reach_passive": Told(
        mark("Being moved"),
        mark("The robot moves the hand to each place and back; the patient does nothing."),
        mark("those who cannot move yet, and warming up"),
    ),
    "reach_resistive": Told(
        mark("Reaching against a load"),
        mark("Reaching without help, as if through thick oil."),
        mark("strength and endurance of those who reach well"),
    ),
    "spasticity": Told(
        mark("Spasticity"),
        mark("The robot stretches the relaxed arm again and again, each time faster, and finds the catch."),
        mark("following spasticity over time and treatment"),
    ),
    "force_field_curl": Told(
        mark("Force field: curl"),
        mark("Reaches that meet a force to the side of their movement, made by their own speed."),
        mark("motor adaptation and its after-effect"),
    ),
    "force_field_saddle": Told(
        mark("Force field: saddle"),
        mark("Reaches that meet a force which resists in some directions and drives in others."),
        mark("motor adaptation and its after-effect"),
    ),
    "guidance_slacking": Told(
        mark("Guidance, and who does the work"),
        mark("Reaches with no help, with help that never fades, and with help that fades."),
        mark("whether people let the robot do the work"),
    ),
    "reflex_preload": Told(
        mark("Stretch reflex under a preload"),
        mark("A step of torque comes without warning while a small torque already acts on the elbow."),
        mark("short and long latency reflexes, and what the will can change in them"),
    ),
    "rotation_abrupt": Told(
        mark("Rotation: abrupt"),
        mark("The cursor goes 30 degrees beside the hand, all at once."),
        mark("visuomotor adaptation"),
    ),
    "rotation_clamp": Told(
        mark("Rotation: clamp"),
        mark("The cursor always goes beside the target, wherever the hand goes."),
        mark("implicit adaptation"),
    ),
    "rotation_gradual": Told(
        mark("Rotation: gradual"),
        mark("The cursor goes beside the hand little by little, up to 30 degrees."),
        mark("visuomotor adaptation that few notice"),
    ),
    "rotation_reversal": Told(
        mark("Rotation: reversal"),
        mark("The cursor goes to one side of the hand, then for a short while to the other."),
        mark("what is left of a first adaptation"),
    ),
    "spontaneous_recovery": Told(
        mark("Spontaneous recovery"),
        mark("Long practice in a field, a short time in the opposite one, then channels only."),
        mark("telling fast from slow learning"),
    ),
    "stiffness_estimation": Told(
        mark("Stiffness of the arm"),
        mark("In one of five reaches the robot shifts the hand by 8 mm for a moment."),
        mark("the stiffness of the hand in movement"),
    ),
    "steering": Told(
        mark("Steering the arm"),
        mark("The arm carries the hand, steered with a joystick, a switch or two muscles; the robot helps to arrive."),
        mark("those who can hardly move the arm and want to reach things with it"),
    ),
    "tremor_tracking": Told(
        mark("Following a point with a tremor"),
        mark("The hand follows a slow point, first without help; then the arm brakes the shaking and nothing slower."),
        mark("those with a tremor of 3 to 12 Hz; the two halves show what the braking is worth"),
    ),
    "study_force_field": Told(
        mark("Study: a force field"),
        mark("Reaches that meet a force made by their own speed, to the right or the left, by the arm of the study."),
        mark("motor adaptation, two arms, counterbalanced"),
    ),
    "study_reflex": Told(
        mark("Study: reflexes after a preload"),
        mark("A step of torque comes without warning; before it the participant is told to resist or to let go."),
        mark("short and long latency reflexes"),
    ),
    "study_rotation": Told(
        mark("Study: a turned cursor, told"),
        mark("A page tells that the cursor will be turned; before each reach the participant says where the aim is."),
        mark("explicit and implicit learning"),
    ),
}


BLOCKS = {
    "reaching": mark("reaching"), "try first": mark("try first"), "first alone": mark("first alone"),
    "as needed": mark("as needed"), "with help": mark("with help"), "corrected": mark("corrected"),
    "demonstration": mark("demonstration"), "guided": mark("guided"), "then alone": mark("then alone"),
    "moved": mark("moved"), "without load": mark("without load"), "loaded": mark("loaded"),
    "stretches": mark("stretches"), "without help": mark("without help"), "shaking": mark("shaking"),
    "braked": mark("braked"),
}  # fmt: skip


def ready_plan(name: str) -> tuple[str, str]:
    """Title and text of a ready protocol, comments and all, with its title and its blocks named in the user's language.
    A study's stay as they are: its analysis goes by the names."""
    from rehab.protocol.edit import changed
    from rehab.protocol.load import read_protocol, ready_protocols

    path = ready_protocols()[name]
    text, protocol = Path(path).read_text("utf-8"), read_protocol(path)
    if protocol.profile == "research":
        return protocol.title, text
    title = ready_words(name) or protocol.title
    names = {"protocol": (protocol.title, title)}
    for k, block in enumerate(protocol.blocks):
        names[f"blocks[{k}].name"] = (block.name, tr(BLOCKS.get(block.name, block.name)))
    for where, (shipped, own) in names.items():
        if own != shipped:
            text = changed(text, where, own)
    return title, text


def ready_words(name: str) -> str:
    """The title of a ready protocol; "" where only its file says it."""
    return tr(TOLD[name].title) if name in TOLD else ""
