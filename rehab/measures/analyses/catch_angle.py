"""Spasticity: the angle at which a stretched muscle catches, from the torque at the limb's own joint.

    τ(t) = (J_ℓᵀ F)_joint        F limb on robot by inverse dynamics: the robot's friction and inertia are off it
    τ₀ = Σ pₖ φₖ(q, q̇, q̈)        what a relaxed limb answers: inertia, spring, damper, its weight, a constant
    catch = where the first rise of τ − τ₀ begins: the line through 20 % and 60 % of its top, back to zero

The pₖ are fitted to the slowest stretches whole and to the first 35 % of the others, where nothing has caught yet, so
that no mass of the limb need be known. The limb's joint: of a one-joint device the joint itself; of a planar arm the
elbow, by the lengths of upper arm and forearm and where the shoulder is (parameters). J_ℓ Jacobian of the limb.
A muscle's torque rises in 20 ms; a threshold would tell the angle late by that times the speed. Modified Tardieu scale,
R1 (Boyd & Graham 1999); Lance 1980.
"""

from __future__ import annotations

from math import degrees
from typing import Any, ClassVar, NamedTuple

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.errors import MeasureError
from rehab.core.kinematics import OutOfReach, Planar2R, kinematics_of
from rehab.core.parameters import Parameters, quantity
from rehab.core.types import Trial
from rehab.measures.analyses.recorded import MARGIN, Part, Session, mean_of
from rehab.measures.analyses.result import Curve, Panel, Result, Row
from rehab.measures.arrays import Array
from rehab.measures.limb_force import CUTOFF
from rehab.measures.movement import low_pass

WHOLE = 0.97  # of the way: then the stretch is over
EARLY = 0.35  # of the stretch, in which nothing catches: it needs speed first
LOW, HIGH = 0.2, 0.6  # of the peak, through which the rise is drawn back
HALF = 0.5  # of the peak: a rise that is a catch; a limb that gives way and is caught again has more than one
OVER = 0.8  # of its top, below which a rise is over
SURE = 5.0  # times the scatter before the catch
RELAXED = 0.25  # N·m: a larger scatter before any catch is not a relaxed limb's


class Stretch(NamedTuple):
    """One stretch, at the limb's joint: bend rad (0 is straight), its speed rad/s, τ N·m, and the φₖ of τ₀."""

    speed: float  # m/s of the hand, as it was asked for
    bend: Array
    rate: Array
    torque: Array
    basis: Array
    early: Array


class Caught(NamedTuple):
    """`bend` rad and `rate` rad/s where it caught, NaN when it did not; `peak` and `scatter` N·m; τ − τ₀."""

    bend: float
    rate: float
    peak: float
    scatter: float
    beyond: Array


