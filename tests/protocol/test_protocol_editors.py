"""The JSON Schema for editors: valid itself, and of one mind with what reads protocols."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from rehab.cli.main import main
from rehab.core import registry
from rehab.protocol.editors import protocol_schema
from rehab.protocol.load import ready_protocols
from tests.protocol import stand_ins

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def known(plugins: None) -> None:
    registry._local.clear()
    stand_ins.add()


@pytest.fixture
def validator() -> Draft202012Validator:
    return Draft202012Validator(protocol_schema())


def problems(validator: Draft202012Validator, text: str) -> list[str]:
    return [error.json_path for error in validator.iter_errors(YAML(typ="safe").load(text))]


def research(block: str) -> str:
    return f"profile: research\nblocks:\n  - {{name: a, reach: {{}}, {block}}}\n"


def test_it_is_a_schema_of_2020_12() -> None:
    schema = protocol_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(schema)) == schema


def test_every_reference_in_it_leads_somewhere() -> None:
    schema = protocol_schema()

    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if "$ref" in value else set()
            return own.union(*(references(part) for part in value.values()))
        return set().union(*(references(part) for part in value)) if isinstance(value, list) else set()

    found = references(schema)
    assert {reference.removeprefix("#/$defs/") for reference in found} <= set(schema["$defs"])
    assert "#/$defs/controller" in found


@pytest.mark.parametrize("name", ["short", "full"])
def test_the_designs_examples_are_valid(validator: Draft202012Validator, name: str) -> None:
    assert problems(validator, (HERE / "examples" / f"{name}.yaml").read_text()) == []


@pytest.mark.parametrize("name", ["reach_active", "reach_assisted", "reach_demo"])
def test_what_ships_is_valid(validator: Draft202012Validator, name: str) -> None:
    assert problems(validator, ready_protocols()[name].read_text()) == []


@pytest.mark.parametrize(
    ("block", "where"),
    [
        ("trials: 8, trails: 8", "$.blocks[0]"),
        ("trials: 0", "$.blocks[0].trials"),
        ("trials: 8, mode: actve", "$.blocks[0].mode"),
        ("trials: 8, controller: {impedance: {stifness: 200 N/m}}", "$.blocks[0].controller"),
        ("trials: 8, controller: {impedance: {stiffness: 200}}", "$.blocks[0].controller"),
        ("trials: 8, limits: {force: 30}", "$.blocks[0].limits.force"),
        ("trials: 8, trial: [{hold: {fro: 1 s}}]", "$.blocks[0].trial[0].hold"),
        ("trials: 8, trial: [{jump: {}}]", "$.blocks[0].trial[0]"),
        ("trials: 8, cursor: {map: {rotate: 30}}", "$.blocks[0].cursor.map"),
        ("trials: 8, insert: {catch: {per_targt: 1}}", "$.blocks[0].insert.catch"),
        ("trials: 8, order: {shuffle: evry_cycle}", "$.blocks[0].order.shuffle"),
    ],
)
def test_what_would_be_refused_is_underlined_already_in_the_editor(
    validator: Draft202012Validator, block: str, where: str
) -> None:
    found = problems(validator, research(block))
    assert found and all(path.startswith(where) for path in found)


def test_a_value_of_an_arm_may_stand_anywhere(validator: Draft202012Validator) -> None:
    assert problems(validator, research("trials: 8, controller: {impedance: {stiffness: $arm.k}}")) == []


def test_a_therapists_protocol_needs_its_head_and_a_researchers_does_not(validator: Draft202012Validator) -> None:
    assert problems(validator, "blocks: [{name: a, reach: {}, mode: active, trials: 8}]") != []
    assert problems(validator, research("trials: 8")) == []


def test_parameters_come_with_what_they_are_and_what_is_allowed() -> None:
    radius = protocol_schema()["$defs"]["block"]["properties"]["reach"]["properties"]["radius"]
    assert "distance from the centre to the targets" in radius["description"]
    assert "a length from 1 cm to 50 cm" in radius["description"]


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == protocol_schema()
    assert main(["check", "--schema", str(tmp_path / "protocol.schema.json")]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads((tmp_path / "protocol.schema.json").read_text()) == protocol_schema()
