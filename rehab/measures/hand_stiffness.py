"""Stiffness of the hand from displacements: how it answers to being moved away from where it would have been.

    ΔF = −K Δx + c        K = −(Σ ΔF dᵀ)(Σ Δx dᵀ)⁻¹        all without their means over the displacements

Δx m, ΔF N (limb on robot): hand and force in the plateau of a displacement, less what they would have been without ·
d m: the displacement as it was asked for. It is the instrument of the regression: what the hand would have done is
only predicted, and that error is in Δx and ΔF alike, which would bias plain least squares towards softness; with d it
only scatters. Confidence from what is left of ΔF (heteroscedastic, White 1980).
The ellipse belongs to the symmetric part: size π λ₁λ₂, shape λ₁/λ₂ ≥ 1, orientation of the stiffest direction.
Burdet, Osu, Franklin, Yoshioka, Milner & Kawato 2000, J. Biomech. 33(12); Mussa-Ivaldi, Hogan & Bizzi 1985, J.
Neurosci. 5(10) (ellipse).
"""

from __future__ import annotations

from math import atan2, pi
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rehab.core.errors import MeasureError
from rehab.measures.arrays import Array, places

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


def hand_stiffness(displaced: ArrayLike, force: ArrayLike, asked: ArrayLike) -> Stiffness:
    """K from one Δx, one ΔF and one d of every displacement, each (k, d).

    Raises MeasureError for fewer than 8 displacements, displacements that do not span the plane, or what is not finite.
    """
    x, f, d = (
        places(values, name, least=LEAST_TRIALS)
        for values, name in ((displaced, "displaced"), (force, "force"), (asked, "asked"))
    )
    if not x.shape == f.shape == d.shape:
        raise MeasureError(f"displaced, force and asked have shapes {x.shape}, {f.shape} and {d.shape}")
    x, f, d = (values - values.mean(axis=0) for values in (x, f, d))
    moved = x.T @ d
    if np.linalg.cond(moved) > 1e4:
        raise MeasureError("the hand was displaced along one line only: stiffness across it is not known")
    K = -(f.T @ d) @ np.linalg.inv(moved)
    left = f + x @ K.T
    half = 1.96 * _deviation(left, d, moved)
    total = float((f**2).sum())
    symmetric = 0.5 * (K + K.T)
    values, vectors = np.linalg.eigh(symmetric)
    stiffest = vectors[:, -1] * (1.0 if vectors[0, -1] >= 0.0 else -1.0)
    flat = len(values) == 2
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
        trials=len(x),
    )


def ellipse(matrix: ArrayLike, points: int = 121) -> Array:
    """(points, 2) N/m: the restoring force per metre, K u, of unit displacements all around, as one draws it."""
    angle = np.linspace(0.0, 2.0 * pi, points)
    around: Array = np.column_stack([np.cos(angle), np.sin(angle)]) @ np.asarray(matrix, dtype=np.float64).T
    return around


def _deviation(left: Array, d: Array, moved: Array) -> Array:
    """Standard deviation of every element of K: a sandwich, since prediction errors differ along and across the way."""
    back = np.linalg.inv(moved)
    free = len(d) / max(1, len(d) - 2 * d.shape[1])
    found = np.empty((left.shape[1], d.shape[1]))
    for row, part in enumerate(left.T):
        middle = (d * part[:, None] ** 2).T @ d * free
        found[row] = np.sqrt(np.maximum(np.diag(back.T @ middle @ back), 0.0))
    return found
