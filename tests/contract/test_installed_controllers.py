"""Every installed controller keeps the contract; a new entry point is covered without an edit here."""

from __future__ import annotations

import pytest

from rehab.contract.controller import ControllerContract, Make
from rehab.core import registry


class TestInstalledControllers(ControllerContract):
    @pytest.fixture(params=registry.names("controller"))
    def make(self, request: pytest.FixtureRequest) -> Make:
        make: Make = registry.find("controller", request.param)
        return make
