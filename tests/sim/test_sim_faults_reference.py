"""docs/fault-scripts.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from sim.fault_words import FLAGS, HOWS, KEYS, LINKS
from sim.faults import read_faults, ready_faults

REFERENCE = (Path(__file__).parents[2] / "docs/fault-scripts.md").read_text("utf-8")


def test_the_example_is_a_script() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", REFERENCE, re.DOTALL)
    assert len(read_faults(example).entries) == 3


def test_every_word_is_explained() -> None:
    hows = {how for known in HOWS.values() for how in known}
    for word in (*KEYS, *LINKS, *hows, *FLAGS["status"], *FLAGS["inputs"], *ready_faults(), "power", "patient"):
        assert f"`{word}`" in REFERENCE, word
