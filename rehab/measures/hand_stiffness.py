"""Stiffness of the hand from displacements: how it answers to being moved away from where it would have been.

    Δx(t) = A(t) d + c(t) + G(t) z + …      ΔF(t) = B(t) d + …       B = −K A − D Ȧ − M Ä

Δx m, ΔF N (limb on robot): hand and force in the plateau of a displacement, less what they would have been without ·
d m: the displacement as it was asked for · z what was known of the movement before it: of whoever went faster or
farther aside already, this is expected to go on · A, B by least squares over all displacements at each time; then K, D,
M by least squares over time. What the hand would have done is only predicted, and what its muscles do of themselves
moves it: both are in Δx and its derivatives and in ΔF alike, so that ΔF on Δx, Δv, Δa themselves is biased. d was drawn
by lot and has to do with none of it: it is the instrument, and all else only scatters (in form as van der Helm,
Schouten, de Vlugt & Brouwn 2002, J. Neurosci. Methods 119(1): the arm's impedance as a quotient of two responses to
what the robot was asked). D and M take what little motion is left in the plateau; they are no estimate of damping and
inertia. Confidence by leaving each displacement out in turn (jackknife: Efron & Tibshirani 1993, ch. 11).
The ellipse belongs to the symmetric part of K: size π λ₁λ₂, shape λ₁/λ₂ ≥ 1, orientation of the stiffest direction.
Burdet, Osu, Franklin, Yoshioka, Milner & Kawato 2000, J. Biomech. 33(12) (off the predicted path, in the plateau); Gomi
& Osu 1998, J. Neurosci. 18(21) (damping and inertia beside K); Mussa-Ivaldi, Hogan & Bizzi 1985, J. Neurosci. 5(10).
"""

from __future__ import annotations

from math import atan2, pi
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rehab.core.errors import MeasureError
from rehab.measures.arrays import Array, positive

LEAST_TRIALS = 8
ROOM = 3  # displacements for each number that is fitted to them; with fewer, z is left out


class Stiffness(NamedTuple):
    """K N/m (d, d) and the half-widths of its 95 % confidence; the ellipse of its symmetric part (d = 2).

    size N²/m² · shape ≥ 1 · orientation rad in (−π/2, π/2] of the stiffest direction · turning the share of K that is
    no spring: |K − Kᵀ| / |K + Kᵀ|, 0 for a spring · r2 share of the variance of ΔF
    """

    matrix: Array
    confidence: Array
    principal: Array  # N/m, the stiffest first
    size: float
    shape: float
    orientation: float
    turning: float
    r2: float
    trials: int


