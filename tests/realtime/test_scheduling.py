"""Priority is the loop's and its supervisor's own."""

from __future__ import annotations

import subprocess
import sys

CHILD = "import os; print(os.sched_getscheduler(0) == os.SCHED_OTHER)"
PARENT = f"""\
import subprocess, sys
from rehab.realtime import scheduling
scheduling.use_fifo(1)
subprocess.run([sys.executable, "-c", {CHILD!r}], check=True)
"""


def test_a_process_that_one_with_priority_starts_has_none() -> None:
    """The recorder that takes over from a dead one is started by the supervisor, which stands before the loop."""
    done = subprocess.run([sys.executable, "-c", PARENT], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
