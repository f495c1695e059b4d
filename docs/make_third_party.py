"""Writes docs/third-party.md: the software of others that is installed with ours, in the versions of constraints.txt.

Run `python docs/make_third_party.py` in the development environment after changing the constraints.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "third-party.md"
OURS = "rehab-loop"
KNOWN = re.compile(r"MIT|BSD|Apache|GPL|MPL|PSF|ISC|HPND|[Zz]lib")
HEAD = """# Third-party software

The software of others that is installed with ours (in the language of IEC 62304: SOUP), in the versions with which this
was last tested. *Runs* says whether it is loaded during sessions, or for development and tests only. Licences are those
that the packages themselves declare. Python, the operating system and the fonts of matplotlib come with their own.
Written by `docs/make_third_party.py`.

| package | version | licence | runs | what it is |
| --- | --- | --- | --- | --- |
"""


def same(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def needed_to_run() -> set[str]:
    """Everything that our own package needs without its extras, directly or not."""
    found: set[str] = set()
    waiting: list[tuple[str, tuple[str, ...]]] = [(OURS, ("",))]
    while waiting:
        name, extras = waiting.pop()
        try:
            requires = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        for text in requires:
            wanted = Requirement(text)
            applies = wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in extras)
            if applies and same(wanted.name) not in found:
                found.add(same(wanted.name))
                waiting.append((wanted.name, (*wanted.extras, "")))
    return found


def licence(of: Distribution) -> str:
    """As declared: the SPDX expression, else the first line of the old field, else the classifiers."""
    meta = of.metadata
    expression = meta.get("License-Expression")
    if expression:
        return str(expression)
    old = str(meta.get("License") or "").strip().splitlines()
    if old and len(old[0]) <= 60 and KNOWN.search(old[0]) and "Copyright" not in old[0]:
        return old[0]
    named = [str(text).rpartition(" :: ")[2] for text in meta.get_all("Classifier", []) if "License ::" in str(text)]
    return "; ".join(named) or "see the package"


def page() -> str:
    """Raises PackageNotFoundError where what the constraints name is not installed."""
    runs = needed_to_run()
    lines = []
    for name, version in constraints().items():
        found = distribution(name)
        says = " ".join(str(found.metadata.get("Summary") or "").split()).replace("|", "\\|").rstrip(".")
        used = "yes" if same(name) in runs else "development"
        lines.append(f"| {name} | {version} | {licence(found).replace('|', '/')} | {used} | {says} |\n")
    return HEAD + "".join(lines)


def main() -> int:
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
