"""Signing in: passwords, PINs, the lock."""

from __future__ import annotations

import pytest

from rehab.clinic.clinic import Clinic
from rehab.clinic.passwords import HASHER, hashed
from rehab.core.errors import AccessError, BadInput, NotNow
from tests.clinic.people import PASSWORD, PIN, House


def fails(home: House, name: str = "anna", times: int = 1) -> AccessError:
    for _ in range(times):
        with pytest.raises(AccessError) as error:
            home.clinic.sign_in(name, "wrong password")
    return error.value


def test_a_new_store_is_empty_until_somebody_is_made() -> None:
    clinic = Clinic.open("sqlite://")
    assert clinic.empty
    acting = clinic.create_first("Anna", "Anna Rossi", PASSWORD, PIN, "it")
    assert not clinic.empty
    assert acting.user.roles == {"administrator", "therapist"} and acting.user.language == "it"
    clinic.close()


def test_there_is_only_one_first_user(home: House) -> None:
    with pytest.raises(NotNow, match="users already"):
        home.clinic.create_first("other", "Other", PASSWORD, PIN)


def test_the_right_password_lets_in_whatever_the_case_of_the_name(home: House) -> None:
    assert home.clinic.sign_in(" ANNA ", PASSWORD).user.full_name == "Anna Rossi"


def test_a_wrong_name_and_a_wrong_password_are_told_in_the_same_words(home: House) -> None:
    assert str(fails(home, "anna")) == str(fails(home, "nobody"))


def test_the_fifth_failure_locks_even_for_the_right_password(home: House) -> None:
    fails(home, times=4)
    assert home.clinic.sign_in("anna", PASSWORD)
    fails(home, times=5)
    with pytest.raises(AccessError, match="locked until") as error:
        home.clinic.sign_in("anna", PASSWORD)
    assert error.value.why == "locked"


def test_a_name_that_nobody_has_is_locked_just_the_same(home: House) -> None:
    assert fails(home, "nobody", 6).why == "locked"


def test_the_lock_opens_after_a_quarter_of_an_hour(home: House) -> None:
    fails(home, times=5)
    home.clock.later(minutes=14, seconds=59)
    with pytest.raises(AccessError):
        home.clinic.sign_in("anna", PASSWORD)
    home.clock.later(seconds=2)
    assert home.clinic.sign_in("anna", PASSWORD)


def test_after_a_lock_there_are_five_tries_again(home: House) -> None:
    fails(home, times=5)
    home.clock.later(minutes=16)
    assert fails(home, times=4).why == "sign_in"
    assert home.clinic.sign_in("anna", PASSWORD)


def test_an_administrator_unlocks(home: House) -> None:
    fails(home, times=5)
    locked = {user.name: user.locked for user in home.carla.users.list()}
    assert locked == {"anna": True, "marco": False, "carla": False, "remo": False, "tino": False, "chief": False}
    home.carla.users.unlock(home.anna.user.id)
    assert home.clinic.sign_in("anna", PASSWORD)


def test_the_pin_is_for_those_who_signed_in_here(home: House) -> None:
    with pytest.raises(AccessError, match="signed in with their password"):
        home.clinic.by_pin("anna", PIN)
    home.clinic.sign_in("anna", PASSWORD)
    assert home.clinic.by_pin("anna", PIN).user.name == "anna"
    assert "anna" in {user.name for user in home.clinic.here()}


def test_the_pin_of_another_machine_is_none_here(home: House) -> None:
    home.clinic.sign_in("anna", PASSWORD)
    home.clinic.machine = "there"
    with pytest.raises(AccessError, match="signed in with their password"):
        home.clinic.by_pin("anna", PIN)


def test_the_pin_holds_for_twelve_hours(home: House) -> None:
    home.clinic.sign_in("anna", PASSWORD)
    home.clock.later(hours=11, minutes=59)
    assert home.clinic.by_pin("anna", PIN)
    home.clock.later(minutes=2)
    with pytest.raises(AccessError):
        home.clinic.by_pin("anna", PIN)