class CatchAngle:
    """Angle of catch by speed of stretch."""

    says: ClassVar[str] = "spasticity: the angle of catch, by speed of stretch"
    general: ClassVar[bool] = False
    parameters: ClassVar[Parameters] = Parameters(
        upper_arm=quantity("31 cm", unit="m", least="15 cm", most="50 cm", says="shoulder to elbow (a planar arm)"),
        forearm=quantity("34 cm", unit="m", least="15 cm", most="50 cm", says="elbow to the middle of the hand"),
        shoulder_x=quantity("-15 cm", unit="m", least="-1 m", most="1 m", says="where the shoulder is, from home"),
        shoulder_y=quantity("45 cm", unit="m", least="-1 m", most="1 m", says="where the shoulder is, from home"),
        catch=quantity("0.5 N*m", unit="N*m", least="0.1 N*m", most="10 N*m", says="least torque that is a catch"),
    )

    def __init__(self, **parameters: Any) -> None:
        self._p = self.parameters.complete(parameters)

    def fits(self, session: Session) -> bool:
        return bool(_stretches(session))

    def analyse(self, session: Session) -> Result:
        trials = _stretches(session)
        if not trials:
            raise MeasureError("no stretch was recorded: the angle of catch needs trials of the exercise spasticity")
        found = [self._stretch(session, trial) for trial in trials]
        relaxed = _relaxed(found)
        caught = [self._caught(stretch, relaxed) for stretch in found]
        levels = sorted({round(stretch.speed, 6) for stretch in found})
        rows: list[Row] = []
        for level in levels:
            some = [c for s, c in zip(found, caught, strict=True) if abs(s.speed - level) < 1e-5]
            rows += _rows(level, some)
        missing = []
        if session.info.n_joints > 1:
            p = self._p
            missing.append(
                f"the arm was not measured: elbow angles are of an upper arm of {100 * p['upper_arm']:g} cm, a "
                f"forearm of {100 * p['forearm']:g} cm, and a shoulder at ({100 * p['shoulder_x']:g}, "
                f"{100 * p['shoulder_y']:g}) cm from home (--as catch_angle --with \"forearm=...\")"
            )
        tense = sum(c.scatter > RELAXED for c in caught)
        if tense:
            missing.append(f"in {tense} of {len(caught)} stretches the limb was not relaxed before any catch: their "
                           "angles are not to be trusted")  # fmt: skip
        return Result(_verdict(rows), tuple(rows), _panels(found, caught), tuple(missing))

    def _stretch(self, session: Session, trial: Trial) -> Stretch:
        p = trial.parameters
        start, way = np.asarray(p["start"], dtype=float), np.subtract(p["target"], p["start"])
        part = session.part(trial.start - MARGIN, trial.end)
        come = (part.x - start) @ way / float(way @ way)
        there = np.flatnonzero((come >= WHOLE) & (part.t >= trial.start))
        if len(there):  # what follows is rest
            part = part.cut(0, min(len(part.t), int(there[0]) + round(MARGIN * part.fs)))
        force = session.limb(part)
        q, jacobian = self._limb(session.info, part)
        qd = np.gradient(low_pass(q, part.fs, CUTOFF), axis=0) * part.fs
        qdd = np.gradient(qd, axis=0) * part.fs
        torque = (jacobian.transpose(0, 2, 1) @ force[:, :, None])[:, -1, 0]
        rows = slice(part.row(trial.start), part.row(part.t[-1] - MARGIN) + 1)
        sign = 1.0 if q[0, -1] >= 0.0 else -1.0  # so that bend is positive
        bend, rate = sign * q[rows, -1], sign * qd[rows, -1]
        way = np.abs(bend - bend[0]) / max(1e-9, float(np.ptp(bend)))
        stretching = float(np.sign(bend[-1] - bend[0]))
        basis = _basis(q, qd, qdd)[rows]
        # positive against the stretch
        return Stretch(float(p["speed"]), bend, rate, -sign * stretching * torque[rows], basis, way < EARLY)

    def _limb(self, info: DeviceInfo, part: Part) -> tuple[Array, Array]:
        """Angles rad (k, n) and Jacobians (k, d, n) of the limb."""
        device = kinematics_of(info)
        if device.n_joints == 1:
            return part.q, np.array([device.forward(tuple(q))[1] for q in part.q.tolist()])
        (x, y), p = device.forward(info.home)[0], self._p
        limb = Planar2R(p["upper_arm"], p["forearm"], (x + p["shoulder_x"], y + p["shoulder_y"]))
        try:
            q = np.array([limb.inverse(tuple(place), (0.0, 1.0)) for place in part.x.tolist()])
        except OutOfReach as error:
            raise MeasureError(f"{error} of that arm: its lengths or its shoulder are not those given") from error
        return q, np.array([limb.forward(tuple(angles))[1] for angles in q.tolist()])

    def _caught(self, stretch: Stretch, relaxed: Array) -> Caught:
        beyond = stretch.torque - stretch.basis @ relaxed
        beyond = beyond - beyond[stretch.early].mean()
        scatter = float(beyond[stretch.early].std())
        late = np.flatnonzero(np.logical_not(stretch.early))
        top = int(late[np.argmax(beyond[late])])
        peak = float(beyond[top])
        nowhere = Caught(np.nan, np.nan, max(0.0, peak), scatter, beyond)
        if peak < max(self._p["catch"], SURE * scatter):
            return nowhere
        first = _first_top(beyond, int(late[0]), HALF * peak)
        low, high = (_last_below(beyond, share * float(beyond[first]), first) for share in (LOW, HIGH))
        if low is None or high is None:
            return nowhere
        begin = low - (high - low) * LOW / (HIGH - LOW)
        rows = np.arange(len(beyond))
        bend, rate = (float(np.interp(begin, rows, values)) for values in (stretch.bend, stretch.rate))
        return Caught(bend, abs(rate), peak, scatter, beyond)


