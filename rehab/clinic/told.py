"""What the audit's short names mean, for a patient who asks."""

from __future__ import annotations

OF = {
    "users": ("users", "utenti"),
    "patients": ("name and caseload", "anagrafica e pazienti in carico"),
    "charts": ("clinical file", "cartella clinica"),
    "appointments": ("appointments", "appuntamenti"),
    "plans": ("plan", "piano"),
    "sessions": ("sessions", "sedute"),
    "scales": ("clinical scales", "scale cliniche"),
    "access": ("access", "accessi"),
    "checks": ("device check", "controllo del dispositivo"),
    "progress": ("progress", "andamento"),
    "audit": ("list of accesses", "registro degli accessi"),
}
DID = {
    "read": ("read", "consultazione"),
    "changed": ("changed", "modifica"),
    "added": ("added", "inserimento"),
}
READS = frozenset(
    ("list", "search", "get", "read", "history", "photo", "day", "current", "last", "measures", "measure_names",
     "series", "diary_sentence", "as_last_time", "adverse_events", "who", "open_ones", "unsigned", "robot_minutes",
     "read_code", "kinds", "kind", "check_items", "chips", "today", "screen")
)  # fmt: skip
ADDS = frozenset(
    ("add", "add_goal", "add_note", "begin", "enter", "grant", "import_worklist", "adverse_event", "save_measures")
)
ALONE = {
    "handover": ("handover read", "consegne consultate"),
    "backup.save": ("all copied for safekeeping", "tutto copiato per sicurezza"),
    "backup.restore": ("a copy of all put back", "una copia di tutto rimessa a posto"),
    "export.write": ("all records written into a file", "tutti i dati scritti in un file"),
    "practice.keep": ("an incident practised", "incidente simulato"),
    "practice.list": ("own practice read", "proprie esercitazioni consultate"),
    "sign_in": ("signed in", "accesso effettuato"),
    "sign_out": ("signed out", "uscita"),
    "wrong_password": ("wrong password", "password errata"),
    "wrong_pin": ("wrong PIN", "PIN errato"),
}


def told(what: str, language: str) -> str:
    """ "plan: changed" for "plans.supersede"."""
    at = 1 if language == "it" else 0
    if what in ALONE:
        return ALONE[what][at]
    group, _, method = what.partition(".")
    did = "read" if method in READS else "added" if method in ADDS else "changed"
    return f"{OF[group][at]}: {DID[did][at]}"
