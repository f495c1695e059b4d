"""Virtual patients: what tests and trainees meet."""