def _stretches(session: Session) -> list[Trial]:
    return [t for t in session.trials if t.parameters.get("exercise") == "spasticity" and "speed" in t.parameters]


def _basis(q: Array, qd: Array, qdd: Array) -> Array:
    """φₖ of the last joint: its inertia (of two links: both parameters, Siciliano 7.3.2), spring, damper, constant."""
    one = np.ones(len(q))
    if q.shape[1] == 1:
        return np.column_stack([qdd, np.cos(q), np.sin(q), qd, one])
    inertia = np.cos(q[:, 1]) * qdd[:, 0] + np.sin(q[:, 1]) * qd[:, 0] ** 2
    return np.column_stack([qdd.sum(axis=1), inertia, q[:, 1], qd[:, 1], one])


def _relaxed(found: list[Stretch]) -> Array:
    """The pₖ. Every stretch counts alike, however long it took."""
    slowest = min(stretch.speed for stretch in found)
    basis, torque = [], []
    for stretch in found:
        used = stretch.early if stretch.speed > 1.01 * slowest else np.ones(len(stretch.early), dtype=bool)
        weight = 1.0 / np.sqrt(used.sum())
        basis.append(weight * stretch.basis[used])
        torque.append(weight * stretch.torque[used])
    solved: Array = np.linalg.lstsq(np.vstack(basis), np.concatenate(torque), rcond=None)[0]
    return solved


def _first_top(values: Array, begin: int, least: float) -> int:
    """The top of the first rise to at least that much, from a row on: a row."""
    risen = begin + int(np.flatnonzero(values[begin:] >= least)[0])
    tops = np.maximum.accumulate(values[risen:])
    fallen = np.flatnonzero(values[risen:] < OVER * tops)
    end = risen + int(fallen[0]) if len(fallen) else len(values)
    return risen + int(np.argmax(values[risen:end]))


def _last_below(values: Array, level: float, top: int) -> float | None:
    """Where, before `top`, the values last rise through that level: a row, between rows."""
    below = np.flatnonzero(values[:top] < level)
    if not len(below):
        return None
    k = int(below[-1])
    return k + float((level - values[k]) / (values[k + 1] - values[k]))


def _rows(level: float, some: list[Caught]) -> list[Row]:
    name = f"stretch at {100 * level:.3g} cm/s"
    bends = [caught.bend for caught in some if caught.bend == caught.bend]
    peak, spread = mean_of([caught.peak for caught in some])
    rows = [Row(f"{name}: peak beyond a relaxed limb", peak, "N*m", spread)]
    if not bends:
        return [Row(f"{name}: angle of catch", "none"), *rows]
    mean, scatter = mean_of(bends)
    rate = float(np.mean([caught.rate for caught in some if caught.rate == caught.rate]))
    caught = Row(f"{name}: angle of catch", mean, "rad", scatter)
    return [caught, Row(f"{name}: speed of the joint there", rate, "rad/s"), *rows]


def _verdict(rows: list[Row]) -> str:
    angles = [row for row in rows if row.name.endswith("angle of catch") and isinstance(row.value, float)]
    if not angles:
        return "no stretch caught"
    slowest = angles[0]
    told = ", ".join(f"{degrees(float(row.value)):.1f}°" for row in angles)
    return f"catches from a {slowest.name.partition(':')[0]} on, at a bend of {told}"


def _panels(found: list[Stretch], caught: list[Caught]) -> tuple[Panel, ...]:
    levels = sorted({round(stretch.speed, 6) for stretch in found})
    curves: list[Curve] = []
    marks: list[float] = []
    for stretch, one in zip(found, caught, strict=True):
        hue = levels.index(round(stretch.speed, 6))
        first = not any(curve.hue == hue for curve in curves)
        label = f"{100 * stretch.speed:.3g} cm/s" if first else ""
        step = max(1, len(stretch.bend) // 300)
        bends = np.degrees(stretch.bend[::step]).tolist()
        curves.append(Curve(label, bends, one.beyond[::step].tolist(), "line", hue))
        if one.bend == one.bend:
            marks.append(degrees(one.bend))
    if marks:
        curves.append(Curve("catch", marks, [0.0] * len(marks), "points", -1))
    axes = ("bend of the joint / °", "against the stretch / (N·m)")
    return (Panel("Torque beyond a relaxed limb's", *axes, tuple(curves)),)
