"""The device check of a day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from rehab.core.errors import BadInput
from tests.clinic.people import house


def test_a_check_holds_for_its_device_and_its_day_whoever_asks(tmp_path: Path) -> None:
    home = house(tmp_path / "clinic.db")
    home.anna.checks.keep("sim:planar_arm", {"link": "good"})
    found = home.marco.checks.today("sim:planar_arm")
    assert found is not None and found.results == {"link": "good"} and found.by == home.anna.user.full_name
    assert home.anna.checks.today("serial:/dev/ttyACM0") is None
    home.clock.now += timedelta(days=1)
    assert home.anna.checks.today("sim:planar_arm") is None
    home.clinic.close()


def test_a_check_without_results_is_none(tmp_path: Path) -> None:
    home = house(tmp_path / "clinic.db")
    with pytest.raises(BadInput, match="results"):
        home.anna.checks.keep("sim:planar_arm", {})
    home.clinic.close()
