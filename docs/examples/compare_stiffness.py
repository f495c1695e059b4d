"""How much does a firmer spring straighten the movements of one patient?

    rehab run compare_stiffness.py 50 400 --patient stroke --seed 1 --fast

Each stiffness (N/m) is a session of its own, with the same targets in the same order; what is printed are medians.
"""

import sys
from statistics import median

from rehab import Session

for stiffness in sys.argv[1:] or ["50", "400"]:
    with Session() as session:
        trials = list(session.run("reach", controller="impedance", trials=8, stiffness=f"{stiffness} N/m"))
    measured = {name: median(trial.measures[name] for trial in trials) for name in ("path_length_ratio", "sparc")}
    print(f"{stiffness} N/m", *(f"{name} {value:.2f}" for name, value in measured.items()))
