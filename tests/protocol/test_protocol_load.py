"""Protocols: what a good one becomes, and what is said of a bad one, and where."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core import units
from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Findings, UnknownName
from rehab.protocol.load import load_protocol, read_protocol, ready_protocols
from rehab.protocol.plan import Plan

GOOD = """\
# a comment that must survive
protocol: Waving
version: 2
device: arm
limits: {speed: 60 cm/s, force: 30 N}
blocks:
  - {name: alone, wave: {radius: 10 cm}, mode: active, trials: 16}
  - name: helped
    wave: {}
    controller: {spring: {stiffness: 0.3 kN/m}}
    limits: {force: 20 N}
    trials: 4
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "week2.yaml"
    path.write_text(dedent(text))
    return path


def findings(tmp_path: Path, text: str) -> list[tuple[int, int, str, str]]:
    """(line, column, field, message) of everything that is said of a text; nothing else may be raised."""
    with pytest.raises(Findings) as caught:
        load_protocol(written(tmp_path, text))
    assert all(found.file.endswith("week2.yaml") for found in caught.value.findings)
    return [(found.line, found.column, found.field, found.message) for found in caught.value.findings]


def of_block(block: str) -> str:
    return f"protocol: Waving\nversion: 1\ndevice: arm\nblocks:\n  - {block}\n"


def only(tmp_path: Path, block: str) -> tuple[int, int, str, str]:
    (found,) = findings(tmp_path, of_block(block))
    return found


def test_a_good_protocol_becomes_a_plan_in_si_with_defaults_filled_in(tmp_path: Path, info: DeviceInfo) -> None:
    plan = load_protocol(written(tmp_path, GOOD)).plan(info, info.limits())
    assert (plan.protocol, plan.version, plan.device, plan.trials) == ("Waving", 2, "arm", 20)
    assert plan.limits == {"speed": pytest.approx(0.6), "force": 30.0}
    alone, helped = plan.blocks
    assert (alone.name, alone.exercise, alone.mode, alone.controller) == ("alone", "wave", "active", "transparent")
    assert alone.exercise_parameters["radius"] == pytest.approx(0.1)
    assert alone.exercise_parameters["times"] == 8
    assert (helped.number, helped.mode, helped.controller) == (1, "", "spring")
    assert helped.controller_parameters == {"stiffness": pytest.approx(300.0), "wait": 1.0}


def test_the_plan_keeps_the_text_with_its_comments(tmp_path: Path, info: DeviceInfo) -> None:
    assert load_protocol(written(tmp_path, GOOD)).plan(info, info.limits()).source == GOOD


def test_a_plan_survives_json(tmp_path: Path, info: DeviceInfo) -> None:
    plan = load_protocol(written(tmp_path, GOOD)).plan(info, info.limits())
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan


def test_protocol_and_block_tighten_and_are_named_as_those_who_did(tmp_path: Path, info: DeviceInfo) -> None:
    plan = load_protocol(written(tmp_path, GOOD)).plan(info, info.limits({"speed": 0.5}))
    first, second = (plan.limits_of(block, info.limits({"speed": 0.5})) for block in plan.blocks)
    assert (first.speed, first.who["speed"]) == (0.5, "site")  # the protocol's 0.6 m/s is looser: it does not act
    assert (first.force, first.who["force"]) == (30.0, "protocol")
    assert (second.force, second.who["force"]) == (20.0, "helped")


def test_three_mistakes_are_three_findings_each_at_its_place(tmp_path: Path) -> None:
    text = """\
        protocol: Waving
        version: 1
        device: arm
        blocks:
          - name: base
            wave:
              radius: 10
            mode: active
            trials: 16
          - {name: train, wave: {raduis: 10 cm}, controller: {spring: {stiffness: 10 kN/m}}, trials: 80}
        """
    assert findings(tmp_path, text) == [
        (7, 15, "blocks[0].wave.radius", '"10" has no unit'),
        (10, 26, "blocks[1].wave.raduis", 'unknown parameter; did you mean "radius"?'),
        (10, 75, "blocks[1].controller.spring.stiffness", '"10 kN/m" is too large'),
    ]


def test_a_finding_is_shown_in_its_line_with_a_mark_and_an_example(tmp_path: Path) -> None:
    path = written(tmp_path, of_block("{name: a, wave: {radius: 10}, mode: active, trials: 1}"))
    with pytest.raises(Findings) as caught:
        load_protocol(path)
    assert str(caught.value) == "\n".join(
        [
            f'{path}:5:30: blocks[0].wave.radius: "10" has no unit',
            "   |   - {name: a, wave: {radius: 10}, mode: active, trials: 1}",
            '   |                              ^^ a length from 1 cm to 35 cm, for example "10 cm"',
        ]
    )


