"""Orders: which of n targets (or cells) each trial of a block has.

each_cycle   every target once in each cycle, each cycle shuffled anew; a last cycle that is cut short takes some
all          every target equally often (as near as the number of trials lets it), shuffled as a whole
none         0, 1, … n − 1, and again

With `apart` no target comes twice in a row. Orders are built from the front; nothing is drawn and thrown away. In
`all` a target may come next only if the rest can still be ordered: of r trials that are left none may have more than
⌈r/2⌉, and the one that has just come no more than ⌊r/2⌋.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.random import Generator

from rehab.protocol.parts import Order


def ordered(count: int, places: int, shuffle: str, *, apart: bool, rng: Generator) -> list[int]:
    """One of `places` for each of `count` trials. `apart` needs two places, or one trial."""
    if places <= 1:
        return [0] * count
    if shuffle == "none":
        return [k % places for k in range(count)]
    if shuffle == "all":
        return _all(count, places, apart, rng)
    found: list[int] = []
    while len(found) < count:
        cycle = [int(k) for k in rng.permutation(places)]
        if apart and found and cycle[0] == found[-1]:
            other = int(rng.integers(1, places))
            cycle[0], cycle[other] = cycle[other], cycle[0]
        found += cycle
    return found[:count]


def _all(count: int, places: int, apart: bool, rng: Generator) -> list[int]:
    whole, rest = divmod(count, places)
    left = [whole] * places
    for k in rng.permutation(places)[:rest]:
        left[int(k)] += 1
    found: list[int] = []
    for k in range(count):
        after = count - k - 1
        last = found[-1] if found else -1
        can = [p for p in range(places) if left[p] and (not apart or (p != last and _can_follow(left, p, after)))]
        drawn = float(rng.random()) * sum(left[p] for p in can)
        for chosen in can:
            drawn -= left[chosen]
            if drawn < 0.0:
                break
        left[chosen] -= 1
        found.append(chosen)
    return found


def _can_follow(left: list[int], chosen: int, after: int) -> bool:
    """Whether, with `chosen` next, the `after` trials behind it can be ordered without a repetition."""
    rest = ((p, n - 1 if p == chosen else n) for p, n in enumerate(left))
    return all(n <= (after // 2 if p == chosen else (after + 1) // 2) for p, n in rest)


def order_of(exercise: Any, parameters: Mapping[str, Any], places: int) -> Order:
    """The order that an exercise asks for by a parameter of its own called `order`, where a protocol says nothing:
    shuffled anew each cycle, unless it is any word but "shuffled"."""
    shuffled = "order" not in exercise.parameters or parameters["order"] == "shuffled"
    if not shuffled:
        return Order("none")
    return Order("each_cycle", "same_target_twice" if places > 1 else "")
