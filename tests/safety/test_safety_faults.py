"""The table of faults: nothing is missing, and who is trusted after which."""

from __future__ import annotations

from rehab.core.safety.faults import FACTS, Fault
from rehab.core.values import Action


def test_every_fault_of_the_table_has_its_number_and_all_its_facts():
    assert [int(fault) for fault in Fault] == list(range(47))
    assert set(FACTS) == set(Fault)
    places = {"monitor", "loop", "supervisor", "recorder", "connect", "load", "desktop", "hardware"}
    for fault, facts in FACTS.items():
        assert facts.priority in ("high", "medium", "low")
        assert facts.where in places
        assert facts.key == f"fault.{fault.name.lower()}"
        if fault:
            assert facts.words and facts.help and facts.detector and facts.clear
            assert fault.label == f"F{int(fault):02d} {facts.words}"
    assert Fault.NONE.label == "none"


def test_what_stops_at_once_has_high_priority_and_what_is_only_said_never_has():
    for facts in FACTS.values():
        assert facts.priority == "high" or facts.action is not Action.TORQUE_OFF
        assert facts.priority != "high" or facts.action > Action.LIMIT


def test_angles_are_trusted_unless_encoder_link_device_or_control_process_is_the_cause():
    assert {fault for fault in Fault if FACTS[fault].trusts_position is False} == {
        Fault.SAMPLE_NOT_FINITE, Fault.ENCODER_FROZEN, Fault.ENCODER_JUMP, Fault.LINK_STALE,
        Fault.FRAMES_DELAYED, Fault.FRAMES_REPLAYED, Fault.DEVICE_LOST, Fault.CONTROL_LOST, Fault.CONTROL_HUNG,
    }  # fmt: skip
    assert all(isinstance(facts.trusts_position, bool) for facts in FACTS.values())


def test_no_fault_asks_for_nothing_and_says_nothing_but_its_name():
    assert FACTS[Fault.NONE] == ("none", Action.NONE, True, "", "", "by itself", "low", "fault.none", "monitor")
