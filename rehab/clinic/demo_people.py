"""The invented people of the demo store. Their names say so; nobody of that name exists."""

from __future__ import annotations

from typing import NamedTuple

PASSWORD, PIN = "demo-password", "2580"
USERS = (  # name, full name, roles, language
    ("anna", "Anna Demo", ("therapist", "administrator"), "it"),
    ("marco", "Marco Demo", ("therapist",), "en"),
    ("carla", "Carla Demo", ("administrator",), "it"),
    ("remo", "Remo Demo", ("researcher",), "en"),
    ("tino", "Tino Demo", ("technician",), "en"),
)


class Invented(NamedTuple):
    """One demo patient. fma and arat: at the beginning and five weeks later; mas: elbow flexors; ability 0 … 1."""

    family_name: str
    born: tuple[int, int, int]
    sex: str
    side: str
    diagnosis: str
    weeks_ago: int  # onset
    therapist: str
    plan: str
    then: str  # plan from the third week on, "" for the same
    ability: tuple[float, float]
    fma: tuple[int, int]
    arat: tuple[int, int]
    mas: tuple[str, str]
    pain: int
    goal: str


PEOPLE = (
    Invented("Uno", (1958, 5, 3), "M", "left", "ischaemic stroke, right middle cerebral artery", 11, "anna",
             "with help", "alone", (0.35, 0.65), (28, 37), (19, 27), ("1+", "1"), 3, "hold a cup with the left hand"),
    Invented("Due", (1971, 11, 19), "F", "right", "haemorrhagic stroke, left capsule", 20, "anna",
             "alone", "", (0.6, 0.8), (44, 50), (36, 43), ("1", "0"), 1, "write her name again"),
    Invented("Tre", (1949, 2, 7), "M", "right", "ischaemic stroke, left middle cerebral artery", 7, "anna",
             "moved", "with help", (0.1, 0.3), (12, 18), (4, 9), ("3", "2"), 5, "turn over in bed alone"),
    Invented("Quattro", (1985, 8, 24), "F", "left", "traumatic brain injury", 35, "marco",
             "alone", "", (0.55, 0.75), (41, 47), (33, 38), ("0", "0"), 0, "go back to the keyboard"),
    Invented("Cinque", (1963, 12, 30), "X", "right", "incomplete spinal cord injury, C6", 50, "marco",
             "with help", "", (0.4, 0.5), (30, 33), (22, 24), ("2", "1+"), 2, "eat without help"),
    Invented("Sei", (1954, 6, 15), "F", "left", "multiple sclerosis", 400, "marco",
             "with help", "alone", (0.5, 0.58), (38, 40), (30, 31), ("1", "1"), 2, "comb her hair"),
)  # fmt: skip

PLANS = {  # title, protocol
    "moved": ("Being moved", """\
protocol: Being moved
version: 1
device: planar_arm
limits: {speed: 0.3 m/s, force: 30 N, rest_every: 5 min}
blocks:
  - name: moved
    reach: {targets: 8, radius: 10 cm, movement_time: 2 s}
    mode: passive
    trials: 16
stop_if: {pain: ">= 5"}
"""),
    "with help": ("Reaching with help", """\
protocol: Reaching with help
version: 1
device: planar_arm
limits: {speed: 0.6 m/s, force: 30 N}
blocks:
  - name: with help
    reach: {targets: 8, radius: 10 cm}
    controller: {impedance: {stiffness: 200 N/m}}
    trials: 24
"""),
    "alone": ("Reaching on one's own", """\
protocol: Reaching on one's own
version: 1
device: planar_arm
limits: {speed: 0.8 m/s, force: 30 N}
blocks:
  - name: reaching
    reach: {targets: 8, radius: 10 cm}
    mode: active
    trials: 24
"""),
}  # fmt: skip
