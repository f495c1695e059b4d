from __future__ import annotations

from collections.abc import Iterator

import pytest

from rehab.clinic.passwords import cheaply
from tests.clinic.people import House, house


@pytest.fixture(autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Argon2 is slow on purpose; here it need not be."""
    with cheaply():
        yield


@pytest.fixture
def home() -> Iterator[House]:
    found = house()
    yield found
    found.clinic.close()
