"""The look of a printed report: paper, colours, type, footer. One place, so that every report looks like one house."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

PAPER = A4
MARGIN = 17 * mm
WIDTH = PAPER[0] - 2 * MARGIN  # of the text
FOOTER = {
    "en": ("Not a certified medical device. Not for diagnosis.", "Page {number} of {count}"),
    "it": ("Non è un dispositivo medico certificato. Non per diagnosi.", "Pagina {number} di {count}"),
}
DISCLAIMER = FOOTER["en"][0]

# Okabe & Ito's colours that reach 3:1 on white, for graphics; text uses INK and QUIET, both above 4.5:1
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
INK, QUIET, HAIR, TINT, ALARM = "#1B1F24", "#59616B", "#C9CFD6", "#EEF4F8", "#FDF1E9"
WARNING_INK = "#A84A00"  # vermillion, dark enough for small text (5.9:1)

REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"


@cache
def fonts() -> Any:
    """Register DejaVu Sans, which matplotlib ships and draws the figures with: Latin, Greek, Cyrillic, and −, ², τ."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return pdfmetrics.getFont(REGULAR).face.charToGlyph


def safe(text: str) -> str:
    """Text for a Paragraph: mark-up escaped, a character the font lacks as its code point [U+4E2D], not as a box."""
    known = fonts()
    return escape("".join(c if ord(c) in known or c.isspace() else f"[U+{ord(c):04X}]" for c in text))


def _style(name: str, size: float, *, font: str = REGULAR, colour: str = INK, **more: Any) -> ParagraphStyle:
    fonts()
    look = {"leading": 1.35 * size, "textColor": HexColor(colour)} | more
    return ParagraphStyle(name, fontName=font, fontSize=size, **look)


@cache
def style(name: str) -> ParagraphStyle:
    """A paragraph style by its use."""
    match name:
        case "title":
            return _style(name, 19, font=BOLD)
        case "product":
            return _style(name, 8.5, font=BOLD, colour=BLUE)
        case "id":
            return _style(name, 8, colour=QUIET, alignment=TA_RIGHT)
        case "label":
            return _style(name, 8, colour=QUIET)
        case "fact":
            return _style(name, 8)
        case "lead":
            return _style(name, 10, spaceBefore=8, spaceAfter=2)
        case "heading":
            return _style(name, 11.5, font=BOLD, spaceBefore=13, spaceAfter=4)
        case "text":
            return _style(name, 8.5, spaceAfter=4)
        case "note":
            return _style(name, 7, colour=QUIET, spaceBefore=3, spaceAfter=2)
        case "head":
            return _style(name, 6.4, font=BOLD, colour=QUIET, splitLongWords=0)
        case "head right":
            return _style(name, 6.4, font=BOLD, colour=QUIET, alignment=TA_RIGHT, splitLongWords=0)
        case "cell":
            return _style(name, 7.5)
        case "cell right":
            return _style(name, 7.5, alignment=TA_RIGHT)
        case "measure":
            return _style(name, 7.5, leading=8.6)
        case "band":
            return _style(name, 7.5, font=BOLD)
        case "missed":
            return _style(name, 7.5, font=BOLD, colour=WARNING_INK)
        case "above":
            return _style(name, 7.5, font=BOLD, colour=WARNING_INK, alignment=TA_RIGHT)
        case "alarm":
            return _style(name, 10, font=BOLD, colour=WARNING_INK)
        case _:
            raise KeyError(name)


def say(text: str, use: str) -> Any:
    """A Paragraph of plain text."""
    return Paragraph(safe(text), style(use))


class Pages(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A canvas that knows how many pages there are when it writes the footers: every page is kept until the end."""

    def __init__(self, *given: Any, session: str = "", language: str = "en", **named: Any) -> None:
        super().__init__(*given, **named)
        self._session, self._words = session, FOOTER[language]
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            self._footer(number, len(self._kept))
            super().showPage()
        super().save()

    def _footer(self, number: int, count: int) -> None:
        fonts()
        base = 10 * mm
        self.setStrokeColor(HexColor(HAIR))
        self.setLineWidth(0.5)
        self.line(MARGIN, base + 11, PAPER[0] - MARGIN, base + 11)
        self.setFillColor(HexColor(QUIET))
        self.setFont(BOLD, 7)
        self.drawString(MARGIN, base, self._words[0])
        self.setFont(REGULAR, 7)
        self.drawCentredString(PAPER[0] / 2 + 14 * mm, base, self._session)
        self.drawRightString(PAPER[0] - MARGIN, base, self._words[1].format(number=number, count=count))
