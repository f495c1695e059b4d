"""Whatever is written into a protocol, anywhere: it is sound, or it has findings with places, and nothing else."""

from __future__ import annotations

import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from rehab.core import registry
from rehab.core.errors import Findings
from rehab.protocol.load import read_protocol
from sim.models import load
from tests.protocol import stand_ins

EXAMPLES = Path(__file__).parent / "examples"
INFO = load("planar_arm")
FULL = YAML(typ="safe").load((EXAMPLES / "full.yaml").read_text())
ODD: list[Any] = [
    None, True, 0, -1, 3, 10**9, 1.5, float("nan"), "", " ", "none", "target", "5 N", "3 s", "1..2 s", "2..", "..",
    "10 cm",
    "$arm.s", "$arm.x", "$arm", ">= 5", "key", [], ["early"], [1, "x"], {}, {"a": 1}, {"table": "x.csv"}, {"map": {}},
    {"force_field": {}}, {"pain": {}}, [{"hold": {}}], [{"hold": None}], [["hold"]], {"step": ["1 N.m", "2 N.m"]},
    {"x": {"count": 2, "say": "a"}}, {"joint": "elbow", "step": "1 N.m"},
]  # fmt: skip


@pytest.fixture(autouse=True)
def known(plugins: None) -> None:
    registry._local.clear()
    stand_ins.add()


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        inner = [place for key, part in value.items() for place in places(part, (*path, key))]
    elif isinstance(value, list):
        inner = [place for index, part in enumerate(value) for place in places(part, (*path, index))]
    else:
        inner = []
    return [path, *inner] if path else inner


PLACES = places(FULL)
KEYS = sorted({place[-1] for place in PLACES if isinstance(place[-1], str)} | {"each_cell", "trials", "until", "table"})


def put(value: Any, place: tuple[Any, ...], what: Any) -> None:
    for step in place[:-1]:
        value = value[step]
    value[place[-1]] = what


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from([None, *KEYS]), st.sampled_from(ODD)), min_size=1, max_size=3
    )
)
def test_a_spoilt_study_has_findings_in_its_text_or_none_at_all(
    tmp_path: Path, changes: list[tuple[tuple[Any, ...], str | None, Any]]
) -> None:
    spoilt = deepcopy(FULL)
    for place, key, what in changes:
        try:
            put(spoilt, place if key is None else (*place[:-1], key), what)
        except (KeyError, TypeError, IndexError):  # what was there has been spoilt away
            continue
    shutil.copy(EXAMPLES / "strategy.md", tmp_path)
    path = tmp_path / "spoilt.yaml"
    with path.open("w") as file:
        YAML(typ="safe").dump(spoilt, file)
    try:
        plan = read_protocol(path).plan(INFO, INFO.limits())
    except Findings as error:
        assert error.findings
        assert all(found.line >= 1 and found.message for found in error.findings)
        assert str(error)
    else:
        realised = plan.realise(1)
        assert all(len(block.trial_list) in (0, block.trials) for block in realised.blocks)
