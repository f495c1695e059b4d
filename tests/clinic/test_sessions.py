"""Sessions: one at a time, times apart, signed once, measures, last time, the diary."""

from __future__ import annotations

from datetime import date, timedelta
from math import inf, nan

import pytest

from rehab.clinic.checklist import CHECKLIST
from rehab.clinic.records import Answers, MeasureRow, MotionRange, SessionRecord, Setting
from rehab.core.errors import AccessError, BadInput, Findings, NotNow, UnknownName
from tests.clinic.people import PASSWORD, PIN, House

DEVICE = "sim:planar_arm"


def ended(home: House, patient: str, outcome: str = "done", **more: object) -> SessionRecord:
    begun = home.anna.sessions.begin(patient, device=DEVICE, **more)  # type: ignore[arg-type]
    home.clock.later(minutes=30)
    return home.anna.sessions.end(begun.id, outcome)


def signed(home: House, *sessions: int) -> int:
    home.clinic.sign_in("anna", PASSWORD)
    return home.anna.sessions.sign(sessions, PIN)


def test_a_session_has_the_plan_in_force_and_the_side(home: House) -> None:
    patient = home.patient()
    plan = home.anna.plans.add(patient, "Reaching", "version: 1")
    session = home.anna.sessions.begin(patient, device=DEVICE, before=Answers(pain=3))
    assert (session.plan, session.title, session.side, session.state) == (plan.id, "Reaching", "left", "open")
    assert session.before == Answers(pain=3) and session.therapist == "Anna Rossi"


def test_a_session_without_a_plan_says_so(home: House) -> None:
    patient = home.patient()
    home.anna.plans.add(patient, "Reaching", "version: 1")
    session = home.anna.sessions.begin(patient, device=DEVICE, plan=0, title="Trying out")
    assert (session.plan, session.title) == (None, "Trying out")


def test_a_plan_of_somebody_else_is_refused(home: House) -> None:
    plan = home.anna.plans.add(home.patient("Bea", "Altra"), "Reaching", "version: 1")
    with pytest.raises(BadInput, match="no plan"):
        home.anna.sessions.begin(home.patient(), device=DEVICE, plan=plan.id)


def test_one_patient_has_one_open_session(home: House) -> None:
    patient = home.patient()
    first = home.anna.sessions.begin(patient, device=DEVICE)
    home.anna.sessions.park(first.id)
    with pytest.raises(NotNow, match="open already"):
        home.anna.sessions.begin(patient, device=DEVICE)
    assert [s.id for s in home.anna.sessions.open_ones()] == [first.id]


def test_a_yes_on_the_checklist_forbids_until_somebody_says_why_all_the_same(home: House) -> None:
    patient = home.patient()
    answers = {item.name: "no" for item in CHECKLIST}
    home.anna.charts.set_checklist(patient, {**answers, "fracture": "yes", "spasms": "yes"})
    with pytest.raises(NotNow, match="yes to fracture:"):
        home.anna.sessions.begin(patient, device=DEVICE)
    home.anna.sessions.begin(patient, device=DEVICE, despite="healed, Dr Bo, today")
    assert home.anna.charts.read(patient).notes[0].text == "training despite fracture: healed, Dr Bo, today"


def test_what_asks_for_care_only_does_not_forbid(home: House) -> None:
    patient = home.patient()
    home.anna.charts.set_checklist(patient, {i.name: "no" if i.stops else "yes" for i in CHECKLIST})
    assert home.anna.sessions.begin(patient, device=DEVICE).state == "open"


def test_robot_time_is_without_strapping_and_without_parking(home: House) -> None:
    session = home.anna.sessions.begin(home.patient(), device=DEVICE).id
    home.clock.later(minutes=5)
    home.anna.sessions.strapped(session, 240.0)
    home.anna.sessions.strapped(session, 60.0)
    home.clock.later(minutes=20)
    home.anna.sessions.park(session)
    home.clock.later(minutes=15)
    home.anna.sessions.resume(session)
    home.clock.later(minutes=10)
    done = home.anna.sessions.end(session)
    assert (done.strapping, done.robot) == (300.0, 30 * 60.0)
    assert home.anna.sessions.robot_minutes() == 30.0


