"""Is the code that runs the code that was installed? Asked before hardware may be armed (F41).

A wheel's RECORD holds a hash of every file: each is compared, and nobody else may be able to write to it. Another
package that overwrote one of our folders, or stands before it on the path, is found. An editable install has no such
record: it is a developer's, and says so.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

NAME = "rehab-loop"
SHOWN = 3  # problems that are named


class Installation(NamedTuple):
    """kind: "wheel", "editable" or "unknown"; problems: what does not fit, a line each (of a wheel only)."""

    kind: str
    problems: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        if self.kind != "wheel":
            return f"{self.kind}: not checked"
        if not self.problems:
            return "wheel: as installed"
        more = len(self.problems) - SHOWN
        return "wheel: " + "; ".join(self.problems[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def installation(found: Distribution | None = None, origins: Mapping[str, Path] | None = None) -> Installation:
    """What is installed. `origins` tells, for tests, from which file each package is imported."""
    try:
        dist = found or distribution(NAME)
    except PackageNotFoundError:
        return Installation("unknown")
    written = dist.read_text("direct_url.json")
    if written and json.loads(written).get("dir_info", {}).get("editable"):
        return Installation("editable")
    return Installation("wheel", tuple(_problems(dist, origins)))


def _problems(dist: Distribution, origins: Mapping[str, Path] | None) -> Iterator[str]:
    files = [file for file in dist.files or () if file.hash is not None]
    if not files:
        yield "its list of files (RECORD) is missing"
    for file in files:
        path = Path(str(file.locate()))
        try:
            about, data = path.stat(), path.read_bytes()
        except OSError as error:
            yield f"{file}: {error.strerror}"
            continue
        assert file.hash is not None
        digest = hashlib.new(file.hash.mode, data).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            yield f"{file} was changed after it was installed"
        elif about.st_uid not in (0, os.geteuid()):
            yield f"{file} belongs to another user"
        elif about.st_mode & stat.S_IWOTH:
            yield f"{file} can be written by everybody"
    packages = {file.parts[0] for file in files if len(file.parts) == 2 and file.parts[1] == "__init__.py"}
    for package in sorted(packages):
        ours, imported = Path(str(dist.locate_file(f"{package}/__init__.py"))), _origin(package, origins)
        if imported is None or imported.resolve() != ours.resolve():
            yield f"{package} is imported from {imported}"


def _origin(package: str, origins: Mapping[str, Path] | None) -> Path | None:
    if origins is not None:
        return origins.get(package)
    spec = find_spec(package)
    return Path(spec.origin) if spec is not None and spec.origin else None


def obstacles(simulated: bool, real_time: bool, installed: Installation, allow: tuple[str, ...]) -> tuple[str, ...]:
    """Why this device may not be armed here, in words; nothing for a simulation."""
    if simulated:
        return ()
    found = []
    if not real_time and "no_real_time" not in allow:
        found.append(
            "F28 real-time scheduling is not permitted here, and a limb would feel every pause of this machine: permit "
            "it (ulimit -r 60), or let the site allow it (allow: {no_real_time: true})"
        )
    if installed.problems:
        found.append(f"F41 the installed code is not the code that was delivered ({installed.words}): install it again")
    elif installed.kind != "wheel" and "editable" not in allow:
        found.append(
            f"F41 the code is not checked ({installed.kind} install): install the wheel, or let the site allow it "
            "(allow: {editable: true})"
        )
    return tuple(found)
