"""Real-time abilities of this machine, each optional and each reported: FIFO, locked memory, a quiet collector.

Without permission the loop still runs; what was granted travels in the timing certificate.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import sys
from pathlib import Path

CONTROL_PRIORITY = 50
EMULATOR_PRIORITY = 40
RUNAWAY = 0.050, 0.100  # s of processor time without a sleep, under FIFO, until SIGXCPU and until SIGKILL
MCL_CURRENT, MCL_FUTURE = 1, 2
PR_SET_PDEATHSIG = 1
RESET_ON_FORK = getattr(os, "SCHED_RESET_ON_FORK", 0)  # a second recorder that loads must not stand before control


def use_fifo(priority: int) -> str:
    """SCHED_FIFO at that priority if permitted, for this thread alone: what it starts is scheduled as usual. What is in
    force, in words."""
    if hasattr(os, "sched_setscheduler"):
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO | RESET_ON_FORK, os.sched_param(priority))
            return f"SCHED_FIFO {priority}"
        except PermissionError:
            pass
    return "normal"


def limit_runaways() -> bool:
    """From now on a thread under FIFO that runs for 50 ms without sleeping ends this process (SIGXCPU, no core file).

    A `while True` in a controller would else keep a processor for good, and nothing of ordinary priority could stop it.
    Ordinary scheduling is not limited. False where the system knows no such limit.
    """
    if not hasattr(resource, "RLIMIT_RTTIME"):
        return False
    soft, hard = (round(1e6 * seconds) for seconds in RUNAWAY)
    most = resource.getrlimit(resource.RLIMIT_RTTIME)[1]
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(resource.RLIMIT_RTTIME, (soft, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return True


def use_normal() -> None:
    """Back to ordinary scheduling, for work that takes long (loading plug-ins)."""
    if is_fifo():
        os.sched_setscheduler(0, os.SCHED_OTHER | RESET_ON_FORK, os.sched_param(0))


def is_fifo() -> bool:
    return hasattr(os, "sched_getscheduler") and os.sched_getscheduler(0) & ~RESET_ON_FORK == os.SCHED_FIFO


def lock_memory() -> str:
    """mlockall if permitted. Future pages are locked only when the limit is infinite: else an allocation would fail."""
    if not sys.platform.startswith("linux"):
        return ""
    unlimited = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY
    libc = ctypes.CDLL(None, use_errno=True)
    locked = libc.mlockall(MCL_CURRENT | (MCL_FUTURE if unlimited else 0)) == 0
    return "mlockall" if locked else ""


def stay_awake() -> int | None:
    """Ask for shallow CPU sleep states while the returned descriptor is open; None where it cannot be asked."""
    try:
        descriptor = os.open("/dev/cpu_dma_latency", os.O_WRONLY | os.O_CLOEXEC)
        os.write(descriptor, (0).to_bytes(4, sys.byteorder))
    except OSError:
        return None
    return descriptor


def quiet_collector() -> None:
    """No garbage collection from now on; what exists is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.disable()


def die_with_parent() -> None:
    """SIGTERM when the process that started us dies, if it said who it is in REHAB_PARENT. Call first thing in main."""
    parent = os.environ.get("REHAB_PARENT")
    if not parent or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it died before we could ask
        sys.exit(0)


def owner_of(pid: int) -> str:
    """The command of a process, for messages."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return " ".join(word.decode(errors="replace") for word in words[:3] if word)
