"""Outcome measures: pure functions on arrays, each with its definition, unit and source.

scipy.signal costs about a second to import; the functions that need it load it at their first call, so this package
stays cheap for a program that only starts up.
"""

from rehab.measures.adaptation import adaptation_index
from rehab.measures.change import Change, change, smallest_detectable_change
from rehab.measures.effort import Motion, assistance_share
from rehab.measures.movement import filtered_speed, movement_bounds
from rehab.measures.paths import (
    circle_axis_ratio,
    hand_path_deviation,
    initial_direction_error,
    path_length_ratio,
)
from rehab.measures.profiles import minimum_jerk
from rehab.measures.slacking import Slacking, Verdict, slacking, slacking_of
from rehab.measures.smoothness import ldlj, number_of_peaks, sparc
from rehab.measures.summary import medians
from rehab.measures.trial import DESCRIPTIONS, METHOD, Description, trial_measures
from rehab.measures.two_state import TwoStateFit, fit_two_state, two_state

__all__ = [
    "DESCRIPTIONS",
    "METHOD",
    "Change",
    "Description",
    "Motion",
    "Slacking",
    "TwoStateFit",
    "Verdict",
    "adaptation_index",
    "assistance_share",
    "change",
    "circle_axis_ratio",
    "filtered_speed",
    "fit_two_state",
    "hand_path_deviation",
    "initial_direction_error",
    "ldlj",
    "medians",
    "minimum_jerk",
    "movement_bounds",
    "number_of_peaks",
    "path_length_ratio",
    "slacking",
    "slacking_of",
    "smallest_detectable_change",
    "sparc",
    "trial_measures",
    "two_state",
]
