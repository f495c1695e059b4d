"""Stiffness of the hand from displacements: how it answers to being moved away from where it would have been.

    ΔF = −K Δx − D Δv − M Δa + c(t)        θ = [K D M] = −(Zᵀ X)⁻¹ Zᵀ ΔF,  X = [Δx Δv Δa],  Z = [d Δv Δa]

Δx m, Δv m/s, Δa m/s²; ΔF N (limb on robot): hand and force in the plateau of a displacement, less what they would have
been without · c(t) what all displacements have in common at a time, of whatever direction: taken off as their mean ·
d m: the displacement as it was asked for. It is the instrument of the regression: what the hand would have done is
only predicted, and that error is in Δx and ΔF alike, which would bias plain least squares; with d it only scatters.
D and M take what little motion is left in the plateau; they are no estimate of damping and inertia.
Confidence from what is left of ΔF, every displacement taken as one (clustered sandwich: Liang & Zeger 1986).
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


def hand_stiffness(displaced: ArrayLike, force: ArrayLike, asked: ArrayLike, *, fs: float) -> Stiffness:
    """K from Δx m, ΔF N and d m of k displacements over m times, each (k, m, d), sampled at fs Hz, low-passed alike.

    The directions asked for must balance: their mean is taken off. Raises MeasureError for fewer than 8 displacements,
    displacements along one line only, or what is not finite.
    """
    x, f, d = (
        _centred(values, name) for values, name in ((displaced, "displaced"), (force, "force"), (asked, "asked"))
    )
    if not x.shape == f.shape == d.shape:
        raise MeasureError(f"displaced, force and asked have shapes {x.shape}, {f.shape} and {d.shape}")
    trials, _, n = x.shape
    X = _motion(x, positive(fs, "fs", "Hz"))
    Z = np.concatenate([d, X[:, :, n:]], axis=2)
    moved = np.einsum("kmi,kmj->ij", Z, X)
    if np.linalg.cond(np.einsum("kmi,kmj->ij", d, d)) > 1e4:
        raise MeasureError("the hand was displaced along one line only: stiffness across it is not known")
    # scaled, since m and m/s² lie far apart; and a plateau in which nothing moves has no D and no M to be found
    by_x, by_z = (np.maximum(np.sqrt((V**2).mean(axis=(0, 1))), 1e-12) for V in (X, Z))
    back = np.linalg.pinv(moved / np.outer(by_z, by_x), rcond=1e-9) / np.outer(by_x, by_z)
    theta = -back @ np.einsum("kmi,kmj->ij", Z, f)  # (3d, d)
    K = theta[:n].T
    left = f + X @ theta
    half = 1.96 * _deviation(left, Z, back)[:n].T
    total = float((f**2).sum())
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


def _centred(values: ArrayLike, name: str) -> Array:
    """(k, m, d) without what all k have in common at each time."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 3 or len(array) < LEAST_TRIALS:
        raise MeasureError(f"{name} must be {LEAST_TRIALS} displacements or more over time, not shape {array.shape}")
    if not np.isfinite(array).all():
        raise MeasureError(f"{name} has values that are not finite")
    centred: Array = array - array.mean(axis=0)
    return centred


def _motion(x: Array, fs: float) -> Array:
    """Place, velocity and acceleration side by side (k, m, 3d)."""
    v = np.gradient(x, axis=1) * fs
    return np.concatenate([x, v, np.gradient(v, axis=1) * fs], axis=2)


def _deviation(left: Array, Z: Array, back: Array) -> Array:
    """Standard deviation of every element of θ (3d, d): samples of one displacement are no independent witnesses."""
    trials, free = len(left), len(left) - Z.shape[2] // 2
    scores = np.einsum("kmi,kmj->kij", Z, left)
    found = np.empty((Z.shape[2], left.shape[2]))
    for j in range(left.shape[2]):
        middle = scores[:, :, j].T @ scores[:, :, j] * trials / max(1, free)
        found[:, j] = np.sqrt(np.maximum(np.diag(back @ middle @ back.T), 0.0))
    return found
