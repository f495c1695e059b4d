"""Progress in words, English and Italian: a change with its noise beside it, never a bare arrow; and plain sentences
for the patient.
"""

from __future__ import annotations

from datetime import date, datetime

from babel import dates, numbers

from rehab.measures.change import Change, Verdict
from rehab.report.columns import Column
from rehab.report.progress_data import Progress, Scale, Series

LOCALES = {"en": "en_GB", "it": "it_IT"}
SCALES_IT = {
    "fma_ue": "Fugl-Meyer, arto superiore",
    "ashworth": "Ashworth modificata",
    "arat": "Action Research Arm Test",
    "box_and_block": "Box and Block",
    "nrs": "Dolore, scala numerica",
    "barthel": "Indice di Barthel",
}
GROUPS_IT = {
    "shoulder adductors": "adduttori di spalla",
    "shoulder internal rotators": "intrarotatori di spalla",
    "elbow flexors": "flessori di gomito",
    "elbow extensors": "estensori di gomito",
    "forearm pronators": "pronatori di avambraccio",
    "wrist flexors": "flessori di polso",
    "wrist extensors": "estensori di polso",
    "finger flexors": "flessori delle dita",
    "thumb flexors": "flessori del pollice",
}
WORDS = {
    "en": {
        "better": "better by {change}, more than the noise ({noise})",
        "worse": "worse by {change}, more than the noise ({noise})",
        "higher": "higher by {change}, more than the noise ({noise})",
        "lower": "lower by {change}, more than the noise ({noise})",
        "noise": "no change beyond the noise: {change}, noise {noise}",
        "early": "too early to tell: {n} more baseline sessions",
        "early one": "too early to tell: 1 more baseline session",
        "early next": "too early to tell: the baseline is complete, the next session is compared with it",
        "points": "percentage points",
        "once": "{value} of {high} on {day}",
        "once grade": "grade {value} on {day}",
        "moved": "{before} → {now} of {high}: {change}",
        "moved grade": "grade {before} → {now}",
        "up": "{change} more", "down": "{change} less", "same": "no change",
        "matters": "at least what matters to patients ({least}; {source})",
        "little": "less than what matters to patients ({least}; {source})",
        "no least": "no smallest change that matters is established ({source})",
    },
    "it": {
        "better": "migliorato di {change}, più del rumore di misura ({noise})",
        "worse": "peggiorato di {change}, più del rumore di misura ({noise})",
        "higher": "aumentato di {change}, più del rumore di misura ({noise})",
        "lower": "diminuito di {change}, più del rumore di misura ({noise})",
        "noise": "nessun cambiamento oltre il rumore di misura: {change}, rumore {noise}",
        "early": "troppo presto per dirlo: servono altre {n} sedute di riferimento",
        "early one": "troppo presto per dirlo: serve un'altra seduta di riferimento",
        "early next": "troppo presto per dirlo: il riferimento è completo, la prossima seduta sarà confrontata",
        "points": "punti percentuali",
        "once": "{value} su {high} il {day}",
        "once grade": "grado {value} il {day}",
        "moved": "{before} → {now} su {high}: {change}",
        "moved grade": "grado {before} → {now}",
        "up": "{change} in più", "down": "{change} in meno", "same": "nessun cambiamento",
        "matters": "almeno quanto conta per i pazienti ({least}; {source})",
        "little": "meno di quanto conta per i pazienti ({least}; {source})",
        "no least": "nessun cambiamento minimo rilevante stabilito ({source})",
    },
}  # fmt: skip
PLAIN = {
    "en": {
        "none": "You have not trained with the robot yet.",
        "once": "You have trained once, {minutes} minutes with the robot.",
        "dose": "You have trained {n} times, {minutes} minutes with the robot in all.",
        "first": "You reached {now} of 10 targets.",
        "success": "At the beginning you reached {before} of 10 targets, now {now} of 10.",
        "path_length_ratio": "Your hand now moves straighter than at the beginning, and that is no chance.",
        "sparc": "Your hand now moves more smoothly than at the beginning, and that is no chance.",
        "number_of_peaks": "Your hand now moves in fewer pushes than at the beginning, and that is no chance.",
        "movement_time": "Your hand now gets there faster than at the beginning, and that is no chance.",
        "early": "It is too early to say whether your movement has changed.",
        "worse": "Moving was harder for you lately: please talk about it with your therapist.",
        "same": "Your hand moves about as it did at the beginning: keep on training.",
    },
    "it": {
        "none": "Nessun allenamento con il robot finora.",
        "once": "Un allenamento fatto, {minutes} minuti con il robot.",
        "dose": "{n} allenamenti fatti, in tutto {minutes} minuti con il robot.",
        "first": "Bersagli raggiunti: {now} su 10.",
        "success": "All'inizio i bersagli raggiunti erano {before} su 10, ora sono {now} su 10.",
        "path_length_ratio": "Ora la mano si muove più dritta che all'inizio, e non è un caso.",
        "sparc": "Ora la mano si muove in modo più fluido che all'inizio, e non è un caso.",
        "number_of_peaks": "Ora la mano si muove con meno scatti che all'inizio, e non è un caso.",
        "movement_time": "Ora la mano arriva più in fretta che all'inizio, e non è un caso.",
        "early": "È troppo presto per dire se il movimento è cambiato.",
        "worse": "Negli ultimi tempi muoversi è stato più difficile: parlarne con il terapista.",
        "same": "La mano si muove circa come all'inizio: continuare ad allenarsi.",
    },
}
PLAINLY = ("path_length_ratio", "sparc", "number_of_peaks", "movement_time")  # what a person understands, best first


