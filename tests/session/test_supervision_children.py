"""What the supervisor starts."""

from __future__ import annotations

import subprocess
import sys

from rehab.session.children import environment

THREADS = "import numpy, os; numpy.eye(500) @ numpy.eye(500); print(len(os.listdir('/proc/self/task')))"


def test_a_child_that_computes_has_one_thread() -> None:
    """Others would have no priority, and the loop and the end of its process would wait for them."""
    command = [sys.executable, "-c", THREADS]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"
