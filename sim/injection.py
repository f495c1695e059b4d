"""Faults at work on what a device measures and tells: a script's entries become effects on single numbers and bits.

An effect sees every value of its field, also while it is not active, since `stuck` and `delayed` need what was before.
Effects on one field act one after another, in the script's order. Times are µs of the device's clock; the script begins
when `arm` is called for the first time. The truth is never touched: an effect gives what is told instead of it.
"""

from __future__ import annotations

from collections import deque
from math import inf, isfinite
from random import Random
from typing import Any, Protocol, runtime_checkable

from rehab.core.errors import BadInput
from rehab.core.values import Floats, Sample
from sim.fault_words import FLAGS, LINKS, FaultEntry
from sim.faults import FaultScript

NEVER = 2**62  # µs
NOISE = {"q": 3.2, "qd": 20.0, "tau": 50.0, "force": 200.0, "time": 1000.0, "age": 1.0}  # SI, to both sides of zero
KEPT_BACK = 0.010  # s: slow, delayed
WINDOW = 0.020  # s: intermittent
SPASM = 12.0  # N·m
SPASM_TIME = 60_000  # µs until a spasm is there, or gone


class Effect:
    """One entry of a script at work on one value. Subclasses say in `act` what is told instead of it."""

    def __init__(self, entry: FaultEntry, seed: int, where: str = "") -> None:
        self.entry = entry
        self.begin = self.end = NEVER  # µs of the device's clock, once it is armed
        own = seed if entry.seed is None else entry.seed
        self.dice = Random(f"{own}:{entry.number}:{where}")

    def arm(self, now: int) -> None:
        """The script begins."""
        entry = self.entry
        if entry.whole and entry.chance < 1.0 and self.dice.random() >= entry.chance:
            return
        self.begin = now + round(entry.start * 1e6)
        self.end = NEVER if entry.duration == inf else self.begin + round(entry.duration * 1e6)

    def active(self, now: int) -> bool:
        return self.begin <= now < self.end

    def strikes(self, now: int) -> bool:
        """Whether this one value is hit."""
        if not self.begin <= now < self.end:
            return False
        return self.entry.whole or self.entry.chance >= 1.0 or self.dice.random() < self.entry.chance

    def __call__(self, now: int, value: Any) -> Any:
        told = self.act(now, value) if self.strikes(now) else value
        self.remember(now, value)
        return told

    def act(self, now: int, value: Any) -> Any:
        """off: nothing is measured; the number reads 0, no bit is set."""
        return type(value)(0)

    def remember(self, now: int, value: Any) -> None:
        """Called with every value, after it was acted on."""


class Stuck(Effect):
    """What was before the fault, or the value that the script names."""

    held: Any = None

    def act(self, now: int, value: Any) -> Any:
        if self.entry.value is not None:
            return self.entry.value
        if self.held is None:
            self.held = value
        return self.held

    def remember(self, now: int, value: Any) -> None:
        if not self.active(now):
            self.held = value


class Garbage(Effect):
    """Anything: NaN or ±∞ where the script says so, else a number drawn anew each time; bits at random."""

    def act(self, now: int, value: Any) -> Any:
        entry = self.entry
        if entry.group in FLAGS:
            return value & ~entry.mask | self.dice.getrandbits(16) & entry.mask
        most = NOISE[entry.group] if entry.value is None else entry.value
        return self.dice.uniform(-most, most) if isfinite(most) else most


class Wrong(Effect):
    """A scale error or an offset; bits that say the opposite."""

    def act(self, now: int, value: Any) -> Any:
        if self.entry.group in FLAGS:
            return value ^ self.entry.mask
        return value * self.entry.factor + (self.entry.value or 0.0)


