"""What the tests of reports share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.made_up_session import MadeUp, make


@pytest.fixture
def recording(tmp_path: Path) -> MadeUp:
    return make(tmp_path / "2026-11-23T101500Z-7f3a")
