"""A fresh environment in which a reader tries things: packages that are installed there touch nothing else."""

from __future__ import annotations

import os
import site
import subprocess
import venv
from pathlib import Path

# a shared machine stalls for longer than the built-in limits rightly allow
SITE = "limits: {stale_fade: 150 ms, stale_stop: 800 ms, overrun_stop: 800 ms, rate_stop: 0.1, watchdog: 500 ms}\n"


class Fresh:
    """`folder` is where one works; `run(script)` gives the lines to a shell in it. What this environment has is there
    too; pip installs into the fresh one only, without a network. Sessions and settings stay inside as well."""

    def __init__(self, where: Path, runs: Path) -> None:
        home = where / "environment"
        venv.create(home, with_pip=False, symlinks=True)
        (packages,) = home.glob("lib/python*/site-packages")
        shared = [path for path in site.getsitepackages() if Path(path).is_dir()]
        (packages / "shared.pth").write_text("".join(f"import site; site.addsitedir({path!r})\n" for path in shared))
        for tool in ("pip", "pytest", "rehab"):
            script = home / "bin" / tool
            script.write_text(f'#!/bin/sh\nexec {home}/bin/python -P -m {tool} "$@"\n')
            script.chmod(0o755)
        (where / "site.yaml").write_text(SITE)
        self.folder, self.runs = where / "work", runs
        self.folder.mkdir()
        self.environment = {
            "PATH": f"{home / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "HOME": str(where),
            "LC_ALL": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_DATA_HOME": str(where / "data"),
            "REHAB_SITE": str(where / "site.yaml"),
            "REHAB_RUN": str(self.runs),
            "REHAB_SELF_TEST": "0.1",
        }
        self.python = str(home / "bin" / "python")

    def run(self, script: str, *, timeout: float = 600.0) -> subprocess.CompletedProcess[str]:
        """What a shell makes of it, ending at the first line that fails."""
        return subprocess.run(
            ["/bin/sh", "-eu", "-c", script], cwd=self.folder, env=self.environment, capture_output=True, text=True,
            timeout=timeout, check=False,
        )  # fmt: skip
