from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.device_contract import DeviceContract
from tests.devices.link_peer import Bench


class TestLinkDevice(DeviceContract):
    @pytest.fixture
    def tick(self, bench: Bench) -> Callable[[], None]:
        return bench.tick