def test_what_the_device_cannot_do_comes_together_with_the_rest(tmp_path: Path, info: DeviceInfo) -> None:
    text = of_block("{name: far, wave: {radius: 30 cm}, mode: active, trials: 1}")
    text += "  - {name: near, wave: {radius: 5 N}, mode: active, trials: 1}\n"
    with pytest.raises(Findings) as caught:
        read_protocol(written(tmp_path, text)).plan(info, info.limits())
    assert [(f.line, f.column, f.field, f.message) for f in caught.value.findings] == [
        (5, 32, "blocks[0].wave.radius", "is farther than the arm reaches"),
        (6, 33, "blocks[1].wave.radius", '"5 N" is not a length'),
    ]


def test_a_controller_that_cannot_be_built_is_named_whatever_it_raises(tmp_path: Path, info: DeviceInfo) -> None:
    text = of_block("{name: a, wave: {}, controller: {spring: {stiffness: 13 N/m}}, trials: 1}")
    with pytest.raises(Findings, match='controller "spring" cannot be built for arm: ZeroDivisionError: thirteen'):
        load_protocol(written(tmp_path, text)).plan(info, info.limits())


def test_a_protocol_for_another_device_is_refused(tmp_path: Path, info: DeviceInfo) -> None:
    with pytest.raises(Findings, match=r'week2.yaml:4:9: device: "arm" is not this device'):
        load_protocol(written(tmp_path, GOOD)).plan(msgspec.structs.replace(info, model="leg"), info.limits())


