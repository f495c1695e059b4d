"""What the parameters of exercises and controllers are called on forms; a name that is not here is shown as it is."""

from __future__ import annotations

from gui.i18n import mark, tr

CALLED = {
    "task": mark("Task"), "scale": mark("Size of the movement"), "pace": mark("Pace"),
    "lap_time": mark("Time of one round"),
    "tolerance": mark("How near is near enough"), "time_limit": mark("Time limit"), "points": mark("Taught points"),
    "between": mark("Between taught points"), "width": mark("Width"), "time": mark("Time on the way, at first"),
    "size": mark("Size"), "adapt": mark("Adapts to success"),
    "success": mark("Share of successes that is kept"), "bounces": mark("Bounces"),
    "at": mark("Where it is held"),
    "distance": mark("Distance from the middle"), "duration": mark("Duration of a trial"),
    "perturbations": mark("Pushes in a trial"), "push": mark("Pushes come"),
    "enough": mark("Share that is a success"),
    "rest": mark("Rest before each trial"), "range": mark("Range, end to end"), "direction": mark("Direction"),
    "speed": mark("Speed"), "warm_up": mark("Cycles to warm up"), "first_share": mark("Share of the range at first"),
    "give": mark("How far the limb may stay behind"), "kind": mark("Kind"), "places": mark("Places"),
    "radius": mark("Distance to the targets"), "hold": mark("How long it is held"),
    "movement_time": mark("Time of the guiding movement"), "how": mark("By whom"), "directions": mark("Directions"),
    "targets": mark("Targets"), "order": mark("Order"), "dwell": mark("Stay in the target"),
    "target_size": mark("Size of targets"), "home_dwell": mark("Rest in the middle"), "length": mark("Length"),
    "slowest": mark("Slowest stretch"), "fastest": mark("Fastest"), "steps": mark("Steps"),
    "catch": mark("Force that is a catch"), "goal": mark("Force that is a success"),
    "push_time": mark("How long the push lasts"), "seconds": mark("Time"), "every": mark("A point every"),
    "shape": mark("Shape"), "motion": mark("Motion"), "amplitude": mark("How far out"),
    "frequency": mark("Frequency"),
    "angle": mark("Angle"), "depth": mark("Depth"), "shown": mark("Is shown"), "mass": mark("Mass"),
    "damping": mark("Damping"), "stiffness": mark("Stiffness"), "force": mark("Most force"),
    "patience": mark("Patience"), "own_time": mark("Time for one's own try"), "assistance": mark("Assistance"),
    "damping_ratio": mark("Damping ratio"), "forgetting": mark("Help fades in"),
    "learning": mark("How fast help is learnt"),
    "gap": mark("Free on either side"), "ramp": mark("Comes in"), "pause": mark("Pause where it went wrong"),
    "curl": mark("Push to the side"), "viscous": mark("Load that grows with speed"),
    "share": mark("Share of the weight"),
    "fade": mark("Comes in within"), "flow": mark("Draws on along the way"), "softest": mark("Softest"),
    "firmest": mark("Firmest"), "constant": mark("Load that stays"), "inertial": mark("Mass felt in addition"),
    "elastic": mark("Elastic band"), "space": mark("Where the spring is"),
    "joint_stiffness": mark("Stiffness of each joint"),
    "trigger": mark("Begins at"), "adapt_every": mark("Adapts every so many trials"),
    "ahead": mark("May be ahead by"), "pull": mark("Pulls along with at most"),
    "friction_share": mark("Friction taken away"), "inertia_share": mark("Inertia taken away"),
    "behind": mark("May lag by"), "target": mark("Where to"), "torque": mark("Torque"), "joint": mark("Joint"),
    "add_point": mark("Add a point"), "done": mark("Done"), "inner_stiffness": mark("Stiffness of the inner loop"),
    "inner_damping_ratio": mark("Damping ratio of the inner loop"), "error_rate": mark("Place against speed"),
    "spacing": mark("Grain of the help"), "most": mark("At most"), "ramp_in": mark("Comes in by"),
    "saddle": mark("Saddle"), "xx": mark("x for x"), "xy": mark("x for y"), "yx": mark("y for x"),
    "yy": mark("y for y"), "sign": mark("Sign: 1, 0 or -1"), "centre": mark("Centre of mass"),
    "inner_mass": mark("Mass on the inner links"), "base": mark("Underneath"), "displacement": mark("Displacement"),
    "rise": mark("Rise time"), "least": mark("At least"), "seed": mark("Seed"), "smooth": mark("Fades in by"),
    "help": mark("Share of help"), "bandwidth": mark("Width of the band"), "expected": mark("Expected frequency"),
    "damping_time": mark("Damping over stiffness"), "x": mark("Middle, to the right"), "y": mark("Middle, ahead"),
}  # fmt: skip
LIMITS = {
    "speed": mark("Most speed"), "force": mark("Most force"), "start_distance": mark("Distance at the start"),
    "jump": mark("Jump of a joint"), "stale_fade": mark("Yields when samples are older than"),
    "stale_stop": mark("Stops when samples are older than"), "overrun_stop": mark("Stops when a tick is later than"),
    "rate_stop": mark("Stops when fewer ticks than"), "watchdog": mark("The robot goes safe by itself after"),
    "soft_start": mark("Torque fades in over"), "power": mark("Most power"), "refill": mark("Mean power of the help"),
    "tank": mark("Energy of the help at once"), "kinetic": mark("Energy of the moving robot"),
    "leash": mark("Distance of hand and reference"), "spasm": mark("Torque that is a spasm"),
}  # fmt: skip
VALUES = {
    "active": mark("by oneself"), "own": mark("one's own"), "box": mark("a box"), "centre": mark("the middle"),
    "chirp": mark("ever faster"), "circle": mark("a circle"), "clockwise": mark("clockwise"),
    "counter-clockwise": mark("counter-clockwise"), "curve": mark("a curve"), "drink": mark("drinking"),
    "eight": mark("an eight"), "far": mark("far"), "force": mark("a force"), "guided": mark("guided"),
    "hand": mark("the hand"), "joint": mark("each joint"), "line": mark("a line"), "mirrored": mark("mirrored"),
    "near": mark("near"), "passive": mark("led by the robot"), "path": mark("the whole way"),
    "place": mark("a place"),
    "points": mark("single points"), "position": mark("a displacement"), "reach_shelf": mark("reaching a shelf"),
    "remembered": mark("remembered"), "shuffled": mark("shuffled"), "sines": mark("a sum of waves"),
    "square": mark("a square"), "straight": mark("straight"), "taught": mark("taught"), "wall": mark("a wall"),
    "wipe": mark("wiping"), "isokinetic": mark("at even speed"), "isometric": mark("without moving"),
    "left": mark("left"), "right": mark("right"), "task": mark("hand"), "time": mark("a random time"),
    "off": mark("off"), "distance": mark("the distance"), "size": mark("the size"), "hold": mark("holding still"),
    "transparent": mark("nothing"), "impedance": mark("a soft spring"), "event": mark("when told"),
}  # fmt: skip
CONTROLLERS = {
    "admittance": mark("A heavy or light mass"), "channel": mark("Held on the line"),
    "force_field": mark("Force field"),
    "gravity_support": mark("Weight of the arm carried"), "impedance": mark("A soft spring along the way"),
    "perturbation": mark("Pushes without warning"), "position_hold": mark("Held in place"),
    "virtual_wall": mark("Walls"), "workspace_box": mark("Walls around the workspace"),
    "performance_based": mark("Help by performance"), "assist_after_failure": mark("Help after a try"),
    "assist_as_needed": mark("Help as needed"), "corrective": mark("Stopped when it goes wrong"),
    "move_to": mark("Brings the hand there"), "path_tunnel": mark("Soft walls along the way"),
    "resistive": mark("Against a load"), "shared_control": mark("Shared with the patient's will"),
    "transparent": mark("No help"), "tremor_suppression": mark("Damps a tremor"),
}  # fmt: skip


def called(name: str) -> str:
    return tr(CALLED[name]) if name in CALLED else name.replace("_", " ")


def limit_words(name: str) -> str:
    return tr(LIMITS[name]) if name in LIMITS else name.replace("_", " ")


def value_words(value: str) -> str:
    return tr(VALUES[value]) if value in VALUES else value.replace("_", " ")


def controller_words(name: str) -> str:
    return tr(CONTROLLERS[name]) if name in CONTROLLERS else name.replace("_", " ")


def says(words: str) -> str:
    """A plug-in's own line about a parameter, in the language in use where we have it: those that ship, we have."""
    return tr(words) if words else ""
