"""The report read back: what a therapist finds printed, and what must be said when things went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pypdfium2
import pytest

from rehab.core.errors import RehabError
from rehab.core.types import Outcome
from rehab.core.values import Acted
from rehab.realtime.ring import RingEvent
from rehab.report import session_report
from tests.report.made_up_session import MadeUp, make, planar_arm

FAULT = {
    "id": 16, "name": "F16 emergency stop pressed", "message": "channel A is open", "action": "TORQUE_OFF",
    "help": "release the button, then reset",
}  # fmt: skip


def pages(recording: MadeUp, folder: Path) -> list[str]:
    """The text of each page, on single spaces."""
    path = session_report(recording, folder / "report.pdf")
    document = pypdfium2.PdfDocument(path)
    try:
        return [" ".join(text.split()) for text in _texts(document)]
    finally:
        document.close()


def _texts(document: pypdfium2.PdfDocument) -> Iterator[str]:
    for page in document:
        text = page.get_textpage()
        yield text.get_text_range()
        text.close()
        page.close()


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("usual")
    return pages(make(folder / "2026-11-23T101500Z-7f3a"), folder)


def test_the_first_page_says_who_when_what_and_how_long(usual: list[str]) -> None:
    for fact in (
        "Session report", "2026-11-23T101500Z-7f3a", "23 November 2026, 10:15 UTC", 'virtual patient "stroke"',
        "planar_arm (simulated), firmware 1.0", "Reach, active, version 2", "40.6 s",
    ):  # fmt: skip
        assert fact in usual[0]


def test_the_summary_counts_the_trials_and_says_why_some_failed(usual: list[str]) -> None:
    assert "10 of 12 trials reached the target (2 ran out of time)." in usual[0]


def test_the_summary_gives_medians_of_the_reached_trials_in_peoples_units(usual: list[str], tmp_path: Path) -> None:
    hits = [trial.measures for trial in make(tmp_path).trials if trial.outcome == Outcome.REACHED]
    time, speed = (float(np.median([m[name] for m in hits])) for name in ("movement_time", "peak_speed"))
    assert f"movement time {time:.2f} s" in usual[0]
    assert f"peak speed {100 * speed:.1f} cm/s" in usual[0]


def test_every_page_is_numbered_and_carries_the_disclaimer(usual: list[str]) -> None:
    for number, text in enumerate(usual, start=1):
        assert f"Page {number} of {len(usual)}" in text
        assert "Not a certified medical device. Not for diagnosis." in text


def test_every_trial_has_a_row_with_its_outcome_and_its_measures(usual: list[str], tmp_path: Path) -> None:
    text = " ".join(usual).split("Measures of each trial")[1]
    for trial in make(tmp_path).trials:
        outcome = "reached" if trial.outcome == Outcome.REACHED else "× time out"
        m = trial.measures
        row = f"{trial.number} {outcome} {m['path_length_ratio']:.2f} {m['initial_direction_error'] * 57.29578:.0f}"
        assert row in text


def test_the_heads_of_the_table_have_units(usual: list[str]) -> None:
    text = " ".join(usual)
    for head in ("Reaction time (s)", "Peak speed (cm/s)", "Direction error (°)", "Deviation max (cm)"):
        assert head in text


def test_the_blocks_have_medians_and_quartiles(usual: list[str], tmp_path: Path) -> None:
    block = [
        t.measures["movement_time"] for t in make(tmp_path).trials if t.block == "training" and t.outcome == "reached"
    ]
    low, middle, high = np.percentile(block, (25, 50, 75))
    text = " ".join(usual)
    assert "Whole session warm-up training" in text
    assert "10 of 12 5 of 6 5 of 6" in text
    assert f"{middle:.2f} ({low:.2f} … {high:.2f})" in text


def test_a_negative_number_has_a_real_minus(usual: list[str]) -> None:
    text = " ".join(usual)
    assert re.search(r"−1\.\d\d \(−1\.\d\d … −1\.\d\d\)", text)


def test_the_monitor_section_gives_shares_and_extremes_with_their_limits(usual: list[str], tmp_path: Path) -> None:
    text, recording = " ".join(usual), make(tmp_path)
    acted = recording.ticks["acted"]
    limited = np.count_nonzero(acted & ~int(Acted.SOFT_START)) / len(acted)
    assert "The monitor found no fault." in text
    assert f"changed the controller's wish in {100 * limited:.2f} % of the powered ticks" in text
    share, behind = f"60 {100 * 60 / len(acted):.2f} %", "shoulder growth 200 N·m/s: limited by planar_arm"
    assert re.search(rf"Growth of torque limited {behind} {share}", text)
    assert "Torque or hand force limited force 25 N: limited by protocol" in text
    assert f"Torque sent, shoulder {np.abs(recording.ticks['sent_0']).max():.3g} N·m 12 N·m" in text
    assert re.search(r"Hand force, by the torque sent \d+(\.\d+)? N 25 N", text)


def test_the_timing_section_gives_the_certificate(usual: list[str]) -> None:
    text = " ".join(usual)
    for words in (
        "Rate 1000.0 Hz", "Period, 99 % are at most 1 042 µs", "Period, 99.9 % are at most 1 163 µs", "Ticks skipped 0",
        "Periods longer than 1.5 nominal 0.003 %", "SCHED_FIFO 50, mlockall",
    ):  # fmt: skip
        assert words in text


def test_the_limits_say_who_set_them(usual: list[str]) -> None:
    text = " ".join(usual)
    assert "Speed of the hand; above it only braking torque is sent 80 cm/s site" in text
    assert "Force of the robot on the hand 25 N protocol" in text
    assert "Shoulder: range −28.65° to 149° planar_arm" in text


def test_seed_and_versions_are_printed(usual: list[str]) -> None:
    text = " ".join(usual)
    assert "Seed 1" in text
    assert "rehab-loop 0.1.0, python 3.11.7, numpy 2.3.0" in text


def test_equal_recordings_give_equal_bytes(recording: MadeUp, tmp_path: Path) -> None:
    first, second = (session_report(recording, tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf"))
    assert first == second


def test_the_report_is_written_where_it_was_asked_for(recording: MadeUp, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    assert session_report(recording, path) == path
    assert path.read_bytes().startswith(b"%PDF-")


def test_a_folder_that_does_not_exist_is_an_error_in_words(recording: MadeUp, tmp_path: Path) -> None:
    with pytest.raises(RehabError, match=r"cannot be written to .*nowhere"):
        session_report(recording, tmp_path / "nowhere" / "report.pdf")


def test_a_session_without_a_trial_says_so_and_shows_no_measures(tmp_path: Path) -> None:
    text = " ".join(pages(make(tmp_path, trials=0), tmp_path))
    assert "No trial was done in this session" in text
    assert "Measures of" not in text
    assert "How the hand moved" not in text
    assert "How the loop kept time" in text


def test_a_session_without_a_tick_is_still_reported(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=0)
    recording.ticks = {name: values[:0] for name, values in recording.ticks.items()}
    recording.timing = {"ticks": 0}
    text = " ".join(pages(recording, tmp_path))
    assert "no tick was recorded" in text
    assert "The power stage was never on." in text


def test_an_adverse_event_is_on_the_first_page_as_it_was_completed_last(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=5, missed={5: Outcome.STOPPED})
    note = {
        "number": 1, "id": 24, "name": "F24 spasm", "t": 17.3, "tick": 17299, "block": "training", "trial": 5,
        "joint": 2, "torque": -8.12, "message": "the limb's torque at joint 2 rose by 6.3 N·m at once",
        "limits": {"force": 28.0, "speed": 0.7}, "who": {"force": "after spasm", "speed": "built-in"}, "next": "",
    }  # fmt: skip
    recording.events.append(RingEvent("adverse_event", 17299, 17.3, note))
    recording.events.append(RingEvent("adverse_event", 19000, 19.0, {**note, "next": "the arm was let go (by anna)"}))
    first = pages(recording, tmp_path)[0]
    assert first.count("Adverse event 1: F24 spasm") == 1
    assert f"At 17.3 s (tick 17299), in trial 5 of training: {note['message']}; the limb's torque at joint 2" in first
    assert "was 8.1 N·m. Limits in force: 28 N (after spasm), 0.70 m/s (built-in)." in first
    assert "Then: the arm was let go (by anna)." in first


def test_a_fault_is_named_on_the_first_page_with_its_time_its_words_and_what_helps(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=5, missed={5: Outcome.STOPPED})
    recording.events.append(RingEvent("fault", 17300, 17.3, FAULT))
    first, *others = pages(recording, tmp_path)
    assert "Stopped by a fault: F16 emergency stop pressed" in first
    assert "At 17.3 s: channel A is open. What helps: release the button, then reset." in first
    assert "4 of 5 trials reached the target (1 stopped)." in first
    rest = " ".join(others)
    assert (
        "The monitor stopped the session by 1 fault: F16 emergency stop pressed at 17.3 s, action torque off." in rest
    )
    assert "found no fault" not in rest
    assert "× stopped" in rest


def test_a_session_that_ended_early_says_how_many_trials_were_planned(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=3, missed={})
    recording.events = [
        RingEvent("block_start", 0, 0.0, {"number": 1, "name": "reach", "exercise": "reach", "trials": 40})
    ]
    assert "3 of 40 planned" in pages(recording, tmp_path)[0]


def test_a_stop_by_hand_is_told(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=2, missed={})
    recording.events.append(RingEvent("stop", 5000, 5.0, {"by": "therapist"}))
    assert "Stopped by hand At 5.0 s, by therapist." in pages(recording, tmp_path)[0]


def test_a_recording_that_was_cut_or_lost_ticks_is_not_passed_off_as_whole(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=2, missed={})
    recording.metadata |= {"state": "recovered", "gaps": [[100, 350], [400, 401]], "damage": "chunk 7 was changed"}
    first = pages(recording, tmp_path)[0]
    assert "The recording was not closed" in first
    assert "251 ticks were not written to disk" in first
    assert "chunk 7 was changed" in first


def test_names_beyond_ascii_are_printed_as_they_are_and_mark_up_is_only_text(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=2, missed={}, info=planar_arm(simulated=False))
    recording.metadata |= {
        "patient": {"pseudonym": "Zoë Ångström Łukasz Παύλος Ирина"},
        "protocol": {"title": "<b>A & B"},
    }
    recording.trials = [msgspec.structs.replace(trial, block="Übung è più") for trial in recording.trials]
    text = " ".join(pages(recording, tmp_path))
    assert "Zoë Ångström Łukasz Παύλος Ирина" in text
    assert "<b>A & B" in text
    assert "Übung è più" in text


def test_a_character_the_font_lacks_is_printed_as_its_code_point(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=0)
    recording.metadata["patient"] = {"pseudonym": "中"}
    assert "[U+4E2D]" in pages(recording, tmp_path)[0]


def test_a_long_session_repeats_the_head_of_the_table_on_every_page_it_covers(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=3, missed={})
    one = recording.trials[0]
    recording.trials = [msgspec.structs.replace(one, number=k + 1, block="long") for k in range(120)]
    found = pages(recording, tmp_path)
    with_rows = [text for text in found if re.search(r"\d+ reached \d\.\d\d", text)]
    assert len(with_rows) >= 3
    assert all("Trial Outcome" in text for text in with_rows)
    assert "120 reached" in " ".join(found)


def test_many_blocks_are_all_in_the_summary(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=8, missed={})
    recording.trials = [msgspec.structs.replace(t, block=f"block {t.number}") for t in recording.trials]
    text = " ".join(pages(recording, tmp_path)).split("Measures of each trial")[0]
    assert all(f"block {k}" in text for k in range(1, 9))


def test_a_simulated_clock_is_not_passed_off_as_real_time(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=0)
    recording.timing["clock"] = "simulated"
    assert "these figures say nothing about a loop in real time" in " ".join(pages(recording, tmp_path))


def test_values_that_are_not_finite_do_not_stop_the_report(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=2, missed={})
    for name in ("x_0", "v_0", "sent_0", "host_late"):
        recording.ticks[name] = recording.ticks[name].copy()
        recording.ticks[name][2000:2005] = np.nan
    text = " ".join(pages(recording, tmp_path))
    assert "nan" not in text
    assert "2 of 2 trials reached" in text


def test_the_protocol_is_named_from_its_yaml(tmp_path: Path) -> None:
    recording = make(tmp_path, trials=0)
    recording.metadata["protocol"] = "# ours\nprotocol: Reaching, week 2  # title\nversion: 3\nblocks:\n  - reach: {}\n"
    assert "Reaching, week 2, version 3" in pages(recording, tmp_path)[0]