def test_strapping_before_the_start_is_no_robot_time_and_takes_none_away(home: House) -> None:
    session = home.anna.sessions.begin(home.patient(), device=DEVICE, strapped=300.0).id
    home.clock.later(minutes=2)
    done = home.anna.sessions.end(session)
    assert (done.strapping, done.robot) == (300.0, 120.0)


def test_one_that_ends_parked_does_not_count_the_rest(home: House) -> None:
    session = home.anna.sessions.begin(home.patient(), device=DEVICE).id
    home.clock.later(minutes=10)
    home.anna.sessions.park(session)
    home.clock.later(minutes=30)
    assert home.anna.sessions.end(session, "cut_short").robot == 600.0


def test_robot_minutes_are_of_that_day_and_of_all_therapists(home: House) -> None:
    ended(home, home.patient())
    home.clock.later(days=1)
    patient = home.patient("Bea", "Altra")
    home.anna.patients.assign(patient, home.marco.user.id)
    session = home.marco.sessions.begin(patient, device=DEVICE)
    home.marco.sessions.end(session.id, robot=600.0)
    assert home.anna.sessions.robot_minutes() == home.staff["tino"].sessions.robot_minutes() == 10.0
    assert home.anna.sessions.robot_minutes(date(2026, 5, 3)) == 30.0


@pytest.mark.parametrize("before", [Answers(pain=11), Answers(fatigue=-1), Answers(borg=10.5)])
def test_an_answer_off_its_scale_is_refused(home: House, before: Answers) -> None:
    with pytest.raises(Findings, match="not on the scale"):
        home.anna.sessions.begin(home.patient(), device=DEVICE, before=before)


def test_an_answer_given_later_keeps_those_before(home: House) -> None:
    session = home.anna.sessions.begin(home.patient(), device=DEVICE, before=Answers(pain=2))
    assert home.anna.sessions.ask_before(session.id, Answers(fatigue=3)).before == Answers(pain=2, fatigue=3)
    assert home.anna.sessions.ask_after(session.id, Answers(borg=0.5)).after == Answers(borg=0.5)


@pytest.mark.parametrize(
    ("method", "state"), [("park", "parked"), ("park", "ended"), ("resume", "open"), ("end", "ended")]
)
def test_what_the_state_does_not_allow_is_refused(home: House, method: str, state: str) -> None:
    session = home.anna.sessions.begin(home.patient(), device=DEVICE).id
    if state == "parked":
        home.anna.sessions.park(session)
    if state == "ended":
        home.anna.sessions.end(session)
    with pytest.raises(NotNow, match=f"is {state}, not"):
        getattr(home.anna.sessions, method)(session)


def test_outcomes_and_counts_are_possible_ones(home: House) -> None:
    session = home.anna.sessions.begin(home.patient(), device=DEVICE).id
    with pytest.raises(UnknownName):
        home.anna.sessions.end(session, "splendid")
    with pytest.raises(BadInput, match="5 of 4"):
        home.anna.sessions.end(session, trials=4, reached=5)
    with pytest.raises(Findings):
        home.anna.sessions.strapped(session, nan)


def test_a_session_is_changed_by_its_own_therapist_only(home: House) -> None:
    patient = home.patient()
    home.anna.patients.assign(patient, home.marco.user.id)
    session = home.anna.sessions.begin(patient, device=DEVICE).id
    with pytest.raises(AccessError, match="Anna Rossi's"):
        home.marco.sessions.end(session)
    assert home.marco.sessions.get(session).therapist == "Anna Rossi"


def test_whoever_takes_over_can_end_and_sign_it(home: House) -> None:
    session = home.anna.sessions.begin(home.patient(), device=DEVICE).id
    home.anna.sessions.hand_to(session, home.marco.user.id)
    home.marco.sessions.end(session)
    assert [s.id for s in home.marco.sessions.unsigned()] == [session] and home.anna.sessions.unsigned() == ()


