"""Every installed controller keeps the contract; a new entry point is covered without an edit here."""

from __future__ import annotations

import pytest

from rehab.core import registry
from tests.contract.controller_contract import ControllerContract, Make, arm

__all__ = ["arm"]


class TestInstalledControllers(ControllerContract):
    @pytest.fixture(params=registry.names("controller"))
    def make(self, request: pytest.FixtureRequest) -> Make:
        make: Make = registry.find("controller", request.param)
        return make
