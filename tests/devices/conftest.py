from __future__ import annotations

from collections.abc import Iterator

import pytest

from devices.link.device import LinkDevice
from tests.devices.link_peer import Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


@pytest.fixture
def device(bench: Bench) -> Iterator[LinkDevice]:
    """A driver on the bench, not open."""
    device = bench.device()
    yield device
    device.close()


@pytest.fixture
def opened(device: LinkDevice) -> LinkDevice:
    device.open()
    return device


@pytest.fixture
def armed(opened: LinkDevice) -> LinkDevice:
    opened.arm()
    return opened
