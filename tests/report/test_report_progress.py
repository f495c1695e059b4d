"""The progress report and the patient's own page, read back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest

from rehab.clinic.acting import Acting
from rehab.clinic.clinic import Clinic
from rehab.clinic.records import Answers, Point, SessionRecord
from rehab.clinic.service import one_row
from rehab.core.errors import AccessError
from rehab.report.columns import BY_NAME, REACHED
from rehab.report.patient_page import patient_page
from rehab.report.progress import progress_report
from rehab.report.progress_data import Progress, gather, reached_points, series_of, weeks_of
from rehab.report.progress_words import plain_sentences, scale_verdict, verdict

MONDAY = datetime(2026, 11, 2, 10, tzinfo=UTC)


def session(number: int, *, trials: int = 10, reached: int = 5, robot: float = 600.0, days: int = 0) -> SessionRecord:
    begun = MONDAY + timedelta(days=days)
    return SessionRecord(
        id=number, patient="AAAA-AAAA", full_name="", side="left", title="reach", device="sim:planar_arm",
        state="ended", begun=begun, ended=begun, strapping=0.0, robot=robot, therapist="", therapist_id=1, plan=1,
        before=Answers(), after=Answers(), outcome="done", trials=trials, reached=reached, folder="", adverse=0,
    )  # fmt: skip


def points(*means: float, sd: float = 0.0, n: int = 4) -> list[Point]:
    return [Point(k, MONDAY, "", "sim:planar_arm", mean, sd, n, "") for k, mean in enumerate(means)]


def empty(**more: object) -> Progress:
    nothing = Progress(None, "AAAA-AAAA", (), (), (), (), (), (), 3, 0)
    return nothing._replace(**more)  # type: ignore[arg-type]


def test_a_change_is_said_with_its_noise_beside_it() -> None:
    """Baseline 100 ± 3: noise 2.772 · 3 = 8.3 %."""
    series = series_of(BY_NAME["movement_time"], points(97.0, 100.0, 103.0, 88.0))
    assert verdict(series, "en") == "better by 12 %, more than the noise (8 %)"
    assert verdict(series, "it") == "migliorato di 12 %, più del rumore di misura (8 %)"


def test_a_change_within_the_noise_is_said_to_be_none() -> None:
    series = series_of(BY_NAME["movement_time"], points(97.0, 100.0, 103.0, 97.0))
    assert verdict(series, "en") == "no change beyond the noise: 3 %, noise 8 %"


@pytest.mark.parametrize(("count", "words"), [(1, "2 more baseline sessions"), (2, "1 more baseline session")])
def test_before_the_baseline_is_complete_it_is_too_early_to_tell(count: int, words: str) -> None:
    series = series_of(BY_NAME["sparc"], points(*[-2.0] * count))
    assert verdict(series, "en") == f"too early to tell: {words}"


def test_speed_is_neither_better_nor_worse() -> None:
    series = series_of(BY_NAME["peak_speed"], points(0.10, 0.10, 0.11, 0.20))
    assert verdict(series, "en").startswith("higher by 94 %")


def test_change_and_noise_never_look_equal() -> None:
    series = series_of(BY_NAME["movement_time"], points(97.0, 100.0, 103.0, 91.6))
    assert verdict(series, "en") == "better by 8.4 %, more than the noise (8.3 %)"


def test_the_scatter_of_trials_is_the_least_noise() -> None:
    """Equal session means, trials ± 2 of 4: standard error 1, noise 2.77."""
    series = series_of(BY_NAME["movement_time"], points(5.0, 5.0, 5.0, 4.0, sd=2.0))
    assert series.change.noise == pytest.approx(2.7719, abs=1e-4)


def test_shares_change_by_percentage_points() -> None:
    sessions = [session(k, trials=1000, reached=r) for k, r in enumerate((500, 500, 500, 900))]
    series = series_of(REACHED, reached_points(sessions))
    assert verdict(series, "en") == "better by 40 percentage points, more than the noise (4 percentage points)"


def test_weeks_without_training_are_shown_empty() -> None:
    weeks = weeks_of([session(1), session(2, days=2, robot=300.0), session(3, days=15)])
    assert [(w.monday, w.sessions, w.minutes, w.trials) for w in weeks] == [
        (date(2026, 11, 2), 2, 15.0, 20), (date(2026, 11, 9), 0, 0.0, 0), (date(2026, 11, 16), 1, 10.0, 10)
    ]  # fmt: skip


def test_the_patient_reads_three_plain_sentences() -> None:
    sessions = tuple(session(k, trials=1000, reached=r) for k, r in enumerate((600, 600, 600, 800)))
    series = (
        series_of(REACHED, reached_points(sessions)),
        series_of(BY_NAME["path_length_ratio"], points(2.0, 2.1, 2.0, 1.2)),
    )  # fmt: skip
    assert plain_sentences(empty(sessions=sessions, series=series), "en") == [
        "You have trained 4 times, 40 minutes with the robot in all.",
        "At the beginning you reached 6 of 10 targets, now 8 of 10.",
        "Your hand now moves straighter than at the beginning, and that is no chance.",
    ]


def test_nothing_is_called_better_for_the_patient_within_the_noise() -> None:
    series = (series_of(BY_NAME["path_length_ratio"], points(2.0, 2.1, 2.0, 1.95)),)
    assert plain_sentences(empty(sessions=(session(1), session(2)), series=series), "en")[-1] == (
        "Your hand moves about as it did at the beginning: keep on training."
    )


def test_nine_of_ten_is_not_rounded_to_all() -> None:
    sessions = tuple(session(k, trials=100, reached=97) for k in range(4))
    progress = empty(sessions=sessions, series=(series_of(REACHED, reached_points(sessions)),))
    assert "now 9 of 10" in plain_sentences(progress, "en")[1]


# over the demo store -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def acting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acting]:
    from rehab.clinic.demo import fill

    clinic = Clinic.open(tmp_path_factory.mktemp("store") / "clinic.db")
    fill(clinic, today=date(2026, 11, 26))
    yield clinic.sign_in("anna", "demo-password")
    clinic.close()


@pytest.fixture(scope="module")
def uno(acting: Acting) -> Progress:
    (line,) = acting.patients.search("Demo Uno")
    return gather(acting, line.patient)


def read(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [" ".join(document[k].get_textpage().get_text_range().split()) for k in range(len(document))]
    finally:
        document.close()


def test_task_success_stands_before_quality_and_quality_before_speed(uno: Progress) -> None:
    names = [series.column.name for series in uno.series]
    assert names[0] == "reached" and names.index("sparc") < names.index("movement_time") < names.index("peak_speed")


def test_a_scale_is_said_with_the_change_that_matters_and_its_source(uno: Progress) -> None:
    fma = next(scale for scale in uno.scales if scale.kind.name == "fma_ue")
    assert scale_verdict(fma, "en").startswith(
        "28 → 37 of 66: 9 more; at least what matters to patients (5.25; Page 2012"
    )


def test_a_change_of_plan_is_said(uno: Progress) -> None:
    assert [title for _, title in uno.plans] == ["Reaching on one's own"]


def test_the_report_has_every_verdict_the_name_and_the_signature(uno: Progress, tmp_path: Path) -> None:
    path = progress_report(uno, tmp_path / "progress.pdf", signed="Anna Demo", on=date(2026, 11, 26))
    text = " ".join(read(path))
    assert path.stat().st_mode & 0o077 == 0
    for part in ("Progress report", "Demo Uno", "3 May 1958", "hold a cup", "Signature Anna Demo, 26 Nov 2026"):
        assert part in text
    for series in uno.series:
        assert verdict(series, "en").split(",")[0] in text


def test_the_italian_report_has_italian_footers_and_numbers(uno: Progress, tmp_path: Path) -> None:
    text = read(progress_report(uno, tmp_path / "p.pdf", language="it"))
    assert "Relazione sui progressi" in text[0] and "Pagina 1 di" in text[0] and "medico certificato" in text[0]
    sparc = uno.measure("sparc")
    assert sparc is not None and f"−{-sparc.change.now:.2f}".replace(".", ",") in " ".join(text)


def test_the_patients_page_is_one_page_without_jargon(uno: Progress, tmp_path: Path) -> None:
    for language in ("en", "it"):
        (text,) = read(patient_page(uno, tmp_path / "p.pdf", language=language))
        assert all(sentence in text for sentence in plain_sentences(uno, language))
        assert not any(word in text for word in ("SPARC", "LDLJ", "SEM", "%", "baseline"))


def test_a_patient_without_a_session_gets_a_report_that_says_so(tmp_path: Path) -> None:
    assert "nothing to report on" in read(progress_report(empty(), tmp_path / "p.pdf"))[0]
    assert "not trained with the robot yet" in read(patient_page(empty(), tmp_path / "q.pdf"))[0]


def test_a_look_at_the_progress_is_one_row_of_the_audit(acting: Acting, uno: Progress) -> None:
    carla = acting.clinic.sign_in("carla", "demo-password")
    before = {row.id for row in carla.audit.who(uno.code)}
    gather(acting, uno.code)
    (row,) = [row for row in carla.audit.who(uno.code) if row.id not in before and row.what != "audit.who"]
    assert (row.what, row.user) == ("progress.read", "Anna Demo")
    assert {"sessions.list", "sessions.series", "scales.list", "charts.read"} <= set(row.detail.split())


def test_what_is_changed_or_refused_within_one_look_has_a_row_of_its_own(acting: Acting, uno: Progress) -> None:
    carla = acting.clinic.sign_in("carla", "demo-password")
    before = {row.id for row in carla.audit.who(uno.code)}
    with one_row(acting, "progress.read", uno.code):
        acting.sessions.list(uno.code)
        acting.charts.add_note(uno.code, "seen")
        with pytest.raises(AccessError):
            carla.charts.read(uno.code)
    rows = [row for row in carla.audit.who(uno.code) if row.id not in before and row.what != "audit.who"]
    assert {row.what for row in rows} == {"progress.read", "charts.add_note", "charts.read"}


def test_a_researcher_reads_no_name(acting: Acting, uno: Progress) -> None:
    remo = next(user for user in acting.users.list() if user.name == "remo")
    acting.access.grant(uno.code, remo.id, acting.clinic.now() + timedelta(days=1), "study")
    theirs = gather(acting.clinic.sign_in("remo", "demo-password"), uno.code)
    assert theirs.patient is None and theirs.goals == () and len(theirs.series) == len(uno.series)
