"""Along a figure of eight, led by a soft spring that moves with the target: exercise and controller in a few lines.

    rehab run figure_of_eight.py --patient healthy --seed 1 --fast
"""

from math import pi, sin

from rehab import Session, controller, exercise


@exercise("eight", duration="6 s", width="8 cm")
def eight(t, *, width, duration):  # where the hand should be, from its home, in m
    phase = 2 * pi * t / duration
    return width * sin(phase), 0.5 * width * sin(2 * phase)


@controller("guide", stiffness="250 N/m", damping="20 N*s/m")
def guide(state, reference, dt, *, stiffness, damping):
    return state.jacobian.T @ (stiffness * (reference.x - state.x) + damping * (reference.v - state.v))


with Session() as session:
    for trial in session.run("eight", controller="guide", trials=2, width="6 cm"):
        print(trial.number, trial.outcome, f"{trial.measures['peak_speed']:.2f} m/s")
