"""The chart: superseded, never deleted; limits, range, checklist, goals, notes."""

from __future__ import annotations

from datetime import date, timedelta
from math import nan

import pytest

from rehab.clinic.checklist import CHECKLIST
from rehab.clinic.demo_picture import setup_picture
from rehab.clinic.records import MotionRange, Setting
from rehab.core.errors import BadInput, Findings
from tests.clinic.people import House

NO = {item.name: "no" for item in CHECKLIST}


def test_a_setting_supersedes_the_one_before_with_author_time_and_reason(home: House) -> None:
    patient = home.patient()
    home.anna.charts.set_setting(patient, Setting(upper_arm=0.31, splint="wrist splint"))
    home.clock.later(days=2)
    home.anna.charts.set_setting(patient, Setting(upper_arm=0.32), reason="measured again")
    now = home.anna.charts.read(patient).setting
    assert now is not None and (now.upper_arm, now.splint, now.by, now.at) == (0.32, "", "Anna Rossi", home.clock.now)
    first = home.anna.charts.history(patient)[1]
    versions = [v for v in home.anna.charts.history(patient) if v.part == "setting"]
    assert [(v.reason, v.superseded is None) for v in versions] == [("measured again", True), ("", False)]
    assert first.at < home.clock.now


@pytest.mark.parametrize("wrong", [{"upper_arm": 31.0}, {"forearm": 0.0}, {"seat_height": 4.6}, {"hand": -0.1}])
def test_lengths_in_centimetres_are_noticed(home: House, wrong: dict[str, float]) -> None:
    with pytest.raises(Findings, match="cannot be"):
        home.anna.charts.set_setting(home.patient(), Setting(**wrong))  # type: ignore[arg-type]


def test_a_photo_comes_back_as_it_was_given(home: House) -> None:
    patient, picture = home.patient(), setup_picture("left", 1)
    assert home.anna.charts.photo(patient) is None and not home.anna.charts.read(patient).has_photo
    home.anna.charts.set_photo(patient, picture, "image/png")
    photo = home.anna.charts.photo(patient)
    assert photo is not None and (photo.data, photo.kind, photo.by) == (picture, "image/png", "Anna Rossi")
    assert home.anna.charts.read(patient).has_photo


@pytest.mark.parametrize(
    ("data", "kind"), [(b"GIF89a", "image/gif"), (b"\xff\xd8\xff", "image/png"), (b"", "image/png")]
)
def test_what_is_no_photo_is_refused(home: House, data: bytes, kind: str) -> None:
    with pytest.raises(BadInput, match="no photo"):
        home.anna.charts.set_photo(home.patient(), data, kind)


def test_a_photo_that_is_too_large_is_refused(home: House) -> None:
    with pytest.raises(BadInput, match="too large"):
        home.anna.charts.set_photo(home.patient(), b"\xff\xd8\xff" + bytes(8_000_000), "image/jpeg")


def test_each_device_has_its_own_range(home: House) -> None:
    patient = home.patient()
    for device, reach in (("planar_arm", 0.1), ("wrist", 0.05), ("planar_arm", 0.12)):
        motion = MotionRange(device=device, low=(-reach, -reach), high=(reach, reach))
        home.anna.charts.set_range(patient, motion)
    assert {r.device: r.high for r in home.anna.charts.read(patient).ranges} == {
        "wrist": (0.05, 0.05), "planar_arm": (0.12, 0.12),
    }  # fmt: skip


@pytest.mark.parametrize("motion", [
    MotionRange(device="", low=(0.0,), high=(1.0,)),
    MotionRange(device="wrist", low=(), high=()),
    MotionRange(device="wrist", low=(0.1,), high=(0.1,)),
    MotionRange(device="wrist", low=(0.0, 0.0), high=(0.1,)),
    MotionRange(device="wrist", low=(-10.0,), high=(10.0,)),
    MotionRange(device="wrist", low=(nan,), high=(0.1,)),
    MotionRange(device="wrist", low=(), high=(), q_min=(1.0,), q_max=(0.5,)),
])  # fmt: skip
def test_a_range_that_is_none_is_refused(home: House, motion: MotionRange) -> None:
    with pytest.raises(Findings):
        home.anna.charts.set_range(home.patient(), motion)


