"""What moves in an exercise is followed by virtual patients as by people: well by who is able, worse by who is not."""

from __future__ import annotations

import numpy as np
import pytest

from tests.controllers.simulated import Bench


def played(exercise, patient, trials, **parameters):
    """Ends of the trials (their data), and the distance of the hand from the reference (m) in them."""
    bench = Bench("transparent", patient, exercise=exercise, trials=trials, **parameters)
    away = []
    while bench.loop.state == "running":
        bench.step()
        if bench.loop.course.in_trial:
            away.append(np.hypot(*(np.subtract(bench.loop.last.x_ref, bench.hand[-1][:2]))))
    assert bench.loop.state == "idle", bench.loop.rig.monitor.reason
    bench.close()
    return [event.data for event in bench.events if event.kind == "trial_end"], float(np.median(away))


@pytest.mark.parametrize(
    ("exercise", "parameters"),
    [("trace", {"lap_time": "4 s", "time_limit": "5 s"}), ("track", {"duration": "6 s", "adapt": False})],
)
def test_a_point_that_moves_is_followed_by_who_is_healthy_and_less_well_after_a_stroke(exercise, parameters):
    (healthy,), near = played(exercise, "healthy", 1, **parameters)
    (stroke,), far = played(exercise, "stroke", 1, **parameters)
    assert healthy["outcome"] == "reached"
    assert near < 0.01
    assert far > 2.0 * near
    share = "made" if exercise == "trace" else "on_target"
    assert healthy[share] > 0.95 > stroke[share]


@pytest.mark.parametrize("game", ["game_pong", "game_catch"])
def test_a_game_is_won_by_who_is_healthy_and_less_often_after_a_stroke(game):
    quick = {"time": "1.2 s", "adapt": False}
    healthy, stroke = (played(game, patient, 6, **quick)[0][-1]["score"] for patient in ("healthy", "stroke"))
    assert healthy >= 5 and stroke < healthy