def test_whoever_signed_out_needs_the_password_again(home: House) -> None:
    home.clinic.sign_in("anna", PASSWORD).sign_out()
    with pytest.raises(AccessError):
        home.clinic.by_pin("anna", PIN)


def test_wrong_pins_lock_too(home: House) -> None:
    acting = home.clinic.sign_in("anna", PASSWORD)
    for _ in range(5):
        with pytest.raises(AccessError, match="PIN is wrong"):
            acting.confirm("0000")
    with pytest.raises(AccessError, match="locked"):
        acting.confirm(PIN)


def test_one_who_left_is_not_let_in_and_is_not_told_why(home: House) -> None:
    home.carla.users.set_active(home.anna.user.id, False)
    with pytest.raises(AccessError) as error:
        home.clinic.sign_in("anna", PASSWORD)
    assert str(error.value) == str(fails(home, "marco"))


def test_one_who_left_while_signed_in_is_shut_out_at_the_next_call(home: House) -> None:
    home.carla.users.set_active(home.anna.user.id, False)
    with pytest.raises(AccessError, match="shut out"):
        home.anna.patients.search()


def test_passwords_are_kept_as_argon2id() -> None:
    assert HASHER.hash("x").startswith("$argon2id$") and "correct" not in hashed("correct horse")


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "newcomer1234"])
def test_an_easy_password_is_refused(home: House, password: str) -> None:
    with pytest.raises(BadInput, match="password"):
        home.carla.users.add("newcomer", "New Comer", ["therapist"], password, PIN)


@pytest.mark.parametrize("pin", ["123", "1234", "7777", "98765", "12a4", "١٢٣٥", "258025802"])
def test_an_easy_pin_is_refused(home: House, pin: str) -> None:
    with pytest.raises(BadInput, match="PIN"):
        home.carla.users.add("newcomer", "New Comer", ["therapist"], PASSWORD, pin)


def test_one_changes_ones_own_password_with_the_old_one_only(home: House) -> None:
    with pytest.raises(AccessError):
        home.anna.users.change_password("not the old one", "battery staple")
    home.anna.users.change_password(PASSWORD, "battery staple")
    assert home.clinic.sign_in("anna", "battery staple")
    fails(home)


def test_a_name_is_taken_once(home: House) -> None:
    with pytest.raises(BadInput, match="already"):
        home.carla.users.add("ANNA", "Other Anna", ["therapist"], PASSWORD, PIN)


@pytest.mark.parametrize("change", ["roles", "active"])
def test_the_last_administrator_stays(home: House, change: str) -> None:
    chief = next(user for user in home.carla.users.list() if user.name == "chief")
    home.carla.users.set_active(chief.id, False)
    with pytest.raises(NotNow, match="administrator"):
        if change == "roles":
            home.carla.users.set_roles(home.carla.user.id, ["therapist"])
        else:
            home.carla.users.set_active(home.carla.user.id, False)
    assert home.carla.users.list()


def test_language_and_theme_are_remembered(home: House) -> None:
    home.anna.users.preferences(language="it", theme="dark")
    user = home.clinic.sign_in("anna", PASSWORD).user
    assert (user.language, user.theme) == ("it", "dark")


def test_an_administrator_sets_a_new_password_and_pin_and_so_unlocks(home: House) -> None:
    fails(home, times=5)
    home.carla.users.set_password(home.anna.user.id, "battery staple")
    home.carla.users.set_pin(home.anna.user.id, "8520")
    home.clinic.sign_in("anna", "battery staple").confirm("8520")


def test_one_changes_ones_own_pin_with_the_password(home: House) -> None:
    with pytest.raises(AccessError):
        home.anna.users.change_pin("not the password", "8520")
    home.anna.users.change_pin(PASSWORD, "8520")
    home.anna.confirm("8520")


@pytest.mark.parametrize(("name", "roles"), [("two words", ["therapist"]), ("new", []), ("new", ["magician"])])
def test_a_user_has_a_plain_name_and_known_roles(home: House, name: str, roles: list[str]) -> None:
    with pytest.raises(BadInput):
        home.carla.users.add(name, "New One", roles, PASSWORD, PIN)
    assert len(home.carla.users.list()) == 6
