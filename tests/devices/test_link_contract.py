from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from devices.link.device import LinkDevice
from rehab.contract.device import DeviceContract
from tests.devices.link_peer import Bench


class TestLinkDevice(DeviceContract):
    @pytest.fixture
    def device(self, bench: Bench) -> Iterator[LinkDevice]:
        """A driver on the bench, not open."""
        made = bench.device()
        yield made
        made.close()

    @pytest.fixture
    def tick(self, bench: Bench) -> Callable[[], None]:
        return bench.tick
