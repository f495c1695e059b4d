"""The virtual patients that ship, found by name: what a trainee meets first, and what tests compare.

The numbers are plausible, not anybody's: reaction and movement times, stiffness and noise in the ranges of the motor
control literature, chosen so that they are told apart by the measures (tests/sim/test_sim_presets.py). All of them hold
an arm's robot or a knee's.
"""

from __future__ import annotations

from dataclasses import replace

from rehab.core.device import DeviceInfo
from sim.patients.patient import VirtualPatient
from sim.patients.person import Traits
from sim.patients.traits.fatigue import Fatigue
from sim.patients.traits.learning import Learning
from sim.patients.traits.slacking import Slacking
from sim.patients.traits.spasms import Spasms
from sim.patients.traits.spasticity import Spasticity
from sim.patients.traits.synergy import Synergy
from sim.patients.traits.tone import Tone
from sim.patients.traits.tremor import Tremor
from sim.patients.traits.weakness import Weakness

HEALTHY = Traits(reaction=0.22, movement=0.65, noise=0.04, spread=0.03, attempts=20)
MILD_STROKE = Traits(
    reaction=0.28, movement=0.85, stiffness=0.5, strength=0.3, noise=0.12, feed_forward=0.7, reach=0.88, spread=0.07,
    attempts=6, muscles=(Synergy(coupling=0.1), Fatigue(tiring=100.0, recovery=500.0)),
)  # fmt: skip
# without anticipation of the limb's own dynamics; falls short and tries again, then gives up
STROKE = Traits(
    reaction=0.38, movement=1.1, stiffness=0.24, strength=0.075, noise=0.25, feed_forward=0.3, reach=0.7, spread=0.12,
    attempts=2, muscles=(Synergy(coupling=0.15), Fatigue(tiring=100.0, recovery=300.0)),
)  # fmt: skip
SEVERE_STROKE = Traits(
    reaction=0.55, movement=1.5, stiffness=0.12, strength=0.05, noise=0.3, feed_forward=0.0, reach=0.5, spread=0.15,
    attempts=2, muscles=(
        Weakness(direction="out", most=0.02), Synergy(coupling=0.4), Tone(stiffness=0.08, bent=0.08, most=0.03),
        Fatigue(tiring=50.0, recovery=300.0),
    ),
)  # fmt: skip
SPASTIC = Traits(
    reaction=0.3, movement=1.0, stiffness=0.8, strength=0.3, noise=0.1, feed_forward=0.6, reach=0.85, spread=0.08,
    attempts=8, muscles=(
        Spasticity(muscle="flexors", angle=1.45, threshold=0.8, gain=0.05, most=0.1),
        Tone(stiffness=0.08, bent=0.08, most=0.03),
    ),
)  # fmt: skip
TREMOR = Traits(
    reaction=0.26, movement=0.8, noise=0.05, spread=0.04, attempts=20,
    muscles=(Tremor(frequency=5.0, torque=0.02, at_rest=0.3),),
)  # fmt: skip
PASSIVE = Traits(reaction=1.0, movement=1.0, stiffness=0.02, strength=0.0, acts=False)
UNCOOPERATIVE = Traits(
    reaction=0.4, movement=0.5, noise=0.08, spread=0.2, attempts=3, contrary=0.4,
    muscles=(Spasms(every=15.0, torque=0.2, lasting=0.5),),
)  # fmt: skip
LEARNER = replace(HEALTHY, learning=Learning())
# as fast as mild_stroke at first, and within some trials behind any guide that is not much slower
SLACKER = replace(MILD_STROKE, muscles=(Slacking(depth=0.95, help=0.02, time=40.0, error=0.06),))

PRESETS = {
    "healthy": HEALTHY, "mild_stroke": MILD_STROKE, "stroke": STROKE, "severe_stroke": SEVERE_STROKE,
    "spastic": SPASTIC, "tremor": TREMOR, "passive": PASSIVE, "uncooperative": UNCOOPERATIVE, "learner": LEARNER,
    "slacker": SLACKER,
}  # fmt: skip