def test_every_question_of_the_checklist_is_answered(home: House) -> None:
    patient = home.patient()
    some = dict(NO)
    del some["fracture"]
    with pytest.raises(Findings, match="fracture: is not answered"):
        home.anna.charts.set_checklist(patient, some)
    with pytest.raises(Findings, match="perhaps"):
        home.anna.charts.set_checklist(patient, {**NO, "fracture": "perhaps"})
    with pytest.raises(Findings, match="horoscope"):
        home.anna.charts.set_checklist(patient, {**NO, "horoscope": "no"})
    checklist = home.anna.charts.set_checklist(patient, {**NO, "spasms": "yes"}, remarks="seen today")
    assert (checklist.cautions, checklist.remarks, checklist.by) == (("spasms",), "seen today", "Anna Rossi")


def test_the_checklist_is_there_in_both_languages(home: House) -> None:
    items = home.anna.charts.check_items()
    assert len(items) > 8 and all(item.text.endswith("?") and item.text_it.endswith("?") for item in items)
    assert all(item.text != item.text_it for item in items)


def test_a_limit_says_its_value_its_owner_and_its_day(home: House) -> None:
    patient = home.patient()
    limit = home.anna.charts.set_limit(patient, "torque", 12.0, reason="spastic", joint=1, device="planar_arm")
    assert limit.says == "12 N·m: limited by the patient's file, AR, 3 May"
    home.anna.users.preferences(language="it")
    (read,) = home.anna.charts.read(patient).limits
    assert read.says == "12 N·m: limitato da: la cartella del paziente, AR, 3 maggio"
    assert (read.reason, read.by, read.initials, read.joint, read.device) == (
        "spastic", "Anna Rossi", "AR", 1, "planar_arm",
    )  # fmt: skip


def test_a_limit_of_another_year_says_so(home: House) -> None:
    patient = home.patient()
    home.anna.charts.set_limit(patient, "force", 20.0, reason="pain")
    home.clock.later(days=365)
    assert home.anna.charts.read(patient).limits[0].says.endswith("AR, 3 May 2026")


def test_a_limit_supersedes_the_one_of_the_same_name_and_joint(home: House) -> None:
    patient = home.patient()
    for value in (20.0, 15.0):
        home.anna.charts.set_limit(patient, "force", value, reason=f"{value}")
    for joint in (0, 1):
        home.anna.charts.set_limit(patient, "torque", 10.0 + joint, reason="t", joint=joint, device="planar_arm")
    assert [(limit.name, limit.value) for limit in home.anna.charts.read(patient).limits] == [
        ("force", 15.0), ("torque", 10.0), ("torque", 11.0),
    ]  # fmt: skip
    said = [v.says for v in home.anna.charts.history(patient) if v.part == "limit"]
    assert "force 20 N" in said and "torque of joint 2 (planar_arm) 11 N·m" in said


def test_a_lifted_limit_holds_no_longer_and_stays_in_the_history(home: House) -> None:
    patient = home.patient()
    limit = home.anna.charts.set_limit(patient, "force", 20.0, reason="pain")
    home.anna.charts.lift_limit(patient, limit.id, reason="no pain any more")
    assert home.anna.charts.read(patient).limits == ()
    version = next(v for v in home.anna.charts.history(patient) if v.part == "limit")
    assert "no pain any more" in version.reason and version.superseded_by == "Anna Rossi"
    with pytest.raises(BadInput, match="that holds"):
        home.anna.charts.lift_limit(patient, limit.id, reason="again")


@pytest.mark.parametrize(("name", "value", "joint", "device"), [
    ("force", 0.0, None, ""), ("force", 151.0, None, ""), ("force", nan, None, ""), ("force", 20.0, 0, "planar_arm"),
    ("torque", 12.0, None, ""), ("torque", 12.0, 1, ""), ("torque", -1.0, 1, "planar_arm"),
    ("q_min", 7.0, 0, "planar_arm"), ("watchdog", 0.01, None, ""), ("charm", 1.0, None, ""),
])  # fmt: skip
def test_what_is_no_limit_of_a_person_is_refused(
    home: House, name: str, value: float, joint: int | None, device: str
) -> None:
    with pytest.raises(Findings):
        home.anna.charts.set_limit(home.patient(), name, value, reason="x", joint=joint, device=device)


def test_a_limit_has_a_reason(home: House) -> None:
    with pytest.raises(BadInput, match="reason"):
        home.anna.charts.set_limit(home.patient(), "force", 20.0, reason="")