def named(column: Column, language: str) -> str:
    return column.it if language == "it" else column.head


def scale_name(scale: Scale, language: str) -> str:
    title = SCALES_IT[scale.kind.name] if language == "it" else scale.kind.title
    group = GROUPS_IT[scale.group] if language == "it" and scale.group else scale.group
    return f"{title}, {group}" if group else title


def number(value: float, digits: int, language: str) -> str:
    """1.23, 1,23; with a real minus, and no minus before a zero."""
    rounded = round(value, digits) + 0.0
    form = "0" + ("." + "0" * digits if digits else "")
    return numbers.format_decimal(rounded, form, locale=LOCALES[language]).replace("-", "−")


def day(moment: date | datetime, language: str) -> str:
    its = moment.astimezone().date() if isinstance(moment, datetime) else moment
    return dates.format_date(its, "medium", locale=LOCALES[language])


def verdict(series: Series, language: str) -> str:
    """ "better by 12 %, more than the noise (8 %)"; "too early to tell: 2 more baseline sessions"."""
    found, words = series.change, WORDS[language]
    match found.verdict:
        case Verdict.EARLY if found.needed:
            return words["early one" if found.needed == 1 else "early"].format(n=found.needed)
        case Verdict.EARLY:
            return words["early next"]
        case Verdict.OTHER:
            said = "higher" if found.change > 0.0 else "lower"
        case other:
            said = other.value
    moved, noise = _amounts(series.column, found, language)
    return words[said].format(change=moved, noise=noise)


def _amounts(column: Column, found: Change, language: str) -> tuple[str, str]:
    """The change without its sign, and the noise: as shares where these mean something, with digits that tell them
    apart."""
    if column.unit == "%":
        pair, unit, digits = (100.0 * abs(found.change), 100.0 * found.noise), WORDS[language]["points"], 0
    elif found.share is not None and found.noise_share is not None:
        pair, unit, digits = (100.0 * abs(found.share), 100.0 * found.noise_share), "%", 0
    else:
        pair = column.factor * abs(found.change), column.factor * found.noise
        unit, digits = column.unit, column.digits
    while digits < 4 and number(pair[0], digits, language) == number(pair[1], digits, language):
        digits += 1
    moved, noise = (f"{number(value, digits, language)} {unit}".rstrip() for value in pair)
    return moved, noise


def scale_verdict(scale: Scale, language: str) -> str:
    """First and last result, and whether the change is one that matters to patients, with who says so."""
    words, kind, first, last = WORDS[language], scale.kind, scale.entries[0], scale.entries[-1]
    high = number(kind.high, 0, language)
    if len(scale.entries) == 1:
        said = words["once grade"] if kind.grades else words["once"]
        return said.format(value=first.shown, high=high, day=day(first.on, language))
    moved = last.value - first.value
    if kind.grades:
        return words["moved grade"].format(before=first.shown, now=last.shown)
    size = number(abs(moved), 0 if moved == int(moved) else 2, language)
    how = words["same"] if not moved else words["up" if moved > 0 else "down"].format(change=size)
    said = words["moved"].format(before=first.shown, now=last.shown, high=high, change=how)
    return f"{said}; {least_change(scale, language)}" if moved else said


def least_change(scale: Scale, language: str) -> str:
    """Is the change between first and last result one that matters?"""
    words, kind = WORDS[language], scale.kind
    if kind.change is None:
        return words["no least"].format(source=kind.source)
    enough = abs(scale.entries[-1].value - scale.entries[0].value) >= kind.change
    least = f"{kind.change:g}".replace(".", "," if language == "it" else ".")
    return words["matters" if enough else "little"].format(least=least, source=kind.source)


# for the patient -----------------------------------------------------------------------------------------------------


def tens(progress: Progress) -> tuple[int, int] | None:
    """Targets of ten that were reached at the beginning, and in the last session; None before any trial."""
    found = progress.measure("reached")
    return None if found is None else (_of_ten(found.change.baseline), _of_ten(found.change.now))


def _of_ten(share: float) -> int:
    """Ten and none only where it was all and none."""
    return round(10 * share) if share in (0.0, 1.0) else min(9, max(1, round(10 * share)))


def plain_sentences(progress: Progress, language: str) -> list[str]:
    """Three sentences for the patient: how much, how many targets, and how the hand moves. One before the first."""
    words, sessions = PLAIN[language], progress.sessions
    if not sessions:
        return [words["none"]]
    minutes = number(sum(s.robot for s in sessions) / 60.0, 0, language)
    said = [words["once" if len(sessions) == 1 else "dose"].format(n=len(sessions), minutes=minutes)]
    found = tens(progress)
    if found is not None:
        before, now = found
        said.append(words["first" if len(sessions) <= progress.baseline else "success"].format(before=before, now=now))
    verdicts = {s.column.name: s.change.verdict for s in progress.series}
    better = next((name for name in PLAINLY if verdicts.get(name) == Verdict.BETTER), None)
    if better is not None:
        said.append(words[better])
    elif any(verdicts.get(name) == Verdict.WORSE for name in PLAINLY):
        said.append(words["worse"])
    elif any(verdicts.get(name) == Verdict.NOISE for name in PLAINLY):
        said.append(words["same"])
    else:
        said.append(words["early"])
    return said
