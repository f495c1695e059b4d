"""The eight training modes, in the words of J. NeuroEng. Rehabil. 11:111, table 1."""

from __future__ import annotations

import pytest

from rehab.core import registry
from rehab.core.errors import Finding
from rehab.protocol.blocks import mode_controller
from rehab.protocol.modes import MODES, available


@pytest.fixture(autouse=True)
def plugins() -> None:
    """Here the installed controllers count, not those of this folder's other tests."""


def test_all_eight_words_are_known() -> None:
    assert set(MODES) == {
        "passive", "active", "assistive", "active_assistive", "path_guidance", "corrective", "resistive",
        "passive_mirrored",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "controller"),
    [
        ("active", "transparent"),
        ("assistive", "assist_as_needed"),
        ("active_assistive", "assist_after_failure"),
        ("path_guidance", "path_tunnel"),
        ("corrective", "corrective"),
    ],
)
def test_a_mode_picks_its_controller(mode: str, controller: str) -> None:
    assert mode_controller(mode, "mode") == controller


def test_a_mode_can_be_used_exactly_when_its_controller_is_installed() -> None:
    installed = registry.names("controller")
    for mode, controller in MODES.items():
        assert (mode in available()) == (controller in installed)


def test_a_mode_without_its_controller_says_which_one_it_needs() -> None:
    finding = mode_controller("passive_mirrored", "blocks[0].mode")
    assert isinstance(finding, Finding)
    assert finding.message == 'mode "passive_mirrored" needs the controller "mirror", which is not installed'
    assert "assistive" in finding.allowed
