"""Finding people: every word typed begins some word of the name, or is (part of) the birth date or the code.

fold: "Così É" -> "cosi e": without accents, case, and what is between words.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date


def fold(text: str) -> str:
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(c for c in spread if not unicodedata.category(c).startswith("M"))
    return " ".join(re.findall(r"\w+", plain))


def read_date(text: str) -> date | None:
    """1958-05-03, 3/5/1958, 3.5.1958 or 03-05-1958 (day first, as in Italy); None for what is no date."""
    numbers = re.fullmatch(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})", text.strip())
    if numbers is None:
        return None
    first, month, last = (int(number) for number in numbers.groups())
    year, day = (first, last) if len(numbers[1]) == 4 else (last, first)
    try:
        return date(year, month, day) if year >= 1000 else None
    except ValueError:
        return None


def found(text: str, names: str, born: date, code: str) -> bool:
    """Does what was typed mean this person? "" means everybody."""
    words = fold(names).split()
    for typed in text.split():
        day = read_date(typed)
        if day is not None:
            if day != born:
                return False
        elif not (typed == f"{born.year}" or _is_code(typed, code) or _begins(fold(typed), words)):
            return False
    return True


def _is_code(typed: str, code: str) -> bool:
    return len(typed) >= 4 and code.startswith(typed.upper())


def _begins(typed: str, words: list[str]) -> bool:
    """Each piece begins a word: "d'an" folds to two."""
    return all(any(word.startswith(piece) for word in words) for piece in typed.split())
