"""The progress report: changes against the patient's own noise, scales beside them, dose, pain, goals; signed. A4, in
English or Italian.
"""

from __future__ import annotations

import functools
import io
import os
from datetime import date
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.units import cm, mm
from reportlab.platypus import BaseDocTemplate, Frame, HRFlowable, Image, KeepTogether, PageTemplate, Spacer, Table

from rehab.core.errors import RehabError
from rehab.report import progress_figures as figures
from rehab.report.progress_data import Progress
from rehab.report.progress_words import day, named, number, scale_name, scale_verdict, verdict
from rehab.report.sheet import BLUE, HAIR, INK, MARGIN, PAPER, TINT, WIDTH, Pages, say

GAP = 0.5 * cm
HALF = (WIDTH - GAP) / 2
SHOWN = 6  # measures that get a figure; every one has its words and its figures in the table
TEXTS = {
    "en": {
        "title": "Progress report", "name": "Name", "born": "Born", "code": "Code", "side": "Side",
        "diagnosis": "Diagnosis", "left": "left", "right": "right", "": "–", "sessions": "Sessions",
        "between": "{n}, {first} to {last}", "dose": "Robot time", "minutes": "{minutes} min, {trials} trials",
        "changes": "What has changed",
        "how": "The last session against the first {n} (the baseline). Noise is the smallest detectable change, "
               "1.96·√2·SEM, from this patient's own baseline: a smaller change may be chance. Grey band: "
               "baseline ± noise. Bars: spread (SD) of the trials of one session. Dotted: a new plan began.",
        "plans": "Since {day}: {title}. With another plan, help and difficulty may differ.",
        "elsewhere": "{n} sessions on another device are not compared.",
        "measure": "Measure", "baseline": "Baseline", "now": "Last", "verdict": "Change",
        "scales": "Clinical scales", "scale": "Scale", "dose head": "Dose and pain", "week": "Week of",
        "robot": "Robot time, min", "trials": "Trials", "reached": "Reached", "goals": "Goals",
        "goal until": "{text} (by {day})", "goal reached": "{text}: reached on {day}", "no goals": "None written down.",
        "figures": "Figures of every session", "day": "Day", "pain": "Pain before / after",
        "nothing": "No session has ended yet: there is nothing to report on.",
        "signature": "Signature", "by": "{who}, {day}", "not signed": "Name, date, signature:",
    },
    "it": {
        "title": "Relazione sui progressi", "name": "Nome", "born": "Data di nascita", "code": "Codice", "side": "Lato",
        "diagnosis": "Diagnosi", "left": "sinistro", "right": "destro", "": "–", "sessions": "Sedute",
        "between": "{n}, dal {first} al {last}", "dose": "Tempo con il robot",
        "minutes": "{minutes} min, {trials} prove",
        "changes": "Che cosa è cambiato",
        "how": "L'ultima seduta rispetto alle prime {n} (il riferimento). Il rumore di misura è il minimo cambiamento "
               "rilevabile, 1,96·√2·SEM, dal riferimento di questo paziente: un cambiamento minore può essere un "
               "caso. Fascia grigia nelle figure: riferimento ± rumore. Barre: dispersione (DS) delle prove di una "
               "seduta. Linea punteggiata: inizio di un nuovo piano.",
        "plans": "Dal {day}: {title}. Con un altro piano, aiuto e difficoltà possono essere diversi.",
        "elsewhere": "{n} sedute su un altro dispositivo non sono confrontate.",
        "measure": "Misura", "baseline": "Riferimento", "now": "Ultima", "verdict": "Cambiamento",
        "scales": "Scale cliniche", "scale": "Scala", "dose head": "Dose e dolore", "week": "Settimana del",
        "robot": "Tempo con il robot, min", "trials": "Prove", "reached": "Riuscite", "goals": "Obiettivi",
        "goal until": "{text} (entro il {day})", "goal reached": "{text}: raggiunto il {day}",
        "no goals": "Nessuno scritto.",
        "figures": "I valori di ogni seduta", "day": "Giorno", "pain": "Dolore prima / dopo",
        "nothing": "Nessuna seduta è ancora terminata: non c'è nulla da riferire.",
        "signature": "Firma", "by": "{who}, {day}", "not signed": "Nome, data, firma:",
    },
}  # fmt: skip


def progress_report(
    progress: Progress, path: Path, *, language: str = "en", signed: str = "", on: date | None = None
) -> Path:
    """Write it to `path`, readable by this user only: it names the patient. `signed` is who signs, on that day.

    Raises RehabError when it cannot be written.
    """
    story = [*_head(progress, language), *_changes(progress, language), *_scales(progress, language),
             *_dose(progress, language), *_goals(progress, language), *_figures(progress, language),
             *_signature(language, signed, on)]  # fmt: skip
    return write_pages(story, path, title=TEXTS[language]["title"], code=progress.code, language=language)


