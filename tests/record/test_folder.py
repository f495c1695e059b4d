"""Where sessions go."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from rehab.core.errors import BadInput, RecordingError
from rehab.record.folder import new_folder, require_room, sessions_root


def test_the_name_of_a_session_is_its_moment_and_four_digits(tmp_path: Path) -> None:
    folder = new_folder(tmp_path / "new" / "place")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}Z-[0-9a-f]{4}", folder.name)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_sessions_of_one_second_do_not_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draws = iter(["7f3a", "7f3a", "0001"])
    monkeypatch.setattr("rehab.record.folder.secrets.token_hex", lambda _: next(draws))
    monkeypatch.setattr("rehab.record.folder.wall_clock_iso", lambda: "2026-11-23T10:15:00.123456Z")
    assert new_folder(tmp_path).name == "2026-11-23T101500Z-7f3a"
    assert new_folder(tmp_path).name == "2026-11-23T101500Z-0001"


def test_sessions_go_to_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert sessions_root() == tmp_path / "rehab" / "sessions"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert sessions_root() == tmp_path / ".local" / "share" / "rehab" / "sessions"


def test_a_place_where_no_folder_can_be_made_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "inside", Path("/proc/nowhere")):
        with pytest.raises(BadInput, match="--out"):
            new_folder(place)


def test_too_little_room_is_refused_before_anything_moves(tmp_path: Path) -> None:
    require_room(tmp_path, 60.0, 1000.0, 39)
    with pytest.raises(RecordingError, match=r"GB left.*needs .* GB"):
        require_room(tmp_path, 1e9, 1000.0, 39)
