"""What becomes of the faults that the table's rows do not show, or not alone; and what only hardware can show."""

from __future__ import annotations

from rehab.core.safety import faults

F = faults.Fault

SIGNALS = "tests/e2e/test_e2e_signals.py"
# shown with real processes: tests whose functions carry the fault in their names; they run with the whole suite
PROCESSES: dict[F, tuple[str, ...]] = {
    F.CONTROL_LOST: (f"{SIGNALS}::test_f12_after_kill_9_of_control_no_plant_step_beyond_the_watchdog_has_torque",),
    F.CONTROL_HUNG: (
        f"{SIGNALS}::test_f13_after_a_stop_of_control_no_plant_step_beyond_the_watchdog_has_torque",
        f"{SIGNALS}::test_f13_control_that_was_stopped_for_60_ms_never_moves_again_until_it_is_armed_anew",
    ),
    F.GUI_LOST: (
        f"{SIGNALS}::test_f14_after_kill_9_of_the_window_the_arm_freezes_then_stops_and_a_new_window_goes_on",
    ),
    F.GUI_HUNG: (
        f"{SIGNALS}::test_f15_a_window_that_hangs_freezes_the_arm_and_its_return_never_resumes_motion",
        f"{SIGNALS}::test_f15_a_window_that_hangs_for_long_stops_the_arm_and_its_return_moves_nothing",
    ),
    F.DISK_FULL: (
        f"{SIGNALS}::test_f30_after_kill_9_of_the_recorder_the_arm_stops_and_no_row_is_lost",
        "tests/e2e/test_e2e_supervision.py::"
        "test_f30_a_full_disk_stops_the_arm_and_the_rest_waits_in_memory_for_the_next_start",
    ),
    F.SCRIPT_FAILED: ("tests/e2e/test_e2e_supervision.py::test_f38_a_script_that_misbehaves_does_not_touch_the_loop",),
    F.PLUGIN_FAILED: (
        "tests/e2e/test_e2e_supervision.py::test_f39_a_controller_that_never_returns_ends_the_session_and_is_named",
    ),
    F.RECORDER_BEHIND: (
        f"{SIGNALS}::test_f44_a_recorder_that_stands_still_loses_no_row_and_its_return_moves_nothing",
    ),
}

INPUTS = "tests/e2e/test_e2e_inputs.py"
PROCESSES |= {
    F.INPUT_LOST: (f"{INPUTS}::test_f45_kill_9_of_the_inputs_process_is_told_and_nothing_stays_asked",),
    F.PEDAL_LOST: (f"{INPUTS}::test_f46_kill_9_of_the_process_that_reads_a_pedal_stops_the_arm",),
}

DEFERRED: dict[F, str] = {
    F.WRONG_PATIENT: "desktop: patients, sides and their confirmation come with it",
    F.UNAUTHORISED: "desktop: users and roles come with it; STOP needs none already",
    F.ALARM_FAILED: "desktop: sound, and its self-test by the therapist, come with it",
}

PARTLY: dict[F, str] = {  # shown, but not all of it
    F.FOREIGN_LIMITS: "desktop: files of a patient's own limits; shown for plans",
}

NOT_YET: dict[F, str] = {}  # software could show it, and does not yet

HARDWARE: dict[F, str] = {  # what must be shown on the manufacturer's own device besides
    F.ENCODER_FROZEN: "friction and backlash of the real joint, against false trips",
    F.DEVICE_LOST: "that its power stage drops within its own watchdog",
    F.DEVICE_FAULT: "that each of its real faults sets its bit",
    F.CONTROL_LOST: "that its own watchdog stops it",
    F.CONTROL_HUNG: "that its own watchdog stops it",
    F.ESTOP: "the stop circuit that needs no software",
    F.ESTOP_CHANNELS: "both channels of the real button",
    F.FORCE_LIMIT: "force at the hand, by an instrument",
    F.OSCILLATION: "stability at the declared damping and the measured delay",
    F.SPASM: "thresholds, with a mechanical limb",
    F.SENSOR_DISAGREEMENT: "accuracy of its torque and speed",
    F.NO_REAL_TIME: "lateness of the loop on the machine that is delivered",
    F.POWER_LOSS: "that its brake or its gravity holds the limb safely",
}
