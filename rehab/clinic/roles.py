"""Who may do what: one table. Services ask it; windows may, to leave out what would be refused.

therapist      everything clinical, of patients in their caseload or granted to them
administrator  users, identities, appointments, caseloads, grants, audit; nothing clinical
technician     how much the robots work, backups of the store; no patient
researcher     plans, sessions, measures and scales of patients granted to them, under the pseudonym only
"""

from __future__ import annotations

from collections.abc import Iterable

THERAPIST, RESEARCHER, TECHNICIAN, ADMINISTRATOR = "therapist", "researcher", "technician", "administrator"
ROLES = (THERAPIST, RESEARCHER, TECHNICIAN, ADMINISTRATOR)

_ALL = frozenset(ROLES)
_T, _A = frozenset({THERAPIST}), frozenset({ADMINISTRATOR})
_TA, _TR = _T | _A, frozenset({THERAPIST, RESEARCHER})
_TK = frozenset({THERAPIST, TECHNICIAN})
_KA = frozenset({TECHNICIAN, ADMINISTRATOR})
_TKA = frozenset({THERAPIST, TECHNICIAN, ADMINISTRATOR})


def _table(group: str, **rights: frozenset[str]) -> dict[str, frozenset[str]]:
    return {f"{group}.{name}": roles for name, roles in rights.items()}


RIGHTS: dict[str, frozenset[str]] = {
    **_table("users", list=_ALL, change_password=_ALL, change_pin=_ALL, preferences=_ALL),
    **_table("users", add=_A, set_roles=_A, set_active=_A, set_password=_A, set_pin=_A, unlock=_A),
    **_table("patients", search=_TA, get=_TA, add=_TA, change=_TA, assign=_TA, unassign=_TA),
    **_table("patients", import_worklist=_TA, read_code=_TA),
    **_table("charts", read=_T, history=_T, set_setting=_T, set_photo=_T, photo=_T, set_range=_T, check_items=_T),
    **_table("charts", set_checklist=_T, set_limit=_T, lift_limit=_T, add_goal=_T, reach_goal=_T, drop_goal=_T),
    **_table("charts", set_screen=_T, screen=_T, chips=_T, add_note=_T, set_hurts=_T),
    **_table("appointments", day=_TA, add=_TA, arrived=_TA, cancel=_TA),
    **_table("plans", current=_TR, get=_TR, list=_TR, add=_T, supersede=_T),
    **_table("sessions", begin=_T, strapped=_T, ask_before=_T, ask_after=_T, recorded=_T, park=_T, resume=_T, end=_T),
    **_table("sessions", hand_to=_T, open_ones=_T, day=_T, unsigned=_T, sign=_T, adverse_event=_T, save_measures=_T),
    **_table("sessions", adverse_events=_T, diary_sentence=_T, as_last_time=_T, robot_minutes=_TKA),
    **_table("sessions", get=_TR, last=_TR, list=_TR, measures=_TR, measure_names=_TR, series=_TR),
    **_table("scales", kinds=_TR, kind=_TR, list=_TR, enter=_T, withdraw=_T),
    **_table("access", grant=_TA, revoke=_TA, list=_TA),
    **_table("audit", who=_TA, list=_A),
    **_table("checks", today=_TK, keep=_TK),
    **_table("export", write=_T),
    **_table("practice", keep=_T, list=_T),
    **_table("backup", save=_KA, restore=_KA),
    "handover": _T,
}

# an administrator sees whom it concerns in these, without having the patient in a caseload
_GROUPS_OF_ADMINISTRATORS = ("patients.", "appointments.", "access.", "audit.")


def allowed(what: str, roles: Iterable[str]) -> bool:
    """May somebody with these roles do that at all? KeyError for what no service has."""
    return not RIGHTS[what].isdisjoint(roles)


def sees_every_patient(what: str, roles: Iterable[str]) -> bool:
    """May they do it to any patient, caseload or not?"""
    return ADMINISTRATOR in roles and what.startswith(_GROUPS_OF_ADMINISTRATORS)
