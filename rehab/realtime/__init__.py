"""Keeping time and handing ticks over: pacing, scheduling, the ring, the snapshot, the timing certificate."""
