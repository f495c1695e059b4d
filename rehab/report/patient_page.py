"""The patient's own page: one large picture, three sentences, no jargon. To take home. A4, English or Italian."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab.graphics.shapes import Circle, Drawing, PolyLine, String
from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import Paragraph, Spacer

from rehab.report.progress import write_pages
from rehab.report.progress_data import Progress
from rehab.report.progress_words import plain_sentences, tens
from rehab.report.sheet import BLUE, BOLD, INK, QUIET, REGULAR, WIDTH, fonts, safe

TITLE = {"en": "Your training", "it": "Il percorso fatto"}
GOAL = {"en": "Your goal: {goal}", "it": "L'obiettivo: {goal}"}
ROWS = {"en": ("At the beginning", "Now"), "it": ("All'inizio", "Ora")}
COUNT = 10


def patient_page(progress: Progress, path: Path, *, language: str = "en") -> Path:
    """Write it to `path`. Raises RehabError when it cannot be written."""
    fonts()
    story: list[Any] = [_words(TITLE[language], 30, bold=True), Spacer(0, 0.8 * cm)]
    counted = tens(progress)
    if counted is not None:
        story += [_picture(counted, language, several=len(progress.sessions) > progress.baseline), Spacer(0, 0.8 * cm)]
    for sentence in plain_sentences(progress, language):
        story += [_words(sentence, 19), Spacer(0, 0.5 * cm)]
    goal = next((goal for goal in progress.goals if goal.reached is None), None)
    if goal is not None:
        story += [Spacer(0, 0.5 * cm), _words(GOAL[language].format(goal=goal.text), 19, bold=True)]
    return write_pages(story, path, title=TITLE[language], code=progress.code, language=language)


def _words(words: str, size: float, *, bold: bool = False) -> Any:
    look = ParagraphStyle(
        "plain", fontName=BOLD if bold else REGULAR, fontSize=size, leading=1.4 * size, textColor=HexColor(INK)
    )
    return Paragraph(safe(words), look)


def _picture(counted: tuple[int, int], language: str, *, several: bool) -> Any:
    """Ten targets a row; those that were reached are filled and ticked. A single row before there is a "now"."""
    rows = list(zip(ROWS[language], counted, strict=True)) if several else [("", counted[1])]
    step = WIDTH / COUNT
    height = len(rows) * (step + 1.7 * cm)
    drawing = Drawing(WIDTH, height)
    for k, (label, reached) in enumerate(rows):
        top = height - k * (step + 1.7 * cm)
        drawing.add(String(0, top - 0.7 * cm, label, fontName=BOLD, fontSize=17, fillColor=HexColor(INK)))
        for n in range(COUNT):
            _target(drawing, (n + 0.5) * step, top - 1.1 * cm - 0.5 * step, 0.42 * step, n < reached)
    return drawing


def _target(drawing: Any, x: float, y: float, radius: float, reached: bool) -> None:
    line = HexColor(BLUE if reached else QUIET)
    fill = HexColor(BLUE) if reached else None
    drawing.add(Circle(x, y, radius, strokeColor=line, strokeWidth=2.2, fillColor=fill))
    if reached:
        points = [(-0.45, 0.0), (-0.1, -0.38), (0.48, 0.38)]
        flat = [c for px, py in points for c in (x + radius * px, y + radius * py)]
        drawing.add(PolyLine(flat, strokeColor=HexColor("#FFFFFF"), strokeWidth=4.0, strokeLineCap=1, strokeLineJoin=1))