class Slow(Effect):
    """A new value only every so often."""

    held: Any = None
    due = 0

    def act(self, now: int, value: Any) -> Any:
        if self.held is None or now >= self.due:
            every = round((self.entry.value or KEPT_BACK) * 1e6)
            self.held, self.due = value, self.begin + ((now - self.begin) // every + 1) * every
        return self.held


class Delayed(Effect):
    """The newest value that is as old as the delay; before there is one, the oldest."""

    def __init__(self, entry: FaultEntry, seed: int, where: str = "") -> None:
        super().__init__(entry, seed, where)
        self.past: deque[tuple[int, Any]] = deque()
        self.delay = round((entry.value or KEPT_BACK) * 1e6)

    def __call__(self, now: int, value: Any) -> Any:
        self.past.append((now, value))
        while len(self.past) > 1 and self.past[1][0] <= now - self.delay:
            self.past.popleft()
        return self.past[0][1] if self.strikes(now) else value


class Intermittent(Effect):
    """A loose contact: in some windows of time nothing is measured, or the bits named say the opposite."""

    window = -1
    bad = False

    def strikes(self, now: int) -> bool:
        if not self.active(now):
            return False
        length = WINDOW if self.entry.group in FLAGS else self.entry.value or WINDOW
        window = (now - self.begin) // round(length * 1e6)
        while self.window < window:  # one throw a window, whether or not somebody looked
            self.window += 1
            self.bad = self.dice.random() < self.entry.chance
        return self.bad

    def act(self, now: int, value: Any) -> Any:
        return value ^ self.entry.mask if self.entry.mask else super().act(now, value)


EFFECTS: dict[str, type[Effect]] = {
    "off": Effect, "stuck": Stuck, "garbage": Garbage, "wrong": Wrong, "slow": Slow, "delayed": Delayed,
    "intermittent": Intermittent,
}  # fmt: skip


@runtime_checkable
class Afflicted(Protocol):
    """A virtual patient whose muscles can be overruled."""

    spasm: float  # N·m at the elbow that nobody meant; positive bends it
    limp: bool  # no muscle does anything


class Injection:
    """A whole script at work on one device. `up` and `down` are the effects on the line, for sim.line_faults.

    injected  what has begun, in plain words, in order; whoever records takes them out
    """

    def __init__(self, script: FaultScript, seed: int, patient: object = None) -> None:
        self.injected: list[dict[str, Any]] = []
        self.armed = False
        self.up: list[Effect] = []
        self.down: list[Effect] = []
        self._fields: dict[str, list[tuple[int, Effect]]] = {}
        self._all: list[Effect] = []
        self._coming: list[Effect] = []
        for entry in script.entries:
            self._add(entry, seed)
        if "patient" in self._fields and not isinstance(patient, Afflicted):
            raise BadInput("a fault script asks for a spasm or a limp arm: this virtual patient has neither")
        self._patient = patient if isinstance(patient, Afflicted) else None
        self.supply = "power" in self._fields  # whether the script plays with it

    def _add(self, entry: FaultEntry, seed: int) -> None:
        if entry.group not in LINKS:
            effect = EFFECTS.get(entry.how, Effect)(entry, seed)
            self._fields.setdefault(entry.group, []).append((entry.index, effect))
            self._all.append(effect)
            return
        both = Effect(entry, seed)  # one throw for what is whole, or a half of the line would be unplugged
        for direction, effects in (("up", self.up), ("down", self.down)):
            if entry.group in ("link", f"link_{direction}"):
                effects.append(both if entry.whole else Effect(entry, seed, direction))
                self._all.append(effects[-1])

    def arm(self, now: int) -> None:
        """The device was armed at `now` µs of its clock: the script begins, the first time only."""
        if not self.armed:
            self.armed = True
            for effect in dict.fromkeys(self._all):
                effect.arm(now)
            begins = {effect.entry.number: effect for effect in reversed(self._all) if effect.begin < NEVER}
            self._coming = sorted(begins.values(), key=lambda effect: (-effect.begin, -effect.entry.number))

    def step(self, now: int) -> None:
        """Before each step of the plant: announce what begins, and overrule the patient's muscles."""
        while self._coming and self._coming[-1].begin <= now:
            self.injected.append(self._coming.pop().entry.words())
        if self._patient is not None and "patient" in self._fields:
            spasm, limp = 0.0, False
            for _, effect in self._fields["patient"]:
                if effect.entry.how == "limp":
                    limp = limp or effect.active(now)
                else:
                    most = SPASM if effect.entry.value is None else effect.entry.value
                    spasm += most * _share(now, effect.begin, effect.end)
            self._patient.spasm, self._patient.limp = spasm, limp

    def sample(self, now: int, sample: Sample) -> Sample:
        """What the device tells of a sample measured at `now`: all of it but inputs (see `pins`) and age."""
        return sample._replace(
            time=self.number("time", now, sample.time),
            q=self.vector("q", now, sample.q),
            qd=self.vector("qd", now, sample.qd),
            tau=self.vector("tau", now, sample.tau),
            force=self.vector("force", now, sample.force),
            status=self.number("status", now, sample.status),
        )

    def vector(self, group: str, now: int, values: Floats) -> Floats:
        """q, qd, tau, force as they are told."""
        effects = self._fields.get(group)
        if not effects:
            return values
        told = list(values)
        for index, effect in effects:
            told[index] = effect(now, told[index])
        return tuple(told)

    def number(self, group: str, now: int, value: Any) -> Any:
        """time (s), age (s), status (bits) as they are told."""
        for _, effect in self._fields.get(group, ()):
            value = effect(now, value)
        return value

    def pins(self, now: int, inputs: int) -> int:
        """The inputs as the device itself sees them: a fault of these is one of the wires that lead to it."""
        return int(self.number("inputs", now, inputs))

    def powered(self, now: int) -> bool:
        """Whether the supply is there."""
        return bool(self.number("power", now, 1))

    def unplugged(self, now: int) -> bool:
        """Whether the line is gone, for good."""
        return any(effect.entry.how == "unplug" and effect.active(now) for effect in (*self.up, *self.down))


def _share(now: int, begin: int, end: int) -> float:
    """0 … 1 within SPASM_TIME of the beginning, and back to 0 as fast after the end."""
    peak = min(1.0, (end - begin) / SPASM_TIME)
    return max(0.0, min((now - begin) / SPASM_TIME, peak, peak - (now - end) / SPASM_TIME))