def test_sign_all_signs_with_the_pin_and_only_ones_own(home: House) -> None:
    one, two = ended(home, home.patient()), ended(home, home.patient("Bea", "Altra"))
    assert [s.id for s in home.anna.sessions.unsigned()] == [one.id, two.id]
    home.clinic.sign_in("anna", PASSWORD)
    with pytest.raises(AccessError, match="PIN is wrong"):
        home.anna.sessions.sign([one.id], "0000")
    assert signed(home, one.id, two.id, two.id) == 2
    assert home.anna.sessions.unsigned() == ()
    done = home.anna.sessions.get(two.id)
    assert (done.signed, done.signed_by) == (home.clock.now, "Anna Rossi")


def test_one_that_runs_cannot_be_signed_and_then_none_is(home: House) -> None:
    done = ended(home, home.patient())
    running = home.anna.sessions.begin(home.patient("Bea", "Altra"), device=DEVICE)
    with pytest.raises(NotNow, match="open"):
        signed(home, done.id, running.id)
    assert home.anna.sessions.get(done.id).signed is None


def test_a_signed_session_does_not_change_but_takes_notes(home: House) -> None:
    patient = home.patient()
    session = ended(home, patient)
    signed(home, session.id)
    with pytest.raises(NotNow, match="signed"):
        home.anna.sessions.ask_after(session.id, Answers(pain=1))
    with pytest.raises(NotNow, match="signed"):
        home.anna.sessions.save_measures(session.id, [MeasureRow(1, "b", "sparc", -1.5)])
    assert home.anna.charts.add_note(patient, "pain afterwards, at home", session=session.id).session == session.id
    assert home.anna.sessions.adverse_event(session.id, "swollen hand, told by telephone").kind == "adverse"


def test_an_adverse_event_keeps_what_the_loop_noted(home: House) -> None:
    session = home.anna.sessions.begin(home.patient(), device=DEVICE).id
    facts = {"number": 1, "name": "F24 spasm", "torque": 8.5, "limits": {"force": 20.0}, "tick": 1200}
    home.anna.sessions.adverse_event(session, facts=facts, chips=["spasm"])
    (event,) = home.anna.sessions.adverse_events(session)
    assert event.facts == facts and event.chips == ("spasm",)
    assert home.anna.sessions.get(session).adverse == 1


def test_measures_come_back_per_session_with_mean_and_spread(home: House) -> None:
    patient = home.patient()
    for values in ([1.0, 2.0, 3.0], [4.0]):
        session = home.anna.sessions.begin(patient, device=DEVICE)
        rows = [MeasureRow(n, "block", "movement_time", value, "s") for n, value in enumerate(values, 1)]
        assert home.anna.sessions.save_measures(session.id, rows) == len(values)
        assert home.anna.sessions.measures(session.id) == tuple(rows)
        home.anna.sessions.end(session.id)
        home.clock.later(days=1)
    assert [(p.mean, p.sd, p.n, p.unit) for p in home.anna.sessions.series(patient, "movement_time")] == [
        (2.0, 1.0, 3, "s"), (4.0, 0.0, 1, "s"),
    ]  # fmt: skip
    (name,) = home.anna.sessions.measure_names(patient)
    assert (name.name, name.unit, name.sessions) == ("movement_time", "s", 2)


def test_measures_saved_again_replace_those_of_the_same_trial(home: House) -> None:
    session = home.anna.sessions.begin(home.patient(), device=DEVICE).id
    home.anna.sessions.save_measures(session, [MeasureRow(1, "b", "sparc", -2.0), MeasureRow(2, "b", "sparc", -1.9)])
    home.anna.sessions.save_measures(session, [MeasureRow(2, "b", "sparc", -1.7), MeasureRow(2, "b", "ldlj", -6.0)])
    found = {(row.trial, row.name): row.value for row in home.anna.sessions.measures(session)}
    assert found == {(1, "sparc"): -2.0, (2, "sparc"): -1.7, (2, "ldlj"): -6.0}


@pytest.mark.parametrize("value", [nan, inf])
def test_a_measure_that_is_not_finite_is_refused(home: House, value: float) -> None:
    session = home.anna.sessions.begin(home.patient(), device=DEVICE).id
    with pytest.raises(Findings, match="trial 3: sparc"):
        home.anna.sessions.save_measures(session, [MeasureRow(3, "b", "sparc", value)])
    assert home.anna.sessions.measures(session) == ()


