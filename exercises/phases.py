"""Exercises whose trials go through phases: one list of them, and everything that happens along it.

    approach ──▶ start ──▶ hold ──▶ cue ──▶ go ──▶ move ──▶ dwell ──▶ feedback ──▶ return ──▶ start ──▶ …
                                    ╰────────── trial ──────────╯
                 start ──▶ rest ──▶ start                  ╰── retry ──▶ go        start ──▶ over

An exercise brings the places, its words and a list of phases of its own; a protocol may bring another list. The first
exit of a phase wins; each is stamped with an event `phase`. Values in SI; [least, most] is drawn for each trial. What
the list does not say, the exercise's parameters do (`defaults`, by "hold.for").

kind      values                            it is left when
hold      at: home (or target), for,        the hand has been there, still, `for` so long; after `timeout` the trial
          timeout, settle                   begins from where the hand is
cue       show: target, home or none; for   `for` has passed; who has set out before the go is early
go        rt: [least, most], early, late    the hand sets out: before `least` it is early, after `most` late. Either
                                            ends the trial, unless its word is "ignore". Without rt, or where the
                                            target is home: at once
move      until, for, timeout, in           in_target: the hand (where its cursor is turned or scaled: that) is in
                                            the target · past: the hand is as far out as its edge ·
                                            stopped: it has been under way and stands · time: `for` has passed
dwell     for, timeout                      the hand has stayed in the target; leaving starts it anew, while the time of
                                            `move` runs on
feedback  mt: [least, most], slow, fast,    `for` has passed
          for
return    by: robot or self, in, with,      the reference is home; by self: the hand is, or after `timeout`
          timeout
ask       name, text, kind, least, most,    it was answered, or after `timeout`
          choices, default, landmarks, timeout

All may have: name (what it is called in the record), say (words), cue (a sound), cursor: hidden or shown, ttl (a
number, into the event), photodiode: flip, on or off.

The trial begins with the first phase after the leading hold and ends with its last hold, cue, go, move or dwell. One
that fails goes on with feedback and return. A phase in which a perturbation is due is not left before that has come,
whatever happens; a hold then lasts until it is over. The trial's dynamics acts from `start` on; cue, go and move wait
until it is blended in and acts in full (`settling`, and at least `settle`). A controller may ask for the try to begin
again (`retry`): back home, then go once more, within the same trial; after RETRIES of them it has timed out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from math import ceil, dist, hypot, inf
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator

from exercises.attempt import Attempt
from exercises.drift import Drift
from exercises.exits import STILL, Exits
from exercises.phase_list import check, name_of, question_of
from exercises.stage import REACHING, Stage
from exercises.trial_queue import TrialQueue
from rehab.core.blend import BLEND_TIME
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import MinimumJerk, approach_time, shortest
from rehab.core.path import Path, line
from rehab.core.trials import Break, Phase, Redo, TrialPlan, plain
from rehab.core.types import Event, Reference, Scene, State
from rehab.core.values import Decision, Floats

MOVEMENT = 1.0  # s of a guided movement that nobody has given a time
RETRIES = 5  # a trial that goes wrong six times teaches no more
AT_TARGET = "at_target"  # why a trial has failed: there was nothing to reach
SKIPPED, REPEATED = "skipped", "repeated"  # somebody has left it out, or wants it once more
SETTLE = 2.0 * BLEND_TIME  # s: one change of dynamics may still have to wait for the one before
REST = "rest"  # the dynamics of a rest: the arm is held softly (rehab.session.blocks)


class Phased(Exits):
    """The base of an exercise. `home` and `targets` m, `size` their radius m; `defaults` in SI by "kind.value"."""

    live: ClassVar[Mapping[str, tuple[str, ...]]] = {}  # parameter that may change while running -> its defaults
    settling: Mapping[str, float] = MappingProxyType({})  # of the block's dynamics, s

    def __init__(
        self,
        home: Floats,
        targets: Sequence[Floats],
        size: float,
        phases: Sequence[Phase],
        defaults: Mapping[str, float],
        words: Mapping[str, str] | None = None,
    ) -> None:
        self._home, self._places, self._size = home, tuple(targets), size
        self._own, self._phases = tuple(phases), tuple(phases)
        self._defaults = dict(defaults)
        self._stage = Stage(home, size, words or {})
        self._queue = TrialQueue(self.choose)
        self._checked: tuple[TrialPlan, ...] = ()
        self._zero = np.zeros(len(home))
        self._goals = (*self._places, home) if self._places else ()

    @property
    def places(self) -> int:
        return len(self._places)

    def choose(self) -> int:
        """The target of the next trial, where no list says it."""
        return 0

    def ended(self, reason: str) -> None:
        """A trial has ended, for `reason` where it failed: what an exercise makes of it for the next."""

    def asked(self) -> dict[str, Any]:
        """What is asked in a trial beside start, target and radius, for the record."""
        return {}

    def resize(self, radius: float) -> None:
        """Targets and home are so large (m) from the next trial on."""
        self._size = radius
        self._stage.resize(radius)

    def follow(
        self,
        trials: Sequence[TrialPlan],
        phases: Sequence[Phase] = (),
        redo: Redo | None = None,
        pause: Break | None = None,
    ) -> None:
        """Raises BadInput for what cannot be done here."""
        chosen = tuple(phases) or self._own
        # of a list that was looked at when the session was prepared, in the loop only what is new: 17 ms for 2000
        known = {id(trial) for trial in self._checked} if chosen is self._phases else set()
        fresh = [trial for trial in trials if id(trial) not in known]
        check(fresh, chosen, self.places, len(self._home))
        self._phases, self._checked = chosen, (*self._checked, *fresh) if known else tuple(fresh)
        self._queue.follow(trials, redo, pause)

    def set(self, name: str, value: float) -> None:
        """Change a live parameter (SI) while running; what has begun with the old value may end with it. Raises
        ValueError where the protocol's phases settle it."""
        said = {f"{phase.kind}.{key}" for phase in self._phases for key in phase.values}
        free = [key for key in self.live[name] if key not in said]
        if not free:
            raise ValueError(f"{name} is settled by the protocol's phases ({', '.join(self.live[name])})")
        self._defaults |= dict.fromkeys(free, value)

    def retry(self, t: float, state: State) -> None:
        """A controller asks for the try to begin again: from home, with the first go or move. Outside a try nothing
        happens."""
        trial, hand = self._trial, tuple(state.x.tolist())
        if trial is None or not trial.begun or self._phase.kind not in REACHING:
            return
        if trial.retries == RETRIES:
            self._leave(t, hand, "timeout")
            return
        trial.begin_again()
        self._phase, self._since, self._inside_since, self._owed = Phase("retry"), t, inf, False
        self._lead(t, self._home, "return", anew=True)
        self._tell(t, "phase", {"name": "retry"})
        self._stage.enter(trial, self._phase)

    def answer(self, name: str, value: Any) -> None:
        if name == self._question:
            self._question = ""

    def skip(self) -> None:
        """The running trial is left out; done at the next tick."""
        self._wanted = SKIPPED

    def repeat(self) -> None:
        """The running trial once more, or between trials the one that ended last, as the next one."""
        self._wanted = REPEATED

    # the tick --------------------------------------------------------------------------------------------------------

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._rng, self._speed_limit = rng, limits.speed
        self._queue.begin()
        self._stage.begin()
        self._events: deque[tuple[float, Event]] = deque()
        self._now, self._settled = -inf, -inf
        self._drift = Drift(0.0, state.v)
        self._trial: Attempt | None = None
        self._acting = self._question = self._wanted = ""
        self._last: TrialPlan | None = None  # that has ended
        self._shown_left = 0  # s of a rest, as they were shown last
        hand: Floats = tuple(state.x.tolist())
        duration = approach_time(dist(hand, self._home), limits.speed)
        self._movement = MinimumJerk(hand, self._home, begin=0.0, duration=duration)
        self._path = _line(hand, self._home)
        self._between("approach", 0.0)

    def reference(self, t: float, state: State) -> Reference:
        x, v = self._movement.at(t)
        return Reference(np.array(x), np.array(v), self._zero, self._path, self._goals)

    def scene(self) -> Scene:
        return self._stage.scene

    def observe(self, t: float, state: State, decision: Decision) -> Event | None:
        if t <= self._now:
            return None  # paused: nothing happens, and no event is lost to a session that does not listen
        self._now = t
        hand: Floats = tuple(state.x.tolist())
        speed, self._busy = hypot(*state.v.tolist()), bool(self._events)
        if self._wanted:
            self._obey(t, hand)
        self._steady = self._drift.step(t, state.v) <= STILL
        for _ in range(len(self._phases) + 2):  # phases that take no time are gone through at once
            way = self.exit(t, hand, speed)
            if self._owed:
                if not self.is_due(t, way):
                    break
                self._perturb(t)
            elif not way or (way == "next" and self._unsettled(t)):
                break
            else:
                self._leave(t, hand, way)
        return self._next_event(t)

    def _obey(self, t: float, hand: Floats) -> None:
        """Somebody wants a trial left out, or once more."""
        wanted, self._wanted, trial = self._wanted, "", self._trial
        if trial is not None and trial.begun:
            if self._phase.kind == "retry":
                self._phase = self._phases[self._index]
            self._owed, self._deadline = False, inf
            self._leave(t, hand, wanted)
        elif wanted == REPEATED and self._last is not None:
            waiting = trial is not None and trial.plan is not self._last
            if trial is not None and waiting:
                self._queue.put_back(trial.plan)
            self._queue.again(self._last)
            if waiting:
                self._next_trial(t)

    def _next_event(self, t: float) -> Event | None:
        """One a tick; `late` (s) says by how much it comes after its moment."""
        if not self._events:
            return None
        then, event = self._events.popleft()
        return event if then >= t else Event(event.kind, {**event.data, "late": round(t - then, 6)})

    def _tell(self, t: float, kind: str, data: Mapping[str, Any]) -> None:
        self._events.append((t, Event(kind, data)))

    def dwelling(self, trial: Attempt, *, inside: bool) -> None:
        self._stage.dwell(trial, self._phase, inside=inside)

    def resting(self, left: float) -> None:
        seconds = ceil(left)
        if seconds != self._shown_left and seconds > 0:
            self._shown_left = seconds
            self._stage.rest(seconds)

    # perturbations and dynamics --------------------------------------------------------------------------------------

    def _perturb(self, t: float) -> None:
        trial = self.trying
        self._owed, trial.pushed = False, True
        self._pushed_until = t + 2.0 * trial.of_perturbation("rise") + trial.of_perturbation("hold")
        self._tell(t, "phase", {**trial.perturbation, "name": "perturb"})

    def _act(self, t: float, dynamics: str, settle: float = 0.0) -> None:
        """From now on this of the block's dynamics; a go waits for it, and for at least `settle` s."""
        if dynamics != self._acting:
            self._acting = dynamics
            self._settled = t + max(settle, SETTLE + self.settling.get(dynamics, 0.0))
            self._tell(t, "dynamics", {"name": dynamics})

    def _unsettled(self, t: float) -> bool:
        """The next phase would let the hand go before the trial's dynamics is blended in."""
        k = self._index + 1
        ahead = self._phases[k].kind if self._trial is not None and k < len(self._phases) else ""
        return t < self._settled and ahead in ("cue", "go", "move")

    # from phase to phase ---------------------------------------------------------------------------------------------

    def _leave(self, t: float, hand: Floats, way: str) -> None:
        trial, k = self._trial, self._index + 1
        if trial is None:  # approach, rest
            self._next_trial(t)
            return
        if self._phase.kind == "retry":
            self._deadline = inf
            self._enter(next(k for k, phase in enumerate(self._phases) if phase.kind in REACHING), t)
            return
        if trial.begun and (way != "next" or self._index == trial.last):
            self._end_trial(t, "" if way == "next" else way)
        if trial.reason:
            while k < len(self._phases) and self._phases[k].kind not in ("feedback", "return"):
                k += 1
        if k < len(self._phases) and (k != trial.first or self._begin_trial(t, hand)):
            self._enter(k, t)
        else:
            self._next_trial(t)

    def _next_trial(self, t: float) -> None:
        """A trial with its `start`, in which its dynamics begins to act; a rest before it; or the end."""
        found = self._queue.next()
        if found is None or isinstance(found, Break):
            self._trial = None
            if found is None:
                self._between("over", t)
                self._tell(t, "list_end", {})
            else:
                self._rest, self._shown_left = found.least, 0
                self._act(t, REST)
                self._between("rest", t, {"least": found.least})
            return
        goal = self._places[found.target] if self._places else self._home
        self._trial = Attempt(found, self._phases, self._home, goal, self._size, self._rng)
        self._path = _line(self._home, goal)
        self._index, self._phase, self._since, self._owed = -1, Phase("start"), t, False
        self._deadline = inf
        self._act(t, found.dynamics, float(self._phases[0].values.get("settle", 0.0)))
        if found.perturb:  # so that a preload can act from here on
            self._tell(t, "phase", {"name": "start", "perturb": self._trial.perturbation})

    def _begin_trial(self, t: float, hand: Floats) -> bool:
        """False: there was nothing to do, and it is over."""
        trial = self.trying
        at_home = trial.at_home if trial.first > 0 else dist(hand, self._home) <= self._size
        trial.begin(hand, at_home=at_home)
        asked = {"start": list(trial.start), "target": list(trial.goal), "radius": self._size, **self.asked()}
        numbers = {"planned": trial.plan.number, "repeat": trial.plan.repeat} if self._queue.followed else {}
        self._tell(t, "trial_start", {**asked, "index": trial.plan.target, "at_home": at_home, **numbers})
        if trial.nothing_to_do:
            self._end_trial(t, AT_TARGET)
            return False
        if not at_home:
            self._path = _line(trial.start, trial.goal)
        return True

    def _end_trial(self, t: float, reason: str) -> None:
        data, self._last = self.trying.end(reason), self.trying.plan
        if self._queue.done(self._last, reason):
            data["redo"] = True
        elif reason == REPEATED:
            self._queue.again(self._last)
            data |= {"redo": True, "now": True}
        self._tell(t, "trial_end", data)
        self.ended(reason)

    def _between(self, kind: str, t: float, more: Mapping[str, Any] = MappingProxyType({})) -> None:
        """A phase between trials."""
        self._index, self._phase, self._since, self._owed = -1, Phase(kind), t, False
        self._stage.between(kind)
        self._tell(t, "phase", {"name": kind, **more})

    def _enter(self, k: int, t: float) -> None:
        """Stamp a phase, show it, and lead the reference to where it wants the hand."""
        trial = self.trying
        phase = self._phases[k]
        kind, values = phase.kind, phase.values
        self._index, self._phase, self._since, self._inside_since = k, phase, t, inf
        self._owed, self._pushed_until = k == trial.disturbed and not trial.pushed, 0.0
        if kind == "hold":
            self._held_at = trial.goal if values.get("at") == "target" else self._home
            self._lead(t, self._held_at, "return")
        elif kind in ("go", "move"):
            trial.gone = t if trial.gone is None else trial.gone
            self._lead(t, trial.goal, "move")
        elif kind == "return":
            self._path = _line(trial.goal, self._home)
            self._lead(t, self._home, "return", anew=True)
            if "with" in values:
                self._act(t, str(values["with"]))
        if kind == "move" or (kind == "dwell" and (self._deadline == inf or "timeout" in values)):
            self._deadline = t + self._value("timeout")
        told = {name: values[name] for name in ("ttl", "photodiode") if name in values} | trial.drawn_in(phase)
        self._tell(t, "phase", {"name": name_of(phase), **told})
        if kind == "ask":
            question = question_of(phase)
            self._question = question.name
            self._tell(t, "ask", plain(question))
        self._stage.enter(trial, phase)

    def _lead(self, t: float, end: Floats, as_in: str, *, anew: bool = False) -> None:
        """The reference goes to `end` from its present motion, in the time of a move or a return; if it is on its way
        there already it goes on."""
        if self._movement.end == end and not anew:
            return
        x, v = self._movement.at(t)
        phase = next((p for p in self._phases[max(0, self._index) :] if p.kind == as_in), Phase(as_in))
        duration = self.trying.value(phase, "in", self._defaults, MOVEMENT)
        duration = max(duration, shortest(dist(x, end), self._speed_limit))
        acceleration = self._movement.acceleration(t)
        self._movement = MinimumJerk(x, end, begin=t, duration=duration, velocity=v, acceleration=acceleration)


def _line(start: Floats, end: Floats) -> Path | None:
    return line(start, end) if dist(start, end) > 1e-6 else None
