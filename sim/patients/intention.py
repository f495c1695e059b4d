"""What a virtual patient means to do with the hand: a goal in the scene, and movements of minimum jerk towards it.

A goal that moves is pursued (sim/patients/pursuit.py); one that jumps, or comes to rest, is reached for. A new goal is
answered after the reaction time by a movement that covers most of the way; if the cursor is then not in the target,
another one follows, and so on until it is there or the patient gives up for a while. Without a goal, or having given
up, it relaxes. The next movement begins with the motion of the one before (Hoff & Arbib 1993, J. Mot. Behav. 25:175):
a new goal bends the movement and does not interrupt it. Against a steady load a correction goes as far beyond the goal
as the force that is felt asks for, by the patient's share `feed_forward`: no muscle that is too weak is wound up.

Where the cursor is comes from the scene's own map; a hidden one is where the patient believes it to be. One that is
clamped to a line tells nothing about the hand: the patient, told to ignore it, goes by the hand itself.
"""

from __future__ import annotations

from collections.abc import Callable
from math import dist, hypot, inf, sqrt

from numpy.random import Generator

from rehab.core.minimum_jerk import MinimumJerk
from rehab.core.types import NO_SCENE, Scene, Target
from rehab.core.values import Floats
from sim.patients.felt import Felt
from sim.patients.person import Traits
from sim.patients.pursuit import SETTLED, Pursuit, Seen, seeing, turned
from sim.patients.push import Push, asked
from sim.patients.traits.learning import Learner

REST = 3.0  # s: having given up, how long until another try
ASTRAY = 0.1  # m: who goes the other way goes about so far
LOADED = 0.01  # m by which the load that is felt moves the hand: with less nobody leans against it
LEANING = 0.15  # m beyond the hand: nobody leans farther against what keeps it
ENOUGH = 0.5  # of the target's radius: the patient is content when the cursor is this near its middle


def goal_of(scene: Scene, dimensions: int = 2) -> Target | None:
    """Where the scene asks the hand to be: the goal, else home, else nowhere."""
    for role in ("goal", "home"):
        for target in scene.targets:
            if target.role == role and len(target.x) == dimensions:
                return target
    return None


