"""Which texts the windows say, as Babel finds them in the code, and which of them Italian lacks.

python -m tests.gui.catalogue [AREA...]      prints what is missing, ready to paste into gui/i18n/it/AREA.po
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract_from_file

from gui import i18n
from rehab.clinic.kinds import KINDS
from rehab.core import registry
from rehab.core.limits import BUILTIN
from rehab.core.safety.faults import FACTS
from rehab.measures.trial import DESCRIPTIONS
from rehab.report.columns import IDEALS
from rehab.report.monitored import FILTERS

ROOT = Path(__file__).parents[2]
KEYWORDS = {"tr": None, "trn": (1, 2), "mark": None}


class Said(NamedTuple):
    """One text and where it stands."""

    where: str
    one: str
    many: str = ""


def said() -> list[Said]:
    """All texts of gui/, and those of the core that windows show."""
    found = []
    for path in sorted((ROOT / "gui").rglob("*.py")):
        if path.parts[-2] == "i18n":
            continue
        for line, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
            texts = (message,) if isinstance(message, str) else tuple(m for m in message if m)
            found.append(Said(f"{path.relative_to(ROOT)}:{line}", *texts[:2]))
    for fault, facts in FACTS.items():
        found += [Said(f"faults:{fault.name}", text) for text in (fault.label, facts.help) if text]
    for kind in ("exercise", "controller"):
        for name in registry.names(kind):
            of = registry.find(kind, name).parameters
            found += [Said(f"parameters:{name}.{key}", p.says) for key, p in of.items() if p.says]
    kinds = [text for kind in KINDS for text in (*(part.title for part in kind.subscores), kind.unit) if text]
    shown = [
        *(description.says for description in DESCRIPTIONS.values()), *(ideal.says for ideal in IDEALS.values()),
        *(limit.says for limit in BUILTIN.values()), *FILTERS.values(), *kinds,
    ]  # fmt: skip
    return found + [Said("core", text) for text in dict.fromkeys(shown)]


def missing(language: str) -> list[Said]:
    texts = i18n.texts(language)
    return list({s.one: s for s in said() if s.one not in texts}.values())


def entry(text: Said) -> str:
    quote = {ord('"'): '\\"', ord("\n"): "\\n", ord("\\"): "\\\\"}
    lines = [f"#: {text.where.partition(':')[0]}", f'msgid "{text.one.translate(quote)}"']
    if text.many:
        lines += [f'msgid_plural "{text.many.translate(quote)}"', 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines.append('msgstr ""')
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for each in missing("it"):
        if not sys.argv[1:] or any(area in each.where for area in sys.argv[1:]):
            print(entry(each))
