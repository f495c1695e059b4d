"""Protocols with mistakes of every kind, each with exactly what is said of it: NAME.txt beside NAME.yaml.

line:column: field: message        of the protocol; in a file beside it, with its name before
"""

from __future__ import annotations

from pathlib import Path

import pytest

from rehab.cli.check import device_of
from rehab.core import registry
from rehab.core.errors import Findings
from rehab.protocol.load import read_protocol
from rehab.protocol.soundness import checked
from tests.protocol import stand_ins

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))


@pytest.fixture(autouse=True)
def known(plugins: None) -> None:
    registry._local.clear()
    stand_ins.add()


def said(path: Path) -> list[str]:
    """As `rehab check --device emulator:planar_arm`: two ticks of delay."""
    protocol = read_protocol(path)
    info, delay = device_of(protocol, "emulator:planar_arm")
    with pytest.raises(Findings) as caught:
        checked(protocol, info, info.limits(), delay)
    beside = {found.file for found in caught.value.findings} - {str(path)}
    assert beside <= {other.name for other in path.parent.glob("*.csv")}
    return [
        f"{found.file + ':' if found.file in beside else ''}{found.line}:{found.column}: {found.field}: {found.message}"
        for found in caught.value.findings
    ]


def test_there_are_at_least_twelve_of_them() -> None:
    assert len(BROKEN) >= 12


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_mistake_is_said_where_it_is_and_nothing_else(path: Path) -> None:
    assert said(path) == path.with_suffix(".txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_all_of_it_can_be_shown_with_the_line_it_is_in(path: Path) -> None:
    protocol = read_protocol(path)
    info, delay = device_of(protocol, "emulator:planar_arm")
    with pytest.raises(Findings) as caught:
        checked(protocol, info, info.limits(), delay)
    assert str(caught.value).count("\n   | ") == 2 * len(caught.value.findings)
