"""Less help after every reach that succeeds, a little more after one that does not: a parameter changed while it runs.

    rehab run fading_help.py --patient mild_stroke --seed 1 --fast

The controller is the script's own: a spring whose damping goes with it, D = 2 ζ sqrt(K m) for 2 kg at the hand.
"""

from math import sqrt

from rehab import Session, controller

LESS, MORE, LEAST, MOST = 0.7, 1.3, 30.0, 400.0  # of the stiffness; N/m


@controller("helper", stiffness="300 N/m")
def helper(state, reference, dt, *, stiffness):
    damping = 2.0 * 0.7 * sqrt(2.0 * stiffness)
    return state.jacobian.T @ (stiffness * (reference.x - state.x) - damping * state.v)


stiffness = 300.0
with Session() as session:
    for trial in session.run("reach", controller="helper", trials=8, time_limit="2 s"):
        print(trial.number, trial.outcome, f"with {stiffness:.0f} N/m")
        stiffness *= LESS if trial.outcome == "reached" else MORE
        stiffness = min(MOST, max(LEAST, stiffness))
        if session.state == "running":
            session.set("stiffness", stiffness)