def hand_stiffness(
    displaced: ArrayLike, force: ArrayLike, asked: ArrayLike, *, fs: float, before: ArrayLike | None = None
) -> Stiffness:
    """K from Δx m, ΔF N and d m of k displacements over m times, each (k, m, d), sampled at fs Hz, low-passed alike.

    before: z, (k, c) in any units, from what was recorded before each displacement; used where k is enough for it.
    Raises MeasureError for fewer than 8 displacements, displacements along one line only, or what is not finite.
    """
    x, f, d = (
        _checked(values, name) for values, name in ((displaced, "displaced"), (force, "force"), (asked, "asked"))
    )
    if not x.shape == f.shape == d.shape:
        raise MeasureError(f"displaced, force and asked have shapes {x.shape}, {f.shape} and {d.shape}")
    fs, (trials, _, n) = positive(fs, "fs", "Hz"), x.shape
    d = d.mean(axis=1)
    if np.linalg.cond(d - d.mean(axis=0)) > 100.0:
        raise MeasureError("the hand was displaced along one line only: stiffness across it is not known")
    z = np.zeros((trials, 0)) if before is None else np.asarray(before, dtype=np.float64)
    if not (z.shape[:1] == (trials,) and z.ndim == 2 and np.isfinite(z).all()):
        raise MeasureError(f"before must be {trials} rows of finite values, not shape {z.shape}")
    if trials < ROOM * (n + 1 + z.shape[1]):
        z = z[:, :0]
    known = np.column_stack([np.ones(trials), (z - z.mean(axis=0)) / np.maximum(z.std(axis=0), 1e-12)])
    asks = np.column_stack([d, known])
    back = np.linalg.pinv(asks)
    A, B = (np.tensordot(back[:n], values, 1) for values in (x, f))  # (d asked, m, d): per metre asked
    theta = _fitted(A, B, fs)
    K = -theta[:n].T
    own_x, own_f = (values - np.tensordot(known @ np.linalg.pinv(known), values, 1) for values in (x, f))
    left, total = own_f - _motion(own_x, fs) @ theta, float((own_f**2).sum())
    half = 1.96 * np.sqrt((trials - 1) * np.var(_without_each(x, f, asks, back, n, fs), axis=0))
    values, vectors = np.linalg.eigh(0.5 * (K + K.T))
    stiffest = vectors[:, -1] * (1.0 if vectors[0, -1] >= 0.0 else -1.0)
    flat = n == 2
    principal = values[::-1]
    return Stiffness(
        matrix=K,
        confidence=half,
        principal=principal,
        size=pi * float(np.prod(principal)) if flat else float(principal[0]),
        shape=float(principal[0] / principal[-1]),
        orientation=atan2(stiffest[1], stiffest[0]) if flat else 0.0,
        turning=float(np.linalg.norm(K - K.T) / np.linalg.norm(K + K.T)),
        r2=1.0 - float((left**2).sum()) / total if total > 0.0 else 0.0,
        trials=trials,
    )


def ellipse(matrix: ArrayLike, points: int = 121) -> Array:
    """(points, 2) N/m: the restoring force per metre, K u, of unit displacements all around, as one draws it."""
    angle = np.linspace(0.0, 2.0 * pi, points)
    around: Array = np.column_stack([np.cos(angle), np.sin(angle)]) @ np.asarray(matrix, dtype=np.float64).T
    return around


def _checked(values: ArrayLike, name: str) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 3 or len(array) < LEAST_TRIALS:
        raise MeasureError(f"{name} must be {LEAST_TRIALS} displacements or more over time, not shape {array.shape}")
    if not np.isfinite(array).all():
        raise MeasureError(f"{name} has values that are not finite")
    return array


def _fitted(A: Array, B: Array, fs: float) -> Array:
    """−[K D M] (3d, d) from the answers (d, m, d)."""
    n = A.shape[2]
    X = _motion(A, fs).reshape(-1, 3 * n)
    # scaled, since 1, 1/s and 1/s² lie far apart; and a plateau in which nothing moves has no D and no M to be found
    by = np.maximum(np.sqrt((X**2).mean(axis=0)), 1e-9)
    solved: Array = np.linalg.lstsq(X / by, B.reshape(-1, n), rcond=1e-6)[0] / by[:, None]
    return solved


def _without_each(x: Array, f: Array, asks: Array, back: Array, n: int, fs: float) -> list[Array]:
    """K (d, d), each time without one displacement. The answers are linear: what one of them tells is taken off."""
    A, B = (np.tensordot(back, values, 1) for values in (x, f))
    left_x, left_f = (values - np.tensordot(asks, answer, 1) for values, answer in ((x, A), (f, B)))
    room = np.maximum(1.0 - np.einsum("ki,ik->k", asks, back), 1e-6)
    found = []
    for k in range(len(x)):
        told = (back[:n, k] / room[k])[:, None, None]
        found.append(-_fitted(A[:n] - told * left_x[k], B[:n] - told * left_f[k], fs)[:n].T)
    return found


def _motion(x: Array, fs: float) -> Array:
    """Place, velocity and acceleration side by side (k, m, 3d)."""
    v = np.gradient(x, axis=1) * fs
    return np.concatenate([x, v, np.gradient(v, axis=1) * fs], axis=2)
