"""A recording made up for reports: twelve reaches of a planar arm with noise, some late, some not reached."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from rehab.core.device import DeviceInfo, JointInfo, LinkInfo, SafeStop
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Outcome, Trial
from rehab.core.values import Acted
from rehab.measures import minimum_jerk, trial_measures
from rehab.realtime.layout import SESSION_STATES, channels
from rehab.realtime.ring import RingEvent

HOME = (0.0, 0.4)
RADIUS, DISTANCE = 0.012, 0.10
RUNNING = SESSION_STATES.index("running")


def planar_arm(simulated: bool = True) -> DeviceInfo:
    joints = tuple(
        JointInfo(
            name=name, q_min=low, q_max=high, speed=4.0, torque=12.0, growth=200.0, damping=0.1, yield_damping=0.5
        )
        for name, low, high in (("shoulder", -0.5, 2.6), ("elbow", 0.2, 2.6))
    )
    links = (
        LinkInfo(length=0.3, mass=1.2, centre=0.15, inertia=0.01),
        LinkInfo(length=0.3, mass=1.0, centre=0.15, inertia=0.01),
    )
    return DeviceInfo(
        model="planar_arm", identity="PA-0007", firmware="1.0", kinematics="planar_2r", links=links, joints=joints,
        base=(0.0, 0.0), home=(0.8, 1.5), safe_stop=SafeStop.YIELD, holds_without_power=True, watchdog_s=0.02,
        period_s=0.001, simulated=simulated,
    )  # fmt: skip


class MadeUp:
    """The attributes of a Recording."""

    def __init__(self, info: DeviceInfo, folder: Path) -> None:
        self.info, self.folder = info, folder
        self.ticks: dict[str, np.ndarray] = {}
        self.trials: list[Trial] = []
        self.events: list[RingEvent] = []
        self.timing: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}

    def array(self, name: str) -> np.ndarray:
        found = [
            values
            for key, values in self.ticks.items()
            if key.startswith(f"{name}_") and key[len(name) + 1 :].isdigit()
        ]
        return np.column_stack(found)


def make(
    folder: Path,
    *,
    trials: int = 12,
    seed: int = 4,
    missed: Mapping[int, Outcome] | None = None,
    info: DeviceInfo | None = None,
) -> MadeUp:
    """`trials` centre-out reaches; `missed` gives the outcome of those that fail (1-based)."""
    rng = np.random.default_rng(seed)
    info = info or planar_arm()
    recording = MadeUp(info, folder)
    missed = {4: Outcome.TIMEOUT, 9: Outcome.TIMEOUT} if missed is None else missed
    positions, numbers = [np.tile(HOME, (1500, 1))], [np.zeros(1500)]
    spans: list[tuple[int, int, np.ndarray, Outcome]] = []
    for k in range(trials):
        angle = 2 * np.pi * rng.integers(8) / 8
        target = np.array(HOME) + DISTANCE * np.array([np.cos(angle), np.sin(angle)])
        outcome = missed.get(k + 1, Outcome.REACHED)
        path = _reach(rng, target, outcome)
        back = minimum_jerk(np.arange(900) / 1000, start=path[-1], end=HOME, duration=0.7)[0]
        first = sum(map(len, positions))
        positions += [path, back]
        numbers += [np.full(len(path), k + 1.0), np.zeros(len(back))]
        spans.append((first, first + len(path) - 1, target, outcome))
    x, trial = np.concatenate(positions), np.concatenate(numbers)
    _fill(recording, x, trial, rng)
    _tell(recording, spans)
    return recording


def _reach(rng: np.random.Generator, target: np.ndarray, outcome: Outcome) -> np.ndarray:
    """A main stroke, a bow to one side, a corrective stroke, tremor; one that misses stays short."""
    wait, duration = rng.uniform(0.25, 0.5), rng.uniform(0.7, 1.2)
    share = rng.uniform(0.8, 0.95) if outcome == Outcome.REACHED else rng.uniform(0.45, 0.6)
    lasts = wait + 1.55 * duration + 0.35 if outcome == Outcome.REACHED else 3.0
    t = np.arange(round(lasts * 1000)) / 1000
    main = minimum_jerk(t - wait, start=0.0, end=share, duration=duration)[0]
    rest = (1.0 - share) if outcome == Outcome.REACHED else 0.1
    along = main + minimum_jerk(t - wait - 0.75 * duration, start=0.0, end=rest, duration=0.8 * duration)[0]
    way = target - np.array(HOME)
    aside = np.array([-way[1], way[0]]) * rng.normal(0.0, 0.12)
    tremor = (
        2e-4
        * np.sin(2 * np.pi * 6.0 * t + rng.uniform(0, 6))[:, None]
        * (along * (1 - np.minimum(along, 1)))[:, None]
        * 4
    )
    noise = 3e-5 * rng.standard_normal((len(t), 2))
    return (
        np.array(HOME) + np.outer(along, way) + np.outer(np.sin(np.pi * np.clip(along, 0, 1)), aside) + tremor + noise
    )


def _fill(recording: MadeUp, x: np.ndarray, trial: np.ndarray, rng: np.random.Generator) -> None:
    info, n = recording.info, len(x)
    arm, q, near = kinematics_of(info), np.empty((n, 2)), info.home
    for k, place in enumerate(x.tolist()):
        near = arm.inverse(tuple(place), near)
        q[k] = near
    columns = {channel.name: np.zeros(n, dtype=np.int64 if channel.integer else float) for channel in channels(2, 2)}
    v = np.gradient(x, axis=0) * 1000
    wish = 0.8 * rng.standard_normal((n, 1)) * 0.1 + 25.0 * v * np.array([0.3, 0.2])
    wish[n // 2 : n // 2 + 400] *= 4.0
    sent = np.clip(wish, -3.5, 3.5)
    late = rng.gamma(2.0, 6e-6, n) + np.where(rng.random(n) < 0.002, rng.gamma(2.0, 1e-4, n), 0.0)
    acted = np.where(np.abs(wish - sent).any(axis=1), int(Acted.SATURATION), 0)
    acted[:1000] |= int(Acted.SOFT_START)
    acted[n // 3 : n // 3 + 60] |= int(Acted.GROWTH)
    columns |= {
        "tick": np.arange(n),
        "t": np.arange(n) / 1000,
        "dt": np.full(n, 0.001),
        "enable": np.ones(n, dtype=np.int64),
    }
    columns |= {"state": np.full(n, RUNNING), "trial": trial.astype(np.int64), "block": np.ones(n, dtype=np.int64)}
    columns |= {"acted": acted, "scale": np.ones(n), "host_late": late, "host_busy": np.full(n, 1.2e-4)}
    for k in range(2):
        columns |= {
            f"x_{k}": x[:, k],
            f"v_{k}": v[:, k],
            f"q_{k}": q[:, k],
            f"sent_{k}": sent[:, k],
            f"wish_{k}": wish[:, k],
        }
    recording.ticks = columns


def _tell(recording: MadeUp, spans: list[tuple[int, int, np.ndarray, Outcome]]) -> None:
    x, half = recording.array("x") if spans else np.empty((0, 2)), (len(spans) + 1) // 2
    for name, count in (("warm-up", half), ("training", len(spans) - half)):
        if count:
            data = {"number": 1, "name": name, "exercise": "reach", "controller": "impedance", "trials": count}
            recording.events.append(RingEvent("block_start", 1500, 1.5, data))
    for k, (first, last, target, outcome) in enumerate(spans):
        asked = {
            "exercise": "reach", "controller": "impedance", "start": list(HOME),
            "target": target.tolist(), "radius": RADIUS,
        }  # fmt: skip
        t = np.arange(first, last + 1) / 1000
        recording.trials.append(
            Trial(
                number=k + 1, block="warm-up" if k < half else "training", start=first / 1000, end=last / 1000,
                first_tick=first, last_tick=last, outcome=outcome, parameters=asked,
                measures=trial_measures(t, x[first : last + 1], start=HOME, target=target),
            )
        )  # fmt: skip
    limits = recording.info.limits({"speed": 0.8}).tighten("protocol", {"force": 25.0})
    recording.events.append(RingEvent("limits", 0, 0.0, {"values": dict(limits.values), "who": dict(limits.who)}))
    n = len(recording.ticks["t"])
    recording.timing = {
        "ticks": n, "rate_hz": 999.98, "period_p50_us": 1000.0, "period_p99_us": 1042.0, "period_p999_us": 1163.0,
        "period_max_us": 1541.0, "late_share": 0.00003, "skipped": 0,
        "scheduling": "SCHED_FIFO 50, mlockall", "clock": "real",
    }  # fmt: skip
    recording.metadata = {
        "session": "2026-11-23T101500Z-7f3a", "started": "2026-11-23T10:15:00.123456Z", "patient": "stroke", "seed": 1,
        "protocol": {"title": "Reach, active", "version": 2}, "state": "closed",
        "versions": {"rehab-loop": "0.1.0", "python": "3.11.7", "numpy": "2.3.0"},
    }  # fmt: skip
