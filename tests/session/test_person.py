"""A session that is a person's: their limits, their pseudonym, and nobody else's plan (F36)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from rehab.core.errors import NotNow
from rehab.core.person import PersonLayer, PersonLimit
from rehab.session import messages
from rehab.session.session import Session

LAYER = PersonLayer("K7QF-3M9X", (PersonLimit(who="the patient's file, MR, 3 May", name="force", value=17.0),))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session("sim:planar_arm", seed=1, clock="simulated", out=tmp_path, person=LAYER) as found:
        yield found


def test_their_limits_are_on_top_of_the_devices(session: Session) -> None:
    assert session.limits.force == 17.0 and session.limits.owner("force") == "the patient's file, MR, 3 May"
    assert session.limits.belongs_to(session.info.identity, "K7QF-3M9X")


def test_a_plan_made_for_them_is_taken(session: Session) -> None:
    plan = session.prepare("reach", controller="transparent", trials=1)
    assert plan.identity == session.limits.identity


def test_a_plan_made_for_somebody_else_is_refused(session: Session, tmp_path: Path) -> None:
    other = PersonLayer("OTHE-RRRR")
    with Session("sim:planar_arm", seed=1, clock="simulated", out=tmp_path / "other", person=other) as another:
        plan = another.plan("reach", controller="transparent", trials=1)
    with pytest.raises(NotNow, match="F36"):
        session.prepare(plan)


def test_a_plan_made_for_nobody_is_refused(session: Session, tmp_path: Path) -> None:
    with Session("sim:planar_arm", seed=1, clock="simulated", out=tmp_path / "other") as nobodys:
        plan = nobodys.plan("reach", controller="transparent", trials=1)
    with pytest.raises(NotNow, match="F36"):
        session.prepare(plan)


def test_the_person_reaches_the_processes_as_they_were_given() -> None:
    description = messages.Description(session="s", run="r", folder="f", device="d", person=LAYER)
    again = msgspec.json.decode(msgspec.json.encode(description), type=messages.Description)
    assert again.person == LAYER and again.about_person() == {"person": "K7QF-3M9X"}
    assert messages.Description(session="s", run="r", folder="f", device="d").about_person() == {}
