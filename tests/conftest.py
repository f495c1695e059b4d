"""For all tests: the plug-ins must be installed, and property tests are repeatable and know no clock."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from rehab.core import registry

# a busy machine must not fail a property; the same examples in each run, others with --hypothesis-profile=search
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None, database=None, max_examples=1000)
settings.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    if "impedance" not in registry.names("controller"):
        raise pytest.UsageError('the plug-ins are not installed: run "pip install -e ." in the project\'s folder')

    gc.disable()  # half a million things are made while tests are collected, and they stay: no use to look through them


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of this test's rings and sockets: in memory, as a ring on a disk would hold up the loop whenever it is
    written back, and not deep, as the path of a socket may have 108 characters."""
    folder = Path(tempfile.mkdtemp(prefix="rehab-test-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    monkeypatch.setenv("REHAB_RUN", str(folder))
    yield folder
    shutil.rmtree(folder)
