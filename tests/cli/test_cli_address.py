"""Device addresses."""

from __future__ import annotations

import pytest

from rehab.core.address import Address, parse, schemes
from rehab.core.errors import BadInput


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("sim:planar_arm", Address("sim", "planar_arm")),
        ("emulator:planar_arm", Address("emulator", "planar_arm")),
        ("serial:/dev/ttyACM0", Address("serial", "/dev/ttyACM0")),
        ("serial:/dev/serial/by-id/a:b", Address("serial", "/dev/serial/by-id/a:b")),
    ],
)
def test_an_address_is_a_scheme_and_the_rest_and_prints_as_it_was_written(text: str, address: Address) -> None:
    assert parse(text) == address
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("planar_arm", 'for example "sim:planar_arm"'),
        ("/dev/ttyACM0", 'for example "serial:/dev/ttyACM0"'),
        ("", 'for example "sim:planar_arm"'),
        (":planar_arm", 'for example "sim:planar_arm"'),
        ("simm:planar_arm", 'no device scheme "simm"; did you mean "sim:planar_arm"?'),
        ("warp:9", "schemes: emulator, serial, sim"),
        ("serial:", 'for example "serial:/dev/ttyACM0"'),
        ("emulator: ", 'for example "emulator:planar_arm"'),
    ],
)
def test_a_wrong_address_gets_the_right_one_suggested(text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text)
    assert said in str(caught.value)


def test_the_schemes_are_the_installed_drivers_and_the_emulator() -> None:
    assert {"sim", "serial", "emulator"} <= set(schemes())