class Intention:
    """`movement` is the one under way, `relaxing` whether nothing is to be held either.

    middle   m, where the hand was at the beginning
    meant    gives the hand position (m) that the joints are meant to have now
    within   gives the place nearest to one (m) to which the limb goes of itself
    leaning  gives how far (m) beyond the hand it must be meant to be to give the force that it has given of late
    """

    def __init__(
        self,
        traits: Traits,
        dice: Generator,
        middle: Floats,
        *,
        meant: Callable[[], Floats],
        within: Callable[[Floats], Floats],
        leaning: Callable[[], Floats],
        learner: Learner | None = None,
    ) -> None:
        self._traits, self._dice, self._middle = traits, dice, middle
        self._meant, self._within, self._leaning, self._learner = meant, within, leaning, learner
        self._scene = NO_SCENE
        self._goal: Target | None = None
        self._surprised = False  # a goal was seen and not yet taken in
        self._answered = False  # and the reaction to it has begun
        self._fresh = False  # no movement has been made to it yet
        self._next = inf  # s, when to look whether to move (again)
        self._left = 0  # attempts
        self._t = 0.0  # s, of the last step
        self._seen = Seen(0.0, None)
        self._pursuit: Pursuit | None = None
        self.push = Push()
        self._felt = Felt()
        self.movement: MinimumJerk | None = None
        self.towards: Floats = ()  # unit vector of the movement under way
        self.relaxing = True

    def see(self, scene: Scene) -> None:
        if scene is self._scene:
            return
        self._scene = scene
        self._felt.see(scene)
        goal = (goal_of(scene, len(self._middle)) or self._felt.goal) if self._traits.acts else None
        self._see_effort(scene)
        place = goal.x if goal else None
        if place != (self._goal and self._goal.x) and not self._seen.goes_to(self._t, place):
            self._seen = Seen(self._t, place)
            self._surprised = self._fresh = True
            if self._learner is not None:
                self._learner.over()
        self._goal = goal

    def _see_effort(self, scene: Scene) -> None:
        traits, push = self._traits, self.push
        along = asked(scene, len(self._middle)) if traits.acts else ()
        if bool(along) is bool(push.along) and not along:
            return
        begins, at, reversed = bool(along) and not push.along, self._t, False
        if begins or not along:
            at += self._varied(traits.reaction)
        if begins and traits.contrary:
            reversed = float(self._dice.random()) < traits.contrary
        push.see(scene, along, at=at, reversed=reversed)

    def step(self, t: float, hand: Floats) -> None:
        """Decide what there is to decide at time t (s), with the hand at `hand` (m)."""
        self._t = t
        self._felt.feel(hand)
        if self.push.along:
            self.relaxing, self.movement, self._pursuit, self.towards = False, None, None, self.push.along
            return
        if self._surprised:
            self._take_in(t)
        self._answered = self._answered or t >= self._next
        if not self._answered:
            return
        if self._seen.moves(t - seeing(self._traits)):
            self._pursue(t, hand)
        elif t >= self._next and (self._pursuit is None or self._pursuit.seen is not self._seen):
            self._reconsider(t, hand)

    def follow(self, t: float, hand: Floats) -> tuple[Floats, Floats] | None:
        """Where the hand is meant to be at time t and how fast, m and m/s; None when no movement is under way."""
        if self._pursuit is not None:
            return self._along(t, self._pursuit)
        movement = self.movement
        if movement is None:
            return None
        x, v = movement.at(t)
        if self._learner is not None:
            self._learner.watch(t, hand, self._scene.cursor)
        if t >= movement.over_at:
            self.movement, self.towards = None, ()
        return x, v

    def _along(self, t: float, pursuit: Pursuit) -> tuple[Floats, Floats]:
        pursuit.follow(t)
        speed = hypot(*pursuit.v)
        self.towards = tuple([w / speed for w in pursuit.v]) if speed > SETTLED else ()
        if pursuit.over:
            self._pursuit, self.towards = None, ()
        return pursuit.x, pursuit.v

    def _pursue(self, t: float, hand: Floats) -> None:
        """Stay on a goal that moves."""
        goal = self._goal
        assert goal is not None
        aim = self._aim(goal)
        if self._pursuit is None or self._pursuit.seen is not self._seen:
            x, v = self._motion(t)
            self._pursuit = Pursuit(
                self._seen, self._traits, self._dice, t, x, v, aim=aim, middle=self._middle, varied=self._varied
            )
            self.movement, self.relaxing, self._fresh = None, False, False
            if self._learner is not None:
                self._learner.over()
        self._pursuit.look(t, self._cursor(hand, aim))

    def _motion(self, t: float) -> tuple[Floats, Floats]:
        """Where the hand is meant to be at time t, m, and how fast, m/s."""
        if self._pursuit is not None:
            return self._pursuit.x, self._pursuit.v
        if self.movement is not None:
            return self.movement.at(t)
        return self._meant(), (0.0,) * len(self._middle)

    def _varied(self, mean: float) -> float:
        """A duration around its mean, never far from it."""
        return mean * min(1.5, max(0.6, 1.0 + self._traits.spread * float(self._dice.standard_normal())))

    def _take_in(self, t: float) -> None:
        """A goal has appeared, moved or gone: act on it after the reaction time."""
        self._surprised = self._answered = False
        self._left = self._traits.attempts
        self._next = t + self._varied(self._traits.reaction)
        neglect = self._traits.neglect
        if neglect is not None and self._goal is not None:
            self._next += neglect.lateness(self._goal.x, self._middle, self._dice)

    def _reconsider(self, t: float, hand: Floats) -> None:
        """Move (again), stay, or relax; and when to look next."""
        self._next = t + self._varied(self._traits.reaction)
        goal = self._goal
        if self._learner is not None:
            self._learner.over()
        if goal is None:
            self.relaxing = self.movement is None and self._pursuit is None
            return
        aim = self._aim(goal)
        cursor = self._cursor(hand, aim)
        away = dist(goal.x, cursor)
        if away <= ENOUGH * goal.radius:
            self.relaxing, self._left = False, self._traits.attempts
        elif self._left > 0:
            self._left -= 1
            self._move(t, goal, hand, turned(tuple([g - c for g, c in zip(goal.x, cursor, strict=True)]), aim), away)
        elif self.movement is None:
            self.relaxing = True
            self._left = self._traits.attempts
            self._next = t + REST

    def _aim(self, goal: Target) -> float:
        """rad by which the hand is aimed beside where the cursor is to go. Going home unseen is done by feel."""
        if self._learner is None or (goal.role == "home" and not self._scene.cursor.shown):
            return 0.0
        return self._learner.aim

    def _cursor(self, hand: Floats, aim: float) -> Floats:
        """Where the cursor is, or is believed to be, m."""
        shown = self._scene.cursor
        if shown.shown and not shown.clamp:
            return shown.place(hand)
        if not aim or shown.clamp:
            return hand
        way = turned(tuple([h - m for h, m in zip(hand, self._middle, strict=True)]), -aim)
        return tuple([m + w for m, w in zip(self._middle, way, strict=True)])

    def _move(self, t: float, goal: Target, hand: Floats, way: Floats, away: float) -> None:
        """One movement from where the hand is meant to be now, covering the patient's share of the `way` (m) that is
        left."""
        traits, dice = self._traits, self._dice
        share = traits.reach + traits.spread * float(dice.standard_normal())
        beside = traits.spread * float(dice.standard_normal()) if len(way) > 1 else 0.0
        duration = self._varied(traits.movement * sqrt(max(away, 0.01) / 0.1))
        if traits.contrary and float(dice.random()) < traits.contrary:
            share = -share * min(1.0, ASTRAY / away)
        across = (-way[1], way[0]) if len(way) == 2 else way
        x, v = self._motion(t)
        far = [share * w + beside * n for w, n in zip(way, across, strict=True)]
        lean = () if self._fresh else self._leaning()
        size = hypot(*lean)
        if size >= LOADED:
            kept = min(traits.feed_forward, max(0.0, LEANING - hypot(*far)) / size)
            far = [c + kept * more for c, more in zip(far, lean, strict=True)]
        end = self._within(tuple([h + c for h, c in zip(hand, far, strict=True)]))
        acceleration = () if self.movement is None else self.movement.acceleration(t)
        self.movement = MinimumJerk(x, end, begin=t, duration=duration, velocity=v, acceleration=acceleration)
        self._pursuit = None
        length = dist(hand, end) or 1.0
        self.towards = tuple([(e - h) / length for e, h in zip(end, hand, strict=True)])
        if self._learner is not None and self._fresh and goal.role == "goal":
            self._learner.begin(hand, way, goal.x, t + 0.5 * duration)
        self._fresh = False
        self.relaxing = False
        self._next = t + duration + self._varied(traits.reaction)