@pytest.mark.parametrize(
    ("radius", "said"),
    [
        ("10", '"10" has no unit'),
        ('"10"', '"10" has no unit'),
        (".nan", '"nan" has no unit'),
        ("nan cm", "is not a number with a unit"),
        (".inf", "has no unit"),
        ("1e400 m", "is not"),
        ("10 N", '"10 N" is not a length'),
        ("10 deg", '"10 deg" is not a length'),
        ("10 kg", '"10 kg" is not a length'),
        ("10 cm/s", "is not a length"),
        ("10 bananas", "is not a number with a known unit"),
        ("1 mm", '"1 mm" is too small'),
        ("-10 cm", '"-10 cm" is too small'),
        ("36 cm", '"36 cm" is too large'),
        ("true", "is not a number"),
        ("[10 cm]", "is not a quantity"),
        ("{cm: 10}", "is not a quantity"),
        ("", "nothing is written here"),
        ("2026-01-01", "is not a number with a unit"),
    ],
)
def test_a_length_that_is_none_is_refused_where_it_stands(tmp_path: Path, radius: str, said: str) -> None:
    line, column, field, message = only(tmp_path, f"{{name: a, wave: {{radius: {radius}}}, mode: active, trials: 1}}")
    assert (line, field) == (5, "blocks[0].wave.radius")
    assert column == 30 or (radius == "" and column == 22)  # an empty value has no place but its key's
    assert said in message


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("force: 30", '"30" has no unit'),
        ("force: 30 kg", '"30 kg" is not a force'),
        ("force: 30 N.m", '"30 N.m" is not a force'),
        ("force: 30000 mN.m", "is not a force"),
        ("speed: 30 deg/s", '"30 deg/s" is not a speed'),
        ("speed: 0.6 m", '"0.6 m" is not a speed'),
        ("start_distance: 60 rad", '"60 rad" is too large'),
        ("start_distance: 10 m", '"10 m" is not an angle'),
        ("force: 1000 N", '"1000 N" is too large'),
        ("rate_stop: 2 %", "is not a plain number"),
        ("froce: 30 N", 'unknown limit; did you mean "force"?'),
    ],
)
@pytest.mark.parametrize("where", ["limits", "blocks[0].limits"])
def test_a_limit_with_the_wrong_name_unit_or_range_is_refused(
    tmp_path: Path, limit: str, said: str, where: str
) -> None:
    inside = f", limits: {{{limit}}}" if where != "limits" else ""
    text = of_block(f"{{name: a, wave: {{}}, mode: active, trials: 1{inside}}}")
    text = text if inside else f"limits: {{{limit}}}\n{text}"
    ((_, _, field, message),) = findings(tmp_path, text)
    assert field == f"{where}.{limit.partition(':')[0]}"
    assert said in message


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("{name: a, wave: {}, mode: active}", (5, 5, "blocks[0].trials", "is missing")),
        ("{wave: {}, mode: active, trials: 1}", (5, 5, "blocks[0].name", "is missing")),
        ("{name: a, wave: {}, mode: active, trials: 0}", (5, 47, "blocks[0].trials", '"0" is too small')),
        ("{name: a, wave: {}, mode: active, trials: 1.5}", (5, 47, "blocks[0].trials", '"1.5" is not a whole number')),
        ("{name: a, wave: {}, mode: active, trials: '3'}", (5, 47, "blocks[0].trials", '"3" is not a whole number')),
        ("{name: a, wave: {}, trials: 1}", (5, 5, "blocks[0].mode", "neither a mode nor a controller")),
        (
            "{name: a, wave: {}, mode: active, controller: spring, trials: 1}",
            (5, 31, "blocks[0].mode", "a mode beside a controller"),
        ),
        (
            "{name: a, wave: {}, mode: passive_mirrored, trials: 1}",
            (5, 31, "blocks[0].mode", 'mode "passive_mirrored" needs the controller "mirror", which is not installed'),
        ),
        ("{name: a, wave: {}, mode: actve, trials: 1}", (5, 31, "blocks[0].mode", 'there is no mode "actve"')),
        (
            "{name: a, wave: {}, controller: sprng, trials: 1}",
            (5, 37, "blocks[0].controller", 'there is no controller "sprng"; did you mean "spring"?'),
        ),
        (
            "{name: a, wave: {}, controller: {spring: 5}, trials: 1}",
            (5, 46, "blocks[0].controller.spring", '"5" is not a set of parameters'),
        ),
        ("{name: a, mode: active, trials: 1}", (5, 5, "blocks[0]", "no exercise")),
        (
            "{name: a, wvae: {}, mode: active, trials: 1}",
            (5, 15, "blocks[0].wvae", 'unknown key "wvae"; did you mean "wave"?'),
        ),
        (
            "{name: a, wave: {}, mode: active, trails: 1, trials: 1}",
            (5, 39, "blocks[0].trails", 'unknown key "trails"; did you mean "trials"?'),
        ),
        (
            "{name: a, wave: {order: clokwise}, mode: active, trials: 1}",
            (5, 29, "blocks[0].wave.order", '"clokwise" is not one of these; did you mean "clockwise"?'),
        ),
        (
            "{name: a, wave: {times: 2.5}, mode: active, trials: 1}",
            (5, 29, "blocks[0].wave.times", '"2.5" is not a whole number'),
        ),
        (
            "{name: a, wave: {ratio: .nan}, mode: active, trials: 1}",
            (5, 29, "blocks[0].wave.ratio", '"nan" is not finite'),
        ),
        (
            "{name: a, wave: {times: 2, times: 3}, mode: active, trials: 1}",
            (5, 32, "blocks[0].wave.times", '"times" stands here twice'),
        ),
        ("{name: a, wave: , mode: active, trials: 1}", (5, 15, "blocks[0].wave", "nothing is written here")),
        (
            "{name: a, wave: {}, controller: , trials: 1}",
            (5, 25, "blocks[0].controller", "nothing is written here"),
        ),
        ("{name: a, wave: {}, mode: , trials: 1}", (5, 25, "blocks[0].mode", "nothing is written here")),
        ("{name: , wave: {}, mode: active, trials: 1}", (5, 6, "blocks[0].name", "nothing is written here")),
        (
            "{name: a, wave: {}, mode: active, trials: 1, limits: }",
            (5, 50, "blocks[0].limits", "nothing is written here"),
        ),
        ("hello", (5, 5, "blocks[0]", '"hello" is not a block with keys')),
    ],
)  # fmt: skip
def test_each_mistake_of_a_block_is_said_once_and_nothing_else(
    tmp_path: Path, block: str, expected: tuple[int, int, str, str]
) -> None:
    assert only(tmp_path, block) == expected


def test_two_blocks_of_one_name_are_refused(tmp_path: Path) -> None:
    block = "{name: a, wave: {}, mode: active, trials: 1}"
    (found,) = findings(tmp_path, of_block(block) + f"  - {block}\n")
    assert found == (6, 12, "blocks[1].name", '"a" is the name of blocks[0] too')


