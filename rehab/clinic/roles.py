"""Who may do what: one table. Services ask it; windows may, to leave out what would be refused.

therapist      patients of their caseload, or with a grant: everything clinical
administrator  users, identities, appointments, caseloads, audit; nothing clinical
technician     devices: the minutes of a day and plans' texts of demo patients are not theirs; no patient data
researcher     sessions, measures, scales and plans of patients they were granted, under the pseudonym only
"""

from __future__ import annotations

THERAPIST, RESEARCHER, TECHNICIAN, ADMINISTRATOR = "therapist", "researcher", "technician", "administrator"
ROLES = (THERAPIST, RESEARCHER, TECHNICIAN, ADMINISTRATOR)