def test_goals_stand_side_by_side_and_are_reached_or_dropped(home: House) -> None:
    patient = home.patient()
    cup = home.anna.charts.add_goal(patient, "hold a cup", until=date(2026, 7, 1))
    comb = home.anna.charts.add_goal(patient, "comb her hair")
    home.clock.later(days=10)
    reached = home.anna.charts.reach_goal(patient, cup.id)
    assert (reached.text, reached.until, reached.reached) == ("hold a cup", date(2026, 7, 1), home.clock.now)
    home.anna.charts.drop_goal(patient, comb.id, reason="she wears it short")
    assert [goal.text for goal in home.anna.charts.read(patient).goals] == ["hold a cup"]
    assert sum(version.part == "goal" for version in home.anna.charts.history(patient)) == 3


def test_notes_are_text_chips_or_both_and_the_newest_comes_first(home: House) -> None:
    patient = home.patient()
    chip = home.anna.charts.chips()[0]
    assert home.anna.charts.add_note(patient, chips=[chip]).kind == "chip"
    home.clock.later(hours=1)
    home.anna.charts.add_note(patient, "seat raised", chips=[chip])
    assert [(note.kind, note.text) for note in home.anna.charts.read(patient).notes] == [
        ("note", "seat raised"), ("chip", ""),
    ]  # fmt: skip
    with pytest.raises(BadInput, match="says something"):
        home.anna.charts.add_note(patient, " ")


def test_a_note_is_of_a_session_of_that_patient(home: House) -> None:
    first, second = home.patient(), home.patient("Bea", "Altra")
    session = home.anna.sessions.begin(second, device="sim:planar_arm")
    with pytest.raises(BadInput, match="no session"):
        home.anna.charts.add_note(first, "note", session=session.id)


def test_what_hurts_is_what_was_said_last(home: House) -> None:
    patient = home.patient()
    home.anna.charts.set_hurts(patient, [("left shoulder", 4, "on lifting"), ("left wrist", 2, "")])
    assert [(h.place, h.pain, h.when) for h in home.anna.charts.read(patient).hurts] == [
        ("left shoulder", 4, "on lifting"), ("left wrist", 2, ""),
    ]  # fmt: skip
    home.anna.charts.set_hurts(patient, [])
    assert home.anna.charts.read(patient).hurts == ()


def test_handover_has_what_a_colleague_needs_and_no_more_access_than_granted(home: House) -> None:
    patient = home.patient()
    home.anna.charts.set_limit(patient, "force", 20.0, reason="painful shoulder")
    home.anna.charts.set_hurts(patient, [("left shoulder", 4, "on lifting")])
    home.anna.charts.set_photo(patient, setup_picture("left", 1), "image/png")
    home.anna.charts.set_setting(patient, Setting(splint="wrist splint"))
    session = home.anna.sessions.begin(patient, device="sim:planar_arm")
    home.anna.sessions.end(session.id)
    home.anna.charts.add_note(patient, "mind the shoulder")
    home.anna.access.grant(patient, home.marco.user.id, home.clock.now + timedelta(days=1), "holiday")
    found = home.marco.handover(patient)
    assert found.note is not None and found.note.text == "mind the shoulder"
    assert [limit.reason for limit in found.limits] == ["painful shoulder"]
    assert found.hurts[0].place == "left shoulder" and found.photo is not None
    assert found.setting is not None and found.setting.splint == "wrist splint"
    assert found.session is not None and found.session.id == session.id and found.patient.full_name == "Ada Così"


def test_the_history_says_in_words_what_each_entry_was(home: House) -> None:
    patient = home.patient(diagnosis="stroke")
    home.anna.charts.set_checklist(patient, {**NO, "spasms": "yes", "numb": "unknown"})
    home.anna.charts.set_hurts(patient, [("left shoulder", 4, "on lifting")])
    home.anna.charts.set_range(patient, MotionRange(device="planar_arm", low=(-0.1,), high=(0.1,)))
    home.anna.charts.set_setting(patient, Setting(upper_arm=0.31))
    said = {version.part: version.says for version in home.anna.charts.history(patient)}
    assert said == {
        "identity": "Ada Così, 1958-05-03, F", "details": "side left, diagnosis stroke", "checklist": "spasms, numb",
        "hurt": "left shoulder 4", "range": "planar_arm", "setting": "upper_arm 0.31",
    }  # fmt: skip