def healthy(info: DeviceInfo, seed: int) -> VirtualPatient:
    """Reaches 10 cm in about 0.7 s, smoothly and straight.

    As strong and stiff as the limb is when it is able, with the little noise that all movement has. Corrects until the
    target is met, but learns nothing: a force field or a turned cursor disturbs the last trial like the first.
    """
    return VirtualPatient(info, HEALTHY, seed)


def mild_stroke(info: DeviceInfo, seed: int) -> VirtualPatient:
    """Arrives nearly always, a little late, unsteady and in two or three pieces.

    A third of the strength and half of the stiffness of an able limb, movements that fall a little short, a trace of
    flexor synergy, and muscles that tire within minutes. Needs no robot, and gains from practice against a load.
    """
    return VirtualPatient(info, MILD_STROKE, seed)


def stroke(info: DeviceInfo, seed: int) -> VirtualPatient:
    """Moves in several short, weak, unsteady pieces and often stops before the target; can be led there.

    Has 8 % of the strength of an able limb and does not anticipate its dynamics; effort at the shoulder bends the
    elbow. Gives up after two tries and rests. With a soft spring of 200 N/m it arrives, more smoothly.
    """
    return VirtualPatient(info, STROKE, seed)


def severe_stroke(info: DeviceInfo, seed: int) -> VirtualPatient:
    """Hardly gets away from the body: weak outwards, bent by synergy and tone, soon tired.

    What voluntary effort there is falls short by half and brings the elbow's flexors with it; a soft pull towards a
    bent posture is always there. Reaches targets only with assistance, and tires while it tries.
    """
    return VirtualPatient(info, SEVERE_STROKE, seed)


def spastic(info: DeviceInfo, seed: int) -> VirtualPatient:
    """Flexors that catch when they are stretched fast, on top of a raised tone.

    Slow movements meet only the soft pull of the tone; a stretch of the elbow's or the knee's flexors above 0.8 rad/s
    catches at a bend of 83 degrees and lets go when it slows down. Fast training may be stopped as a spasm.
    """
    return VirtualPatient(info, SPASTIC, seed)


def tremor(info: DeviceInfo, seed: int) -> VirtualPatient:
    """Able and slow, with a tremor of 5 Hz that grows with effort.

    Strength and aim are an able limb's; the hand shakes while it moves and while it holds, less when it rests. The
    peak in the spectrum of speed is where the trait says.
    """
    return VirtualPatient(info, TREMOR, seed)


def passive(info: DeviceInfo, seed: int) -> VirtualPatient:
    """A limp limb: follows, and never moves by itself.

    All that is felt of it is mass, a little damping of the tissue and, where the robot moves up and down, weight.
    """
    return VirtualPatient(info, PASSIVE, seed)


def uncooperative(info: DeviceInfo, seed: int) -> VirtualPatient:
    """Strong, hasty, and two times in five goes the other way on purpose; now and then a sudden jerk.

    For what a robot does when somebody fights it: it must yield or stop and say why, and never push harder than it may.
    """
    return VirtualPatient(info, UNCOOPERATIVE, seed)


def learner(info: DeviceInfo, seed: int) -> VirtualPatient:
    """Healthy, and learns from trial to trial what disturbs it, by a fast and a slow memory.

    Compensates a force field by force of its own and a turned cursor by its aim, and shows after-effects of the
    opposite sign when they go; the rates are those of Smith, Ghazizadeh & Shadmehr 2006.
    """
    return VirtualPatient(info, LEARNER, seed)


def slacker(info: DeviceInfo, seed: int) -> VirtualPatient:
    """Mildly affected, and lets the robot do the work as far as it is willing to.

    Effort falls within some trials while the hand is where it is meant to be or the robot pulls along, by full help to
    a twentieth; where the hand falls behind alone it comes back. For telling assistance that is kept from assistance
    that is only as much as needed.
    """
    return VirtualPatient(info, SLACKER, seed)
