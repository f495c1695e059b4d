"""The site's own limits: what the clinic or laboratory has decided for its machines and its room.

The file is the one that REHAB_SITE names, else rehab/site.yaml in $XDG_CONFIG_HOME or ~/.config. Without that file the
built-in limits stand as they are.

    limits:
      force: 25 N             # lower or higher than the built-in value, always inside its hard range
      stale_stop: 200 ms

Protocols can only tighten what stands here.
"""

from __future__ import annotations

import os
from pathlib import Path

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


def site_limits() -> dict[str, float]:
    """The site's limits in SI, by name; empty without a file. Raises Findings with every problem of the file at once,
    and BadInput when it cannot be read: a site that set limits must never run without them."""
    path = site_file()
    if not path.exists():
        if os.environ.get("REHAB_SITE"):
            raise BadInput(f"REHAB_SITE names {path}, which does not exist")
        return {}
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: the site's limits cannot be read: {error}") from error
    written = Written(text, str(path))
    findings: list[Finding] = []
    limits: dict[str, float] = {}
    if isinstance(written.value, dict):
        strange = [unknown_key(key, "", ["limits"]) for key in written.value if key != "limits"]
        limits, wrong = read_limits(written.value.get("limits", {}), "limits")
        findings = [*strange, *wrong]
    elif not written.findings:
        findings = [Finding("", "not the limits of a site", 'for example "limits: {force: 30 N}"')]
    settled = written.settled(findings)
    if settled:
        raise written.error(settled)
    return limits
