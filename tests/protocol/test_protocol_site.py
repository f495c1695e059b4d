"""The site's limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Findings
from rehab.protocol.site import site_allows, site_limits


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("REHAB_SITE", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "rehab").mkdir()
    return tmp_path / "rehab" / "site.yaml"


def test_without_a_file_the_site_says_nothing(config: Path) -> None:
    assert site_limits() == {}


def test_the_site_may_move_a_limit_both_ways_and_is_named_as_who_did(config: Path, info: DeviceInfo) -> None:
    config.write_text("limits:\n  stale_stop: 200 ms  # a noisy machine\n  force: 25 N\n")
    limits = info.limits(site_limits())
    assert limits.values["stale_stop"] == pytest.approx(0.2)
    assert limits.force == 25.0
    assert limits.who["stale_stop"] == limits.who["force"] == "site"


def test_rehab_site_names_another_file(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("limits: {force: 25 N}")
    other = tmp_path / "other.yaml"
    other.write_text("limits: {force: 20 N}")
    monkeypatch.setenv("REHAB_SITE", str(other))
    assert site_limits() == {"force": 20.0}


def test_a_named_file_that_is_missing_is_never_taken_for_no_limits(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REHAB_SITE", str(tmp_path / "gone.yaml"))
    with pytest.raises(BadInput, match=r"REHAB_SITE names .*gone\.yaml, which does not exist"):
        site_limits()


def test_every_problem_of_the_file_is_said_at_its_place(config: Path) -> None:
    config.write_text("limit: {}\nlimits:\n  force: 500 N\n  speed: 1\n  sped: 1 m/s\n")
    with pytest.raises(Findings) as caught:
        site_limits()
    assert [(f.line, f.column, f.field) for f in caught.value.findings] == [
        (1, 1, "limit"),
        (3, 10, "limits.force"),
        (4, 10, "limits.speed"),
        (5, 3, "limits.sped"),
    ]
    assert all(f.file == str(config) for f in caught.value.findings)


def test_a_file_that_is_not_yaml_is_refused(config: Path) -> None:
    config.write_text("limits: [")
    with pytest.raises(Findings, match="not YAML"):
        site_limits()
    config.write_text("")
    with pytest.raises(Findings, match="empty"):
        site_limits()


def test_without_a_word_of_the_site_nothing_is_allowed(config: Path) -> None:
    assert site_allows() == ()
    config.write_text("limits: {force: 25 N}\nallow: {editable: false}\n")
    assert site_allows() == ()


def test_what_the_site_allows_stands_beside_its_limits(config: Path) -> None:
    config.write_text("limits: {force: 25 N}\nallow: {no_real_time: true, editable: true}\n")
    assert site_allows() == ("no_real_time", "editable")
    assert site_limits() == {"force": 25.0}


def test_an_allowance_that_is_unknown_or_neither_true_nor_false_is_refused(config: Path) -> None:
    config.write_text("allow:\n  editabel: true\n  no_real_time: sometimes\n")
    with pytest.raises(Findings) as caught:
        site_allows()
    assert [f.field for f in caught.value.findings] == ["allow.editabel", "allow.no_real_time"]
    config.write_text("allow: everything\n")
    with pytest.raises(Findings, match="list of allowances"):
        site_limits()