def write_pages(story: list[Any], path: Path, *, title: str, code: str, language: str) -> Path:
    """A document of our look."""
    out = io.BytesIO()
    document = BaseDocTemplate(
        out, pagesize=PAPER, title=f"{title} {code}", author="rehab", lang=language, invariant=1
    )
    frame = Frame(MARGIN, 19 * mm, WIDTH, PAPER[1] - 34 * mm, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[frame]))
    document.build(story, canvasmaker=functools.partial(Pages, session=code, language=language))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(out.getvalue())
    except OSError as error:
        raise RehabError(f"the report cannot be written to {path}: {error.strerror}") from error
    return path


def _head(progress: Progress, language: str) -> list[Any]:
    texts, patient = TEXTS[language], progress.patient
    facts = [(texts["code"], progress.code)]
    if patient is not None:
        facts = [
            (texts["name"], patient.full_name), (texts["born"], day(patient.birth_date, language)), *facts,
            (texts["side"], texts[patient.side]), (texts["diagnosis"], patient.diagnosis or "–"),
        ]  # fmt: skip
    if progress.sessions:
        first, last = (day(progress.sessions[k].begun, language) for k in (0, -1))
        minutes = number(sum(week.minutes for week in progress.weeks), 0, language)
        trials = sum(week.trials for week in progress.weeks)
        facts += [
            (texts["sessions"], texts["between"].format(n=len(progress.sessions), first=first, last=last)),
            (texts["dose"], texts["minutes"].format(minutes=minutes, trials=trials)),
        ]
    rule = HRFlowable(width="100%", thickness=1.4, color=HexColor(BLUE), spaceBefore=3, spaceAfter=5)
    rows = [[say(a, "label"), say(b, "fact")] for a, b in facts]
    half = (len(rows) + 1) // 2
    left, right = rows[:half], rows[half:] + [["", ""]] * (2 * half - len(rows))
    table = _table([a + b for a, b in zip(left, right, strict=True)], (2.7 * cm, HALF - 2.7 * cm) * 2, head=False)
    return [say("rehab", "product"), say(texts["title"], "title"), rule, table]


def _changes(progress: Progress, language: str) -> list[Any]:
    texts = TEXTS[language]
    if not progress.series:
        return [say(texts["nothing"], "lead")]
    rows = [[say(texts[k], use) for k, use in zip(("measure", "baseline", "now", "verdict"), _USES, strict=True)]]
    for series in progress.series:
        column, found = series.column, series.change
        values = [_value(column.factor * v, column.digits, column.unit, language) for v in (found.baseline, found.now)]
        rows.append(
            [say(named(column, language), "cell"), *(say(v, "cell right") for v in values),
             say(verdict(series, language), "cell")]
        )  # fmt: skip
    notes = [texts["plans"].format(day=day(at, language), title=title) for at, title in progress.plans]
    if progress.elsewhere:
        notes.append(texts["elsewhere"].format(n=progress.elsewhere))
    width, height, span = HALF / cm, 4.4, figures.span_of(progress)
    plans = [at for at, _ in progress.plans]
    drawn = [
        _image(figures.measure(series, span, plans, language, width=width, height=height), HALF)
        for series in progress.series[:SHOWN]
    ]
    return [
        say(texts["changes"], "heading"),
        _table(rows, (3.8 * cm, 2.4 * cm, 2.4 * cm, WIDTH - 8.6 * cm)),
        say(texts["how"].format(n=progress.baseline), "note"), *(say(note, "text") for note in notes),
        *(_beside(drawn[k : k + 2]) for k in range(0, len(drawn), 2)),
    ]  # fmt: skip


_USES = ("head", "head right", "head right", "head")


def _scales(progress: Progress, language: str) -> list[Any]:
    texts = TEXTS[language]
    if not progress.scales:
        return []
    rows = [[say(texts["scale"], "head"), say(texts["verdict"], "head")]]
    rows += [[say(scale_name(s, language), "cell"), say(scale_verdict(s, language), "cell")] for s in progress.scales]
    several = [scale for scale in progress.scales if len(scale.entries) > 1]
    drawn = []
    if several:
        picture = figures.scales(several, figures.span_of(progress), language, width=WIDTH / cm, height=5.4)
        drawn = [_image(picture, WIDTH)]
    table = _table(rows, (5.4 * cm, WIDTH - 5.4 * cm))
    return [KeepTogether([say(texts["scales"], "heading"), table, Spacer(0, 4), *drawn])]


