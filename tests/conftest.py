"""For all tests: the plug-ins must be installed, and property tests are repeatable and know no clock."""

from __future__ import annotations

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
