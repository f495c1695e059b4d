"""How measures are shown to people: head, unit, digits, in which order, and beside which ideal. No drawing here."""

from __future__ import annotations

import math
from typing import NamedTuple


class Column(NamedTuple):
    """How a measure is printed: head, unit for people, factor from SI, digits after the point, Italian head."""

    name: str
    head: str
    unit: str
    factor: float
    digits: int
    it: str

    def show(self, value: float | None) -> str:
        if value is None or not math.isfinite(value):
            return "–"
        return f"{self.factor * value:.{self.digits}f}".replace("-", "−")


class Ideal(NamedTuple):
    """What a perfect movement would have, in SI, and why. No norm of people: none is established for our robots."""

    value: float
    says: str
    source: str


# whether the target was reached stands before all of them; then how well the hand moved; then how fast; then who worked
COLUMNS = (
    Column("path_length_ratio", "Path ratio", "", 1.0, 2, "Rapporto del percorso"),
    Column("initial_direction_error", "Direction error", "°", 180.0 / math.pi, 0, "Errore di direzione"),
    Column("hand_path_deviation_mean", "Deviation mean", "cm", 100.0, 2, "Deviazione media"),
    Column("hand_path_deviation_max", "Deviation max", "cm", 100.0, 2, "Deviazione massima"),
    Column("sparc", "SPARC", "", 1.0, 2, "SPARC"),
    Column("ldlj", "LDLJ", "", 1.0, 1, "LDLJ"),
    Column("number_of_peaks", "Speed peaks", "", 1.0, 0, "Picchi di velocità"),
    Column("reaction_time", "Reaction time", "s", 1.0, 2, "Tempo di reazione"),
    Column("movement_time", "Movement time", "s", 1.0, 2, "Tempo di movimento"),
    Column("peak_speed", "Peak speed", "cm/s", 100.0, 1, "Velocità massima"),
    Column("assistance_share", "Robot share", "%", 100.0, 0, "Quota del robot"),
)
REACHED = Column("reached", "Targets reached", "%", 100.0, 0, "Bersagli raggiunti")
WORK = (
    Column("robot_work", "Robot's work", "J", 1.0, 2, "Lavoro del robot"),
    Column("patient_work", "Patient's work", "J", 1.0, 2, "Lavoro del paziente"),
)
BY_NAME = {column.name: column for column in (REACHED, *COLUMNS, *WORK)}

BY_DEFINITION = "by definition"
IDEALS = {
    "path_length_ratio": Ideal(1.0, "the straight line", BY_DEFINITION),
    "initial_direction_error": Ideal(0.0, "straight at the target", BY_DEFINITION),
    "hand_path_deviation_mean": Ideal(0.0, "the straight line", BY_DEFINITION),
    "hand_path_deviation_max": Ideal(0.0, "the straight line", BY_DEFINITION),
    "sparc": Ideal(-1.40, "a minimum-jerk reach", "Balasubramanian 2015, J Neuroeng Rehabil 12:112"),
    "ldlj": Ideal(-4.40, "a minimum-jerk reach", "Balasubramanian 2012, IEEE Trans Biomed Eng 59:2126"),
    "number_of_peaks": Ideal(1.0, "a single stroke", "Flash & Hogan 1985, J Neurosci 5:1688"),
    "assistance_share": Ideal(0.0, "all by the patient", BY_DEFINITION),
}