def _dose(progress: Progress, language: str) -> list[Any]:
    texts = TEXTS[language]
    if not progress.weeks:
        return []
    heads = ("week", "sessions", "robot", "trials", "reached")
    rows = [[say(texts[k], "head" if k == "week" else "head right") for k in heads]]
    for week in progress.weeks:
        values = (str(week.sessions), number(week.minutes, 0, language), str(week.trials), str(week.reached))
        rows.append([say(day(week.monday, language), "cell"), *(say(v, "cell right") for v in values)])
    pictures = [figures.dose(progress, language, width=HALF / cm, height=4.6)]
    asked = figures.pain(progress, language, width=HALF / cm, height=4.6)
    pictures += [asked] if asked is not None else []
    table = _table(rows, (0.24 * WIDTH, 0.16 * WIDTH, 0.28 * WIDTH, 0.16 * WIDTH, 0.16 * WIDTH))
    both = _beside([_image(picture, HALF) for picture in pictures])
    return [KeepTogether([say(texts["dose head"], "heading"), table, Spacer(0, 4), both])]


def _goals(progress: Progress, language: str) -> list[Any]:
    texts, lines = TEXTS[language], []
    for goal in progress.goals:
        if goal.reached is not None:
            lines.append(texts["goal reached"].format(text=goal.text, day=day(goal.reached, language)))
        elif goal.until is not None:
            lines.append(texts["goal until"].format(text=goal.text, day=day(goal.until, language)))
        else:
            lines.append(goal.text)
    shown = [say(f"· {line}", "text") for line in lines] or [say(texts["no goals"], "text")]
    return [KeepTogether([say(texts["goals"], "heading"), *shown])]


def _figures(progress: Progress, language: str) -> list[Any]:
    """The twin of all figures: every mean of every session, and pain."""
    texts = TEXTS[language]
    if not progress.series:
        return []
    heads = [say(texts["day"], "head")]
    for series in progress.series:
        unit = f" ({series.column.unit})" if series.column.unit else ""
        heads.append(say(named(series.column, language) + unit, "head right"))
    heads.append(say(texts["pain"], "head right"))
    means = [{point.session: point.mean for point in series.points} for series in progress.series]
    rows = [heads]
    for session in progress.sessions:
        row = [say(day(session.begun, language), "cell")]
        for series, its in zip(progress.series, means, strict=True):
            column, mean = series.column, its.get(session.id)
            shown = "–" if mean is None else number(column.factor * mean, column.digits, language)
            row.append(say(shown, "cell right"))
        before, after = ("–" if v is None else str(v) for v in (session.before.pain, session.after.pain))
        rows.append([*row, say(f"{before} / {after}", "cell right")])
    first = 2.1 * cm
    share = (WIDTH - first) / (len(progress.series) + 1)
    return [say(texts["figures"], "heading"), _table(rows, (first, *[share] * (len(progress.series) + 1)))]


def _signature(language: str, signed: str, on: date | None) -> list[Any]:
    texts = TEXTS[language]
    words = texts["by"].format(who=signed, day=day(on, language)) if signed and on else texts["not signed"]
    line = Table(
        [["", ""], [say(texts["signature"], "label"), say(words, "fact")]], colWidths=[2.4 * cm, WIDTH - 2.4 * cm],
        rowHeights=[1.0 * cm, None], style=[("LINEABOVE", (0, 1), (-1, 1), 0.7, HexColor(INK))],
    )  # fmt: skip
    return [KeepTogether([line])]


# parts ---------------------------------------------------------------------------------------------------------------


def _value(value: float, digits: int, unit: str, language: str) -> str:
    return "–" if value != value else f"{number(value, digits, language)} {unit}".rstrip()


def _image(picture: bytes, width: float) -> Any:
    image = Image(io.BytesIO(picture))
    image.drawHeight *= width / image.drawWidth
    image.drawWidth = width
    return image


def _beside(parts: list[Any]) -> Any:
    cells = [*parts, *[""] * (2 - len(parts))]
    return Table(
        [[cells[0], "", cells[1]]], colWidths=[HALF, GAP, HALF],
        style=[("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0),
               ("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)],
    )  # fmt: skip


def _table(rows: list[list[Any]], widths: tuple[float, ...], *, head: bool = True) -> Any:
    look: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3), ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.4),
    ]  # fmt: skip
    if head:
        look += [
            ("BACKGROUND", (0, 0), (-1, 0), HexColor(TINT)), ("LINEBELOW", (0, 0), (-1, 0), 0.9, HexColor(BLUE)),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, HexColor(HAIR)), ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ]  # fmt: skip
    return Table(rows, colWidths=list(widths), style=look, repeatRows=1 if head else 0, hAlign="LEFT")