# last time -----------------------------------------------------------------------------------------------------------


def differences(home: House, patient: str, **today: object) -> dict[str, str]:
    card = home.anna.sessions.as_last_time(patient, **today)  # type: ignore[arg-type]
    return {difference.what: difference.says for difference in card.differences}


def test_a_new_patient_has_no_last_time(home: House) -> None:
    card = home.anna.sessions.as_last_time(home.patient())
    assert card.session is None and card.differences == ()


def test_as_last_time_nothing_differs_when_nothing_changed(home: House) -> None:
    patient = home.patient()
    home.anna.plans.add(patient, "Reaching", "version: 1")
    home.anna.charts.set_limit(patient, "force", 20.0, reason="pain")
    home.anna.charts.set_setting(patient, Setting(upper_arm=0.3))
    session = ended(home, patient, before=Answers(pain=3))
    card = home.anna.sessions.as_last_time(patient, device=DEVICE, before=Answers(pain=3))
    assert card.session is not None and card.session.id == session.id and card.differences == ()


def test_everything_that_changed_is_on_the_card(home: House) -> None:
    patient = home.patient()
    home.anna.plans.add(patient, "Reaching", "version: 1")
    home.anna.charts.set_limit(patient, "force", 20.0, reason="pain")
    lifted = home.anna.charts.set_limit(patient, "speed", 0.5, reason="slowly")
    session = home.anna.sessions.begin(patient, device=DEVICE, before=Answers(pain=2))
    home.anna.sessions.adverse_event(session.id, "spasm")
    home.anna.sessions.end(session.id)
    home.clock.later(days=2)
    home.anna.plans.add(patient, "Reaching alone", "version: 1")
    home.anna.charts.set_limit(patient, "force", 15.0, reason="worse")
    home.anna.charts.lift_limit(patient, lifted.id, reason="fine now")
    home.anna.charts.set_setting(patient, Setting(upper_arm=0.3))
    home.anna.charts.set_range(patient, MotionRange(device="planar_arm", low=(-0.1,), high=(0.1,)))
    home.anna.patients.change(patient, side="right", reason="typed wrong")
    card = home.anna.sessions.as_last_time(patient, device="serial:/dev/ttyACM0", before=Answers(pain=5))
    says = [difference.says for difference in card.differences]
    assert says == [
        'another plan: "Reaching alone" instead of "Reaching"',
        "tighter: force 15 N instead of 20 N (worse)",
        "no longer limited: speed 50 cm/s",
        "the range of motion was shown anew",
        "seat, splint or lengths have changed",
        "another side: right instead of left",
        "another device: serial:/dev/ttyACM0 instead of sim:planar_arm",
        "more pain: 5 instead of 2",
        "1 adverse event(s) last time",
    ]


def test_a_looser_limit_is_called_looser(home: House) -> None:
    patient = home.patient()
    home.anna.charts.set_limit(patient, "soft_start", 2.0, reason="anxious")  # the longer, the tighter
    ended(home, patient)
    home.anna.charts.set_limit(patient, "soft_start", 1.5, reason="calmer")
    assert differences(home, patient)["limits"].startswith("looser: soft_start")


def test_another_therapist_and_a_stop_are_on_the_card(home: House) -> None:
    patient = home.patient()
    ended(home, patient, "stopped")
    home.anna.patients.assign(patient, home.marco.user.id)
    card = home.marco.sessions.as_last_time(patient)
    assert [(d.what, d.says) for d in card.differences] == [
        ("therapist", "Anna Rossi was the therapist"), ("adverse", "it was stopped last time"),
    ]  # fmt: skip


def test_less_pain_is_no_warning(home: House) -> None:
    patient = home.patient()
    ended(home, patient, before=Answers(pain=5))
    assert "pain" not in differences(home, patient, before=Answers(pain=4))


# the diary -----------------------------------------------------------------------------------------------------------


