"""The site's own limits: what the clinic or laboratory has decided for its machines and its room.

The file is the one that REHAB_SITE names, else rehab/site.yaml in $XDG_CONFIG_HOME or ~/.config. Without that file the
built-in limits stand as they are.

    limits:
      force: 25 N             # lower or higher than the built-in value, always inside its hard range
      stale_stop: 200 ms
    allow:
      no_real_time: true      # hardware may be armed where real-time scheduling is not permitted
      editable: true          # ... and from an editable install, whose files nothing vouches for

Protocols can only tighten what stands here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from rehab.core.errors import BadInput, Finding
from rehab.protocol.limits import read_limits
from rehab.protocol.schema import unknown_key
from rehab.protocol.written import Written


def site_file() -> Path:
    """Where the site's file is, or would be."""
    named = os.environ.get("REHAB_SITE")
    if named:
        return Path(named).expanduser()
    config = os.environ.get("XDG_CONFIG_HOME")
    return (Path(config) if config else Path.home() / ".config") / "rehab" / "site.yaml"


ALLOWANCES = ("no_real_time", "editable")


def site_limits() -> dict[str, float]:
    """The site's limits in SI, by name; empty without a file. Raises Findings with every problem of the file at once,
    and BadInput when it cannot be read: a site that set limits must never run without them."""
    return _read()[0]


def site_allows() -> tuple[str, ...]:
    """What the site allows hardware to be armed without, of ALLOWANCES. Errors as site_limits."""
    return _read()[1]


def _read() -> tuple[dict[str, float], tuple[str, ...]]:
    path = site_file()
    if not path.exists():
        if os.environ.get("REHAB_SITE"):
            raise BadInput(f"REHAB_SITE names {path}, which does not exist")
        return {}, ()
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: the site's limits cannot be read: {error}") from error
    written = Written(text, str(path))
    findings: list[Finding] = []
    limits: dict[str, float] = {}
    allowed: tuple[str, ...] = ()
    if isinstance(written.value, dict):
        known = ["limits", "allow"]
        strange = [unknown_key(key, "", known) for key in written.value if key not in known]
        limits, wrong = read_limits(written.value.get("limits", {}), "limits")
        allowed, odd = _read_allowances(written.value.get("allow", {}))
        findings = [*strange, *wrong, *odd]
    elif not written.findings:
        findings = [Finding("", "not the limits of a site", 'for example "limits: {force: 30 N}"')]
    settled = written.settled(findings)
    if settled:
        raise written.error(settled)
    return limits, allowed


def _read_allowances(value: Any) -> tuple[tuple[str, ...], list[Finding]]:
    if not isinstance(value, dict):
        return (), [Finding("allow", "is not a list of allowances", 'for example "{no_real_time: true}"')]
    findings = [unknown_key(key, "allow", list(ALLOWANCES)) for key in value if key not in ALLOWANCES]
    for name in ALLOWANCES:
        if not isinstance(value.get(name, False), bool):
            findings.append(Finding(f"allow.{name}", "is neither true nor false", "true or false"))
    return tuple(name for name in ALLOWANCES if value.get(name) is True), findings
