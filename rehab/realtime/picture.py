"""What a view draws of one tick, window and terminal alike: points of the plane in m, whatever the arm's joints are."""

from __future__ import annotations

from math import cos, hypot, sin
from typing import NamedTuple

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Scene, Shape
from rehab.core.values import Floats
from rehab.realtime.snapshot import Look

Point = tuple[float, float]


class Spot(NamedTuple):
    """A target as it is drawn. `role` goal, home or other."""

    at: Point  # m
    radius: float  # m
    role: str
    shape: Shape


class Picture(NamedTuple):
    """One tick, drawn from above."""

    arm: tuple[Point, ...]  # m: base, joints, hand
    hand: Point  # m
    cursor: Point | None  # m: what the participant sees of the hand; None when it is hidden
    mapped: bool  # the cursor is not where the hand is
    spots: tuple[Spot, ...]
    paths: tuple[tuple[Point, ...], ...]  # m
    force: Point  # N: the robot's force on the hand
    speed: float  # m/s of the hand
    text: str
    phase: str
    offer: Point = (0.0, 0.0)  # unit direction that a scanning switch offers; none: zero
    level: float | None = None  # 0 … 1 of a bar


class Eye:
    """Turns snapshots of one device into pictures. In one dimension the task space is an arc, drawn as that arc."""

    def __init__(self, info: DeviceInfo) -> None:
        self.info = info
        self.kinematics = kinematics_of(info)
        self._scene: Scene | None = None
        self._spots: tuple[Spot, ...] = ()
        self._paths: tuple[tuple[Point, ...], ...] = ()

    def see(self, look: Look) -> Picture:
        values, scene = look
        q = tuple(values[f"q_{k}"] for k in range(self.info.n_joints))
        sent = tuple(values[f"sent_{k}"] for k in range(self.info.n_joints))
        d = self.kinematics.n_task
        arm = tuple((float(x), float(y)) for x, y in self.kinematics.points(q))
        hand = tuple(values[f"x_{k}"] for k in range(d))
        if scene is not self._scene:
            self._scene = scene
            self._spots = tuple(Spot(self.place(t.x), t.radius, t.role, t.shape) for t in scene.targets)
            self._paths = tuple(tuple(self.place(point) for point in path) for path in scene.paths)
        cursor = scene.cursor.place(hand) if scene.cursor.shown else None
        return Picture(
            arm=arm,
            hand=arm[-1],
            cursor=self.place(cursor) if cursor is not None else None,
            mapped=cursor is not None and any(abs(c - h) > 1e-9 for c, h in zip(cursor, hand, strict=True)),
            spots=self._spots,
            paths=self._paths,
            force=self.force(sent, q),
            speed=hypot(*(values[f"v_{k}"] for k in range(d))),
            text=scene.text,
            phase=scene.phase,
            offer=self._offer(values, q),
            level=scene.level,
        )

    def _offer(self, values: dict[str, float], q: Floats) -> Point:
        offer = tuple([values.get(f"offer_{k}", 0.0) for k in range(self.kinematics.n_task)])
        return (offer[0], offer[1]) if len(offer) == 2 else (-sin(q[0]) * offer[0], cos(q[0]) * offer[0])

    def place(self, x: Floats) -> Point:
        """Where in the plane (m) a point of the task space is."""
        if self.kinematics.n_task == 2:
            return (float(x[0]), float(x[1]))
        px, py = self.kinematics.points(self.kinematics.inverse(x, self.info.home))[-1]
        return (float(px), float(py))

    def force(self, tau: Floats, q: Floats) -> Point:
        """The force N at the hand, in the plane, that joint torques N·m make."""
        force = self.kinematics.hand_force(tau, q)
        if len(force) == 2:
            return (float(force[0]), float(force[1]))
        return (-sin(q[0]) * force[0], cos(q[0]) * force[0])  # along the arc

    def home(self) -> Point:
        """The hand (m) at the device's home pose."""
        x, y = self.kinematics.points(self.info.home)[-1]
        return (float(x), float(y))

    def box(self, around: float = 0.15) -> tuple[float, float, float, float]:
        """x least, x most, y least, y most in m: the arm at its home pose, and this far around its hand."""
        points = self.kinematics.points(self.info.home)
        x, y = self.home()
        xs = [point[0] for point in points] + [x - around, x + around]
        ys = [point[1] for point in points] + [y - around, y + around]
        return min(xs), max(xs), min(ys), max(ys)
