"""Motor memory of two states, as theory and as a fit: one learns and forgets fast, the other slowly.

    e = p − x        x_f ← A_f x_f + B_f e        x_s ← A_s x_s + B_s e        x = x_f + x_s

p what disturbs a trial · x what is compensated of it, both in one unit · an error clamp leaves no error, e = 0
Under a lasting p the output goes to p g/(1 + g) with g = B_f/(1 − A_f) + B_s/(1 − A_s). After a short spell of the
opposite and then error clamps it rises once more towards what was learned first, since the slow state is left.
Smith, Ghazizadeh & Shadmehr 2006, PLoS Biol. 4(6):e179: A_f 0.59, B_f 0.21, A_s 0.992, B_s 0.02.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rehab.core.errors import MeasureError
from rehab.measures.arrays import Array

SMITH: Final = {"A_f": 0.59, "B_f": 0.21, "A_s": 0.992, "B_s": 0.02}
LEAST_TRIALS: Final = 12  # for four rates
# where fits begin: a usual learner, a quick one with one memory that counts, a moderate one, a slow one
STARTS: Final = ((0.7, 0.25, 0.98, 0.04), (0.8, 0.4, 0.99, 0.05), (0.3, 0.1, 0.95, 0.05), (0.9, 0.05, 0.999, 0.005))


class TwoStateFit(NamedTuple):
    """Rates with the half-widths of their 95 % confidence, and what they predict.

    predicted  (n,) in the unit of the angles
    rmse       root mean square of what is left, in the same · r2 share of the variance that is explained
    """

    A_f: float
    B_f: float
    A_s: float
    B_s: float
    confidence: tuple[float, float, float, float]
    predicted: Array
    rmse: float
    r2: float


def two_state(schedule: ArrayLike, *, A_f: float, B_f: float, A_s: float, B_s: float) -> Array:
    """Output before each trial, (n,): `two_state(...)[n]` is what n trials have taught.

    schedule  (n,) p of each trial; NaN is an error clamp. Raises MeasureError for an infinite one, or what is no list.
    """
    return _net(_schedule(schedule), (A_f, B_f, A_s, B_s))


def two_state_map(
    directions: ArrayLike, fields: ArrayLike, *, A_f: float, B_f: float, A_s: float, B_s: float
) -> Array:
    """W before each trial, (n, 2, 2) in the unit of the fields: memory of a map F = W v, taught in many directions.

        e = n̂ n̂ᵀ(P − W) û        W_f ← W_f + ((A_f − 1) W_f û + B_f e) ûᵀ, W_s alike; W = W_f + W_s

    directions  (n, 2) unit vectors û of the trials' movements; n̂ is across: only what is seen across teaches
    fields      (n, 2, 2) P of each trial; NaN is an error clamp, e = 0
    In one direction only it is plain two-state memory. As in Thoroughman & Shadmehr 2000, Nature 407:742.
    """
    ways, disturbed = np.asarray(directions, dtype=np.float64), np.asarray(fields, dtype=np.float64)
    if ways.ndim != 2 or ways.shape[1] != 2 or disturbed.shape != (len(ways), 2, 2):
        raise MeasureError(f"directions and fields have shapes {ways.shape} and {disturbed.shape}")
    fast, slow = np.zeros((2, 2)), np.zeros((2, 2))
    found = np.empty_like(disturbed)
    for k, (u, P) in enumerate(zip(ways, disturbed, strict=True)):
        found[k] = fast + slow
        across = np.array((-u[1], u[0]))
        error = np.zeros(2) if np.isnan(P).any() else across * float(across @ (P - found[k]) @ u)
        fast = fast + np.outer((A_f - 1.0) * fast @ u + B_f * error, u)
        slow = slow + np.outer((A_s - 1.0) * slow @ u + B_s * error, u)
    return found


def fit_two_state(angles: ArrayLike, schedule: ArrayLike) -> TwoStateFit:
    """The rates that explain best what was done: least squares over trials, 0 ≤ A_f < A_s ≤ 1, 0 ≤ B_s < B_f ≤ 1.

    angles    (n,) compensation in each trial, with the sign of p: a cursor turned by +30° is met by a hand at −30°,
              which is +30°; NaN where it was not measured
    schedule  (n,) p, in the same unit; NaN is an error clamp
    Raises MeasureError for fewer than 12 measured trials, unequal lengths, or a schedule that disturbs nowhere.
    """
    p, y = _schedule(schedule), np.asarray(angles, dtype=np.float64)
    if y.shape != p.shape:
        raise MeasureError(f"there are {y.size} angles for {p.size} trials of the schedule")
    seen = np.isfinite(y)
    if seen.sum() < LEAST_TRIALS:
        raise MeasureError(f"{int(seen.sum())} trials were measured; the four rates need at least {LEAST_TRIALS}")
    size = float(np.nanmax(np.abs(p), initial=0.0))
    if size == 0.0:
        raise MeasureError("nothing disturbs in this schedule: there is nothing to learn from")
    from scipy.optimize import least_squares

    def missed(unit: Array) -> Array:
        left: Array = (_net(p / size, _rates(unit)) - y / size)[seen]
        return left

    found = [least_squares(missed, _unit(start), bounds=(0.0, 1.0), x_scale=0.1) for start in STARTS]
    best = min(found, key=lambda one: float(one.cost))
    rates = _rates(best.x)
    predicted = size * _net(p / size, rates)
    left = (y - predicted)[seen]
    spread = float(((y[seen] - y[seen].mean()) ** 2).sum())
    r2 = 1.0 - float((left**2).sum()) / spread if spread > 0.0 else 0.0
    rmse = float(np.sqrt(np.mean(left**2)))
    return TwoStateFit(*rates, _confidence(best, seen), predicted, rmse, r2)


def asymptote(*, A_f: float, B_f: float, A_s: float, B_s: float) -> float:
    """Share of a lasting disturbance that is compensated in the end."""
    g = B_f / (1.0 - A_f) + B_s / (1.0 - A_s)
    return g / (1.0 + g)


def _net(p: Array, rates: tuple[float, float, float, float]) -> Array:
    A_f, B_f, A_s, B_s = rates
    net = np.empty(len(p))
    fast = slow = 0.0
    for n, disturbed in enumerate(p.tolist()):
        x = fast + slow
        net[n] = x
        e = 0.0 if disturbed != disturbed else disturbed - x
        fast, slow = A_f * fast + B_f * e, A_s * slow + B_s * e
    return net


def _rates(unit: Array) -> tuple[float, float, float, float]:
    """From a cube of side 1, so that fast is always fast: A_f as a share of A_s, B_s as a share of B_f."""
    share_f, B_f, A_s, share_s = unit.tolist()
    return share_f * A_s, B_f, A_s, share_s * B_f


def _unit(rates: tuple[float, float, float, float]) -> Array:
    A_f, B_f, A_s, B_s = rates
    return np.array([A_f / A_s, B_f, A_s, B_s / B_f])


def _confidence(found: object, seen: Array) -> tuple[float, float, float, float]:
    """Half-widths by the linear theory of least squares at the optimum; infinite where the data do not tell."""
    unit, jacobian, cost = found.x, found.jac, float(found.cost)  # type: ignore[attr-defined]
    free = max(1, int(seen.sum()) - 4)
    steps = np.eye(4) * 1e-6
    turn = np.array([(np.array(_rates(unit + s)) - np.array(_rates(unit - s))) / 2e-6 for s in steps]).T
    try:
        covariance = turn @ np.linalg.inv(jacobian.T @ jacobian) @ turn.T * (2.0 * cost / free)
    except np.linalg.LinAlgError:
        return (np.inf,) * 4
    a, b, c, d = (1.96 * np.sqrt(np.maximum(np.diag(covariance), 0.0))).tolist()
    return a, b, c, d


def _schedule(values: ArrayLike) -> Array:
    p = np.asarray(values, dtype=np.float64)
    if p.ndim != 1 or not len(p):
        raise MeasureError(f"a schedule is one value a trial, not an array of shape {p.shape}")
    if np.isinf(p).any():
        raise MeasureError(f"trial {int(np.flatnonzero(np.isinf(p))[0]) + 1} of the schedule is infinite")
    return p
