"""What a colleague needs in one look."""

from __future__ import annotations

from rehab.clinic.charts import hurts_of, limits_of, photo_of, setting_of
from rehab.clinic.notes import notes_of
from rehab.clinic.patients import patient_of
from rehab.clinic.records import Handover
from rehab.clinic.service import Work
from rehab.clinic.sitting import last_of


def handover_of(work: Work, patient: str) -> Handover:
    note = notes_of(work, patient, 1)
    return Handover(
        patient=patient_of(work, patient), note=note[0] if note else None, limits=limits_of(work, patient),
        hurts=hurts_of(work, patient), photo=photo_of(work, patient), setting=setting_of(work, patient),
        session=last_of(work, patient),
    )  # fmt: skip
