"""Fault scripts as text: what they may say, and how their mistakes are told."""

from __future__ import annotations

from math import inf, isnan
from pathlib import Path

import msgspec
import pytest

from rehab.core.clock import ManualClock
from rehab.core.errors import BadInput, Findings, UnknownName
from rehab.core.values import Inputs, Status
from sim import models
from sim.device import SimulatedDevice
from sim.fault_words import HOWS, INDEXED
from sim.faults import FaultScript, load_faults, read_faults, ready_faults

BROKEN = """\
faults:
  - {at: 3, field: q_0, how: stuck}
  - {at: 1 s, field: q_0, how: wrong, value: 20 N}
  - {at: 1 s, feld: status, how: off}
  - field: inputs
    how: wrong
    value: estop_c
    chance: 2
  - {field: link, how: unplug, for: 2 s, seed: -1}
"""


def entry(words: str):
    (found,) = read_faults(f"faults: [{{{words}}}]").entries
    return found


def findings(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(Findings) as caught:
        read_faults(text, "bad.yaml")
    return [(found.line, found.column, found.message) for found in caught.value.findings]


def test_all_mistakes_are_told_at_once_each_at_its_place() -> None:
    assert findings(BROKEN) == [
        (2, 10, '"3" has no unit'),
        (3, 46, '"20 N" is not an angle'),
        (4, 5, "is missing"),
        (4, 15, 'unknown key "feld"; did you mean "field"?'),
        (7, 12, 'inputs has no bit "estop_c"; did you mean "estop_b"?'),
        (8, 13, '"2" is no chance'),
        (9, 37, "what is unplugged stays so"),
        (9, 48, '"-1" is not a seed'),
    ]


def test_a_mistake_is_shown_under_its_line() -> None:
    with pytest.raises(Findings) as caught:
        read_faults(BROKEN, "bad.yaml")
    first = "\n".join(str(caught.value).splitlines()[:3])
    assert first == (
        'bad.yaml:2:10: faults[0].at: "3" has no unit\n'
        "   |   - {at: 3, field: q_0, how: stuck}\n"
        '   |          ^ a time, for example "100 ms"'
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("field: q_0", "is missing"),
        ("how: stuck", "is missing"),
        ("field: q, how: stuck", 'there is no field "q"'),
        ("field: statsu, how: stuck", 'did you mean "status"?'),
        ("field: q_0, how: stuk", 'did you mean "stuck"?'),
        ("field: q_0, how: drop", '"drop" cannot happen to q'),
        ("field: link, how: stuck", '"stuck" cannot happen to link'),
        ("field: q_0, how: wrong", "is missing"),
        ("field: q_0, how: wrong, value: 5", '"5" has no unit'),
        ("field: q_0, how: 'off', value: 5 deg", "off takes no value"),
        ("field: q_0, how: garbage, value: -5 deg", "is no range"),
        ("field: q_0, how: slow, value: 0 s", "out of range"),
        ("field: q_0, how: delayed, value: 11 s", "out of range"),
        ("field: q_0, how: delayed, value: 11 deg", "is not a time"),
        ("field: q_0, how: stuck, at: -1 s", "out of range"),
        ("field: q_0, how: stuck, for: 0 s", "out of range"),
        ("field: q_0, how: stuck, for: ", "nothing is written here"),
        ("field: q_0, how: stuck, chance: 0 %", "is no chance"),
        ("field: q_0, how: stuck, chance: 101 %", "is no chance"),
        ("field: q_0, how: stuck, chance: often", "is no chance"),
        ("field: q_0, how: stuck, chance: true", "is no chance"),
        ("field: q_0, how: stuck, seed: 1.5", "is not a seed"),
        ("field: status, how: wrong", "is missing"),
        ("field: status, how: wrong, value: []", "names no bit"),
        ("field: status, how: wrong, value: [armed, burning]", 'status has no bit "burning"'),
        ("field: link, how: corrupt, value: 0", "is not a number of bits"),
        ("field: link, how: corrupt, value: 65", "is not a number of bits"),
        ("field: patient, how: spasm, value: 12 N", "is not a torque"),
    ],
)
def test_what_makes_no_sense_is_refused(words: str, message: str) -> None:
    found = findings(f"faults:\n  - {{{words}}}\n")
    assert len(found) == 1
    assert message in found[0][2]
    assert found[0][0] == 2


@pytest.mark.parametrize(
    "text",
    ["", "[]", "faults: 3", "faults: []", "faults: {}", "faults:\n- stuck", "x: 1", "a: [", "faults: [{a: 1, a: 2}]"],
)
def test_what_is_no_script_at_all_is_refused_in_words(text: str) -> None:
    assert findings(text)


@pytest.mark.parametrize("group", HOWS)
def test_every_word_of_every_field_can_be_written(group: str) -> None:
    values = {"amount": "1 {u}", "noise": "nan", "error!": "5 %", "time": "5 ms", "bits": "{b}", "bits!": "{b}",
              "count": "2", "torque": "3 N*m"}  # fmt: skip
    units = {"q": "deg", "qd": "deg/s", "tau": "N*m", "force": "N", "time": "ms", "age": "ms"}
    bits = {"status": "armed", "inputs": "estop"}
    field = f"{group}_0" if group in INDEXED else group
    for how, wanted in HOWS[group].items():
        value = values.get(wanted, "").format(u=units.get(group), b=bits.get(group))
        found = entry(f"field: {field}, how: {how}" + (f", value: {value}" if value else ""))
        assert (found.field, found.how) == (field, how)


