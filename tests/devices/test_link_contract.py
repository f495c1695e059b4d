from __future__ import annotations

from collections.abc import Callable

import pytest

from rehab.contract.device import DeviceContract
from tests.devices.link_peer import Bench


class TestLinkDevice(DeviceContract):
    @pytest.fixture
    def tick(self, bench: Bench) -> Callable[[], None]:
        return bench.tick
