"""What a person gets who asks for what cannot be: one clear message and the exit code."""

from __future__ import annotations

import os
import re
import tty

import pytest
import serial

from tests.e2e.conftest import emulator, rehab

pytestmark = pytest.mark.e2e


def refused(tmp_path, *words: object, code: int = 2) -> str:
    done = rehab("run", *words, "--out", tmp_path / "out")
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "out").glob("*")), "nothing was recorded, so nothing may be left"
    return done.stderr


def test_a_port_that_is_not_there(tmp_path):
    words = refused(tmp_path, "reach_active", "--device", "serial:/dev/ttyNOTHERE")
    assert "/dev/ttyNOTHERE" in words
    assert words.count("\n") <= 3


def test_a_port_that_another_program_holds(tmp_path):
    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        with serial.Serial(os.ttyname(slave), exclusive=True):
            words = refused(tmp_path, "reach_active", "--device", f"serial:{os.ttyname(slave)}")
    finally:
        os.close(master)
        os.close(slave)
    assert "in use" in words or "busy" in words
    assert str(os.getpid()) in words


def test_a_port_with_nobody_behind_it(tmp_path):
    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        words = refused(tmp_path, "reach_active", "--device", f"serial:{os.ttyname(slave)}")
    finally:
        os.close(master)
        os.close(slave)
    assert "HELLO" in words or "answer" in words


def test_a_device_of_another_protocol_major(tmp_path):
    with emulator("--protocol-major", 2) as (_, path):
        words = refused(tmp_path, "reach_active", "--device", f"serial:{path}")
    assert "2" in words
    assert re.search(r"older|newer|update", words)


def test_an_unknown_protocol_suggests_the_nearest(tmp_path):
    words = refused(tmp_path, "reach_activ")
    assert 'did you mean "reach_active"?' in words


def test_an_unknown_exercise_in_a_protocol_is_named(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(
        "protocol: P\nversion: 1\ndevice: planar_arm\nblocks:\n  - {name: a, raech: {}, mode: active, trials: 2}\n"
    )
    words = refused(tmp_path, path)
    assert "raech" in words
    assert "reach" in words


THREE = """\
protocol: Three mistakes
version: 1
device: planar_arm
blocks:
  - name: one
    reach: {targets: 99, radius: 10}
    controller: {impedance: {stiffnes: 200 N/m}}
    trials: 4
"""


def test_three_mistakes_are_reported_at_once_with_line_and_column(tmp_path):
    path = tmp_path / "three.yaml"
    path.write_text(THREE)
    words = refused(tmp_path, path)
    places = re.findall(r"three\.yaml:(\d+):(\d+): (\S+):", words)
    assert [(int(line), field) for line, _, field in places] == [
        (6, "blocks[0].reach.targets"),
        (6, "blocks[0].reach.radius"),
        (7, "blocks[0].controller.impedance.stiffnes"),
    ]


def test_check_finds_the_same_three_and_exits_with_one(tmp_path):
    path = tmp_path / "three.yaml"
    path.write_text(THREE)
    done = rehab("check", path, "--device", "sim:planar_arm")
    assert done.returncode == 1
    assert len(re.findall(r"three\.yaml:\d+:\d+:", done.stdout + done.stderr)) == 3


def test_a_patient_at_a_real_port_is_refused(tmp_path):
    assert "virtual patient" in refused(
        tmp_path, "reach_active", "--device", "serial:/dev/ttyS9", "--patient", "stroke"
    )


def test_a_simulated_clock_on_a_real_line_is_refused(tmp_path):
    assert "simulated clock" in refused(tmp_path, "reach_active", "--device", "serial:/dev/ttyS9", "--fast")