def test_keys_of_the_frame_that_are_missing_or_unknown_are_all_reported(tmp_path: Path) -> None:
    found = findings(tmp_path, "protocl: x\nversion: one\nstop_if: {pain: 5}\nblocks: []\n")
    assert [(line, field) for line, _, field, _ in found] == [
        (1, "protocol"),
        (1, "device"),
        (1, "protocl"),
        (2, "version"),
        (3, "stop_if.pain"),
        (4, "blocks"),
    ]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", (1, 1), "the file is empty"),
        ("# only a comment\n", (1, 1), "the file is empty"),
        ("- a\n- b\n", (1, 1), "begins with keys"),
        ("just words\n", (1, 1), "begins with keys"),
        ("protocol: x\n\tversion: 1\n", (2, 1), "a tab; indent with spaces"),
        ("protocol: [x\nversion: 1\n", (2, 8), "bracket"),
        ("protocol: 'x\n", (2, 1), "a quote is not closed"),
        ("protocol: x\n  version: 1\n", (2, 10), 'a ":" cannot stand here'),
        ("protocol: *x\n", (1, 11), "was not defined"),
        ("protocol: x\n---\nversion: 1\n", (2, 1), "one file holds one protocol"),
        ("protocol: \x07\n", (1, 11), "cannot be printed"),
        ("[" * 600, (1, 1), "nested too deeply"),
    ],
)
def test_text_that_is_no_protocol_gets_one_finding_at_its_place(
    tmp_path: Path, text: str, place: tuple[int, int], said: str
) -> None:
    path = tmp_path / "week2.yaml"
    path.write_text(text)
    with pytest.raises(Findings) as caught:
        load_protocol(path)
    (found,) = caught.value.findings
    assert (found.line, found.column) == place
    assert said in found.message


def test_a_file_that_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    doubling = "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    found = findings(tmp_path, f"a0: &a0 [x, y]\n{doubling}")
    assert any("more than 20000 values" in message for *_, message in found)


def test_an_alias_to_itself_is_refused(tmp_path: Path) -> None:
    found = findings(tmp_path, "protocol: x\nversion: 1\ndevice: arm\nblocks: &b [*b]\n")
    assert (4, 9, "blocks[0]", "refers to itself") in found


def test_tags_and_objects_of_a_language_are_refused(tmp_path: Path) -> None:
    ((line, _, field, message),) = findings(tmp_path, GOOD.replace("Waving", "!!python/object:os.system x"))
    assert (line, field) == (2, "protocol")
    assert "means nothing here" in message


def test_an_unknown_name_lists_the_known_ones_and_points_to_the_file_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, GOOD)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownName, match=r"reach_active.*\./week2\.yaml"):
        load_protocol("week2")


def test_a_path_that_is_not_there_says_so_and_remembers_the_name_that_ships() -> None:
    with pytest.raises(BadInput, match=r"reach_active\.yaml: does not exist; the protocol that ships is meant by"):
        load_protocol("./reach_active.yaml")


def test_a_file_that_is_not_text_is_bad_input_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "scan.yaml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(BadInput, match="byte 0 is not UTF-8"):
        load_protocol(path)


def test_escape_sequences_in_a_file_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = written(tmp_path, 'protocol: "x"\n"\\e[31mred": 1\n')
    with pytest.raises(Findings) as caught:
        load_protocol(path)
    assert "\x1b" not in str(caught.value)


def test_every_protocol_that_ships_begins_with_a_comment_for_its_reader() -> None:
    texts = [path.read_text() for path in ready_protocols().values()]
    assert len(texts) >= 3
    assert all(text.startswith("# ") for text in texts)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=300))
def test_no_text_whatsoever_makes_anything_but_findings(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "any.yaml"
    path.write_bytes(text.encode())
    with pytest.raises(Findings) as caught:
        load_protocol(path)
    assert str(caught.value)


@given(
    st.sampled_from(["radius: 10 cm", "mode: active", "trials: 16", "name: alone", "force: 30 N", "version: 2"]),
    st.sampled_from(["5 N", "-1", ".nan", ".inf", "true", "[]", "{}", "null", "'", "9" * 30, "ratio", "&a 1", "!x y"]),
)
def test_a_good_protocol_with_one_value_spoilt_is_always_refused(
    tmp_path_factory: pytest.TempPathFactory, entry: str, value: str
) -> None:
    if value == "ratio" and entry.startswith("name"):
        value = "''"  # every word is a name
    if value in ("5 N",) and entry.startswith(("force", "name")):
        value = "[]"
    if value in ("&a 1",) and entry.startswith(("trials", "version")):
        value = "0"
    path = tmp_path_factory.mktemp("spoilt") / "spoilt.yaml"
    path.write_text(GOOD.replace(entry, f"{entry.partition(':')[0]}: {value}", 1))
    with pytest.raises(Findings):
        load_protocol(path)


@given(st.floats(1e-4, 1e4), st.sampled_from(["m", "m/s", "s", "rad", "rad/s", "N", "N*m", "N/m", "N*m*s/rad", ""]))
def test_every_value_that_is_shown_as_an_example_can_be_read_back(value: float, unit: str) -> None:
    shown = units.show(value, unit)
    assert units.parse(shown if unit else float(shown), unit) == pytest.approx(value, rel=1e-3)


def test_a_block_that_says_almost_nothing_is_told_everything_it_lacks(tmp_path: Path) -> None:
    found = findings(tmp_path, of_block("{name: a}"))
    assert sorted(field for _, _, field, _ in found) == ["blocks[0]", "blocks[0].mode", "blocks[0].trials"]
