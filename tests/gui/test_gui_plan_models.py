"""The library and the plan without a window: what cards say, what forms say, what changes of a plan do to its text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui import i18n
from gui.viewmodels.desk import Desk
from gui.viewmodels.drawn import drawn, region
from gui.viewmodels.form import field_of, limited
from gui.viewmodels.library import Library, entries, exercise_entry, picture_of
from gui.viewmodels.plan import PlanModel
from gui.viewmodels.plan_check import check, ground_of
from gui.viewmodels.plan_text import set_how, set_value
from gui.viewmodels.rehearsal import Rehearsal
from rehab.clinic.clinic import Clinic
from rehab.core import registry
from rehab.core.parameters import quantity
from rehab.core.person import PersonLayer, PersonLimit
from tests.arms import planar_arm, wrist
from tests.gui.day import PASSWORD, clinic, demo_store  # noqa: F401
from tests.gui.helpers import wait_until

TEXT = """\
# for Anna, easy
protocol: Reaching
version: 3
device: planar_arm
limits: {speed: 0.5 m/s}
blocks:
  - name: reach    # slowly
    reach: {radius: 8 cm}
    mode: active
    trials: 2
"""
CAREFUL = PersonLayer("p", (PersonLimit(who="the patient's file, MR, 3 May", name="force", value=12.0),))


@pytest.fixture
def desk(clinic: Clinic, tmp_path: Path) -> Iterator[Desk]:  # noqa: F811
    made = Desk(clinic, out=tmp_path)
    made.acting = clinic.sign_in("anna", PASSWORD)
    yield made
    made.close()


def settle(desk: Desk, model: Any) -> None:
    def done() -> bool:
        desk.refresh()
        return not model.waiting

    wait_until(done)


def ready(desk: Desk, name: str = "Demo Uno") -> PlanModel:
    assert desk.acting is not None
    (line,) = desk.acting.patients.search(name)
    model = PlanModel(desk)
    model.load(line.patient)
    settle(desk, model)
    return model


# the library ---------------------------------------------------------------------------------------------------------


def test_every_installed_exercise_has_a_card_with_a_picture_and_words() -> None:
    info = planar_arm()
    for name in registry.names("exercise"):
        entry = exercise_entry(name, info)
        assert entry.title and entry.instruction and entry.trains and entry.goals, name
        picture = picture_of(name, entry.parameters, info)
        assert picture.spots or picture.paths, name


def test_the_picture_of_reaching_shows_every_target_on_its_circle() -> None:
    info = planar_arm()
    reach = registry.find("exercise", "reach")(info, targets=4, radius=0.1)
    goals = [spot.at for spot in drawn(reach, info, info.limits()).spots if spot.role == "goal"]
    x = sum(at[0] for at in goals) / len(goals)
    y = sum(at[1] for at in goals) / len(goals)
    around = [at for at in goals if ((at[0] - x) ** 2 + (at[1] - y) ** 2) ** 0.5 > 0.05]
    assert len(around) == 4
    assert all(abs(((at[0] - x) ** 2 + (at[1] - y) ** 2) ** 0.5 - 0.1) < 0.004 for at in around)


def test_what_the_device_cannot_do_says_why() -> None:
    cards = {entry.name: entry for entry in entries(wrist()) if entry.kind == "exercise"}
    assert "one dimension" in cards["trace"].why_not and not cards["reach"].why_not


def test_filters_and_search_let_through_what_fits(desk: Desk) -> None:
    model = Library(desk)
    model.load()
    settle(desk, model)
    assert model.entries is not None and len(model.shown) == len(model.entries)
    model.filter(goal="spasticity", kind="exercise")
    assert {"spasticity"} <= {e.name for e in model.shown} and all("spasticity" in e.goals for e in model.shown)
    model.filter(goal="", kind="protocol", mode="resistive")
    assert [e.name for e in model.shown] == ["reach_resistive"]
    model.filter(mode="", kind="", words="muscle catches no such thing")
    assert model.shown == ()


def test_cards_speak_italian_where_the_user_does() -> None:
    i18n.use("it")
    try:
        assert exercise_entry("reach", planar_arm()).title == "Raggiungere"
    finally:
        i18n.use("en")


# forms ---------------------------------------------------------------------------------------------------------------


def test_a_force_goes_no_higher_than_the_patients_file_allows_and_says_whose_limit_it_is() -> None:
    limits = CAREFUL.on(planar_arm().limits(), "planar_arm")
    field = field_of("force", quantity("10 N", unit="N", least="1 N", most="60 N"), 10.0, "x.force", limits)
    assert (field.least, field.most, field.unit) == (1.0, 12.0, "N")
    assert field.limit == "12 N: limited by the patient's file, MR, 3 May"


def test_a_limit_that_does_not_bind_is_not_spoken_of() -> None:
    limits = CAREFUL.on(planar_arm().limits(), "planar_arm")
    assert field_of("force", quantity("5 N", unit="N", most="8 N"), 5.0, "x.force", limits).limit == ""
    assert limited(quantity("5 cm", unit="m"), limits) == (None, "")


def test_a_field_writes_what_a_protocol_reads() -> None:
    limits = planar_arm().limits()
    for name in registry.names("exercise") + registry.names("controller"):
        kind = "exercise" if name in registry.names("exercise") else "controller"
        for key, parameter in registry.find(kind, name).parameters.items():
            field = field_of(key, parameter, parameter.default, key, limits)
            read = parameter.parse(field.written(field.value))
            assert read == pytest.approx(parameter.default), f"{name}.{key}"


def test_the_region_of_one_joint_is_an_arc_and_of_two_is_closed() -> None:
    two, one = planar_arm(), wrist()
    outline = region(two, tuple(j.q_min for j in two.joints), tuple(j.q_max for j in two.joints))
    assert outline[0] == pytest.approx(outline[-1])
    arc = region(one, tuple(j.q_min for j in one.joints), tuple(j.q_max for j in one.joints))
    radii = {round((x**2 + y**2) ** 0.5, 6) for x, y in arc}
    assert len(radii) == 1


# the text ------------------------------------------------------------------------------------------------------------


def ground(layer: PersonLayer | None = None) -> Any:
    class Somewhere:
        device, run = "sim:planar_arm", None

    return ground_of(Somewhere(), layer)  # type: ignore[arg-type]


def test_a_changed_value_keeps_every_comment() -> None:
    found = check(TEXT, ground())
    (radius,) = [f for f in found.blocks[0].of_exercise if f.name == "radius"]
    assert set_value(TEXT, radius, 12.5) == TEXT.replace("8 cm", "12.5 cm")


def test_a_parameter_of_the_help_takes_the_place_of_the_mode() -> None:
    text = set_how(TEXT, 0, "mode:resistive")
    (load,) = [f for f in check(text, ground()).blocks[0].of_controller if f.name == "viscous"]
    text = set_value(text, load, 20.0)
    found = check(text, ground())
    assert "mode:" not in text and "{resistive: {viscous: 20" in text and "# slowly" in text
    assert found.sound and found.blocks[0].how == "mode:resistive"


def test_what_is_wrong_comes_with_its_block() -> None:
    found = check(TEXT.replace("8 cm", "45 cm"), ground())
    assert not found.sound and found.blocks[0].findings[0].field == "blocks[0].reach.radius"


def test_undo_and_redo_go_through_the_texts(desk: Desk) -> None:
    model = ready(desk)
    assert model.now is not None
    first = model.now.text
    (radius,) = [f for f in model.now.blocks[0].of_exercise if f.name == "radius"]
    for value in (9.0, 9.5):  # typed one after the other: one step
        model.set(radius, value)
    model.add("exercise", "track")
    settle(desk, model)
    assert len(model.now.blocks) == 2 and model.selected == 1 and len(model.past) == 2
    model.undo()
    settle(desk, model)
    assert "9.5 cm" in model.now.text and len(model.now.blocks) == 1
    model.undo()
    settle(desk, model)
    assert model.now.text == first and not model.past
    model.redo()
    model.redo()
    settle(desk, model)
    assert len(model.now.blocks) == 2


def test_a_ready_plan_is_added_behind_what_is_there(desk: Desk) -> None:
    model = ready(desk)
    before = len(model.now.blocks)  # type: ignore[union-attr]
    model.add("protocol", "reach_resistive")
    settle(desk, model)
    assert model.now is not None and model.now.sound and len(model.now.blocks) > before


def test_what_was_not_saved_is_there_again_until_it_is_saved(desk: Desk) -> None:
    model = ready(desk)
    model.add("exercise", "trace")
    settle(desk, model)
    again = ready(desk)
    assert again.now is not None and again.now.blocks[-1].exercise == "trace" and again.unsaved
    again.save()
    settle(desk, again)
    assert again.record is not None and "trace" in again.record.protocol and not again.unsaved
    assert again.now.version == 2 and not desk.drafts


def test_a_plan_with_problems_is_not_saved(desk: Desk) -> None:
    model = ready(desk)
    model.change(lambda text: text.replace("radius: 10 cm", "radius: 49 cm"))
    settle(desk, model)
    assert not model.can_save
    model.save()
    settle(desk, model)
    assert model.record is not None and "49 cm" not in model.record.protocol


# rehearsing ----------------------------------------------------------------------------------------------------------


def over(run: Rehearsal) -> None:
    def done() -> bool:
        run.refresh()
        return run.over

    for _ in range(6):
        try:
            wait_until(done)
            return
        except AssertionError:
            continue
    raise AssertionError("the rehearsal did not end")


@pytest.mark.e2e
def test_a_rehearsal_predicts_force_speed_and_time_and_keeps_to_the_persons_limits() -> None:
    run = Rehearsal(TEXT.replace("mode: active", "controller: {impedance: {stiffness: 200 N/m}}"), person=CAREFUL)
    over(run)
    assert run.problem == "" and run.result is not None
    assert run.result.trials == 2 and sum(run.result.outcomes.values()) == 2
    assert 0.0 < run.result.force <= run.result.force_limit == 12.0
    assert 0.0 < run.result.speed <= run.result.speed_limit == 0.5
    assert run.result.seconds > 2.0 and run.result.faults == ()


@pytest.mark.e2e
def test_a_rehearsal_that_is_cancelled_ends_its_process_and_one_that_cannot_begin_says_why() -> None:
    run = Rehearsal(TEXT.replace("trials: 2", "trials: 200"))
    run.cancel()
    over(run)
    assert run.result is None and run.problem == ""
    wrong = Rehearsal(TEXT.replace("8 cm", "45 cm"))
    over(wrong)
    assert "radius" in wrong.problem


def test_the_view_models_run_without_qt() -> None:
    names = ("drawn", "facts", "library", "ready", "form", "parameter_words", "plan", "rehearsal", "virtual")
    code = f"import sys, {', '.join('gui.viewmodels.' + name for name in names)}; assert 'PySide6' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("kind", ["exercise", "controller"])
def test_every_installed_parameter_has_its_label_its_choices_and_its_line_in_italian(kind: str) -> None:
    from gui.viewmodels.parameter_words import CALLED, CONTROLLERS, VALUES

    known = i18n.texts("it")
    lacking = []
    for plugin in registry.names(kind):
        if kind == "controller" and CONTROLLERS.get(plugin, "") not in known:
            lacking.append(plugin)
        for name, parameter in registry.find(kind, plugin).parameters.items():
            wanted = [CALLED.get(name, name), parameter.says, *(VALUES.get(c, c) for c in parameter.choices)]
            lacking += [f"{plugin}.{name}: {words}" for words in wanted if words and words not in known]
    assert lacking == []


def test_who_set_a_limit_and_when_is_told_in_italian() -> None:
    from gui.viewmodels.form import who_words

    i18n.use("it")
    try:
        assert who_words("the patient's file, MR, 3 May") == "la cartella del paziente, MR, 3 maggio"
    finally:
        i18n.use("en")