def test_values_come_in_si() -> None:
    found = entry("at: 1500 ms, for: 2 min, field: qd_1, how: wrong, value: 90 deg/s, chance: 5 %, seed: 3")
    assert (found.group, found.index, found.start, found.duration) == ("qd", 1, 1.5, 120.0)
    assert (found.value, found.factor) == (pytest.approx(1.5707963), 1.0)
    assert (found.chance, found.seed) == (0.05, 3)
    assert entry("field: tau_0, how: wrong, value: -20 %").factor == pytest.approx(0.8)
    assert entry("field: status, how: wrong, value: [brown_out, armed]").mask == Status.BROWN_OUT | Status.ARMED
    assert entry("field: inputs, how: wrong, value: estop").mask == Inputs.ESTOP_A | Inputs.ESTOP_B
    assert isnan(entry("field: q_0, how: garbage, value: .nan").value or 0.0)


def test_without_times_a_fault_is_there_from_the_arming_to_the_end() -> None:
    found = entry("field: q_0, how: off")  # in YAML 1.2 off is a word
    assert (found.how, found.start, found.duration, found.chance) == ("off", 0.0, inf, 1.0)
    assert entry("field: q_0, how: intermittent").chance == 0.5


def refused(text: str, *, patient: bool = True, wire: bool = False, **facts: bool) -> str:
    info = msgspec.structs.replace(models.load("planar_arm"), **facts)
    with pytest.raises(Findings) as caught:
        read_faults(text, "fit.yaml").fit(info, patient=patient, wire=wire)
    return str(caught.value)


def test_a_field_that_the_device_does_not_have_is_refused_at_its_place() -> None:
    text = "faults:\n  - {field: q_2, how: stuck}\n  - {field: force_0, how: stuck}\n"
    words = refused(text)
    assert 'fit.yaml:2:13: faults[0].field: there is no "q_2" at this planar_arm' in words
    assert "it has q_0 to q_1" in words
    assert 'fit.yaml:3:13: faults[1].field: there is no "force_0"' in words
    assert "force_0 to force_1" in refused("faults: [{field: force_2, how: stuck}]", force_sensor=True)


def test_what_a_serial_link_does_not_carry_is_refused_there() -> None:
    text = "faults: [{field: age, how: stuck}, {field: force_0, how: stuck}, {field: time, how: garbage, value: nan}]"
    words = refused(text, wire=True, force_sensor=True)
    assert "no age travels" in words
    assert '"force_0"' in words
    assert "whole microseconds" in words
    sensing = msgspec.structs.replace(models.load("planar_arm"), force_sensor=True)
    read_faults(text).fit(sensing, patient=False, wire=False)


def test_a_spasm_needs_somebody_who_has_it() -> None:
    assert "--patient NAME" in refused("faults: [{field: patient, how: limp}]", patient=False)


def test_a_device_refuses_at_opening_what_does_not_fit() -> None:
    device = SimulatedDevice(
        "planar_arm", clock=ManualClock(), faults=read_faults("faults: [{field: q_7, how: stuck}]")
    )
    with pytest.raises(Findings, match="q_7"):
        device.open()
    assert device.body is None


# --- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ready_faults())
def test_every_script_that_ships_is_found_by_its_name_and_fits_both_kinds_of_arm(
    name: str,
) -> None:
    script = load_faults(name)
    assert (script.name, script.path) == (name, ready_faults()[name])
    for wire in (False, True):
        script.fit(models.load("planar_arm"), patient=True, wire=wire)


def test_the_scripts_that_the_reference_names_ship() -> None:
    assert set(ready_faults()) == {
        "brown_out", "cable_loose", "encoder_stuck", "estop_pressed", "noisy_line", "spasm", "three_spasms",
    }  # fmt: skip


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match='did you mean "spasm"'):
        load_faults("spasms")


def test_a_script_is_read_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("faults: [{field: q_0, how: stuck}]")
    for form in (path, str(path)):
        found = load_faults(form)
        assert isinstance(found, FaultScript)
        assert (found.name, found.path, found.source) == ("mine", path, path.read_text())


@pytest.mark.parametrize("form", [Path, str])
def test_a_device_takes_a_script_by_its_path_or_name(form: type) -> None:
    for faults in (form(ready_faults()["brown_out"]), "brown_out"):
        device = SimulatedDevice("planar_arm", clock=ManualClock(), engine="closed_form", faults=faults)
        device.open()
        device.arm()
        device.close()


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "does not exist"), (b"\xff\xfe\x00", "not UTF-8"), (b"#" * 100_001, "too many")],
)
def test_a_file_that_cannot_be_a_script_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "mine.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=words):
        load_faults(path)


def test_a_folder_is_no_script(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is a folder"):
        load_faults(tmp_path)
