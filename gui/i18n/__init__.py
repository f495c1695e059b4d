"""Words in the user's language. English stands in the code; other languages are LANGUAGE/*.po, one file an area.

tr("Trial {number} of {total}", number=3, total=16)       the text, translated, its places filled
trn("{n} trial", "{n} trials", 3)                         with the plural of the language
mark("Ready to start")                                    for tables: the text itself, translated where it is shown

View models use this without Qt. A language is chosen for the whole process; whoever changes it rebuilds what is shown.
"""

from __future__ import annotations

import datetime as dt
import gettext
import re
from functools import cache
from io import BytesIO
from math import floor, log10
from pathlib import Path
from typing import Any

from babel import dates, numbers
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "it": "Italiano"}
PSEUDO = "pseudo"  # every text as «text»: a test sees what was forgotten
HERE = Path(__file__).parent

_language = "en"


class Texts:
    """What the catalogues of one language say. Raises ValueError for two different translations of one text."""

    def __init__(self, language: str) -> None:
        whole = Catalog(language)
        for path in sorted((HERE / language).glob("*.po")):
            with path.open("rb") as file:
                for message in read_po(file, language):
                    if not message.id or message.fuzzy or not all(_strings(message)):
                        continue
                    before = whole.get(message.id)
                    if before is not None and before.string != message.string:
                        raise ValueError(f"{path.name}: {message.id!r} is translated otherwise elsewhere")
                    whole[message.id] = message
        compiled = BytesIO()
        write_mo(compiled, whole)
        compiled.seek(0)
        said = gettext.GNUTranslations(compiled)
        self.one, self.many = said.gettext, said.ngettext
        self.all = [m.id if isinstance(m.id, str) else m.id[0] for m in whole if m.id]
        self._known = set(self.all)

    def __contains__(self, text: str) -> bool:
        return text in self._known


def _strings(message: Message) -> tuple[str, ...]:
    said = message.string
    return (said,) if isinstance(said, str) else tuple(said or ("",))


@cache
def texts(language: str) -> Texts:
    return Texts(language)


def use(language: str) -> None:
    """Choose the language of everything said from now on: one of LANGUAGES, or PSEUDO."""
    if language not in (*LANGUAGES, PSEUDO):
        raise ValueError(f'language "{language}": one of {", ".join(LANGUAGES)}')
    global _language
    _language = language


def language() -> str:
    return _language


def tr(text: str, /, **values: Any) -> str:
    if _language == PSEUDO:
        said = f"«{text}»"
    else:
        said = text if _language == "en" else texts(_language).one(text)
    return said.format(**values) if values else said


def trn(one: str, many: str, n: int, /, **values: Any) -> str:
    """`{n}` in the text is the number."""
    if _language == PSEUDO:
        said = f"«{one if n == 1 else many}»"
    else:
        said = (one if n == 1 else many) if _language == "en" else texts(_language).many(one, many, n)
    return said.format(n=n, **values)


def mark(text: str) -> str:
    """The text itself; says that it will be shown through `tr`."""
    return text


def own(texts_by_language: dict[str, str]) -> str:
    """Of texts that carry their own translations (an exercise's instructions) that of the language in use."""
    said = texts_by_language.get(_language) or texts_by_language["en"]
    return f"«{said}»" if _language == PSEUDO else said


def shown_date(day: dt.date, form: str = "medium") -> str:
    """"26 Nov 2026", "26 nov 2026"; form: short, medium, long, full."""
    return dates.format_date(day, form, locale=_locale())


def shown_time(moment: dt.datetime | dt.time) -> str:
    return dates.format_time(moment, "HH:mm", locale=_locale())


def shown_number(value: float, digits: int = 0, unit: str = "") -> str:
    """"1,234.5 N": grouped and pointed as the language does, with its unit after a narrow space that does not break
    (a degree does without)."""
    number = numbers.format_decimal(value, "#,##0" + ("." + "0" * digits if digits else ""), locale=_locale())
    return f"{number}{unit}" if unit in ("", "°") else f"{number}\u202f{unit}"


def shown_digits(value: float, digits: int = 4) -> str:
    """So many significant digits at most, no zeros at the end, never a power of ten: "0,75", "1200"."""
    if value == 0.0:
        return "0"
    decimals = max(0, digits - 1 - floor(log10(abs(value))))
    number = f"{value:.{decimals}f}"
    return pointed(number.rstrip("0").rstrip(".") if "." in number else number)


def pointed(words: str) -> str:
    """Numbers in a text made elsewhere, with the language's decimal mark; versions, paths and times stay."""
    if _language != "it":
        return words
    return re.sub(r"(?<![\w./:])(\d+)\.(\d+)(?![\w./])", r"\1,\2", words)


def shown_percent(share: float) -> str:
    return numbers.format_percent(share, locale=_locale())


def places(text: str) -> set[str]:
    """The names in braces: a translation must have the same ones."""
    return set(re.findall(r"{(\w+)[^}]*}", text))


def _locale() -> str:
    return {"en": "en_GB", "it": "it_IT", PSEUDO: "en_GB"}[_language]