def test_the_diary_sentence_is_ready_to_paste_in_both_languages(home: House) -> None:
    patient = home.patient()
    home.anna.plans.add(patient, "Reaching", "version: 1")
    session = home.anna.sessions.begin(patient, device=DEVICE, before=Answers(pain=2, fatigue=1)).id
    home.clock.later(minutes=35)
    home.anna.sessions.strapped(session, 300.0)
    home.anna.sessions.end(session, trials=24, reached=20)
    home.anna.sessions.ask_after(session, Answers(pain=3, borg=4))
    local = home.anna.sessions.get(session).begun.astimezone()
    assert home.anna.sessions.diary_sentence(session, "en") == (
        f'3 May 2026, {local:%H:%M}, robot session "Reaching" on sim:planar_arm, left arm: completed. '
        "Training 30 min, strapping 5 min. 20 of 24 trials reached. Pain 2 before, 3 after; fatigue 1 before; "
        "exertion (Borg CR10) 4 after. No adverse events. Anna Rossi, not signed yet."
    )
    assert home.anna.sessions.diary_sentence(session, "it") == (
        f'3 maggio 2026, {local:%H:%M}, seduta robotica "Reaching" su sim:planar_arm, arto sinistro: completata. '
        "Allenamento 30 min, allestimento 5 min. 20 prove riuscite su 24. Dolore 2 prima, 3 dopo; fatica 1 prima; "
        "sforzo (Borg CR10) 4 dopo. Nessun evento avverso. Anna Rossi, non ancora firmato."
    )


def test_the_diary_sentence_names_no_patient_and_tells_of_adverse_events(home: House) -> None:
    session = home.anna.sessions.begin(home.patient(), device=DEVICE).id
    home.anna.sessions.adverse_event(session, "spasm")
    home.anna.sessions.end(session, "stopped")
    signed(home, session)
    words = home.anna.sessions.diary_sentence(session)
    assert "Così" not in words and "stopped for safety" in words
    assert "Adverse events: 1 (see note)." in words and words.endswith("Signed Anna Rossi.")


# appointments, plans -------------------------------------------------------------------------------------------------


def test_a_day_shows_its_own_appointments_by_time(home: House) -> None:
    patient, begin = home.patient(), home.clock.now
    late = home.anna.appointments.add(patient, begin + timedelta(hours=2))
    early = home.anna.appointments.add(patient, begin + timedelta(hours=1), device="planar_arm")
    home.anna.appointments.add(patient, begin + timedelta(days=1))
    assert [a.id for a in home.anna.appointments.day()] == [early.id, late.id]
    assert home.marco.appointments.day() == ()
    assert [a.id for a in home.carla.appointments.day(everybody=True)] == [early.id, late.id]
    home.anna.appointments.arrived(early.id)
    home.anna.appointments.cancel(late.id, reason="ill")
    (left,) = home.anna.appointments.day()
    assert (left.arrived, left.full_name, left.side) == (home.clock.now, "Ada Così", "left")


def test_a_therapist_is_in_one_place_at_a_time(home: House) -> None:
    patient, at = home.patient(), home.clock.now + timedelta(hours=1)
    home.anna.appointments.add(patient, at, seconds=1800.0)
    with pytest.raises(BadInput, match="has an appointment"):
        home.anna.appointments.add(patient, at + timedelta(minutes=29))
    with pytest.raises(BadInput, match="has an appointment"):
        home.anna.appointments.add(patient, at - timedelta(minutes=29), seconds=1800.0)
    assert home.anna.appointments.add(patient, at + timedelta(minutes=30))


def test_a_new_plan_supersedes_the_one_in_force_and_both_can_be_read(home: House) -> None:
    patient, text = home.patient(), "version: 1  # mind the comment\n"
    assert home.anna.plans.current(patient) is None
    first = home.anna.plans.add(patient, "One", text, aim="reach")
    second = home.anna.plans.add(patient, "Two", "version: 2")
    assert [(p.number, p.title, p.superseded is None) for p in home.anna.plans.list(patient)] == [
        (2, "Two", True), (1, "One", False),
    ]  # fmt: skip
    current = home.anna.plans.current(patient)
    assert current is not None and current.id == second.id
    assert home.anna.plans.get(first.id).protocol == text
    home.anna.plans.supersede(second.id, reason="pause")
    assert home.anna.plans.current(patient) is None
    with pytest.raises(NotNow):
        home.anna.plans.supersede(second.id, reason="again")
